//! Words.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The words of a text in order (Unicode Standard Annex 29), without what stands between them. Where
/// words are written together, as in Thai, a letter with its marks is one.
pub fn words(text: &str) -> Vec<Range<usize>> {
    let words = text.unicode_word_indices();
    words
        .map(|(start, word)| start..start + word.len())
        .collect()
}
