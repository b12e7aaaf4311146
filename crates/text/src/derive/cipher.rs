//! Letter substitution and reversal: ROT13, Caesar's shift by three, Atbash, text or words read
//! from the end. Any text can be read so; a reading is believed only where it turns a stretch that
//! is not language into one that is.

use super::language::{Evidence, is_known, is_known_reversed, segments, words};
use crate::map::{Builder, Outcome, Parent};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A reading that is believed only on evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Rot13,
    Caesar3,
    Atbash,
    /// The whole stretch read from its end.
    Reversed,
    /// Each word read from its end.
    WordsReversed,
}

impl Cipher {
    /// The small letter that a small letter stands for.
    fn letter(self, letter: u8) -> u8 {
        let shift = |by: u8| b'a' + (letter - b'a' + by) % 26;
        match self {
            _ if !letter.is_ascii_lowercase() => letter,
            Self::Rot13 => shift(13),
            Self::Caesar3 => shift(23),
            Self::Atbash => b'z' - (letter - b'a'),
            Self::Reversed | Self::WordsReversed => letter,
        }
    }

    fn is_known(self, word: &str) -> bool {
        match self {
            Self::Reversed | Self::WordsReversed => is_known_reversed(word),
            _ => is_known(word, |letter| self.letter(letter)),
        }
    }
}

/// Ciphers told apart by their words alone. [`Cipher::WordsReversed`] has the evidence of
/// [`Cipher::Reversed`].
const CANDIDATES: [Cipher; 4] = [
    Cipher::Rot13,
    Cipher::Caesar3,
    Cipher::Atbash,
    Cipher::Reversed,
];

/// Stretches of a text in cipher.
#[derive(Debug, Default)]
pub(crate) struct Enciphered {
    stretches: Vec<(Range<usize>, Cipher)>,
}

impl Enciphered {
    /// Looks at every stretch between sentence punctuation.
    pub(crate) fn find(text: &str) -> Self {
        let stretches = segments(text)
            .filter_map(|range| Some((range.clone(), recognise(&text[range])?)))
            .collect();
        Self { stretches }
    }

    /// The ciphers found, each once.
    pub(crate) fn ciphers(&self) -> Vec<Cipher> {
        let mut ciphers = Vec::new();
        for (_, cipher) in &self.stretches {
            if !ciphers.contains(cipher) {
                ciphers.push(*cipher);
            }
        }
        if ciphers.contains(&Cipher::Reversed) {
            ciphers.push(Cipher::WordsReversed);
        }
        ciphers
    }

    /// The text with the stretches in `cipher` made plain.
    pub(crate) fn decipher(&self, parent: Parent<'_>, cipher: Cipher, limit: usize) -> Outcome {
        let mut out = Builder::new(parent, limit);
        let mut copied = 0;
        for (range, found) in &self.stretches {
            let same_evidence = cipher == Cipher::WordsReversed && *found == Cipher::Reversed;
            if *found != cipher && !same_evidence {
                continue;
            }
            out.keep(copied..range.start);
            write_plain(&mut out, parent.text, range.clone(), cipher);
            copied = range.end;
        }
        out.keep(copied..parent.text.len());
        out.finish()
    }
}

fn recognise(segment: &str) -> Option<Cipher> {
    if !Evidence::of(segment).is_foreign() {
        return None;
    }
    let mut candidates = [Evidence::default(); CANDIDATES.len()];
    for range in words(segment) {
        let word = &segment[range];
        for (evidence, cipher) in candidates.iter_mut().zip(CANDIDATES) {
            evidence.count(word, cipher.is_known(word));
        }
    }
    let (best, cipher) = candidates
        .into_iter()
        .zip(CANDIDATES)
        .max_by_key(|(evidence, _)| evidence.known_letters)?;
    best.is_convincing().then_some(cipher)
}

fn write_plain(out: &mut Builder<'_>, text: &str, range: Range<usize>, cipher: Cipher) {
    match cipher {
        Cipher::Reversed => put_reversed(out, text, range),
        Cipher::WordsReversed => {
            let mut copied = range.start;
            for word in words(&text[range.clone()]) {
                let word = range.start + word.start..range.start + word.end;
                out.keep(copied..word.start);
                put_reversed(out, text, word.clone());
                copied = word.end;
            }
            out.keep(copied..range.end);
        }
        Cipher::Rot13 | Cipher::Caesar3 | Cipher::Atbash => {
            for (offset, character) in text[range.clone()].char_indices() {
                let at = range.start + offset..range.start + offset + character.len_utf8();
                let Some(small) = character
                    .is_ascii_alphabetic()
                    .then(|| character.to_ascii_lowercase())
                else {
                    out.keep(at);
                    continue;
                };
                let plain = char::from(cipher.letter(small as u8));
                let plain = if character.is_ascii_uppercase() {
                    plain.to_ascii_uppercase()
                } else {
                    plain
                };
                out.put(plain.encode_utf8(&mut [0; 4]), at);
            }
        }
    }
}

fn put_reversed(out: &mut Builder<'_>, text: &str, range: Range<usize>) {
    for (offset, cluster) in text[range.clone()].grapheme_indices(true).rev() {
        let at = range.start + offset;
        out.keep(at..at + cluster.len());
    }
}
