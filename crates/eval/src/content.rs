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
//!
//! How the outcome is read:
//! - UNSAFE scores what the worst filter scores, each filter's score stretched so that the bands of
//!   all filters meet: LOW begins at ¼, MEDIUM at ½, HIGH at ¾. It is no probability.
//! - Without a guardrail a row is flagged from MEDIUM on, and a row that was not evaluated, or not
//!   whole, is left out of the figures and counted (`not_evaluated`).
//! - With one, flagged is what the guardrail detects, and UNSAFE what it blocks for whatever reason,
//!   a row that it could not evaluate among them.

use crate::{
    binary::{self, Observation},
    evaluation::{Confusion, Evaluation, NoDetector, Setting, Task, raw},
    figures::{Group, Measured, groups},
    parallel,
    rows::{self, Role, SafetyRow, Take, text_id},
};
use anyhow::{Context, Result, bail, ensure};
use pretil_guardrail::{
    Config, Content, Detectors, Guardrail, Source, Verdict,
    config::{
        BlockAction, ContentFilterConfig, ContentFilterType, ContentPolicyConfig, Directions,
        FailureModes, OnFailure, Strength, TierName,
    },
    detect::Bands,
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
    /// See [`stretched`].
    stretched: f32,
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
        Ok(judged(self.guardrail, &verdict, source, self.detectors))
    }

    /// An error if only a build with a detector could have judged, and none did.
    pub(crate) fn ensure_detector(&self, judged: &Judged) -> Result<()> {
        let mut reasons = judged.silent.values();
        let missing = reasons.any(|(reason, _)| *reason == NotEvaluatedReason::NoDetector);
        ensure!(
            self.enforces || !missing,
            NoDetector("content and prompt attacks")
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
        let seen = FILTERS.iter().filter_map(|filter| {
            let mut seen = self.observe_filter(*filter, judged)?;
            if let Some(opinion) = judged.opinions.get(filter) {
                seen.score = opinion.stretched;
            }
            Some(seen)
        });
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

fn judged(
    guardrail: &Guardrail,
    verdict: &Verdict,
    source: Source,
    detectors: &Detectors,
) -> Judged {
    let mut skipped = verdict.not_evaluated.iter();
    let skipped = skipped.find(|entry| entry.policy == PolicyKind::Content);
    let mut judged = Judged {
        incomplete: skipped.map(|entry| entry.reason.clone()),
        blocked: verdict.outcome == Outcome::Blocked,
        ..Judged::default()
    };
    for entry in &verdict.assessment.filters {
        let bands = detectors.safety.as_deref();
        let bands = bands.map(|classifier| classifier.bands(entry.filter.into(), source));
        // Without a score there was nothing to read.
        let score = entry.score.unwrap_or(0.0);
        let opinion = Opinion {
            score,
            stretched: bands.map_or(score, |bands| stretched(score, bands)),
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

/// `score` on a scale on which the bands of every filter begin at ¼, ½ and ¾.
fn stretched(score: f32, bands: Bands) -> f32 {
    let [low, medium, high] = [Confidence::Low, Confidence::Medium, Confidence::High]
        .map(|confidence| bands.threshold(confidence));
    let (from, to, start) = if score >= high {
        (high, 1.0, 0.75)
    } else if score >= medium {
        (medium, high, 0.5)
    } else if score >= low {
        (low, medium, 0.25)
    } else {
        (0.0, low, 0.0)
    };
    if to <= from {
        return start;
    }
    start + 0.25 * (score - from) / (to - from)
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

/// A row without its text, and what was said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenRow {
    /// See [`text_id`].
    pub id: String,
    /// The row's language.
    pub language: String,
    /// Columns whose label is 1.
    pub labels: Vec<&'static str>,
    /// Columns that flag it.
    pub flagged: Vec<&'static str>,
    /// The score of each column.
    pub scores: Vec<Option<f32>>,
}

impl Judgements<'_> {
    /// What `column` saw of each row whose label is known and that was evaluated.
    pub fn observations(&self, column: Column) -> Vec<(usize, Observation)> {
        let rows = self.rows.iter().zip(&self.judged).enumerate();
        rows.filter_map(|(index, (row, judged))| {
            if !self.judge.enforces && !judged.is_complete() {
                return None;
            }
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

    /// What `columns` say of each row, whatever its labels.
    pub fn seen(&self, columns: &[Column]) -> Vec<SeenRow> {
        let rows = self.rows.iter().zip(&self.judged);
        rows.map(|(row, judged)| {
            let seen = columns
                .iter()
                .map(|&column| self.judge.observe(column, judged));
            let seen: Vec<Option<Opinionated>> = seen.collect();
            let of = |wanted: &dyn Fn(usize) -> bool| -> Vec<&'static str> {
                let all = columns
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| wanted(*index));
                all.map(|(_, column)| column.name()).collect()
            };
            SeenRow {
                id: text_id(&row.text),
                language: row.lang.clone().unwrap_or_default(),
                labels: of(&|index| columns[index].truth(row) == Some(true)),
                flagged: of(&|index| seen[index].is_some_and(|it| it.flagged)),
                scores: seen.iter().map(|it| Some((*it)?.score)).collect(),
            }
        })
        .collect()
    }

    /// Figures, scores and confusions of `columns`.
    ///
    /// `operating` holds thresholds by label, at which recall and false alarms are given too.
    pub fn evaluation(
        &self,
        columns: Columns,
        operating: &BTreeMap<&'static str, f32>,
    ) -> Evaluation {
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
            let threshold = operating.get(column.name()).copied();
            evaluation
                .measured
                .extend(self.measure(column, &seen, threshold));
            self.list_confusions(column, &seen, &mut evaluation.confusions);
            let observations = seen.into_iter().map(|(_, observation)| observation);
            let name = column.name().to_owned();
            evaluation.observed.push((name, observations.collect()));
        }
        evaluation
    }

    /// Figures of `column` on all rows whose label is known, and on every language and source.
    fn measure(
        &self,
        column: Column,
        seen: &[(usize, Observation)],
        operating: Option<f32>,
    ) -> Vec<Measured> {
        let seen: BTreeMap<usize, Observation> = seen.iter().copied().collect();
        let known: Vec<usize> = (0..self.rows.len())
            .filter(|&index| column.truth(&self.rows[index]).is_some())
            .collect();
        let rows = known.iter().map(|&index| &self.rows[index]);
        let parts = groups(rows.map(|row| (row.lang.as_deref(), row.source.as_deref())));
        let measure = |(group, members): (Group, Vec<usize>)| {
            let members = members.iter().map(|&member| known[member]);
            let observations: Vec<Observation> = members
                .clone()
                .filter_map(|row| seen.get(&row).copied())
                .collect();
            let mut measured = binary::measure(column.name(), group, &observations);
            let incomplete = members.len() - observations.len();
            measured.counts.push(("not_evaluated", incomplete));
            if let Some(threshold) = operating {
                let (recall, false_alarms) = binary::shares_at(&observations, threshold);
                let shares = [
                    ("operating_recall", recall),
                    ("operating_false_alarms", false_alarms),
                ];
                let known = shares
                    .into_iter()
                    .filter_map(|(name, it)| Some((name, it?)));
                measured.estimates.extend(known);
            }
            if column == Column::Unsafe {
                // Its score is no probability.
                measured
                    .estimates
                    .retain(|(name, _)| *name != "calibration_error");
            }
            measured
        };
        parts.into_iter().map(measure).collect()
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
        for positive in [false, true] {
            let wrong = seen
                .iter()
                .filter(|(_, it)| it.positive == positive && it.flagged != positive);
            let mut of_kind: Vec<_> = wrong.collect();
            // The surest false alarms and the surest misses first.
            of_kind.sort_by(|(_, left), (_, right)| {
                let order = right.score.total_cmp(&left.score);
                if positive { order.reverse() } else { order }
            });
            confusions.extend(of_kind.into_iter().take(LISTED).map(|(index, it)| {
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

/// Evaluates `columns` on `take` of each file.
pub(crate) fn evaluate(
    columns: Columns,
    data: &[PathBuf],
    take: Take,
    setting: Setting<'_>,
) -> Result<Evaluation> {
    let rows: Vec<SafetyRow> = rows::read_all(data, take)?;
    let bare = match setting.guardrail {
        None => Some(bare_guardrail(setting.detectors)?),
        Some(_) => None,
    };
    let guardrail = setting
        .guardrail
        .or(bare.as_ref())
        .context("no guardrail")?;
    let evaluation = judge(rows, guardrail, setting)?.evaluation(columns, &BTreeMap::new());
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
    use crate::markers::with_markers;

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
            stretched: score,
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

    #[test]
    fn the_bands_of_all_filters_meet() {
        let bands = Bands::new(0.1, 0.2, 0.8).unwrap();
        let cases = [
            (0.0, 0.0),
            (0.05, 0.125),
            (0.1, 0.25),
            (0.2, 0.5),
            (0.5, 0.625),
            (0.8, 0.75),
            (1.0, 1.0),
        ];
        for (score, expected) in cases {
            assert!((stretched(score, bands) - expected).abs() < 1e-6, "{score}");
        }
        let narrow = Bands::new(0.5, 0.5, 1.0).unwrap();
        assert!((stretched(0.5, narrow) - 0.5).abs() < 1e-6);
        assert!((stretched(1.0, narrow) - 0.75).abs() < 1e-6);
    }

    fn labelled(text: &str, labels: [u8; 5]) -> SafetyRow {
        let names = ["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT"];
        let labels: Map<String, Value> = names
            .iter()
            .zip(labels)
            .map(|(name, label)| ((*name).to_owned(), json!(label)))
            .collect();
        row(json!({"text": text, "labels": labels}))
    }

    /// Many rows of both classes, every one judged wrongly, scores up and down.
    fn alternating() -> Vec<(usize, Observation)> {
        let observation = |index: usize| Observation {
            positive: index.is_multiple_of(2),
            score: (index * 37 % 100) as f32 / 100.0,
            confidence: Confidence::None,
            flagged: !index.is_multiple_of(2),
        };
        (0..200)
            .map(|index| (index % 5, observation(index)))
            .collect()
    }

    #[test]
    fn rows_go_through_the_classifier_as_in_a_call() {
        let detectors = with_markers();
        let setting = Setting {
            detectors: &detectors,
            guardrail: None,
            jobs: 2,
            progress: &|_, _| {},
        };
        let rows = vec![
            labelled("grr, all of you over there", [1, 0, 0, 0, 0]),
            labelled("how do people steal a car", [0, 0, 0, 0, 1]),
            labelled("a plain question about birds", [0, 0, 0, 0, 0]),
            labelled("grr is what a bear says", [0, 0, 0, 0, 0]),
            labelled(
                "Эта строка написана на русском языке и достаточно длинна",
                [0, 0, 0, 0, 0],
            ),
        ];
        let guardrail = bare_guardrail(&detectors).unwrap();
        let judged = judge(rows, &guardrail, setting).unwrap();
        let evaluation = judged.evaluation(Columns::Content, &BTreeMap::from([("UNSAFE", 0.9)]));
        let value = |label: &str, name: &str| {
            let measured = evaluation.find(label, "all").unwrap();
            (measured.estimate(name).unwrap().value * 100.0).round() as i32
        };
        // .45 is MEDIUM for HATE and LOW for MISCONDUCT, whose bands lie higher.
        assert_eq!(
            (value("HATE", "recall"), value("HATE", "precision")),
            (100, 50)
        );
        assert_eq!(
            (
                value("MISCONDUCT", "recall"),
                value("MISCONDUCT", "low_recall")
            ),
            (0, 100)
        );
        assert_eq!(
            (value("UNSAFE", "recall"), value("UNSAFE", "false_alarms")),
            (50, 50)
        );
        let any = evaluation.find("UNSAFE", "all").unwrap();
        assert_eq!(any.count("rows"), Some(4));
        assert_eq!(any.count("not_evaluated"), Some(1));
        assert_eq!(value("UNSAFE", "operating_recall"), 0);
        assert!(any.estimate("calibration_error").is_none());
        assert_eq!(
            evaluation.not_evaluated.get("unsupported_language"),
            Some(&1)
        );
        let hate = Column::Filter(ContentFilterType::Hate);
        let mut listed = Vec::new();
        judged.list_confusions(hate, &alternating(), &mut listed);
        assert!(listed.is_sorted_by_key(|it| it.kind == "missed"));
        let listed: Vec<_> = evaluation
            .confusions
            .iter()
            .map(|it| (it.label.as_str(), it.kind))
            .collect();
        assert!(
            listed.contains(&("HATE", "false_alarm")) && listed.contains(&("MISCONDUCT", "missed"))
        );
    }
}
