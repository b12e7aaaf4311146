//! One evaluation: a task over rows, and all that it gives.

use crate::{
    binary::Observation, content, figures::Measured, grounding, parallel::Progress, pii,
    rows::Take, topic,
};
use anyhow::Result;
use pretil_guardrail::{Detectors, Guardrail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, path::PathBuf};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// The five content filters, and whether a row is unsafe in any way.
    Content,
    /// Prompt attacks.
    Attack,
    /// Denied topics.
    Topic,
    /// Personal data.
    Pii,
    /// Whether an answer is supported by its source.
    Grounding,
    /// Whether an answer answers the question.
    Relevance,
}

impl Task {
    /// The spelling of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Attack => "attack",
            Self::Topic => "topic",
            Self::Pii => "pii",
            Self::Grounding => "grounding",
            Self::Relevance => "relevance",
        }
    }
}

/// A task for which this build has no detector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no detector in this build judges {0}")]
pub struct NoDetector(pub &'static str);

/// What an evaluation runs with.
#[derive(Clone, Copy)]
pub struct Setting<'s> {
    /// What gives text a score.
    pub detectors: &'s Detectors,
    /// Whose verdict counts; without one the bare detectors are scored.
    pub guardrail: Option<&'s Guardrail>,
    /// Threads.
    pub jobs: usize,
    /// Told after every row.
    pub progress: Progress<'s>,
}

/// A row that was judged wrongly. It holds content: it goes to a file that was asked for, never to
/// a log or a terminal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confusion {
    /// What it was judged as.
    pub label: String,
    /// `false_alarm` or `missed`.
    pub kind: &'static str,
    /// The score, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// See [`crate::rows::text_id`].
    pub id: String,
    /// The row's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The row's source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The text, or the piece of it.
    pub text: String,
    /// The whole text, where `text` is a piece of it; what an answer was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// All that one evaluation gives.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// What was measured.
    pub task: Task,
    /// Rows read.
    pub rows: usize,
    /// Rows, or parts of them, that were not evaluated, by reason.
    pub not_evaluated: BTreeMap<String, usize>,
    /// The figures.
    pub measured: Vec<Measured>,
    /// For each label with scores what was seen: for plots.
    pub observed: Vec<(String, Vec<Observation>)>,
    /// One object of raw scores per row, in the order of the rows.
    pub scores: Vec<Value>,
    /// What to read, the worst first.
    pub confusions: Vec<Confusion>,
}

/// A score as a number of six decimals.
pub(crate) fn raw(score: f32) -> Value {
    ((f64::from(score) * 1e6).round() / 1e6).into()
}

impl Evaluation {
    /// The figures of `label` in the group called `group`.
    pub fn find(&self, label: &str, group: &str) -> Option<&Measured> {
        let mut all = self.measured.iter();
        all.find(|measured| measured.label == label && measured.group.name() == group)
    }
}

/// Runs `task` over `take` of each file.
pub fn evaluate(
    task: Task,
    data: &[PathBuf],
    take: Take,
    setting: Setting<'_>,
) -> Result<Evaluation> {
    match task {
        Task::Content => content::evaluate(content::Columns::Content, data, take, setting),
        Task::Attack => content::evaluate(content::Columns::Attack, data, take, setting),
        Task::Topic => topic::evaluate(data, take, setting),
        Task::Pii => pii::evaluate(data, take, setting),
        Task::Grounding | Task::Relevance => grounding::evaluate(task, data, take, &[], setting),
    }
}
