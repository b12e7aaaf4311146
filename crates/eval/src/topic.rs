//! Denied topics: every text is judged by all topics at once, by the code that answers a call.
//!
//! Without a guardrail each topic of a set is described by its name and up to five of its rows. With
//! one the guardrail's topics judge, and a row's topic is the one of the same name.

mod sets;

pub use sets::{DataSet, Selection};

use crate::{
    binary::{self, Observation},
    evaluation::{Confusion, Evaluation, NoDetector, Setting, Task, raw},
    figures::{Group, Measured},
    metrics::{at_least, mean, recall_at},
    parallel,
    rows::{Take, text_id},
};
use anyhow::{Context, Result, anyhow, ensure};
use pretil_guardrail::{
    Content, Guardrail,
    config::{TierName, TopicConfig, TopicPolicyConfig},
    content::Source,
    detect::Embedder,
    policy::{Reading, topic::TopicPolicy},
    verdict::{Confidence, NotEvaluatedReason, PolicyKind, TopicEntry},
};
use pretil_text::Views;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// Confusions of one kind that are listed per topic.
const LISTED: usize = 20;

/// The label of the figures over all topics.
pub(crate) const ALL: &str = "ALL";

/// Score of a text for each topic, or why there is none.
type Scored = Result<Vec<f32>, NotEvaluatedReason>;

/// Evaluates `take` of the texts of the files.
pub(crate) fn evaluate(data: &[PathBuf], take: Take, setting: Setting<'_>) -> Result<Evaluation> {
    let selection = Selection {
        texts: data.to_vec(),
        limit: match take {
            Take::First(texts) | Take::Sample(texts) => Some(texts),
            Take::All => None,
        },
        ..Selection::default()
    };
    measure(DataSet::read(&selection)?, setting)
}

/// Judges every text of `set` by every topic of it, or of the guardrail.
pub fn measure(set: DataSet, setting: Setting<'_>) -> Result<Evaluation> {
    let (set, scores) = if let Some(guardrail) = setting.guardrail {
        let set = with_topics_of(guardrail, set)?;
        let scores = guardrail_scores(&set, guardrail, setting)?;
        (set, scores)
    } else {
        let scores = policy_scores(&set, setting)?;
        (set, scores)
    };
    let nearest = match (setting.guardrail, setting.detectors.embedder.as_deref()) {
        (None, Some(embedder)) => Some(nearest_example_scores(&set, embedder, setting)?),
        _ => None,
    };
    let mut not_evaluated = BTreeMap::new();
    for reason in scores.iter().filter_map(|scored| scored.as_ref().err()) {
        ensure!(
            *reason != NotEvaluatedReason::NoDetector,
            NoDetector("topics")
        );
        *not_evaluated.entry(reason.name().to_owned()).or_default() += 1;
    }
    Ok(evaluation(&set, &scores, nearest.as_deref(), not_evaluated))
}

fn evaluation(
    set: &DataSet,
    scores: &[Scored],
    nearest: Option<&[Vec<f32>]>,
    not_evaluated: BTreeMap<String, usize>,
) -> Evaluation {
    let mut columns = Columns::default();
    let (mut per_topic, mut pooled, mut confusions) = (Vec::new(), Vec::new(), Vec::new());
    for topic in (0..set.topics.len()).filter(|&topic| set.measured[topic]) {
        columns.add(set, topic, scores, nearest);
        let seen = observations(set, topic, scores);
        let observations: Vec<_> = seen.iter().map(|(_, observation)| *observation).collect();
        let name = &set.topics[topic].name;
        per_topic.push(binary::measure(name, Group::All, &observations));
        pooled.extend(observations);
        list_confusions(set, topic, &seen, &mut confusions);
    }
    let counts = vec![
        ("topics", set.measured.iter().filter(|it| **it).count()),
        ("texts", set.texts.len()),
    ];
    let mut measured = vec![columns.measured(counts)];
    measured.append(&mut per_topic);
    let texts = set.texts.iter().zip(scores);
    Evaluation {
        task: Task::Topic,
        rows: set.texts.len(),
        not_evaluated,
        measured,
        observed: vec![(ALL.to_owned(), pooled)],
        scores: texts
            .map(|(text, scored)| score_line(set, text, scored))
            .collect(),
        confusions,
    }
}

/// What `topic` saw of each text that is of it, or of another, or nearly of it.
fn observations(set: &DataSet, topic: usize, scores: &[Scored]) -> Vec<(usize, Observation)> {
    let texts = set.texts.iter().zip(scores).enumerate();
    texts
        .filter_map(|(index, (text, scored))| {
            let score = *scored.as_ref().ok()?.get(topic)?;
            if text.near.is_some_and(|near| near != topic) {
                return None;
            }
            let flagged = score >= TopicPolicy::THRESHOLD;
            let observation = Observation {
                positive: is_of(text, topic),
                score,
                confidence: if flagged {
                    Confidence::High
                } else {
                    Confidence::None
                },
                flagged,
            };
            Some((index, observation))
        })
        .collect()
}

