//! What a safety classifier's logits mean: calibrated scores and bands, measured beside its training.

use pretil_guardrail::{
    Source,
    detect::{Bands, SafetyLabel},
};
use pretil_text::language::Language;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a calibration was refused.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// Not the JSON that it should be.
    #[error("the calibration cannot be read")]
    Json(#[from] serde_json::Error),
    /// A label has no calibration.
    #[error("the calibration has no {}", .0.as_str())]
    Missing(SafetyLabel),
    /// A scale is not above zero, or a number is not finite.
    #[error("the calibration of {} is not a rising curve", .0.as_str())]
    Curve(SafetyLabel),
    /// Not `0 < low ≤ medium ≤ high ≤ 1`.
    #[error("the bands of {} are not in order", .0.as_str())]
    Bands(SafetyLabel),
    /// There is no language, or one that cannot be identified.
    #[error("the calibration's languages are not known ones")]
    Languages,
    /// Windows that would not cover a text.
    #[error("the calibration's windows do not cover a text")]
    Windows,
}

/// The file `calibration.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalibrationFile {
    labels: BTreeMap<String, DirectionsFile>,
    languages: Vec<String>,
    window_tokens: usize,
    overlap_tokens: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectionsFile {
    prompt: CurveFile,
    response: CurveFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurveFile {
    scale: f32,
    offset: f32,
    bands: BandsFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandsFile {
    low: f32,
    medium: f32,
    high: f32,
}

/// From a logit to a score, and what the score means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Curve {
    scale: f32,
    offset: f32,
    pub(crate) bands: Bands,
}

impl Curve {
    fn read(file: &CurveFile, label: SafetyLabel) -> Result<Self, CalibrationError> {
        let CurveFile {
            scale,
            offset,
            ref bands,
        } = *file;
        if !scale.is_finite() || scale <= 0.0 || !offset.is_finite() {
            return Err(CalibrationError::Curve(label));
        }
        let bands = Bands::new(bands.low, bands.medium, bands.high);
        Ok(Self {
            scale,
            offset,
            bands: bands.ok_or(CalibrationError::Bands(label))?,
        })
    }

    /// 0 to 1.
    pub(crate) fn score(&self, logit: f32) -> f32 {
        1.0 / (1.0 + (-(logit * self.scale + self.offset)).exp())
    }
}

/// A calibration that is whole and sound.
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    /// By label, for prompts.
    prompt: Vec<Curve>,
    /// By label, for answers.
    response: Vec<Curve>,
    pub(crate) languages: Vec<Language>,
    pub(crate) window_tokens: usize,
    pub(crate) overlap_tokens: usize,
}

impl Calibration {
    pub(crate) fn read(json: &[u8]) -> Result<Self, CalibrationError> {
        let file: CalibrationFile = serde_json::from_slice(json)?;
        let languages = file.languages.iter().map(|code| Language::from_code(code));
        let languages: Option<Vec<_>> = languages.collect();
        let languages = languages.filter(|languages| !languages.is_empty());
        // Two tokens of a window are not the text's.
        let room = file.window_tokens.saturating_sub(2);
        if room == 0 || file.overlap_tokens > room / 2 {
            return Err(CalibrationError::Windows);
        }
        let curves = |direction: fn(&DirectionsFile) -> &CurveFile| {
            let curve = |label: SafetyLabel| {
                let directions = file.labels.get(label.as_str());
                let directions = directions.ok_or(CalibrationError::Missing(label))?;
                Curve::read(direction(directions), label)
            };
            SafetyLabel::ALL
                .into_iter()
                .map(curve)
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            prompt: curves(|directions| &directions.prompt)?,
            response: curves(|directions| &directions.response)?,
            languages: languages.ok_or(CalibrationError::Languages)?,
            window_tokens: file.window_tokens,
            overlap_tokens: file.overlap_tokens,
        })
    }

    pub(crate) fn curve(&self, label: SafetyLabel, source: Source) -> &Curve {
        match source {
            Source::Input => &self.prompt[label as usize],
            Source::Output => &self.response[label as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn sound() -> Value {
        let curve = json!({"scale": 2.0, "offset": -1.0, "bands": {"low": 0.2, "medium": 0.5, "high": 0.9}});
        let labels = SafetyLabel::ALL.map(|label| {
            let mut response = curve.clone();
            response["offset"] = json!(-2.0);
            (
                label.as_str(),
                json!({"prompt": curve, "response": response}),
            )
        });
        let labels: BTreeMap<_, _> = labels.into();
        json!({"labels": labels, "languages": ["en", "th"], "window_tokens": 128, "overlap_tokens": 32})
    }

    fn refusal(change: impl FnOnce(&mut Value)) -> String {
        let mut file = sound();
        change(&mut file);
        let error = Calibration::read(file.to_string().as_bytes()).unwrap_err();
        error.to_string()
    }

    #[test]
    fn directions_and_labels_have_their_own_curves() {
        let mut file = sound();
        file["labels"]["SEXUAL"]["prompt"]["scale"] = json!(3.0);
        let read = Calibration::read(file.to_string().as_bytes()).unwrap();
        let score = |label, source| read.curve(label, source).score(1.0);
        let sigmoid = |value: f32| 1.0 / (1.0 + (-value).exp());
        for (label, source, at) in [
            (SafetyLabel::Hate, Source::Input, 1.0),
            (SafetyLabel::Hate, Source::Output, 0.0),
            (SafetyLabel::Sexual, Source::Input, 2.0),
        ] {
            assert!((score(label, source) - sigmoid(at)).abs() < 1e-6);
        }
        assert_eq!(read.languages.len(), 2);
    }

    #[test]
    fn scores_stay_within_bounds() {
        let read = Calibration::read(sound().to_string().as_bytes()).unwrap();
        let curve = read.curve(SafetyLabel::Hate, Source::Input);
        let mut last = 0.0;
        for logit in [f32::MIN, -1e4, -5.0, 0.0, 5.0, 1e4, f32::MAX] {
            let score = curve.score(logit);
            assert!((last..=1.0).contains(&score), "{logit}: {score}");
            last = score;
        }
    }

    #[test]
    fn what_is_unsound_is_refused() {
        for (message, change) in [
            (
                "the calibration has no JAILBREAK",
                (|file| {
                    file["labels"].as_object_mut().unwrap().remove("JAILBREAK");
                }) as fn(&mut Value),
            ),
            ("the calibration cannot be read", |file| {
                file["labels"]["HATE"]
                    .as_object_mut()
                    .unwrap()
                    .remove("response");
            }),
            ("the calibration cannot be read", |file| {
                file["threshold"] = json!(1);
            }),
            ("the calibration of HATE is not a rising curve", |file| {
                file["labels"]["HATE"]["prompt"]["scale"] = json!(0.0);
            }),
            ("the calibration of HATE is not a rising curve", |file| {
                file["labels"]["HATE"]["response"]["scale"] = json!(-1.0);
            }),
            ("the bands of INSULTS are not in order", |file| {
                file["labels"]["INSULTS"]["prompt"]["bands"]["low"] = json!(0.6);
            }),
            ("the calibration's languages are not known ones", |file| {
                file["languages"] = json!(["en", "xx"]);
            }),
            ("the calibration's languages are not known ones", |file| {
                file["languages"] = json!([]);
            }),
            ("the calibration's windows do not cover a text", |file| {
                file["overlap_tokens"] = json!(64);
            }),
            ("the calibration's windows do not cover a text", |file| {
                file["window_tokens"] = json!(2);
            }),
        ] {
            assert_eq!(refusal(change), message);
        }
    }
}
