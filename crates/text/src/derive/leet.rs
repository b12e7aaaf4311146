//! Digits and signs in place of letters: `1gn0r3`.
//!
//! Only in tokens that mix them with letters, and not in ordinals, measures, codes and names such
//! as `3rd`, `16GB` or `A55`.

use super::token::runs;
use crate::map::{Builder, Outcome, Parent};
use std::ops::Range;

/// What `1` stands for: `i` and `l` are both usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum One {
    LetterI,
    LetterL,
}

/// Longest token looked at, in bytes: keys and encodings are longer than words.
const LONGEST: usize = 32;

/// How many tokens away a word in such letters speaks for a doubtful token.
const REACH: usize = 4;

/// The text with the letters put back, and whether that touches most words.
pub(crate) fn fold(parent: Parent<'_>, one: One, limit: usize) -> (Outcome, bool) {
    let text = parent.text;
    if !text
        .bytes()
        .any(|byte| stands_for(char::from(byte), one).is_some())
    {
        return (Outcome::Same, false);
    }
    let tokens: Vec<(Range<usize>, Class)> = runs(text, is_part)
        .map(|range| {
            let trimmed = trim(text, range);
            let class = Class::of(&text[trimmed.clone()]);
            (trimmed, class)
        })
        .filter(|(range, _)| !range.is_empty())
        .collect();
    let mixed = tokens
        .iter()
        .filter(|(_, class)| *class == Class::Mixed)
        .count();
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    for (index, (range, class)) in tokens.iter().enumerate() {
        let is_word = match class {
            Class::Mixed => true,
            // A number, measure or code amid such words may be one: `7h15 15 45`.
            Class::Doubtful => tokens
                [index.saturating_sub(REACH)..tokens.len().min(index + REACH + 1)]
                .iter()
                .any(|(_, class)| *class == Class::Mixed),
            Class::Other => false,
        };
        if !is_word {
            continue;
        }
        out.keep(copied..range.start);
        for (offset, character) in text[range.clone()].char_indices() {
            let at = range.start + offset..range.start + offset + character.len_utf8();
            match stands_for(character, one) {
                Some(letter) => out.put(letter.encode_utf8(&mut [0; 4]), at),
                None => out.keep(at),
            }
        }
        copied = range.end;
    }
    out.keep(copied..text.len());
    (out.finish(), mixed >= 2 && mixed * 3 >= tokens.len())
}

fn stands_for(character: char, one: One) -> Option<char> {
    Some(match character {
        '4' | '@' => 'a',
        '8' => 'b',
        '3' => 'e',
        '6' | '9' => 'g',
        '1' if one == One::LetterL => 'l',
        '1' | '!' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' => 't',
        '2' => 'z',
        _ => return None,
    })
}

fn is_part(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '@' | '$' | '!')
}

/// Without the signs that end a sentence.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let shown = text[range.clone()].trim_end_matches('!');
    range.start..range.start + shown.len()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Letters with signs for letters among them.
    Mixed,
    /// A number of at most four digits, or a measure, code or name with a number.
    Doubtful,
    Other,
}

impl Class {
    fn of(token: &str) -> Self {
        if !token.is_ascii() || token.len() > LONGEST {
            return Self::Other;
        }
        let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
        let signs = token.len() - letters;
        if letters == 0 {
            let short = token.len() <= 4 && token.bytes().all(|byte| byte.is_ascii_digit());
            return if short { Self::Doubtful } else { Self::Other };
        }
        if signs == 0 || is_address(token) {
            return Self::Other;
        }
        if letters < 2
            || (letters < signs && changes(token) < 3)
            || is_measure(token)
            || is_code(token)
        {
            return Self::Doubtful;
        }
        Self::Mixed
    }
}

/// How often the token goes from letters to signs or back.
fn changes(token: &str) -> usize {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    token
        .as_bytes()
        .windows(2)
        .filter(|pair| is_letter(&pair[0]) != is_letter(&pair[1]))
        .count()
}

/// `name@host` and `@name`: a sign beside plain letters is part of an address.
fn is_address(token: &str) -> bool {
    token.strip_prefix('@').is_some_and(|name| name.len() > 2)
        || token
            .split_once('@')
            .is_some_and(|(user, host)| user.len() > 2 && host.len() > 2)
}

/// Digits followed by an ordinal ending or a unit, or `$` before digits.
fn is_measure(token: &str) -> bool {
    let unit = token.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '$');
    unit.len() < token.len()
        && unit.len() <= 3
        && matches!(
            unit.to_ascii_lowercase().as_str(),
            "st" | "nd"
                | "rd"
                | "th"
                | "s"
                | "g"
                | "d"
                | "k"
                | "m"
                | "x"
                | "h"
                | "b"
                | "p"
                | "v"
                | "w"
                | "t"
                | "am"
                | "pm"
                | "px"
                | "kg"
                | "cm"
                | "mm"
                | "km"
                | "ml"
                | "gb"
                | "mb"
                | "tb"
                | "kb"
                | "hz"
                | "ghz"
                | "mhz"
                | "mg"
                | "ft"
                | "in"
                | "lb"
                | "lbs"
                | "oz"
                | "ms"
                | "min"
                | "hrs"
                | "hr"
                | "bn"
                | "mph"
                | "kmh"
                | "kw"
                | "mp"
                | "fps"
                | "dpi"
                | "nm"
                | "usd"
                | "eur"
                | "gbp"
        )
}

/// A short name or one in capitals with a number after it, such as `COVID19` or `km2`, or hexadecimal digits.
fn is_code(token: &str) -> bool {
    let name = token.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let is_plain_name = name.bytes().all(|byte| byte.is_ascii_uppercase())
        || (name.len() <= 3 && name.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let is_numbered = name.len() < token.len() && is_plain_name;
    let is_hexadecimal = token.len() >= 6 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_numbered || is_hexadecimal
}
