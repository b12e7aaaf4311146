//! One decision per span: which reading of the same characters stands.
//!
//! - Two readings of the same characters as different types are one misreading: the surer one
//!   stands, then the longer one. A card number is not also a telephone number.
//! - A type that is not configured still suppresses a weaker misreading if it is sure enough
//!   ([`SURE`]): a valid card number is not masked as `{PHONE}` because cards are not configured.
//!   That holds among numbers and codes only. A value that a phrase introduces ("username: …") or
//!   that stands inside a larger whole is what it is, whatever else it may be.
//! - A URL, an address, a name, a user name or a password may *contain* other values. The whole
//!   stands for its parts, unless a part has a stricter action: a blocked e-mail address blocks
//!   also inside a masked URL.
//! - The same value seen in several views is one finding, the longest; of equals the one in the
//!   plainest view.

use crate::{config::PiiType, policy::sensitive::entity::THRESHOLD, verdict::Location};
use pretil_text::Span;
use std::cmp::Ordering;

/// From here up, a type that is not configured suppresses misreadings.
const SURE: f32 = 0.8;

/// A reading with its place in the text that was sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Located {
    pub(super) entity: PiiType,
    pub(super) location: Location,
    pub(super) score: f32,
    /// How derived the view is, from 0 for the original.
    pub(super) derivation: usize,
}

impl Located {
    fn span(&self) -> Span {
        self.location.span
    }
}

/// The readings of one block that stand, in order of their start.
///
/// `strictness` is 0 for a type that is not configured, and grows with what its action does.
pub(super) fn resolve(
    mut readings: Vec<Located>,
    strictness: impl Fn(PiiType) -> u8,
) -> Vec<Located> {
    readings.retain(|reading| {
        let configured = strictness(reading.entity) > 0;
        reading.score >= THRESHOLD
            && !reading.span().is_empty()
            && (configured || (reading.score >= SURE && is_code(reading.entity)))
    });
    readings = one_per_type(readings);
    let (wholes, parts): (Vec<_>, Vec<_>) = readings
        .into_iter()
        .partition(|reading| is_container(reading.entity));
    let wholes = disjoint(wholes, by_length, |_, _| true);
    let misreads = |stronger: &Located, weaker: &Located| {
        strictness(stronger.entity) > 0 || is_code(weaker.entity)
    };
    let parts = disjoint(parts, by_score, misreads);
    let mut standing = weigh_parts(wholes, parts, &strictness);
    standing.retain(|reading| strictness(reading.entity) > 0);
    standing.sort_by_key(|reading| (reading.span(), reading.entity));
    standing
}

/// Whether values of the type may contain values of other types.
fn is_container(entity: PiiType) -> bool {
    matches!(
        entity,
        PiiType::Url | PiiType::Address | PiiType::Name | PiiType::Username | PiiType::Password
    )
}

/// Whether the type is a number or code, which another number or code may be mistaken for.
pub(super) fn is_code(entity: PiiType) -> bool {
    !is_container(entity) && !matches!(entity, PiiType::Email | PiiType::Age)
}

/// Of overlapping readings as the same type, the longest.
fn one_per_type(mut readings: Vec<Located>) -> Vec<Located> {
    readings.sort_by_key(|reading| reading.entity);
    let groups = readings.chunk_by(|one, other| one.entity == other.entity);
    groups
        .flat_map(|group| disjoint(group.to_vec(), by_length, |_, _| true))
        .collect()
}

/// Longest first, then surest, then plainest.
fn by_length(one: &Located, other: &Located) -> Ordering {
    let length = other.span().len().cmp(&one.span().len());
    length
        .then(other.score.total_cmp(&one.score))
        .then(one.derivation.cmp(&other.derivation))
        .then(one.span().cmp(&other.span()))
}

/// Surest first, then longest, then plainest, then in the order of the API.
fn by_score(one: &Located, other: &Located) -> Ordering {
    let score = other.score.total_cmp(&one.score);
    score
        .then_with(|| by_length(one, other))
        .then(one.entity.cmp(&other.entity))
}

/// The readings left when each, in `order`, drops those after it that it overlaps and `beats`.
/// Sorted by start.
fn disjoint(
    mut readings: Vec<Located>,
    order: impl Fn(&Located, &Located) -> Ordering,
    beats: impl Fn(&Located, &Located) -> bool,
) -> Vec<Located> {
    readings.sort_by(order);
    // Indices into `readings`, by the start of what they stand for.
    let mut standing: Vec<usize> = Vec::with_capacity(readings.len());
    for (index, reading) in readings.iter().enumerate() {
        let span = reading.span();
        let next = standing.partition_point(|other| readings[*other].span().end() <= span.start());
        let beaten = standing[next..]
            .iter()
            .map(|other| &readings[*other])
            .take_while(|stronger| stronger.span().start() < span.end())
            .any(|stronger| beats(stronger, reading));
        if !beaten {
            let place = standing.partition_point(|other| readings[*other].span() < span);
            standing.insert(place, index);
        }
    }
    standing
        .into_iter()
        .map(|index| readings[index].clone())
        .collect()
}

/// Decides between wholes and the parts that overlap them. Both are sorted by start.
fn weigh_parts(
    wholes: Vec<Located>,
    parts: Vec<Located>,
    strictness: impl Fn(PiiType) -> u8,
) -> Vec<Located> {
    let mut beaten = vec![false; wholes.len()];
    let mut standing = Vec::with_capacity(wholes.len() + parts.len());
    for part in parts {
        let first = wholes.partition_point(|whole| whole.span().end() <= part.span().start());
        let overlapping = (first..wholes.len())
            .take_while(|index| wholes[*index].span().start() < part.span().end());
        let mut stands = true;
        for index in overlapping {
            let whole = &wholes[index];
            let inside = whole.span().contains(part.span()) && whole.span() != part.span();
            if inside {
                stands &= strictness(part.entity) > strictness(whole.entity);
            } else if strictness(part.entity) == 0 || whole.score > part.score {
                stands = false;
            } else {
                beaten[index] = true;
            }
        }
        if stands {
            standing.push(part);
        }
    }
    let wholes = wholes.into_iter().zip(beaten);
    standing.extend(wholes.filter(|(_, beaten)| !beaten).map(|(whole, _)| whole));
    standing
}
