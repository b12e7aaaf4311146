//! How well a number tells good answers from bad ones.

use crate::{
    bootstrap,
    figures::{Estimate, Group, Measured},
};

/// From this score on an answer passes, where no guardrail says otherwise.
pub(super) const PASSES: f32 = 0.5;

/// Share of the good answers that may be lost where it is asked how many bad ones are stopped.
const LOST: f64 = 0.1;

/// An answer as one number sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Answer {
    /// The truth.
    pub(super) good: bool,
    /// Higher is better.
    pub(super) score: f32,
    /// Whether a guardrail stopped it; `None` without one.
    pub(super) stopped: Option<bool>,
}

/// The figures that need no threshold of their own: the threshold is the best one, or that of the
/// good answers, on the rows themselves. In this order.
const RANKED: [&str; 4] = [
    "auroc",
    "best_balanced_accuracy",
    "stopped_at_10_percent_lost",
    "threshold_at_10_percent_lost",
];

/// The same for a number that is a score, beside those at its threshold and at a guardrail's.
const SCORED: [&str; 10] = [
    "balanced_accuracy",
    "stopped",
    "lost",
    "guardrail_balanced_accuracy",
    "guardrail_stopped",
    "guardrail_lost",
    RANKED[0],
    RANKED[1],
    RANKED[2],
    RANKED[3],
];

/// The figures of `answers` where the number is a score from 0 to 1.
pub(super) fn of_scores(label: &str, group: Group, answers: &[Answer]) -> Measured {
    let order = upwards(answers);
    let estimates = bootstrap::estimates(answers.len(), &strata(answers), |weights| {
        let [accuracy, stopped, lost] =
            decided(answers, weights, |answer| Some(answer.score < PASSES));
        let [guardrail_accuracy, guardrail_stopped, guardrail_lost] =
            decided(answers, weights, |answer| answer.stopped);
        let [auroc, best, at_lost, threshold] = ranked(answers, &order, weights);
        [
            accuracy,
            stopped,
            lost,
            guardrail_accuracy,
            guardrail_stopped,
            guardrail_lost,
            auroc,
            best,
            at_lost,
            threshold,
        ]
    });
    measured(label, group, answers, &SCORED, &estimates)
}

/// The figures of `answers` where the number is any: whichever direction ranks the rows better counts.
pub(super) fn of_numbers(label: &str, group: Group, answers: &[Answer]) -> Measured {
    let all = vec![1; answers.len()];
    let [auroc, ..] = ranked(answers, &upwards(answers), &all);
    let turned = |answer: &Answer| Answer {
        score: if auroc < 0.5 {
            -answer.score
        } else {
            answer.score
        },
        ..*answer
    };
    let answers: Vec<Answer> = answers.iter().map(turned).collect();
    let order = upwards(&answers);
    let estimates = bootstrap::estimates(answers.len(), &strata(&answers), |weights| {
        ranked(&answers, &order, weights)
    });
    // The threshold of a number that is no score says nothing.
    measured(label, group, &answers, &RANKED[..3], &estimates[..3])
}

fn measured(
    label: &str,
    group: Group,
    answers: &[Answer],
    names: &[&'static str],
    estimates: &[Option<Estimate>],
) -> Measured {
    let good = answers.iter().filter(|answer| answer.good).count();
    let estimates = names.iter().zip(estimates);
    Measured {
        label: label.to_owned(),
        group,
        counts: vec![
            ("rows", answers.len()),
            ("good", good),
            ("bad", answers.len() - good),
        ],
        estimates: estimates
            .filter_map(|(name, estimate)| Some((*name, (*estimate)?)))
            .collect(),
    }
}

/// Good and bad answers are drawn apart.
fn strata(answers: &[Answer]) -> [Vec<usize>; 2] {
    let (good, bad) = (0..answers.len()).partition(|&index| answers[index].good);
    [good, bad]
}

/// Indices from the lowest score up.
fn upwards(answers: &[Answer]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..answers.len()).collect();
    order.sort_by(|&one, &other| answers[one].score.total_cmp(&answers[other].score));
    order
}

/// Weighted counts of good and bad answers.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    good: f64,
    bad: f64,
}

impl Pair {
    fn add(&mut self, answer: Answer, weight: f64) {
        if answer.good {
            self.good += weight;
        } else {
            self.bad += weight;
        }
    }
}

