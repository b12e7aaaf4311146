//! Words in a form in which two texts can be compared: accents, case and the writing of numbers do not count.
//!
//! The judge of contextual grounding is trained on these words, and the policy looks for them in the source;
//! both must read the same, so they are here.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use std::ops::Range;

/// Words with fewer letters are like no other.
const FEWEST_LETTERS: usize = 5;

/// A word of a text, and the form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordForm {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Without accents, in small letters; a number without separators of thousands.
    pub form: String,
    /// Whether it consists of digits, with `.` and `,` between them, only.
    pub is_number: bool,
}

impl WordForm {
    /// Whether both are the same word.
    pub fn is_same(&self, other: &Self) -> bool {
        self.form == other.form
    }

    /// Whether `other` begins as this word does up to its ending: `payments` is like `payment`, `paying`
    /// is not. Never for numbers and short words. Not symmetric: the length of this word counts.
    pub fn is_alike(&self, other: &Self) -> bool {
        self.stem().is_some_and(|stem| other.form.starts_with(stem))
    }

    /// What another word must begin with to be like this one, if any can.
    pub fn stem(&self) -> Option<&str> {
        let letters = self.form.chars().count();
        if self.is_number || letters < FEWEST_LETTERS {
            return None;
        }
        let kept = FEWEST_LETTERS.max((2 * letters).div_ceil(3));
        let end = self.form.char_indices().nth(kept).map(|(at, _)| at);
        Some(&self.form[..end.unwrap_or(self.form.len())])
    }
}

/// The words of `text` in order: maximal runs of letters and digits, where one `.` or `,` between two ASCII
/// digits does not end the run.
pub fn word_forms(text: &str) -> Vec<WordForm> {
    let mut words = Vec::new();
    let mut start = None;
    let mut last = '\0';
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map_or('\0', |&(_, next)| next);
        let joins =
            matches!(character, '.' | ',') && last.is_ascii_digit() && next.is_ascii_digit();
        if is_letter_or_digit(character) || joins {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            words.push(word_form(text, start..at));
        }
        last = character;
    }
    if let Some(start) = start {
        words.push(word_form(text, start..text.len()));
    }
    words
}

/// By general category, as Python's `str.isalnum` has it, which the judge is trained with;
/// `char::is_alphanumeric` also takes some marks and symbols.
fn is_letter_or_digit(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    GeneralCategoryGroup::Letter.contains(category)
        || GeneralCategoryGroup::Number.contains(category)
}

fn word_form(text: &str, range: Range<usize>) -> WordForm {
    let form = plain(&text[range.clone()]);
    let is_number = form
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    WordForm {
        range,
        form: if is_number { plain_number(&form) } else { form },
        is_number,
    }
}

/// Small letters without their marks.
fn plain(word: &str) -> String {
    const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let categories = CodePointMapData::<GeneralCategory>::new();
    let decomposed = NFD.normalize(word);
    let letters = decomposed
        .chars()
        .filter(|&character| categories.get(character) != GeneralCategory::NonspacingMark);
    letters.collect::<String>().to_lowercase()
}

/// `1,234.50` and `1.234,5` as `1234.5`.
fn plain_number(written: &str) -> String {
    let bytes = written.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let separates_thousands =
        |at: usize| (1..=3).all(|ahead| is_digit(at + ahead)) && !is_digit(at + 4);
    let mut number = String::with_capacity(written.len());
    for (at, &byte) in bytes.iter().enumerate() {
        if byte.is_ascii_digit() {
            number.push(char::from(byte));
        } else if !separates_thousands(at) {
            number.push('.');
        }
    }
    if number.contains('.') {
        let kept = number.trim_end_matches('0').trim_end_matches('.').len();
        number.truncate(kept);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn forms(text: &str) -> Vec<String> {
        word_forms(text).into_iter().map(|word| word.form).collect()
    }

    #[test]
    fn words_are_compared_without_accents_case_and_separators() {
        for (text, expected) in [
            ("The FEE: 23.99%.", &["the", "fee", "23.99"][..]),
            ("Préavis à l'école", &["preavis", "a", "l", "ecole"]),
            ("1,234.50 or 1.234,5", &["1234.5", "or", "1234.5"]),
            ("10.00, 10.0 and 1.000.000", &["10", "10", "and", "1000000"]),
            ("3,5 kg; v1.2a", &["3.5", "kg", "v1.2a"]),
            ("5.", &["5"]),
            ("1..2", &["1", "2"]),
            (
                "1,,2 3.x a.1 ,5 12.5.2024",
                &["1", "2", "3", "x", "a", "1", "5", "12.5.2024"],
            ),
            ("0.0 0.125 1,0000 x² ½", &["0", "0125", "1", "x²", "½"]),
            ("İstanbul Ñandú straße", &["istanbul", "nandu", "straße"]),
            // A mark of its own ends the run, and so does a circled letter.
            ("e\u{301}t Ⓐ नमस्ते", &["e", "t", "नमस", "त"]),
            ("", &[]),
        ] {
            assert_eq!(forms(text), expected, "{text}");
        }
    }

    #[test]
    fn endings_do_not_count() {
        let alike = |word: &str, other: &str| word_forms(word)[0].is_alike(&word_forms(other)[0]);
        for (word, other, expected) in [
            ("payment", "payments", true),
            ("transferencias", "transferencia", true),
            ("registered", "registration", false),
            ("registering", "registered", true),
            ("fees", "fee", false),
            ("12345", "123456", false),
            ("house", "housekeeping", true),
            ("housekeeping", "house", false),
        ] {
            assert_eq!(alike(word, other), expected, "{word} {other}");
        }
    }

    proptest! {
        #[test]
        fn words_are_disjoint_and_cover_every_letter_and_digit(text in "\\PC{0,40}") {
            let words = word_forms(&text);
            let mut done = 0;
            for word in &words {
                prop_assert!(text[done..word.range.start].chars().all(|it| !is_letter_or_digit(it)));
                prop_assert!(!text[word.range.clone()].is_empty());
                done = word.range.end;
            }
            prop_assert!(text[done..].chars().all(|it| !is_letter_or_digit(it)));
        }

        #[test]
        fn a_word_is_like_itself(text in "\\PC{0,40}") {
            for word in word_forms(&text) {
                prop_assert!(word.stem().is_none() || word.is_alike(&word));
            }
        }
    }
}
