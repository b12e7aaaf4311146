//! The port to the judge of contextual grounding.

use super::DetectError;
use pretil_text::language::Language;
use std::ops::Range;

/// What the judge thinks of one claim in the light of some evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// How surely the evidence supports all of the claim: a logit, not yet calibrated.
    pub logit: f32,
    /// The stretch of the claim that reads as least supported, in bytes, if one stands out.
    pub unsupported: Option<Range<usize>>,
}

/// How many exact checks of a claim failed, by kind. See the grounding room for what each checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailedChecks {
    /// Numbers, amounts, percentages and dates that the source does not hold.
    pub numbers: u32,
    /// Names that the source does not hold.
    pub names: u32,
    /// Statements that deny what the evidence says, or the other way round.
    pub negations: u32,
    /// Quantifiers and modal words (all, only, must) that the evidence does not hold.
    pub quantifiers: u32,
}

/// Judges whether evidence supports a claim, and whether an answer answers a query.
pub trait GroundingJudge: Send + Sync {
    /// Name and version of the model with the hash of its weights; part of every cache key.
    fn identity(&self) -> &str;

    /// The languages in which its quality was measured. Text in another is not evaluated.
    fn languages(&self) -> &[Language];

    /// Length of `text` in the judge's tokens, without special ones.
    fn tokens(&self, text: &str) -> usize;

    /// Most tokens of evidence that are read with one claim.
    fn evidence_tokens(&self) -> usize;

    /// Most tokens of one claim; a longer sentence must be cut into claims that fit.
    fn claim_tokens(&self) -> usize;

    /// Judges `claim`, a sentence or clause of an answer to `query`, by `evidence`: sentences of the
    /// source in their order. All three are read whole; evidence and claim must fit their limits. A
    /// query that does not fit beside them is left out.
    fn support(&self, evidence: &str, query: &str, claim: &str) -> Result<Support, DetectError>;

    /// The calibrated confidence, 0 to 1, that a claim is grounded, from what the judge and the exact
    /// checks said of it. An answer has the lowest confidence of its claims.
    fn grounded(&self, support: &Support, checks: FailedChecks) -> f32;

    /// The calibrated confidence, 0 to 1, that `answer` answers `query`. Both are read whole.
    fn relevance(&self, query: &str, answer: &str) -> Result<f32, DetectError>;
}
