//! Figures of a yes-or-no detector with a score: how often it is right, and how its scores rank.

use crate::{
    bootstrap,
    figures::{Estimate, Group, Measured},
};
use pretil_guardrail::verdict::Confidence;

/// One row as one label sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The truth.
    pub positive: bool,
    /// 0 to 1.
    pub score: f32,
    /// How sure the detector says it is.
    pub confidence: Confidence,
    /// Whether the row is flagged at the operating point.
    pub flagged: bool,
}

/// Bins of the scores in the calibration error and in plots.
pub(crate) const BINS: usize = 10;

/// The names of [`figures`], in its order.
const NAMES: [&str; 16] = [
    "precision",
    "recall",
    "f1",
    "false_alarms",
    "auroc",
    "average_precision",
    "recall_at_0.1_percent",
    "recall_at_1_percent",
    "recall_at_5_percent",
    "low_recall",
    "low_false_alarms",
    "medium_recall",
    "medium_false_alarms",
    "high_recall",
    "high_false_alarms",
    "calibration_error",
];

/// False-alarm rates at which recall is given.
const RATES: [f64; 3] = [0.001, 0.01, 0.05];

/// The figures of `label` on the rows of `group`.
pub fn measure(label: &str, group: Group, observations: &[Observation]) -> Measured {
    let (positives, negatives): (Vec<usize>, Vec<usize>) =
        (0..observations.len()).partition(|&index| observations[index].positive);
    let order = by_score(observations);
    let counts = vec![
        ("rows", observations.len()),
        ("positives", positives.len()),
        ("negatives", negatives.len()),
    ];
    let found = bootstrap::estimates(
        observations.len(),
        &[positives, negatives],
        |weights: &[u32]| figures(observations, &order, weights),
    );
    Measured {
        label: label.to_owned(),
        group,
        counts,
        estimates: named(&found),
    }
}

fn named(found: &[Option<Estimate>]) -> Vec<(&'static str, Estimate)> {
    let all = NAMES.iter().zip(found);
    all.filter_map(|(name, estimate)| Some((*name, (*estimate)?)))
        .collect()
}

/// Shares of the positives and of the negatives that score at or above `threshold`.
pub fn shares_at(
    observations: &[Observation],
    threshold: f32,
) -> (Option<Estimate>, Option<Estimate>) {
    let share = |positive: bool| {
        let of_class = observations.iter().filter(|it| it.positive == positive);
        let hits: Vec<f64> = of_class
            .map(|it| f64::from(u8::from(it.score >= threshold)))
            .collect();
        let all = [(0..hits.len()).collect()];
        let [estimate] = bootstrap::estimates(hits.len(), &all, |weights| {
            let weighted = weights.iter().zip(&hits);
            let sum: f64 = weighted.map(|(weight, hit)| f64::from(*weight) * hit).sum();
            [sum / hits.len() as f64]
        });
        estimate
    };
    (share(true), share(false))
}

/// The lowest threshold at which at most a share `rate` of `scores` is at or above it.
pub fn threshold_at(scores: &[f32], rate: f64) -> Option<f32> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|left, right| right.total_cmp(left));
    let allowed = (rate * sorted.len() as f64).floor() as usize;
    // Just above the first score that must stay below.
    sorted.get(allowed).map(|limit| limit.next_up())
}

/// Indices from the highest score down.
pub(crate) fn by_score(observations: &[Observation]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..observations.len()).collect();
    order.sort_by(|&left, &right| {
        let scores = observations[right]
            .score
            .total_cmp(&observations[left].score);
        scores.then(left.cmp(&right))
    });
    order
}

/// The bin of a score.
pub(crate) fn bin(score: f32) -> usize {
    ((score.clamp(0.0, 1.0) * BINS as f32) as usize).min(BINS - 1)
}

/// Weighted counts of positives and negatives.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    positive: f64,
    negative: f64,
}

impl Pair {
    fn add(&mut self, observation: Observation, weight: f64) {
        if observation.positive {
            self.positive += weight;
        } else {
            self.negative += weight;
        }
    }
}

