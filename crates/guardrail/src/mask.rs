//! Spans → masked text.
//!
//! Where masks overlap the longest wins, then personal data before a regular expression, then the
//! earlier one. What sticks out of the winner is masked with it, so that nothing detected shows.

use crate::verdict::{Assessment, EntryAction, Location};
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

impl Assessment {
    /// Every mask that an entry asks for, with the index of its block.
    pub(crate) fn masks(&self) -> Vec<(usize, Mask<'_>)> {
        let mut masks = Vec::new();
        let mut add = |action, kind, label, locations: &[Location]| {
            if action != EntryAction::Anonymized {
                return;
            }
            let locations = locations.iter();
            masks.extend(locations.map(|location| {
                let span = location.span;
                (location.block, Mask { span, kind, label })
            }));
        };
        for entry in &self.entities {
            let label = entry.entity.as_str();
            add(entry.action, MaskKind::Entity, label, &entry.locations);
        }
        for entry in &self.regexes {
            add(entry.action, MaskKind::Regex, &entry.name, &entry.locations);
        }
        masks
    }
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
    for mask in ranked {
        if first_overlapping(&winners, mask.span).is_some() {
            absorb(&mut winners, mask.span);
        } else {
            winners.insert(mask.span.start(), *mask);
        }
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
/// Every winner so far is at least as long as the loser. So at most two overlap it, one at each
/// end, and only the first ever has to grow.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str, masks: &[(std::ops::Range<usize>, MaskKind, &str)]) -> String {
        let masks = masks.iter().map(|(range, kind, label)| Mask {
            span: Span::new(range.clone()),
            kind: *kind,
            label,
        });
        mask(text, masks.collect())
    }

    #[test]
    fn replaces() {
        use MaskKind::{Entity, Regex};
        let text = "0123456789";
        for (masks, result) in [
            (vec![], "0123456789"),
            (vec![(3..3, Entity, "E")], "0123456789"),
            (vec![(0..10, Entity, "E")], "{E}"),
            (
                vec![(2..4, Entity, "E"), (4..6, Regex, "R")],
                "01{E}{R}6789",
            ),
            (vec![(2..4, Regex, "R"), (2..4, Entity, "E")], "01{E}456789"),
            (vec![(2..4, Entity, "E"), (2..5, Regex, "R")], "01{R}56789"),
            (vec![(2..6, Entity, "A"), (4..9, Entity, "B")], "01{B}9"),
            (
                vec![
                    (0..3, Entity, "A"),
                    (2..5, Entity, "B"),
                    (4..8, Entity, "C"),
                ],
                "{A}{C}89",
            ),
            (vec![(5..8, Entity, "A"), (5..8, Entity, "B")], "01234{A}89"),
            // A short mask in what a longer one had lost once left the rest of that one open.
            (
                vec![
                    (0..7, Entity, "A"),
                    (6..9, Entity, "B"),
                    (7..8, Entity, "C"),
                ],
                "{A}9",
            ),
        ] {
            assert_eq!(masked(text, &masks), result, "{masks:?}");
        }
        assert_eq!(masked("žluť", &[(0..2, Entity, "E")]), "{E}luť");
    }

    proptest! {
        /// Nothing that any mask covers shows, and everything else stays in order.
        #[test]
        fn covers_all_and_only_that(
            ranges in prop::collection::vec((0usize..40, 0usize..12, any::<bool>()), 0..12)
        ) {
            let text: String = ('a'..='z').chain('A'..='N').collect();
            let covered = |at: usize| ranges.iter().any(|(start, length, _)| {
                (*start..(start + length).min(text.len())).contains(&at)
            });
            let masks = ranges.iter().map(|(start, length, entity)| Mask {
                span: Span::new(*start..(start + length).min(text.len())),
                kind: if *entity { MaskKind::Entity } else { MaskKind::Regex },
                label: "1",
            });
            let shown: String = mask(&text, masks.collect()).replace("{1}", "");
            let open = text.char_indices().filter(|(at, _)| !covered(*at));
            let open: String = open.map(|(_, character)| character).collect();
            prop_assert_eq!(shown, open);
        }
    }
}
