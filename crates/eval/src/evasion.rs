//! Evasion: what is still detected after a text was rewritten to get past the detectors, and what
//! is falsely detected in harmless text that was rewritten the same way.
//!
//! An item is a label that a row has and that was detected in the row as it is. A technique *loses*
//! it if it is not detected in the rewritten row and the policy was evaluated. Where the rewriting
//! left the policy "not evaluated", which blocks by default, the item is counted apart.

use crate::{
    bootstrap,
    content::{self, Column, Columns, Judge},
    evaluation::{Evaluation, Setting, Task},
    figures::{Group, Measured},
    parallel,
    pii::{self, Finder},
    rows::{self, PiiRow, Role, SafetyRow, Take, text_id},
};
use anyhow::{Result, bail, ensure};
use pretil_text::mutate::Technique;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// A row, and what should be detected in it.
struct Case {
    text: String,
    role: Role,
    /// Empty for a harmless row.
    labels: BTreeSet<&'static str>,
}

/// What was detected in a text.
struct Fired {
    labels: BTreeSet<&'static str>,
    evaluated: bool,
}

/// What one technique did to one case.
#[derive(Clone, Copy, Default)]
struct Outcome {
    detected: f64,
    lost: f64,
    /// Detected before, not evaluated after.
    refused: f64,
    harmless: f64,
    alarms_before: f64,
    alarms_after: f64,
    /// Harmless, evaluated before, not evaluated after.
    harmless_refused: f64,
}

/// Rewrites `take` of each file by every technique.
pub fn evaluate(
    task: Task,
    data: &[PathBuf],
    take: Take,
    setting: Setting<'_>,
) -> Result<Evaluation> {
    match task {
        Task::Content => safety(Columns::Content, data, take, setting),
        Task::Attack => safety(Columns::Attack, data, take, setting),
        Task::Pii => personal(data, take, setting),
        Task::Topic | Task::Grounding | Task::Relevance => {
            bail!("evasion is measured for content, attack and pii")
        }
    }
}

fn safety(
    columns: Columns,
    data: &[PathBuf],
    take: Take,
    setting: Setting<'_>,
) -> Result<Evaluation> {
    // The widest label of each task.
    let (task, column) = match columns {
        Columns::Content => (Task::Content, Column::Unsafe),
        Columns::Attack => (Task::Attack, Column::ATTACK),
    };
    let rows: Vec<SafetyRow> = rows::read_all(data, take)?;
    let known = rows.into_iter().filter_map(|row| {
        let positive = column.truth(&row)?;
        Some(Case {
            text: row.text,
            role: row.role,
            labels: positive.then_some(column.name()).into_iter().collect(),
        })
    });
    let bare;
    let guardrail = if let Some(guardrail) = setting.guardrail {
        guardrail
    } else {
        bare = content::bare_guardrail(setting.detectors)?;
        &bare
    };
    let judge = Judge::new(guardrail, setting);
    measure(task, &known.collect::<Vec<_>>(), setting, |role, text| {
        let judged = judge.judge(role, text)?;
        judge.ensure_detector(&judged)?;
        let flagged = judge.observe(column, &judged).is_some_and(|it| it.flagged);
        Ok(Fired {
            labels: flagged.then_some(column.name()).into_iter().collect(),
            evaluated: judged.is_complete(),
        })
    })
}

fn personal(data: &[PathBuf], take: Take, setting: Setting<'_>) -> Result<Evaluation> {
    let rows: Vec<PiiRow> = rows::read_all(data, take)?;
    let cases: Vec<Case> = rows
        .into_iter()
        .map(|row| Case {
            labels: pii::labelled_types(&row),
            text: row.text,
            role: Role::Prompt,
        })
        .collect();
    let finder = Finder::new(setting)?;
    measure(Task::Pii, &cases, setting, |_, text| {
        let (labels, evaluated) = finder.types_in(text)?;
        Ok(Fired { labels, evaluated })
    })
}

