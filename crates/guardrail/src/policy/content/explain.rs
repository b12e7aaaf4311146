//! What carried a score: words are left out, and what remains is scored again.
//!
//! First groups of words, then the parts of the group that mattered most, until single words are left
//! or the passes are spent. What two words carry together stays one group. At last all that carried a
//! score is left out together, since a sure score hardly falls for one word.

use super::{
    ContentFinding, ContentPolicy,
    detect::{Window, strongest},
};
use crate::{
    content::Source,
    detect::{DetectError, Detectors, SafetyClassifier, SafetyLabel, SafetyScores},
    policy::Reading,
    verdict::{ContentEntry, Evidence, Location},
};
use pretil_text::words;
use std::ops::Range;

/// Most passes of the classifier that the explanations of one call take.
pub const EXPLAIN_PASSES: usize = 40;

/// Parts of a window that are left out at first.
const GROUPS: usize = 8;

/// Parts of a group that are left out next.
const PARTS: usize = 4;

/// Most stretches named for one filter.
const MOST_EVIDENCE: usize = 5;

/// A stretch that moves the log-odds of the score by less carries nothing.
const SMALLEST_EFFECT: f32 = 0.1;

/// A stretch is named if its effect is at least this share of the strongest.
const LEAST_SHARE: f32 = 0.2;

impl ContentPolicy {
    /// Adds to each detected entry what carried its score.
    ///
    /// Filters that found the same window share its passes. A classifier that fails here leaves the
    /// entries as they are: what was decided does not depend on it.
    pub fn explain(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        findings: &[ContentFinding],
        entries: &mut [ContentEntry],
        detectors: &Detectors,
    ) {
        let Some(classifier) = detectors.safety.as_deref() else {
            return;
        };
        let detected = |finding: &&ContentFinding| {
            let mut entries = entries.iter();
            entries.any(|entry| entry.detected && entry.filter == finding.filter)
        };
        let explained: Vec<_> = findings.iter().filter(detected).collect();
        let mut windows: Vec<&Window> = Vec::new();
        for finding in &explained {
            if !windows.contains(&&finding.window) {
                windows.push(&finding.window);
            }
        }
        for window in &windows {
            let found = explained.iter().filter(|found| found.window == **window);
            let labels: Vec<_> = found.map(|found| found.filter).collect();
            let passes = EXPLAIN_PASSES / windows.len();
            let Some(view) = window.view(readings) else {
                continue;
            };
            let text = &view.text()[window.range.clone()];
            let asked = labels.iter().map(|&filter| SafetyLabel::from(filter));
            let occlusion = Occlusion::new(text, source, asked.collect(), classifier, passes);
            let Ok(occluded) = occlusion.run() else {
                continue;
            };
            for filter in labels {
                let Some(entry) = entries.iter_mut().find(|entry| entry.filter == filter) else {
                    continue;
                };
                let Some(carried) = occluded.carried(SafetyLabel::from(filter)) else {
                    continue;
                };
                entry.score_without_evidence = Some(carried.score_without_all);
                let stretches = carried
                    .stretches
                    .iter()
                    .map(|(range, score_without)| Evidence {
                        location: Location {
                            block: readings[window.reading].block,
                            span: view.to_original(
                                window.range.start + range.start..window.range.start + range.end,
                            ),
                            view: view.kind(),
                        },
                        score_without: *score_without,
                    });
                entry.evidence = stretches.collect();
            }
        }
    }
}

/// Words in a row, and the scores of the window without them.
struct Stretch {
    words: Range<usize>,
    without: SafetyScores,
    /// Whether its parts were tried, and carry less apart than together.
    whole: bool,
}

struct Occlusion<'a> {
    text: &'a str,
    source: Source,
    labels: Vec<SafetyLabel>,
    classifier: &'a dyn SafetyClassifier,
    passes: usize,
    words: Vec<Range<usize>>,
}

/// What came of leaving out, for each label asked for.
struct Occluded(Vec<(SafetyLabel, Carried)>);

/// What carried one label.
struct Carried {
    /// Strongest first: where they are, and the score without them.
    stretches: Vec<(Range<usize>, f32)>,
    /// The score without any of them.
    score_without_all: f32,
}

impl<'a> Occlusion<'a> {
    fn new(
        text: &'a str,
        source: Source,
        labels: Vec<SafetyLabel>,
        classifier: &'a dyn SafetyClassifier,
        passes: usize,
    ) -> Self {
        Self {
            text,
            source,
            labels,
            classifier,
            passes,
            words: words(text),
        }
    }

