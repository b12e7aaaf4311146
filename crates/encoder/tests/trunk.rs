//! Encoders that share a base: shared lexicon, features, heads; against the fp32 model's logits.
//! The files are made by `training/base/trunk_goldens.py`.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::{fs, path::PathBuf, sync::LazyLock};

use pretil_encoder::{EncodeError, Encoder, Input, Kernel, LoadError, Scratch};
use proptest::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Golden {
    sha256: String,
    labels: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    ids: Vec<u32>,
    features: Vec<u8>,
    classify: Vec<f32>,
    tag: Vec<f32>,
}

impl Row {
    fn input(&self) -> Input<'_> {
        Input {
            ids: &self.ids,
            features: Some(&self.features),
        }
    }
}

fn file(name: &str) -> Vec<u8> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/trunk");
    fs::read(directory.join(name)).unwrap()
}

fn golden() -> Golden {
    serde_json::from_slice(&file("golden.json")).unwrap()
}

fn base() -> Encoder {
    Encoder::load_owned(file("base.bin")).unwrap()
}

fn tagger() -> Encoder {
    Encoder::load_sharing_owned(file("tagger.bin"), &base()).unwrap()
}

fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> LoadError {
    let mut bytes = file("tagger.bin");
    change(&mut bytes);
    Encoder::load_sharing_owned(bytes, &base()).unwrap_err()
}

/// Where the table entry of `name` starts.
fn entry(bytes: &[u8], name: &str) -> usize {
    let mut field = name.as_bytes().to_vec();
    field.resize(40, 0);
    (96..)
        .step_by(64)
        .find(|&start| bytes[start..start + 40] == field)
        .unwrap()
}

fn content(bytes: &[u8], name: &str) -> usize {
    let place = entry(bytes, name) + 56;
    usize::try_from(u64::from_le_bytes(
        bytes[place..place + 8].try_into().unwrap(),
    ))
    .unwrap()
}

#[test]
fn the_files_are_those_of_the_goldens() {
    let hex = Sha256::digest(file("tagger.bin"))
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert_eq!(golden().sha256, hex);
    tagger().verify().unwrap();
    base().verify().unwrap();
}

/// Share of the reference's spread that the logits are off by, at the root of the mean square.
fn error(found: &[f32], reference: &[f32]) -> f64 {
    assert_eq!(found.len(), reference.len());
    let mean = reference.iter().map(|&v| f64::from(v)).sum::<f64>() / reference.len() as f64;
    let squares = |difference: &dyn Fn(usize) -> f64| {
        (0..reference.len())
            .map(|index| difference(index).powi(2))
            .sum::<f64>()
    };
    let off = squares(&|index| f64::from(found[index]) - f64::from(reference[index]));
    let spread = squares(&|index| f64::from(reference[index]) - mean);
    (off / spread).sqrt()
}

#[test]
fn logits_are_close_to_the_fp32_models() {
    let (tagger, golden) = (tagger(), golden());
    assert_eq!(tagger.head().unwrap().labels(), golden.labels);
    assert_eq!(tagger.feature_values(), 8);
    let mut scratch = Scratch::new();
    let collect = |read: &mut dyn FnMut(&Row) -> Vec<f32>| {
        golden.rows.iter().flat_map(read).collect::<Vec<f32>>()
    };
    let tags = collect(&mut |row| tagger.tag(row.input(), &mut scratch).unwrap().to_vec());
    let expected = collect(&mut |row| row.tag.clone());
    let tag_error = error(&tags, &expected);
    let classes = collect(&mut |row| tagger.classify(row.input(), &mut scratch).unwrap().to_vec());
    let expected = collect(&mut |row| row.classify.clone());
    let class_error = error(&classes, &expected);
    println!("tag {tag_error:.4}, classify {class_error:.4}");
    assert!(tag_error < 0.03, "tag {tag_error}");
    assert!(class_error < 0.03, "classify {class_error}");
}

