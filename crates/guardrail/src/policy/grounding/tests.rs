//! Whole answers against a judge that counts words. `cases.json` holds source, query, answer and what must
//! follow; `models` tests the real judge.

use super::*;
use crate::{
    content::{Block, Content, Qualifiers, Source, Text},
    detect::{
        Clock, DetectError, Detectors, EmbeddedWindow, Embedder, FailedChecks, GroundingJudge,
        Support,
    },
    evaluate::EvaluateOptions,
    guardrail::Guardrail,
    verdict::{GroundingEntry, JudgedClaim, Location, Outcome, Verdict},
};
use pretil_text::{language::Language, word_forms};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Supports a claim by the share of its words that the evidence or the query hold, and finds an answer
/// relevant by the share of the query's words that it holds. A failed check takes all confidence.
struct CountsWords {
    languages: Vec<Language>,
    window: usize,
    asked: AtomicUsize,
}

impl CountsWords {
    fn new(window: usize) -> Self {
        let languages = ["en", "es", "fr"].into_iter();
        Self {
            languages: languages.filter_map(Language::from_code).collect(),
            window,
            asked: AtomicUsize::new(0),
        }
    }
}

fn share(of: &str, held: &[&str]) -> f32 {
    let held: Vec<_> = held.iter().flat_map(|text| word_forms(text)).collect();
    let words = word_forms(of);
    let found = words
        .iter()
        .filter(|word| held.iter().any(|it| word.is_same(it) || word.is_alike(it)));
    found.count() as f32 / words.len().max(1) as f32
}

impl GroundingJudge for CountsWords {
    fn identity(&self) -> &'static str {
        "counts-words"
    }

    fn languages(&self) -> &[Language] {
        &self.languages
    }

    fn tokens(&self, text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn evidence_tokens(&self) -> usize {
        self.window
    }

    fn claim_tokens(&self) -> usize {
        20
    }

    fn support(&self, evidence: &str, query: &str, claim: &str) -> Result<Support, DetectError> {
        assert!(self.tokens(evidence) <= self.window, "{evidence}");
        assert!(self.tokens(claim) <= self.claim_tokens(), "{claim}");
        self.asked.fetch_add(1, Ordering::Relaxed);
        let held = word_forms(evidence);
        let words = word_forms(claim);
        let strange = words.iter().find(|word| {
            word.form.len() > 3 && !held.iter().any(|it| word.is_same(it) || word.is_alike(it))
        });
        Ok(Support {
            logit: share(claim, &[evidence, query]),
            unsupported: strange.map(|word| word.range.clone()),
        })
    }

    fn grounded(&self, support: &Support, checks: FailedChecks) -> f32 {
        let failed = checks.numbers + checks.names + checks.negations + checks.quantifiers;
        if failed > 0 { 0.0 } else { support.logit }
    }

    fn relevance(&self, query: &str, answer: &str) -> Result<f32, DetectError> {
        Ok(share(query, &[answer]))
    }
}

/// Like in meaning is what has letters in common.
struct CountsLetters;

impl Embedder for CountsLetters {
    fn identity(&self) -> &'static str {
        "counts-letters"
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
        let mut counts = vec![0.0_f32; 26];
        for letter in text.bytes().filter(u8::is_ascii_alphabetic) {
            counts[usize::from(letter.to_ascii_lowercase() - b'a')] += 1.0;
        }
        let length = counts.iter().map(|it| it * it).sum::<f32>().sqrt().max(1.0);
        Ok(counts.into_iter().map(|it| it / length).collect())
    }

    fn embed_windows(&self, text: &str, _: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
        Ok(vec![EmbeddedWindow {
            range: 0..text.len(),
            vector: self.embed(text)?,
        }])
    }
}

/// Fails on everything.
struct Broken;

impl GroundingJudge for Broken {
    fn identity(&self) -> &'static str {
        "broken"
    }

    fn languages(&self) -> &[Language] {
        &[]
    }

    fn tokens(&self, text: &str) -> usize {
        text.len()
    }

    fn evidence_tokens(&self) -> usize {
        100
    }

    fn claim_tokens(&self) -> usize {
        100
    }

    fn support(&self, _: &str, _: &str, _: &str) -> Result<Support, DetectError> {
        Err(DetectError::Overloaded)
    }

    fn grounded(&self, _: &Support, _: FailedChecks) -> f32 {
        1.0
    }

    fn relevance(&self, _: &str, _: &str) -> Result<f32, DetectError> {
        Err(DetectError::Overloaded)
    }
}

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

