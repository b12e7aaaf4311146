//! Denied topics: each topic of a set is described by its name and five examples, and every text is
//! judged by all topics at once, by the code that answers a call.

mod sets;

pub use sets::{DataSet, authored, banking77, clinc150, general, hwu64};

use crate::metrics::{Share, at_least, mean, recall_at};
use anyhow::{Context, Result, anyhow, ensure};
use pretil_guardrail::{
    config::{TierName, TopicConfig, TopicPolicyConfig},
    content::Source,
    detect::{Detectors, Embedder},
    policy::{Reading, topic::TopicPolicy},
};
use pretil_text::Views;

/// What was measured on one set. Shares are means over topics.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The set.
    pub name: String,
    /// Topics measured.
    pub topics: usize,
    /// Texts judged by each.
    pub texts: usize,
    /// Recall at the shipped threshold; `None` where no text is of a topic.
    pub recall: Option<Share>,
    /// Texts of other topics, or of none, that fire at the shipped threshold.
    pub false_alarms: Option<Share>,
    /// Near misses of the topic that fire at the shipped threshold.
    pub near_misses: Option<Share>,
    /// Recall where 1 % of the texts of other topics fire: each topic at its own threshold.
    pub recall_at_1_percent: Option<Share>,
    /// The same for the cosine with the nearest example, without a background.
    pub nearest_example_at_1_percent: Option<Share>,
}

/// Judges every text of `set` by every topic of it.
pub fn measure(set: &DataSet, detectors: &Detectors) -> Result<Measured> {
    let embedder = detectors.embedder.as_deref().context("no embedder")?;
    let scores = policy_scores(set, detectors)?;
    let nearest = nearest_example_scores(set, embedder)?;
    let mut columns = Columns::default();
    for topic in (0..set.topics.len()).filter(|&topic| set.measured[topic]) {
        columns.add(set, topic, &scores, &nearest);
    }
    let share = |values: &[f64]| (!values.is_empty()).then(|| mean(values));
    Ok(Measured {
        name: set.name.clone(),
        topics: set.measured.iter().filter(|measured| **measured).count(),
        texts: set.texts.len(),
        recall: share(&columns.recall),
        false_alarms: share(&columns.false_alarms),
        near_misses: share(&columns.near_misses),
        recall_at_1_percent: share(&columns.recall_at),
        nearest_example_at_1_percent: share(&columns.nearest_at),
    })
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
    fn add(&mut self, set: &DataSet, topic: usize, scores: &[Vec<f32>], nearest: &[Vec<f32>]) {
        let of = |scores: &[Vec<f32>], wanted: fn(&sets::Labelled, usize) -> bool| -> Vec<f32> {
            let texts = set.texts.iter().zip(scores);
            texts
                .filter(|(text, _)| wanted(text, topic))
                .map(|(_, scores)| scores[topic])
                .collect()
        };
        let threshold = TopicPolicy::THRESHOLD;
        let (positive, negative) = (of(scores, is_of), of(scores, is_of_another));
        let near = of(scores, nearly_is);
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
        let (positive, negative) = (of(nearest, is_of), of(nearest, is_of_another));
        self.nearest_at.push(recall_at(&positive, &negative, 0.01));
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
fn policy_scores(set: &DataSet, detectors: &Detectors) -> Result<Vec<Vec<f32>>> {
    let config = TopicPolicyConfig {
        topics: set.topics.clone(),
        tier: TierName::Classic,
    };
    let policy = TopicPolicy::compile(&config, detectors)
        .map_err(|errors| anyhow!("{} of {}", errors[0], set.name))?;
    let score = |text: &str| {
        let views = Views::of(text);
        let reading = Reading {
            block: 0,
            views: &views,
        };
        let detected = policy.detect(Source::Input, &[reading], detectors);
        ensure!(
            detected.not_evaluated.is_empty(),
            "a text was not evaluated"
        );
        let entries = policy.decide(Source::Input, &detected.findings);
        Ok(entries
            .iter()
            .map(|entry| entry.score.unwrap_or(0.0))
            .collect())
    };
    set.texts.iter().map(|text| score(&text.text)).collect()
}

/// Cosine of each text with each topic's nearest example.
fn nearest_example_scores(set: &DataSet, embedder: &dyn Embedder) -> Result<Vec<Vec<f32>>> {
    let examples: Vec<Vec<Vec<f32>>> = set
        .topics
        .iter()
        .map(|topic| embed_examples(topic, embedder))
        .collect::<Result<_>>()?;
    let score = |text: &str| {
        let vector = embedder.embed(text)?;
        let nearest = |examples: &Vec<Vec<f32>>| {
            let cosines = examples.iter().map(|example| dot(example, &vector));
            cosines.fold(-1.0, f32::max)
        };
        Ok(examples.iter().map(nearest).collect())
    };
    set.texts.iter().map(|text| score(&text.text)).collect()
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
