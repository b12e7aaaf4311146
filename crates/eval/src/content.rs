//! Content filters and prompt attacks: each row through the whole guardrail, as in a call.
//!
//! Without a guardrail the rows go through one that has all six filters and blocks nothing, so what
//! is scored is what a call would score: the text and its views, in windows.
//!
//! How a row's labels are read:
//! - VIOLENCE holds self-harm, as in the API: 1 if either label is 1, 0 if VIOLENCE is 0 and
//!   SELF_HARM is not 1.
//! - UNSAFE is 1 if any content label is 1 or the set calls the row harmful, 0 if the set calls it
//!   harmless or all five labels are 0, else unknown. PROMPT_ATTACK is no content label.
//! - An unknown label leaves the row out of that label's figures.

use crate::{
    binary::{self, Observation},
    evaluation::{Confusion, Evaluation, Setting, Task, raw},
    figures::groups,
    parallel,
    rows::{self, Role, SafetyRow, text_id},
};
use anyhow::{Context, Result, bail, ensure};
use pretil_guardrail::{
    Config, Content, Detectors, Guardrail, Source, Verdict,
    config::{
        BlockAction, ContentFilterConfig, ContentFilterType, ContentPolicyConfig, Directions,
        FailureModes, OnFailure, Strength, TierName,
    },
    verdict::{Confidence, NotEvaluatedReason, Outcome, PolicyKind},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// Confusions of one kind that are listed per label.
const LISTED: usize = 200;

/// Which labels an evaluation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// The five content filters and UNSAFE.
    Content,
    /// Prompt attacks.
    Attack,
}

/// One label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Unsafe in any way.
    Unsafe,
    /// One filter.
    Filter(ContentFilterType),
}

const FILTERS: [ContentFilterType; 5] = [
    ContentFilterType::Hate,
    ContentFilterType::Insults,
    ContentFilterType::Sexual,
    ContentFilterType::Violence,
    ContentFilterType::Misconduct,
];

impl Columns {
    fn task(self) -> Task {
        match self {
            Self::Content => Task::Content,
            Self::Attack => Task::Attack,
        }
    }

    /// The labels, the widest first.
    pub fn all(self) -> Vec<Column> {
        match self {
            Self::Attack => vec![Column::ATTACK],
            Self::Content => {
                let filters = FILTERS.iter().copied().map(Column::Filter);
                std::iter::once(Column::Unsafe).chain(filters).collect()
            }
        }
    }
}

impl Column {
    /// Prompt attacks.
    pub const ATTACK: Self = Self::Filter(ContentFilterType::PromptAttack);

    /// UNSAFE, or the filter as the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsafe => "UNSAFE",
            Self::Filter(filter) => filter.as_str(),
        }
    }

    /// The label of `row`, if it is known.
    pub fn truth(self, row: &SafetyRow) -> Option<bool> {
        let label = |name: &str| row.labels.get(name).map(|value| *value == 1);
        match self {
            Self::Filter(ContentFilterType::Violence) => {
                match (label("VIOLENCE"), label("SELF_HARM")) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (violence, _) => violence,
                }
            }
            Self::Filter(filter) => label(filter.as_str()),
            Self::Unsafe => {
                let labels = FILTERS.map(|filter| Self::Filter(filter).truth(row));
                let harmful = row.orig.harmful.map(|value| value == 1);
                if labels.contains(&Some(true)) || harmful == Some(true) {
                    return Some(true);
                }
                let harmless = harmful == Some(false) || labels == [Some(false); 5];
                harmless.then_some(false)
            }
        }
    }
}

/// What one filter said of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Opinion {
    score: f32,
    confidence: Confidence,
    detected: bool,
}

/// What was said of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judged {
    opinions: BTreeMap<ContentFilterType, Opinion>,
    /// Filters that gave no opinion, why, and whether that blocked.
    silent: BTreeMap<ContentFilterType, (NotEvaluatedReason, bool)>,
    /// Why the content policy did not read all of the text, if it did not.
    incomplete: Option<NotEvaluatedReason>,
    /// Whether the guardrail blocked, for whatever reason.
    blocked: bool,
}

impl Judged {
    /// Whether the content policy read all of the text.
    pub(crate) fn is_complete(&self) -> bool {
        self.incomplete.is_none()
    }
}

