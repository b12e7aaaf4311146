//! E-mail addresses.
//!
//! `local@domain` by the grammar of RFC 5321 as far as it is used: an unquoted local part of at
//! most 64 bytes, letters of any script (RFC 6531), and a domain of at least two labels whose last
//! one is alphabetic or punycode. Also the spelled form "john at gmail dot com".
//!
//! It cannot see quoted local parts (`"a b"@example.com`) or domains without a dot (`root@localhost`),
//! which are rarely personal. It does not ask whether the top-level domain exists.

use super::{Entity, Examples, Probe, Probed};
use crate::config::PiiType;
use std::ops::Range;

/// RFC 5321 §4.5.3.1.1, in bytes.
const LONGEST_LOCAL_PART: usize = 64;
/// RFC 5321 §4.5.3.1.2, in bytes.
const LONGEST_DOMAIN: usize = 255;
/// How far before "at" a spelled local part may start, in bytes.
const SPELLED_REACH: usize = 64;

pub(super) static ENTITY: Entity = Entity {
    probes: &[
        Probe {
            literals: &["@"],
            whole_words: false,
            patterns: &[],
            find: around_at_sign,
        },
        Probe {
            literals: &[" at ", "[at]", "(at)", " arroba ", "{at}", "<at>"],
            whole_words: false,
            patterns: &[
                r"(?i)[\p{L}\d]+(?:(?:[._+-]|\s?[\[({]?\b(?:dot|punto|point|punkt|ponto)\b[\])}]?\s?)[\p{L}\d]+){0,4}\s?$",
                r"(?i)^\s?[a-z\d-]+(?:(?:\.|\s?[\[({]?\b(?:dot|punto|point|punkt|ponto)\b[\])}]?\s?)[a-z\d-]+){0,3}(?:\.|\s?[\[({]?\b(?:dot|punto|point|punkt|ponto)\b[\])}]?\s?)(?:com|org|net|edu|gov|io|co|info|biz|dev|me|us|uk|de|fr|es|it|pt|br|mx|ca|au|in|nl|ch|at|eu)\b",
            ],
            find: spelled,
        },
    ],
    examples: Examples {
        positive: &[
            "Write to ⟦jane@example.com⟧.",
            "⟦first.last+tag@sub.example.co.uk⟧, please",
            "<⟦info@example.org⟧>",
            "mailto:⟦a_b-c@example.net⟧?subject=x",
            "⟦O'Brien@example.ie⟧ and ⟦x@y.de⟧",
            "Correo: ⟦josé@correo.es⟧",
            "write me at ⟦john at gmail dot com⟧ please",
            "⟦john.smith [at] example [dot] org⟧",
            "⟦user@xn--bcher-kva.example⟧",
            "E-mail:⟦UPPER@EXAMPLE.COM⟧;",
            "(⟦a@b.io⟧)",
            "⟦info@bücher.example⟧ is ours",
        ],
        negative: &[
            "@john said so",
            "root@localhost",
            "a@b",
            "foo@bar@baz",
            "see you at noon",
            "look at the dot com bubble",
            "price @ 5.00",
            "user@192.168",
            "meet at example",
            "x@.com",
            "look at google dot",
            "me@example..com",
        ],
    },
    ..Entity::new(PiiType::Email)
};

/// An address around a literal `@`.
fn around_at_sign(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let text = probed.text;
    let local = local_part_start(&text[..probed.at.start]);
    let Some(length) = domain_length(&text[probed.at.end..]) else {
        return;
    };
    let after = text[probed.at.end + length..].chars().next();
    if local < probed.at.start && after != Some('@') {
        found.push((local..probed.at.end + length, 0.98));
    }
}

/// Where the local part that ends `before` starts; its length if there is none.
fn local_part_start(before: &str) -> usize {
    let end = before.len();
    let mut start = end;
    for (index, character) in before.char_indices().rev() {
        if !is_local(character) || end - index > LONGEST_LOCAL_PART {
            break;
        }
        start = index;
    }
    if before[..start].ends_with('@') || before.ends_with('.') {
        return end;
    }
    let local = before[start..].trim_start_matches(['.', '-', '\'']);
    end - local.len()
}

/// Whether a local part may hold `character`: of RFC 5322's atext what is used, RFC 6531, and the
/// dot. Signs that more often end a query parameter or a path are left out.
fn is_local(character: char) -> bool {
    character.is_alphanumeric() || "._+-'%~!".contains(character)
}

/// The length of the domain that starts `after`.
fn domain_length(after: &str) -> Option<usize> {
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '-' | '.');
    let window = after
        .char_indices()
        .take_while(|(index, character)| *index < LONGEST_DOMAIN && allowed(*character));
    let end = window.last().map(|(index, last)| index + last.len_utf8())?;
    let domain = after[..end].trim_end_matches(['.', '-']);
    let labels: Vec<&str> = domain.split('.').collect();
    let whole = labels.iter().all(|label| {
        !label.is_empty() && label.len() < 64 && !label.starts_with('-') && !label.ends_with('-')
    });
    let top = labels.last()?;
    let top_fits = top.starts_with("xn--")
        || (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic));
    (whole && labels.len() > 1 && top_fits).then_some(domain.len())
}

/// An address spelled with words around "at".
fn spelled(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let [local, domain] = probed.patterns else {
        return;
    };
    let text = probed.text;
    let from = text.floor_char_boundary(probed.at.start.saturating_sub(SPELLED_REACH));
    let to = text.floor_char_boundary(probed.at.end + LONGEST_DOMAIN);
    let before = local.find(&text[from..probed.at.start]);
    let after = domain.find(&text[probed.at.end..to]);
    if let (Some(before), Some(after)) = (before, after)
        && !is_prose(after.as_str())
    {
        let range = from + before.start()..probed.at.end + after.end();
        found.push((range, 0.85));
    }
}

/// Whether an address that was joined from words is prose: "look at the dot com bubble".
pub(in super::super) fn joins_prose(address: &str) -> bool {
    address
        .split_once('@')
        .is_some_and(|(_, domain)| is_prose(domain))
}

/// Whether what follows "at" reads on as prose.
fn is_prose(domain: &str) -> bool {
    let first = domain.split([' ', '.']).find(|word| !word.is_empty());
    let articles = [
        "the", "a", "an", "this", "that", "our", "my", "your", "any", "some", "every",
    ];
    first.is_some_and(|first| {
        articles
            .iter()
            .any(|article| first.eq_ignore_ascii_case(article))
    })
}
