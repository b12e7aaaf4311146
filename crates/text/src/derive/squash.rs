//! Letters or digits set apart, joined: `I g n o r e`, `i-g-n-o-r-e`, `4 1 1 1 - 1 1 1 1`.

use super::token::tokens_and_end;
use crate::character::{is_mark, script};
use crate::map::{Builder, Outcome, Parent};
use icu_properties::props::Script;
use std::collections::HashMap;
use std::ops::Range;

/// Fewest single characters in a row that are joined.
const FEWEST: usize = 3;

/// Longest separator between two characters of a row, in characters.
const LONGEST_SEPARATOR: usize = 8;

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
            copied = write_row(&mut out, text, &row);
            joined += row.iter().map(Range::len).sum::<usize>();
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

/// Writes the characters of a row without the separator that is usual in it, and what punctuation
/// follows set apart in the same way; where that ends. Another separator stands between words.
fn write_row(out: &mut Builder<'_>, text: &str, row: &[Range<usize>]) -> usize {
    let end = row.last().map_or(row[0].end, |last| last.end);
    let gaps: Vec<Range<usize>> = row
        .windows(2)
        .map(|pair| pair[0].end..pair[1].start)
        .collect();
    let (usual, joins) = joins(text, &gaps);
    if !joins
        .split(|joins| !joins)
        .any(|word| word.len() + 1 >= FEWEST)
    {
        out.keep(row[0].start..end);
        return end;
    }
    out.keep(row[0].clone());
    for ((gap, joins), next) in gaps.into_iter().zip(joins).zip(&row[1..]) {
        if !joins {
            out.put(&between_words(&text[gap.clone()], usual), gap);
        }
        out.keep(next.clone());
    }
    let mut end = end;
    while let Some(mark) = text[end..]
        .strip_prefix(usual)
        .and_then(|rest| rest.chars().next())
        .filter(char::is_ascii_punctuation)
    {
        let at = end + usual.len();
        out.put(mark.encode_utf8(&mut [0; 4]), end..at + 1);
        end = at + 1;
    }
    end
}

/// What stands between two words of which each character is followed by `usual`, such as a space,
/// or a comma and a space.
fn between_words(gap: &str, usual: &str) -> String {
    let mut rest = gap.strip_prefix(usual).unwrap_or(gap);
    let mut shown = String::new();
    while let Some(character) = rest.chars().next() {
        shown.push(character);
        rest = &rest[character.len_utf8()..];
        rest = rest.strip_prefix(usual).unwrap_or(rest);
    }
    if shown.is_empty() {
        " ".to_owned()
    } else {
        shown
    }
}

/// The usual separator of a row and, for each gap, whether it is inside a word.
fn joins<'t>(text: &'t str, gaps: &[Range<usize>]) -> (&'t str, Vec<bool>) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for gap in gaps {
        *counts.entry(&text[gap.clone()]).or_default() += 1;
    }
    // The most frequent separator; of several, the first.
    let count = |gap: &Range<usize>| counts.get(&text[gap.clone()]).copied().unwrap_or_default();
    let usual = gaps
        .iter()
        .rev()
        .max_by_key(|gap| count(gap))
        .cloned()
        .unwrap_or_default();
    let is_regular = count(&usual) * 2 >= gaps.len();
    // Punctuation at random: `i.g-n_o*r/e`.
    let is_punctuation =
        |gap: &Range<usize>| gap.len() == 1 && !text[gap.clone()].starts_with(char::is_whitespace);
    let is_random = !is_regular && gaps.len() >= 5 && gaps.iter().all(is_punctuation);
    let usual = &text[usual];
    let joins = gaps
        .iter()
        .map(|gap| is_random || &text[gap.clone()] == usual)
        .collect();
    (usual, joins)
}