fn list_confusions(
    set: &DataSet,
    topic: usize,
    seen: &[(usize, Observation)],
    confusions: &mut Vec<Confusion>,
) {
    for positive in [false, true] {
        let mut wrong: Vec<_> = seen
            .iter()
            .filter(|(_, it)| it.positive == positive && it.flagged != positive)
            .collect();
        wrong.sort_by(|(_, left), (_, right)| {
            let order = right.score.total_cmp(&left.score);
            if positive { order.reverse() } else { order }
        });
        confusions.extend(wrong.into_iter().take(LISTED).map(|(index, it)| Confusion {
            label: set.topics[topic].name.clone(),
            kind: if positive { "missed" } else { "false_alarm" },
            score: Some(it.score),
            id: text_id(&set.texts[*index].text),
            lang: None,
            source: None,
            text: set.texts[*index].text.clone(),
            context: None,
        }));
    }
}

fn score_line(set: &DataSet, text: &sets::Labelled, scored: &Scored) -> Value {
    let mut scores = Map::new();
    for (topic, score) in set.topics.iter().zip(scored.iter().flatten()) {
        scores.insert(topic.name.clone(), raw(*score));
    }
    let reasons: Vec<_> = scored
        .as_ref()
        .err()
        .into_iter()
        .map(NotEvaluatedReason::name)
        .collect();
    json!({"id": text_id(&text.text), "scores": scores, "not_evaluated": reasons})
}

/// One value per measured topic.
#[derive(Default)]
struct Columns {
    recall: Vec<f64>,
    false_alarms: Vec<f64>,
    near_misses: Vec<f64>,
    recall_at: Vec<f64>,
    nearest_at: Vec<f64>,
}

impl Columns {
    fn add(
        &mut self,
        set: &DataSet,
        topic: usize,
        scores: &[Scored],
        nearest: Option<&[Vec<f32>]>,
    ) {
        let of = |wanted: fn(&sets::Labelled, usize) -> bool| -> Vec<f32> {
            let texts = set.texts.iter().zip(scores);
            texts
                .filter(|(text, _)| wanted(text, topic))
                .filter_map(|(_, scored)| scored.as_ref().ok()?.get(topic).copied())
                .collect()
        };
        let threshold = TopicPolicy::THRESHOLD;
        let (positive, negative, near) = (of(is_of), of(is_of_another), of(nearly_is));
        if !negative.is_empty() {
            self.false_alarms.push(at_least(&negative, threshold));
        }
        if !near.is_empty() {
            self.near_misses.push(at_least(&near, threshold));
        }
        if positive.is_empty() {
            return;
        }
        self.recall.push(at_least(&positive, threshold));
        self.recall_at.push(recall_at(&positive, &negative, 0.01));
        let Some(nearest) = nearest else { return };
        let of = |wanted: fn(&sets::Labelled, usize) -> bool| -> Vec<f32> {
            let texts = set.texts.iter().zip(nearest);
            texts
                .filter(|(text, _)| wanted(text, topic))
                .map(|(_, scores)| scores[topic])
                .collect()
        };
        self.nearest_at
            .push(recall_at(&of(is_of), &of(is_of_another), 0.01));
    }

