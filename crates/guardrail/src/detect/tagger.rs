//! What the sensitive-information policy asks of a tagger of personal data.

use super::DetectError;
use crate::config::PiiType;
use pretil_text::language::Language;
use std::ops::Range;

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

    /// The languages that it was measured in.
    fn languages(&self) -> &[Language];

    /// The spans of `text` that are surely enough of one of its types, in order, none overlapping
    /// another. Reads all of `text`, whatever its length.
    fn tag(&self, text: &str) -> Result<Vec<TaggedSpan>, DetectError>;
}