/// Judges rows.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'g> {
    guardrail: &'g Guardrail,
    detectors: &'g Detectors,
    /// Whether the verdict counts, or only the scores do.
    enforces: bool,
}

impl<'g> Judge<'g> {
    pub(crate) fn new(guardrail: &'g Guardrail, setting: Setting<'g>) -> Self {
        Self {
            guardrail,
            detectors: setting.detectors,
            enforces: setting.guardrail.is_some(),
        }
    }

    pub(crate) fn judge(&self, role: Role, text: &str) -> Result<Judged> {
        let source = match role {
            Role::Response => Source::Output,
            Role::Prompt | Role::Other => Source::Input,
        };
        let content = Content::text(source, text);
        let verdict = self.guardrail.evaluate(&content, self.detectors)?;
        Ok(judged(self.guardrail, &verdict))
    }

    /// An error if only a build with a detector could have judged, and none did.
    pub(crate) fn ensure_detector(&self, judged: &Judged) -> Result<()> {
        let mut reasons = judged.silent.values();
        let missing = reasons.any(|(reason, _)| *reason == NotEvaluatedReason::NoDetector);
        ensure!(
            self.enforces || !missing,
            "this build has no classifier for content and prompt attacks"
        );
        Ok(())
    }

    /// How `column` sees a row. `None` where it was not evaluated and nothing follows from that.
    pub(crate) fn observe(&self, column: Column, judged: &Judged) -> Option<Opinionated> {
        match column {
            Column::Filter(filter) => self.observe_filter(filter, judged),
            Column::Unsafe => self.observe_unsafe(judged),
        }
    }

    fn observe_filter(&self, filter: ContentFilterType, judged: &Judged) -> Option<Opinionated> {
        if let Some(opinion) = judged.opinions.get(&filter) {
            let flagged = if self.enforces {
                opinion.detected
            } else {
                opinion.confidence >= Confidence::Medium
            };
            return Some(Opinionated {
                score: opinion.score,
                confidence: opinion.confidence,
                flagged,
            });
        }
        let (_, refused) = judged.silent.get(&filter)?;
        (self.enforces && *refused).then_some(Opinionated::REFUSED)
    }

    fn observe_unsafe(&self, judged: &Judged) -> Option<Opinionated> {
        let seen = FILTERS
            .iter()
            .filter_map(|filter| self.observe_filter(*filter, judged));
        let widest = seen.reduce(|one, other| Opinionated {
            score: one.score.max(other.score),
            confidence: one.confidence.max(other.confidence),
            flagged: one.flagged || other.flagged,
        });
        if !self.enforces {
            return widest;
        }
        let mut widest = widest.unwrap_or(Opinionated::SILENT);
        if judged.blocked {
            widest.flagged = true;
            // A block by a policy without scores is as sure as can be.
            if judged.opinions.values().all(|opinion| !opinion.detected) {
                widest.score = 1.0;
            }
        }
        Some(widest)
    }
}

/// An observation without its truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Opinionated {
    pub(crate) score: f32,
    pub(crate) confidence: Confidence,
    pub(crate) flagged: bool,
}

impl Opinionated {
    /// Blocked because it could not be evaluated.
    const REFUSED: Self = Self {
        score: 1.0,
        confidence: Confidence::High,
        flagged: true,
    };
    /// Nothing was said and nothing was done.
    const SILENT: Self = Self {
        score: 0.0,
        confidence: Confidence::None,
        flagged: false,
    };
}

fn judged(guardrail: &Guardrail, verdict: &Verdict) -> Judged {
    let mut skipped = verdict.not_evaluated.iter();
    let skipped = skipped.find(|entry| entry.policy == PolicyKind::Content);
    let mut judged = Judged {
        incomplete: skipped.map(|entry| entry.reason.clone()),
        blocked: verdict.outcome == Outcome::Blocked,
        ..Judged::default()
    };
    for entry in &verdict.assessment.filters {
        let opinion = Opinion {
            score: entry.score.unwrap_or_else(|| from_band(entry.confidence)),
            confidence: entry.confidence,
            detected: entry.detected,
        };
        judged.opinions.insert(entry.filter, opinion);
    }
    let configured = guardrail.config().content.iter().flat_map(|it| &it.filters);
    for filter in configured.map(|it| it.filter) {
        if judged.opinions.contains_key(&filter) {
            continue;
        }
        let mut skipped = verdict.not_evaluated.iter();
        let reason = skipped.find(|entry| {
            let part = entry.part.as_deref();
            entry.policy == PolicyKind::Content && part.is_none_or(|part| part == filter.as_str())
        });
        if let Some(entry) = reason {
            judged
                .silent
                .insert(filter, (entry.reason.clone(), entry.blocked));
        }
    }
    judged
}