    /// Means over topics, with intervals over topics.
    fn measured(&self, counts: Vec<(&'static str, usize)>) -> Measured {
        let columns: [(&'static str, &[f64]); 5] = [
            ("recall", &self.recall),
            ("false_alarms", &self.false_alarms),
            ("near_misses_flagged", &self.near_misses),
            ("recall_at_1_percent", &self.recall_at),
            ("nearest_example_recall_at_1_percent", &self.nearest_at),
        ];
        let known = columns.into_iter().filter(|(_, values)| !values.is_empty());
        Measured {
            label: ALL.to_owned(),
            group: Group::All,
            counts,
            estimates: known.map(|(name, values)| (name, mean(values))).collect(),
        }
    }
}

fn is_of(text: &sets::Labelled, topic: usize) -> bool {
    text.topic == Some(topic)
}

/// A near miss of one topic says nothing about the others.
fn is_of_another(text: &sets::Labelled, topic: usize) -> bool {
    text.topic != Some(topic) && text.near.is_none()
}

fn nearly_is(text: &sets::Labelled, topic: usize) -> bool {
    text.near == Some(topic)
}

/// Score of each text for each topic, through the policy.
fn policy_scores(set: &DataSet, setting: Setting<'_>) -> Result<Vec<Scored>> {
    let config = TopicPolicyConfig {
        topics: set.topics.clone(),
        tier: TierName::Classic,
    };
    let policy = TopicPolicy::compile(&config, setting.detectors)
        .map_err(|errors| anyhow!("{}", errors[0]))?;
    let score = |text: &sets::Labelled| {
        let views = Views::of(&text.text);
        let reading = Reading {
            block: 0,
            views: &views,
        };
        let mut detected = policy.detect(Source::Input, &[reading], setting.detectors);
        if let Some((_, reason)) = detected.not_evaluated.pop() {
            return Err(reason);
        }
        let entries = policy.decide(Source::Input, &detected.findings);
        Ok(entries.iter().map(score_of).collect())
    };
    Ok(parallel::map(
        &set.texts,
        setting.jobs,
        setting.progress,
        score,
    ))
}

fn score_of(entry: &TopicEntry) -> f32 {
    entry.score.unwrap_or(0.0)
}

/// The set with the guardrail's topics, found by name, in place of its own.
fn with_topics_of(guardrail: &Guardrail, set: DataSet) -> Result<DataSet> {
    let policy = guardrail.config().topic.as_ref();
    let topics = policy.map(|policy| policy.topics.clone());
    let topics = topics.context("the guardrail has no topics")?;
    let place: Vec<Option<usize>> = set
        .topics
        .iter()
        .map(|of_set| topics.iter().position(|topic| same_name(topic, of_set)))
        .collect();
    let moved = |topic: Option<usize>| topic.and_then(|topic| place[topic]);
    ensure!(
        place.iter().any(Option::is_some),
        "no topic of the guardrail has the name of a topic in the rows"
    );
    let texts = set.texts.into_iter();
    Ok(DataSet {
        measured: vec![true; topics.len()],
        topics,
        texts: texts
            .map(|text| sets::Labelled {
                topic: moved(text.topic),
                near: moved(text.near),
                text: text.text,
            })
            .collect(),
    })
}

/// Whether two topics have one name, but for case and `_` for a space.
fn same_name(one: &TopicConfig, other: &TopicConfig) -> bool {
    let plain = |topic: &TopicConfig| topic.name.to_lowercase().replace('_', " ");
    plain(one) == plain(other)
}

/// Score of each text for each topic of the guardrail, from its verdict.
fn guardrail_scores(
    set: &DataSet,
    guardrail: &Guardrail,
    setting: Setting<'_>,
) -> Result<Vec<Scored>> {
    let score = |text: &sets::Labelled| -> Result<Scored> {
        let content = Content::text(Source::Input, text.text.as_str());
        let verdict = guardrail.evaluate(&content, setting.detectors)?;
        let mut skipped = verdict.not_evaluated.into_iter();
        if let Some(entry) = skipped.find(|entry| entry.policy == PolicyKind::Topic) {
            return Ok(Err(entry.reason));
        }
        let entries = verdict.assessment.topics;
        let of = |topic: &TopicConfig| {
            let mut of_topic = entries.iter().filter(|entry| entry.name == topic.name);
            of_topic.next().map_or(0.0, score_of)
        };
        Ok(Ok(set.topics.iter().map(of).collect()))
    };
    let scores = parallel::map(&set.texts, setting.jobs, setting.progress, score);
    scores.into_iter().collect()
}

/// Cosine of each text with each topic's nearest example.
fn nearest_example_scores(
    set: &DataSet,
    embedder: &dyn Embedder,
    setting: Setting<'_>,
) -> Result<Vec<Vec<f32>>> {
    let examples: Vec<Vec<Vec<f32>>> = set
        .topics
        .iter()
        .map(|topic| embed_examples(topic, embedder))
        .collect::<Result<_>>()?;
    let score = |text: &sets::Labelled| -> Result<Vec<f32>> {
        let vector = embedder.embed(&text.text)?;
        let nearest = |examples: &Vec<Vec<f32>>| {
            let cosines = examples.iter().map(|example| dot(example, &vector));
            cosines.fold(-1.0, f32::max)
        };
        Ok(examples.iter().map(nearest).collect())
    };
    let scores = parallel::map(&set.texts, setting.jobs, &|_, _| {}, score);
    scores.into_iter().collect()
}

fn embed_examples(topic: &TopicConfig, embedder: &dyn Embedder) -> Result<Vec<Vec<f32>>> {
    let examples = topic.examples.iter().flatten();
    let vectors: Result<Vec<_>, _> = examples.map(|example| embedder.embed(example)).collect();
    Ok(vectors?)
}

fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}
