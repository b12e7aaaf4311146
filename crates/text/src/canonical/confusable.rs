//! Word by word: letters that show as letters of another script (Unicode Technical Standard 39),
//! made the Latin letters they show, in words that mix scripts.

use super::letters::small_capital;
use crate::character::{is_mark, script};
use crate::map::{Builder, Outcome, Parent};
use icu_properties::props::Script;
use std::ops::Range;

/// The folded text, of at most `limit` bytes.
pub(super) fn fold(parent: Parent<'_>, limit: usize) -> Outcome {
    let text = parent.text;
    if !text.chars().any(may_be_confusable) {
        return Outcome::Same;
    }
    let words = words(text);
    let census = Census::of(text, &words);
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    for word in words {
        if !is_disguised(&text[word.clone()], &census) {
            continue;
        }
        out.keep(copied..word.start);
        for (offset, character) in text[word.clone()].char_indices() {
            let at = word.start + offset;
            let range = at..at + character.len_utf8();
            match latin_shape(character) {
                Some(letter) => out.put(letter.encode_utf8(&mut [0; 4]), range),
                None => out.keep(range),
            }
        }
        copied = word.end;
    }
    out.keep(copied..text.len());
    out.finish()
}

/// Runs of letters, digits and marks that hold at least one character to look at.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut wanted = false;
    for (offset, character) in text.char_indices().chain([(text.len(), ' ')]) {
        let in_word =
            character.is_alphanumeric() || is_mark(character) || may_be_confusable(character);
        if in_word {
            start.get_or_insert(offset);
            wanted |= may_be_confusable(character);
        } else if let Some(start) = start.take() {
            if wanted {
                words.push(start..offset);
            }
            wanted = false;
        }
    }
    words
}

/// Letters of the whole text, counted to tell Latin text with disguised words from text in another script.
struct Census {
    latin: usize,
    /// Letters of other alphabets that show as no Latin letter.
    foreign: usize,
    mixed_words: usize,
}

impl Census {
    fn of(text: &str, words: &[Range<usize>]) -> Self {
        let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
        let mut census = Self {
            latin,
            foreign: 0,
            mixed_words: 0,
        };
        for word in words {
            let word = &text[word.clone()];
            census.mixed_words += usize::from(mixes_scripts(word));
            census.foreign += word
                .chars()
                .filter(|character| {
                    may_be_confusable(*character) && latin_shape(*character).is_none()
                })
                .count();
        }
        census
    }

    fn is_latin(&self) -> bool {
        self.latin > 2 * self.foreign && (self.mixed_words > 0 || self.latin >= 8)
    }
}

fn mixes_scripts(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_alphabetic()) && word.chars().any(may_be_confusable)
}

/// Whether the word has letters of another alphabet in place of Latin ones.
fn is_disguised(word: &str, text: &Census) -> bool {
    if mixes_scripts(word) {
        return true;
    }
    // A whole word in letters that all have a Latin shape, amid Latin text. Single letters are Greek
    // variables and Russian prepositions, unless other words of the text are disguised.
    let is_single = word.chars().nth(1).is_none();
    text.is_latin()
        && (!is_single || text.mixed_words >= 2)
        && word
            .chars()
            .all(|character| latin_shape(character).is_some())
}

/// Letters of alphabets whose letters are mistaken for Latin ones and which are not written next to
/// Latin letters without a space. Han, kana, Hangul, Thai and the like are, and stay.
fn may_be_confusable(character: char) -> bool {
    if character.is_ascii() {
        return false;
    }
    match script(character) {
        Script::Cyrillic
        | Script::Greek
        | Script::Armenian
        | Script::Cherokee
        | Script::Coptic
        | Script::Lisu
        | Script::Deseret
        | Script::CanadianAboriginal
        | Script::Tifinagh
        | Script::OldItalic
        | Script::Gothic
        | Script::Georgian => true,
        Script::Latin => is_phonetic(character),
        _ => false,
    }
}

/// Latin letters of phonetic notation and extensions, in few orthographies.
fn is_phonetic(character: char) -> bool {
    matches!(character, '\u{250}'..='\u{2AF}' | '\u{1D00}'..='\u{1D7F}' | '\u{2C60}'..='\u{2C7F}' | '\u{A730}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB64}')
}

/// The Latin letter that a letter of another alphabet shows, by the UTS 39 table.
fn latin_shape(character: char) -> Option<char> {
    if !may_be_confusable(character) {
        return None;
    }
    // UTS 39 makes one class of I, l and |. Here a capital that shows as I stays I.
    if matches!(
        character,
        '\u{406}' | '\u{4C0}' | '\u{399}' | '\u{2C92}' | '\u{A4F2}'
    ) {
        return Some('I');
    }
    if character == '\u{4CF}' {
        return Some('l');
    }
    let mut buffer = [0; 4];
    let mut shape = unicode_security::skeleton(character.encode_utf8(&mut buffer));
    let first = shape.next()?;
    let rest = shape.next();
    match (first, rest) {
        ('r', Some('n')) if shape.next().is_none() => Some('m'),
        (letter, None) if letter.is_ascii_alphanumeric() => Some(letter),
        (letter, None) => small_capital(letter),
        _ => None,
    }
}