#[test]
fn features_change_the_logits_and_nothing_else_is_read() {
    let (tagger, golden) = (tagger(), golden());
    let row = golden.rows.last().unwrap();
    let mut scratch = Scratch::new();
    let before = tagger.tag(row.input(), &mut scratch).unwrap().to_vec();
    let mut features = row.features.clone();
    features[1] = features[1] % 7 + 1;
    let changed = Input {
        ids: &row.ids,
        features: Some(&features),
    };
    assert_ne!(tagger.tag(changed, &mut scratch).unwrap(), before);
    assert_eq!(tagger.tag(row.input(), &mut scratch).unwrap(), before);
}

#[test]
fn kernels_and_neighbours_do_not_change_a_bit() {
    let (tagger, golden) = (tagger(), golden());
    let bits = |logits: &[f32]| logits.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let supported = Kernel::ALL
        .into_iter()
        .filter(|kernel| kernel.is_supported());
    for kernel in supported {
        let other = tagger.clone().with_kernel(kernel).unwrap();
        let mut scratch = Scratch::new();
        for row in golden.rows.iter().rev() {
            let alone = bits(tagger.tag(row.input(), &mut Scratch::new()).unwrap());
            let found = bits(other.tag(row.input(), &mut scratch).unwrap());
            assert!(alone == found, "{kernel}, {} tokens", row.ids.len());
            let alone = bits(tagger.classify(row.input(), &mut Scratch::new()).unwrap());
            let found = bits(other.classify(row.input(), &mut scratch).unwrap());
            assert!(alone == found, "{kernel}, {} tokens", row.ids.len());
        }
    }
}

/// The same encoder with every kernel that this machine runs, the portable one first.
static KERNELS: LazyLock<Vec<Encoder>> = LazyLock::new(|| {
    Kernel::ALL
        .into_iter()
        .filter(|kernel| kernel.is_supported())
        .map(|kernel| tagger().with_kernel(kernel).unwrap())
        .collect()
});

