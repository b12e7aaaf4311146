//! The encoder against the reference: ids and offsets of `tokenizers`, embeddings of the fp32 model.
//! The goldens are made by `training/base/goldens.py`.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::{fs, path::PathBuf, sync::LazyLock};

use pretil_encoder::{Encoder, Encoding, Kernel, Scratch};
use serde::Deserialize;

fn file(name: &str) -> Vec<u8> {
    let directory =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../models/weights/minilm-l6-int8");
    fs::read(directory.join(name)).unwrap()
}

fn lines(name: &str) -> Vec<String> {
    String::from_utf8(file(name))
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

static ENCODER: LazyLock<Encoder> =
    LazyLock::new(|| Encoder::load_owned(file("weights.bin")).unwrap());

#[derive(Deserialize)]
struct Tokens {
    text: String,
    ids: Vec<u32>,
    offsets: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct Embedded {
    text: String,
    ids: Vec<u32>,
}

fn inner_offsets(encoding: &Encoding) -> Vec<(usize, usize)> {
    let inner = 1..encoding.len() - 1;
    encoding.offsets[inner]
        .iter()
        .map(|range| (range.start, range.end))
        .collect()
}

#[test]
fn ids_and_offsets_of_tricky_texts_are_the_references() {
    let rows: Vec<Tokens> = serde_json::from_slice(&file("goldens/tokens.json")).unwrap();
    assert!(rows.len() > 100);
    let mut wrong = Vec::new();
    for row in &rows {
        let encoding = ENCODER.tokenizer().encode(&row.text);
        if encoding.ids != row.ids || inner_offsets(&encoding) != row.offsets {
            wrong.push(format!(
                "{:?}: {:?} {:?}, reference {:?} {:?}",
                row.text,
                encoding.ids,
                inner_offsets(&encoding),
                row.ids,
                row.offsets
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

fn digest(hash: u64, text: &str) -> u64 {
    let encoding = ENCODER.tokenizer().encode(text);
    let offsets = inner_offsets(&encoding)
        .into_iter()
        .flat_map(|(start, end)| [start as u32, end as u32]);
    encoding
        .ids
        .iter()
        .copied()
        .chain(offsets)
        .flat_map(u32::to_le_bytes)
        .fold(hash, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

#[test]
fn every_code_point_is_split_as_in_the_reference() {
    let blocks = lines("goldens/code_points.txt");
    assert_eq!(blocks.len(), 0x11_0000 / 4096);
    for (block, expected) in blocks.iter().enumerate() {
        let first = block as u32 * 4096;
        let hash = (first..first + 4096)
            .filter_map(char::from_u32)
            .fold(FNV_OFFSET, |hash, c| digest(hash, &format!("a{c}b {c}é")));
        assert_eq!(
            &format!("{hash:016x}"),
            expected,
            "code points from {first:#x}"
        );
    }
}

/// SplitMix64, as in `goldens.py`.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % u64::from(limit)) as u32
    }

    fn between(&mut self, first: u32, last: u32) -> char {
        char::from_u32(first + self.below(last - first + 1)).unwrap()
    }

    fn text(&mut self, pieces: &[String]) -> String {
        let mut text = String::new();
        for _ in 0..self.below(48) {
            let c = match self.below(16) {
                0..5 => self.between(0x20, 0x7E),
                5..8 => self.between(0x61, 0x7A),
                8 => ' ',
                9 => self.between(0xA0, 0x24F),
                10 => self.between(0x300, 0x36F),
                11 => self.between(0x250, 0xD7FF),
                12 => self.between(0xE000, 0xFFFF),
                13 => self.between(0x10000, 0x1FFFF),
                14 => self.between(0x4E00, 0x9FFF),
                _ => {
                    text.push_str(&pieces[self.below(pieces.len() as u32) as usize]);
                    continue;
                }
            };
            text.push(c);
        }
        text
    }
}

#[test]
fn random_texts_are_split_as_in_the_reference() {
    let pieces: Vec<String> = serde_json::from_slice(&file("goldens/pieces.json")).unwrap();
    let batches = lines("goldens/random.txt");
    assert_eq!(batches.len(), 400);
    for (seed, expected) in batches.iter().enumerate() {
        let mut random = Random(seed as u64);
        let hash = (0..64).fold(FNV_OFFSET, |hash, _| digest(hash, &random.text(&pieces)));
        assert_eq!(&format!("{hash:016x}"), expected, "seed {seed}");
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| {
        a.iter()
            .zip(b)
            .map(|(&a, &b)| f64::from(a) * f64::from(b))
            .sum::<f64>()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn embeddings_are_close_to_the_fp32_models() {
    let rows: Vec<Embedded> = serde_json::from_slice(&file("goldens/embeddings.json")).unwrap();
    let reference: Vec<f32> = file("goldens/embeddings.f32")
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&b| f32::from_le_bytes(b))
        .collect();
    assert_eq!(reference.len(), rows.len() * 384);
    let mut scratch = Scratch::new();
    let mut cosines: Vec<(f64, usize)> = rows
        .iter()
        .zip(reference.chunks_exact(384))
        .map(|(row, reference)| {
            (
                cosine(&ENCODER.embed(&row.ids, &mut scratch).unwrap(), reference),
                row.ids.len(),
            )
        })
        .collect();
    let mean = cosines.iter().map(|&(cosine, _)| cosine).sum::<f64>() / cosines.len() as f64;
    cosines.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("mean {mean:.6}, worst {:?}", &cosines[..5]);
    assert!(mean >= 0.998, "mean {mean}");
    assert!(cosines[0].0 >= 0.99, "worst {:?}", cosines[0]);
    let short_enough = rows.iter().filter(|row| row.ids.len() < 512);
    for row in short_enough {
        assert_eq!(ENCODER.tokenizer().encode(&row.text).ids, row.ids);
    }
}

#[test]
fn kernels_threads_and_neighbours_do_not_change_a_bit() {
    let rows: Vec<Embedded> = serde_json::from_slice(&file("goldens/embeddings.json")).unwrap();
    let bits = |encoder: &Encoder, ids: &[u32], scratch: &mut Scratch| {
        encoder
            .hidden(ids, scratch)
            .unwrap()
            .iter()
            .map(|value| value.to_bits())
            .collect::<Vec<_>>()
    };
    // Every length of tile and padding, the longest texts last and first so that scratch is reused.
    let texts: Vec<&Embedded> = rows
        .iter()
        .step_by(5)
        .chain(rows.iter().rev().take(30))
        .collect();
    let alone: Vec<_> = texts
        .iter()
        .map(|row| bits(&ENCODER, &row.ids, &mut Scratch::new()))
        .collect();
    for kernel in Kernel::ALL
        .into_iter()
        .filter(|kernel| kernel.is_supported())
    {
        let encoder = ENCODER.clone().with_kernel(kernel).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..2 {
                let (encoder, texts, alone) = (&encoder, &texts, &alone);
                scope.spawn(move || {
                    let mut scratch = Scratch::new();
                    for (row, expected) in texts.iter().zip(alone).skip(thread).step_by(2) {
                        assert!(
                            bits(encoder, &row.ids, &mut scratch) == *expected,
                            "{kernel}, {} tokens",
                            row.ids.len()
                        );
                    }
                });
            }
        });
    }
}
