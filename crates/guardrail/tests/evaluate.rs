//! Whole verdicts as data: each file in `cases/` is a list of calls and what must come of them.
//!
//! `UPDATE_CASES=1 cargo test -p pretil-guardrail --test evaluate` writes what comes now into the
//! files, for review with `git diff`. Scores are left out: they belong to the detectors.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use pretil_guardrail::{
    Block, Config, Content, Detectors, EvaluateOptions, Guardrail, OutputScope, Qualifiers, Source,
    Text, Verdict,
    detect::{
        Bands, Clock, DetectError, EmbeddedWindow, Embedder, SafetyClassifier, SafetyLabel,
        SafetyScores, ScoredWindow,
    },
    policy::topic::{Calibration, TopicSpace},
    verdict::{EntryAction, Location},
};
use pretil_text::language::Language;
use serde_json::{Value, json};
use std::{fs, path::PathBuf, sync::Arc, time::Duration};

/// Texts that speak of investing lie in one direction, all others in the other.
struct Investing {
    fails: bool,
    space: TopicSpace,
}

impl Investing {
    fn new(fails: bool) -> Self {
        let calibration = Calibration {
            definition_weight: 0.3,
            nearest_weight: 0.3,
            neighbours: 1,
            own_limit: 0.9,
            background_floor: 0.0,
            margin: 0.0,
            margin_per_doubling: 0.0,
            slope: 10.0,
        };
        let space = TopicSpace::new(2, vec![0.0, 1.0], calibration).unwrap();
        Self { fails, space }
    }
}

impl Embedder for Investing {
    fn identity(&self) -> &'static str {
        "investing"
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
        let about = text.to_lowercase().contains("invest");
        Ok(if about {
            vec![1.0, 0.0]
        } else {
            vec![0.0, 1.0]
        })
    }

    fn embed_windows(&self, text: &str, _: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
        if self.fails {
            return Err(DetectError::Failed("out of order".to_owned()));
        }
        let vector = self.embed(text)?;
        let range = 0..text.len();
        Ok(vec![EmbeddedWindow { range, vector }])
    }

    fn topic_space(&self) -> Option<&TopicSpace> {
        Some(&self.space)
    }
}

/// Sure that texts that speak of bombs are violent, and not quite that those that say "ignore" attack.
struct Wary {
    languages: Vec<Language>,
}

impl SafetyClassifier for Wary {
    fn identity(&self) -> &'static str {
        "wary"
    }

    fn languages(&self) -> &[Language] {
        &self.languages
    }

    fn bands(&self, _: SafetyLabel, _: Source) -> Bands {
        Bands::new(0.25, 0.5, 0.75).unwrap()
    }

    fn classify(&self, text: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        let lower = text.to_lowercase();
        let scores = SafetyScores::of(|label| match label {
            SafetyLabel::Violence if lower.contains("bomb") => 0.9,
            SafetyLabel::PromptAttack if lower.contains("ignore") => 0.6,
            _ => 0.125,
        });
        let range = 0..text.len();
        Ok(vec![ScoredWindow { range, scores }])
    }
}

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn outcome() {
    check("outcome");
}

#[test]
fn precedence() {
    check("precedence");
}

#[test]
fn directions() {
    check("directions");
}

#[test]
fn qualifiers() {
    check("qualifiers");
}

#[test]
fn units() {
    check("units");
}

#[test]
fn content() {
    check("content");
}

#[test]
fn not_evaluated() {
    check("not_evaluated");
}

/// What is said of configurations that are refused; `null` for those that are not.
#[test]
fn validation() {
    check_with("validation", |case| {
        match Guardrail::compile(config(&case["guardrail"]), &detectors(None)) {
            Ok(_) => Value::Null,
            Err(error) => json!(error.to_string()),
        }
    });
}

/// Runs every case of `cases/{name}.json`.
fn check(name: &str) {
    check_with(name, run);
}

