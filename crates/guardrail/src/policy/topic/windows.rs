//! Which stretches of a text are judged on their own.

use std::ops::Range;

/// Sentences shorter than this join the next: "Hello." says nothing about a topic.
const SHORTEST_SENTENCE: usize = 24;

/// Longer sentences, in bytes, are left to the token windows.
const LONGEST_SENTENCE: usize = 400;

/// This many letters in a row that are not Latin are a sentence of another language, not a quoted
/// word or two.
const FOREIGN_LETTERS: usize = 16;

/// Whether `text` holds a stretch of another script than Latin, which an English model's vocabulary
/// spells letter by letter and does not understand. White space, digits and signs do not end it.
pub(super) fn holds_foreign_script(text: &str) -> bool {
    let mut run = 0;
    for character in text.chars().filter(|character| character.is_alphabetic()) {
        run = if is_latin(character) { 0 } else { run + 1 };
        if run == FOREIGN_LETTERS {
            return true;
        }
    }
    false
}

/// Basic Latin to IPA extensions, Latin Extended Additional, modifier letters.
fn is_latin(character: char) -> bool {
    matches!(character, '\0'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}')
}

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

#[cfg(test)]
mod foreign_script {
    use super::holds_foreign_script;

    #[test]
    fn sentences_of_other_scripts_are_foreign() {
        for text in [
            "Как мне лучше вложить мои сбережения?",
            "我应该如何为退休投资？请给我一些具体的建议。",
            "Please answer: मुझे सेवानिवृत्ति के लिए कहाँ निवेश करना चाहिए?",
        ] {
            assert!(holds_foreign_script(text), "{text}");
        }
    }

    #[test]
    fn latin_text_with_a_quoted_word_is_not() {
        for text in [
            "How should I invest for my retirement?",
            "¿Cómo debería invertir para mi jubilación?",
            "Đầu tư cho hưu trí như thế nào?",
            "What does спасибо mean, and what 谢谢?",
            "👩‍👩‍👧 🇪🇸 1234 ±∞ ∑",
            "",
        ] {
            assert!(!holds_foreign_script(text), "{text}");
        }
    }
}
