//! The cases of `cases.json`, the bounds, and a sample of benign texts.

use super::*;
use crate::{
    config::{ManagedWordsConfig, WordConfig},
    content::Source,
    detect::{Clock, Detectors},
    policy::Reading,
    verdict::{EntryAction, WordEntry},
};
use pretil_text::mutate::Technique;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

fn word(text: &str) -> WordConfig {
    WordConfig {
        text: text.to_owned(),
        directions: Directions::default(),
    }
}

fn policy(words: &[&str], managed: bool) -> WordPolicy {
    let profanity = ManagedWordsConfig {
        list: ManagedWordList::Profanity,
        directions: Directions::default(),
    };
    let config = WordPolicyConfig {
        words: Some(words.iter().map(|text| word(text)).collect()),
        managed_lists: managed.then(|| vec![profanity]),
    };
    WordPolicy::compile(&config).unwrap()
}

fn judged(policy: &WordPolicy, text: &str) -> Vec<WordEntry> {
    let detectors = Detectors {
        embedder: None,
        safety: None,
        clock: Arc::new(NoTime),
        tagger: None,
        grounding: None,
    };
    let views = Views::of(text);
    let reading = Reading {
        block: 0,
        views: &views,
    };
    let detected = policy.detect(Source::Input, &[reading], &detectors);
    policy.decide(Source::Input, &detected.findings)
}

fn texts(value: &Value) -> Vec<&str> {
    let values = value.as_array().into_iter().flatten();
    values.filter_map(Value::as_str).collect()
}

#[test]
fn cases() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let policy = policy(&texts(&case["words"]), case["managed"] == true);
        let text = case["text"].as_str().unwrap();
        let mut places: Vec<_> = judged(&policy, text)
            .iter()
            .flat_map(|entry| entry.locations.clone())
            .map(|location| location.span)
            .collect();
        // By start, the longer first.
        places.sort_by_key(|span| (span.start(), std::cmp::Reverse(span.end())));
        let found: Vec<_> = places.into_iter().map(|span| &text[span.range()]).collect();
        if found != texts(&case["found"]) {
            wrong.push(format!("{}: {found:?}", case["rule"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every listed word is found by itself, so that no entry of a list is dead.
#[test]
fn every_managed_word_is_found() {
    let policy = policy(&[], true);
    for word in lists::profanity() {
        let entries = judged(&policy, &format!("so, {word}!"));
        let found = entries.iter().any(|entry| entry.matched == word);
        assert!(found, "{word} is not found");
    }
}

/// Of a random sample of benign texts in 20 languages, `lists/NOTICE.md` says from where, at most
/// one in a thousand holds a managed word.
#[test]
fn benign_texts_pass() {
    let policy = policy(&[], true);
    let sample = include_str!("benign.txt");
    let hits: Vec<_> = sample
        .lines()
        .filter(|line| !judged(&policy, line).is_empty())
        .collect();
    assert!(sample.lines().count() >= 2_000);
    assert!(hits.len() * 1_000 <= sample.lines().count(), "{hits:#?}");
}

/// Words that contain each other once made 24.5 million matches of 25 KB of one letter.
#[test]
fn overlapping_words_do_not_blow_up() {
    let words: Vec<String> = (1..=100).map(|length| "a".repeat(length)).collect();
    let phrases = ["a a", "a a a"].map(str::to_owned);
    let words: Vec<&str> = words.iter().chain(&phrases).map(String::as_str).collect();
    let policy = policy(&words, false);
    assert_eq!(judged(&policy, &"a".repeat(25_000)).len(), 0);

    let entries = judged(&policy, &"a ".repeat(12_500));
    let places: usize = entries.iter().map(|entry| entry.locations.len()).sum();
    assert_eq!(entries.len(), 3);
    assert_eq!(places, 10_000);
}

#[test]
fn ten_thousand_words() {
    let words: Vec<String> = (0..10_000)
        .map(|number| format!("word{number} of"))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let policy = policy(&words, false);
    let found = judged(&policy, "a word0 of, word9999 of, word10000 of");
    assert_eq!(found.len(), 2);
}

#[test]
fn a_rule_that_is_off_finds_nothing() {
    let off = Directions {
        input_enabled: Some(false),
        ..Directions::default()
    };
    let detect_only = Directions {
        input_action: Some(BlockAction::None),
        ..Directions::default()
    };
    let rule = |text: &str, directions| WordConfig {
        text: text.to_owned(),
        directions,
    };
    let config = WordPolicyConfig {
        words: Some(vec![
            rule("one", off),
            rule("two", detect_only),
            rule("TWO", off),
        ]),
        managed_lists: None,
    };
    let entries = judged(&WordPolicy::compile(&config).unwrap(), "one two");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].action, EntryAction::None);
}

#[test]
fn content_does_not_show_in_debug() {
    let policy = policy(&["whale"], false);
    let views = Views::of("a whale");
    let reading = Reading {
        block: 0,
        views: &views,
    };
    let detectors = Detectors {
        embedder: None,
        safety: None,
        clock: Arc::new(NoTime),
        tagger: None,
        grounding: None,
    };
    let detected = policy.detect(Source::Input, &[reading], &detectors);
    assert!(!format!("{detected:?}").contains("whale"));
}

/// The twelve character injections of Hackett et al. (arXiv 2504.11168), applied to whole texts,
/// must not hide a word. At most 1 in 100 may get by with each technique (measured: none).
#[test]
fn injections_do_not_hide_a_word() {
    const TEXTS: usize = 100;
    let policy = policy(&["Bluewhale", "trade secret"], false);
    let sample: Vec<_> = include_str!("benign.txt").lines().take(TEXTS).collect();
    let mut weak = Vec::new();
    for technique in Technique::INJECTIONS {
        let hidden = sample.iter().enumerate().filter(|(seed, line)| {
            let word = ["Bluewhale", "trade secret"][seed % 2];
            let (before, after) = line.split_once(' ').unwrap_or((line, ""));
            let text = technique.apply(&format!("{before} {word} {after}"), *seed as u64);
            judged(&policy, &text).is_empty()
        });
        let hidden = hidden.count();
        if hidden * 100 > TEXTS {
            weak.push(format!("{}: {hidden} of {TEXTS}", technique.name()));
        }
    }
    assert!(weak.is_empty(), "{weak:#?}");
}
