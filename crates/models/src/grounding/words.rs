//! Words of a text as the judge compares them. Pure; training reads texts in exactly this way.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use std::ops::Range;

const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();

/// A word shorter than this, in characters, is like no other.
const SHORTEST_ALIKE: usize = 5;

/// Bytes of the words of `text`: runs of letters and digits, in which one point or comma between two
/// ASCII digits does not end the run.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut before = '\0';
    let mut characters = text.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let after = characters.peek().map_or('\0', |(_, next)| *next);
        let is_inside = is_alphanumeric(character)
            || (is_separator(character)
                && start.is_some()
                && before.is_ascii_digit()
                && after.is_ascii_digit());
        match start {
            None if is_inside => start = Some(place),
            Some(first) if !is_inside => {
                words.push(first..place);
                start = None;
            }
            _ => {}
        }
        before = character;
    }
    words.extend(start.map(|first| first..text.len()));
    words
}

/// Letters and numbers by their general category, as Python's `str.isalnum` has it;
/// `char::is_alphanumeric` also takes some marks and symbols.
fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let category = category(character);
    GeneralCategoryGroup::Letter.contains(category)
        || GeneralCategoryGroup::Number.contains(category)
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

fn is_separator(character: char) -> bool {
    matches!(character, '.' | ',')
}

/// `word` in lower case and without accents; a number without separators of thousands and without
/// needless zeros.
pub(super) fn normal_form(word: &str) -> String {
    let plain = if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        let decomposed = NFD.normalize(word);
        let characters = decomposed.chars();
        let letters: String = characters
            .filter(|&character| category(character) != GeneralCategory::NonspacingMark)
            .collect();
        letters.to_lowercase()
    };
    if is_number(&plain) {
        plain_number(&plain)
    } else {
        plain
    }
}

/// Whether `word` holds nothing but ASCII digits and separators.
fn is_number(word: &str) -> bool {
    let is_part = |character: char| character.is_ascii_digit() || is_separator(character);
    !word.is_empty() && word.chars().all(is_part)
}

/// A separator before exactly three digits is one of thousands, any other one is the decimal point:
/// `1,000.50` and `1.000,5` are one number. So are `0.125` and `0,125`, whatever they mean.
fn plain_number(number: &str) -> String {
    let bytes = number.as_bytes();
    let ends_group = |place: usize| {
        let digits = bytes.get(place + 1..place + 4);
        let next = bytes.get(place + 4);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
            && next.is_none_or(|next| !next.is_ascii_digit())
    };
    let kept = number
        .char_indices()
        .filter(|&(place, character)| !(is_separator(character) && ends_group(place)));
    let plain: String = kept
        .map(|(_, character)| if character == ',' { '.' } else { character })
        .collect();
    if !plain.contains('.') {
        return plain;
    }
    let plain = plain.trim_end_matches('0').trim_end_matches('.');
    plain.to_owned()
}

/// The beginning that a word must share with `word` for `word` to be alike to it: two thirds of its
/// characters, at least five. `None` for a number and for a short word, which are alike to none.
fn stem(word: &str) -> Option<&str> {
    let characters = word.chars().count();
    if characters < SHORTEST_ALIKE || is_number(word) {
        return None;
    }
    let length = SHORTEST_ALIKE.max((2 * characters).div_ceil(3));
    let mut ends = word.char_indices().map(|(place, _)| place).skip(length);
    Some(&word[..ends.next().unwrap_or(word.len())])
}

/// The words of one text in normal form, to look up those of another.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary<'n> {
    /// Sorted, each once.
    words: Vec<&'n str>,
    /// What a word must begin with for a word of this text to be alike to it.
    stems: Vec<&'n str>,
}

impl<'n> Vocabulary<'n> {
    pub(super) fn new(normal_forms: &'n [String]) -> Self {
        let mut words: Vec<&str> = normal_forms.iter().map(String::as_str).collect();
        words.sort_unstable();
        words.dedup();
        let stems = words.iter().filter_map(|word| stem(word)).collect();
        Self { words, stems }
    }

