//! What the tagger's probabilities are held against, chosen on rows held out of training.

use pretil_guardrail::config::PiiType;
use pretil_text::language::Language;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Confidence at a type's threshold, the lowest that is reported.
const LOWEST: f32 = 0.5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Type → the least probability that is reported.
    thresholds: BTreeMap<String, f32>,
    /// ISO 639-1 codes.
    languages: Vec<String>,
}

/// Thresholds per type, and the languages that the tagger was measured in.
#[derive(Clone, Debug)]
pub(super) struct Calibration {
    thresholds: Vec<(PiiType, f32)>,
    languages: Vec<Language>,
}

impl Calibration {
    /// `None` if `json` is not of the expected form.
    pub(super) fn read(json: &str) -> Option<Self> {
        let file: File = serde_json::from_str(json).ok()?;
        let thresholds = file.thresholds.iter().map(|(name, threshold)| {
            let entity = PiiType::ALL.iter().find(|entity| entity.as_str() == name)?;
            (0.0..1.0)
                .contains(threshold)
                .then_some((*entity, *threshold))
        });
        let codes = file.languages.iter();
        Some(Self {
            thresholds: thresholds.collect::<Option<_>>()?,
            languages: codes
                .map(|code| Language::from_code(code))
                .collect::<Option<_>>()?,
        })
    }

    pub(super) fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The least probability of `entity` that is reported.
    pub(super) fn threshold(&self, entity: PiiType) -> f32 {
        let mut thresholds = self.thresholds.iter();
        let known = thresholds.find(|(known, _)| *known == entity);
        known.map_or(LOWEST, |(_, threshold)| *threshold)
    }

    /// The confidence that `probability` stands for: 0.5 at the threshold, 1 at 1. `None` below it.
    pub(super) fn confidence(&self, entity: PiiType, probability: f32) -> Option<f32> {
        let threshold = self.threshold(entity);
        let above = (probability - threshold) / (1.0 - threshold);
        (above >= 0.0).then(|| LOWEST + (1.0 - LOWEST) * above.min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_runs_from_the_threshold_to_one() {
        let json = r#"{"thresholds": {"NAME": 0.4}, "languages": ["en", "fr"]}"#;
        let calibration = Calibration::read(json).unwrap();
        assert_eq!(calibration.languages().len(), 2);
        assert_eq!(calibration.confidence(PiiType::Name, 0.39), None);
        assert_eq!(calibration.confidence(PiiType::Name, 0.4), Some(0.5));
        assert_eq!(calibration.confidence(PiiType::Name, 1.0), Some(1.0));
        assert_eq!(calibration.confidence(PiiType::Age, 0.49), None);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for json in [
            "",
            r#"{"thresholds": {"NAMES": 0.4}, "languages": []}"#,
            r#"{"thresholds": {"NAME": 1.0}, "languages": []}"#,
            r#"{"thresholds": {}, "languages": ["xx"]}"#,
            r#"{"thresholds": {}, "languages": [], "other": 1}"#,
        ] {
            assert!(Calibration::read(json).is_none(), "{json}");
        }
    }
}
