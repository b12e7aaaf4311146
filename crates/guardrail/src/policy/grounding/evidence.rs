//! Which sentences of the source a claim is judged by.

use super::source::Source;
use pretil_text::WordForm;

/// How much likeness of meaning counts beside the words: all of a claim's words count 1.
const MEANING: f32 = 0.5;

/// How much a word of the query counts beside one of the claim.
const QUERY: f32 = 0.3;

/// A claim with fewer words says little by itself: the query counts as much.
const FRAGMENT_WORDS: usize = 4;

/// A unit that adds less than this share of the words is not chosen for its words.
const LEAST_GAIN: f32 = 0.04;

/// Most units chosen for what they add; after them come those around them.
const MOST_CHOSEN: usize = 6;

/// The words of one claim in the source.
pub(super) struct Search {
    /// How much each word counts.
    weights: Vec<f32>,
    /// For each unit the words that it holds, and how much.
    held: Vec<Vec<(usize, f32)>>,
    total: f32,
}

/// The units that a claim is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    /// In the order of the source.
    pub(super) units: Vec<usize>,
    /// The one that speaks most of what the claim speaks of.
    pub(super) best: usize,
}

/// Whether a claim says little by itself.
pub(super) fn is_fragment(claim: &[WordForm]) -> bool {
    claim.len() < FRAGMENT_WORDS
}

impl Search {
    /// Looks up the words of a claim and, for less, those of the query.
    pub(super) fn new(source: &Source<'_>, claim: &[WordForm], query: &[WordForm]) -> Self {
        let of_query = if is_fragment(claim) { 1.0 } else { QUERY };
        let mut search = Self {
            weights: Vec::new(),
            held: vec![Vec::new(); source.units.len()],
            total: 0.0,
        };
        let mut seen: Vec<&str> = Vec::new();
        let claim = claim.iter().map(|word| (word, 1.0));
        let query = query.iter().map(|word| (word, of_query));
        for (word, share) in claim.chain(query) {
            if seen.contains(&word.form.as_str()) {
                continue;
            }
            seen.push(&word.form);
            let hits = source.hits(word);
            let weight = hits.rarity * share;
            for (unit, strength) in hits.units {
                search.held[unit as usize].push((search.weights.len(), strength));
            }
            search.weights.push(weight);
            search.total += weight;
        }
        search
    }

    /// The share of the words that a unit holds and `covered` does not.
    fn gain(&self, unit: usize, covered: &[f32]) -> f32 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let held = self.held[unit].iter();
        let gains =
            held.map(|&(word, strength)| (strength - covered[word]).max(0.0) * self.weights[word]);
        gains.sum::<f32>() / self.total
    }

    /// The share of the words that a unit holds.
    pub(super) fn share(&self, unit: usize) -> f32 {
        self.gain(unit, &vec![0.0; self.weights.len()])
    }

    fn cover(&self, unit: usize, covered: &mut [f32]) {
        for &(word, strength) in &self.held[unit] {
            covered[word] = covered[word].max(strength);
        }
    }

    /// The units to judge by: all if they fit into `window` tokens, else those that hold the words and
    /// lie near in meaning, then the first of their blocks, those beside them, and whatever else fits.
    ///
    /// `nearness` is the likeness of meaning of each unit, 0 where it is not known. `None` if there are no
    /// units.
    pub(super) fn choose(
        &self,
        source: &Source<'_>,
        nearness: &[f32],
        window: usize,
    ) -> Option<Evidence> {
        let count = source.units.len();
        let none = vec![0.0; self.weights.len()];
        let score = |unit: usize, covered: &[f32]| {
            self.gain(unit, covered) + MEANING * nearness.get(unit).copied().unwrap_or(0.0)
        };
        let best = (0..count).max_by(|&one, &other| {
            let (a, b) = (score(one, &none), score(other, &none));
            a.total_cmp(&b).then(other.cmp(&one))
        })?;
        let all = source.units.iter().map(|unit| unit.tokens).sum::<usize>();
        if all <= window {
            let units = (0..count).collect();
            return Some(Evidence { units, best });
        }
        let mut chosen = Chosen {
            units: Vec::new(),
            left: window,
            source,
        };
        let mut covered = none.clone();
        chosen.add(best);
        self.cover(best, &mut covered);
        while chosen.units.len() < MOST_CHOSEN {
            let fitting = (0..count).filter(|&unit| chosen.takes(unit));
            let next = fitting.max_by(|&one, &other| {
                let (a, b) = (score(one, &covered), score(other, &covered));
                a.total_cmp(&b).then(other.cmp(&one))
            });
            let adds = |unit: &usize| self.gain(*unit, &covered) >= LEAST_GAIN;
            let Some(next) = next.filter(adds) else {
                break;
            };
            chosen.add(next);
            self.cover(next, &mut covered);
        }
        let picked = chosen.units.clone();
        for &unit in &picked {
            chosen.add(source.units[unit].head);
        }
        for &unit in &picked {
            let block = source.units[unit].block;
            let beside = [unit.checked_sub(1), Some(unit + 1)];
            for beside in beside.into_iter().flatten() {
                if source.units.get(beside).is_some_and(|it| it.block == block) {
                    chosen.add(beside);
                }
            }
        }
        let mut rest: Vec<(f32, usize)> =
            (0..count).map(|unit| (score(unit, &none), unit)).collect();
        rest.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        for (_, unit) in rest {
            chosen.add(unit);
        }
        let mut units = chosen.units;
        units.sort_unstable();
        Some(Evidence { units, best })
    }
}

