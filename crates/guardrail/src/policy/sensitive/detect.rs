//! Asks the text: which spans read as which type, and which match which regex.

use super::{
    SensitiveFinding, SensitivePolicy, Subject,
    custom::Budget,
    entity::joins_prose,
    overlap::{Located, resolve},
    scan::{Scanner, ScannerError},
    tagged,
};
use crate::{
    config::{PiiType, SensitiveAction},
    content::{Source, Text},
    detect::{Detectors, Tagger},
    policy::{Detected, Reading, is_foreign},
    verdict::{Location, NotEvaluatedReason},
};
use pretil_text::{Span, View, Views};

/// In views that join what was written apart, only readings at least this sure count: a checksum or
/// a grammar that chance rarely meets.
const DISTINCTIVE: f32 = 0.85;

/// A value of some type in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityFinding {
    /// Which type.
    pub entity: PiiType,
    /// Where, in the text that was sent.
    pub span: Span,
    /// Confidence, 0 to 1.
    pub score: f32,
}

/// The values of `entities` in one text that patterns find, in order of their start.
///
/// # Errors
///
/// A built-in pattern does not compile.
pub fn find(entities: &[PiiType], views: &Views) -> Result<Vec<EntityFinding>, ScannerError> {
    let wanted = |entity| u8::from(entities.contains(&entity));
    let readings = read(Scanner::shared()?, 0, views, Vec::new(), wanted);
    let findings = readings.into_iter().map(|reading| EntityFinding {
        entity: reading.entity,
        span: reading.location.span,
        score: reading.score,
    });
    Ok(findings.collect())
}

/// A tagger's readings of one block's text, and the types of which it could give none and why.
fn read_tagged(
    tagger: Option<&dyn Tagger>,
    block: usize,
    views: &Views,
    wanted: impl Fn(PiiType) -> bool,
) -> (Vec<Located>, Vec<(PiiType, NotEvaluatedReason)>) {
    let missed = |reason: NotEvaluatedReason| {
        let types = tagged::NEED_TAGGER.iter().copied();
        let types = types.filter(|entity| wanted(*entity));
        types.map(|entity| (entity, reason.clone())).collect()
    };
    let Some(tagger) = tagger else {
        return (Vec::new(), missed(NotEvaluatedReason::NoDetector));
    };
    if !tagger.types().iter().any(|entity| wanted(*entity)) {
        return (Vec::new(), Vec::new());
    }
    match tagged::read(tagger, block, views, &wanted) {
        Err(error) => {
            let reason = NotEvaluatedReason::DetectorFailed(error.to_string());
            (Vec::new(), missed(reason))
        }
        Ok(readings) if is_foreign(views, tagger.languages()) => {
            (readings, missed(NotEvaluatedReason::UnsupportedLanguage))
        }
        Ok(readings) => (readings, Vec::new()),
    }
}

/// The readings of one block's text that stand, those of a tagger among them.
fn read(
    scanner: &Scanner,
    block: usize,
    views: &Views,
    tagged: Vec<Located>,
    strictness: impl Fn(PiiType) -> u8,
) -> Vec<Located> {
    let mut readings = Vec::new();
    for (derivation, view) in views.iter().enumerate() {
        if !view.fit_for_patterns() {
            continue;
        }
        let text = view.text();
        let candidates = scanner.scan(text).into_iter().filter(|candidate| {
            view.fit_for_words()
                || candidate.score >= DISTINCTIVE
                    && !(candidate.entity == PiiType::Email
                        && joins_prose(&text[candidate.range.clone()]))
        });
        readings.extend(candidates.map(|candidate| Located {
            entity: candidate.entity,
            location: locate(block, view, candidate.range),
            score: candidate.score,
            derivation,
        }));
    }
    readings.extend(tagged::settle(tagged, &readings));
    resolve(readings, strictness)
}

fn locate(block: usize, view: &View, range: std::ops::Range<usize>) -> Location {
    Location {
        block,
        span: view.to_original(range),
        view: view.kind(),
    }
}

