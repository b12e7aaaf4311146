//! AWS secret access keys.
//!
//! Forty characters of base64 (letters, digits, `/` and `+`). Nothing in the key says what it is, so
//! that it is reported after a word that names it or after an access key id, and only if it holds
//! capitals, small letters and digits, as all but one random key in some thousand do.
//!
//! It cannot see a secret on its own: git hashes and many tokens have the same length.

use super::{Cue, Entity, Examples, Probe, Probed};
use crate::config::PiiType;
use std::ops::Range;

pub(super) static ENTITY: Entity = Entity {
    cues: &[Cue {
        words: &[
            "aws_secret_access_key",
            "aws_secret_key",
            "secret_access_key",
            "secretaccesskey",
            "secret access key",
            "secret key",
            "secret_key",
            "secretkey",
            "aws secret",
            "aws_secret",
            "secret",
            "clave secreta",
            "clé secrète",
            "geheimer schlüssel",
            "chiave segreta",
            "chave secreta",
        ],
        pattern: r"[^A-Za-z0-9/+]{1,6}(?:(?:is|es|est|ist|key)\b[^A-Za-z0-9/+]{1,4})?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)",
        score: 0.95,
        check: is_mixed,
    }],
    probes: &[Probe {
        literals: &["akia", "asia"],
        whole_words: false,
        patterns: &[
            r"^(?:AKIA|ASIA)[A-Z2-7]{16}(?s:.{0,60}?)[^A-Za-z0-9/+]([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)",
        ],
        find: after_key_id,
    }],
    examples: Examples {
        positive: &[
            "aws_secret_access_key = ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
            "secret key: ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
            "AWS_SECRET_ACCESS_KEY=\"⟦je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY⟧\"",
            "AKIAIOSFODNN7EXAMPLE / ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
            "\"SecretAccessKey\": \"⟦abcdefghij0123456789ABCDEFGHIJ/+/+/+/+/a⟧\"",
            "my secret is ⟦Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1u⟧.",
            "secret_key='⟦wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12⟧'",
            "clave secreta: ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
            "AKIAI44QH7DHBEXAMPLE,⟦je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY⟧",
            "The secret access key is ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
        ],
        negative: &[
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "secret key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE",
            "secret key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEYX",
            "secret: da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "secret santa is on the twelfth of December",
            "secret key rotation",
            "secret: ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN",
            "Secret key: wJalrXUtnFEMI/K7MDENG bPxRfiCYEXAMPLEKEY",
        ],
    },
    ..Entity::new(PiiType::AwsSecretKey)
};

/// Whether capitals, small letters and digits are all there.
fn is_mixed(text: &str) -> bool {
    let has = |class: fn(&u8) -> bool| text.as_bytes().iter().any(class);
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

fn after_key_id(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let start = probed.at.start;
    let window = &probed.text[start..probed.text.floor_char_boundary(start + 160)];
    let captures = probed
        .patterns
        .first()
        .and_then(|pattern| pattern.captures(window));
    let secret = captures.and_then(|captures| captures.get(1));
    if let Some(secret) = secret.filter(|secret| is_mixed(secret.as_str())) {
        found.push((start + secret.start()..start + secret.end(), 0.9));
    }
}
