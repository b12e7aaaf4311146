//! What findings lead to. Pure.

use super::{SensitiveFinding, SensitivePolicy, Subject};
use crate::{
    config::{Directions, SensitiveAction},
    content::Source,
    verdict::{EntryAction, Location, PiiEntry, RegexEntry},
};
use std::collections::HashMap;

/// What the room concludes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SensitiveEntries {
    /// Personal data, in order of first occurrence; not-detected types after, in configured order.
    pub entities: Vec<PiiEntry>,
    /// Custom regexes, in order of first occurrence.
    pub regexes: Vec<RegexEntry>,
}

impl SensitivePolicy {
    /// One entry per distinct match, with every place where it stands, and one for every type that
    /// was evaluated and not found.
    ///
    /// `masks_input_by_fallback`: whether the plain `action: ANONYMIZE`, with no `inputAction`,
    /// masks prompts. AWS documents that it does; the live service has been seen to neither mask
    /// nor report such an entry, which `false` reproduces.
    pub fn decide(
        &self,
        source: Source,
        findings: &[SensitiveFinding],
        masks_input_by_fallback: bool,
    ) -> SensitiveEntries {
        let action = |directions: &Directions<SensitiveAction>, fallback| {
            let unsaid = directions.explicit_action(source).is_none();
            let exempt = source == Source::Input
                && fallback == SensitiveAction::Anonymize
                && unsaid
                && !masks_input_by_fallback;
            let said = directions.action(source, fallback);
            (!exempt && directions.enabled(source)).then(|| entry_action(said))
        };
        let mut entries = SensitiveEntries::default();
        let mut places: HashMap<(Subject, &str), usize> = HashMap::new();
        for finding in findings {
            let key = (finding.subject, finding.matched.as_str());
            match finding.subject {
                Subject::Entity(entity) => {
                    let mut configured = self.entities.iter();
                    let config = configured.find(|config| config.entity == entity);
                    let action =
                        config.and_then(|config| action(&config.directions, config.action));
                    let Some(action) = action else { continue };
                    let place = *places.entry(key).or_insert_with(|| {
                        entries.entities.push(PiiEntry {
                            entity,
                            matched: finding.matched.as_str().to_owned(),
                            detected: true,
                            action,
                            score: None,
                            locations: Vec::new(),
                        });
                        entries.entities.len() - 1
                    });
                    let entry = &mut entries.entities[place];
                    entry.locations.push(finding.location);
                    entry.score = surest(entry.score, finding.score);
                }
                Subject::Regex(index) => {
                    let config = self.regexes.get(index).map(|regex| &regex.config);
                    let Some(config) = config else { continue };
                    let Some(action) = action(&config.directions, config.action) else {
                        continue;
                    };
                    let place = *places.entry(key).or_insert_with(|| {
                        entries.regexes.push(RegexEntry {
                            name: config.name.clone(),
                            pattern: config.pattern.clone(),
                            matched: finding.matched.as_str().to_owned(),
                            detected: true,
                            action,
                            locations: Vec::new(),
                        });
                        entries.regexes.len() - 1
                    });
                    entries.regexes[place].locations.push(finding.location);
                }
            }
        }
        entries
            .entities
            .sort_by_key(|entry| first(&entry.locations));
        entries.regexes.sort_by_key(|entry| first(&entry.locations));
        let not_found: Vec<_> = self
            .entities
            .iter()
            .filter(|config| action(&config.directions, config.action).is_some())
            .filter(|config| {
                let mut found = entries.entities.iter();
                !found.any(|entry| entry.entity == config.entity)
            })
            .map(|config| PiiEntry {
                entity: config.entity,
                matched: String::new(),
                detected: false,
                action: EntryAction::None,
                score: None,
                locations: Vec::new(),
            })
            .collect();
        entries.entities.extend(not_found);
        entries
    }
}

fn entry_action(action: SensitiveAction) -> EntryAction {
    match action {
        SensitiveAction::Block => EntryAction::Blocked,
        SensitiveAction::Anonymize => EntryAction::Anonymized,
        SensitiveAction::None => EntryAction::None,
    }
}

/// The greater of two confidences.
fn surest(one: Option<f32>, other: Option<f32>) -> Option<f32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

/// Where an entry first occurs.
fn first(locations: &[Location]) -> Option<(usize, usize)> {
    let places = locations.iter();
    places
        .map(|location| (location.block, location.span.start()))
        .min()
}
