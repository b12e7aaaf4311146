//! The classifier of harmful content and prompt attacks: a trunk trained on MiniLM, which shares its
//! vocabulary, with one logit per label.

use crate::{
    calibration::{Calibration, CalibrationError},
    minilm::{Aligned, SCRATCH, identity},
};
use pretil_encoder::{Encoder, LoadError, windows};
use pretil_guardrail::{
    Source,
    detect::{Bands, DetectError, SafetyClassifier, SafetyLabel, SafetyScores, ScoredWindow},
};
use pretil_text::language::Language;

static WEIGHTS: &Aligned<[u8]> =
    &Aligned(*include_bytes!("../weights/content-l6-int8/weights.bin"));

static CALIBRATION: &[u8] = include_bytes!("../weights/content-l6-int8/calibration.json");

/// The embedded classifier does not fit this build.
#[derive(Debug, thiserror::Error)]
pub enum SafetyModelError {
    /// The trunk's weights.
    #[error("the embedded classifier weights cannot be loaded")]
    Weights(#[from] LoadError),
    /// The calibration.
    #[error("the embedded classifier's calibration is not sound")]
    Calibration(#[from] CalibrationError),
    /// The trunk has no head.
    #[error("the embedded classifier has no labels")]
    NoHead,
    /// A label has no logit.
    #[error("the embedded classifier has no logit for {}", .0.as_str())]
    NoLogit(SafetyLabel),
    /// The calibration's windows are longer than what the trunk reads.
    #[error("the embedded classifier reads no windows as long as its calibration says")]
    WindowTooLong,
}

/// The embedded classifier. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SafetyModel {
    encoder: Encoder,
    identity: String,
    /// Which logit each label has.
    logits: [usize; SafetyLabel::ALL.len()],
    calibration: Calibration,
}

impl SafetyModel {
    /// Reads the embedded weights in place. `base` is the encoder that they were trained on.
    pub fn load(base: &Encoder) -> Result<Self, SafetyModelError> {
        let encoder = Encoder::load_sharing(&WEIGHTS.0, base)?;
        Self::new(encoder, CALIBRATION)
    }

    fn new(encoder: Encoder, calibration: &[u8]) -> Result<Self, SafetyModelError> {
        let calibration = Calibration::read(calibration)?;
        if calibration.window_tokens > encoder.dimensions().positions {
            return Err(SafetyModelError::WindowTooLong);
        }
        let labels = encoder.head().ok_or(SafetyModelError::NoHead)?.labels();
        let mut logits = [0; SafetyLabel::ALL.len()];
        for (place, label) in logits.iter_mut().zip(SafetyLabel::ALL) {
            let found = labels.iter().position(|name| name == label.as_str());
            *place = found.ok_or(SafetyModelError::NoLogit(label))?;
        }
        Ok(Self {
            identity: identity("content-l6-int8", &encoder),
            encoder,
            logits,
            calibration,
        })
    }

    /// The encoder, for `doctor`.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    fn scores(&self, ids: &[u32], source: Source) -> Result<SafetyScores, DetectError> {
        SCRATCH.with_borrow_mut(|scratch| {
            let logits = self
                .encoder
                .classify(ids, scratch)
                .map_err(|error| DetectError::Failed(error.to_string()))?;
            Ok(SafetyScores::of(|label| {
                let curve = self.calibration.curve(label, source);
                curve.score(logits[self.logits[label as usize]])
            }))
        })
    }
}

impl SafetyClassifier for SafetyModel {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn languages(&self) -> &[Language] {
        &self.calibration.languages
    }

    fn bands(&self, label: SafetyLabel, source: Source) -> Bands {
        self.calibration.curve(label, source).bands
    }

    fn classify(&self, text: &str, source: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        let Calibration {
            window_tokens,
            overlap_tokens,
            ..
        } = self.calibration;
        let encoding = self.encoder.tokenizer().encode_guarded(text);
        windows(&encoding, window_tokens, overlap_tokens)
            .into_iter()
            .map(|window| {
                Ok(ScoredWindow {
                    scores: self.scores(&window.ids, source)?,
                    range: window.range,
                })
            })
            .collect()
    }
}