/// Rewrites and judges every case.
fn measure(
    task: Task,
    cases: &[Case],
    setting: Setting<'_>,
    judge: impl Fn(Role, &str) -> Result<Fired> + Sync,
) -> Result<Evaluation> {
    let techniques: Vec<Technique> = techniques().map(|(_, technique)| technique).collect();
    let indexed: Vec<(usize, &Case)> = cases.iter().enumerate().collect();
    let outcomes = parallel::map(&indexed, setting.jobs, setting.progress, |(index, case)| {
        outcomes_of(case, *index as u64, &techniques, &judge)
    });
    let outcomes: Vec<Vec<Outcome>> = outcomes.into_iter().collect::<Result<_>>()?;
    ensure!(!outcomes.is_empty(), "no row has a known label");
    let mut measured = Vec::new();
    for family in ["INJECTIONS", "ENCODINGS"] {
        let of_family: Vec<usize> = techniques_of(family).collect();
        measured.push(measure_techniques(family, &of_family, &outcomes));
    }
    for (index, technique) in techniques.iter().enumerate() {
        measured.push(measure_techniques(technique.name(), &[index], &outcomes));
    }
    let scores = cases.iter().zip(&outcomes);
    Ok(Evaluation {
        task,
        rows: cases.len(),
        not_evaluated: BTreeMap::new(),
        measured,
        observed: Vec::new(),
        scores: scores
            .map(|(case, of)| line(case, of, &techniques))
            .collect(),
        confusions: Vec::new(),
    })
}

/// Every technique with its family.
fn techniques() -> impl Iterator<Item = (&'static str, Technique)> {
    let injections = Technique::INJECTIONS.iter().map(|it| ("INJECTIONS", *it));
    injections.chain(Technique::ENCODINGS.iter().map(|it| ("ENCODINGS", *it)))
}

fn techniques_of(family: &str) -> impl Iterator<Item = usize> {
    let all = techniques().enumerate();
    all.filter(move |(_, (of, _))| *of == family)
        .map(|(index, _)| index)
}

fn outcomes_of(
    case: &Case,
    seed: u64,
    techniques: &[Technique],
    judge: &impl Fn(Role, &str) -> Result<Fired>,
) -> Result<Vec<Outcome>> {
    let before = judge(case.role, &case.text)?;
    let detected: Vec<_> = case.labels.intersection(&before.labels).collect();
    let harmless = case.labels.is_empty();
    if detected.is_empty() && !harmless {
        return Ok(vec![Outcome::default(); techniques.len()]);
    }
    let outcome = |technique: &Technique| -> Result<Outcome> {
        let after = judge(case.role, &technique.apply(&case.text, seed))?;
        let gone = detected
            .iter()
            .filter(|label| !after.labels.contains(**label));
        let gone = gone.count() as f64;
        let one = |yes: bool| f64::from(u8::from(yes));
        Ok(Outcome {
            detected: detected.len() as f64,
            lost: if after.evaluated { gone } else { 0.0 },
            refused: if after.evaluated { 0.0 } else { gone },
            harmless: one(harmless),
            alarms_before: one(harmless && !before.labels.is_empty()),
            alarms_after: one(harmless && !after.labels.is_empty()),
            harmless_refused: one(harmless && before.evaluated && !after.evaluated),
        })
    };
    techniques.iter().map(outcome).collect()
}

/// Figures over the outcomes of `techniques`, with intervals over cases.
fn measure_techniques(label: &str, techniques: &[usize], outcomes: &[Vec<Outcome>]) -> Measured {
    const NAMES: [&str; 5] = [
        "lost",
        "not_evaluated",
        "false_alarms_before",
        "false_alarms_after",
        "harmless_not_evaluated",
    ];
    let add = |sum: &mut Outcome, it: &Outcome, weight: f64| {
        sum.detected += weight * it.detected;
        sum.lost += weight * it.lost;
        sum.refused += weight * it.refused;
        sum.harmless += weight * it.harmless;
        sum.alarms_before += weight * it.alarms_before;
        sum.alarms_after += weight * it.alarms_after;
        sum.harmless_refused += weight * it.harmless_refused;
    };
    let per_case: Vec<Outcome> = outcomes
        .iter()
        .map(|case| {
            let mut sum = Outcome::default();
            for &technique in techniques {
                add(&mut sum, &case[technique], 1.0);
            }
            sum
        })
        .collect();
    let total = |weights: &[u32]| {
        let mut sum = Outcome::default();
        for (case, weight) in per_case.iter().zip(weights) {
            add(&mut sum, case, f64::from(*weight));
        }
        sum
    };
    // Harmful and harmless cases are drawn apart.
    let (harmless, harmful) = (0..per_case.len()).partition(|&case| per_case[case].harmless > 0.0);
    let estimates = bootstrap::estimates(per_case.len(), &[harmful, harmless], |weights| {
        let sum = total(weights);
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
        [
            share(sum.lost, sum.detected),
            share(sum.refused, sum.detected),
            share(sum.alarms_before, sum.harmless),
            share(sum.alarms_after, sum.harmless),
            share(sum.harmless_refused, sum.harmless),
        ]
    });
    let sum = total(&vec![1; per_case.len()]);
    Measured {
        label: label.to_owned(),
        group: Group::All,
        counts: vec![
            ("detected", sum.detected as usize),
            ("harmless", sum.harmless as usize),
        ],
        estimates: NAMES
            .into_iter()
            .zip(estimates)
            .filter_map(|(name, estimate)| Some((name, estimate?)))
            .collect(),
    }
}

