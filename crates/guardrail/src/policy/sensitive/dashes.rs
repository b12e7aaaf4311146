//! Typographic dashes read as hyphens: `123‑45‑6789` is written with what a word processor makes of `-`.

use std::ops::Range;

/// Hyphen, non-breaking hyphen, figure dash, en dash, em dash, horizontal bar, minus sign.
const DASHES: [char; 7] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}',
];
/// How much longer than a hyphen each of [`DASHES`] is, in bytes of UTF-8.
const SURPLUS: usize = 2;

/// A text with its dashes as hyphens.
pub(super) struct Folded {
    text: String,
    /// Where the hyphens stand that were dashes, in `text`.
    hyphens: Vec<usize>,
}

impl Folded {
    /// `None` if `text` holds no dash.
    pub(super) fn of(text: &str) -> Option<Self> {
        text.find(DASHES)?;
        let mut folded = String::with_capacity(text.len());
        let mut hyphens = Vec::new();
        for character in text.chars() {
            if DASHES.contains(&character) {
                hyphens.push(folded.len());
                folded.push('-');
            } else {
                folded.push(character);
            }
        }
        Some(Self {
            text: folded,
            hyphens,
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that `range` of this text stands for.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let original = |index: usize| {
            let before = self.hyphens.partition_point(|hyphen| *hyphen < index);
            index + SURPLUS * before
        };
        original(range.start)..original(range.end)
    }
}
