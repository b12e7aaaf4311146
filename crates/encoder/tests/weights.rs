//! The weight file: its digests, and what is refused.
#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::{fs, path::PathBuf, time::Instant};

use pretil_encoder::{EncodeError, Encoder, LoadError, Scratch};
use sha2::{Digest, Sha256};

fn file(name: &str) -> Vec<u8> {
    let directory =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../models/weights/minilm-l6-int8");
    fs::read(directory.join(name)).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn the_manifest_names_the_committed_file() {
    let manifest: serde_json::Value = serde_json::from_slice(&file("manifest.json")).unwrap();
    let weights = file("weights.bin");
    assert_eq!(manifest["bytes"], weights.len());
    assert_eq!(manifest["sha256"], hex(&Sha256::digest(&weights)));
    let encoder = Encoder::load_owned(weights).unwrap();
    assert_eq!(manifest["content_sha256"], hex(&encoder.declared_sha256()));
    assert_eq!(
        manifest["dimensions"]["hidden"],
        encoder.dimensions().hidden
    );
    encoder.verify().unwrap();
}

#[test]
fn a_changed_byte_is_noticed() {
    let mut weights = file("weights.bin");
    for position in [weights.len() / 2, weights.len() - 1] {
        weights[position] ^= 1;
        let encoder = Encoder::load_owned(weights.clone()).unwrap();
        assert_eq!(encoder.verify(), Err(LoadError::Digest));
        weights[position] ^= 1;
    }
}

fn refusal(change: impl FnOnce(&mut Vec<u8>)) -> LoadError {
    let mut weights = file("weights.bin");
    change(&mut weights);
    Encoder::load_owned(weights).unwrap_err()
}

#[test]
fn broken_files_are_refused() {
    assert_eq!(Encoder::load(b"").unwrap_err(), LoadError::Magic);
    assert_eq!(Encoder::load(b"PRETILWT").unwrap_err(), LoadError::Length);
    assert_eq!(refusal(|bytes| bytes[0] = b'X'), LoadError::Magic);
    assert_eq!(
        refusal(|bytes| bytes[8] = 9),
        LoadError::Version { found: 9 }
    );
    assert_eq!(
        refusal(|bytes| bytes.truncate(bytes.len() - 1)),
        LoadError::Length
    );
    assert_eq!(refusal(|bytes| bytes.push(0)), LoadError::Length);
    assert_eq!(refusal(|bytes| bytes[12..16].fill(255)), LoadError::Length);
    // Heads: the head width is no longer 32.
    assert!(matches!(
        refusal(|bytes| bytes[32] = 6),
        LoadError::Dimensions(_)
    ));
    // More layers than the file has.
    assert_eq!(
        refusal(|bytes| bytes[24] = 7),
        LoadError::Missing("layer.6.qkv.weight".into())
    );
    // The first tensor's name, and its place.
    assert_eq!(
        refusal(|bytes| bytes[96] = b'X'),
        LoadError::Missing("vocabulary".into())
    );
    assert_eq!(
        refusal(|bytes| bytes[96 + 56..96 + 64].fill(255)),
        LoadError::Shape("vocabulary".into())
    );
}

#[test]
fn ids_that_do_not_fit_are_refused() {
    let encoder = Encoder::load_owned(file("weights.bin")).unwrap();
    let mut scratch = Scratch::new();
    assert_eq!(encoder.embed(&[], &mut scratch), Err(EncodeError::Empty));
    assert_eq!(
        encoder.embed(&[101, 30_522, 102], &mut scratch),
        Err(EncodeError::UnknownId)
    );
    let long = vec![1000; 513];
    assert_eq!(
        encoder.embed(&long, &mut scratch),
        Err(EncodeError::TooLong {
            tokens: 513,
            limit: 512
        })
    );
    assert!(encoder.embed(&long[..512], &mut scratch).is_ok());
}

/// Weights are used in place: what loading costs is the vocabulary's hash table and some copies.
#[test]
fn loading_is_quick() {
    let weights: &'static [u8] = file("weights.bin").leak();
    let quickest = (0..5)
        .map(|_| {
            let start = Instant::now();
            Encoder::load(weights).unwrap();
            start.elapsed()
        })
        .min();
    assert!(quickest.unwrap().as_millis() < 100, "{quickest:?}");
}
