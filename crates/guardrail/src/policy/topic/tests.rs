//! Decisions with an embedder whose vectors are counts of known words.

use super::*;
use crate::{
    config::TierName,
    content::Source,
    detect::{Clock, EmbeddedWindow},
    policy::Reading,
    verdict::EntryAction,
};
use pretil_text::Views;
use std::{sync::Arc, time::Duration};

/// One dimension per word, one for all others; windows are sentences. The background is one text
/// of none of the words.
struct WordCounts {
    words: &'static [&'static str],
    space: TopicSpace,
}

impl WordCounts {
    fn new(words: &'static [&'static str]) -> Self {
        let mut other = vec![0.0; words.len() + 1];
        other[words.len()] = 1.0;
        let space = TopicSpace::new(words.len() + 1, other, CALIBRATION).unwrap();
        Self { words, space }
    }
}

const CALIBRATION: Calibration = Calibration {
    definition_weight: 0.3,
    nearest_weight: 0.3,
    neighbours: 2,
    own_limit: 0.9,
    margin: 0.0,
    slope: 10.0,
};

impl Embedder for WordCounts {
    fn identity(&self) -> &str {
        "word-counts"
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
        let mut counts = vec![0.0_f32; self.words.len() + 1];
        for word in text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            let index = self
                .words
                .iter()
                .position(|known| known.eq_ignore_ascii_case(word));
            counts[index.unwrap_or(self.words.len())] += 1.0;
        }
        let norm = counts.iter().map(|count| count * count).sum::<f32>().sqrt();
        Ok(counts.iter().map(|count| count / norm.max(1.0)).collect())
    }

    fn embed_windows(
        &self,
        text: &str,
        _tokens: usize,
    ) -> Result<Vec<EmbeddedWindow>, DetectError> {
        let mut start = 0;
        text.split_inclusive('.')
            .map(|sentence| {
                let range = start..start + sentence.len();
                start = range.end;
                Ok(EmbeddedWindow {
                    range,
                    vector: self.embed(sentence)?,
                })
            })
            .collect()
    }

    fn topic_space(&self) -> Option<&TopicSpace> {
        Some(&self.space)
    }
}

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

fn detectors(embedder: Option<Arc<dyn Embedder>>) -> Detectors {
    Detectors {
        embedder,
        clock: Arc::new(NoTime),
    }
}

fn topic(name: &str, example: &str) -> TopicConfig {
    TopicConfig {
        name: name.to_owned(),
        definition: format!("all about {example}"),
        examples: Some(vec![example.to_owned()]),
        directions: Directions::default(),
    }
}

fn policy(topics: Vec<TopicConfig>) -> TopicPolicyConfig {
    TopicPolicyConfig {
        topics,
        tier: TierName::Classic,
    }
}

#[test]
fn without_an_embedder_the_policy_is_not_evaluated() {
    let none = detectors(None);
    let compiled = TopicPolicy::compile(&policy(vec![topic("Money", "invest")]), &none).unwrap();
    let views = Views::of("invest");
    let detected = compiled.detect(
        Source::Input,
        &[Reading {
            block: 0,
            views: &views,
        }],
        &none,
    );
    assert!(detected.findings.is_empty());
    assert_eq!(
        detected.not_evaluated,
        [(None, NotEvaluatedReason::NoDetector)]
    );
}

#[test]
fn the_best_window_is_detected_and_located() {
    let detectors = detectors(Some(Arc::new(WordCounts::new(&["invest", "fish"]))));
    let config = policy(vec![topic("Money", "invest"), topic("Sea", "fish")]);
    let compiled = TopicPolicy::compile(&config, &detectors).unwrap();
    let views = Views::of("Good day. Invest. Bye.");
    let readings = [Reading {
        block: 2,
        views: &views,
    }];
    let entries = compiled.decide(
        Source::Input,
        &compiled
            .detect(Source::Input, &readings, &detectors)
            .findings,
    );
    assert_eq!(entries.len(), 2);
    assert!(entries[0].detected);
    assert_eq!(entries[0].action, EntryAction::Blocked);
    let location = entries[0].location.unwrap();
    assert_eq!((location.block, location.span.range()), (2, 9..17));
}
