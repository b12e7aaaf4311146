//! Encoding that leaves nothing out: what the model cannot read becomes a visible `[UNK]`.

use std::ops::Range;

use super::{
    Encoding,
    vocabulary::Vocabulary,
    words::{PAYLOAD_RUN, Payloads, Word, is_invisible, split_words},
};

/// Unknown characters in a row that one `[UNK]` stands for at most.
const MAX_UNKNOWN_RUN: usize = 16;

pub(super) fn encode(vocabulary: &Vocabulary, text: &str) -> Encoding {
    let special = vocabulary.special();
    let mut tokens = Vec::new();
    split_words(text, 0, Payloads::SplitWords, &mut |word| {
        push_word(vocabulary, &word, &mut tokens);
    });
    let tokens = cover_gaps(text, tokens, special.unknown);

    let mut encoding = Encoding::default();
    encoding.push(special.start, 0..0);
    for (id, range) in tokens {
        encoding.push(id, range);
    }
    encoding.push(special.end, text.len()..text.len());
    count_characters(text, special.unknown, &mut encoding);
    encoding
}

type Token = (u32, Range<usize>);

fn push_word(vocabulary: &Vocabulary, word: &Word<'_>, tokens: &mut Vec<Token>) {
    let unknown = vocabulary.special().unknown;
    let mut position = 0;
    let mut unknown_run = 0;
    while let Some(c) = word.text[position..].chars().next() {
        if let Some((id, length)) = vocabulary.longest_prefix(&word.text[position..], position > 0)
        {
            tokens.push((id, word.source(position..position + length)));
            position += length;
            unknown_run = 0;
            continue;
        }
        let source = word.source(position..position + c.len_utf8());
        match tokens.last_mut() {
            Some((_, range)) if unknown_run % MAX_UNKNOWN_RUN != 0 => range.end = source.end,
            _ => tokens.push((unknown, source)),
        }
        unknown_run += 1;
        position += c.len_utf8();
    }
}

/// Gives every character that is not white space to a token: a few dropped ones to the token before
/// (or after), a payload to an `[UNK]` of its own.
fn cover_gaps(text: &str, tokens: Vec<Token>, unknown: u32) -> Vec<Token> {
    let mut covered: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut end = 0;
    // A gap before the first token that is no payload goes to that token.
    let mut leading: Option<usize> = None;
    for (id, mut range) in tokens {
        if range.start > end {
            leading = cover_gap(text, end..range.start, unknown, &mut covered);
        }
        if let Some(start) = leading.take() {
            range.start = start;
        }
        end = end.max(range.end);
        covered.push((id, range));
    }
    if let Some(start) = cover_gap(text, end..text.len(), unknown, &mut covered) {
        covered.push((unknown, start..text.trim_end().len()));
    }
    covered
}

/// Returns where the gap's text starts if no token is there to take it.
fn cover_gap(
    text: &str,
    gap: Range<usize>,
    unknown: u32,
    covered: &mut Vec<Token>,
) -> Option<usize> {
    let dropped = text[gap.clone()].trim();
    if dropped.is_empty() {
        return None;
    }
    let start = gap.start + (text[gap.clone()].len() - text[gap.clone()].trim_start().len());
    let range = start..start + dropped.len();
    if longest_invisible_run(dropped) >= PAYLOAD_RUN {
        covered.push((unknown, range));
        return None;
    }
    match covered.last_mut() {
        Some((_, last)) => last.end = range.end,
        None => return Some(range.start),
    }
    None
}

fn longest_invisible_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if is_invisible(c) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn count_characters(text: &str, unknown: u32, encoding: &mut Encoding) {
    let mut unseen = encoding
        .ids
        .iter()
        .zip(&encoding.offsets)
        .filter(|&(&id, _)| id == unknown)
        .map(|(_, range)| range.clone())
        .peekable();
    for (offset, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        encoding.characters += 1;
        while unseen.next_if(|range| range.end <= offset).is_some() {}
        let hidden = unseen.peek().is_some_and(|range| range.contains(&offset));
        if hidden || is_invisible(c) {
            encoding.unknown_characters += 1;
        }
    }
}
