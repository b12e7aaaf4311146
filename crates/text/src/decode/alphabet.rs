//! Letters written as signs or words: Morse, Braille, the NATO alphabet.

use super::Run;
use crate::derive::token::{runs, tokens_and_end};
use crate::view::ViewKind;
use std::ops::Range;

/// Fewest letters in a row.
const FEWEST: usize = 4;

/// International Morse code (ITU-R M.1677-1): a to z, 0 to 9, and common punctuation.
const MORSE: [(&str, char); 44] = [
    (".-", 'a'),
    ("-...", 'b'),
    ("-.-.", 'c'),
    ("-..", 'd'),
    (".", 'e'),
    ("..-.", 'f'),
    ("--.", 'g'),
    ("....", 'h'),
    ("..", 'i'),
    (".---", 'j'),
    ("-.-", 'k'),
    (".-..", 'l'),
    ("--", 'm'),
    ("-.", 'n'),
    ("---", 'o'),
    (".--.", 'p'),
    ("--.-", 'q'),
    (".-.", 'r'),
    ("...", 's'),
    ("-", 't'),
    ("..-", 'u'),
    ("...-", 'v'),
    (".--", 'w'),
    ("-..-", 'x'),
    ("-.--", 'y'),
    ("--..", 'z'),
    ("-----", '0'),
    (".----", '1'),
    ("..---", '2'),
    ("...--", '3'),
    ("....-", '4'),
    (".....", '5'),
    ("-....", '6'),
    ("--...", '7'),
    ("---..", '8'),
    ("----.", '9'),
    (".-.-.-", '.'),
    ("--..--", ','),
    ("..--..", '?'),
    ("-.-.--", '!'),
    ("-..-.", '/'),
    (".--.-.", '@'),
    ("---...", ':'),
    ("-....-", '-'),
];

/// Braille cells of a to z as dot patterns, offsets from U+2800.
const BRAILLE: [u8; 26] = [
    0x01, 0x03, 0x09, 0x19, 0x11, 0x0B, 0x1B, 0x13, 0x0A, 0x1A, 0x05, 0x07, 0x0D, 0x1D, 0x15, 0x0F,
    0x1F, 0x17, 0x0E, 0x1E, 0x25, 0x27, 0x3A, 0x2D, 0x3D, 0x35,
];

/// The NATO alphabet with usual spellings, in order of the letters they stand for.
const NATO: [&str; 29] = [
    "alfa", "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
    "juliett", "juliet", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo",
    "sierra", "tango", "uniform", "victor", "whiskey", "whisky", "xray", "yankee", "zulu",
];

pub(super) fn find(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = runs(text, is_morse)
        .filter_map(|range| morse(text, range))
        .collect();
    if !text.is_ascii() {
        let cells = |character| matches!(character, '\u{2800}'..='\u{283F}' | ' ');
        found.extend(runs(text, cells).filter_map(|range| braille(text, range)));
    }
    found.extend(nato(text));
    found.sort_by_key(|run| run.range.start);
    found
}

fn is_morse(character: char) -> bool {
    matches!(
        character,
        '.' | '-' | '·' | '•' | '−' | '–' | '—' | '_' | ' ' | '/' | '|' | '\n'
    )
}

fn morse(text: &str, range: Range<usize>) -> Option<Run> {
    let (start, end) = trimmed(text, range);
    let run = &text[start..end];
    // Dashes and dots between words of ordinary text are short.
    if run.len() < 2 * FEWEST {
        return None;
    }
    let mut plain = String::new();
    let (mut letters, mut both) = (0, [false; 2]);
    for word in run
        .split(['/', '|', '\n'])
        .flat_map(|part| part.split("   "))
    {
        if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
        for sign in word.split_whitespace() {
            let sign: String = sign
                .chars()
                .map(|mark| {
                    if matches!(mark, '.' | '·' | '•') {
                        '.'
                    } else {
                        '-'
                    }
                })
                .collect();
            let (_, letter) = MORSE.iter().find(|(code, _)| *code == sign)?;
            both[0] |= sign.contains('.');
            both[1] |= sign.contains('-');
            plain.push(*letter);
            letters += 1;
        }
    }
    (letters >= FEWEST && both == [true; 2]).then_some(Run {
        range: start..end,
        plain,
        kind: ViewKind::Morse,
    })
}

fn trimmed(text: &str, range: Range<usize>) -> (usize, usize) {
    let run = &text[range.clone()];
    let start = range.end - run.trim_start().len();
    (start, start + run.trim().len())
}

fn braille(text: &str, range: Range<usize>) -> Option<Run> {
    let (start, end) = trimmed(text, range);
    let mut plain = String::new();
    let mut capital = false;
    for cell in text[start..end].chars() {
        let dots = u32::from(cell).saturating_sub(0x2800) as u8;
        match dots {
            0 => plain.push(' '),
            0x20 => capital = true,
            0x02 => plain.push(','),
            0x32 => plain.push('.'),
            0x16 => plain.push('!'),
            0x26 => plain.push('?'),
            _ => {
                let letter = BRAILLE.iter().position(|known| *known == dots)?;
                let letter = char::from(b'a' + letter as u8);
                plain.push(if capital {
                    letter.to_ascii_uppercase()
                } else {
                    letter
                });
                capital = false;
            }
        }
    }
    let letters = plain.bytes().filter(u8::is_ascii_alphabetic).count();
    (letters >= FEWEST).then_some(Run {
        range: start..end,
        plain,
        kind: ViewKind::Braille,
    })
}

fn nato(text: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let mut row: Option<(Run, usize)> = None;
    for token in tokens_and_end(text) {
        let letter = nato_letter(&text[token.clone()]);
        let gap = row
            .as_ref()
            .map(|(run, _)| &text[run.range.end..token.start]);
        let follows = gap.is_some_and(|gap| gap.len() <= 4);
        // `x-ray` is two tokens.
        let is_ray = gap == Some("-") && text[token.clone()].eq_ignore_ascii_case("ray");
        match (letter, &mut row) {
            (_, Some((run, _))) if is_ray => run.range.end = token.end,
            (Some(letter), Some((run, count))) if follows => {
                if gap.is_some_and(|gap| gap.len() > 2 || gap.contains(['/', '|', '\n'])) {
                    run.plain.push(' ');
                }
                run.plain.push(letter);
                run.range.end = token.end;
                *count += 1;
            }
            _ => {
                found.extend(
                    row.take()
                        .filter(|(_, count)| *count >= FEWEST)
                        .map(|(run, _)| run),
                );
                row = letter.map(|letter| {
                    (
                        Run {
                            range: token,
                            plain: letter.to_string(),
                            kind: ViewKind::Nato,
                        },
                        1,
                    )
                });
            }
        }
    }
    found
}

pub(super) fn nato_letter(word: &str) -> Option<char> {
    if word.eq_ignore_ascii_case("x") {
        return Some('x');
    }
    let is_shaped = (4..=8).contains(&word.len());
    let name = NATO
        .iter()
        .find(|name| is_shaped && name.eq_ignore_ascii_case(word))?;
    name.chars().next()
}
