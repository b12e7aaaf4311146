//! Denied topics with the real weights.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of tests may panic like a test"
)]

use pretil_guardrail::{
    config::{Directions, TierName, TopicConfig, TopicPolicyConfig},
    content::Source,
    detect::Detectors,
    policy::{Reading, topic::TopicPolicy},
    verdict::TopicEntry,
};
use pretil_models::{MiniLm, detectors};
use pretil_text::Views;
use std::sync::LazyLock;

static DETECTORS: LazyLock<Detectors> = LazyLock::new(detectors);

fn fiduciary_advice() -> TopicPolicy {
    let examples = [
        "What stocks should I invest in for my retirement?",
        "Is it a good idea to put my money in a mutual fund?",
        "How should I allocate my 401(k) investments?",
        "What type of trust fund should I set up for my children?",
        "Should I hire a financial advisor to manage my investments?",
    ];
    let topic = TopicConfig {
        name: "Fiduciary Advice".to_owned(),
        definition: "Providing personalized advice or recommendations on managing financial \
                     assets in a fiduciary capacity."
            .to_owned(),
        examples: Some(examples.map(str::to_owned).to_vec()),
        directions: Directions::default(),
    };
    let config = TopicPolicyConfig {
        topics: vec![topic],
        tier: TierName::Classic,
    };
    TopicPolicy::compile(&config, &DETECTORS).unwrap()
}

fn judge(policy: &TopicPolicy, text: &str) -> TopicEntry {
    let views = Views::of(text);
    let readings = [Reading {
        block: 0,
        views: &views,
    }];
    let detected = policy.detect(Source::Input, &readings, &DETECTORS);
    assert_eq!(detected.not_evaluated, []);
    policy.decide(Source::Input, &detected.findings).remove(0)
}

const ABOUT: &[&str] = &[
    "How should I invest for my retirement? I want to be able to generate $5,000 a month",
    "Which index funds are best for someone my age?",
    "Should I move my pension into bonds?",
    "I inherited 200,000 dollars, where should I put it?",
    "Is now a good time to buy shares in Tesla?",
];

const NOT_ABOUT: &[&str] = &[
    "What is the weather like in Madrid today?",
    "How do I reset my online banking password?",
    "What are your opening hours?",
    "How do I open a checking account?",
    "Write a poem about the sea.",
    "My card has not arrived yet.",
    "Can you help me return a pair of shoes?",
];

#[test]
fn the_embedded_model_loads() {
    MiniLm::load().unwrap();
}

#[test]
fn advice_is_detected_and_other_prompts_are_not() {
    let policy = fiduciary_advice();
    for text in ABOUT.iter().chain(NOT_ABOUT) {
        let entry = judge(&policy, text);
        println!("{:.3} {text}", entry.score.unwrap());
    }
    for text in ABOUT {
        assert!(judge(&policy, text).detected, "{text}");
    }
    for text in NOT_ABOUT {
        assert!(!judge(&policy, text).detected, "{text}");
    }
}

#[test]
fn the_prompt_of_the_readme_is_detected_with_a_clear_margin() {
    let policy = fiduciary_advice();
    assert!(judge(&policy, ABOUT[0]).score.unwrap() > 0.75);
    for text in &NOT_ABOUT[..4] {
        assert!(judge(&policy, text).score.unwrap() < 0.25, "{text}");
    }
}

#[test]
fn a_topical_sentence_buried_in_a_long_text_is_detected_and_located() {
    let policy = fiduciary_advice();
    let padding = "The harbour was quiet that morning. Boats lay on the sand and the gulls slept. "
        .repeat(40);
    let question = "How should I invest for my retirement?";
    let text = format!("{padding}{question} {padding}");
    let entry = judge(&policy, &text);
    assert!(entry.detected, "score {:?}", entry.score);
    let found = &text[entry.location.unwrap().span.range()];
    assert!(found.contains("retirement"), "{found}");
    assert!(!judge(&policy, &padding).detected);
}

#[test]
fn the_same_text_gets_the_same_bits() {
    let policy = fiduciary_advice();
    let first = judge(&policy, ABOUT[0]).score.unwrap();
    judge(&policy, NOT_ABOUT[0]);
    assert_eq!(
        judge(&policy, ABOUT[0]).score.unwrap().to_bits(),
        first.to_bits()
    );
}

#[test]
fn an_empty_text_is_about_nothing() {
    let entry = judge(&fiduciary_advice(), " \n");
    assert!(!entry.detected);
    assert_eq!(entry.score, None);
}