/// Balanced accuracy, share of bad answers stopped, share of good ones lost. Answers of which it is
/// not known do not count; not a number where there are none.
fn decided(
    answers: &[Answer],
    weights: &[u32],
    is_stopped: impl Fn(Answer) -> Option<bool>,
) -> [f64; 3] {
    let (mut all, mut stopped) = (Pair::default(), Pair::default());
    for (answer, weight) in answers.iter().zip(weights) {
        let Some(is_stopped) = is_stopped(*answer) else {
            continue;
        };
        all.add(*answer, f64::from(*weight));
        if is_stopped {
            stopped.add(*answer, f64::from(*weight));
        }
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
    let (bad, good) = (share(stopped.bad, all.bad), share(stopped.good, all.good));
    [f64::midpoint(bad, 1.0 - good), bad, good]
}

/// The figures of [`RANKED`]. `order` is from the lowest score up; equal scores are stopped together.
fn ranked(answers: &[Answer], order: &[usize], weights: &[u32]) -> [f64; RANKED.len()] {
    let mut all = Pair::default();
    for (answer, weight) in answers.iter().zip(weights) {
        all.add(*answer, f64::from(*weight));
    }
    if all.good <= 0.0 || all.bad <= 0.0 {
        return [f64::NAN; RANKED.len()];
    }
    let mut below = Pair::default();
    let (mut wins, mut best, mut at_lost, mut threshold) = (0.0, 0.5_f64, 0.0, f64::NAN);
    let is_tie = |one: &usize, other: &usize| {
        let scores = answers[*one].score.total_cmp(&answers[*other].score);
        scores.is_eq()
    };
    for equal in order.chunk_by(is_tie) {
        // The threshold lies at these scores: what is below is stopped.
        let (lost, stopped) = (below.good / all.good, below.bad / all.bad);
        best = best.max(f64::midpoint(stopped, 1.0 - lost));
        if lost <= LOST {
            at_lost = stopped;
            threshold = equal
                .first()
                .map_or(f64::NAN, |&index| f64::from(answers[index].score));
        }
        let mut step = Pair::default();
        for &index in equal {
            step.add(answers[index], f64::from(weights[index]));
        }
        wins += step.good * (below.bad + step.bad / 2.0);
        below.good += step.good;
        below.bad += step.bad;
    }
    [wins / (all.good * all.bad), best, at_lost, threshold]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(good: &[f32], bad: &[f32]) -> Vec<Answer> {
        let of = |good| {
            move |score: &f32| Answer {
                good,
                score: *score,
                stopped: None,
            }
        };
        let bad = bad.iter().map(of(false));
        good.iter().map(of(true)).chain(bad).collect()
    }

    fn close(measured: &Measured, name: &str, expected: f64) {
        let value = measured.estimate(name).unwrap().value;
        assert!((value - expected).abs() < 1e-6, "{name}: {value}");
    }

    #[test]
    fn every_figure_agrees_with_a_count_by_hand() {
        let answers = answers(&[0.9, 0.8, 0.6, 0.3], &[0.7, 0.4, 0.3, 0.1]);
        let measured = of_scores("GROUNDING", Group::All, &answers);
        close(&measured, "balanced_accuracy", 0.75);
        close(&measured, "stopped", 0.75);
        close(&measured, "lost", 0.25);
        // Pairs won: 4 + 4 + 3 + 1.5 of 16.
        close(&measured, "auroc", 12.5 / 16.0);
        // At 0.6: three of four bad ones below, one of four good ones.
        close(&measured, "best_balanced_accuracy", 0.75);
        // No good answer may be lost of four: below the lowest good score is one bad one.
        close(&measured, "stopped_at_10_percent_lost", 0.25);
        close(&measured, "threshold_at_10_percent_lost", 0.3);
        assert_eq!(measured.count("good"), Some(4));
        assert!(measured.estimate("guardrail_stopped").is_none());
    }

    #[test]
    fn one_good_answer_of_ten_may_be_lost() {
        let good: Vec<f32> = (1..=10).map(|score| score as f32 / 10.0).collect();
        let measured = of_scores(
            "GROUNDING",
            Group::All,
            &answers(&good, &[0.05, 0.15, 0.25]),
        );
        close(&measured, "stopped_at_10_percent_lost", 2.0 / 3.0);
        close(&measured, "threshold_at_10_percent_lost", 0.2);
    }

    #[test]
    fn a_guardrail_decides_by_itself() {
        let mut answers = answers(&[0.9, 0.8], &[0.7, 0.1]);
        for answer in &mut answers {
            answer.stopped = Some(answer.score < 0.85);
        }
        let measured = of_scores("GROUNDING", Group::All, &answers);
        close(&measured, "guardrail_stopped", 1.0);
        close(&measured, "guardrail_lost", 0.5);
        close(&measured, "guardrail_balanced_accuracy", 0.75);
    }

    #[test]
    fn any_number_counts_in_its_better_direction() {
        let longer_is_worse = answers(&[10.0, 20.0], &[30.0, 40.0]);
        let measured = of_numbers("LENGTH", Group::All, &longer_is_worse);
        close(&measured, "auroc", 1.0);
        close(&measured, "best_balanced_accuracy", 1.0);
        close(&measured, "stopped_at_10_percent_lost", 1.0);
        assert!(measured.estimate("threshold_at_10_percent_lost").is_none());
        let blind = of_numbers("LENGTH", Group::All, &answers(&[1.0; 5], &[1.0; 5]));
        close(&blind, "auroc", 0.5);
        close(&blind, "best_balanced_accuracy", 0.5);
        close(&blind, "stopped_at_10_percent_lost", 0.0);
    }

    #[test]
    fn one_class_supports_only_its_own_share() {
        let measured = of_scores("GROUNDING", Group::All, &answers(&[], &[0.2, 0.8]));
        close(&measured, "stopped", 0.5);
        assert!(measured.estimate("auroc").is_none() && measured.estimate("lost").is_none());
        assert!(measured.estimate("balanced_accuracy").is_none());
    }
}