proptest! {
    #[test]
    fn kernels_agree_on_any_input(tokens in prop::collection::vec((0_u32..60, 0_u8..8), 1..=40)) {
        let (ids, features): (Vec<u32>, Vec<u8>) = tokens.into_iter().unzip();
        let input = Input { ids: &ids, features: Some(&features) };
        let mut scratch = Scratch::new();
        let mut bits = |encoder: &Encoder| {
            let hidden = encoder.hidden(input, &mut scratch).unwrap().to_vec();
            let tags = encoder.tag(input, &mut scratch).unwrap().to_vec();
            let classes = encoder.classify(input, &mut scratch).unwrap().to_vec();
            [hidden, tags, classes].concat().into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        let portable = bits(&KERNELS[0]);
        for encoder in &KERNELS[1..] {
            prop_assert!(bits(encoder) == portable, "{}", encoder.kernel());
        }
    }
}

#[test]
fn the_base_is_shared_and_its_vocabulary_used() {
    let base = base();
    let tagger = Encoder::load_sharing_owned(file("tagger.bin"), &base).unwrap();
    assert!(std::ptr::eq(tagger.tokenizer(), base.tokenizer()));
    assert_eq!(base.feature_values(), 0);
    assert!(base.head().is_none());
}

#[test]
fn a_file_is_loaded_with_its_own_base_only() {
    let whole = || file("base.bin");
    assert_eq!(
        Encoder::load_owned(file("tagger.bin")).unwrap_err(),
        LoadError::NeedsBase
    );
    assert_eq!(
        Encoder::load_sharing_owned(whole(), &base()).unwrap_err(),
        LoadError::Missing("base.sha256".into())
    );
    // Another digest in the base's header: another base.
    let mut other = whole();
    other[56] ^= 1;
    let other = Encoder::load_owned(other).unwrap();
    let refused = Encoder::load_sharing_owned(file("tagger.bin"), &other).unwrap_err();
    let LoadError::OtherBase { expected } = refused else {
        panic!("{refused}");
    };
    assert_eq!(expected.len(), 64);
    assert_eq!(&expected[..2], format!("{:02x}", whole()[56]));
    // Vocabulary, and width with its heads: 96 = 3 × 32.
    assert!(matches!(
        refusal(|bytes| bytes[40] += 1),
        LoadError::Dimensions(_)
    ));
    assert!(matches!(
        refusal(|bytes| {
            bytes[28] = 96;
            bytes[32] = 3;
        }),
        LoadError::Dimensions(_)
    ));
}

#[test]
fn version_2_may_be_a_whole_encoder_too() {
    let mut bytes = file("base.bin");
    bytes[8] = 2;
    let encoder = Encoder::load_owned(bytes).unwrap();
    let ids = &golden().rows[3].ids;
    assert_eq!(
        encoder.embed(ids, &mut Scratch::new()),
        base().embed(ids, &mut Scratch::new())
    );
}

#[test]
fn version_1_does_not_share() {
    assert_eq!(
        refusal(|bytes| bytes[8] = 1),
        LoadError::Missing("base.sha256".into())
    );
}

#[test]
fn broken_parts_are_refused() {
    let rename = |name: &'static str| {
        refusal(move |bytes| {
            let start = entry(bytes, name);
            bytes[start] = b'X';
        })
    };
    assert_eq!(
        rename("head.weight"),
        LoadError::Missing("head.weight".into())
    );
    assert_eq!(
        rename("head.labels"),
        LoadError::Missing("head.labels".into())
    );
    assert_eq!(rename("head.bias"), LoadError::Missing("head.bias".into()));
    assert_eq!(
        rename("embeddings.feature.scale"),
        LoadError::Missing("embeddings.feature.scale".into())
    );
    // One label fewer than rows, a label twice, and bytes that are no text.
    let relabel = |from: &'static str, to: &'static [u8]| {
        refusal(move |bytes| {
            let start = content(bytes, "head.labels");
            let offset = bytes[start..]
                .windows(from.len())
                .position(|part| part == from.as_bytes())
                .unwrap();
            bytes[start + offset..start + offset + to.len()].copy_from_slice(to);
        })
    };
    assert_eq!(relabel("\nNAME", b" "), LoadError::Labels);
    assert_eq!(relabel("PHONE", b"\nNAME"), LoadError::Labels);
    assert_eq!(relabel("PHONE", b"\xff"), LoadError::Labels);
    // A weight that is not finite.
    assert_eq!(
        refusal(|bytes| {
            let start = content(bytes, "head.bias");
            bytes[start..start + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        }),
        LoadError::Shape("head.bias".into())
    );
    // More rows of features than a byte can name.
    assert_eq!(
        refusal(|bytes| {
            let start = entry(bytes, "embeddings.feature") + 44;
            bytes[start..start + 4].copy_from_slice(&257_u32.to_le_bytes());
        }),
        LoadError::Shape("embeddings.feature".into())
    );
}

#[test]
fn inputs_that_do_not_fit_are_refused() {
    let (tagger, base, golden) = (tagger(), base(), golden());
    let row = &golden.rows[2];
    let mut scratch = Scratch::new();
    let mut tag = |features: Option<&[u8]>| {
        let ids = &row.ids;
        tagger
            .tag(Input { ids, features }, &mut scratch)
            .map(<[f32]>::len)
    };
    assert_eq!(tag(None), Err(EncodeError::Features));
    let (features, tokens) = (row.ids.len() - 1, row.ids.len());
    assert_eq!(
        tag(Some(&row.features[1..])),
        Err(EncodeError::FeatureCount { features, tokens })
    );
    assert_eq!(
        tag(Some(&vec![8; tokens])),
        Err(EncodeError::UnknownFeature)
    );
    assert_eq!(tag(Some(&row.features)), Ok(tokens * 4));
    assert_eq!(
        base.hidden(row.input(), &mut scratch),
        Err(EncodeError::Features)
    );
    assert_eq!(
        base.classify(&row.ids, &mut scratch),
        Err(EncodeError::NoHead)
    );
    assert_eq!(base.tag(&row.ids, &mut scratch), Err(EncodeError::NoHead));
}
