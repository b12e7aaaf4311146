//! Content filters.
//!
//! # What it judges
//!
//! Whether a prompt or an answer is hateful, insulting, sexual, violent (self-harm is under it) or
//! helps with misconduct, and whether a prompt attacks the model's instructions. Prompt attacks are
//! looked for in prompts only, in every guarded block, retrieved passages among them: an answer is
//! the model's own.
//!
//! # How it decides
//!
//! A classifier reads every view of a text that says something to whoever reads it, in windows that
//! cover all of it, once for all filters. The highest score of any window counts. Bands of the
//! classifier, which mean the same for every filter, make it a confidence, and the strength of a
//! filter says which confidence is detected: HIGH strength from LOW on, MEDIUM from MEDIUM on, LOW
//! only HIGH.
//!
//! Text that holds a stretch which is surely in a language that the classifier was not measured for
//! is read all the same, and the policy is "not evaluated" beside what was found: see
//! [`pretil_text::language::outside`] for what is sure. It is looked at as its reader sees it, and
//! decoded where it is encoded.
//!
//! # What it cannot see
//!
//! Images; what follows only from several blocks together; text in an unmeasured language of Latin
//! script that is too short to be told apart, which is read as if it were measured. The tiers CLASSIC
//! and STANDARD ask for the same classifier.
//!
//! # Example
//!
//! With VIOLENCE at strength MEDIUM, a threat that the classifier is fairly sure of is blocked, and a
//! question about a film with a fight is not.

mod config;
mod decide;
mod detect;
mod explain;
mod severity;

pub use detect::ContentFinding;
pub use explain::EXPLAIN_PASSES;
pub use severity::{Checked, Severity, scores, severities};

use crate::{
    config::{
        BlockAction, ConfigError, ContentFilterConfig, ContentFilterType, ContentPolicyConfig,
        Modality, Strength,
    },
    content::Source,
};

/// The content policy of one guardrail.
#[derive(Clone, Debug)]
pub struct ContentPolicy {
    filters: Vec<ContentFilterConfig>,
}

impl ContentPolicy {
    /// Checks the filters against each other.
    ///
    /// # Errors
    ///
    /// All that is wrong with `config`.
    pub fn compile(config: &ContentPolicyConfig) -> Result<Self, Vec<ConfigError>> {
        let errors = config::check(config);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            filters: config.filters.clone(),
        })
    }

    /// The filters that judge text of `source`, in configured order.
    fn enabled(&self, source: Source) -> impl Iterator<Item = &ContentFilterConfig> {
        let filters = self.filters.iter();
        filters.filter(move |filter| filter.judges(source, Modality::Text))
    }
}

impl ContentFilterConfig {
    /// As configured for `source`.
    pub(crate) fn strength(&self, source: Source) -> Strength {
        match source {
            Source::Input => self.input_strength,
            Source::Output => self.output_strength,
        }
    }

    /// Whether content of this kind is judged by it. Where no kind was sent, it is text.
    pub(crate) fn judges(&self, source: Source, modality: Modality) -> bool {
        let modalities = match source {
            Source::Input => &self.input_modalities,
            Source::Output => &self.output_modalities,
        };
        let reads = match modalities {
            Some(modalities) => modalities.contains(&modality),
            None => modality == Modality::Text,
        };
        let attack = self.filter == ContentFilterType::PromptAttack;
        reads
            && self.strength(source) != Strength::None
            && self.directions.enabled(source)
            && !(attack && source == Source::Output)
    }

    /// Whether what it detects is blocked.
    pub(crate) fn blocks(&self, source: Source) -> bool {
        self.directions.action(source, BlockAction::Block) == BlockAction::Block
    }
}

#[cfg(test)]
mod tests;
