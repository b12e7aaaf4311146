//! Spans → masked text.
//!
//! Where masks overlap the longest wins, then personal data before a regular expression, then the
//! earlier one. What sticks out of the winner is masked with it, so that nothing detected shows.

use pretil_text::Span;
use std::{cmp::Reverse, collections::BTreeMap};

/// Who asked for a mask. Order is precedence between masks of the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MaskKind {
    /// A personal-data type.
    Entity,
    /// A custom regular expression.
    Regex,
}

/// A span to be replaced by `{label}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask<'l> {
    /// In the text to be masked.
    pub span: Span,
    /// Who asked for it.
    pub kind: MaskKind,
    /// The type's name, or the regular expression's.
    pub label: &'l str,
}

/// `text` with every mask applied. Spans must lie on character boundaries of `text`.
pub fn mask(text: &str, mut masks: Vec<Mask<'_>>) -> String {
    masks.retain(|mask| !mask.span.is_empty());
    masks.sort_by_key(|mask| (Reverse(mask.span.len()), mask.kind, mask.span.start()));
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for replacement in disjoint(&masks).into_values() {
        masked.push_str(&text[copied..replacement.span.start()]);
        masked.push('{');
        masked.push_str(replacement.label);
        masked.push('}');
        copied = replacement.span.end();
    }
    masked.push_str(&text[copied..]);
    masked
}

/// Masks that do not overlap and together cover all that `ranked` covers, by their start.
fn disjoint<'l>(ranked: &[Mask<'l>]) -> BTreeMap<usize, Mask<'l>> {
    let mut winners: BTreeMap<usize, Mask<'l>> = BTreeMap::new();
    let mut losers = Vec::new();
    for mask in ranked {
        if first_overlapping(&winners, mask.span).is_some() {
            losers.push(mask.span);
        } else {
            winners.insert(mask.span.start(), *mask);
        }
    }
    for loser in losers {
        absorb(&mut winners, loser);
    }
    winners
}

/// The start of the first winner that shares a byte with `span`.
fn first_overlapping(winners: &BTreeMap<usize, Mask<'_>>, span: Span) -> Option<usize> {
    let before = winners.range(..=span.start()).next_back();
    let after = winners.range(span.start()..span.end()).next();
    [before, after]
        .into_iter()
        .flatten()
        .find(|(_, winner)| winner.span.overlaps(span))
        .map(|(start, _)| *start)
}

/// Widens winners until they cover all of `loser`, without overlapping each other.
///
/// A winner that overlaps a loser is at least as long as it. So at most two do, one at each end,
/// and only the first ever has to grow.
fn absorb(winners: &mut BTreeMap<usize, Mask<'_>>, loser: Span) {
    let Some(start) = first_overlapping(winners, loser) else {
        return;
    };
    let Some(mut first) = winners.remove(&start) else {
        return;
    };
    let next = winners.range(first.span.end()..).next();
    let next_start = next.map_or(usize::MAX, |(start, _)| *start);
    let from = first.span.start().min(loser.start());
    let to = first.span.end().max(loser.end().min(next_start));
    first.span = Span::new(from..to);
    winners.insert(from, first);
}
