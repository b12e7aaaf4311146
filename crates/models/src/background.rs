//! What likeness to a topic is measured against: benign texts, embedded beforehand.
//!
//! Sources, licences, command and limits: `topic/CARD.md`.

use pretil_guardrail::policy::topic::{Calibration, TopicSpace};

static BACKGROUND: &[u8] = include_bytes!("../topic/background.bin");

/// First bytes of the file; the last is its version.
const MAGIC: &[u8] = b"PRTLTBG1";

/// Chosen on topics of the train parts; see `topic/CARD.md`.
const CALIBRATION: Calibration = Calibration {
    definition_weight: 0.3,
    nearest_weight: 0.3,
    neighbours: 5,
    own_limit: 0.7,
    background_floor: 0.3,
    margin: -0.1,
    margin_per_doubling: 0.015,
    slope: 20.0,
};

/// The space of the embedded background; `None` if the file is broken.
pub(crate) fn topic_space() -> Option<TopicSpace> {
    let (dimensions, vectors) = read(BACKGROUND)?;
    TopicSpace::new(dimensions, vectors, CALIBRATION)
}

/// Magic, rows and dimensions (u32), one f32 scale per row, then int8 rows; all little-endian.
fn read(file: &[u8]) -> Option<(usize, Vec<f32>)> {
    let (rows, file) = file.strip_prefix(MAGIC)?.split_first_chunk::<4>()?;
    let (dimensions, file) = file.split_first_chunk::<4>()?;
    let rows = u32::from_le_bytes(*rows) as usize;
    let dimensions = u32::from_le_bytes(*dimensions) as usize;
    let (scales, quantised) = file.split_at_checked(rows.checked_mul(4)?)?;
    if dimensions == 0 || quantised.len() != rows.checked_mul(dimensions)? {
        return None;
    }
    let mut vectors = Vec::with_capacity(quantised.len());
    for (scale, row) in scales
        .chunks_exact(4)
        .zip(quantised.chunks_exact(dimensions))
    {
        let scale = f32::from_le_bytes(scale.try_into().ok()?);
        vectors.extend(
            row.iter()
                .map(|&part| scale * f32::from(part.cast_signed())),
        );
    }
    Some((dimensions, vectors))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vector_of_the_embedded_file_has_length_one() {
        let (dimensions, vectors) = read(BACKGROUND).unwrap();
        assert_eq!(dimensions, 384);
        for vector in vectors.chunks_exact(dimensions) {
            let length = vector.iter().map(|part| part * part).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 0.01, "length {length}");
        }
    }

    #[test]
    fn a_cut_or_foreign_file_is_refused() {
        assert!(read(&BACKGROUND[..BACKGROUND.len() - 1]).is_none());
        assert!(read(&BACKGROUND[..10]).is_none());
        assert!(read(b"something else").is_none());
    }
}
