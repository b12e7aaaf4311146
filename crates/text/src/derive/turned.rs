//! Text turned upside down: letters that show as turned ones, in reverse order.

use crate::map::{Builder, Outcome, Parent};
use std::ops::Range;

/// Turned letters that are no plain letters themselves: proof that text is turned.
const TURNED: [(char, char); 56] = [
    ('ɐ', 'a'),
    ('ɒ', 'a'),
    ('ɔ', 'c'),
    ('ǝ', 'e'),
    ('ə', 'e'),
    ('ɟ', 'f'),
    ('ƃ', 'g'),
    ('ɓ', 'g'),
    ('ɥ', 'h'),
    ('ᴉ', 'i'),
    ('ı', 'i'),
    ('ᴵ', 'i'),
    ('ɾ', 'j'),
    ('ſ', 'j'),
    ('ʞ', 'k'),
    ('ʃ', 'l'),
    ('ꞁ', 'l'),
    ('ɯ', 'm'),
    ('ɹ', 'r'),
    ('ʇ', 't'),
    ('ʌ', 'v'),
    ('ʍ', 'w'),
    ('ʎ', 'y'),
    ('∀', 'A'),
    ('Ɐ', 'A'),
    ('𐐒', 'B'),
    ('ᗺ', 'B'),
    ('Ɔ', 'C'),
    ('ᗡ', 'D'),
    ('◖', 'D'),
    ('Ǝ', 'E'),
    ('Ⅎ', 'F'),
    ('⅁', 'G'),
    ('פ', 'G'),
    ('ſ', 'J'),
    ('⋊', 'K'),
    ('˥', 'L'),
    ('⅂', 'L'),
    ('Ԁ', 'P'),
    ('Ό', 'Q'),
    ('ᴚ', 'R'),
    ('⊥', 'T'),
    ('┴', 'T'),
    ('∩', 'U'),
    ('Λ', 'V'),
    ('Ʌ', 'V'),
    ('⅄', 'Y'),
    ('Ɩ', '1'),
    ('ᄅ', '2'),
    ('Ɛ', '3'),
    ('ㄣ', '4'),
    ('ϛ', '5'),
    ('¿', '?'),
    ('¡', '!'),
    ('˙', '.'),
    ('ʻ', ','),
];

/// The plain character that a plain one shows when turned.
fn symmetric(character: char) -> Option<char> {
    Some(match character {
        'b' => 'q',
        'q' => 'b',
        'd' => 'p',
        'p' => 'd',
        'n' => 'u',
        'u' => 'n',
        'M' => 'W',
        'W' => 'M',
        '6' => '9',
        '9' => '6',
        ',' => '\'',
        '\'' => ',',
        'o' | 's' | 'x' | 'z' | 'l' | 'I' | 'H' | 'N' | 'O' | 'S' | 'X' | 'Z' | '0' | '8' | '-' => {
            character
        }
        _ => return None,
    })
}

/// Blocks without turned letters that most of the world's text is written in.
fn is_elsewhere(character: char) -> bool {
    matches!(character, '\u{400}'..='\u{4FF}' | '\u{600}'..='\u{10FF}' | '\u{3130}'..='\u{A77F}' | '\u{AC00}'..='\u{FFFF}')
}

/// The upright letter and whether it proves that the text is turned.
fn upright(character: char) -> Option<(char, bool)> {
    if character.is_ascii() {
        return symmetric(character).map(|plain| (plain, false));
    }
    if is_elsewhere(character) {
        return None;
    }
    let (_, plain) = TURNED.iter().find(|(turned, _)| *turned == character)?;
    let proof = character.is_alphabetic() && !is_ordinary_elsewhere(character);
    Some((*plain, proof))
}

/// Letters that some script is written with (Greek, Hebrew, Hangul): they may stand for turned ones,
/// but prove nothing.
fn is_ordinary_elsewhere(character: char) -> bool {
    matches!(character, '\u{370}'..='\u{3FF}' | '\u{590}'..='\u{5FF}' | '\u{1100}'..='\u{11FF}')
}

/// The text with turned stretches set upright.
pub(crate) fn fold(parent: Parent<'_>, limit: usize) -> Outcome {
    let text = parent.text;
    if text.is_ascii() {
        return Outcome::Same;
    }
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    for run in runs(text) {
        out.keep(copied..run.start);
        for (offset, character) in text[run.clone()].char_indices().rev() {
            let at = run.start + offset..run.start + offset + character.len_utf8();
            match upright(character) {
                Some((plain, _)) => out.put(plain.encode_utf8(&mut [0; 4]), at),
                None => out.keep(at),
            }
        }
        copied = run.end;
    }
    out.keep(copied..text.len());
    out.finish()
}

/// Longest runs of words of which every letter can be a turned one, and of which at least three
/// letters, and one in five, can be nothing else.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    for (start, word) in words(text) {
        let mut proofs = 0;
        let fits = word.chars().all(|character| {
            let upright = upright(character);
            proofs += usize::from(upright.is_some_and(|(_, proof)| proof));
            upright.is_some() || !character.is_alphanumeric() || character.is_ascii_digit()
        });
        let shown = word.trim_end();
        if fits {
            run.extend(start..start + shown.len(), shown.chars().count(), proofs);
        }
        if !fits || word.ends_with('\n') {
            runs.extend(run.take());
        }
    }
    runs.extend(run.take());
    runs
}

/// Words with the byte at which each starts; a line break stays on the word before it.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive([' ', '\n', '\t'])
        .scan(0, |position, piece| {
            let start = *position;
            *position += piece.len();
            Some((start, piece))
        })
        .filter_map(|(start, piece)| {
            let word = piece.trim_end_matches([' ', '\t']);
            (!word.is_empty()).then_some((start, word))
        })
}

#[derive(Default)]
struct Run {
    range: Option<Range<usize>>,
    characters: usize,
    proofs: usize,
}

impl Run {
    fn extend(&mut self, word: Range<usize>, characters: usize, proofs: usize) {
        self.characters += characters;
        self.proofs += proofs;
        self.range = Some(match self.range.take() {
            Some(range) => range.start..word.end,
            None => word,
        });
    }

    fn take(&mut self) -> Option<Range<usize>> {
        let run = std::mem::take(self);
        run.range
            .filter(|_| run.proofs >= 3 && run.proofs * 5 >= run.characters)
    }
}
