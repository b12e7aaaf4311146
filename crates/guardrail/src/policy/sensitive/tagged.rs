//! What a tagger adds to the patterns' readings.
//!
//! Patterns know forms and what a phrase introduces; a tagger reads the sentence. Both give readings,
//! and `overlap` decides between them. A tagger's confidence is held under that of a checksum or a
//! grammar ([`surest`]): what a pattern types surely is not typed again.

use super::{
    entity::THRESHOLD,
    overlap::{Located, is_code},
};
use crate::{
    config::PiiType,
    detect::{DetectError, Tagger},
    verdict::Location,
};
use pretil_text::Views;

/// Types of which patterns find only what a phrase or a form gives away: without a tagger they are not
/// evaluated.
pub(super) const NEED_TAGGER: &[PiiType] = &[PiiType::Address, PiiType::Name];

/// From this confidence a pattern's reading rules out a tagger's reading of the same characters.
const SURE: f32 = 0.8;

/// The readings of one block's text by `tagger`, of types for which `wanted` holds.
///
/// Read are the text as sent and what else it says to whoever reads it; not what only patterns are
/// sought in, where words are joined or cut.
pub(super) fn read(
    tagger: &dyn Tagger,
    block: usize,
    views: &Views,
    wanted: impl Fn(PiiType) -> bool,
) -> Result<Vec<Located>, DetectError> {
    let mut readings = Vec::new();
    for (derivation, view) in views.iter().enumerate() {
        if !view.fit_for_meaning() {
            continue;
        }
        let spans = tagger.tag(view.text())?.into_iter();
        readings.extend(spans.filter(|span| wanted(span.entity)).map(|span| Located {
            entity: span.entity,
            location: Location {
                block,
                span: view.to_original(span.range),
                view: view.kind(),
            },
            score: span.score.clamp(THRESHOLD, surest(span.entity)),
            derivation,
        }));
    }
    Ok(readings)
}

/// How sure a tagger can be of a type, beside patterns.
fn surest(entity: PiiType) -> f32 {
    if is_code(entity) { 0.75 } else { 0.85 }
}

/// Drops the tagger's readings that a pattern surely reads as something else: an e-mail address holds no
/// user name, a URL no name. A longer reading that holds the pattern's whole stands: that is for
/// `overlap` to decide.
pub(super) fn settle(tagged: Vec<Located>, patterns: &[Located]) -> Vec<Located> {
    let misread = |reading: &Located| {
        patterns.iter().any(|pattern| {
            let (span, other) = (reading.location.span, pattern.location.span);
            pattern.entity != reading.entity
                && pattern.score >= SURE
                && span.overlaps(other)
                && !(span.contains(other) && span != other)
                && (is_code(pattern.entity)
                    || matches!(pattern.entity, PiiType::Email | PiiType::Url))
        })
    };
    tagged
        .into_iter()
        .filter(|reading| !misread(reading))
        .collect()
}
