//! What the judge's logits mean: limits, weights and curves, fitted beside its training.

use pretil_guardrail::detect::FailedChecks;
use pretil_text::language::Language;
use serde::Deserialize;

/// Checks of one kind that count. More of them do not make a claim worse.
const MOST_FAILED: u32 = 2;

/// Why a calibration was refused.
#[derive(Debug, thiserror::Error)]
pub enum GroundingCalibrationError {
    /// Not the JSON that it should be.
    #[error("the calibration cannot be read")]
    Json(#[from] serde_json::Error),
    /// There is no language, or one that cannot be identified.
    #[error("the calibration's languages are not known ones")]
    Languages,
    /// A limit is 0, or the windows of an answer would not cover it.
    #[error("the calibration's limits leave no room for a text")]
    Limits,
    /// A weight is negative, not finite, or 0 where the score would not depend on the text.
    #[error("the calibration's weights are not weights")]
    Weights,
    /// A curve has no point, falls, or leaves the range from 0 to 1.
    #[error("the calibration's curve of {0} confidence does not rise from 0 to 1")]
    Curve(&'static str),
}

/// The file `calibration.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalibrationFile {
    languages: Vec<String>,
    evidence_tokens: usize,
    claim_tokens: usize,
    query_tokens: usize,
    answer_tokens: usize,
    overlap_tokens: usize,
    support: SupportWeights,
    checks: CheckWeights,
    grounded: Vec<(f32, f32)>,
    relevant: Vec<(f32, f32)>,
}

/// What the two readings of a claim weigh in its logit.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupportWeights {
    /// The claim as a whole.
    pub(super) grounded: f32,
    /// Its least supported word.
    pub(super) unsupported: f32,
}

/// What a failed check takes off a claim's logit.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckWeights {
    numbers: f32,
    names: f32,
    negations: f32,
    quantifiers: f32,
}

/// A piecewise linear curve from logit to confidence, flat outside its points.
#[derive(Clone, Debug)]
pub(super) struct Curve(Vec<(f32, f32)>);

impl Curve {
    /// `None` unless the points rise: logits strictly, confidences from 0 to 1 and never down.
    fn new(points: Vec<(f32, f32)>) -> Option<Self> {
        let in_range = |(logit, confidence): &(f32, f32)| {
            logit.is_finite() && (0.0..=1.0).contains(confidence)
        };
        let rises = points
            .windows(2)
            .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        let sound = !points.is_empty() && points.iter().all(in_range) && rises;
        sound.then_some(Self(points))
    }

    /// 0 to 1.
    pub(super) fn confidence(&self, logit: f32) -> f32 {
        let next = self.0.partition_point(|(point, _)| *point <= logit);
        let (Some(&after), Some(&before)) = (
            self.0.get(next),
            next.checked_sub(1).and_then(|before| self.0.get(before)),
        ) else {
            let end = if next == 0 {
                self.0.first()
            } else {
                self.0.last()
            };
            return end.map_or(0.0, |(_, confidence)| *confidence);
        };
        let share = (logit - before.0) / (after.0 - before.0);
        (before.1 + share * (after.1 - before.1)).min(after.1)
    }
}

/// A calibration that is whole and sound.
#[derive(Clone, Debug)]
pub(super) struct Calibration {
    pub(super) languages: Vec<Language>,
    pub(super) evidence_tokens: usize,
    pub(super) claim_tokens: usize,
    pub(super) query_tokens: usize,
    pub(super) answer_tokens: usize,
    pub(super) overlap_tokens: usize,
    pub(super) support: SupportWeights,
    checks: CheckWeights,
    grounded: Curve,
    pub(super) relevant: Curve,
}

impl Calibration {
    pub(super) fn read(json: &[u8]) -> Result<Self, GroundingCalibrationError> {
        let file: CalibrationFile = serde_json::from_slice(json)?;
        let languages = file.languages.iter().map(|code| Language::from_code(code));
        let languages: Option<Vec<_>> = languages.collect();
        let languages = languages.filter(|languages| !languages.is_empty());
        let limits = [
            file.evidence_tokens,
            file.claim_tokens,
            file.query_tokens,
            file.answer_tokens,
        ];
        if limits.contains(&0) || file.overlap_tokens > file.answer_tokens / 2 {
            return Err(GroundingCalibrationError::Limits);
        }
        let CheckWeights {
            numbers,
            names,
            negations,
            quantifiers,
        } = file.checks;
        let SupportWeights {
            grounded,
            unsupported,
        } = file.support;
        let weights = [
            grounded,
            unsupported,
            numbers,
            names,
            negations,
            quantifiers,
        ];
        let are_weights = weights
            .iter()
            .all(|weight| weight.is_finite() && *weight >= 0.0);
        if !are_weights || grounded + unsupported <= 0.0 {
            return Err(GroundingCalibrationError::Weights);
        }
        let curve = |points, name| Curve::new(points).ok_or(GroundingCalibrationError::Curve(name));
        Ok(Self {
            languages: languages.ok_or(GroundingCalibrationError::Languages)?,
            evidence_tokens: file.evidence_tokens,
            claim_tokens: file.claim_tokens,
            query_tokens: file.query_tokens,
            answer_tokens: file.answer_tokens,
            overlap_tokens: file.overlap_tokens,
            support: file.support,
            checks: file.checks,
            grounded: curve(file.grounded, "grounded")?,
            relevant: curve(file.relevant, "relevant")?,
        })
    }

