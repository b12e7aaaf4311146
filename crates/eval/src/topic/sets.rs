//! The sets: rows with a topic each, or topics described with texts of their own.

use crate::rows::{self, Original, Take};
use anyhow::{Result, ensure};
use pretil_guardrail::config::{Directions, TopicConfig};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// Examples per topic, as many as the API takes.
const EXAMPLES: usize = 5;

/// Fewest test rows of a topic that is measured.
const FEWEST_TEXTS: usize = 3;

/// Which files make a set, and what of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Rows to judge; or described topics, with their texts.
    pub texts: Vec<PathBuf>,
    /// Rows that examples are taken from. Without them the rows of `texts` whose split is `train`.
    pub examples: Vec<PathBuf>,
    /// Described topics that judge harmless rows of `texts`, whose own topics do not matter.
    pub topics: Option<PathBuf>,
    /// Only described topics of this part.
    pub part: Option<String>,
    /// Every text in the middle of about 1,000 characters of something else.
    pub padded: bool,
    /// Only topics that the background of the embedder does not hold, under this name of the set.
    pub held_out: Option<String>,
    /// Only rows whose origin is this set.
    pub within: Option<String>,
    /// At most so many texts.
    pub limit: Option<usize>,
}

/// Descriptions of topics, and texts with the topic of each.
pub struct DataSet {
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
#[serde(untagged)]
enum TopicLine {
    Described(DescribedTopic),
    Row(TopicRow),
}

#[derive(Deserialize)]
struct TopicRow {
    text: String,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    split: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, u8>,
    #[serde(default)]
    orig: Original,
}

impl TopicRow {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref().or(self.orig.intent.as_deref())
    }

    /// Out-of-scope rows may be of any topic or none.
    fn in_scope(&self) -> bool {
        self.topic() != Some("oos")
    }

    fn within(&self, set: Option<&str>) -> bool {
        set.is_none_or(|set| self.orig.set.as_deref() == Some(set))
    }

    fn is_safe(&self) -> bool {
        !self.labels.is_empty() && self.labels.values().all(|&label| label == 0)
    }
}

#[derive(Deserialize)]
struct DescribedTopic {
    name: String,
    part: String,
    definition: String,
    examples: Vec<String>,
    positives: Vec<String>,
    near_misses: Vec<String>,
}

/// (topic, text)
type Row = (String, String);

impl DataSet {
    /// Reads the set that `selection` describes.
    pub fn read(selection: &Selection) -> Result<Self> {
        let mut set = if let Some(path) = &selection.topics {
            harmless(selection, &rows::read(path)?)?
        } else {
            let lines = rows::read_all(&selection.texts, Take::All)?;
            let (described, rows) = apart(lines);
            if described.is_empty() {
                intents(selection, rows)?
            } else {
                described_set(selection, described)
            }
        };
        set.texts.truncate(selection.limit.unwrap_or(usize::MAX));
        ensure!(
            !set.topics.is_empty(),
            "no topic has enough texts to be measured"
        );
        Ok(set)
    }
}

fn apart(lines: Vec<TopicLine>) -> (Vec<DescribedTopic>, Vec<TopicRow>) {
    let (mut described, mut rows) = (Vec::new(), Vec::new());
    for line in lines {
        match line {
            TopicLine::Described(topic) => described.push(topic),
            TopicLine::Row(row) => rows.push(row),
        }
    }
    (described, rows)
}

/// Described topics with their positives and near misses.
fn described_set(selection: &Selection, mut topics: Vec<DescribedTopic>) -> DataSet {
    if let Some(part) = &selection.part {
        topics.retain(|topic| topic.part == *part);
    }
    let mut texts = Vec::new();
    for (index, topic) in topics.iter().enumerate() {
        let of = topic.positives.iter().map(|text| (text, Some(index), None));
        let near = topic
            .near_misses
            .iter()
            .map(|text| (text, None, Some(index)));
        for (text, topic, near) in of.chain(near) {
            let text = if selection.padded {
                padded(text)
            } else {
                text.clone()
            };
            texts.push(Labelled { text, topic, near });
        }
    }
    DataSet {
        measured: vec![true; topics.len()],
        topics: topics.iter().map(described_config).collect(),
        texts,
    }
}

/// Harmless rows of any topic, judged by all of `topics`.
fn harmless(selection: &Selection, topics: &[DescribedTopic]) -> Result<DataSet> {
    let rows: Vec<TopicRow> = rows::read_all(&selection.texts, Take::All)?;
    let texts = rows.into_iter().filter(TopicRow::is_safe);
    Ok(DataSet {
        measured: vec![true; topics.len()],
        topics: topics.iter().map(described_config).collect(),
        texts: texts
            .map(|row| Labelled {
                text: row.text,
                topic: None,
                near: None,
            })
            .collect(),
    })
}

/// Whether a topic is left out of the background. `training/topic/build_background.py` has the
/// same rule.
fn held_out(data_set: &str, topic: &str) -> bool {
    Sha256::digest(format!("{data_set}/{topic}"))[0].is_multiple_of(3)
}

/// Rows that each name their topic.
fn intents(selection: &Selection, rows: Vec<TopicRow>) -> Result<DataSet> {
    let within = |row: &TopicRow| row.in_scope() && row.within(selection.within.as_deref());
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for row in rows.into_iter().filter(within) {
        let topic = row.topic().map(str::to_owned);
        match (row.split.as_deref(), topic) {
            (Some("train"), Some(topic)) => train.push((topic, row.text)),
            (Some("test") | None, topic) => test.push((topic, row.text)),
            _ => {}
        }
    }
    if !selection.examples.is_empty() {
        let rows: Vec<TopicRow> = rows::read_all(&selection.examples, Take::All)?;
        let rows = rows.into_iter().filter(within);
        train = rows
            .filter_map(|row| Some((row.topic()?.to_owned(), row.text)))
            .collect();
    }
    Ok(intent_set(selection.held_out.as_deref(), &train, test))
}

fn intent_set(held: Option<&str>, train: &[Row], test: Vec<(Option<String>, String)>) -> DataSet {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for topic in test.iter().filter_map(|(topic, _)| topic.as_deref()) {
        *counts.entry(topic).or_default() += 1;
    }
    let known: BTreeSet<&str> = train.iter().map(|(topic, _)| topic.as_str()).collect();
    // Without any example the rows still name their topics.
    let described = |topic: &str| train.is_empty() || known.contains(topic);
    let names: Vec<String> = counts
        .into_iter()
        .filter(|(topic, count)| *count >= FEWEST_TEXTS && described(topic))
        .map(|(topic, _)| topic.to_owned())
        .collect();
    let measured = |topic: &String| held.is_none_or(|set| held_out(set, topic));
    DataSet {
        topics: names
            .iter()
            .map(|topic| intent_config(topic, train))
            .collect(),
        measured: names.iter().map(measured).collect(),
        texts: test
            .into_iter()
            .map(|(topic, text)| Labelled {
                text,
                topic: topic.and_then(|topic| names.binary_search(&topic).ok()),
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
        examples: (!examples.is_empty()).then(|| examples.into_iter().map(str::to_owned).collect()),
        directions: Directions::default(),
    }
}

fn described_config(topic: &DescribedTopic) -> TopicConfig {
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