fn detectors(judge: Option<Arc<dyn GroundingJudge>>) -> Detectors {
    Detectors {
        embedder: Some(Arc::new(CountsLetters)),
        safety: None,
        clock: Arc::new(NoTime),
        tagger: None,
        grounding: judge,
    }
}

fn guardrail(filters: &Value) -> Guardrail {
    let config = json!({
        "name": "cases",
        "blocked_input_messaging": "BLOCKED_INPUT",
        "blocked_outputs_messaging": "BLOCKED_OUTPUT",
        "grounding": { "filters": filters },
    });
    let config = serde_json::from_value(config).unwrap();
    Guardrail::compile(config, &detectors(None)).unwrap()
}

fn both() -> Value {
    json!([
        { "filter": "GROUNDING", "threshold": 0.7 },
        { "filter": "RELEVANCE", "threshold": 0.5 },
    ])
}

fn content(sources: &[&str], query: &str, answers: &[&str]) -> Content {
    let block = |text: &str, qualifiers: Qualifiers| Block::Text {
        text: Text::new(text),
        qualifiers,
    };
    let source = Qualifiers {
        grounding_source: true,
        ..Qualifiers::default()
    };
    let asked = Qualifiers {
        query: true,
        ..Qualifiers::default()
    };
    let mut blocks: Vec<_> = sources.iter().map(|text| block(text, source)).collect();
    blocks.push(block(query, asked));
    blocks.extend(
        answers
            .iter()
            .map(|text| block(text, Qualifiers::default())),
    );
    Content {
        source: Source::Output,
        blocks,
    }
}

fn judge(filters: &Value, content: &Content, detectors: &Detectors) -> Verdict {
    let guardrail = guardrail(filters);
    guardrail
        .evaluate_with(content, detectors, EvaluateOptions::default())
        .unwrap()
}

fn entry(verdict: &Verdict, filter: GroundingFilterType) -> &GroundingEntry {
    let mut entries = verdict.assessment.grounding.iter();
    entries.find(|entry| entry.filter == filter).unwrap()
}

fn shown<'c>(content: &'c Content, location: &Location) -> &'c str {
    match &content.blocks[location.block] {
        Block::Text { text, .. } => &text.as_str()[location.span.range()],
        Block::Image => panic!("an image was judged"),
    }
}

#[derive(Deserialize)]
struct Case {
    name: String,
    source: Vec<String>,
    query: String,
    answer: Vec<String>,
    /// Claims with whether they are grounded, and what failed: `number $15`.
    claims: Vec<(String, bool, Vec<String>)>,
    grounded: bool,
    relevant: bool,
}

#[test]
fn answers_are_judged_claim_by_claim() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in cases {
        for window in [25, 1_000] {
            let detectors = detectors(Some(Arc::new(CountsWords::new(window))));
            let strs = |texts: &'_ [String]| texts.to_vec();
            let (source, answer) = (strs(&case.source), strs(&case.answer));
            let source: Vec<&str> = source.iter().map(String::as_str).collect();
            let answer: Vec<&str> = answer.iter().map(String::as_str).collect();
            let content = content(&source, &case.query, &answer);
            let verdict = judge(&both(), &content, &detectors);
            let grounding = entry(&verdict, GroundingFilterType::Grounding);
            let relevance = entry(&verdict, GroundingFilterType::Relevance);
            let claims: Vec<_> = grounding
                .claims
                .iter()
                .map(|claim| {
                    let failed = claim
                        .failed
                        .iter()
                        .map(|it| format!("{} {}", it.kind.name(), shown(&content, &it.location)));
                    let text = shown(&content, &claim.location).to_owned();
                    (text, claim.score >= 0.7, failed.collect::<Vec<_>>())
                })
                .collect();
            assert_eq!(claims, case.claims, "{} in {window}", case.name);
            assert_eq!(!grounding.detected, case.grounded, "{}", case.name);
            assert_eq!(!relevance.detected, case.relevant, "{}", case.name);
            let blocked = !(case.grounded && case.relevant);
            assert_eq!(
                verdict.outcome == Outcome::Blocked,
                blocked,
                "{}",
                case.name
            );
        }
    }
}

