//! Tokens: runs of letters, digits and marks.

use crate::character::is_mark;
use std::ops::Range;

/// The tokens of a text, in order.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    runs(text, |character| {
        character.is_alphanumeric() || is_mark(character)
    })
}

/// The tokens of a text, and an empty one at its end so that what was gathered is closed.
pub(crate) fn tokens_and_end(text: &str) -> impl Iterator<Item = Range<usize>> {
    tokens(text).chain(std::iter::once(text.len()..text.len()))
}

/// Longest runs of characters that `belongs` takes.
pub(crate) fn runs(
    text: &str,
    belongs: impl Fn(char) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    let mut characters = text.char_indices();
    std::iter::from_fn(move || {
        let (start, first) = characters
            .by_ref()
            .find(|(_, character)| belongs(*character))?;
        let mut end = start + first.len_utf8();
        for (at, character) in characters.by_ref() {
            if !belongs(character) {
                break;
            }
            end = at + character.len_utf8();
        }
        Some(start..end)
    })
}
