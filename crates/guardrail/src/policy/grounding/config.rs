//! Checks across the members of a grounding policy.

use crate::config::{ConfigError, GroundingPolicyConfig, distinct};

const FILTERS: &str = "contextualGroundingPolicyConfig.filtersConfig";

/// A threshold of 1 would detect everything but a perfect score.
const LARGEST_THRESHOLD: f64 = 0.99;

/// Everything in `config` that the API documents as refused and a single member cannot show.
pub(super) fn check(config: &GroundingPolicyConfig) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let types = config.filters.iter().map(|filter| filter.filter);
    distinct(types, FILTERS, "type", &mut errors);
    for (index, filter) in config.filters.iter().enumerate() {
        let constraint = if filter.threshold.is_nan() || filter.threshold < 0.0 {
            "Member must have value greater than or equal to 0"
        } else if filter.threshold > LARGEST_THRESHOLD {
            "Member must have value less than or equal to 0.99"
        } else {
            continue;
        };
        let path = ConfigError::element(FILTERS, index, "threshold");
        errors.push(ConfigError::new(path, constraint));
    }
    errors
}
