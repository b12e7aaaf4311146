//! The port: what the policies ask of everything that gives text a score.
//!
//! `guardrail` knows no model. `models` implements these traits, and tests use fakes. A detector
//! that is not there is `None`; a policy that needs it then says "not evaluated".

use crate::{config::PiiType, policy::topic::TopicSpace};
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

/// A stretch of a text that reads as personal data of some type.
#[derive(Clone, Debug, PartialEq)]
pub struct TaggedSpan {
    /// Bytes of the text, on character boundaries, not empty.
    pub range: Range<usize>,
    /// Which type.
    pub entity: PiiType,
    /// Calibrated confidence: from 0.5, where the tagger's own threshold for the type lies, to 1.
    pub score: f32,
}

/// Personal data that meaning gives away, not form: names, addresses.
pub trait Tagger: Send + Sync {
    /// Name and version of the model with the hash of its weights.
    fn identity(&self) -> &str;

    /// The types that it looks for, in the order of [`PiiType::ALL`].
    fn types(&self) -> &[PiiType];

    /// The spans of `text` that are surely enough of one of its types, in order, none overlapping
    /// another. Reads all of `text`, whatever its length.
    fn tag(&self, text: &str) -> Result<Vec<TaggedSpan>, DetectError>;
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
    /// For the time budgets of users' regular expressions.
    pub clock: Arc<dyn Clock>,
    /// For personal data that no pattern knows.
    pub tagger: Option<Arc<dyn Tagger>>,
}
