//! Asks the text: what does the classifier say of each window, and can it read all of it.

use super::ContentPolicy;
use crate::{
    config::ContentFilterType,
    content::Source,
    detect::{
        Bands, DetectError, Detectors, SafetyClassifier, SafetyLabel, SafetyScores, ScoredWindow,
    },
    policy::{Detected, Reading},
    verdict::{Location, NotEvaluatedReason},
};
use pretil_text::{View, ViewKind, language::outside};
use std::ops::Range;

/// The window with the highest score for one filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentFinding {
    /// Which filter.
    pub filter: ContentFilterType,
    /// 0 to 1, calibrated.
    pub score: f32,
    /// What scores of this filter mean.
    pub bands: Bands,
    /// The window.
    pub location: Location,
    pub(super) window: Window,
}

/// Where a window is among the readings, to read it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Index into the readings.
    pub(super) reading: usize,
    /// Index into its views for meaning.
    pub(super) view: usize,
    /// Bytes of the view.
    pub(super) range: Range<usize>,
}

impl Window {
    /// The view that it lies in.
    pub(super) fn view<'v>(&self, readings: &[Reading<'v>]) -> Option<&'v View> {
        let reading = readings.get(self.reading)?;
        reading.views.for_meaning().nth(self.view)
    }
}

impl ContentPolicy {
    /// The best window of all readings for each filter that judges text of `source`.
    pub fn detect(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        detectors: &Detectors,
    ) -> Detected<ContentFinding> {
        let filters: Vec<_> = self.enabled(source).map(|config| config.filter).collect();
        if filters.is_empty() {
            return Detected::default();
        }
        let Some(classifier) = detectors.safety.as_deref() else {
            return not_evaluated(NotEvaluatedReason::NoDetector);
        };
        let findings = match best_windows(&filters, source, readings, classifier) {
            Ok(findings) => findings,
            Err(error) => {
                return not_evaluated(NotEvaluatedReason::DetectorFailed(error.to_string()));
            }
        };
        let mut readings = readings.iter();
        let foreign = readings.any(|reading| is_foreign(reading, classifier));
        let unread = foreign.then_some((None, NotEvaluatedReason::UnsupportedLanguage));
        Detected {
            findings,
            not_evaluated: unread.into_iter().collect(),
        }
    }
}

fn not_evaluated(reason: NotEvaluatedReason) -> Detected<ContentFinding> {
    Detected {
        findings: Vec::new(),
        not_evaluated: vec![(None, reason)],
    }
}

fn best_windows(
    filters: &[ContentFilterType],
    source: Source,
    readings: &[Reading<'_>],
    classifier: &dyn SafetyClassifier,
) -> Result<Vec<ContentFinding>, DetectError> {
    let mut best = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        for (number, view) in reading.views.for_meaning().enumerate() {
            if view.text().trim().is_empty() {
                continue;
            }
            for scored in classifier.classify(view.text(), source)? {
                let window = Window {
                    reading: index,
                    view: number,
                    range: scored.range,
                };
                for &filter in filters {
                    let score = scored.scores.get(SafetyLabel::from(filter));
                    keep(&mut best, filter, score, || ContentFinding {
                        filter,
                        score,
                        bands: classifier.bands(SafetyLabel::from(filter), source),
                        location: Location {
                            block: reading.block,
                            span: view.to_original(window.range.clone()),
                            view: view.kind(),
                        },
                        window: window.clone(),
                    });
                }
            }
        }
    }
    Ok(best)
}

/// Keeps a finding if its score is higher than that of the one so far; the earliest of equals.
fn keep(
    best: &mut Vec<ContentFinding>,
    filter: ContentFilterType,
    score: f32,
    finding: impl FnOnce() -> ContentFinding,
) {
    match best.iter_mut().find(|best| best.filter == filter) {
        Some(known) if known.score >= score => {}
        Some(known) => *known = finding(),
        None => best.push(finding()),
    }
}

/// Whether a stretch of the text, or of what is encoded in it, is surely in a language that the
/// classifier was not measured for.
pub(super) fn is_foreign(reading: &Reading<'_>, classifier: &dyn SafetyClassifier) -> bool {
    let views: Vec<_> = reading.views.for_meaning().collect();
    // Letters of a disguise are no foreign letters once they are folded.
    let folded = views.iter().any(|view| view.kind() == ViewKind::Canonical);
    let mut read = views.iter().filter(|view| match view.kind() {
        ViewKind::Original => !folded,
        kind => kind == ViewKind::Canonical || decodes(kind),
    });
    read.any(|view| outside(view.text(), classifier.languages()).is_some())
}

/// Whether the view shows what was encoded in letters, and not only reordered. Addresses hold
/// percent-encoded names in every script, which are no text.
fn decodes(kind: ViewKind) -> bool {
    matches!(
        kind,
        ViewKind::Hidden
            | ViewKind::Revealed
            | ViewKind::Entities
            | ViewKind::Escapes
            | ViewKind::QuotedPrintable
            | ViewKind::Base64
            | ViewKind::Base32
            | ViewKind::Hexadecimal
            | ViewKind::Binary
            | ViewKind::CharacterCodes
            | ViewKind::Ascii85
            | ViewKind::Uuencode
            | ViewKind::Decoded
    )
}

/// The highest score of any window for every label.
pub(super) fn strongest(windows: &[ScoredWindow]) -> SafetyScores {
    SafetyScores::of(|label| {
        let scores = windows.iter().map(|window| window.scores.get(label));
        scores.fold(0.0, f32::max)
    })
}
