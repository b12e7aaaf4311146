//! Contextual grounding.
//!
//! # What it judges
//!
//! Of an answer, whether its source supports all of it (GROUNDING), and whether it answers the query
//! (RELEVANCE). Only on answers, and only where source and query are sent with them.
//!
//! # How it decides
//!
//! The answer is split into sentences, list items and table rows; what is longer than the judge reads at
//! once is cut where a clause ends. Ordinary talk (greetings, offers, questions back, refusals, "Here is what
//! I found:") claims nothing; what is in doubt is a claim, and so is "the document does not say". A list
//! item is judged together with the line that it hangs on.
//!
//! For each claim the sentences of the source that hold its words, weighed by how rare they are, and that
//! lie nearest in meaning are put together, in their order, until the judge's window is full. A source that
//! fits is read whole. The judge says how surely they support the claim; beside it exact checks look for
//! the claim's numbers, dates and names in all of the source and the query, and for negations and
//! quantifiers that the best sentences do not have. The judge makes one confidence of both. GROUNDING is
//! that of the weakest claim. An answer that claims nothing has nothing wrong: 1.
//!
//! RELEVANCE is the judge's confidence for query and answer, several blocks of each put together.
//!
//! A score below the threshold is detected.
//!
//! # What it cannot see
//!
//! What only follows from sentences far apart that do not fit one window together; arithmetic beyond sums,
//! differences and products of two numbers; what words in an image or a broken table mean. It holds the
//! answer against the source, not against the world: a false source supports false answers. Text that is
//! surely in a language that the judge was not measured for is read all the same, and the policy is "not
//! evaluated" beside what was found.
//!
//! # Example
//!
//! Source: "The monthly fee is $10." "The fee is $10 each month" is grounded, "The fee is $15" is not.

mod checks;
mod claims;
mod config;
mod decide;
mod detect;
mod evidence;
mod pieces;
mod source;
mod talk;

pub use detect::GroundingFinding;

use crate::config::{
    BlockAction, ConfigError, GroundingFilterConfig, GroundingFilterType, GroundingPolicyConfig,
};

/// The grounding policy of one guardrail.
#[derive(Clone, Debug)]
pub struct GroundingPolicy {
    filters: Vec<GroundingFilterConfig>,
}

/// A block of text that is compared.
#[derive(Clone, Copy)]
pub struct Part<'c> {
    /// Index into `Content::blocks`.
    pub block: usize,
    /// Its text.
    pub text: &'c str,
}

/// What grounding compares. No list is empty.
#[derive(Clone)]
pub struct Compared<'c> {
    /// What the answer must be supported by.
    pub sources: Vec<Part<'c>>,
    /// What it must answer.
    pub queries: Vec<Part<'c>>,
    /// The answer.
    pub answers: Vec<Part<'c>>,
}

impl GroundingPolicy {
    /// Checks the filters against each other.
    ///
    /// # Errors
    ///
    /// All that is wrong with `config`.
    pub fn compile(config: &GroundingPolicyConfig) -> Result<Self, Vec<ConfigError>> {
        let errors = config::check(config);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            filters: config.filters.clone(),
        })
    }

    /// The filters that are judged, in configured order.
    fn enabled(&self) -> impl Iterator<Item = &GroundingFilterConfig> {
        self.filters.iter().filter(|filter| filter.is_enabled())
    }

    fn judges(&self, wanted: GroundingFilterType) -> bool {
        self.enabled().any(|filter| filter.filter == wanted)
    }
}

impl GroundingFilterConfig {
    /// Whether it is judged at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(true)
    }

    /// Whether what it detects is blocked.
    pub(crate) fn blocks(&self) -> bool {
        self.action.unwrap_or(BlockAction::Block) == BlockAction::Block
    }
}

/// The text of several blocks as one.
fn joined(parts: &[Part<'_>]) -> String {
    let texts: Vec<_> = parts.iter().map(|part| part.text).collect();
    texts.join("\n")
}

#[cfg(test)]
mod tests;