/// Techniques that lost an item of the row, or made a harmless row fire.
fn line(case: &Case, outcomes: &[Outcome], techniques: &[Technique]) -> Value {
    let names = |wanted: fn(&Outcome) -> bool| -> Vec<&str> {
        let all = techniques.iter().zip(outcomes);
        all.filter(|(_, outcome)| wanted(outcome))
            .map(|(technique, _)| technique.name())
            .collect()
    };
    json!({
        "id": text_id(&case.text),
        "detected": outcomes.first().is_some_and(|it| it.detected > 0.0),
        "lost": names(|it| it.lost > 0.0),
        "false_alarms": names(|it| it.alarms_after > it.alarms_before),
        "not_evaluated": names(|it| it.refused + it.harmless_refused > 0.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str, labels: &[&'static str]) -> Case {
        Case {
            text: text.to_owned(),
            role: Role::Prompt,
            labels: labels.iter().copied().collect(),
        }
    }

    fn setting(detectors: &pretil_guardrail::Detectors) -> Setting<'_> {
        Setting {
            detectors,
            guardrail: None,
            jobs: 2,
            progress: &|_, _| {},
        }
    }

    /// A detector that sees "bomb" and nothing that is disguised; it cannot read full width.
    #[test]
    fn losses_alarms_and_refusals_are_told_apart() {
        let detectors = pretil_models::detectors();
        let cases = [
            case("a bomb here", &["UNSAFE"]),
            case("never seen", &["UNSAFE"]),
            case("nothing here", &[]),
        ];
        let judge = |_: Role, text: &str| {
            let wide = text.contains('\u{ff4e}') || text.contains('\u{ff42}');
            let seen = text.contains("bomb") || text.starts_with("bm90aGluZyBoZXJl");
            Ok(Fired {
                labels: seen.then_some("UNSAFE").into_iter().collect(),
                evaluated: !wide,
            })
        };
        let evaluation = measure(Task::Content, &cases, setting(&detectors), judge).unwrap();
        let value = |label: &str, name: &str| {
            let measured = evaluation.find(label, "all").unwrap();
            (measured.estimate(name).unwrap().value * 100.0).round() as i32
        };
        assert_eq!(
            evaluation.find("base64", "all").unwrap().count("detected"),
            Some(1)
        );
        assert_eq!(value("base64", "lost"), 100);
        assert_eq!(value("base64", "false_alarms_after"), 100);
        assert_eq!(value("base64", "false_alarms_before"), 0);
        assert_eq!(value("full_width", "lost"), 0);
        assert_eq!(value("full_width", "not_evaluated"), 100);
        assert_eq!(value("full_width", "harmless_not_evaluated"), 100);
        assert_eq!(
            evaluation
                .find("INJECTIONS", "all")
                .unwrap()
                .count("detected"),
            Some(12)
        );
        assert_eq!(evaluation.scores[0]["detected"], true);
        assert_eq!(evaluation.scores[1]["detected"], false);
    }

    #[test]
    fn mail_addresses_survive_what_the_views_undo() {
        let detectors = pretil_models::detectors();
        let finder = Finder::new(setting(&detectors)).unwrap();
        let cases = [case("Write to jane.doe@example.com today", &["EMAIL"])];
        let judge = |_: Role, text: &str| {
            let (labels, evaluated) = finder.types_in(text)?;
            Ok(Fired { labels, evaluated })
        };
        let evaluation = measure(Task::Pii, &cases, setting(&detectors), judge).unwrap();
        for technique in ["zero_width", "full_width", "unicode_tags"] {
            let lost = evaluation.find(technique, "all").unwrap().estimate("lost");
            assert!(lost.unwrap().value < 1e-9, "{technique}");
        }
    }
}
