//! What gives text a score: embedded models over the encoder.
//!
//! - `minilm`: the embedder, with the encoder's weights from the binary itself.
//! - `background`: what the likeness of a text to a topic is measured against.
//! - `safety`: the classifier of content filters and prompt attacks, on the same vocabulary.
//! - `calibration`: what its logits mean.
//! - `tagger`: the tagger of personal data, on the same vocabulary.
//! - `grounding`: the judge of contextual grounding, on the same vocabulary. No weights of it yet.
//! - `clock`: the clock of the time budgets.
#![forbid(unsafe_code)]

mod background;
mod calibration;
mod clock;
mod grounding;
mod minilm;
mod safety;
mod tagger;

pub use calibration::CalibrationError;
pub use clock::MonotonicClock;
pub use grounding::{GroundingCalibrationError, GroundingModel, GroundingModelError};
pub use minilm::{MiniLm, ModelError};
pub use safety::{SafetyModel, SafetyModelError};
pub use tagger::PiiTagger;

use pretil_guardrail::detect::{Detectors, Embedder, SafetyClassifier, Tagger};
use std::sync::Arc;

/// Every detector of this build. Cheap to clone; make it once per process.
///
/// Embedded weights that cannot be loaded leave their detector out, so that the policies that need it
/// are not evaluated and say so; [`MiniLm::load`], [`SafetyModel::load`] and [`PiiTagger::load`] say why.
pub fn detectors() -> Detectors {
    let minilm = MiniLm::load().ok();
    let safety = minilm
        .as_ref()
        .and_then(|base| SafetyModel::load(base.encoder()).ok());
    let tagger = minilm.as_ref().and_then(|base| PiiTagger::load(base).ok());
    Detectors {
        embedder: minilm.map(|embedder| Arc::new(embedder) as Arc<dyn Embedder>),
        safety: safety.map(|classifier| Arc::new(classifier) as Arc<dyn SafetyClassifier>),
        clock: Arc::new(MonotonicClock::start()),
        tagger: tagger.map(|tagger| Arc::new(tagger) as Arc<dyn Tagger>),
        grounding: None,
    }
}
