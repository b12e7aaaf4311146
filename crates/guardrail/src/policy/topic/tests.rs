//! Decisions with an embedder whose vectors are counts of known words, and the maths alone.
//! `cases.json` holds config, text and what must follow; `models` tests the real weights.

use super::{windows::sentences, *};
use crate::{
    config::TierName,
    content::Source,
    detect::{Clock, EmbeddedWindow},
    policy::{Detected, Reading},
    verdict::EntryAction,
};
use pretil_text::Views;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};

const WORDS: &[&str] = &["invest", "fund", "fish", "weather"];

/// One dimension per known word, one for all others. The background is one text of other words.
struct WordCounts {
    name: &'static str,
    space: TopicSpace,
}

const CALIBRATION: Calibration = Calibration {
    definition_weight: 0.3,
    nearest_weight: 0.3,
    neighbours: 2,
    own_limit: 0.9,
    background_floor: 0.0,
    margin: 0.0,
    margin_per_doubling: 0.0,
    slope: 10.0,
};

fn space() -> TopicSpace {
    let mut other = vec![0.0; WORDS.len() + 1];
    other[WORDS.len()] = 1.0;
    TopicSpace::new(WORDS.len() + 1, other, CALIBRATION).unwrap()
}

fn word_counts(name: &'static str) -> Detectors {
    detectors(Some(Arc::new(WordCounts {
        name,
        space: space(),
    })))
}

impl Embedder for WordCounts {
    fn identity(&self) -> &str {
        self.name
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
        let mut counts = vec![0.0_f32; WORDS.len() + 1];
        for word in text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            let index = WORDS
                .iter()
                .position(|known| known.eq_ignore_ascii_case(word));
            counts[index.unwrap_or(WORDS.len())] += 1.0;
        }
        let norm = counts.iter().map(|count| count * count).sum::<f32>().sqrt();
        Ok(counts.iter().map(|count| count / norm.max(1.0)).collect())
    }

    fn embed_windows(&self, text: &str, _: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
        let vector = self.embed(text)?;
        Ok(vec![EmbeddedWindow {
            range: 0..text.len(),
            vector,
        }])
    }

    fn topic_space(&self) -> Option<&TopicSpace> {
        Some(&self.space)
    }
}

/// Fails on every text.
struct Broken(TopicSpace);

impl Embedder for Broken {
    fn identity(&self) -> &'static str {
        "broken"
    }

    fn embed(&self, _: &str) -> Result<Vec<f32>, DetectError> {
        Err(DetectError::Overloaded)
    }

    fn embed_windows(&self, _: &str, _: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
        Err(DetectError::Overloaded)
    }

    fn topic_space(&self) -> Option<&TopicSpace> {
        Some(&self.0)
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
        safety: None,
        clock: Arc::new(NoTime),
        tagger: None,
        grounding: None,
    }
}

fn topic(name: &str, definition: &str) -> TopicConfig {
    TopicConfig {
        name: name.to_owned(),
        definition: definition.to_owned(),
        examples: None,
        directions: Directions::default(),
    }
}

fn policy(topics: Vec<TopicConfig>) -> TopicPolicyConfig {
    TopicPolicyConfig {
        topics,
        tier: TierName::Classic,
    }
}

fn detect(
    policy: &TopicPolicy,
    source: Source,
    text: &str,
    detectors: &Detectors,
) -> Detected<TopicFinding> {
    let views = Views::of(text);
    let reading = Reading {
        block: 0,
        views: &views,
    };
    policy.detect(source, &[reading], detectors)
}

#[derive(Deserialize)]
struct Case {
    name: String,
    source: String,
    topics: Vec<TopicConfig>,
    text: String,
    entries: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    topic: String,
    detected: bool,
    blocked: bool,
    /// Where, as the text there; nothing where it is of no matter.
    at: Option<String>,
}

#[test]
fn cases() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let detectors = word_counts("word-counts");
    for case in cases {
        let source = match case.source.as_str() {
            "INPUT" => Source::Input,
            "OUTPUT" => Source::Output,
            other => panic!("{other} in {}", case.name),
        };
        let compiled = TopicPolicy::compile(&policy(case.topics), &detectors).unwrap();
        let detected = detect(&compiled, source, &case.text, &detectors);
        assert_eq!(detected.not_evaluated, [], "{}", case.name);
        let entries = compiled.decide(source, &detected.findings);
        assert_eq!(entries.len(), case.entries.len(), "{}", case.name);
        for (entry, expected) in entries.iter().zip(&case.entries) {
            assert_eq!(entry.name, expected.topic, "{}", case.name);
            assert_eq!(entry.detected, expected.detected, "{}", case.name);
            let blocked = entry.action == EntryAction::Blocked;
            assert_eq!(blocked, expected.blocked, "{}", case.name);
            assert_eq!(entry.threshold, Some(TopicPolicy::THRESHOLD));
            if let Some(at) = &expected.at {
                let span = entry.location.unwrap().span.range();
                assert_eq!(case.text[span].trim(), at, "{}", case.name);
            }
        }
    }
}

