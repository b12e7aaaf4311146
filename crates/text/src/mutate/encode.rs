//! Encoders as in garak's encoding probes, stylised letters, and markup between letters.

use super::Random;
use super::inject::{replace, shifted};
use data_encoding::{BASE32, BASE64, BASE64URL_NOPAD, HEXLOWER};
use std::fmt::Write as _;

pub(super) fn ascii85(text: &str, _random: &mut Random) -> String {
    let mut out = String::new();
    for group in text.as_bytes().chunks(4) {
        let mut padded = [0; 4];
        padded[..group.len()].copy_from_slice(group);
        let mut value = u32::from_be_bytes(padded);
        let mut digits = [0u8; 5];
        for digit in digits.iter_mut().rev() {
            *digit = (value % 85) as u8 + b'!';
            value /= 85;
        }
        out.extend(
            digits[..=group.len()]
                .iter()
                .map(|digit| char::from(*digit)),
        );
    }
    out
}

/// Changes small letters; capitals follow.
fn letters(text: &str, change: impl Fn(u8) -> u8) -> String {
    replace(text, |character| {
        let small = character.to_ascii_lowercase();
        if !small.is_ascii_lowercase() {
            return character.to_string();
        }
        let changed = char::from(change(small as u8 - b'a') + b'a');
        if character.is_ascii_uppercase() {
            changed.to_ascii_uppercase()
        } else {
            changed
        }
        .to_string()
    })
}

pub(super) fn atbash(text: &str, _random: &mut Random) -> String {
    letters(text, |letter| 25 - letter)
}

pub(super) fn caesar(text: &str, _random: &mut Random) -> String {
    letters(text, |letter| (letter + 3) % 26)
}

pub(super) fn rot13(text: &str, _random: &mut Random) -> String {
    letters(text, |letter| (letter + 13) % 26)
}

pub(super) fn base32(text: &str, _random: &mut Random) -> String {
    BASE32.encode(text.as_bytes())
}

pub(super) fn base64(text: &str, _random: &mut Random) -> String {
    BASE64.encode(text.as_bytes())
}

pub(super) fn base64_url(text: &str, _random: &mut Random) -> String {
    BASE64URL_NOPAD.encode(text.as_bytes())
}

pub(super) fn base64_twice(text: &str, random: &mut Random) -> String {
    base64(&base64(text, random), random)
}

pub(super) fn hexadecimal(text: &str, _random: &mut Random) -> String {
    HEXLOWER.encode(text.as_bytes())
}

pub(super) fn hexadecimal_base64(text: &str, random: &mut Random) -> String {
    hexadecimal(&base64(text, random), random)
}

/// Each byte in a notation, joined by `between`.
fn bytes(text: &str, between: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect::<Vec<_>>().join(between)
}

pub(super) fn hexadecimal_pairs(text: &str, _random: &mut Random) -> String {
    bytes(text, " ", |byte| format!("{byte:02x}"))
}

pub(super) fn binary(text: &str, _random: &mut Random) -> String {
    bytes(text, " ", |byte| format!("{byte:08b}"))
}

pub(super) fn character_codes(text: &str, random: &mut Random) -> String {
    let between = random.pick(&[" ", ",", ", "]);
    bytes(text, between, |byte| byte.to_string())
}

pub(super) fn percent(text: &str, _random: &mut Random) -> String {
    bytes(text, "", |byte| format!("%{byte:02X}"))
}

pub(super) fn quoted_printable(text: &str, _random: &mut Random) -> String {
    let mut out = String::new();
    for (index, byte) in text.bytes().enumerate() {
        if index > 0 && index % 24 == 0 {
            out.push_str("=\n");
        }
        let _ = write!(out, "={byte:02X}");
    }
    out
}

pub(super) fn unicode_escapes(text: &str, _random: &mut Random) -> String {
    let mut out = String::new();
    for unit in text.encode_utf16() {
        let _ = write!(out, "\\u{unit:04x}");
    }
    out
}

pub(super) fn entities(text: &str, random: &mut Random) -> String {
    replace(text, |character| {
        let code = u32::from(character);
        if random.chance(50) {
            format!("&#{code};")
        } else {
            format!("&#x{code:x};")
        }
    })
}

pub(super) fn uuencode(text: &str, _random: &mut Random) -> String {
    let digit = |value: u32| char::from(if value == 0 { b'`' } else { value as u8 + b' ' });
    let mut out = String::new();
    for line in text.as_bytes().chunks(45) {
        out.push(digit(line.len() as u32));
        for group in line.chunks(3) {
            let mut padded = [0u8; 4];
            padded[1..=group.len()].copy_from_slice(group);
            let value = u32::from_be_bytes(padded);
            out.extend([18, 12, 6, 0].map(|shift| digit(value >> shift & 63)));
        }
        out.push('\n');
    }
    out
}

pub(super) fn sneaky_bits(text: &str, _random: &mut Random) -> String {
    let bits = text.bytes().flat_map(|byte| {
        (0..8).rev().map(move |bit| {
            if byte >> bit & 1 == 0 {
                '\u{2062}'
            } else {
                '\u{2064}'
            }
        })
    });
    std::iter::once('⚡').chain(bits).collect()
}

pub(super) fn reversed(text: &str, _random: &mut Random) -> String {
    text.chars().rev().collect()
}

pub(super) fn words_reversed(text: &str, random: &mut Random) -> String {
    let words: Vec<String> = text.split(' ').map(|word| reversed(word, random)).collect();
    words.join(" ")
}

