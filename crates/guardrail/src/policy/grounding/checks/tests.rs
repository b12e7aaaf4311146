//! Claims, what they are held against, and which checks fail: as data, both ways.

use super::*;
use crate::policy::grounding::{Part, evidence::Search};
use serde::Deserialize;

#[derive(Deserialize)]
struct Group {
    source: String,
    #[serde(default)]
    query: String,
    /// Claims of which no check fails.
    #[serde(default)]
    holds: Vec<String>,
    /// Claims with what fails: `number $15`.
    #[serde(default)]
    fails: Vec<(String, Vec<String>)>,
}

fn failing(group: &Group, claim: &str) -> Vec<String> {
    let tokens = |text: &str| text.split_whitespace().count();
    let parts = [Part {
        block: 0,
        text: &group.source,
    }];
    let source = Source::new(&parts, 60, &tokens);
    let words = word_forms(claim);
    let facts = Facts::new(&source, &group.query);
    let search = Search::new(&source, &words, &word_forms(&group.query));
    let evidence = search.choose(&source, &[], 60).unwrap();
    let failed = check(&Held {
        claim,
        words: &words,
        source: &source,
        facts: &facts,
        evidence: &evidence.units,
        best: evidence.best,
    });
    let shown = failed
        .iter()
        .map(|it| format!("{} {}", it.kind.name(), &claim[it.stretch.clone()]));
    shown.collect()
}

fn run(cases: &str) {
    let groups: Vec<Group> = serde_json::from_str(cases).unwrap();
    let mut wrong = Vec::new();
    for group in &groups {
        let holds = group.holds.iter().map(|claim| (claim, Vec::new()));
        let fails = group
            .fails
            .iter()
            .map(|(claim, failed)| (claim, failed.clone()));
        for (claim, expected) in holds.chain(fails) {
            let found = failing(group, claim);
            if found != expected {
                wrong.push(format!("{claim}: {found:?} and not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers() {
    run(include_str!("cases/numbers.json"));
}

#[test]
fn dates() {
    run(include_str!("cases/dates.json"));
}

#[test]
fn names() {
    run(include_str!("cases/names.json"));
}

#[test]
fn negations() {
    run(include_str!("cases/negations.json"));
}

#[test]
fn quantifiers() {
    run(include_str!("cases/quantifiers.json"));
}

proptest::proptest! {
    #[test]
    fn a_copied_claim_fails_nothing(text in "[A-Za-z0-9 $%€.,:'-]{1,80}") {
        let group = Group {
            source: text.clone(),
            query: String::new(),
            holds: Vec::new(),
            fails: Vec::new(),
        };
        if text.contains(char::is_alphanumeric) {
            proptest::prop_assert_eq!(failing(&group, &text), Vec::<String>::new());
        }
    }
}
