//! Checks across the members of a content policy.

use crate::config::{ConfigError, ContentFilterType, ContentPolicyConfig, Strength, distinct};

const FILTERS: &str = "contentPolicyConfig.filtersConfig";

/// Everything in `config` that the API documents as refused and a single member cannot show.
pub(super) fn check(config: &ContentPolicyConfig) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let types = config.filters.iter().map(|filter| filter.filter);
    distinct(types, FILTERS, "type", &mut errors);
    for (index, filter) in config.filters.iter().enumerate() {
        let judges_answers = filter.output_strength != Strength::None;
        if filter.filter == ContentFilterType::PromptAttack && judges_answers {
            errors.push(ConfigError::new(
                ConfigError::element(FILTERS, index, "outputStrength"),
                "Member must be NONE for the PROMPT_ATTACK filter",
            ));
        }
    }
    errors
}
