//! One room per policy, all of the same shape, in the order in which Bedrock reports them.
//!
//! A room holds `mod.rs` (what it judges, how it decides, what it cannot see; the compiled
//! policy), `config.rs` (checks across members), `detect.rs` (asks the text, gives findings),
//! `decide.rs` (pure: findings and config give entries) and its cases as data.

pub mod content;
pub mod sensitive;
pub mod topic;
pub mod word;

use crate::verdict::NotEvaluatedReason;
use pretil_text::Views;

/// One guarded text block, read in every way. Made once per call and shared by all policies.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'c> {
    /// Index into `Content::blocks`.
    pub block: usize,
    /// The text and its views.
    pub views: &'c Views,
}

/// What a room's `detect` found, and what it could not look at.
#[derive(Clone, Debug)]
pub struct Detected<Finding> {
    /// Facts without opinion.
    pub findings: Vec<Finding>,
    /// Parts that were not evaluated: the part in the user's terms (`None`: the whole policy), and why.
    pub not_evaluated: Vec<(Option<String>, NotEvaluatedReason)>,
}

impl<Finding> Default for Detected<Finding> {
    fn default() -> Self {
        Self {
            findings: Vec::new(),
            not_evaluated: Vec::new(),
        }
    }
}
