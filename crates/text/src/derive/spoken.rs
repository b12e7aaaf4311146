//! Identifiers as people say or write them to get past a filter: `john at gmail dot com`,
//! `john[at]gmail[dot]com`, `four one one one`, digits of other scripts. For patterns only.

use super::token::{tokens, tokens_and_end};
use crate::map::{Builder, Derived, Outcome, Parent};
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use std::ops::Range;

/// Fewest number words in a row that are read as digits.
const FEWEST: usize = 4;

/// Number words of English, Spanish, French and German that are one digit each.
const DIGIT_WORDS: [(&str, char); 48] = [
    ("zero", '0'),
    ("oh", '0'),
    ("nought", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("niner", '9'),
    ("cero", '0'),
    ("uno", '1'),
    ("dos", '2'),
    ("tres", '3'),
    ("cuatro", '4'),
    ("cinco", '5'),
    ("seis", '6'),
    ("siete", '7'),
    ("ocho", '8'),
    ("nueve", '9'),
    ("zéro", '0'),
    ("un", '1'),
    ("deux", '2'),
    ("trois", '3'),
    ("quatre", '4'),
    ("cinq", '5'),
    ("sept", '7'),
    ("huit", '8'),
    ("neuf", '9'),
    ("null", '0'),
    ("eins", '1'),
    ("zwei", '2'),
    ("zwo", '2'),
    ("drei", '3'),
    ("vier", '4'),
    ("fünf", '5'),
    ("sechs", '6'),
    ("sieben", '7'),
    ("acht", '8'),
    ("neun", '9'),
    ("due", '2'),
    ("tre", '3'),
    ("quattro", '4'),
    ("cinque", '5'),
    ("sei", '6'),
];

/// The text with all of it read as an identifier's characters.
pub(crate) fn fold(parent: Parent<'_>, limit: usize) -> Outcome {
    let digits = foreign_digits(parent, limit);
    let spelt = match &digits {
        Outcome::New(derived) => spelt(Parent::from(derived), limit),
        _ => spelt(parent, limit),
    };
    match (spelt, digits) {
        (Outcome::Same, digits) => digits,
        (spelt, _) => spelt,
    }
}

fn spelt(parent: Parent<'_>, limit: usize) -> Outcome {
    match digit_words(parent, limit) {
        Outcome::New(derived) => addresses_of(derived, limit),
        Outcome::Same => addresses(parent, limit),
        Outcome::TooLong => Outcome::TooLong,
    }
}

fn addresses_of(derived: Derived, limit: usize) -> Outcome {
    match addresses(Parent::from(&derived), limit) {
        Outcome::Same => Outcome::New(derived),
        other => other,
    }
}

/// Decimal digits of any script as ASCII ones.
fn foreign_digits(parent: Parent<'_>, limit: usize) -> Outcome {
    let text = parent.text;
    if text.is_ascii()
        || !text
            .chars()
            .any(|character| decimal_value(character).is_some())
    {
        return Outcome::Same;
    }
    let mut out = Builder::new(parent, limit);
    for (at, character) in text.char_indices() {
        let range = at..at + character.len_utf8();
        match decimal_value(character) {
            Some(digit) => out.put(digit.encode_utf8(&mut [0; 4]), range),
            None => out.keep(range),
        }
    }
    out.finish()
}

/// The ASCII digit for a decimal digit of another script. Unicode keeps decimal digits in runs of
/// ten in order; the mathematical ones, several runs on end, are NFKC's.
fn decimal_value(character: char) -> Option<char> {
    let is_decimal = |character: char| {
        CodePointMapData::<GeneralCategory>::new().get(character) == GeneralCategory::DecimalNumber
    };
    if character.is_ascii() || !character.is_numeric() || !is_decimal(character) {
        return None;
    }
    let code = u32::from(character);
    let below = (1..10)
        .take_while(|below| char::from_u32(code - below).is_some_and(is_decimal))
        .count();
    char::from_digit(below as u32, 10)
}

/// Rows of number words as digits. `double` and `triple` repeat the next.
fn digit_words(parent: Parent<'_>, limit: usize) -> Outcome {
    let text = parent.text;
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    let mut row: Vec<Range<usize>> = Vec::new();
    for token in tokens_and_end(text) {
        let word = &text[token.clone()];
        let follows = row.last().is_none_or(|last| {
            let gap = &text[last.end..token.start];
            gap.len() <= 3 && !gap.contains('\n')
        });
        let is_part = digit_word(word).is_some()
            || repeats(word).is_some()
            || (!row.is_empty() && is_digit(word));
        if is_part && follows {
            row.push(token);
            continue;
        }
        if row
            .iter()
            .filter(|range| !is_digit(&text[(*range).clone()]))
            .count()
            >= FEWEST
        {
            out.keep(copied..row[0].start);
            let mut times = 1;
            for range in &row {
                let word = &text[range.clone()];
                if let Some(count) = repeats(word) {
                    times = count;
                    continue;
                }

                let digit = digit_word(word).map_or_else(|| word.to_owned(), String::from);
                out.put(&digit.repeat(times), range.clone());
                times = 1;
            }
            copied = row.last().map_or(copied, |last| last.end);
        }
        row.clear();
        if is_part {
            row.push(token);
        }
    }
    out.keep(copied..text.len());
    out.finish()
}

/// Whether the word may be read as a sign or digit of an identifier.
pub(crate) fn reads_as_sign(word: &str) -> bool {
    digit_word(word).is_some() || repeats(word).is_some() || sign(word).is_some()
}

fn is_digit(word: &str) -> bool {
    word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn digit_word(word: &str) -> Option<char> {
    if word.len() > 8 {
        return None;
    }
    DIGIT_WORDS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, digit)| *digit)
}