    /// Whether `word` is one of this text.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.binary_search(&word).is_ok()
    }

    /// Whether `word` is alike to a word of this text.
    pub(super) fn has_like(&self, word: &str) -> bool {
        let Some(stem) = stem(word) else { return false };
        let first = self.words.partition_point(|known| *known < stem);
        let found = self.words.get(first);
        found.is_some_and(|known| known.starts_with(stem))
    }

    /// Whether a word of this text is alike to `word`: the other way round.
    pub(super) fn is_like(&self, word: &str) -> bool {
        self.stems.iter().any(|stem| word.starts_with(stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<&str> {
        let ranges = words(text).into_iter();
        ranges.map(|range| &text[range]).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" - ", &[]),
            ("The fee is $10.", &["The", "fee", "is", "10"]),
            ("1,000.50 and 3.14.", &["1,000.50", "and", "3.14"]),
            (
                "1,,2 a.b 1.a a.1 ,5",
                &["1", "2", "a", "b", "1", "a", "a", "1", "5"],
            ),
            ("l'été 23,99 %", &["l", "été", "23,99"]),
            ("don't x²+y³", &["don", "t", "x²", "y³"]),
            // A mark of its own ends the run, and so does a circled letter, as in Python.
            ("e\u{301}t Ⓐ", &["e", "t"]),
            ("नमस्ते", &["नमस", "त"]),
            ("日本語 ½", &["日本語", "½"]),
        ];
        for (text, expected) in cases {
            assert_eq!(of(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn normal_forms_leave_case_accents_and_number_formats_out() {
        for (word, expected) in [
            ("Fee", "fee"),
            ("ÉTÉ", "ete"),
            ("Ñandú", "nandu"),
            ("İstanbul", "istanbul"),
            ("straße", "straße"),
            ("1,000", "1000"),
            ("1.000", "1000"),
            ("1,000,000.50", "1000000.5"),
            ("1.000,50", "1000.5"),
            ("23,99", "23.99"),
            ("10.00", "10"),
            ("0.0", "0"),
            ("100", "100"),
            ("0.125", "0125"),
            ("1,0000", "1"),
            ("12.5.2024", "12.5.2024"),
            ("3rd", "3rd"),
            ("A1,000", "a1,000"),
            ("x²", "x²"),
        ] {
            assert_eq!(normal_form(word), expected, "{word}");
        }
    }

    #[test]
    fn words_are_alike_by_two_thirds_of_their_beginning() {
        let alike = |word: &str, known: &str| {
            let (known, word) = ([known.to_owned()], word.to_owned());
            let found = Vocabulary::new(&known).has_like(&word);
            let words = [word];
            // The same question asked from the other side.
            assert_eq!(Vocabulary::new(&words).is_like(&known[0]), found);
            found
        };
        for (word, known, expected) in [
            ("fees", "feeding", false),
            ("charges", "charged", true),
            ("charge", "charges", true),
            ("transaction", "transactional", true),
            ("transaction", "translation", false),
            // Eight characters: six must agree.
            ("payments", "paymen", true),
            ("payments", "payme", false),
            ("facture", "factures", true),
            ("12345", "12345678", false),
            ("12345a", "12345b", true),
            ("señoría", "señorial", true),
        ] {
            assert_eq!(alike(word, known), expected, "{word} {known}");
        }
    }

    proptest! {
        #[test]
        fn words_lie_in_order_and_leave_no_letter_out(text in "[ -~éñ½,.0-9\u{301}☃नी日\u{1F600}]{0,60}") {
            let found = words(&text);
            prop_assert!(found.windows(2).all(|pair| pair[0].end < pair[1].start));
            prop_assert!(found.iter().all(|word| !word.is_empty()));
            for (place, character) in text.char_indices() {
                let covered = found.iter().any(|word| word.contains(&place));
                prop_assert!(covered || !is_alphanumeric(character));
                prop_assert!(!covered || is_alphanumeric(character) || is_separator(character));
            }
        }

        #[test]
        fn normal_forms_do_not_depend_on_case(word in "[a-zA-Zé0-9.,]{1,12}") {
            let normal = normal_form(&word);
            prop_assert_eq!(normal_form(&word.to_lowercase()), normal.clone());
            prop_assert_eq!(normal_form(&word.to_uppercase()), normal);
        }

        #[test]
        fn a_word_is_alike_to_itself_and_to_what_goes_on(word in "[a-zé]{5,12}", more in "[a-z0-9]{0,6}") {
            let known = [format!("{word}{more}")];
            prop_assert!(Vocabulary::new(&known).has_like(&word));
        }
    }
}
