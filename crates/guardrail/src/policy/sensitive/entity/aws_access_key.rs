//! AWS access key ids.
//!
//! `AKIA` (long-term) or `ASIA` (temporary) and 16 characters of base32 (AWS IAM user guide, "unique
//! identifiers"). The other prefixes of that table name users, roles and groups, not keys.
//!
//! It cannot see a key in lower case or with a character missing.

use super::{Entity, Examples, Probe, Probed};
use crate::config::PiiType;
use std::ops::Range;

pub(super) static ENTITY: Entity = Entity {
    probes: &[Probe {
        literals: &["akia", "asia"],
        whole_words: false,
        patterns: &[r"^(?:AKIA|ASIA)[A-Z2-7]{16}"],
        find: from_prefix,
    }],
    examples: Examples {
        positive: &[
            "⟦AKIAIOSFODNN7EXAMPLE⟧",
            "aws_access_key_id = ⟦AKIAIOSFODNN7EXAMPLE⟧",
            "temporary: ⟦ASIAIOSFODNN7EXAMPLE⟧.",
            "key=\"⟦AKIAI44QH7DHBEXAMPLE⟧\"",
            "AWS_ACCESS_KEY_ID:⟦AKIAQWERTYUIOPASDFGH⟧",
            "use ⟦AKIA2222333344445555⟧ please",
            "(⟦ASIAY34FZKBOKMUTVV7A⟧)",
            "la clé est ⟦AKIAJ2345672345ABCDE⟧",
            "⟦AKIAIOSFODNN7EXAMPLE⟧,⟦AKIAI44QH7DHBEXAMPLE⟧",
            "accessKeyId: '⟦ASIAQQQQWWWWEEEERRRR⟧'",
        ],
        negative: &[
            "AKIA",
            "ASIA PACIFIC",
            "AKIAIOSFODNN7EXAMPL",
            "AKIAIOSFODNN7EXAMPLEX",
            "akiaiosfodnn7example",
            "AKIAIOSFODNN1EXAMPLE",
            "XAKIAIOSFODNN7EXAMPLE",
            "AROAIOSFODNN7EXAMPLE",
            "Asian markets fell",
            "AKIA IOSFODNN7EXAMPLE",
        ],
    },
    ..Entity::new(PiiType::AwsAccessKey)
};

fn from_prefix(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let (text, start) = (probed.text, probed.at.start);
    let joined = |character: char| character.is_alphanumeric() || character == '_';
    let window = &text[start..text.floor_char_boundary(start + 24)];
    let Some(key) = probed
        .patterns
        .first()
        .and_then(|pattern| pattern.find(window))
    else {
        return;
    };
    let before = text[..start].chars().next_back();
    let after = text[start + key.end()..].chars().next();
    if !before.is_some_and(joined) && !after.is_some_and(joined) {
        found.push((start..start + key.end(), 0.98));
    }
}
