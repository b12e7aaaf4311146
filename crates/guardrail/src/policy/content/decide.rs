//! What follows from the findings. Pure.

use super::{ContentFinding, ContentPolicy};
use crate::{
    config::{ContentFilterConfig, Strength},
    content::Source,
    verdict::{Confidence, ContentEntry, EntryAction},
};

impl ContentPolicy {
    /// One entry per filter that judges text of `source`, detected or not, in configured order.
    ///
    /// A filter without a finding read nothing but white space: its entry has no score.
    pub fn decide(&self, source: Source, findings: &[ContentFinding]) -> Vec<ContentEntry> {
        self.enabled(source)
            .map(|config| {
                let finding = findings.iter().find(|found| found.filter == config.filter);
                entry(config, source, finding)
            })
            .collect()
    }
}

fn entry(
    config: &ContentFilterConfig,
    source: Source,
    finding: Option<&ContentFinding>,
) -> ContentEntry {
    let strength = config.strength(source);
    let asked = asked(strength);
    let confidence = finding.map_or(Confidence::None, |found| {
        found.bands.confidence(found.score)
    });
    let detected = asked.is_some_and(|asked| confidence >= asked);
    ContentEntry {
        filter: config.filter,
        confidence,
        strength,
        detected,
        action: if detected && config.blocks(source) {
            EntryAction::Blocked
        } else {
            EntryAction::None
        },
        score: finding.map(|found| found.score),
        threshold: finding
            .zip(asked)
            .map(|(found, asked)| found.bands.threshold(asked)),
        location: finding.map(|found| found.location),
        evidence: Vec::new(),
        score_without_evidence: None,
    }
}

/// The confidence from which on a filter of this strength detects.
fn asked(strength: Strength) -> Option<Confidence> {
    match strength {
        Strength::None => None,
        Strength::Low => Some(Confidence::High),
        Strength::Medium => Some(Confidence::Medium),
        Strength::High => Some(Confidence::Low),
    }
}
