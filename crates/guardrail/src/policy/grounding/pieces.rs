//! Sentences, and how one that is too long is cut. Nothing is ever left out.

use pretil_text::sentences;
use std::ops::Range;

/// A line shorter than this was not broken because it was full.
const WRAPPED_LINE: usize = 40;

/// Words that begin a clause after a comma, in small letters.
const BEGIN_CLAUSE: [&str; 36] = [
    "and", "but", "or", "so", "because", "which", "who", "while", "although", "unless", "if",
    "when", "where", "y", "e", "o", "pero", "porque", "aunque", "que", "cuando", "si", "mientras",
    "donde", "et", "mais", "ou", "car", "donc", "qui", "quand", "lorsque", "tandis", "parce",
    "puis", "sauf",
];

/// The sentences of `text`. A line that was broken because it was full goes on in the next.
pub(super) fn whole_sentences(text: &str) -> Vec<Range<usize>> {
    let mut whole: Vec<Range<usize>> = Vec::new();
    for sentence in sentences(text) {
        let next = sentence.range();
        if let Some(last) = whole.last_mut()
            && goes_on(text, last, &next)
        {
            last.end = next.end;
            continue;
        }
        whole.push(next);
    }
    whole
}

/// Whether the line that ends `before` was broken inside a sentence.
fn goes_on(text: &str, before: &Range<usize>, after: &Range<usize>) -> bool {
    let between = &text[before.end..after.start];
    let line = text[..before.end].rsplit('\n').next().unwrap_or_default();
    between.matches('\n').count() == 1
        && line.trim().len() >= WRAPPED_LINE
        && !line.contains('|')
        && !text[..before.end].ends_with(['.', '!', '?', ':', ';'])
        && text[after.start..].starts_with(char::is_lowercase)
}

/// `range` in as few pieces as have at most `limit` tokens, cut where a clause ends if that can be, else
/// between words, else anywhere.
pub(super) fn fitting(
    text: &str,
    range: Range<usize>,
    limit: usize,
    tokens: &dyn Fn(&str) -> usize,
) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut rest = vec![trimmed(text, range)];
    while let Some(piece) = rest.pop() {
        if piece.is_empty() {
            continue;
        }
        let shown = &text[piece.clone()];
        let place = (tokens(shown) > limit).then(|| cut(shown)).flatten();
        let Some(place) = place else {
            pieces.push(piece);
            continue;
        };
        let place = piece.start + place;
        rest.push(trimmed(text, place..piece.end));
        rest.push(trimmed(text, piece.start..place));
    }
    pieces
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let shown = &text[range.clone()];
    let start = range.end - shown.trim_start().len();
    let end = range.start + shown.trim_end().len();
    start..end.max(start)
}

/// Where to cut `text` in two: near its middle, at the strongest boundary there is in its middle half.
/// `None` if it is a single character.
fn cut(text: &str) -> Option<usize> {
    let boundaries = text.char_indices().skip(1).map(|(at, _)| at);
    boundaries
        .map(|at| (strength(text, at), at))
        .max_by_key(|&(strength, at)| {
            let off = at.abs_diff(text.len() / 2);
            let outside = off > text.len() / 4;
            (
                if outside { strength.min(1) } else { strength },
                usize::MAX - off,
            )
        })
        .map(|(_, at)| at)
}

/// How good it is to cut before the byte `at`: 3 between clauses, 2 at a comma, 1 between words.
fn strength(text: &str, at: usize) -> u8 {
    let (before, after) = text.split_at(at);
    if !before.ends_with(char::is_whitespace) || after.starts_with(char::is_whitespace) {
        return 0;
    }
    let before = before.trim_end();
    if before.ends_with([';', ':', '.', '!', '?', '–', '—']) {
        return 3;
    }
    if !before.ends_with(',') {
        return 1;
    }
    let word = after.split(|c: char| !c.is_alphanumeric()).next();
    let word = word.unwrap_or_default().to_lowercase();
    if BEGIN_CLAUSE.contains(&word.as_str()) {
        3
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn shown<'t>(text: &'t str, pieces: &[Range<usize>]) -> Vec<&'t str> {
        pieces.iter().map(|piece| &text[piece.clone()]).collect()
    }

    #[test]
    fn full_lines_go_on() {
        for (text, parts) in [
            (
                "The monthly fee for maintaining a checking account is\nten dollars. It is due.",
                &[
                    "The monthly fee for maintaining a checking account is\nten dollars.",
                    "It is due.",
                ][..],
            ),
            ("Apples\npears", &["Apples", "pears"]),
            (
                "Here is what the account offers you every month:\nno fees",
                &[
                    "Here is what the account offers you every month:",
                    "no fees",
                ],
            ),
        ] {
            assert_eq!(shown(text, &whole_sentences(text)), parts);
        }
    }

    #[test]
    fn cuts_where_clauses_end() {
        let text =
            "The fee is ten dollars each month, and late payments cost more, such as interest";
        let parts = fitting(text, 0..text.len(), 8, &words);
        assert_eq!(
            shown(text, &parts),
            [
                "The fee is ten dollars each month,",
                "and late payments cost more, such as interest"
            ]
        );
    }

    proptest! {
        #[test]
        fn pieces_fit_and_hold_everything(text in "[a-zé,;. \u{4e00}]{0,60}", limit in 1_usize..9) {
            let characters = |text: &str| text.chars().count();
            let pieces = fitting(&text, 0..text.len(), limit, &characters);
            let mut done = 0;
            for piece in pieces {
                prop_assert!(text[done..piece.start].trim().is_empty());
                prop_assert!(characters(&text[piece.clone()]) <= limit);
                done = piece.end;
            }
            prop_assert!(text[done..].trim().is_empty());
        }
    }
}
