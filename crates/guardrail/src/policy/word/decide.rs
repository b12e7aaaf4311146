//! What follows from the findings. Pure.

use super::{Term, WordFinding, WordPolicy};
use crate::{
    config::{BlockAction, Directions},
    content::Source,
    verdict::{EntryAction, WordEntry},
};

impl Term {
    /// Whether any rule names this term for `source`.
    pub(super) fn applies(&self, source: Source) -> bool {
        let mut rules = self.custom.iter().chain(&self.managed);
        rules.any(|rule| rule.enabled(source))
    }
}

impl WordPolicy {
    /// One entry per word found: custom words, then managed ones, each by first occurrence. A word
    /// that is both has both entries.
    pub fn decide(&self, source: Source, findings: &[WordFinding]) -> Vec<WordEntry> {
        let entry = |finding: &WordFinding, managed, action| WordEntry {
            matched: finding.matched.clone(),
            managed,
            detected: true,
            action,
            locations: finding.locations.clone(),
        };
        let custom = findings.iter().filter_map(|finding| {
            let rules = &self.terms[finding.term].custom;
            strongest(source, rules).map(|action| entry(finding, false, action))
        });
        let managed = findings.iter().filter_map(|finding| {
            let rules = &self.terms[finding.term].managed;
            strongest(source, rules).map(|action| entry(finding, true, action))
        });
        custom.chain(managed).collect()
    }
}

/// What the rules that are enabled for `source` lead to; `None` if there is none.
fn strongest<'r>(
    source: Source,
    rules: impl IntoIterator<Item = &'r Directions<BlockAction>>,
) -> Option<EntryAction> {
    let enabled = rules.into_iter().filter(|rule| rule.enabled(source));
    let actions = enabled.map(|rule| rule.action(source, BlockAction::Block));
    let strongest = actions.reduce(|strongest, action| match action {
        BlockAction::Block => BlockAction::Block,
        BlockAction::None => strongest,
    });
    strongest.map(|action| match action {
        BlockAction::Block => EntryAction::Blocked,
        BlockAction::None => EntryAction::None,
    })
}
