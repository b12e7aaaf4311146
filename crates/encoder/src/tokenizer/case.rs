//! What lower-casing takes away, as a feature of each token: the case and shape of its word.

use std::ops::Range;

use super::{Encoding, words::is_punctuation};

/// Case and shape of the word that a token comes from. See [`case_classes`] for the exact definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CaseClass {
    /// `[CLS]` and `[SEP]`, which come from no word.
    None = 0,
    /// Letters, none of them upper case: `street`.
    Lower = 1,
    /// The first letter upper case, no other: `Street`, `I`.
    FirstUpper = 2,
    /// Two letters or more, all upper case: `NATO`.
    AllUpper = 3,
    /// Any other mix of cases: `iPhone`, `McDonald`.
    Mixed = 4,
    /// Digits and no letter: `2024`.
    Digits = 5,
    /// Digits and letters: `A113`, `12th`.
    DigitsAndLetters = 6,
    /// Neither digit nor letter: punctuation, scripts without case.
    Other = 7,
}

impl CaseClass {
    /// Number of classes: rows of a feature table for them.
    pub const COUNT: usize = 8;
}

/// The [`CaseClass`] of every token of `encoding`, as features for [`Input`](crate::Input).
///
/// By characters of `text` as it came, each of one of four kinds:
/// - an upper-case letter has the Unicode property Uppercase (Python's `c.isupper()`), a lower-case letter
///   has Lowercase (`c.islower()`);
/// - a digit is one of `0` to `9`;
/// - a delimiter has the property `White_Space` (U+0009–D, 20, 85, A0, 1680, 2000–200A, 2028, 2029, 202F,
///   205F, 3000; not Python's `isspace`, which has U+001C–1F too) or is punctuation as the tokenizer splits
///   it off (ASCII punctuation, and general category P in the reference's Unicode version);
/// - anything else counts for nothing, but does not end a word.
///
/// The first and the last token have class 0. For any other, take the first letter or digit in the token's
/// range; without one the class is 7. The token's word is the longest run of characters without a delimiter
/// that holds it. With `upper`, `lower` and `digits` counted over that word, the first that fits:
///
/// | condition | class |
/// |---|---|
/// | `digits > 0`, `upper + lower = 0` | 5 |
/// | `digits > 0` | 6 |
/// | `upper = 0` | 1 |
/// | `lower = 0`, `upper ≥ 2` | 3 |
/// | `upper = 1`, and the word's first letter is it | 2 |
/// | else | 4 |
pub fn case_classes(text: &str, encoding: &Encoding) -> Vec<u8> {
    let last = encoding.len().saturating_sub(1);
    let mut word = Word::default();
    let classes = encoding
        .offsets
        .iter()
        .enumerate()
        .map(|(token, range)| match token {
            0 => CaseClass::None,
            token if token == last => CaseClass::None,
            _ => class_of(text, range, &mut word),
        });
    classes.map(|class| class as u8).collect()
}

/// `word` is the last token's, and becomes this one's.
fn class_of(text: &str, token: &Range<usize>, word: &mut Word) -> CaseClass {
    let range = text.get(token.clone()).unwrap_or_default();
    let Some(place) = range.find(is_letter_or_digit) else {
        return CaseClass::Other;
    };
    let place = token.start + place;
    if !word.range.contains(&place) {
        *word = Word::around(text, place);
    }
    word.class
}

struct Word {
    range: Range<usize>,
    class: CaseClass,
}

impl Default for Word {
    fn default() -> Self {
        Self {
            range: 0..0,
            class: CaseClass::None,
        }
    }
}

impl Word {
    fn around(text: &str, place: usize) -> Self {
        let (before, after) = text.split_at(place);
        let start = before.rfind(is_delimiter).map_or(0, |delimiter| {
            delimiter + before[delimiter..].chars().next().map_or(0, char::len_utf8)
        });
        let end = after
            .find(is_delimiter)
            .map_or(text.len(), |length| place + length);
        Self {
            range: start..end,
            class: class_of_word(&text[start..end]),
        }
    }
}

