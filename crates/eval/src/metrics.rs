//! Shares and means.

use crate::figures::Estimate;

/// Mean of `values`, each a topic's, with the normal interval over topics: rows of one topic are
/// not independent, topics nearly are. Ends stay between 0 and 1.
pub fn mean(values: &[f64]) -> Estimate {
    let count = values.len().max(1) as f64;
    let value = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|x| (x - value).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let half = 1.96 * (variance / count).sqrt();
    Estimate {
        value,
        low: (value - half).max(0.0),
        high: (value + half).min(1.0),
    }
}

/// Share of `scores` at or above `threshold`; 0 of none.
pub fn at_least(scores: &[f32], threshold: f32) -> f64 {
    if scores.is_empty() {
        return 0.0;
    }
    let above = scores.iter().filter(|score| **score >= threshold).count();
    above as f64 / scores.len() as f64
}

/// Recall where at most a share `false_alarms` of `negatives` fires.
pub fn recall_at(positives: &[f32], negatives: &[f32], false_alarms: f64) -> f64 {
    let mut sorted = negatives.to_vec();
    sorted.sort_by(|left, right| right.total_cmp(left));
    let allowed = (false_alarms * sorted.len() as f64).floor() as usize;
    // Strictly above the first negative that must not fire.
    let Some(limit) = sorted.get(allowed) else {
        return at_least(positives, f32::MIN);
    };
    let above = positives.iter().filter(|score| *score > limit).count();
    above as f64 / positives.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values here are sums of a few exact fractions.
    fn same(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-12
    }

    #[test]
    fn recall_allows_no_more_false_alarms_than_asked() {
        let negatives: Vec<f32> = (0..100).map(|i| i as f32).collect();
        // One of a hundred may fire: 99 does, 98 does not.
        let positives = [99.5, 98.5, 98.0, 1.0];
        assert!(same(recall_at(&positives, &negatives, 0.01), 0.5));
        assert!(same(recall_at(&[99.0], &negatives, 0.0), 0.0));
        assert!(same(recall_at(&[1.0], &[], 0.01), 1.0));
    }

    #[test]
    fn the_mean_has_an_interval_around_it() {
        let share = mean(&[0.8, 1.0, 0.9, 0.9]);
        assert!((share.value - 0.9).abs() < 1e-9);
        assert!(share.low < 0.9 && share.high > 0.9);
        assert!(same(mean(&[1.0, 1.0]).low, 1.0));
    }

    #[test]
    fn a_score_at_the_threshold_counts() {
        assert!(same(at_least(&[0.5, 0.4], 0.5), 0.5));
        assert!(same(at_least(&[], 0.5), 0.0));
    }
}
