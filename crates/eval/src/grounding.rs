//! Contextual grounding: is an answer supported by its source, and does it answer the query? Each
//! answer is judged by the code that answers a call.
//!
//! - A row whose label is unknown is left out. The rows written for this project hold several answers
//!   each; every answer counts as a row.
//! - A source, query or answer longer than a call may bring is not evaluated (`too_long`), and neither
//!   is what the policy itself does not evaluate. Such rows are counted and in no other figure.
//! - *Stopped* is a bad answer (not grounded, or not relevant), *lost* a good one, whose score is below
//!   0.5; with a guardrail also `guardrail_stopped` and `guardrail_lost`, by its own threshold.
//! - `…_at_10_percent_lost` takes the highest threshold that loses at most a tenth of the good answers of
//!   that very set, and `best_balanced_accuracy` the best threshold on it.
//! - WORD OVERLAP (share of the answer's content words that the source holds; of the query's that the
//!   answer holds) and LENGTH (of the answer) are judged on the same rows, in the better direction.

mod baseline;
mod separation;

use crate::{
    binary::Observation,
    content::empty_config,
    evaluation::{Confusion, Evaluation, NoDetector, Setting, Task, raw},
    figures::{Group, Measured, groups},
    parallel,
    rows::{self, GroundingLine, GroundingRow, Take, text_id},
};
use anyhow::{Context, Result, ensure};
use pretil_guardrail::{
    Config, Content, Detectors, Guardrail, Source,
    config::{
        BlockAction, FailureModes, GroundingFilterConfig, GroundingFilterType,
        GroundingPolicyConfig, OnFailure,
    },
    content::{Block, Qualifiers, Text},
    evaluate::EvaluateError,
    verdict::{Confidence, NotEvaluatedReason, PolicyKind},
};
use separation::{Answer, PASSES};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// Confusions of one kind that are listed.
const LISTED: usize = 200;

/// What was said of an answer.
#[derive(Clone, Debug, PartialEq)]
struct Judged {
    /// `None` where it was not evaluated.
    score: Option<f32>,
    /// Why it was not evaluated.
    not_evaluated: Option<&'static str>,
    /// Whether the guardrail stopped it for this reason; `None` without one.
    stopped: Option<bool>,
}

impl Judged {
    fn not_evaluated(reason: &'static str) -> Self {
        Self {
            score: None,
            not_evaluated: Some(reason),
            stopped: None,
        }
    }
}

/// Judges answers.
#[derive(Clone, Copy)]
struct Judge<'g> {
    guardrail: &'g Guardrail,
    detectors: &'g Detectors,
    filter: GroundingFilterType,
    /// Whether the verdict counts, or only the scores do.
    enforces: bool,
}

impl Judge<'_> {
    fn judge(&self, row: &GroundingRow) -> Result<Judged> {
        let content = content_of(row);
        let verdict = match self.guardrail.evaluate(&content, self.detectors) {
            Ok(verdict) => verdict,
            Err(EvaluateError::GroundingTooLong { .. }) => {
                return Ok(Judged::not_evaluated("too_long"));
            }
            Err(EvaluateError::GroundingIncomplete(_)) => {
                return Ok(Judged::not_evaluated("incomplete"));
            }
            Err(error) => return Err(error.into()),
        };
        let mut skipped = verdict.not_evaluated.iter();
        let skipped = skipped.find(|entry| {
            let part = entry.part.as_deref();
            let of_filter = part.is_none_or(|part| part == self.filter.as_str());
            entry.policy == PolicyKind::Grounding && of_filter
        });
        if let Some(entry) = skipped {
            let missing = entry.reason == NotEvaluatedReason::NoDetector;
            ensure!(
                !missing || self.enforces,
                NoDetector("contextual grounding")
            );
            return Ok(Judged {
                stopped: self.enforces.then_some(entry.blocked),
                ..Judged::not_evaluated(entry.reason.name())
            });
        }
        let mut entries = verdict.assessment.grounding.iter();
        let entry = entries.find(|entry| entry.filter == self.filter);
        let entry = entry.with_context(|| {
            let filter = self.filter.as_str();
            format!("the guardrail has no {filter} filter")
        })?;
        Ok(Judged {
            score: Some(entry.score as f32),
            not_evaluated: None,
            stopped: self.enforces.then_some(entry.detected),
        })
    }
}

