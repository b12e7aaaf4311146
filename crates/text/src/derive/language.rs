//! Does a text read as language? Asked before a reading is believed that any text would give,
//! such as one turned around or enciphered.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Frequent English words and the vocabulary of instructions to models. At least three letters each:
/// shorter words come up by chance.
static ENGLISH_WORDS: LazyLock<HashSet<&'static [u8]>> = LazyLock::new(|| {
    include_str!("english_words.txt")
        .split_ascii_whitespace()
        .map(str::as_bytes)
        .collect()
});

/// Those, and frequent words of Spanish, French, German, Italian and Portuguese, without accents.
static KNOWN_WORDS: LazyLock<HashSet<&'static [u8]>> = LazyLock::new(|| {
    include_str!("european_words.txt")
        .split_ascii_whitespace()
        .map(str::as_bytes)
        .chain(ENGLISH_WORDS.iter().copied())
        .collect()
});

/// No known word is longer. In bytes.
const LONGEST: usize = 16;

/// Whether the word, case aside, is a frequent English one.
pub(crate) fn is_english(word: &str) -> bool {
    ENGLISH_WORDS.contains(word.to_ascii_lowercase().as_bytes())
}

/// Whether the word, letters taken through `change`, is a known one. `change` sees small letters.
pub(crate) fn is_known(word: &str, change: impl Fn(u8) -> u8) -> bool {
    let length = word.len();
    if !(3..=LONGEST).contains(&length) {
        return false;
    }
    let mut changed = [0; LONGEST];
    for (to, from) in changed.iter_mut().zip(word.bytes()) {
        *to = change(from.to_ascii_lowercase());
    }
    KNOWN_WORDS.contains(&changed[..length])
}

/// Whether the word, read from its end, is a known one.
pub(crate) fn is_known_reversed(word: &str) -> bool {
    let length = word.len();
    if !(3..=LONGEST).contains(&length) {
        return false;
    }
    let mut changed = [0; LONGEST];
    for (to, from) in changed.iter_mut().zip(word.bytes().rev()) {
        *to = from.to_ascii_lowercase();
    }
    KNOWN_WORDS.contains(&changed[..length])
}

/// How many words of at least three letters a text has, and how many are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) words: usize,
    pub(crate) known: usize,
    /// Letters in the known words.
    pub(crate) known_letters: usize,
}

impl Evidence {
    /// Counts one word.
    pub(crate) fn count(&mut self, word: &str, known: bool) {
        self.words += usize::from(word.len() >= 3);
        if known {
            self.known += 1;
            self.known_letters += word.len();
        }
    }

    /// The evidence for a text as it stands.
    pub(crate) fn of(text: &str) -> Self {
        let mut evidence = Self::default();
        for range in words(text) {
            let word = &text[range];
            evidence.count(word, is_known(word, |letter| letter));
        }
        evidence
    }

    /// At least two known words, long enough together not to come up by chance, and at least two in five.
    pub(crate) fn is_convincing(self) -> bool {
        self.known >= 2 && self.known_letters >= 8 && self.known * 5 >= self.words * 2
    }

    /// At most one known word in six.
    pub(crate) fn is_foreign(self) -> bool {
        self.known * 6 <= self.words
    }
}

/// Runs of ASCII letters.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut position = 0;
    std::iter::from_fn(move || {
        while position < bytes.len() && !bytes[position].is_ascii_alphabetic() {
            position += 1;
        }
        let start = position;
        while position < bytes.len() && bytes[position].is_ascii_alphabetic() {
            position += 1;
        }
        (start < position).then_some(start..position)
    })
}

/// Stretches of text between line breaks and sentence punctuation, without the punctuation.
pub(crate) fn segments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut position = 0;
    std::iter::from_fn(move || {
        if position >= text.len() {
            return None;
        }
        let rest = &text[position..];
        let start = position;
        let (length, separator) = rest
            .char_indices()
            .find(|(_, character)| ends_segment(*character))
            .map_or((rest.len(), 0), |(at, character)| {
                (at, character.len_utf8())
            });
        position += length + separator;
        Some(start..start + length)
    })
}

fn ends_segment(character: char) -> bool {
    matches!(
        character,
        '\n' | '.' | '!' | '?' | ':' | ';' | '"' | '(' | ')' | '\u{201C}' | '\u{201D}'
    )
}

/// Whether at least nine characters in ten are printable, and most are letters, digits or spaces.
pub(crate) fn is_textual(text: &str) -> bool {
    let (mut all, mut printable, mut plain) = (0usize, 0usize, 0usize);
    for character in text.chars() {
        all += 1;
        if character.is_control() && !matches!(character, '\n' | '\r' | '\t')
            || character == '\u{FFFD}'
        {
            continue;
        }
        printable += 1;
        plain += usize::from(character.is_alphanumeric() || character.is_whitespace());
    }
    all > 0 && printable * 10 >= all * 9 && plain * 10 >= all * 6
}
