//! Exact checks of one claim: what can be held against the source without a judge.
//!
//! Each looks for what it can be sure of and says nothing where it is not: a figure that the source holds in
//! other words, or that follows from two of its figures, does not fail.

mod date;
mod name;
mod negation;
mod number;
mod quantifier;

pub(super) use negation::denies;
pub(super) use number::number_word;

use super::source::Source;
use crate::detect::FailedChecks;
use crate::verdict::CheckKind;
use date::Calendar;
use number::Quantity;
use pretil_text::{WordForm, word_forms};
use std::ops::Range;

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) kind: CheckKind,
    /// In the claim.
    pub(super) stretch: Range<usize>,
    /// What the source has instead, where that is plain: a unit and a stretch of it.
    pub(super) instead: Option<(usize, Range<usize>)>,
}

/// What all of the source and the query say, read once.
pub(super) struct Facts {
    /// With the unit that holds them; those of the query without one.
    numbers: Vec<(Option<usize>, Quantity)>,
    calendar: Calendar,
    query: Vec<WordForm>,
}

impl Facts {
    pub(super) fn new(source: &Source<'_>, query: &str) -> Self {
        let mut facts = Self {
            numbers: Vec::new(),
            calendar: Calendar::default(),
            query: word_forms(query),
        };
        let asked = number::quantities(query).into_iter();
        facts.numbers.extend(asked.map(|it| (None, it)));
        facts.calendar.read(query);
        for unit in 0..source.units.len() {
            let text = source.text(unit);
            let stated = number::quantities(text).into_iter();
            facts.numbers.extend(stated.map(|it| (Some(unit), it)));
            if let Some(text) = number::without_spaces(text) {
                let stated = number::quantities(&text).into_iter();
                facts.numbers.extend(stated.map(|it| (Some(unit), it)));
            }
            facts.calendar.read(text);
        }
        facts
    }

    /// Whether the query holds the word, or one like it.
    fn asks(&self, word: &WordForm) -> bool {
        let mut words = self.query.iter();
        words.any(|it| word.is_same(it) || word.is_alike(it))
    }
}

/// A claim beside what it is held against.
pub(super) struct Held<'a> {
    /// The claim.
    pub(super) claim: &'a str,
    /// Its words.
    pub(super) words: &'a [WordForm],
    pub(super) source: &'a Source<'a>,
    pub(super) facts: &'a Facts,
    /// The units that it is judged by.
    pub(super) evidence: &'a [usize],
    /// The one that speaks most of it.
    pub(super) best: usize,
}

impl Held<'_> {
    fn evidence(&self) -> impl Iterator<Item = (usize, &str)> {
        self.evidence
            .iter()
            .map(|&unit| (unit, self.source.text(unit)))
    }
}

/// Every check of the claim that failed.
pub(super) fn check(held: &Held<'_>) -> Vec<Failed> {
    let mut failed = number::check(held);
    failed.extend(date::check(held));
    failed.extend(name::check(held));
    failed.extend(negation::check(held));
    failed.extend(quantifier::check(held));
    failed
}

/// How many failed of each kind.
pub(super) fn counted(failed: &[Failed]) -> FailedChecks {
    let count = |kind| failed.iter().filter(|it| it.kind == kind).count() as u32;
    FailedChecks {
        numbers: count(CheckKind::Number) + count(CheckKind::Date),
        names: count(CheckKind::Name),
        negations: count(CheckKind::Negation),
        quantifiers: count(CheckKind::Quantifier),
    }
}

/// Whether `text` holds one of `forms` as the whole word or words.
fn has_any(words: &[WordForm], forms: &[&str]) -> bool {
    words.iter().any(|word| forms.contains(&word.form.as_str()))
}

#[cfg(test)]
mod tests;
