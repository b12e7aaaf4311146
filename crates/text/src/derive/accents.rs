//! Accents taken off Latin letters, also those that are one character with the letter.
//!
//! Beside the canonical view, not in it: accents are part of the spelling in many languages, and
//! without them harmless words become others.

use super::language::{is_english, segments};
use super::token::tokens;
use crate::character::{is_script_free_mark, script};
use crate::map::{Builder, Outcome, Parent};
use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::props::Script;

const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();

/// Latin letters with a stroke, hook or ligature, which do not decompose.
const SINGLE: [(char, &str); 30] = [
    ('ø', "o"),
    ('Ø', "O"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ð', "d"),
    ('ł', "l"),
    ('Ł', "L"),
    ('ħ', "h"),
    ('Ħ', "H"),
    ('ŧ', "t"),
    ('Ŧ', "T"),
    ('ƒ', "f"),
    ('ɨ', "i"),
    ('ı', "i"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('Æ', "AE"),
    ('œ', "oe"),
    ('Œ', "OE"),
    ('ƀ', "b"),
    ('ɇ', "e"),
    ('Ɇ', "E"),
    ('ɍ', "r"),
    ('ƶ', "z"),
    ('Ƶ', "Z"),
    ('ȼ', "c"),
    ('ⱥ', "a"),
    ('Ⱥ', "A"),
    ('ɉ', "j"),
    ('ŋ', "n"),
];

/// The text with accents taken off in the stretches where they are put on rather than the language's
/// own, and whether some stretch is full of them.
pub(crate) fn fold(parent: Parent<'_>, limit: usize) -> (Outcome, bool) {
    let text = parent.text;
    if text.is_ascii() || !text.chars().any(is_accented) {
        return (Outcome::Same, false);
    }
    let mut out = Builder::new(parent, limit);
    let (mut copied, mut dense) = (0, false);
    for segment in segments(text) {
        let stretch = &text[segment.clone()];
        if !stretch.chars().any(is_accented) {
            continue;
        }
        let census = Census::of(stretch);
        if !census.put_on() {
            continue;
        }
        dense |= census.accented_vowels * 3 >= census.vowels;
        out.keep(copied..segment.start);
        for (offset, character) in stretch.char_indices() {
            let at = segment.start + offset..segment.start + offset + character.len_utf8();
            match bare(character) {
                Some(bare) => out.put(&bare, at),
                None => out.keep(at),
            }
        }
        copied = segment.end;
    }
    out.keep(copied..text.len());
    (out.finish(), dense)
}

fn is_accented(character: char) -> bool {
    matches!(character, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | 'ɨ' | 'ⱥ')
        && character.is_alphabetic()
}

fn bare(character: char) -> Option<String> {
    if !is_accented(character) {
        return None;
    }
    if let Some((_, bare)) = SINGLE.iter().find(|(letter, _)| *letter == character) {
        return Some((*bare).to_owned());
    }
    let mut buffer = [0; 4];
    let decomposed = NFD.normalize(character.encode_utf8(&mut buffer));
    Some(
        decomposed
            .chars()
            .filter(|part| !is_script_free_mark(*part))
            .collect(),
    )
}

/// What speaks for accents being put on to a text that is spelt without.
#[derive(Default)]
struct Census {
    words: usize,
    known: usize,
    /// English words that carry accents.
    disguised: usize,
    vowels: usize,
    accented_vowels: usize,
    /// Letters that mark Vietnamese or tonal spelling, where most vowels carry accents.
    tonal: usize,
}

impl Census {
    fn of(text: &str) -> Self {
        let mut census = Self::default();
        for token in tokens(text) {
            let word = &text[token];
            if word.is_ascii() {
                census.count(word, word, false);
                continue;
            }
            let bare: String = word
                .chars()
                .map(|character| bare(character).unwrap_or_else(|| character.to_string()))
                .collect();
            census.count(word, &bare, word.chars().any(is_accented));
        }
        census
    }

    fn count(&mut self, word: &str, bare: &str, accented: bool) {
        let known = is_english(bare);
        self.words += usize::from(bare.len() >= 3);
        self.known += usize::from(known);
        self.disguised += usize::from(known && accented);
        for character in word
            .chars()
            .filter(|character| script(*character) == Script::Latin)
        {
            let is_vowel = bare_vowel(character);
            self.vowels += usize::from(is_vowel);
            self.accented_vowels += usize::from(is_vowel && !character.is_ascii());
            self.tonal += usize::from(
                matches!(character, 'ơ' | 'ư' | 'Ơ' | 'Ư' | '\u{1EA0}'..='\u{1EF9}' | '\u{1CD}'..='\u{1DC}'),
            );
        }
    }

    /// Either half the words are English once bare, some of them accented, and hardly any text is
    /// spelt so; or most vowels carry accents and it is no tonal spelling.
    fn put_on(&self) -> bool {
        let reads_as_known = self.known * 2 >= self.words
            && self.disguised > 0
            && self.accented_vowels * 3 >= self.vowels;
        let mixed_in = self.known * 2 >= self.words
            && self.known > self.disguised
            && self.accented_vowels * 10 <= self.vowels;
        let everywhere =
            self.vowels > 0 && self.accented_vowels * 10 >= self.vowels * 8 && self.tonal == 0;
        reads_as_known || mixed_in || everywhere
    }
}

fn bare_vowel(character: char) -> bool {
    let letter = bare(character)
        .and_then(|bare| bare.chars().next())
        .unwrap_or(character);
    matches!(letter.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u')
}
