//! Rules that span members, for what has no room of its own. A room checks its own policy.
//!
//! The texts are recorded in `docs/adr/0001-validation-texts.md`.

use super::{Config, ConfigError, TierName};
use std::{collections::HashSet, hash::Hash};

/// All that is wrong with `config` outside the rooms.
pub(crate) fn validate(config: &Config) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    if !has_policy(config) {
        errors.push(ConfigError::whole(
            "At least one policy must be configured for the guardrail",
        ));
    }
    tiers(config, &mut errors);
    errors
}

/// Pushes an error for every element whose key an earlier one has.
pub(crate) fn distinct<Key: Hash + Eq>(
    keys: impl IntoIterator<Item = Key>,
    list: &str,
    member: &str,
    errors: &mut Vec<ConfigError>,
) {
    let mut seen = HashSet::new();
    for (index, key) in keys.into_iter().enumerate() {
        if !seen.insert(key) {
            errors.push(ConfigError::new(
                ConfigError::element(list, index, member),
                "Member must be unique",
            ));
        }
    }
}

fn has_policy(config: &Config) -> bool {
    config.topic.is_some()
        || config.content.is_some()
        || config.word.is_some()
        || config.sensitive.is_some()
        || config.grounding.is_some()
        || config.reasoning.is_some()
}

fn tiers(config: &Config, errors: &mut Vec<ConfigError>) {
    if config.cross_region_profile.is_some() {
        return;
    }
    let topic = config.topic.as_ref().map(|policy| policy.tier);
    let content = config.content.as_ref().map(|policy| policy.tier);
    let policies = [
        ("topicPolicyConfig.tierConfig.tierName", topic),
        ("contentPolicyConfig.tierConfig.tierName", content),
    ];
    for (path, tier) in policies {
        if tier == Some(TierName::Standard) {
            errors.push(ConfigError::new(
                path,
                "Member must be CLASSIC unless crossRegionConfig is specified",
            ));
        }
    }
}
