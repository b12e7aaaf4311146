//! What gives text a score: embedded models over the encoder.
//!
//! - `minilm`: the embedder, with the encoder's weights from the binary itself.
//! - `background`: what the likeness of a text to a topic is measured against.
//! - `clock`: the clock of the time budgets.
#![forbid(unsafe_code)]

mod background;
mod clock;
mod minilm;

pub use clock::MonotonicClock;
pub use minilm::{MiniLm, ModelError};

use pretil_guardrail::detect::{Detectors, Embedder};
use std::sync::Arc;

/// Every detector of this build. Cheap to clone; make it once per process.
///
/// Embedded weights that cannot be loaded leave their detector out, so that the policies that need it
/// are not evaluated and say so; [`MiniLm::load`] says why.
pub fn detectors() -> Detectors {
    Detectors {
        embedder: MiniLm::load()
            .ok()
            .map(|embedder| Arc::new(embedder) as Arc<dyn Embedder>),
        // No classifier has been trained yet.
        safety: None,
        clock: Arc::new(MonotonicClock::start()),
    }
}
