//! Asks the text: which words does it hold, and where.

use super::WordPolicy;
use crate::{
    content::Source,
    detect::Detectors,
    policy::{Detected, Reading},
    verdict::Location,
};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// Most places that one call keeps, so that a text made of one word does not fill the answer. A
/// word's first place is always kept.
const MAXIMUM_LOCATIONS: usize = 10_000;

/// A word and every place where it was found.
#[derive(Clone, PartialEq, Eq)]
pub struct WordFinding {
    /// Which term of the policy.
    pub(super) term: usize,
    /// The text as sent, where it was found first.
    pub(super) matched: String,
    pub(super) locations: Vec<Location>,
}

impl std::fmt::Debug for WordFinding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.locations.len();
        write!(
            formatter,
            "WordFinding(term {}, {places} places)",
            self.term
        )
    }
}

impl WordPolicy {
    /// One finding per word that a rule for `source` names, by first occurrence.
    pub fn detect(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        _detectors: &Detectors,
    ) -> Detected<WordFinding> {
        let mut found = Found::default();
        for reading in readings {
            let original = reading.views.original().text();
            for view in reading.views.iter().filter(|view| view.fit_for_words()) {
                self.lexicon.scan(view.text(), |hit| {
                    if !self.terms[hit.term].applies(source) {
                        return;
                    }
                    let location = Location {
                        block: reading.block,
                        span: view.to_original(hit.start..hit.end),
                        view: view.kind(),
                    };
                    found.add(hit.term, location, original);
                });
            }
        }
        Detected {
            findings: found.in_order(),
            not_evaluated: Vec::new(),
        }
    }
}

#[derive(Default)]
struct Found {
    findings: Vec<WordFinding>,
    /// Index into `findings` by term.
    by_term: HashMap<usize, usize>,
    /// Term, block and start: a place seen in one view counts once.
    seen: HashSet<(usize, usize, usize)>,
}

impl Found {
    fn add(&mut self, term: usize, location: Location, original: &str) {
        if self
            .seen
            .contains(&(term, location.block, location.span.start()))
        {
            return;
        }
        match self.by_term.entry(term) {
            Entry::Vacant(entry) => {
                entry.insert(self.findings.len());
                self.findings.push(WordFinding {
                    term,
                    matched: original[location.span.range()].to_owned(),
                    locations: vec![location],
                });
            }
            Entry::Occupied(entry) => {
                if self.seen.len() >= MAXIMUM_LOCATIONS {
                    return;
                }
                self.findings[*entry.get()].locations.push(location);
            }
        }
        let place = (term, location.block, location.span.start());
        self.seen.insert(place);
    }

    /// The findings by first place; a finding's places in the order of the text.
    fn in_order(mut self) -> Vec<WordFinding> {
        let place = |location: &Location| (location.block, location.span);
        for finding in &mut self.findings {
            finding.locations.sort_by_key(place);
        }
        self.findings
            .sort_by_key(|finding| finding.locations.first().map(place));
        self.findings
    }
}
