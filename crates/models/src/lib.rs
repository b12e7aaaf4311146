//! What gives text a score: embedded models over the encoder.
#![forbid(unsafe_code)]

mod clock;

pub use clock::MonotonicClock;

use pretil_guardrail::detect::Detectors;
use std::sync::Arc;

/// Every detector of this build. Cheap to clone; make it once per process.
pub fn detectors() -> Detectors {
    Detectors {
        embedder: None,
        clock: Arc::new(MonotonicClock::start()),
    }
}