/// Every figure, with each observation counted as often as its weight says. Not a number where the
/// rows do not support it.
fn figures(observations: &[Observation], order: &[usize], weights: &[u32]) -> [f64; NAMES.len()] {
    let mut all = Pair::default();
    let mut flagged = Pair::default();
    let mut bands = [Pair::default(); 3];
    let mut bins = [(0.0, 0.0); BINS];
    for (observation, weight) in observations.iter().zip(weights) {
        let weight = f64::from(*weight);
        all.add(*observation, weight);
        if observation.flagged {
            flagged.add(*observation, weight);
        }
        let reached = [Confidence::Low, Confidence::Medium, Confidence::High];
        for (band, least) in bands.iter_mut().zip(reached) {
            if observation.confidence >= least {
                band.add(*observation, weight);
            }
        }
        let (score, truth) = &mut bins[bin(observation.score)];
        *score += weight * f64::from(observation.score);
        *truth += weight * f64::from(u8::from(observation.positive));
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
    let both = |value: f64| {
        let supported = all.positive > 0.0 && all.negative > 0.0;
        if supported { value } else { f64::NAN }
    };
    let ranking = ranking(observations, order, weights, all);
    let error: f64 = bins
        .iter()
        .map(|(score, truth)| (score - truth).abs())
        .sum();
    [
        both(share(flagged.positive, flagged.positive + flagged.negative)),
        share(flagged.positive, all.positive),
        both(share(
            2.0 * flagged.positive,
            flagged.positive + flagged.negative + all.positive,
        )),
        share(flagged.negative, all.negative),
        both(ranking.auroc),
        both(ranking.average_precision),
        both(ranking.recalls[0]),
        both(ranking.recalls[1]),
        both(ranking.recalls[2]),
        share(bands[0].positive, all.positive),
        share(bands[0].negative, all.negative),
        share(bands[1].positive, all.positive),
        share(bands[1].negative, all.negative),
        share(bands[2].positive, all.positive),
        share(bands[2].negative, all.negative),
        both(error / (all.positive + all.negative)),
    ]
}

struct Ranking {
    auroc: f64,
    average_precision: f64,
    recalls: [f64; 3],
}

/// What the order of the scores gives. Equal scores count as one step.
fn ranking(observations: &[Observation], order: &[usize], weights: &[u32], all: Pair) -> Ranking {
    let mut above = Pair::default();
    let mut wins = 0.0;
    let mut average_precision = 0.0;
    let mut recalls = [0.0; 3];
    let tie = |left: &usize, right: &usize| {
        observations[*left]
            .score
            .total_cmp(&observations[*right].score)
            .is_eq()
    };
    for equal in order.chunk_by(tie) {
        let mut step = Pair::default();
        for &index in equal {
            step.add(observations[index], f64::from(weights[index]));
        }
        let below = all.negative - above.negative - step.negative;
        wins += step.positive * (below + step.negative / 2.0);
        above.positive += step.positive;
        above.negative += step.negative;
        let flagged = above.positive + above.negative;
        if flagged > 0.0 {
            average_precision += step.positive / all.positive * (above.positive / flagged);
        }
        for (recall, rate) in recalls.iter_mut().zip(RATES) {
            if above.negative <= (rate * all.negative).floor() {
                *recall = above.positive / all.positive;
            }
        }
    }
    Ranking {
        auroc: wins / (all.positive * all.negative),
        average_precision,
        recalls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(positive: bool, score: f32) -> Observation {
        let confidence = match score {
            score if score >= 0.9 => Confidence::High,
            score if score >= 0.5 => Confidence::Medium,
            score if score >= 0.3 => Confidence::Low,
            _ => Confidence::None,
        };
        Observation {
            positive,
            score,
            confidence,
            flagged: confidence >= Confidence::Medium,
        }
    }

    fn value(measured: &Measured, name: &str) -> f64 {
        measured.estimate(name).unwrap().value
    }

    /// Four positives, four negatives, by hand.
    fn eight() -> Vec<Observation> {
        let positives = [0.95, 0.8, 0.6, 0.2].map(|score| observation(true, score));
        let negatives = [0.7, 0.4, 0.2, 0.1].map(|score| observation(false, score));
        [positives, negatives].concat()
    }

    #[test]
    fn every_figure_agrees_with_a_count_by_hand() {
        let measured = measure("HATE", Group::All, &eight());
        let close = |name: &str, expected: f64| {
            let value = value(&measured, name);
            assert!(
                (value - expected).abs() < 1e-6,
                "{name}: {value}, not {expected}"
            );
        };
        close("precision", 0.75);
        close("recall", 0.75);
        close("f1", 0.75);
        close("false_alarms", 0.25);
        // Pairs won: 4 + 4 + 3 + (1 + 0.5) of 16.
        close("auroc", 12.5 / 16.0);
        // Steps: 1/4 at 1, 1/4 at 1, 1/4 at 3/4, 1/4 at 4/7 (one tie).
        close("average_precision", (1.0 + 1.0 + 0.75 + 4.0 / 7.0) / 4.0);
        close("recall_at_5_percent", 0.5);
        close("low_recall", 0.75);
        close("low_false_alarms", 0.5);
        close("medium_false_alarms", 0.25);
        close("high_recall", 0.25);
        close("high_false_alarms", 0.0);
        // Bins: .1 |−.1|, .2 |1 − .4|, .4, .6 |1 − .6|, .7, .8 |1 − .8|, .9 |1 − .95|.
        close(
            "calibration_error",
            (0.1 + 0.6 + 0.4 + 0.4 + 0.7 + 0.2 + 0.05) / 8.0,
        );
        assert_eq!(measured.count("positives"), Some(4));
    }

    #[test]
    fn one_class_supports_only_its_own_rate() {
        let harmful: Vec<_> = eight().into_iter().filter(|it| it.positive).collect();
        let measured = measure("HATE", Group::All, &harmful);
        assert!(measured.estimate("auroc").is_none());
        assert!(measured.estimate("precision").is_none());
        assert!(measured.estimate("false_alarms").is_none());
        assert!((value(&measured, "recall") - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_threshold_lets_through_no_more_than_asked() {
        let scores: Vec<f32> = (0..100).map(|i| i as f32 / 100.0).collect();
        let threshold = threshold_at(&scores, 0.01).unwrap();
        assert_eq!(
            scores.iter().filter(|score| **score >= threshold).count(),
            1
        );
        // Where many tie at the limit, none of them passes.
        let threshold = threshold_at(&[0.5; 100], 0.01).unwrap();
        assert!(threshold > 0.5);
        assert_eq!(threshold_at(&[], 0.01), None);
        let (recall, false_alarms) = shares_at(&eight(), 0.7);
        assert!((recall.unwrap().value - 0.5).abs() < 1e-12);
        assert!((false_alarms.unwrap().value - 0.25).abs() < 1e-12);
        assert_eq!(shares_at(&[], 0.7), (None, None));
    }
}
