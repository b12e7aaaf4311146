//! Letters or digits set apart, joined: `I g n o r e`, `i-g-n-o-r-e`, `4 1 1 1 - 1 1 1 1`.

use super::token::tokens_and_end;
use crate::character::{is_mark, script};
use crate::map::{Builder, Outcome, Parent};
use icu_properties::props::Script;
use std::ops::Range;

/// Fewest single characters in a row that are joined.
const FEWEST: usize = 3;

/// Longest separator between two characters of a row, in characters.
const LONGEST_SEPARATOR: usize = 4;

/// The squashed text, and whether most of its letters had been set apart.
pub(crate) fn fold(parent: Parent<'_>, limit: usize) -> (Outcome, bool) {
    let text = parent.text;
    let mut out = Builder::new(parent, limit);
    let mut copied = 0;
    let (mut joined, mut all) = (0, 0);
    let mut row: Vec<Range<usize>> = Vec::new();
    for token in tokens_and_end(text) {
        all += token.len();
        let follows = row
            .last()
            .is_none_or(|last| is_separator(&text[last.end..token.start]));
        let is_single = is_single(&text[token.clone()]);
        if is_single && follows {
            row.push(token);
            continue;
        }
        if row.len() >= FEWEST {
            out.keep(copied..row[0].start);
            write_row(&mut out, text, &row);
            joined += row.iter().map(Range::len).sum::<usize>();
            copied = row.last().map_or(copied, |last| last.end);
        }
        row.clear();
        if is_single {
            row.push(token);
        }
    }
    out.keep(copied..text.len());
    (out.finish(), joined * 2 >= all)
}

/// One letter or digit of a script that writes words in letters, with its marks.
fn is_single(token: &str) -> bool {
    let mut characters = token.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    if !characters.all(is_mark) {
        return false;
    }
    first.is_ascii_alphanumeric()
        || matches!(
            script(first),
            Script::Latin | Script::Cyrillic | Script::Greek | Script::Arabic | Script::Hebrew
        )
        || (script(first) == Script::Common && first.is_alphanumeric())
}

fn is_separator(between: &str) -> bool {
    !between.is_empty() && between.chars().nth(LONGEST_SEPARATOR).is_none()
}

/// Writes the characters of a row without the separator that is usual in it. A longer separator
/// than that stands between words.
fn write_row(out: &mut Builder<'_>, text: &str, row: &[Range<usize>]) {
    let usual = row
        .windows(2)
        .map(|pair| text[pair[0].end..pair[1].start].chars().count())
        .fold([0usize; LONGEST_SEPARATOR + 1], |mut counts, length| {
            counts[length.min(LONGEST_SEPARATOR)] += 1;
            counts
        })
        .into_iter()
        .enumerate()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(1, |(length, _)| length);
    let mut previous: Option<&Range<usize>> = None;
    for single in row {
        if let Some(previous) = previous {
            let gap = previous.end..single.start;
            let between = &text[gap.clone()];
            if between.chars().count() > usual {
                let shown = between.trim();
                out.put(if shown.is_empty() { " " } else { shown }, gap);
            }
        }
        out.keep(single.clone());
        previous = Some(single);
    }
}