fn repeats(word: &str) -> Option<usize> {
    match word {
        "double" | "Double" => Some(2),
        "triple" | "Triple" => Some(3),
        _ => None,
    }
}

/// `at` and `dot` written out, in brackets or between spaces, as the signs.
fn addresses(parent: Parent<'_>, limit: usize) -> Outcome {
    let text = parent.text;
    let signs = signs(text);
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    for (index, sign) in signs.iter().enumerate() {
        if !sign.is_meant(text, &signs, index) {
            continue;
        }
        out.keep(copied..sign.range.start);
        out.put(sign.shown, sign.range.clone());
        copied = sign.range.end;
    }
    out.keep(copied..text.len());
    out.finish()
}

/// Most labels looked back over from a spelt dot to its at sign.
const MOST_LABELS: usize = 8;

/// A spelt sign, with the brackets and spaces around it.
struct Sign {
    range: Range<usize>,
    shown: &'static str,
    bracketed: bool,
}

impl Sign {
    /// In brackets it is. Between spaces, `at` only if a spelt or bracketed dot follows the next
    /// name, and `dot` only after another sign of the same address.
    fn is_meant(&self, text: &str, signs: &[Self], index: usize) -> bool {
        if self.bracketed {
            return true;
        }
        let joined = |first: &Self, second: &Self| {
            let name = &text[first.range.end.min(second.range.start)..second.range.start];
            !name.is_empty() && name.len() <= 64 && !name.contains(char::is_whitespace)
        };
        if self.shown == "@" {
            return signs
                .get(index + 1)
                .is_some_and(|next| next.shown == "." && joined(self, next));
        }
        let mut later = index;
        while let Some(before) = later.checked_sub(1) {
            if index - before > MOST_LABELS || !joined(&signs[before], &signs[later]) {
                break;
            }
            if signs[before].shown == "@" {
                return true;
            }
            later = before;
        }
        // `name@host dot com`
        text[..self.range.start]
            .rsplit(char::is_whitespace)
            .next()
            .is_some_and(|word| word.contains('@') && word.len() <= 128)
    }
}

/// The sign that a word spells.
fn sign(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "at" | "arroba" | "arobase" => Some("@"),
        "dot" | "punto" | "punkt" => Some("."),
        "dash" | "hyphen" => Some("-"),
        "underscore" => Some("_"),
        _ => None,
    }
}

fn signs(text: &str) -> Vec<Sign> {
    let bytes = text.as_bytes();
    tokens(text)
        .filter_map(|token| {
            let shown = sign(&text[token.clone()])?;
            let (mut start, mut end) = (token.start, token.end);
            let before = |start: usize| start.checked_sub(1).map(|before| bytes[before]);
            let is_space = |byte: Option<&u8>| byte == Some(&b' ');
            if is_space(before(start).as_ref()) {
                start -= 1;
            }
            if is_space(bytes.get(end)) {
                end += 1;
            }
            let bracketed = matches!(before(start), Some(b'[' | b'(' | b'{' | b'<'))
                && matches!(bytes.get(end), Some(b']' | b')' | b'}' | b'>'));
            if bracketed {
                start -= 1;
                end += 1;
                while is_space(before(start).as_ref()) {
                    start -= 1;
                }
                while is_space(bytes.get(end)) {
                    end += 1;
                }
            }
            let set_apart = start < token.start && end > token.end;
            (bracketed || set_apart).then_some(Sign {
                range: start..end,
                shown,
                bracketed,
            })
        })
        .collect()
}
