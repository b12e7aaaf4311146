//! Encoded stretches of a text, decoded in place.
//!
//! A stretch is decoded only if what comes out is text, so ordinary words, hashes and keys stay.
//! What is not recognised: encodings by table (base2048, Ecoji), Caesar shifts other than 3 and 13,
//! base58, and anything compressed or encrypted.

mod alphabet;
mod escape;
mod radix;

use crate::map::{Builder, Outcome, Parent};
use crate::view::ViewKind;
use std::ops::Range;

/// An encoded stretch.
#[derive(Debug)]
struct Run {
    range: Range<usize>,
    plain: String,
    kind: ViewKind,
}

/// The text with every encoded stretch decoded once, and how they were encoded.
pub(crate) fn decode(parent: Parent<'_>, limit: usize) -> (Outcome, ViewKind) {
    let runs = find(parent.text);
    let Some(first) = runs.first() else {
        return (Outcome::Same, ViewKind::Decoded);
    };
    let kind = if runs.iter().all(|run| run.kind == first.kind) {
        first.kind
    } else {
        ViewKind::Decoded
    };
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    for run in &runs {
        out.keep(copied..run.range.start);
        out.put(&run.plain, run.range.clone());
        copied = run.range.end;
    }
    out.keep(copied..parent.text.len());
    (out.finish(), kind)
}

/// Where encoded stretches start, but for single characters escaped that are `harmless` once decoded.
pub(crate) fn starts(text: &str, harmless: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
    let runs = find(text).into_iter();
    runs.filter(move |run| {
        let escaped = matches!(run.kind, ViewKind::Percent | ViewKind::Entities);
        !(escaped && harmless(&run.plain))
    })
    .map(|run| run.range.start)
}

/// Whether the line may be one of uuencode.
pub(crate) fn is_uuencoded(line: &str) -> bool {
    radix::uu_line(line).is_some()
}

/// Whether the word is a letter's name in the NATO alphabet.
pub(crate) fn reads_as_letter(word: &str) -> bool {
    alphabet::nato_letter(word).is_some() || word.eq_ignore_ascii_case("ray")
}

/// The encoded stretches in order, none overlapping. Where two readings compete, the one found first
/// by the order here stays: bytes in digits must give text, a single escape hardly proves anything.
fn find(text: &str) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    for found in [radix::find(text), escape::find(text), alphabet::find(text)] {
        let before = all.len();
        for run in found {
            let earlier = &all[..before];
            let next = earlier.partition_point(|other| other.range.end <= run.range.start);
            let overlaps = earlier
                .get(next)
                .is_some_and(|other| other.range.start < run.range.end);
            if !overlaps {
                all.push(run);
            }
        }
        all.sort_by_key(|run| run.range.start);
    }
    all
}