fn class_of_word(word: &str) -> CaseClass {
    let count = |kind: fn(char) -> bool| word.chars().filter(|&c| kind(c)).count();
    let digits = count(|c| c.is_ascii_digit());
    let upper = count(char::is_uppercase);
    let lower = count(char::is_lowercase);
    let starts_upper = word
        .chars()
        .find(|&c| is_letter(c))
        .is_some_and(char::is_uppercase);
    match (digits, upper, lower) {
        (1.., 0, 0) => CaseClass::Digits,
        (1.., _, _) => CaseClass::DigitsAndLetters,
        (_, 0, _) => CaseClass::Lower,
        (_, 2.., 0) => CaseClass::AllUpper,
        (_, 1, _) if starts_upper => CaseClass::FirstUpper,
        _ => CaseClass::Mixed,
    }
}

fn is_letter(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_digit() || is_letter(c)
}

fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || is_punctuation(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token for each range, between `[CLS]` and `[SEP]`.
    fn classes(text: &str, tokens: &[Range<usize>]) -> Vec<u8> {
        let end = text.len()..text.len();
        let offsets: Vec<_> = std::iter::once(0..0)
            .chain(tokens.iter().cloned())
            .chain([end])
            .collect();
        let encoding = Encoding {
            ids: vec![0; offsets.len()],
            offsets,
            ..Encoding::default()
        };
        case_classes(text, &encoding)
    }

    fn class(text: &str) -> u8 {
        let classes = classes(text, std::slice::from_ref(&(0..text.len())));
        assert_eq!((classes[0], classes[2]), (0, 0));
        classes[1]
    }

    #[test]
    fn a_word_has_the_class_of_its_shape() {
        for (text, expected) in [
            ("street", 1),
            ("straße", 1),
            ("e\u{301}t\u{e9}", 1),
            ("ª", 1),
            ("Street", 2),
            ("Élan", 2),
            ("E\u{301}lan", 2),
            ("I", 2),
            ("東Tokyo", 2),
            ("NATO", 3),
            ("ΑΒ", 3),
            ("iPhone", 4),
            ("McDonald", 4),
            ("iX", 4),
            ("2024", 5),
            ("1\u{200b}2", 5),
            ("2024年", 5),
            ("A113", 6),
            ("12th", 6),
            (".", 7),
            ("—", 7),
            ("東京", 7),
            ("नमस्ते", 7),
            ("١٢", 7),
            ("\u{200b}", 7),
            ("\u{1c}", 7),
        ] {
            assert_eq!(class(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_piece_has_the_class_of_its_whole_word() {
        // McDonald ' s | rue | NATO | 12 - B7
        let text = "McDonald's rue\u{3000}NATO 12-B7";
        let at = |piece: &str| {
            let start = text.find(piece).unwrap();
            start..start + piece.len()
        };
        let tokens = [
            at("Mc"),
            at("Donald"),
            at("'"),
            at("s "),
            at("rue"),
            at("NA"),
            at("TO"),
            at("12"),
            at("-"),
            at("B"),
            at("7"),
        ];
        assert_eq!(
            classes(text, &tokens),
            [0, 4, 4, 7, 1, 1, 3, 3, 5, 7, 6, 6, 0]
        );
    }

    #[test]
    fn control_characters_do_not_end_a_word() {
        let text = "Jo\u{1c}hn";
        assert_eq!(classes(text, &[0..2, 3..5]), [0, 2, 2, 0]);
    }

    /// A token's range may begin with what the tokenizer dropped.
    #[test]
    fn the_word_is_that_of_the_first_letter_or_digit() {
        let text = "\u{200b} Anna 7";
        assert_eq!(classes(text, &[0..8, 9..10]), [0, 2, 5, 0]);
    }

    #[test]
    fn the_shortest_encodings_have_no_class() {
        assert_eq!(classes("", &[]), [0, 0]);
        assert!(case_classes("", &Encoding::default()).is_empty());
    }
}
