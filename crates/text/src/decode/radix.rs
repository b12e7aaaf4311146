//! Bytes written in digits: base64, base32, hexadecimal, binary, ASCII85, lists of character codes.

use super::Run;
use crate::derive::language::{Evidence, is_textual};
use crate::derive::token::{runs, tokens, tokens_and_end};
use crate::view::ViewKind;
use std::ops::Range;

/// Shortest base64 looked at without padding, in characters: what shorter words decode to is text too often.
const SHORTEST_BASE64: usize = 12;

/// Shortest line that the next may continue, in characters. Mailers wrap at 76.
const SHORTEST_WRAPPED: usize = 60;

pub(super) fn find(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for range in lists(text) {
        found.extend(list(text, range));
    }
    let (mut position, mut together_failed_to) = (0, 0);
    for run in runs(text, is_base64) {
        if run.start < position || run.len() < 8 {
            continue;
        }
        let alone = padded(text, run.clone());
        // Lines that give nothing together are not tried together again from the next one on.
        let together = (run.start >= together_failed_to)
            .then(|| wrapped(text, run))
            .filter(|together| *together != alone);
        let decoded = together.and_then(|together| {
            let end = together.end;
            let decoded = digits(text, together);
            if decoded.is_none() {
                together_failed_to = end;
            }
            decoded
        });
        let decoded = decoded.or_else(|| digits(text, alone));
        if let Some(run) = decoded {
            position = run.range.end;
            found.push(run);
        }
    }
    if text
        .bytes()
        .any(|byte| matches!(byte, b'<' | b'@' | b'#' | b'"' | b'\'' | b'+' | b';'))
    {
        found.extend(
            runs(text, |character| matches!(character, '!'..='~'))
                .filter_map(|range| ascii85(text, range)),
        );
    }
    found.extend(uuencoded(text));
    found.sort_by_key(|run| (run.range.start, std::cmp::Reverse(run.range.end)));
    let mut end = 0;
    found.retain(|run| {
        let fits = run.range.start >= end;
        if fits {
            end = run.range.end;
        }
        fits
    });
    found
}

fn is_base64(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '-' | '_')
}

/// The run with the lines that continue it, and its padding.
fn wrapped(text: &str, run: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut end = run.end;
    let mut line = run.start;
    while end - line >= SHORTEST_WRAPPED {
        let next = match (bytes.get(end), bytes.get(end + 1)) {
            (Some(b'\n'), _) => end + 1,
            (Some(b'\r'), Some(b'\n')) => end + 2,
            _ => break,
        };
        let length = bytes[next..]
            .iter()
            .take_while(|byte| is_base64(char::from(**byte)))
            .count();
        if length == 0 {
            break;
        }
        line = next;
        end = next + length;
    }
    padded(text, run.start..end)
}

/// The run with its padding.
fn padded(text: &str, run: Range<usize>) -> Range<usize> {
    let rest = &text.as_bytes()[run.end..];
    let padding = rest
        .iter()
        .take(6)
        .take_while(|byte| **byte == b'=')
        .count();
    run.start..run.end + padding
}

/// What a digit is worth; `None` if it is none in its base.
type DigitValue = fn(u8) -> Option<u32>;

/// A run of digits in the smallest base they fit that gives text.
fn digits(text: &str, range: Range<usize>) -> Option<Run> {
    let run = &text[range.clone()];
    let digits: Vec<u8> = run
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .collect();
    let padded = run.ends_with('=');
    let readings: [(ViewKind, u32, usize, DigitValue); 4] = [
        (ViewKind::Binary, 1, 24, |digit| {
            digit
                .checked_sub(b'0')
                .filter(|bit| *bit < 2)
                .map(u32::from)
        }),
        (ViewKind::Hexadecimal, 4, 12, |digit| {
            char::from(digit).to_digit(16)
        }),
        (ViewKind::Base32, 5, 16, base32_digit),
        (ViewKind::Base64, 6, SHORTEST_BASE64, base64_digit),
    ];
    readings
        .into_iter()
        .find_map(|(kind, bits, shortest, value)| {
            let shortest = if padded { 7 } else { shortest };
            if digits.len() < shortest {
                return None;
            }
            let plain = String::from_utf8(bytes_of(&digits, bits, value)?).ok()?;
            let worth_it = is_textual(&plain) && is_likely(&plain, padded);
            worth_it.then_some(Run {
                range: range.clone(),
                plain,
                kind,
            })
        })
}