/// Units chosen so far, and how many tokens are left.
struct Chosen<'s, 'c> {
    units: Vec<usize>,
    left: usize,
    source: &'s Source<'c>,
}

impl Chosen<'_, '_> {
    fn takes(&self, unit: usize) -> bool {
        self.source.units[unit].tokens <= self.left && !self.units.contains(&unit)
    }

    fn add(&mut self, unit: usize) {
        if self.takes(unit) {
            self.left -= self.source.units[unit].tokens;
            self.units.push(unit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::grounding::Part;
    use pretil_text::word_forms;

    const SOURCE: &str = "Fees of Harrowgate Mutual. Opening an account is free. The weather was fine. \
        It rained in the north. The monthly fee is ten dollars. Nobody came by. \
        Transfers abroad cost one percent. The office is closed.";

    fn chosen(claim: &str, query: &str, window: usize) -> (Vec<String>, String) {
        let tokens = |text: &str| text.split_whitespace().count();
        let parts = [Part {
            block: 0,
            text: SOURCE,
        }];
        let source = Source::new(&parts, window, &tokens);
        let search = Search::new(&source, &word_forms(claim), &word_forms(query));
        let evidence = search.choose(&source, &[], window).unwrap();
        let shown = |unit: usize| source.text(unit).to_owned();
        let units = evidence.units.iter().map(|&unit| shown(unit)).collect();
        (units, shown(evidence.best))
    }

    #[test]
    fn sentences_with_the_words_are_chosen_with_the_head_and_those_beside() {
        let (units, best) = chosen("Transfers abroad cost two percent.", "", 16);
        assert_eq!(best, "Transfers abroad cost one percent.");
        assert_eq!(
            units,
            [
                "Fees of Harrowgate Mutual.",
                "Nobody came by.",
                "Transfers abroad cost one percent.",
                "The office is closed."
            ]
        );
    }

    #[test]
    fn a_claim_of_two_facts_gets_both() {
        let (units, _) = chosen(
            "The monthly fee is ten dollars and opening is free.",
            "",
            12,
        );
        assert!(units.contains(&"The monthly fee is ten dollars.".to_owned()));
        assert!(units.contains(&"Opening an account is free.".to_owned()));
    }

    #[test]
    fn a_fragment_is_found_by_the_query() {
        let (_, best) = chosen("Ten.", "What is the monthly fee?", 14);
        assert_eq!(best, "The monthly fee is ten dollars.");
        let (_, best) = chosen("Free.", "What does opening an account cost?", 14);
        assert_eq!(best, "Opening an account is free.");
    }

    #[test]
    fn numbers_are_found_as_words() {
        let (_, best) = chosen("It is 10.", "", 14);
        assert_eq!(best, "The monthly fee is ten dollars.");
    }

    #[test]
    fn what_fits_is_read_whole() {
        let (units, _) = chosen("The weather", "", 100);
        assert_eq!(units.len(), 8);
    }
}