/// A stand-in that keeps the order, for a filter that gives a confidence and no score.
fn from_band(confidence: Confidence) -> f32 {
    match confidence {
        Confidence::None => 0.0,
        Confidence::Low => 0.25,
        Confidence::Medium => 0.5,
        Confidence::High => 1.0,
    }
}

/// A guardrail that has all six filters at their most sensitive, and only detects.
pub(crate) fn bare_guardrail(detectors: &Detectors) -> Result<Guardrail> {
    let only_detect = Directions {
        input_action: Some(BlockAction::None),
        output_action: Some(BlockAction::None),
        ..Directions::default()
    };
    let filter = |filter: &ContentFilterType| ContentFilterConfig {
        filter: *filter,
        input_strength: Strength::High,
        output_strength: match filter {
            ContentFilterType::PromptAttack => Strength::None,
            _ => Strength::High,
        },
        input_modalities: None,
        output_modalities: None,
        directions: only_detect,
    };
    let config = Config {
        content: Some(ContentPolicyConfig {
            filters: ContentFilterType::ALL.iter().map(filter).collect(),
            tier: TierName::Classic,
        }),
        ..empty_config()
    };
    Ok(Guardrail::compile(config, detectors)?)
}

/// A guardrail without policies.
pub(crate) fn empty_config() -> Config {
    Config {
        name: "evaluation".to_owned(),
        description: None,
        blocked_input_messaging: "blocked".to_owned(),
        blocked_outputs_messaging: "blocked".to_owned(),
        topic: None,
        content: None,
        word: None,
        sensitive: None,
        grounding: None,
        reasoning: None,
        cross_region_profile: None,
        kms_key_id: None,
        on_failure: FailureModes {
            content: OnFailure::Open,
            sensitive: OnFailure::Open,
            ..FailureModes::default()
        },
    }
}

/// Rows and what was said of each.
pub struct Judgements<'g> {
    rows: Vec<SafetyRow>,
    judge: Judge<'g>,
    judged: Vec<Judged>,
}

/// Judges all `rows` once; [`Judgements::evaluation`] reads the outcome for either set of columns.
pub fn judge<'g>(
    rows: Vec<SafetyRow>,
    guardrail: &'g Guardrail,
    setting: Setting<'g>,
) -> Result<Judgements<'g>> {
    let judge = Judge::new(guardrail, setting);
    let judged = parallel::map(&rows, setting.jobs, setting.progress, |row| {
        judge.judge(row.role, &row.text)
    });
    let judged: Vec<Judged> = judged.into_iter().collect::<Result<_>>()?;
    for judged in &judged {
        judge.ensure_detector(judged)?;
    }
    Ok(Judgements {
        rows,
        judge,
        judged,
    })
}