#[test]
fn what_is_not_enabled_is_not_judged() {
    let counts = Arc::new(CountsWords::new(100));
    let detectors = detectors(Some(counts.clone()));
    let filters = json!([
        { "filter": "GROUNDING", "threshold": 0.7, "enabled": false },
        { "filter": "RELEVANCE", "threshold": 0.5, "action": "NONE" },
    ]);
    let content = content(&["The fee is $10."], "What is the fee?", &["Nobody knows."]);
    let verdict = judge(&filters, &content, &detectors);
    assert_eq!(verdict.outcome, Outcome::None);
    assert_eq!(verdict.assessment.grounding.len(), 1);
    assert!(entry(&verdict, GroundingFilterType::Relevance).detected);
    assert_eq!(counts.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn what_cannot_be_judged_blocks() {
    let content = content(
        &["The fee is $10."],
        "What is the fee?",
        &["The fee is $10."],
    );
    for judged_by in [None, Some(Arc::new(Broken) as Arc<dyn GroundingJudge>)] {
        let verdict = judge(&both(), &content, &detectors(judged_by));
        assert_eq!(verdict.outcome, Outcome::Blocked);
        assert!(verdict.assessment.grounding.is_empty());
        assert_eq!(verdict.not_evaluated.len(), 1);
    }
}

#[test]
fn text_in_another_language_is_judged_and_not_evaluated() {
    let german = "Die monatliche Gebühr für die Führung eines Girokontos beträgt zehn Euro, und sie \
        wird am letzten Werktag des Monats abgebucht.";
    let english = "The monthly fee for maintaining a checking account is $10.";
    for (source, query, answer) in [
        (german, "What is the fee?", english),
        (english, "What is the fee?", german),
        (english, german, english),
    ] {
        let detectors = detectors(Some(Arc::new(CountsWords::new(100))));
        let verdict = judge(&both(), &content(&[source], query, &[answer]), &detectors);
        assert_eq!(verdict.assessment.grounding.len(), 2);
        let reasons: Vec<_> = verdict
            .not_evaluated
            .iter()
            .map(|it| it.reason.name())
            .collect();
        assert_eq!(reasons, ["unsupported_language"]);
    }
}

#[test]
fn the_best_sentence_and_what_does_not_match_are_shown() {
    let detectors = detectors(Some(Arc::new(CountsWords::new(100))));
    let content = content(
        &[
            "Opening is free.",
            "The monthly fee is $10. Transfers cost 1%.",
        ],
        "What is the monthly fee?",
        &["Sure! The monthly fee is $15."],
    );
    let verdict = judge(&both(), &content, &detectors);
    let claims: &[JudgedClaim] = &entry(&verdict, GroundingFilterType::Grounding).claims;
    let [claim] = claims else {
        panic!("one claim is made");
    };
    assert_eq!(shown(&content, &claim.location), "The monthly fee is $15.");
    let support = claim.support.as_ref().unwrap();
    assert_eq!(shown(&content, support), "The monthly fee is $10.");
    let matched: Vec<_> = claim.matched.iter().collect();
    assert_eq!(shown(&content, &matched[0].claim), "The monthly fee is");
    assert_eq!(shown(&content, &matched[0].source), "The monthly fee is");
    assert_eq!(shown(&content, &claim.failed[0].location), "$15");
    assert_eq!(
        shown(&content, claim.failed[0].instead.as_ref().unwrap()),
        "$10"
    );
}

#[test]
fn a_fact_is_found_in_a_long_source() {
    let mut source = String::new();
    for number in 0..1_500 {
        let chapter = format!("Chapter {number} speaks of many other things at length. ");
        source.push_str(&chapter);
        if number == 900 {
            source.push_str("The monthly fee for the silver account is $10. ");
        }
    }
    let detectors = detectors(Some(Arc::new(CountsWords::new(60))));
    let answers = |answer| {
        let content = content(&[&source], "What is the monthly fee?", &[answer]);
        let verdict = judge(&both(), &content, &detectors);
        entry(&verdict, GroundingFilterType::Grounding).score
    };
    assert!(answers("The monthly fee for the silver account is $10.") > 0.99);
    assert!(answers("The monthly fee for the silver account is $2500.") < 0.01);
}

#[test]
fn thresholds_and_types_are_checked() {
    for (filters, wrong) in [
        (json!([{ "filter": "GROUNDING", "threshold": 1.0 }]), true),
        (json!([{ "filter": "GROUNDING", "threshold": -0.1 }]), true),
        (json!([{ "filter": "GROUNDING", "threshold": 0.99 }]), false),
        (
            json!([
                { "filter": "GROUNDING", "threshold": 0.5 },
                { "filter": "GROUNDING", "threshold": 0.6 },
            ]),
            true,
        ),
    ] {
        let config: GroundingPolicyConfig =
            serde_json::from_value(json!({ "filters": filters })).unwrap();
        assert_eq!(GroundingPolicy::compile(&config).is_err(), wrong);
    }
}
