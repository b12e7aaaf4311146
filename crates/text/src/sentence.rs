//! Sentences, for judging a text piece by piece.
//!
//! Boundaries of Unicode Standard Annex 29, which know the full stops of CJK, Indic, Arabic and other
//! scripts, corrected by rules for what it gets wrong: abbreviations, initials, list numbers, and stops of
//! languages in the middle of addresses. Thai, Lao and Khmer end sentences with spaces only; they are split
//! where a line ends.

use crate::span::Span;
use unicode_segmentation::UnicodeSegmentation;

/// Words after which a full stop hardly ever ends a sentence, without it, in small letters.
const ABBREVIATIONS: [&str; 58] = [
    "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "mt", "ft", "gen", "col", "lt", "sgt",
    "capt", "rev", "hon", "vs", "etc", "eg", "e.g", "ie", "i.e", "cf", "al", "no", "nos", "vol",
    "pp", "fig", "figs", "eq", "approx", "dept", "est", "inc", "ltd", "corp", "co", "sra", "srta",
    "dra", "ud", "uds", "ej", "pág", "mme", "mlle", "env", "hr", "fr", "bzw", "usw", "ca", "nr",
    "z.b", "d.h", "u.a",
];

/// Abbreviations that end sentences too: what follows decides.
const MAY_END: [&str; 5] = ["etc", "inc", "ltd", "corp", "co"];

/// The sentences of a text in order, without the white space around them. Nothing else is left out.
pub fn sentences(text: &str) -> Vec<Span> {
    let mut sentences: Vec<Span> = Vec::new();
    let mut start = 0;
    for piece in text.split_sentence_bounds() {
        let end = start + piece.len();
        for line in lines(text, start, end) {
            push(text, line, &mut sentences);
        }
        start = end;
    }
    sentences
}

/// The lines between two places, trimmed; empty ones left out.
fn lines(text: &str, start: usize, end: usize) -> impl Iterator<Item = Span> {
    text[start..end]
        .split_inclusive(is_line_break)
        .scan(start, |position, line| {
            let from = *position + line.len() - line.trim_start().len();
            *position += line.len();
            let shown = line.trim();
            Some(Span::new(from..from + shown.len()))
        })
        .filter(|line| !line.is_empty())
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Adds a sentence, or joins it to the one before if that did not end.
fn push(text: &str, next: Span, sentences: &mut Vec<Span>) {
    if let Some(last) = sentences.last_mut() {
        let between = &text[last.end()..next.start()];
        let same_line = between
            .chars()
            .all(|character| character == ' ' || character == '\u{A0}' || character == '\t');
        if same_line && !ends(&text[last.range()], &text[next.range()]) {
            *last = last.cover(next);
            return;
        }
    }
    sentences.push(next);
}

/// Whether a sentence ends between `before` and `after`.
fn ends(before: &str, after: &str) -> bool {
    let Some(stopped) = before.strip_suffix('.') else {
        return true;
    };
    // An ellipsis ends a sentence only if the next begins like one.
    if stopped.ends_with('.') {
        return after
            .chars()
            .next()
            .is_none_or(|first| !first.is_lowercase());
    }
    let word = stopped
        .rsplit(|character: char| character.is_whitespace() || matches!(character, '(' | '"' | '“'))
        .next();
    let word = word.unwrap_or_default().to_lowercase();
    if MAY_END.contains(&word.as_str()) {
        return after.starts_with(char::is_uppercase);
    }
    if ABBREVIATIONS.contains(&word.as_str()) {
        return false;
    }
    // `1.` before an item, and the initials of a name.
    let is_number_of_item = stopped.len() <= 3 && stopped.bytes().all(|byte| byte.is_ascii_digit());
    let is_initial = word.chars().count() == 1
        && word.chars().all(char::is_alphabetic)
        && stopped.ends_with(char::is_uppercase);
    !(is_number_of_item || is_initial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|span| &text[span.range()])
            .collect()
    }

    #[test]
    fn splits() {
        for (text, parts) in [
            ("One. Two! Three?", &["One.", "Two!", "Three?"][..]),
            (
                "Dr. Smith paid $3.50 to J. R. Tolkien. He left.",
                &["Dr. Smith paid $3.50 to J. R. Tolkien.", "He left."],
            ),
            (
                "Wait... what? Yes... No.",
                &["Wait... what?", "Yes...", "No."],
            ),
            (
                "See www.example.com for more. Thanks.",
                &["See www.example.com for more.", "Thanks."],
            ),
            (
                "Apples, pears, etc. are fruit. Nuts etc. They differ.",
                &[
                    "Apples, pears, etc. are fruit.",
                    "Nuts etc.",
                    "They differ.",
                ],
            ),
            (
                "1. Open the box.\n2. Close it.",
                &["1. Open the box.", "2. Close it."],
            ),
            (
                "No stop\nbut a line\n\nand more",
                &["No stop", "but a line", "and more"],
            ),
            (
                "今日は。明日は？はい！",
                &["今日は。", "明日は？", "はい！"],
            ),
            ("यह एक है। यह दो है।", &["यह एक है।", "यह दो है।"]),
            ("هل هذا جيد؟ نعم.", &["هل هذا جيد؟", "نعم."]),
            (
                "Él dijo: «¿Vienes?» Y se fue.",
                &["Él dijo: «¿Vienes?»", "Y se fue."],
            ),
            ("   ", &[]),
            ("", &[]),
        ] {
            assert_eq!(split(text), parts, "{text:?}");
        }
    }
}