impl SensitivePolicy {
    /// What the readings hold of the types and regexes that are evaluated for `source`. A spent budget
    /// of the views is said by `evaluate`, for every policy alike.
    pub fn detect(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        detectors: &Detectors,
    ) -> Detected<SensitiveFinding> {
        let mut detected = Detected::default();
        self.detect_entities(source, readings, detectors, &mut detected);
        self.detect_regexes(source, readings, detectors, &mut detected);
        detected
    }

    fn detect_entities(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        detectors: &Detectors,
        detected: &mut Detected<SensitiveFinding>,
    ) {
        let enabled = |entity: PiiType| {
            let mut configured = self.entities.iter();
            configured.find(|config| config.entity == entity && config.directions.enabled(source))
        };
        let strictness = |entity| {
            enabled(entity).map_or(0, |config| {
                match config.directions.action(source, config.action) {
                    SensitiveAction::None => 1,
                    SensitiveAction::Anonymize => 2,
                    SensitiveAction::Block => 3,
                }
            })
        };
        if !PiiType::ALL.iter().any(|entity| enabled(*entity).is_some()) {
            return;
        }
        let tagger = detectors.tagger.as_deref();
        for reading in readings {
            let (block, views) = (reading.block, reading.views);
            let wanted = |entity| enabled(entity).is_some();
            let (tagged, missed) = read_tagged(tagger, block, views, wanted);
            let missed = missed.into_iter();
            let missed = missed.map(|(entity, reason)| (Some(entity.as_str().to_owned()), reason));
            detected.not_evaluated.extend(missed);
            let standing = read(self.scanner, block, views, tagged, strictness);
            let findings = standing.into_iter().map(|located| SensitiveFinding {
                subject: Subject::Entity(located.entity),
                location: located.location,
                matched: matched(reading, located.location.span),
                score: Some(located.score),
            });
            detected.findings.extend(findings);
        }
    }

    fn detect_regexes(
        &self,
        source: Source,
        readings: &[Reading<'_>],
        detectors: &Detectors,
        detected: &mut Detected<SensitiveFinding>,
    ) {
        let budget = Budget::start(detectors.clock.as_ref());
        for (index, regex) in self.regexes.iter().enumerate() {
            if !regex.config.directions.enabled(source) {
                continue;
            }
            let deadline = budget.for_pattern();
            let mut ranges = Vec::new();
            let mut spent = false;
            for reading in readings {
                let mut locations: Vec<Location> = Vec::new();
                let views = reading.views.iter().filter(|view| view.fit_for_patterns());
                for view in views {
                    spent |= regex.find_all(view.text(), &deadline, &mut ranges).is_err();
                    let seen = ranges
                        .drain(..)
                        .map(|range| locate(reading.block, view, range));
                    let plainer = locations.len();
                    for location in seen {
                        if is_new(&locations[..plainer], location.span) {
                            locations.push(location);
                        }
                    }
                    locations.sort_by_key(|location| location.span);
                }
                let findings = locations.into_iter().map(|location| SensitiveFinding {
                    subject: Subject::Regex(index),
                    location,
                    matched: matched(reading, location.span),
                    score: None,
                });
                detected.findings.extend(findings);
            }
            if spent {
                let part = Some(regex.config.name.clone());
                let spent = (part, NotEvaluatedReason::BudgetSpent);
                detected.not_evaluated.push(spent);
            }
        }
    }
}

/// Whether `span` overlaps none of `locations`, which do not overlap each other and are sorted.
fn is_new(locations: &[Location], span: Span) -> bool {
    let next = locations.partition_point(|location| location.span.end() <= span.start());
    locations
        .get(next)
        .is_none_or(|location| !location.span.overlaps(span))
}

/// The text under `span`, as sent.
fn matched(reading: &Reading<'_>, span: Span) -> Text {
    Text::new(&reading.views.original().text()[span.range()])
}
