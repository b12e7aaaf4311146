//! Which stretches of a text are judged on their own.

use std::ops::Range;

/// Sentences shorter than this join the next: "Hello." says nothing about a topic.
const SHORTEST_SENTENCE: usize = 24;

/// Longer sentences, in bytes, are left to the token windows.
const LONGEST_SENTENCE: usize = 400;

/// The sentences of `text`, if it has more than one: a topical sentence stands out only when it is
/// read alone. Not exhaustive; the token windows cover all of the text.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = at + character.len_utf8();
        let next = characters.peek().map(|&(_, next)| next);
        if ends_sentence(character, next) && text[start..after].trim().len() >= SHORTEST_SENTENCE {
            found.push(start..after);
            start = after;
        }
    }
    if start == 0 {
        return Vec::new();
    }
    if !text[start..].trim().is_empty() {
        found.push(start..text.len());
    }
    found.retain(|sentence| sentence.len() <= LONGEST_SENTENCE);
    found
}

/// Whether `character` closes a sentence before `next`. A full stop inside "3.5" or "e.g." does not.
fn ends_sentence(character: char, next: Option<char>) -> bool {
    match character {
        '\n' | '。' | '！' | '？' | '।' => true,
        '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
        _ => false,
    }
}
