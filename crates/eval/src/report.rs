//! An evaluation for programs (JSON) and for people (a page with plots).

mod page;
mod plot;

pub use page::page;

use crate::{
    evaluation::Evaluation,
    figures::{Group, Measured},
};
use serde_json::{Map, Value, json};

/// One object of all figures: by label, then all rows, languages, sources.
pub fn json(evaluation: &Evaluation, data: &[String], guardrail: Option<&str>) -> Value {
    let mut labels = Map::new();
    for measured in &evaluation.measured {
        let label = labels
            .entry(measured.label.clone())
            .or_insert_with(|| json!({"all": null, "languages": {}, "sources": {}}));
        let figures = figures(measured);
        match &measured.group {
            Group::All => label["all"] = figures,
            Group::Language(name) => label["languages"][name] = figures,
            Group::Source(name) => label["sources"][name] = figures,
        }
    }
    json!({
        "task": evaluation.task.name(),
        "data": data,
        "guardrail": guardrail,
        "rows": evaluation.rows,
        "not_evaluated": evaluation.not_evaluated,
        "labels": labels,
    })
}

/// Counts as numbers, estimates as `{value, low, high}`.
fn figures(measured: &Measured) -> Value {
    let mut figures = Map::new();
    for (name, count) in &measured.counts {
        figures.insert((*name).to_owned(), json!(count));
    }
    for (name, estimate) in &measured.estimates {
        figures.insert((*name).to_owned(), json!(estimate));
    }
    Value::Object(figures)
}
