//! The sets, from files laid out as the data's README says.

use crate::rows;
use anyhow::Result;
use pretil_guardrail::config::{Directions, TopicConfig};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Examples per topic, as many as the API takes.
const EXAMPLES: usize = 5;

/// Fewest test rows of a topic that is measured.
const FEWEST_TEXTS: usize = 3;

/// Descriptions of topics, and texts with the topic of each.
pub struct DataSet {
    pub(super) name: String,
    pub(super) topics: Vec<TopicConfig>,
    /// For each topic whether it is measured; the others' texts are still texts of another topic.
    pub(super) measured: Vec<bool>,
    pub(super) texts: Vec<Labelled>,
}

pub(super) struct Labelled {
    pub(super) text: String,
    /// Index of the topic that it is of.
    pub(super) topic: Option<usize>,
    /// Index of the topic that it nearly is.
    pub(super) near: Option<usize>,
}

#[derive(Deserialize)]
struct TopicRow {
    text: String,
    topic: String,
    split: String,
}

#[derive(Deserialize)]
struct IntentRow {
    text: String,
    orig: Origin,
}

#[derive(Deserialize)]
struct Origin {
    set: String,
    intent: Option<String>,
}

#[derive(Deserialize)]
struct AuthoredTopic {
    name: String,
    part: String,
    definition: String,
    examples: Vec<String>,
    positives: Vec<String>,
    near_misses: Vec<String>,
}

#[derive(Deserialize)]
struct GeneralRow {
    text: String,
    labels: BTreeMap<String, u8>,
}

/// (topic, text)
type Row = (String, String);

/// Banking77's test rows; its topics that are not in the background.
pub fn banking77(data: &Path) -> Result<DataSet> {
    let (train, test) = split(rows::read(&data.join("topics/banking77.jsonl.gz"))?);
    Ok(intents(
        "Banking77, held-out topics",
        &train,
        &test,
        |topic| held_out("banking77", topic),
    ))
}

/// HWU64's test rows; no topic of it is in the background.
pub fn hwu64(data: &Path) -> Result<DataSet> {
    let (train, test) = split(rows::read(&data.join("topics/hwu64.jsonl.gz"))?);
    Ok(intents("HWU64, all topics", &train, &test, |_| true))
}

/// CLINC150's test rows; its topics that are not in the background. Out-of-scope rows are left out.
pub fn clinc150(data: &Path) -> Result<DataSet> {
    let train = clinc_rows(rows::read(
        &data.join("safety/train/benign_intents.jsonl.gz"),
    )?);
    let test = clinc_rows(rows::read(
        &data.join("safety/eval/benign_intents_test.jsonl.gz"),
    )?);
    Ok(intents(
        "CLINC150, held-out topics",
        &train,
        &test,
        |topic| held_out("clinc150", topic),
    ))
}

/// Our own topics of `part` (`tune` or `test`) with their near misses. With `padding` every text
/// stands in the middle of about 1,000 characters of something else.
pub fn authored(file: &Path, part: &str, padding: bool) -> Result<DataSet> {
    let topics: Vec<AuthoredTopic> = rows::read(file)?;
    let topics: Vec<_> = topics
        .into_iter()
        .filter(|topic| topic.part == part)
        .collect();
    let mut texts = Vec::new();
    for (index, topic) in topics.iter().enumerate() {
        let of = topic.positives.iter().map(|text| (text, Some(index), None));
        let near = topic
            .near_misses
            .iter()
            .map(|text| (text, None, Some(index)));
        for (text, topic, near) in of.chain(near) {
            let text = if padding { padded(text) } else { text.clone() };
            texts.push(Labelled { text, topic, near });
        }
    }
    let suffix = if padding { ", in 1,000 characters" } else { "" };
    Ok(DataSet {
        name: format!("authored, {part} topics{suffix}"),
        measured: vec![true; topics.len()],
        topics: topics.iter().map(authored_config).collect(),
        texts,
    })
}

/// Benign general prompts of two evaluation sets, judged by all authored topics.
pub fn general(data: &Path, file: &Path) -> Result<DataSet> {
    let topics: Vec<AuthoredTopic> = rows::read(file)?;
    let mut texts = Vec::new();
    for name in ["mtbench_vicuna_questions", "xstest_v2"] {
        let path = data.join(format!("safety/eval/{name}.jsonl.gz"));
        let found: Vec<GeneralRow> = rows::read(&path)?;
        let safe = |row: &GeneralRow| {
            !row.labels.is_empty() && row.labels.values().all(|&label| label == 0)
        };
        texts.extend(found.into_iter().filter(safe).map(|row| Labelled {
            text: row.text,
            topic: None,
            near: None,
        }));
    }
    Ok(DataSet {
        name: "general prompts (MT-Bench, XSTest safe), authored topics".to_owned(),
        measured: vec![true; topics.len()],
        topics: topics.iter().map(authored_config).collect(),
        texts,
    })
}

