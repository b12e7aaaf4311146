//! A classifier for tests.

use pretil_guardrail::{
    Detectors, Source,
    detect::{Bands, DetectError, SafetyClassifier, SafetyLabel, SafetyScores, ScoredWindow},
};
use pretil_text::language::Language;
use std::sync::Arc;

/// Reads English; "grr" is hate, "steal" misconduct, "override" an attack.
pub(crate) struct MarkerWords(Vec<Language>);

impl SafetyClassifier for MarkerWords {
    fn identity(&self) -> &'static str {
        "marker-words"
    }

    fn languages(&self) -> &[Language] {
        &self.0
    }

    fn bands(&self, label: SafetyLabel, _: Source) -> Bands {
        let shift = if label == SafetyLabel::Misconduct {
            0.1
        } else {
            0.0
        };
        Bands::new(0.2 + shift, 0.4 + shift, 0.6 + shift).unwrap()
    }

    fn classify(&self, text: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        let score = |label| {
            let marker = match label {
                SafetyLabel::Hate => "grr",
                SafetyLabel::Misconduct => "steal",
                SafetyLabel::PromptAttack => "override",
                _ => return 0.01,
            };
            if text.contains(marker) { 0.45 } else { 0.1 }
        };
        Ok(vec![ScoredWindow {
            range: 0..text.len(),
            scores: SafetyScores::of(score),
        }])
    }
}

/// The build's detectors with the markers for a classifier.
pub(crate) fn with_markers() -> Detectors {
    let english = Language::from_code("en").into_iter().collect();
    Detectors {
        safety: Some(Arc::new(MarkerWords(english))),
        ..pretil_models::detectors()
    }
}