/// The call that the row is.
fn content_of(row: &GroundingRow) -> Content {
    let block = |text: &str, qualifiers| Block::Text {
        text: Text::new(text),
        qualifiers,
    };
    let none = Qualifiers::default();
    let source = row.context.as_deref().map(|text| {
        let grounding_source = true;
        block(
            text,
            Qualifiers {
                grounding_source,
                ..none
            },
        )
    });
    let query = row.query.as_deref().map(|text| {
        let query = true;
        block(text, Qualifiers { query, ..none })
    });
    let guard_content = true;
    let answer = block(
        &row.response,
        Qualifiers {
            guard_content,
            ..none
        },
    );
    Content {
        source: Source::Output,
        blocks: source.into_iter().chain(query).chain([answer]).collect(),
    }
}

/// A guardrail that has only `filter`, and only detects.
fn bare_guardrail(filter: GroundingFilterType, detectors: &Detectors) -> Result<Guardrail> {
    let config = Config {
        grounding: Some(GroundingPolicyConfig {
            filters: vec![GroundingFilterConfig {
                filter,
                threshold: f64::from(PASSES),
                action: Some(BlockAction::None),
                enabled: None,
            }],
            tier: None,
        }),
        on_failure: FailureModes {
            grounding: OnFailure::Open,
            ..FailureModes::default()
        },
        ..empty_config()
    };
    Ok(Guardrail::compile(config, detectors)?)
}

/// A row whose label is known, and what was said of it.
struct Seen<'r> {
    row: &'r GroundingRow,
    good: bool,
    judged: Judged,
    overlap: f32,
    length: f32,
}

impl Seen<'_> {
    fn answer(&self, score: f32) -> Answer {
        Answer {
            good: self.good,
            score,
            stopped: self.judged.stopped,
        }
    }

    fn passes(&self) -> Option<bool> {
        let by_score = self.judged.score.map(|score| score >= PASSES);
        self.judged.stopped.map(|stopped| !stopped).or(by_score)
    }
}

/// Evaluates `take` of each file: only rows in `languages`, unless it is empty.
pub(crate) fn evaluate(
    task: Task,
    data: &[PathBuf],
    take: Take,
    languages: &[String],
    setting: Setting<'_>,
) -> Result<Evaluation> {
    let lines: Vec<GroundingLine> = rows::read_all(data, take)?;
    let rows: Vec<GroundingRow> = lines.into_iter().flat_map(GroundingLine::rows).collect();
    let filter = match task {
        Task::Relevance => GroundingFilterType::Relevance,
        _ => GroundingFilterType::Grounding,
    };
    let truth = |row: &GroundingRow| match filter {
        GroundingFilterType::Grounding => row.grounded,
        GroundingFilterType::Relevance => row.relevant,
    };
    let is_in = |row: &GroundingRow| {
        let known = languages.iter().map(String::as_str);
        languages.is_empty() || known.map(Some).any(|known| known == row.lang.as_deref())
    };
    let labelled = rows.iter().filter(|row| is_in(row));
    let labelled = labelled.filter_map(|row| Some((row, truth(row)?)));
    let labelled: Vec<(&GroundingRow, bool)> = labelled.collect();
    ensure!(
        !labelled.is_empty(),
        "no row has a known label of the task {}",
        task.name()
    );
    let bare = match setting.guardrail {
        None => Some(bare_guardrail(filter, setting.detectors)?),
        Some(_) => None,
    };
    let guardrail = setting.guardrail.or(bare.as_ref());
    let judge = Judge {
        guardrail: guardrail.context("no guardrail")?,
        detectors: setting.detectors,
        filter,
        enforces: setting.guardrail.is_some(),
    };
    let seen = parallel::map(&labelled, setting.jobs, setting.progress, |(row, good)| {
        Ok(Seen {
            row,
            good: *good,
            judged: judge.judge(row)?,
            overlap: overlap(filter, row),
            length: baseline::length(&row.response),
        })
    });
    let seen: Vec<Seen<'_>> = seen.into_iter().collect::<Result<_>>()?;
    Ok(evaluation(task, filter, &seen))
}

fn overlap(filter: GroundingFilterType, row: &GroundingRow) -> f32 {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match filter {
        GroundingFilterType::Grounding => baseline::overlap(&row.response, &text(&row.context)),
        GroundingFilterType::Relevance => baseline::overlap(&text(&row.query), &row.response),
    }
}

