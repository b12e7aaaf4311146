//! Two numbers that know nothing of meaning. What does not beat them has learnt nothing.

use pretil_text::word_forms;
use std::collections::BTreeSet;

/// Characters of a word that counts as content; a word with a digit always does.
const CONTENT_CHARACTERS: usize = 4;

/// Share of the content words of `text` that `other` holds; 1 where there is none.
pub(super) fn overlap(text: &str, other: &str) -> f32 {
    let words = word_forms(text);
    let forms = words.iter().map(|word| word.form.as_str());
    let wanted: BTreeSet<&str> = forms.filter(|form| is_content(form)).collect();
    if wanted.is_empty() {
        return 1.0;
    }
    let others = word_forms(other);
    let known: BTreeSet<&str> = others.iter().map(|word| word.form.as_str()).collect();
    let found = wanted.intersection(&known).count();
    found as f32 / wanted.len() as f32
}

/// Length in characters.
pub(super) fn length(text: &str) -> f32 {
    text.chars().count() as f32
}

fn is_content(word: &str) -> bool {
    word.chars().count() >= CONTENT_CHARACTERS || word.contains(|sign: char| sign.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_is_the_share_of_content_words() {
        for (text, other, expected) in [
            ("The fee is 10 euros", "Euros: 10", 1.0),
            ("The monthly fee is 10 euros", "the fee of 10", 1.0 / 3.0),
            ("monthly monthly", "Monthly.", 1.0),
            ("no", "", 1.0),
            ("Élevés", "élevés", 1.0),
            ("nothing alike", "", 0.0),
        ] {
            assert!((overlap(text, other) - expected).abs() < 1e-6, "{text}");
        }
    }
}
