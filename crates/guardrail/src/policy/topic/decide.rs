//! What follows from the findings. Pure.

use super::{TopicFinding, TopicPolicy};
use crate::{
    config::BlockAction,
    content::Source,
    verdict::{EntryAction, TopicEntry},
};

impl TopicPolicy {
    /// One entry per topic that is enabled for `source`, detected or not, in configured order.
    ///
    /// A topic without a finding was read in no text at all: its entry has no score.
    pub fn decide(&self, source: Source, findings: &[TopicFinding]) -> Vec<TopicEntry> {
        self.topics
            .iter()
            .enumerate()
            .filter(|(_, topic)| topic.directions.enabled(source))
            .map(|(index, topic)| {
                let best = best_of(findings, index);
                let detected = best.is_some_and(|finding| finding.score >= Self::THRESHOLD);
                let blocks =
                    topic.directions.action(source, BlockAction::Block) == BlockAction::Block;
                TopicEntry {
                    name: topic.name.clone(),
                    detected,
                    action: if detected && blocks {
                        EntryAction::Blocked
                    } else {
                        EntryAction::None
                    },
                    score: best.map(|finding| finding.score),
                    threshold: Some(Self::THRESHOLD),
                    location: best.map(|finding| finding.location),
                }
            })
            .collect()
    }
}

/// The finding of `topic` with the highest score; the earliest of equals.
fn best_of(findings: &[TopicFinding], topic: usize) -> Option<&TopicFinding> {
    findings
        .iter()
        .filter(|finding| finding.topic == topic)
        .reduce(|best, next| if next.score > best.score { next } else { best })
}