/// Letters a to z as words or signs, joined; other characters stay.
fn spelt(text: &str, between: &str, gap: &str, alphabet: &[&str; 26]) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            word.chars()
                .map(|character| {
                    let small = character.to_ascii_lowercase();
                    if small.is_ascii_lowercase() {
                        alphabet[usize::from(small as u8 - b'a')].to_owned()
                    } else {
                        character.to_string()
                    }
                })
                .collect::<Vec<_>>()
                .join(between)
        })
        .collect();
    words.join(gap)
}

pub(super) fn morse(text: &str, random: &mut Random) -> String {
    let gap = random.pick(&[" / ", "   ", "\n"]);
    spelt(
        text,
        " ",
        gap,
        &[
            ".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..",
            "--", "-.", "---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-",
            "-.--", "--..",
        ],
    )
}

pub(super) fn nato(text: &str, random: &mut Random) -> String {
    let gap = random.pick(&["\n", " / ", "   "]);
    spelt(
        text,
        " ",
        gap,
        &[
            "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India",
            "Juliett", "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo",
            "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu",
        ],
    )
}

pub(super) fn braille(text: &str, random: &mut Random) -> String {
    let gap = random.pick(&[" ", "⠀"]);
    spelt(
        text,
        "",
        gap,
        &[
            "⠁", "⠃", "⠉", "⠙", "⠑", "⠋", "⠛", "⠓", "⠊", "⠚", "⠅", "⠇", "⠍", "⠝", "⠕", "⠏", "⠟",
            "⠗", "⠎", "⠞", "⠥", "⠧", "⠺", "⠭", "⠽", "⠵",
        ],
    )
}

pub(super) fn circled(text: &str, _random: &mut Random) -> String {
    replace(text, |character| match character {
        'a'..='z' => shifted(character, 0x24D0 - u32::from('a')),
        'A'..='Z' => shifted(character, 0x24B6 - u32::from('A')),
        other => other.to_string(),
    })
}

pub(super) fn mathematical_bold(text: &str, _random: &mut Random) -> String {
    replace(text, |character| match character {
        'a'..='z' => shifted(character, 0x1D41A - u32::from('a')),
        'A'..='Z' => shifted(character, 0x1D400 - u32::from('A')),
        '0'..='9' => shifted(character, 0x1D7CE - u32::from('0')),
        other => other.to_string(),
    })
}

pub(super) fn parenthesised(text: &str, _random: &mut Random) -> String {
    replace(&text.to_ascii_lowercase(), |character| match character {
        'a'..='z' => shifted(character, 0x249C - u32::from('a')),
        other => other.to_string(),
    })
}

pub(super) fn regional_indicators(text: &str, random: &mut Random) -> String {
    let between = random.pick(&["", "\u{200B}"]);
    replace(&text.to_ascii_uppercase(), |character| match character {
        'A'..='Z' => shifted(character, 0x1F1E6 - u32::from('A')) + between,
        other => other.to_string(),
    })
}

pub(super) fn small_capitals(text: &str, _random: &mut Random) -> String {
    const SMALL: [char; 26] = [
        'ᴀ', 'ʙ', 'ᴄ', 'ᴅ', 'ᴇ', 'ꜰ', 'ɢ', 'ʜ', 'ɪ', 'ᴊ', 'ᴋ', 'ʟ', 'ᴍ', 'ɴ', 'ᴏ', 'ᴘ', 'ǫ', 'ʀ',
        's', 'ᴛ', 'ᴜ', 'ᴠ', 'ᴡ', 'x', 'ʏ', 'ᴢ',
    ];
    replace(&text.to_ascii_lowercase(), |character| {
        if character.is_ascii_lowercase() {
            SMALL[usize::from(character as u8 - b'a')]
        } else {
            character
        }
        .to_string()
    })
}

pub(super) fn squared(text: &str, _random: &mut Random) -> String {
    replace(&text.to_ascii_uppercase(), |character| match character {
        'A'..='Z' => shifted(character, 0x1F170 - u32::from('A')),
        other => other.to_string(),
    })
}

pub(super) fn zalgo(text: &str, random: &mut Random) -> String {
    const MARKS: [char; 8] = [
        '\u{30D}', '\u{311}', '\u{316}', '\u{31F}', '\u{334}', '\u{353}', '\u{35C}', '\u{489}',
    ];
    replace(text, |character| {
        let mut out = character.to_string();
        while out.chars().count() < 4 && character != ' ' {
            out.push(random.pick(&MARKS));
        }
        out
    })
}

pub(super) fn hyphens(text: &str, random: &mut Random) -> String {
    let between = random.pick(&["-", ".", "_", "*"]);
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            word.chars()
                .map(String::from)
                .collect::<Vec<_>>()
                .join(between)
        })
        .collect();
    words.join("  ")
}

pub(super) fn html_tags(text: &str, random: &mut Random) -> String {
    let (open, close) = random.pick(&[
        ("<b>", "</b>"),
        ("<span class=\"x\">", "</span>"),
        ("<!-- -->", ""),
    ]);
    replace(text, |character| {
        if character == ' ' {
            " ".to_owned()
        } else {
            format!("{open}{character}{close}")
        }
    })
}

pub(super) fn markdown_emphasis(text: &str, random: &mut Random) -> String {
    let mark = random.pick(&["**", "*", "~~"]);
    replace(text, |character| {
        if character == ' ' {
            " ".to_owned()
        } else {
            format!("{mark}{character}{mark}")
        }
    })
}
