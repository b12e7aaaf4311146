//! How far readings reach, for a text that is judged while it comes.

use super::{
    SensitivePolicy,
    custom::{Budget, Extent},
};
use crate::{
    config::{Directions, PiiType, SensitiveAction},
    content::Source,
    detect::Detectors,
};
use pretil_text::{Span, Views};

/// How far text decides over a reading before it, in bytes of plain words: a context word that starts
/// 40 bytes behind a value (`scan`) and is at most 50 long. All else ends at the first plain words.
const ENTITY_REACH: usize = 96;
/// The same for readings that may hold plain words: an address, which is looked for 128 bytes behind and
/// 72 before the word for a street, and a name, of four words.
const LONG_ENTITY_REACH: usize = 144;
/// Beyond a match, a search looks at one character.
const LOOK_AROUND: usize = 8;

/// Why readings cannot be told before the text has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unbounded {
    /// A tagger reads the text in windows.
    Tagger,
    /// A regular expression may match any stretch.
    Regex,
}

impl SensitivePolicy {
    /// Whether anything that is found in text of `source` may be masked.
    pub(crate) fn masks(&self, source: Source) -> bool {
        let masks = |directions: &Directions<SensitiveAction>, fallback| {
            directions.enabled(source)
                && directions.action(source, fallback) == SensitiveAction::Anonymize
        };
        let mut entities = self.entities.iter();
        let mut regexes = self.regexes.iter().map(|regex| &regex.config);
        entities.any(|entity| masks(&entity.directions, entity.action))
            || regexes.any(|regex| masks(&regex.directions, regex.action))
    }

    /// How many bytes of plain words there must be between two places so that the text at one decides
    /// over no reading at the other.
    ///
    /// # Errors
    ///
    /// No number is enough.
    pub(crate) fn reach(&self, source: Source, detectors: &Detectors) -> Result<usize, Unbounded> {
        let entities = self.entities.iter();
        let mut entities = entities.filter(|entity| entity.directions.enabled(source));
        let reaches = entities.clone().map(|entity| match entity.entity {
            PiiType::Address | PiiType::Name => LONG_ENTITY_REACH,
            _ => ENTITY_REACH,
        });
        let mut reach = reaches.max().unwrap_or_default();
        let tagged = |entity: PiiType| {
            let tagger = detectors.tagger.as_deref();
            tagger.is_some_and(|tagger| tagger.types().contains(&entity))
        };
        if entities.any(|entity| tagged(entity.entity)) {
            return Err(Unbounded::Tagger);
        }
        for regex in &self.regexes {
            if !regex.config.directions.enabled(source) {
                continue;
            }
            reach = reach.max(match regex.extent {
                Extent::Bytes(length) => length + LOOK_AROUND,
                Extent::Word => LOOK_AROUND,
                Extent::Unbounded => return Err(Unbounded::Regex),
            });
        }
        Ok(reach)
    }

    /// Every stretch of the text that anything reads as something, sure or not, in any view: what one
    /// reading becomes may depend on those that it overlaps. `None` if a budget was spent.
    pub(crate) fn stretches(
        &self,
        source: Source,
        views: &Views,
        detectors: &Detectors,
    ) -> Option<Vec<Span>> {
        let mut stretches = Vec::new();
        let entities = self.entities.iter();
        let reads_entities = entities.map(|entity| &entity.directions);
        let reads_entities = reads_entities.into_iter().any(|one| one.enabled(source));
        let budget = Budget::start(detectors.clock.as_ref());
        let mut matches = Vec::new();
        for view in views.iter().filter(|view| view.fit_for_patterns()) {
            if reads_entities {
                let candidates = self.scanner.scan(view.text()).into_iter();
                matches.extend(candidates.map(|candidate| candidate.range));
            }
            for regex in &self.regexes {
                if regex.config.directions.enabled(source) {
                    let deadline = budget.for_pattern();
                    let found = regex.find_all(view.text(), &deadline, &mut matches);
                    found.ok()?;
                }
            }
            stretches.extend(matches.drain(..).map(|range| view.to_original(range)));
        }
        Some(stretches)
    }
}
