//! The port: what the policies ask of everything that gives text a score.
//!
//! `guardrail` knows no model. `models` implements these traits, and tests use fakes. A detector
//! that is not there is `None`; a policy that needs it then says "not evaluated".

mod grounding;
mod safety;
mod tagger;

pub use grounding::{FailedChecks, GroundingJudge, Support};
pub use safety::{Bands, SafetyClassifier, SafetyLabel, SafetyScores, ScoredWindow};
pub use tagger::{TaggedSpan, Tagger};

use crate::policy::topic::TopicSpace;
use std::{ops::Range, sync::Arc, time::Duration};

/// Why a detector gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetectError {
    /// The detector cannot take more work now.
    #[error("the detector is overloaded")]
    Overloaded,
    /// The detector failed. The reason holds no content.
    #[error("the detector failed: {0}")]
    Failed(String),
}

/// A window of a text and its embedding.
#[derive(Clone, Debug)]
pub struct EmbeddedWindow {
    /// Bytes of the text that was embedded.
    pub range: Range<usize>,
    /// Unit-length vector.
    pub vector: Vec<f32>,
}

/// Meaning of a text as a vector: texts of like meaning have a high dot product.
pub trait Embedder: Send + Sync {
    /// Name and version of the model with the hash of its weights; part of every cache key.
    fn identity(&self) -> &str;

    /// One unit-length vector for `text`, which is read whole up to the model's window; a longer
    /// text is the mean over its windows, made unit length.
    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError>;

    /// Embeds `text` as overlapping windows of at most `tokens` tokens that together cover all of
    /// it. A text that fits gives one window. Nothing is ever cut off.
    fn embed_windows(&self, text: &str, tokens: usize) -> Result<Vec<EmbeddedWindow>, DetectError>;

    /// What likeness to a topic is measured against, if this embedder was calibrated for topics.
    /// Without it topics are not evaluated.
    fn topic_space(&self) -> Option<&TopicSpace> {
        None
    }
}

/// Time since an arbitrary fixed point. Only for budgets; handed in, since this crate reads no clock.
pub trait Clock: Send + Sync {
    /// Monotonic.
    fn now(&self) -> Duration;
}

/// Everything that a guardrail may ask. Cheap to clone.
#[derive(Clone)]
pub struct Detectors {
    /// For denied topics.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// For content filters and prompt attacks.
    pub safety: Option<Arc<dyn SafetyClassifier>>,
    /// For the time budgets of users' regular expressions.
    pub clock: Arc<dyn Clock>,
    /// For personal data that no pattern knows.
    pub tagger: Option<Arc<dyn Tagger>>,
    /// For contextual grounding.
    pub grounding: Option<Arc<dyn GroundingJudge>>,
}
