//! What gives text a score: embedded models over the encoder.
//!
//! - `minilm`: the embedder, with the encoder's weights from the binary itself.
//! - `background`: what the likeness of a text to a topic is measured against.
//! - `tagger`: the tagger of personal data, on the same vocabulary.
//! - `clock`: the clock of the time budgets.
#![forbid(unsafe_code)]

mod background;
mod clock;
mod minilm;
mod tagger;

pub use clock::MonotonicClock;
pub use minilm::{MiniLm, ModelError};
pub use tagger::PiiTagger;

use pretil_guardrail::detect::{Detectors, Embedder, Tagger};
use std::sync::Arc;

/// Every detector of this build. Cheap to clone; make it once per process.
///
/// Embedded weights that cannot be loaded leave their detector out, so that the policies that need it
/// are not evaluated and say so; [`MiniLm::load`] says why.
pub fn detectors() -> Detectors {
    let minilm = MiniLm::load().ok();
    let tagger = minilm.as_ref().and_then(|base| PiiTagger::load(base).ok());
    Detectors {
        embedder: minilm.map(|embedder| Arc::new(embedder) as Arc<dyn Embedder>),
        // No classifier has been trained yet.
        safety: None,
        clock: Arc::new(MonotonicClock::start()),
        tagger: tagger.map(|tagger| Arc::new(tagger) as Arc<dyn Tagger>),
    }
}