impl Judgements<'_> {
    /// The rows, in order.
    pub fn rows(&self) -> &[SafetyRow] {
        &self.rows
    }

    /// What `column` saw of each row whose label is known and that was evaluated.
    pub fn observations(&self, column: Column) -> Vec<(usize, Observation)> {
        let rows = self.rows.iter().zip(&self.judged).enumerate();
        rows.filter_map(|(index, (row, judged))| {
            let seen = self.judge.observe(column, judged)?;
            let observation = Observation {
                positive: column.truth(row)?,
                score: seen.score,
                confidence: seen.confidence,
                flagged: seen.flagged,
            };
            Some((index, observation))
        })
        .collect()
    }

    /// What `column` says of each row, whatever its label.
    pub fn scores(&self, column: Column) -> Vec<Option<f32>> {
        let seen = self.judged.iter();
        seen.map(|judged| Some(self.judge.observe(column, judged)?.score))
            .collect()
    }

    /// Figures, scores and confusions of `columns`.
    pub fn evaluation(&self, columns: Columns) -> Evaluation {
        let mut evaluation = Evaluation {
            task: columns.task(),
            rows: self.rows.len(),
            not_evaluated: self.not_evaluated(columns),
            measured: Vec::new(),
            observed: Vec::new(),
            scores: self.score_lines(columns),
            confusions: Vec::new(),
        };
        for column in columns.all() {
            let seen = self.observations(column);
            if seen.is_empty() {
                continue;
            }
            let rows = seen.iter().map(|(index, _)| &self.rows[*index]);
            let parts = groups(rows.map(|row| (row.lang.as_deref(), row.source.as_deref())));
            for (group, members) in parts {
                let observations: Vec<_> = members.iter().map(|&member| seen[member].1).collect();
                let measured = binary::measure(column.name(), group, &observations);
                evaluation.measured.push(measured);
            }
            self.list_confusions(column, &seen, &mut evaluation.confusions);
            let observations = seen.into_iter().map(|(_, observation)| observation);
            let name = column.name().to_owned();
            evaluation.observed.push((name, observations.collect()));
        }
        evaluation
    }

    /// Rows that some filter of `columns` did not judge, or not whole.
    fn not_evaluated(&self, columns: Columns) -> BTreeMap<String, usize> {
        let mut reasons = BTreeMap::new();
        for judged in &self.judged {
            let of_columns = |filter: &ContentFilterType| {
                (*filter == ContentFilterType::PromptAttack) == (columns == Columns::Attack)
            };
            let mut silent = judged
                .silent
                .iter()
                .filter(|(filter, _)| of_columns(filter));
            let silent = silent.next().map(|(_, (reason, _))| reason);
            if let Some(reason) = silent.or(judged.incomplete.as_ref()) {
                *reasons.entry(reason.name().to_owned()).or_default() += 1;
            }
        }
        reasons
    }

    fn score_lines(&self, columns: Columns) -> Vec<Value> {
        let rows = self.rows.iter().zip(&self.judged);
        rows.map(|(row, judged)| {
            let (mut scores, mut bands, mut flagged) = (Map::new(), Map::new(), Vec::new());
            for column in columns.all() {
                let Some(seen) = self.judge.observe(column, judged) else {
                    continue;
                };
                scores.insert(column.name().to_owned(), raw(seen.score));
                bands.insert(column.name().to_owned(), json!(band(seen.confidence)));
                if seen.flagged {
                    flagged.push(column.name());
                }
            }
            let mut reasons: Vec<_> = judged
                .silent
                .values()
                .map(|(reason, _)| reason.name())
                .collect();
            reasons.dedup();
            json!({
                "id": text_id(&row.text),
                "scores": scores,
                "confidence": bands,
                "flagged": flagged,
                "not_evaluated": reasons,
            })
        })
        .collect()
    }

    fn list_confusions(
        &self,
        column: Column,
        seen: &[(usize, Observation)],
        confusions: &mut Vec<Confusion>,
    ) {
        let mut wrong: Vec<_> = seen
            .iter()
            .filter(|(_, it)| it.positive != it.flagged)
            .collect();
        // The surest false alarms and the surest misses first.
        wrong.sort_by(|(_, left), (_, right)| {
            let order = right.score.total_cmp(&left.score);
            if left.positive {
                order.reverse()
            } else {
                order
            }
        });
        for positive in [false, true] {
            let of_kind = wrong.iter().filter(|(_, it)| it.positive == positive);
            confusions.extend(of_kind.take(LISTED).map(|(index, it)| {
                let row = &self.rows[*index];
                Confusion {
                    label: column.name().to_owned(),
                    kind: if positive { "missed" } else { "false_alarm" },
                    score: Some(it.score),
                    id: text_id(&row.text),
                    lang: row.lang.clone(),
                    source: row.source.clone(),
                    text: row.text.clone(),
                    context: None,
                }
            }));
        }
    }
}

fn band(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::None => "NONE",
        Confidence::Low => "LOW",
        Confidence::Medium => "MEDIUM",
        Confidence::High => "HIGH",
    }
}