/// Whether bytes that happen to be text were meant to: a word is known, or there is enough of it,
/// in letters.
fn is_likely(plain: &str, padded: bool) -> bool {
    let (all, letters) = plain.chars().fold((0, 0), |(all, letters), character| {
        (
            all + 1,
            letters + usize::from(character.is_alphabetic() || character == ' '),
        )
    });
    let long_enough = plain.len() >= if padded { 4 } else { 12 };
    Evidence::of(plain).known > 0
        || (long_enough && letters * 20 >= all * 17)
        || is_base64_again(plain)
}

/// One encoding inside another is no language yet.
fn is_base64_again(plain: &str) -> bool {
    plain.len() >= SHORTEST_BASE64
        && plain.trim_end_matches('=').chars().all(is_base64)
        && plain.bytes().any(|byte| byte.is_ascii_lowercase())
        && plain.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The bytes that digits of `bits` bits each spell. Bits left over at the end are dropped.
fn bytes_of(digits: &[u8], bits: u32, value: impl Fn(u8) -> Option<u32>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() * bits as usize / 8);
    let (mut held, mut count) = (0u32, 0);
    for digit in digits {
        held = held << bits | value(*digit)?;
        count += bits;
        if count >= 8 {
            count -= 8;
            bytes.push((held >> count) as u8);
            held &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

fn base32_digit(digit: u8) -> Option<u32> {
    match digit {
        b'A'..=b'Z' => Some(u32::from(digit - b'A')),
        b'2'..=b'7' => Some(u32::from(digit - b'2') + 26),
        _ => None,
    }
}

fn base64_digit(digit: u8) -> Option<u32> {
    match digit {
        b'A'..=b'Z' => Some(u32::from(digit - b'A')),
        b'a'..=b'z' => Some(u32::from(digit - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(digit - b'0') + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Rows of at least four short numbers.
fn lists(text: &str) -> Vec<Range<usize>> {
    let mut lists = Vec::new();
    let mut list: Option<(Range<usize>, usize)> = None;
    for token in tokens_and_end(text) {
        let word = &text[token.clone()];
        let is_number = code(word, 16).is_some() || code(word, 2).is_some();
        let follows = list.as_ref().is_some_and(|(range, _)| {
            token.start - range.end <= 2
                && text[range.end..token.start]
                    .bytes()
                    .all(|byte| matches!(byte, b' ' | b',' | b';' | b':' | b'-' | b'\n'))
        });
        if is_number && follows {
            if let Some((range, count)) = &mut list {
                range.end = token.end;
                *count += 1;
            }
            continue;
        }
        lists.extend(
            list.take()
                .filter(|(_, count)| *count >= 4)
                .map(|(range, _)| range),
        );
        list = is_number.then_some((token, 1));
    }
    lists
}

/// A character code in one notation: 7 or 8 bits, two hexadecimal digits (`0x` allowed), or 2 to 3 decimal digits.
fn code(word: &str, radix: u32) -> Option<u32> {
    let (word, lengths) = match radix {
        2 => (word, 7..=8),
        16 => (word.strip_prefix("0x").unwrap_or(word), 2..=3),
        _ => (word, 2..=3),
    };
    if !lengths.contains(&word.len()) {
        return None;
    }
    u32::from_str_radix(word, radix).ok()
}

fn list(text: &str, range: Range<usize>) -> Option<Run> {
    let words: Vec<&str> = tokens(&text[range.clone()])
        .map(|token| &text[range.start + token.start..range.start + token.end])
        .collect();
    let readings = [
        (2, ViewKind::Binary),
        (16, ViewKind::Hexadecimal),
        (10, ViewKind::CharacterCodes),
    ];
    let best = readings
        .into_iter()
        .filter_map(|(radix, kind)| {
            let codes: Option<Vec<u8>> = words
                .iter()
                .map(|word| {
                    code(word, radix).filter(|_| {
                        radix != 16
                            || !word.starts_with(|digit: char| digit.is_ascii_digit())
                            || word.len() != 3
                    })
                })
                .map(|code| u8::try_from(code?).ok())
                .collect();
            let plain = String::from_utf8(codes?).ok()?;
            let evidence = Evidence::of(&plain);
            // Any list of numbers from 65 to 122 spells letters: ask for a word, but not of bits.
            let worth_it = is_textual(&plain) && (radix == 2 || evidence.known > 0);
            worth_it.then_some((
                evidence.known_letters,
                Run {
                    range: range.clone(),
                    plain,
                    kind,
                },
            ))
        })
        .max_by_key(|(letters, _)| *letters);
    best.map(|(_, run)| run)
}

/// A word in ASCII85 (Adobe's, `<~` and `~>` optional) that gives language.
fn ascii85(text: &str, range: Range<usize>) -> Option<Run> {
    let word = &text[range.clone()];
    let word = word.strip_prefix("<~").unwrap_or(word);
    let word = word.strip_suffix("~>").unwrap_or(word);
    if word.len() < 10 || !word.bytes().all(|byte| matches!(byte, b'!'..=b'u' | b'z')) {
        return None;
    }
    let mut bytes = Vec::with_capacity(word.len());
    let expanded = word.replace('z', "!!!!!");
    for group in expanded.as_bytes().chunks(5) {
        let mut value = 0u32;
        for place in 0..5 {
            let digit = group.get(place).map_or(84, |digit| u32::from(digit - b'!'));
            value = value.checked_mul(85)?.checked_add(digit)?;
        }
        bytes.extend_from_slice(&value.to_be_bytes()[..group.len() - 1]);
    }
    let plain = String::from_utf8(bytes).ok()?;
    let worth_it = is_textual(&plain) && Evidence::of(&plain).known > 0;
    worth_it.then_some(Run {
        range,
        plain,
        kind: ViewKind::Ascii85,
    })
}

/// Lines of uuencode: each starts with its length, and all together give text.
fn uuencoded(text: &str) -> Option<Run> {
    let mut bytes = Vec::new();
    let mut range: Option<Range<usize>> = None;
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        let start = position;
        position += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        match uu_line(line) {
            Some(decoded) => {
                bytes.extend(decoded);
                range = Some(range.map_or(start, |range| range.start)..start + line.len());
            }
            None if range.is_some() => break,
            None => {}
        }
    }
    let plain = String::from_utf8(bytes).ok()?;
    let worth_it = plain.len() >= 6 && is_textual(&plain) && Evidence::of(&plain).known > 0;
    range.filter(|_| worth_it).map(|range| Run {
        range,
        plain,
        kind: ViewKind::Uuencode,
    })
}

pub(super) fn uu_line(line: &str) -> Option<Vec<u8>> {
    let bytes = line.as_bytes();
    let value = |byte: u8| matches!(byte, b' '..=b'`').then(|| u32::from(byte - b' ') & 63);
    let length = value(*bytes.first()?)? as usize;
    let digits = bytes.get(1..)?;
    // Some encoders add a check character; spaces at the end may have been trimmed.
    let expected = length.div_ceil(3) * 4;
    if length == 0 || digits.len() > expected + 1 || digits.len() + 3 < expected {
        return None;
    }
    let mut padded = digits.to_vec();
    padded.resize(expected, b' ');
    let mut decoded = bytes_of(&padded, 6, value)?;
    decoded.truncate(length);
    Some(decoded)
}
