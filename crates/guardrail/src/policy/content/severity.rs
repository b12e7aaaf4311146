//! The severities of InvokeGuardrailChecks: the classifier's scores without a guardrail.

use super::detect::strongest;
use crate::{
    content::Source,
    detect::{Bands, Detectors, SafetyClassifier, SafetyLabel, SafetyScores},
    policy::is_foreign,
    verdict::{Confidence, NotEvaluatedReason},
};
use pretil_text::Views;

/// How severe the worst that was found is, in the six steps of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Severity(u8);

impl Severity {
    /// 0, 0.2, 0.4, 0.6, 0.8 or 1.
    pub fn score(self) -> f64 {
        f64::from(self.0) / 5.0
    }

    /// 0.4, 0.6 and 0.8 begin where LOW, MEDIUM and HIGH confidence do, 0.2 halfway to LOW, and 1
    /// halfway from HIGH to certainty.
    fn of(score: f32, bands: Bands) -> Self {
        let high = bands.threshold(Confidence::High);
        Self(match bands.confidence(score) {
            Confidence::High if score >= f32::midpoint(high, 1.0) => 5,
            Confidence::High => 4,
            Confidence::Medium => 3,
            Confidence::Low => 2,
            Confidence::None if score >= bands.threshold(Confidence::Low) / 2.0 => 1,
            Confidence::None => 0,
        })
    }
}

/// A text to check, and for what.
#[derive(Clone, Copy)]
pub struct Checked<'t> {
    /// The text.
    pub text: &'t str,
    /// Whose it is.
    pub source: Source,
    /// What it is scored for.
    pub labels: &'t [SafetyLabel],
}

/// The severity of every label in any of `texts`; 0 for a label that no text is checked for. All
/// views of a text count.
///
/// # Errors
///
/// Why some of the texts could not be read: then there is no severity to state.
pub fn severities(
    texts: &[Checked<'_>],
    detectors: &Detectors,
) -> Result<impl Fn(SafetyLabel) -> Severity + use<>, NotEvaluatedReason> {
    let classifier = detectors.safety.as_deref();
    let classifier = classifier.ok_or(NotEvaluatedReason::NoDetector)?;
    let mut worst = [Severity::default(); SafetyLabel::ALL.len()];
    for checked in texts.iter().filter(|checked| !checked.labels.is_empty()) {
        let scores = scores(checked.text, checked.source, classifier)?;
        for &label in checked.labels {
            let bands = classifier.bands(label, checked.source);
            let severity = Severity::of(scores.get(label), bands);
            let worst = &mut worst[label as usize];
            *worst = severity.max(*worst);
        }
    }
    Ok(move |label| worst[label as usize])
}

/// The highest score of every label in any view of `text`.
///
/// # Errors
///
/// Why the text could not be read: then there is no score to state.
pub fn scores(
    text: &str,
    source: Source,
    classifier: &dyn SafetyClassifier,
) -> Result<SafetyScores, NotEvaluatedReason> {
    let views = Views::of(text);
    if views.budget_spent() {
        return Err(NotEvaluatedReason::BudgetSpent);
    }
    if is_foreign(&views, classifier.languages()) {
        return Err(NotEvaluatedReason::UnsupportedLanguage);
    }
    let mut windows = Vec::new();
    for view in views.for_meaning() {
        if view.text().trim().is_empty() {
            continue;
        }
        let read = classifier.classify(view.text(), source);
        windows
            .extend(read.map_err(|error| NotEvaluatedReason::DetectorFailed(error.to_string()))?);
    }
    Ok(strongest(&windows))
}