/// Evaluates `columns` on the first `limit` rows of each file.
pub(crate) fn evaluate(
    columns: Columns,
    data: &[PathBuf],
    limit: usize,
    setting: Setting<'_>,
) -> Result<Evaluation> {
    let rows: Vec<SafetyRow> = rows::read_all(data, limit)?;
    let bare = match setting.guardrail {
        None => Some(bare_guardrail(setting.detectors)?),
        Some(_) => None,
    };
    let guardrail = setting
        .guardrail
        .or(bare.as_ref())
        .context("no guardrail")?;
    let evaluation = judge(rows, guardrail, setting)?.evaluation(columns);
    if evaluation.measured.is_empty() {
        bail!(
            "no row has a known label of the task {} that was evaluated",
            columns.task().name()
        );
    }
    Ok(evaluation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: Value) -> SafetyRow {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn labels_are_read_as_documented() {
        let cases = [
            (json!({"text": "", "labels": {}}), None, None),
            (json!({"text": "", "labels": {"HATE": 1}}), Some(true), None),
            (json!({"text": "", "labels": {"HATE": 0}}), None, None),
            (
                json!({"text": "", "labels": {"HATE": 0, "INSULTS": 0, "SEXUAL": 0, "VIOLENCE": 0, "MISCONDUCT": 0}}),
                Some(false),
                Some(false),
            ),
            (
                json!({"text": "", "labels": {"VIOLENCE": 0, "SELF_HARM": 1}}),
                Some(true),
                Some(true),
            ),
            (json!({"text": "", "labels": {"SELF_HARM": 0}}), None, None),
            (
                json!({"text": "", "labels": {"PROMPT_ATTACK": 1}}),
                None,
                None,
            ),
            (
                json!({"text": "", "orig": {"harmful": 1}}),
                Some(true),
                None,
            ),
            (
                json!({"text": "", "orig": {"harmful": 0}}),
                Some(false),
                None,
            ),
        ];
        for (json, is_unsafe, violent) in cases {
            let row = row(json.clone());
            assert_eq!(Column::Unsafe.truth(&row), is_unsafe, "{json}");
            let violence = Column::Filter(ContentFilterType::Violence);
            assert_eq!(violence.truth(&row), violent, "{json}");
        }
    }

    fn opinion(score: f32, confidence: Confidence, detected: bool) -> Opinion {
        Opinion {
            score,
            confidence,
            detected,
        }
    }

    fn judged_hate_and_insults(detected: bool) -> Judged {
        let hate = opinion(0.8, Confidence::Medium, detected);
        let insults = opinion(0.4, Confidence::Low, false);
        let filters = [ContentFilterType::Hate, ContentFilterType::Insults];
        Judged {
            opinions: filters.into_iter().zip([hate, insults]).collect(),
            silent: BTreeMap::from([(
                ContentFilterType::Sexual,
                (NotEvaluatedReason::BudgetSpent, detected),
            )]),
            incomplete: None,
            blocked: detected,
        }
    }

    fn detectors() -> Detectors {
        pretil_models::detectors()
    }

    #[test]
    fn bare_detectors_flag_at_medium_and_stay_silent_where_not_evaluated() {
        let detectors = detectors();
        let guardrail = bare_guardrail(&detectors).unwrap();
        let judge = Judge {
            guardrail: &guardrail,
            detectors: &detectors,
            enforces: false,
        };
        let judged = judged_hate_and_insults(false);
        let of = |column| judge.observe(column, &judged);
        let any = of(Column::Unsafe).unwrap();
        assert!(any.flagged && any.confidence == Confidence::Medium);
        assert!((any.score - 0.8).abs() < 1e-6);
        assert!(
            !of(Column::Filter(ContentFilterType::Insults))
                .unwrap()
                .flagged
        );
        assert_eq!(of(Column::Filter(ContentFilterType::Sexual)), None);
    }

    #[test]
    fn a_guardrail_that_refuses_flags() {
        let detectors = detectors();
        let guardrail = bare_guardrail(&detectors).unwrap();
        let judge = Judge {
            guardrail: &guardrail,
            detectors: &detectors,
            enforces: true,
        };
        let refused = judged_hate_and_insults(true);
        let sexual = Column::Filter(ContentFilterType::Sexual);
        assert_eq!(judge.observe(sexual, &refused), Some(Opinionated::REFUSED));
        let any = judge.observe(Column::Unsafe, &refused).unwrap();
        assert!(any.flagged);
        // Detected is the guardrail's own word, not the band.
        let passed = judged_hate_and_insults(false);
        assert!(!judge.observe(Column::Unsafe, &passed).unwrap().flagged);
        let hate = judge.observe(Column::Filter(ContentFilterType::Hate), &passed);
        assert!(!hate.unwrap().flagged);
    }
}
