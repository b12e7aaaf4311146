//! Checks across the members of a sensitive-information policy.

use crate::config::{ConfigError, SensitivePolicyConfig};
use std::{collections::HashSet, hash::Hash};

/// Path of the entity list.
pub(super) const ENTITIES: &str = "sensitiveInformationPolicyConfig.piiEntitiesConfig";
/// Path of the regex list.
pub(super) const REGEXES: &str = "sensitiveInformationPolicyConfig.regexesConfig";

/// Each type once, each regex name once: the placeholder of a mask must say which one it was.
pub(super) fn check(config: &SensitivePolicyConfig) -> Vec<ConfigError> {
    let entities = config.entities.iter().flatten();
    let regexes = config.regexes.iter().flatten();
    let mut errors = repeated(entities.map(|entity| entity.entity), ENTITIES, "type");
    errors.extend(repeated(
        regexes.map(|regex| regex.name.as_str()),
        REGEXES,
        "name",
    ));
    errors
}

/// An error for every element whose key an earlier one has.
fn repeated<Key: Hash + Eq>(
    keys: impl Iterator<Item = Key>,
    list: &str,
    member: &str,
) -> Vec<ConfigError> {
    let mut seen = HashSet::new();
    let repeats = keys.enumerate().filter_map(|(index, key)| {
        let path = || ConfigError::element(list, index, member);
        (!seen.insert(key)).then(|| ConfigError::new(path(), "Member must be unique"))
    });
    repeats.collect()
}