/// Whether a topic is left out of the background. `training/topic/build_background.py` has the
/// same rule.
fn held_out(data_set: &str, topic: &str) -> bool {
    Sha256::digest(format!("{data_set}/{topic}"))[0].is_multiple_of(3)
}

fn split(rows: Vec<TopicRow>) -> (Vec<Row>, Vec<Row>) {
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for row in rows {
        match row.split.as_str() {
            "train" => train.push((row.topic, row.text)),
            "test" => test.push((row.topic, row.text)),
            _ => {}
        }
    }
    (train, test)
}

fn clinc_rows(rows: Vec<IntentRow>) -> Vec<Row> {
    rows.into_iter()
        .filter(|row| row.orig.set == "clinc150")
        .filter_map(|row| Some((row.orig.intent?, row.text)))
        .filter(|(intent, _)| intent != "oos")
        .collect()
}

fn intents(name: &str, train: &[Row], test: &[Row], wanted: impl Fn(&str) -> bool) -> DataSet {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (topic, _) in test {
        *counts.entry(topic).or_default() += 1;
    }
    let names: BTreeSet<&str> = train.iter().map(|(topic, _)| topic.as_str()).collect();
    let names: Vec<&str> = names
        .into_iter()
        .filter(|topic| {
            counts
                .get(topic)
                .is_some_and(|count| *count >= FEWEST_TEXTS)
        })
        .collect();
    let index = |topic: &str| names.binary_search(&topic).ok();
    DataSet {
        name: name.to_owned(),
        topics: names
            .iter()
            .map(|topic| intent_config(topic, train))
            .collect(),
        measured: names.iter().map(|topic| wanted(topic)).collect(),
        texts: test
            .iter()
            .map(|(topic, text)| Labelled {
                text: text.clone(),
                topic: index(topic),
                near: None,
            })
            .collect(),
    }
}

/// The sets name their topics and do not describe them, so the definition only repeats the name.
fn intent_config(topic: &str, train: &[Row]) -> TopicConfig {
    let readable: String = topic
        .chars()
        .map(|c| if c == '_' { ' ' } else { c })
        .filter(|c| *c != '?')
        .collect();
    let mut examples: Vec<&str> = train
        .iter()
        .filter(|(of, text)| of == topic && text.chars().count() <= 100)
        .map(|(_, text)| text.as_str())
        .collect();
    // An arbitrary choice that depends on nothing but the texts.
    examples.sort_by_cached_key(|text| Sha256::digest(text));
    examples.truncate(EXAMPLES);
    TopicConfig {
        definition: format!("requests about {readable}."),
        name: readable,
        examples: Some(examples.into_iter().map(str::to_owned).collect()),
        directions: Directions::default(),
    }
}

fn authored_config(topic: &AuthoredTopic) -> TopicConfig {
    TopicConfig {
        name: topic.name.clone(),
        definition: topic.definition.clone(),
        examples: Some(topic.examples.clone()),
        directions: Directions::default(),
    }
}

/// `text` between two passages of about 500 characters that have nothing to do with any topic here.
fn padded(text: &str) -> String {
    const BEFORE: &str = "Thank you for the notes about the garden. The tulips by the wall came up \
        early this year, and the pond is clear again after we cleaned the pump. We painted the \
        bench green, as you suggested, and it looks well under the old pear tree. On Saturday the \
        children built a house for hedgehogs from planks and leaves. It stands behind the compost, \
        where it stays dry. The wild garlic has spread as far as the gate, so there is plenty for \
        soup. I have attached three photographs of the border.";
    const AFTER: &str = "Apart from that there is little news. The roof of the shed leaks a bit where \
        the felt is torn, but a strip of tape will hold until summer. The neighbours lent us their \
        long ladder, and we trimmed the hedge in one afternoon. If the weather stays mild I shall \
        sow the carrots next week and put the tomatoes on the window sill. The robin still comes \
        to the kitchen window every morning and waits for crumbs. Greetings to everybody, and see \
        you at the plant market.";
    format!("{BEFORE} {text} {AFTER}")
}