    /// The confidence that a claim is grounded.
    pub(super) fn grounded(&self, logit: f32, checks: FailedChecks) -> f32 {
        let weights = &self.checks;
        let failed = [
            (weights.numbers, checks.numbers),
            (weights.names, checks.names),
            (weights.negations, checks.negations),
            (weights.quantifiers, checks.quantifiers),
        ];
        let taken = failed.into_iter().map(|(weight, failed)| {
            let counted = failed.min(MOST_FAILED) as f32;
            weight * counted
        });
        self.grounded.confidence(logit - taken.sum::<f32>())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    pub(in crate::grounding) fn sound() -> Value {
        json!({
            "languages": ["en", "es", "fr"],
            "evidence_tokens": 160, "claim_tokens": 96, "query_tokens": 64,
            "answer_tokens": 160, "overlap_tokens": 32,
            "support": {"grounded": 1.0, "unsupported": 0.5},
            "checks": {"numbers": 3.0, "names": 1.0, "negations": 2.0, "quantifiers": 0.0},
            "grounded": [[-4.0, 0.0], [0.0, 0.5], [2.0, 0.5], [4.0, 1.0]],
            "relevant": [[0.0, 0.25]],
        })
    }

    fn read(file: &Value) -> Result<Calibration, GroundingCalibrationError> {
        Calibration::read(file.to_string().as_bytes())
    }

    #[test]
    fn confidence_follows_the_points_and_is_flat_outside() {
        let calibration = read(&sound()).unwrap();
        for (logit, expected) in [
            (f32::MIN, 0.0),
            (-4.0, 0.0),
            (-2.0, 0.25),
            (0.0, 0.5),
            (1.0, 0.5),
            (3.0, 0.75),
            (4.0, 1.0),
            (f32::MAX, 1.0),
        ] {
            let found = calibration.grounded(logit, FailedChecks::default());
            assert!((found - expected).abs() < 1e-6, "{logit}: {found}");
        }
        for logit in [-1.0, 0.0, 1.0] {
            assert!((calibration.relevant.confidence(logit) - 0.25).abs() < 1e-6);
        }
    }

    #[test]
    fn failed_checks_take_their_weight_off_twice_at_most() {
        let calibration = read(&sound()).unwrap();
        let of = |numbers, names, negations, quantifiers| {
            let checks = FailedChecks {
                numbers,
                names,
                negations,
                quantifiers,
            };
            calibration.grounded(4.0, checks)
        };
        let at = |logit| calibration.grounded(logit, FailedChecks::default());
        for (found, logit) in [
            (of(1, 0, 0, 0), 1.0),
            (of(2, 0, 0, 0), -2.0),
            (of(9, 0, 0, 0), -2.0),
            (of(0, 1, 0, 0), 3.0),
            (of(0, 0, 1, 0), 2.0),
            (of(0, 1, 1, 0), 1.0),
            (of(0, 0, 0, 2), 4.0),
        ] {
            assert!((found - at(logit)).abs() < 1e-6, "{logit}");
        }
    }

    #[test]
    fn what_is_unsound_is_refused() {
        let refusal = |change: fn(&mut Value)| {
            let mut file = sound();
            change(&mut file);
            read(&file).unwrap_err().to_string()
        };
        let falls = "the calibration's curve of grounded confidence does not rise from 0 to 1";
        for (message, change) in [
            (
                "the calibration cannot be read",
                (|file| file["more"] = json!(1)) as fn(&mut Value),
            ),
            ("the calibration cannot be read", |file| {
                file["checks"].as_object_mut().unwrap().remove("names");
            }),
            ("the calibration's languages are not known ones", |file| {
                file["languages"] = json!([]);
            }),
            ("the calibration's languages are not known ones", |file| {
                file["languages"] = json!(["en", "xx"]);
            }),
            (
                "the calibration's limits leave no room for a text",
                |file| {
                    file["claim_tokens"] = json!(0);
                },
            ),
            (
                "the calibration's limits leave no room for a text",
                |file| {
                    file["overlap_tokens"] = json!(81);
                },
            ),
            ("the calibration's weights are not weights", |file| {
                file["checks"]["numbers"] = json!(-1.0);
            }),
            ("the calibration's weights are not weights", |file| {
                file["support"] = json!({"grounded": 0.0, "unsupported": 0.0});
            }),
            (falls, |file| file["grounded"] = json!([])),
            (falls, |file| {
                file["grounded"] = json!([[0.0, 0.1], [0.0, 0.2]]);
            }),
            (falls, |file| {
                file["grounded"] = json!([[0.0, 0.2], [1.0, 0.1]]);
            }),
            (falls, |file| file["grounded"] = json!([[0.0, 1.1]])),
            (
                "the calibration's curve of relevant confidence does not rise from 0 to 1",
                |file| file["relevant"] = json!([[0.0, -0.1]]),
            ),
        ] {
            assert_eq!(refusal(change), message);
        }
    }

    proptest! {
        #[test]
        fn confidence_never_falls(one in -10.0_f32..10.0, other in -10.0_f32..10.0) {
            let calibration = read(&sound()).unwrap();
            let at = |logit| calibration.grounded(logit, FailedChecks::default());
            prop_assert!(at(one.min(other)) <= at(one.max(other)));
        }
    }
}