fn check_with(name: &str, run: impl Fn(&Value) -> Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/{name}.json"));
    let mut cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in &mut cases {
        let came = run(&*case);
        if case["expect"] != came {
            wrong.push(format!("{}: {came:#}", case["name"]));
            case["expect"] = came;
        }
    }
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&path, serde_json::to_string_pretty(&cases).unwrap() + "\n").unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn run(case: &Value) -> Value {
    let embedder: Option<Arc<dyn Embedder>> = match case["embedder"].as_str() {
        Some("none") => None,
        embedder => Some(Arc::new(Investing::new(embedder == Some("fails")))),
    };
    let mut detectors = detectors(embedder);
    if case["classifier"] == true {
        let languages = Language::from_code("en").into_iter().collect();
        detectors.safety = Some(Arc::new(Wary { languages }));
    }
    let guardrail = Guardrail::compile(config(&case["guardrail"]), &detectors).unwrap();
    let content = Content {
        source: match case["source"].as_str() {
            Some("INPUT") => Source::Input,
            Some("OUTPUT") => Source::Output,
            other => panic!("no source {other:?}"),
        },
        blocks: case["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(block)
            .collect(),
    };
    let options = EvaluateOptions {
        strict_aws: case["strict_aws"] == true,
        explain: case["explain"] == true,
    };
    match guardrail.evaluate_with(&content, &detectors, options) {
        Ok(verdict) => rendered(&verdict),
        Err(error) => json!({ "error": error.to_string() }),
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

fn config(given: &Value) -> Config {
    let mut whole = json!({
        "name": "cases",
        "blocked_input_messaging": "BLOCKED_INPUT",
        "blocked_outputs_messaging": "BLOCKED_OUTPUT",
    });
    let given = given.as_object().unwrap().clone();
    whole.as_object_mut().unwrap().extend(given);
    serde_json::from_value(whole).unwrap()
}

/// A text alone, or an object: `image`, or `text` or `repeat` (a text and how often) with `qualifiers`.
fn block(given: &Value) -> Block {
    if given["image"] == true {
        return Block::Image;
    }
    let text = match (given.as_str(), given["text"].as_str()) {
        (Some(text), _) | (None, Some(text)) => text.to_owned(),
        (None, None) => {
            let times = given["repeat"][1].as_u64().unwrap();
            given["repeat"][0].as_str().unwrap().repeat(times as usize)
        }
    };
    let is = |name: &str| {
        given["qualifiers"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(name)))
    };
    Block::Text {
        text: Text::new(text),
        qualifiers: Qualifiers {
            grounding_source: is("grounding_source"),
            query: is("query"),
            guard_content: is("guard_content"),
        },
    }
}

fn rendered(verdict: &Verdict) -> Value {
    let usage = verdict.usage;
    let counts = [
        ("topic", usage.topic),
        ("content", usage.content),
        ("content_image", usage.content_image),
        ("word", usage.word),
        ("sensitive", usage.sensitive),
        ("sensitive_free", usage.sensitive_free),
        ("grounding", usage.grounding),
    ];
    let usage: serde_json::Map<_, _> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| (name.to_owned(), json!(count)))
        .collect();
    let coverage = verdict.coverage;
    let skipped = verdict.not_evaluated.iter().map(|skipped| {
        let part = skipped
            .part
            .as_deref()
            .map_or(String::new(), |part| format!(" {part}"));
        let then = if skipped.blocked { "blocked" } else { "passed" };
        format!(
            "{}{part}: {}, {then}",
            skipped.policy.name(),
            skipped.reason.name()
        )
    });
    let full = entries(verdict);
    let interventions = entries(&verdict.clone().in_scope(OutputScope::Interventions));
    assert!(interventions.iter().all(|entry| full.contains(entry)));
    let passed: Vec<_> = full
        .iter()
        .filter(|entry| !interventions.contains(entry))
        .collect();
    json!({
        "outcome": format!("{:?}", verdict.outcome),
        "outputs": verdict.outputs,
        "detected": interventions,
        "passed": passed,
        "not_evaluated": skipped.collect::<Vec<_>>(),
        "usage": usage,
        "characters": [coverage.guarded_characters, coverage.total_characters],
        "images": [coverage.guarded_images, coverage.total_images],
    })
}

/// `kind name "match" ACTION places`, in the order of the assessment.
fn entries(verdict: &Verdict) -> Vec<String> {
    let assessment = &verdict.assessment;
    let mut lines = Vec::new();
    for entry in &assessment.topics {
        lines.push(format!("topic {} {}", entry.name, action(entry.action)));
    }
    for entry in &assessment.filters {
        lines.push(format!(
            "{} {:?} at {:?} {} {}",
            entry.filter.as_str(),
            entry.confidence,
            entry.strength,
            action(entry.action),
            places(entry.location.as_slice())
        ));
    }
    for entry in &assessment.words {
        let kind = if entry.managed {
            "managed word"
        } else {
            "word"
        };
        let places = places(&entry.locations);
        lines.push(format!(
            "{kind} {:?} {} {places}",
            entry.matched,
            action(entry.action)
        ));
    }
    for entry in &assessment.entities {
        let places = places(&entry.locations);
        let line = format!(
            "{} {:?} {} {places}",
            entry.entity.as_str(),
            entry.matched,
            action(entry.action)
        );
        lines.push(line.trim_end().to_owned());
    }
    for entry in &assessment.regexes {
        let places = places(&entry.locations);
        lines.push(format!(
            "regex {} {:?} {} {places}",
            entry.name,
            entry.matched,
            action(entry.action)
        ));
    }
    for entry in &assessment.grounding {
        lines.push(format!(
            "{} {}",
            entry.filter.as_str(),
            action(entry.action)
        ));
    }
    lines
}

fn action(action: EntryAction) -> &'static str {
    match action {
        EntryAction::None => "NONE",
        EntryAction::Blocked => "BLOCKED",
        EntryAction::Anonymized => "ANONYMIZED",
    }
}

fn places(locations: &[Location]) -> String {
    let places = locations.iter().map(|place| {
        format!(
            "{}:{}-{}",
            place.block,
            place.span.start(),
            place.span.end()
        )
    });
    places.collect::<Vec<_>>().join(" ")
}

/// What is sent and found must not reach a log by way of `Debug`.
#[test]
fn content_does_not_show_in_debug() {
    let detectors = detectors(None);
    let given = json!({
        "word": { "words": [{ "text": "whale", "directions": { "input_action": "NONE" } }] },
        "sensitive": {
            "entities": [{ "entity": "EMAIL", "action": "ANONYMIZE" }],
            "regexes": [{ "name": "ticket", "pattern": "T-[0-9]+", "action": "ANONYMIZE" }],
        },
    });
    let guardrail = Guardrail::compile(config(&given), &detectors).unwrap();
    let content = Content::text(Source::Input, "secret WHALE a@example.com T-1234");
    let verdict = guardrail.evaluate(&content, &detectors).unwrap();
    assert_eq!(entries(&verdict).len(), 3);
    let shown = format!("{content:?} {verdict:?}");
    for hidden in ["secret", "WHALE", "example.com", "1234"] {
        assert!(!shown.contains(hidden), "{hidden} shows");
    }
}