    fn run(mut self) -> Result<Occluded, DetectError> {
        // Each label has one pass at the end.
        self.passes = self.passes.saturating_sub(self.labels.len());
        let all = self.score(self.text)?;
        let mut stretches = Vec::new();
        if self.passes >= GROUPS {
            stretches = self.leave_out(0..self.words.len(), GROUPS)?;
        }
        while let Some(next) = self.strongest_group(&stretches, &all) {
            if self.passes < PARTS {
                break;
            }
            let group = &stretches[next];
            let parts = self.leave_out(group.words.clone(), PARTS)?;
            let strongest = parts.iter().map(|part| self.effect(part, &all));
            let apart = strongest.fold(0.0, f32::max);
            if apart < self.effect(&stretches[next], &all) / 2.0 {
                stretches[next].whole = true;
            } else {
                stretches.splice(next..=next, parts);
            }
        }
        let mut carried = Vec::new();
        for label in self.labels.clone() {
            let stretches = self.carrying(label, &stretches, &all);
            if stretches.is_empty() {
                continue;
            }
            let rest = self.without(stretches.iter().map(|(range, _)| range.clone()).collect());
            let score_without_all = self.score(&rest)?.get(label);
            let found = Carried {
                stretches,
                score_without_all,
            };
            carried.push((label, found));
        }
        Ok(Occluded(carried))
    }

    /// The stretches that carry `label`, strongest first.
    fn carrying(
        &self,
        label: SafetyLabel,
        stretches: &[Stretch],
        all: &SafetyScores,
    ) -> Vec<(Range<usize>, f32)> {
        let effects = stretches.iter().map(|stretch| {
            let without = stretch.without.get(label);
            (
                effect(stretch, all, label),
                self.place(&stretch.words),
                without,
            )
        });
        let mut effects: Vec<_> = effects
            .filter(|(effect, ..)| *effect >= SMALLEST_EFFECT)
            .collect();
        effects.sort_by(|one, other| other.0.total_cmp(&one.0));
        let strongest = effects.first().map_or(0.0, |(effect, ..)| *effect);
        effects
            .into_iter()
            .take_while(|(effect, ..)| *effect >= strongest * LEAST_SHARE)
            .take(MOST_EVIDENCE)
            .map(|(_, place, without)| (place, without))
            .collect()
    }

    /// Where words are in the text.
    fn place(&self, words: &Range<usize>) -> Range<usize> {
        self.words[words.start].start..self.words[words.end - 1].end
    }

    /// The text without `places`, which do not overlap.
    fn without(&self, mut places: Vec<Range<usize>>) -> String {
        places.sort_by_key(|place| place.start);
        let mut rest = String::with_capacity(self.text.len());
        let mut from = 0;
        for place in places {
            rest.push_str(&self.text[from..place.start]);
            from = place.end;
        }
        rest.push_str(&self.text[from..]);
        rest
    }

    /// Leaves out each of at most `count` equal parts of `words`.
    fn leave_out(
        &mut self,
        words: Range<usize>,
        count: usize,
    ) -> Result<Vec<Stretch>, DetectError> {
        let size = words.len().div_ceil(count).max(1);
        let mut stretches = Vec::new();
        for start in words.clone().step_by(size) {
            let part = start..(start + size).min(words.end);
            let rest = self.without(vec![self.place(&part)]);
            stretches.push(Stretch {
                without: self.score(&rest)?,
                whole: part.len() == 1,
                words: part,
            });
        }
        Ok(stretches)
    }

    fn score(&mut self, text: &str) -> Result<SafetyScores, DetectError> {
        if words(text).is_empty() {
            return Ok(SafetyScores::default());
        }
        let windows = self.classifier.classify(text, self.source)?;
        self.passes = self.passes.saturating_sub(windows.len());
        Ok(strongest(&windows))
    }

    /// The group with the greatest effect whose parts were not tried.
    fn strongest_group(&self, stretches: &[Stretch], all: &SafetyScores) -> Option<usize> {
        let open = stretches.iter().enumerate().filter(|(_, it)| !it.whole);
        let effects = open.map(|(index, group)| (index, self.effect(group, all)));
        let carrying = effects.filter(|(_, effect)| *effect >= SMALLEST_EFFECT);
        let best = carrying.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(index, _)| index)
    }

    /// The greatest effect on any label asked for.
    fn effect(&self, stretch: &Stretch, all: &SafetyScores) -> f32 {
        let effects = self.labels.iter().map(|&label| effect(stretch, all, label));
        effects.fold(0.0, f32::max)
    }
}

impl Occluded {
    /// What carried `label`, if it was found.
    fn carried(&self, label: SafetyLabel) -> Option<&Carried> {
        let mut found = self.0.iter();
        let (_, carried) = found.find(|(known, _)| *known == label)?;
        Some(carried)
    }
}

/// By how much leaving a stretch out lowers the log-odds of `label`: near 0 and 1, equal differences
/// of a score say different things.
fn effect(stretch: &Stretch, all: &SafetyScores, label: SafetyLabel) -> f32 {
    log_odds(all.get(label)) - log_odds(stretch.without.get(label))
}

fn log_odds(score: f32) -> f32 {
    let score = score.clamp(1e-6, 1.0 - 1e-6);
    (score / (1.0 - score)).ln()
}