/// What must be said when nothing can judge: never "not detected".
#[test]
fn what_cannot_be_judged_is_not_evaluated() {
    let config = policy(vec![topic("Money", "invest")]);
    let none = detectors(None);
    let broken = detectors(Some(Arc::new(Broken(space()))));
    let (one, other) = (word_counts("one"), word_counts("other"));
    for (made_with, asked_of, reason) in [
        (&none, &none, "no_detector"),
        (&none, &one, "no_detector"),
        (&one, &none, "no_detector"),
        (&broken, &broken, "detector_failed"),
        (&one, &other, "detector_failed"),
    ] {
        let compiled = TopicPolicy::compile(&config, made_with).unwrap();
        let detected = detect(&compiled, Source::Input, "invest", asked_of);
        assert_eq!(detected.findings, []);
        let [(None, said)] = &detected.not_evaluated[..] else {
            panic!("not one reason for the whole policy");
        };
        assert_eq!(said.name(), reason);
    }
}

/// A sentence that the model cannot read is said to be unread, and what can be read is still found.
#[test]
fn a_sentence_in_another_script_is_not_evaluated() {
    let detectors = word_counts("one");
    let compiled =
        TopicPolicy::compile(&policy(vec![topic("Money", "invest")]), &detectors).unwrap();
    let text = "invest. Расскажи мне, куда вложить деньги";
    let detected = detect(&compiled, Source::Input, text, &detectors);
    let unread = [(None, NotEvaluatedReason::UnsupportedLanguage)];
    assert_eq!(detected.not_evaluated, unread);
    assert_eq!(detected.findings.len(), 1);
}

#[test]
fn the_definition_s_length_depends_on_the_tier_and_names_are_unique() {
    let none = detectors(None);
    let mut config = policy(vec![topic("A", &"x".repeat(201)), topic("A", "y")]);
    let errors = TopicPolicy::compile(&config, &none).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "Value at 'topicPolicyConfig.topicsConfig.1.member.definition' failed to satisfy \
         constraint: Member must have length less than or equal to 200"
    );
    assert_eq!(
        errors[1].path().unwrap(),
        "topicPolicyConfig.topicsConfig.2.member.name"
    );
    config.tier = TierName::Standard;
    config.topics.pop();
    assert!(TopicPolicy::compile(&config, &none).is_ok());
}

#[test]
fn a_background_text_of_the_topic_itself_does_not_count_against_it() {
    let invest = vec![1.0, 0.0];
    let own = TopicSpace::new(2, vec![1.0, 0.0, 0.0, 1.0], CALIBRATION).unwrap();
    let without = TopicSpace::new(2, vec![0.0, 1.0], CALIBRATION).unwrap();
    let score = |space: &TopicSpace| {
        let prototype = space.prototype(invest.clone(), vec![invest.clone()]);
        space.score(
            &prototype,
            &invest,
            &space.surroundings(&invest),
            space.asked(1),
        )
    };
    assert_eq!(score(&own).to_bits(), score(&without).to_bits());
    assert!(score(&own) > 0.99);
}

#[test]
fn the_score_is_one_half_at_the_calibrated_margin() {
    let calibration = Calibration {
        margin: 0.5,
        neighbours: 1,
        definition_weight: 0.0,
        ..CALIBRATION
    };
    let space = TopicSpace::new(2, vec![0.0, 1.0], calibration).unwrap();
    let prototype = space.prototype(vec![1.0, 0.0], vec![vec![1.0, 0.0]]);
    // Likeness 0.8 to the topic and 0.3 to the background.
    let window = [0.8, 0.3];
    let score = |space: &TopicSpace, windows| {
        let surroundings = space.surroundings(&window);
        space.score(&prototype, &window, &surroundings, space.asked(windows))
    };
    assert!((score(&space, 1) - 0.5).abs() < 1e-6);
    assert!((score(&space, 8) - 0.5).abs() < 1e-6);
    // More windows ask for more, and so does a background floor above 0.3.
    let doubling = Calibration {
        margin_per_doubling: 0.1,
        ..calibration
    };
    let doubling = TopicSpace::new(2, vec![0.0, 1.0], doubling).unwrap();
    assert!(score(&doubling, 8) < 0.1);
    let floor = Calibration {
        background_floor: 0.6,
        ..calibration
    };
    let floor = TopicSpace::new(2, vec![0.0, 1.0], floor).unwrap();
    assert!(score(&floor, 1) < 0.1);
}

#[test]
fn a_space_without_whole_vectors_is_refused() {
    assert!(TopicSpace::new(2, vec![1.0; 3], CALIBRATION).is_none());
    assert!(TopicSpace::new(2, Vec::new(), CALIBRATION).is_none());
    assert!(TopicSpace::new(0, vec![1.0], CALIBRATION).is_none());
}

#[test]
fn sentences_are_cut_where_a_reader_pauses() {
    let cut = |text: &'static str| -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|range| text[range].trim())
            .collect()
    };
    assert_eq!(cut("Only one sentence stands in this text"), [""; 0]);
    assert_eq!(
        cut("Version 3.5 costs 4.20 euros in total. Is that dear for what it is?"),
        [
            "Version 3.5 costs 4.20 euros in total.",
            "Is that dear for what it is?"
        ]
    );
    assert_eq!(
        cut("Hello. Thanks! How should I invest? Bye."),
        ["Hello. Thanks! How should I invest?", "Bye."]
    );
    assert_eq!(cut("我应该如何为退休进行投资呢？今天天气怎么样").len(), 2);
}
