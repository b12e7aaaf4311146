//! The twelve character injections.

use super::Random;

/// Replaces characters by a table; others stay.
pub(super) fn replace(text: &str, change: impl FnMut(char) -> String) -> String {
    text.chars().map(change).collect()
}

pub(super) fn bidirectional_text(text: &str, random: &mut Random) -> String {
    if random.chance(50) {
        return format!("\u{202E}{}\u{202C}", text.chars().rev().collect::<String>());
    }
    // Neighbours swapped, shown in order: Boucher et al., "Bad Characters" (2022).
    let characters: Vec<char> = text.chars().collect();
    characters
        .chunks(2)
        .map(|pair| match pair {
            [second, first] => format!(
                "\u{202D}\u{2066}\u{202E}\u{2066}{first}\u{2069}\u{2066}{second}\u{2069}\u{202C}\u{2069}\u{202C}"
            ),
            rest => rest.iter().collect(),
        })
        .collect()
}

pub(super) fn deletion_characters(text: &str, random: &mut Random) -> String {
    let control = random.pick(&['\u{8}', '\u{7F}']);
    replace(text, |character| {
        if random.chance(50) {
            format!("{character}{}{control}", random.pick(&['x', 'q', '#', '7']))
        } else {
            character.to_string()
        }
    })
}

pub(super) fn diacritics(text: &str, random: &mut Random) -> String {
    let mark = random.pick(&['\u{301}', '\u{300}', '\u{308}', '\u{302}']);
    let composed = random.chance(50);
    replace(text, |character| {
        let is_vowel = matches!(character.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u');
        if !is_vowel {
            return character.to_string();
        }
        if composed {
            return acute(character).to_string();
        }
        format!("{character}{mark}")
    })
}

fn acute(vowel: char) -> char {
    match vowel {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ó',
        'u' => 'ú',
        'A' => 'Á',
        'E' => 'É',
        'I' => 'Í',
        'O' => 'Ó',
        'U' => 'Ú',
        other => other,
    }
}

pub(super) fn emoji_smuggling(text: &str, random: &mut Random) -> String {
    let emoji = random.pick(&['😀', '👍', '🔥', '❤']);
    let hidden = text.bytes().filter_map(|byte| {
        let byte = u32::from(byte);
        char::from_u32(if byte < 16 {
            0xFE00 + byte
        } else {
            0xE0100 + byte - 16
        })
    });
    std::iter::once(emoji).chain(hidden).collect()
}

pub(super) fn full_width(text: &str, _random: &mut Random) -> String {
    replace(text, |character| match character {
        '!'..='~' => shifted(character, 0xFEE0),
        other => other.to_string(),
    })
}

/// The character `by` code points further on.
pub(super) fn shifted(character: char, by: u32) -> String {
    char::from_u32(u32::from(character) + by)
        .unwrap_or(character)
        .to_string()
}

/// Cyrillic, Greek and Armenian letters that look like Latin ones.
const HOMOGLYPHS: [(char, &[char]); 28] = [
    ('a', &['а', 'ɑ']),
    ('c', &['с', 'ϲ']),
    ('d', &['ԁ']),
    ('e', &['е']),
    ('g', &['ɡ']),
    ('h', &['һ']),
    ('i', &['і']),
    ('j', &['ј']),
    ('l', &['ӏ']),
    ('n', &['ո']),
    ('o', &['о', 'ο', 'օ']),
    ('p', &['р', 'ρ']),
    ('q', &['ԛ']),
    ('s', &['ѕ']),
    ('u', &['ս']),
    ('v', &['ѵ', 'ν']),
    ('w', &['ԝ']),
    ('x', &['х']),
    ('y', &['у']),
    ('A', &['А', 'Α']),
    ('B', &['В', 'Β']),
    ('C', &['С']),
    ('E', &['Е', 'Ε']),
    ('I', &['І', 'Ι']),
    ('O', &['О', 'Ο']),
    ('P', &['Р', 'Ρ']),
    ('S', &['Ѕ']),
    ('T', &['Т', 'Τ']),
];

pub(super) fn homoglyphs(text: &str, random: &mut Random) -> String {
    let share = random.pick(&[30, 60, 100]);
    replace(text, |character| {
        match HOMOGLYPHS.iter().find(|(letter, _)| *letter == character) {
            Some((_, alike)) if random.chance(share) => random.pick(alike).to_string(),
            _ => character.to_string(),
        }
    })
}

pub(super) fn numbers(text: &str, _random: &mut Random) -> String {
    replace(text, |character| {
        match character.to_ascii_lowercase() {
            'a' => '4',
            'e' => '3',
            'i' => '1',
            'o' => '0',
            's' => '5',
            't' => '7',
            _ => character,
        }
        .to_string()
    })
}

pub(super) fn spaces(text: &str, random: &mut Random) -> String {
    let space = random.pick(&[' ', ' ', '\u{A0}']);
    replace(text, |character| format!("{character}{space}"))
        .trim_end()
        .to_owned()
}

pub(super) fn underline_accent_marks(text: &str, random: &mut Random) -> String {
    let mark = random.pick(&['\u{332}', '\u{330}', '\u{333}']);
    replace(text, |character| format!("{character}{mark}"))
}

pub(super) fn unicode_tags(text: &str, _random: &mut Random) -> String {
    replace(text, |character| match character {
        ' '..='~' => shifted(character, 0xE0000),
        other => other.to_string(),
    })
}

/// a to z turned upside down.
const TURNED: [char; 26] = [
    'ɐ', 'q', 'ɔ', 'p', 'ǝ', 'ɟ', 'ƃ', 'ɥ', 'ᴉ', 'ɾ', 'ʞ', 'l', 'ɯ', 'u', 'o', 'd', 'b', 'ɹ', 's',
    'ʇ', 'n', 'ʌ', 'ʍ', 'x', 'ʎ', 'z',
];

pub(super) fn upside_down(text: &str, _random: &mut Random) -> String {
    text.chars()
        .rev()
        .map(|character| match character.to_ascii_lowercase() {
            small @ 'a'..='z' => TURNED[usize::from(small as u8 - b'a')],
            '.' => '˙',
            ',' => '\'',
            '\'' => ',',
            '?' => '¿',
            '!' => '¡',
            other => other,
        })
        .collect()
}

pub(super) fn zero_width(text: &str, random: &mut Random) -> String {
    const INVISIBLE: [char; 16] = [
        '\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}', '\u{AD}', '\u{34F}',
        '\u{180E}', '\u{2062}', '\u{2063}', '\u{2064}', '\u{3164}', '\u{115F}', '\u{FFA0}',
        '\u{2800}', '\u{200E}',
    ];
    let one = random.pick(&INVISIBLE);
    let several = random.chance(50);
    replace(text, |character| {
        format!(
            "{character}{}",
            if several {
                random.pick(&INVISIBLE)
            } else {
                one
            }
        )
    })
}
