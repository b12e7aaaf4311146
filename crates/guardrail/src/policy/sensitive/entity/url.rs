//! Web addresses.
//!
//! A scheme (`http`, `https`, `ftp`, `ws`, `wss`) or `www.`, read up to white space or a quote, without the
//! punctuation of the sentence around it, and accepted by the URL standard's parser. Also a bare
//! host under a well-known generic top-level domain.
//!
//! It cannot see bare hosts under other top-level domains, whose names are words and file endings too.

use super::{Entity, Examples, Probe, Probed};
use crate::config::PiiType;
use std::ops::Range;

/// Longest address, in bytes.
const LONGEST: usize = 2_048;
/// Longest host, in bytes (RFC 1035).
const LONGEST_HOST: usize = 253;

pub(super) static ENTITY: Entity = Entity {
    probes: &[
        Probe {
            literals: &["http://", "https://", "ftp://", "ws://", "wss://"],
            whole_words: false,
            patterns: &[],
            find: with_scheme,
        },
        Probe {
            literals: &["www."],
            whole_words: false,
            patterns: &[],
            find: with_www,
        },
        Probe {
            literals: &[
                ".com", ".org", ".net", ".edu", ".gov", ".mil", ".info", ".co.uk",
            ],
            whole_words: false,
            patterns: &[],
            find: bare_host,
        },
    ],
    examples: Examples {
        positive: &[
            "see ⟦https://example.com/a?b=c⟧.",
            "⟦http://10.0.0.1:8080/x⟧",
            "(⟦www.example.org⟧)",
            "go to ⟦example.com⟧ today",
            "<a href=\"⟦https://example.com/⟧\">",
            "⟦ftp://files.example.net/pub⟧",
            "⟦https://en.wikipedia.org/wiki/Rust_(film)⟧",
            "⟦HTTPS://EXAMPLE.COM⟧!",
            "⟦shop.example.co.uk/basket⟧, please",
            "visita ⟦https://ejemplo.es/página⟧",
            "⟦wss://live.example.com/feed⟧ is open",
        ],
        negative: &[
            "jane@example.com",
            "http://",
            "www.",
            "file.txt",
            "Node.js is fine",
            "e.g. this",
            "https:// example",
            "the .com boom",
            "3.14",
            "dot.community",
            "std::net",
        ],
    },
    ..Entity::new(PiiType::Url)
};

/// The length of the address at the start of `text`, without what belongs to the sentence.
fn address_length(text: &str) -> usize {
    let ends = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || "<>\"`{}|\\^⟦⟧«»“”‘’。，、）（".contains(character)
    };
    let window = &text[..text.floor_char_boundary(LONGEST)];
    let mut length = window.find(ends).unwrap_or(window.len());
    let count = |sign: char| window[..length].matches(sign).count();
    let mut surplus_round = count(')').saturating_sub(count('('));
    let mut surplus_square = count(']').saturating_sub(count('['));
    while let Some(last) = window[..length].chars().next_back() {
        match last {
            ')' if surplus_round > 0 => surplus_round -= 1,
            ']' if surplus_square > 0 => surplus_square -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => {}
            _ => break,
        }
        length -= last.len_utf8();
    }
    length
}

fn with_scheme(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let (text, start) = (probed.text, probed.at.start);
    let length = address_length(&text[start..]);
    let glued = text[..start].ends_with(|before: char| before.is_ascii_alphabetic());
    let parsed = url::Url::parse(&text[start..start + length]);
    let is_address = parsed.is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    let score = if is_address && !glued { 0.98 } else { 0.0 };
    found.push((start..start + length, score));
}

fn with_www(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let (text, start) = (probed.text, probed.at.start);
    let length = address_length(&text[start..]);
    let glued = |before: char| before.is_alphanumeric() || matches!(before, '/' | '.' | '@' | '-');
    let host_goes_on = text[probed.at.end..start + length.max("www.".len())].contains('.');
    let parsed = url::Url::parse(&format!("http://{}", &text[start..start + length]));
    if host_goes_on && !text[..start].ends_with(glued) && parsed.is_ok() {
        found.push((start..start + length, 0.95));
    }
}

fn bare_host(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let (text, at) = (probed.text, &probed.at);
    let bytes = text.as_bytes();
    let rest = &text[at.end..];
    let host_ends = match rest.as_bytes() {
        [] => true,
        [b'.' | b'-', next, ..] => !next.is_ascii_alphanumeric(),
        [next, ..] => {
            next.is_ascii() && !next.is_ascii_alphanumeric() && !matches!(next, b'@' | b'_')
        }
    };
    if !host_ends {
        return;
    }
    let is_host = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let floor = at.start.saturating_sub(LONGEST_HOST);
    let start = at.start
        - bytes[floor..at.start]
            .iter()
            .rev()
            .take_while(is_host)
            .count();
    let glued = |before: char| before.is_alphanumeric() || "@/:_-.".contains(before);
    let mut labels = text[start..at.end].split('.');
    let labels_fit = labels.all(|label| !label.is_empty() && !label.starts_with('-'));
    if start == at.start || !labels_fit || text[..start].ends_with(glued) {
        return;
    }
    let tail = if rest.starts_with(['/', ':', '?']) {
        address_length(rest)
    } else {
        0
    };
    found.push((start..at.end + tail, 0.75));
}