fn evaluation(task: Task, filter: GroundingFilterType, seen: &[Seen<'_>]) -> Evaluation {
    let mut not_evaluated = BTreeMap::new();
    for reason in seen.iter().filter_map(|it| it.judged.not_evaluated) {
        *not_evaluated.entry(reason.to_owned()).or_default() += 1;
    }
    let observed = seen.iter().filter_map(|it| {
        let score = it.judged.score?;
        Some(Observation {
            positive: it.good,
            score,
            confidence: Confidence::None,
            flagged: score < PASSES,
        })
    });
    Evaluation {
        task,
        rows: seen.len(),
        not_evaluated,
        measured: measure(filter, seen),
        observed: vec![(filter.as_str().to_owned(), observed.collect())],
        scores: seen.iter().map(score_line).collect(),
        confusions: confusions(filter, seen),
    }
}

/// The score's figures for all rows, each language and each source or kind of error, then those of
/// what knows nothing.
fn measure(filter: GroundingFilterType, seen: &[Seen<'_>]) -> Vec<Measured> {
    let names = seen
        .iter()
        .map(|it| (it.row.lang.as_deref(), it.row.group.as_deref()));
    let parts = groups(names);
    let of = |members: &[usize], number: &dyn Fn(&Seen<'_>) -> f32| -> Vec<Answer> {
        let members = members.iter().map(|&member| &seen[member]);
        let evaluated = members.filter(|it| it.judged.score.is_some());
        evaluated.map(|it| it.answer(number(it))).collect()
    };
    let of_score = |(group, members): &(Group, Vec<usize>)| {
        let answers = of(members, &|it| it.judged.score.unwrap_or_default());
        let mut measured = separation::of_scores(filter.as_str(), group.clone(), &answers);
        let missing = members.len() - answers.len();
        measured.counts.push(("not_evaluated", missing));
        measured
    };
    let of_baseline = |label: &str, number: fn(&Seen<'_>) -> f32| -> Vec<Measured> {
        let one = |(group, members): &(Group, Vec<usize>)| {
            separation::of_numbers(label, group.clone(), &of(members, &number))
        };
        parts.iter().map(one).collect()
    };
    let mut measured: Vec<Measured> = parts.iter().map(of_score).collect();
    measured.append(&mut of_baseline("WORD OVERLAP", |it| it.overlap));
    measured.append(&mut of_baseline("LENGTH", |it| it.length));
    measured
}

fn score_line(seen: &Seen<'_>) -> Value {
    json!({
        "id": id(seen.row),
        "good": seen.good,
        "score": seen.judged.score.map(raw),
        "stopped": seen.judged.stopped,
        "not_evaluated": seen.judged.not_evaluated.into_iter().collect::<Vec<_>>(),
        "word_overlap": raw(seen.overlap),
        "length": seen.length,
    })
}

/// A name for a row that depends on all its texts.
fn id(row: &GroundingRow) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    text_id(&[text(&row.context), text(&row.query), row.response.clone()].join("\n"))
}

/// Good answers that were stopped, those with the lowest score first, and bad ones that passed, those
/// with the highest first.
fn confusions(filter: GroundingFilterType, seen: &[Seen<'_>]) -> Vec<Confusion> {
    let mut listed = Vec::new();
    for good in [true, false] {
        let wrong = seen
            .iter()
            .filter(|it| it.passes() == Some(!good) && it.good == good);
        let mut wrong: Vec<_> = wrong.collect();
        wrong.sort_by(|one, other| {
            let score = |it: &Seen<'_>| it.judged.score.unwrap_or_default();
            let order = score(one).total_cmp(&score(other));
            if good { order } else { order.reverse() }
        });
        listed.extend(wrong.into_iter().take(LISTED).map(|it| {
            Confusion {
                label: filter.as_str().to_owned(),
                kind: if good { "false_alarm" } else { "missed" },
                score: it.judged.score,
                id: id(it.row),
                lang: it.row.lang.clone(),
                source: it.row.group.clone(),
                text: it.row.response.clone(),
                // What the answer was held against: the query, then the source.
                context: Some(
                    [&it.row.query, &it.row.context]
                        .into_iter()
                        .flatten()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .join("\n\n"),
                ),
            }
        }));
    }
    listed
}
