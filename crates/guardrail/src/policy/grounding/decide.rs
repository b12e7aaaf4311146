//! What follows from the findings. Pure.

use super::{GroundingFinding, GroundingPolicy};
use crate::{
    config::{GroundingFilterConfig, GroundingFilterType},
    verdict::{EntryAction, GroundingEntry, JudgedClaim},
};

/// Scores are stated to this part of one, and held against the threshold as stated.
const STEPS: f64 = 10_000.0;

impl GroundingPolicy {
    /// One entry per enabled filter that was judged, detected or not, in configured order.
    pub fn decide(&self, findings: &[GroundingFinding]) -> Vec<GroundingEntry> {
        let entries = self.enabled().filter_map(|config| {
            findings
                .iter()
                .find_map(|finding| match (config.filter, finding) {
                    (GroundingFilterType::Grounding, GroundingFinding::Claims(claims)) => {
                        Some(entry(config, weakest(claims), claims.clone()))
                    }
                    (GroundingFilterType::Relevance, GroundingFinding::Relevance(score)) => {
                        Some(entry(config, *score, Vec::new()))
                    }
                    _ => None,
                })
        });
        entries.collect()
    }
}

/// The lowest score of any claim. What claims nothing has nothing wrong.
fn weakest(claims: &[JudgedClaim]) -> f32 {
    claims.iter().map(|claim| claim.score).fold(1.0, f32::min)
}

fn entry(config: &GroundingFilterConfig, score: f32, claims: Vec<JudgedClaim>) -> GroundingEntry {
    let score = (f64::from(score) * STEPS).round() / STEPS;
    let detected = score < config.threshold;
    GroundingEntry {
        filter: config.filter,
        score,
        threshold: config.threshold,
        detected,
        action: if detected && config.blocks() {
            EntryAction::Blocked
        } else {
            EntryAction::None
        },
        claims,
    }
}
