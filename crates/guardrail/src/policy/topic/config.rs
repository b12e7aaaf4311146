//! Checks across the members of a topic policy.

use crate::config::{ConfigError, TierName, TopicConfig, TopicPolicyConfig};
use std::collections::HashSet;

/// Longest definition of the CLASSIC tier, in code points (AWS user guide, safeguard tiers).
pub const CLASSIC_DEFINITION_MAXIMUM: usize = 200;

/// Longest definition of the STANDARD tier, in code points.
pub const STANDARD_DEFINITION_MAXIMUM: usize = 1_000;

/// Everything in `config` that the API documents as refused and a single member cannot show.
pub(super) fn check(config: &TopicPolicyConfig) -> Vec<ConfigError> {
    let maximum = match config.tier {
        TierName::Classic => CLASSIC_DEFINITION_MAXIMUM,
        TierName::Standard => STANDARD_DEFINITION_MAXIMUM,
    };
    let mut names = HashSet::new();
    let mut errors = Vec::new();
    for (index, topic) in config.topics.iter().enumerate() {
        errors.extend(check_definition(index, topic, maximum));
        if !names.insert(topic.name.as_str()) {
            errors.push(ConfigError::new(
                member(index, "name"),
                "Member must have a name that no other topic has",
            ));
        }
    }
    errors
}

fn check_definition(index: usize, topic: &TopicConfig, maximum: usize) -> Option<ConfigError> {
    (topic.definition.chars().count() > maximum).then(|| {
        ConfigError::new(
            member(index, "definition"),
            format!("Member must have length less than or equal to {maximum}"),
        )
    })
}

/// The API's path of a topic's member; its lists count from one.
fn member(index: usize, name: &str) -> String {
    format!("topicPolicyConfig.topicsConfig.{}.member.{name}", index + 1)
}
