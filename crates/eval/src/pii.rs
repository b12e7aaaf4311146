//! Personal data: spans found against spans labelled, per type.
//!
//! *Exact* wants the label's very characters, *overlap* at least one in common. Only the types that
//! the rows label are measured: what a set does not label, its rows say nothing about.

use crate::{
    bootstrap,
    content::empty_config,
    evaluation::{Confusion, Evaluation, Setting, Task, raw},
    figures::{Group, Measured, groups},
    parallel,
    rows::{self, LabelledSpan, PiiRow, Take, text_id},
};
use anyhow::{Context, Result, ensure};
use pretil_guardrail::{
    Config, Content, Detectors, Guardrail, Source, Verdict,
    config::{Directions, PiiEntityConfig, PiiType, SensitiveAction, SensitivePolicyConfig},
    verdict::PolicyKind,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
};

/// Confusions of one kind that are listed per type.
const LISTED: usize = 200;

/// A span and its type. Bytes.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    entity: PiiType,
    range: Range<usize>,
    score: Option<f32>,
}

/// A row's labels and what was found in it.
struct Compared {
    labels: Vec<Found>,
    found: Vec<Found>,
    not_evaluated: Option<&'static str>,
}

/// A guardrail that looks for all types, and only detects.
fn bare_guardrail(detectors: &Detectors) -> Result<Guardrail> {
    let entity = |entity: &PiiType| PiiEntityConfig {
        entity: *entity,
        action: SensitiveAction::None,
        directions: Directions::default(),
    };
    let config = Config {
        sensitive: Some(SensitivePolicyConfig {
            entities: Some(PiiType::ALL.iter().map(entity).collect()),
            regexes: None,
        }),
        ..empty_config()
    };
    Ok(Guardrail::compile(config, detectors)?)
}

/// Evaluates `take` of each file.
pub(crate) fn evaluate(data: &[PathBuf], take: Take, setting: Setting<'_>) -> Result<Evaluation> {
    let rows: Vec<PiiRow> = rows::read_all(data, take)?;
    let finder = Finder::new(setting)?;
    let compared = parallel::map(&rows, setting.jobs, setting.progress, |row| {
        compare(row, &finder)
    });
    let compared: Vec<Compared> = compared.into_iter().collect::<Result<_>>()?;
    let types: BTreeSet<PiiType> = compared
        .iter()
        .flat_map(|row| row.labels.iter().map(|label| label.entity))
        .collect();
    ensure!(
        !types.is_empty(),
        "no row labels a type of personal data that is known here"
    );
    let mut not_evaluated = BTreeMap::new();
    for reason in compared.iter().filter_map(|row| row.not_evaluated) {
        *not_evaluated.entry(reason.to_owned()).or_default() += 1;
    }
    let mut measured = Vec::new();
    let of = rows
        .iter()
        .map(|row| (row.lang.as_deref(), row.source.as_deref()));
    for (group, members) in groups(of) {
        let members: Vec<&Compared> = members.iter().map(|&member| &compared[member]).collect();
        measured.push(measure("ALL", group.clone(), &members, &types));
        for entity in &types {
            let only = BTreeSet::from([*entity]);
            measured.push(measure(entity.as_str(), group.clone(), &members, &only));
        }
    }
    // Labels together, as elsewhere: all groups of one type one after the other.
    measured.sort_by_key(|it| (it.label != "ALL", it.label.clone()));
    Ok(Evaluation {
        task: Task::Pii,
        rows: rows.len(),
        not_evaluated,
        measured,
        observed: Vec::new(),
        scores: rows.iter().zip(&compared).map(score_line).collect(),
        confusions: confusions(&rows, &compared, &types),
    })
}

/// The types that `row` labels and that are known here.
pub(crate) fn labelled_types(row: &PiiRow) -> BTreeSet<&'static str> {
    let types = row
        .spans
        .iter()
        .filter_map(|span| PiiType::parse(&span.kind));
    types.map(PiiType::as_str).collect()
}

/// Finds personal data in text, with the guardrail or with the bare detectors.
pub(crate) struct Finder<'s> {
    setting: Setting<'s>,
    bare: Option<Guardrail>,
}

impl<'s> Finder<'s> {
    pub(crate) fn new(setting: Setting<'s>) -> Result<Self> {
        let bare = match setting.guardrail {
            Some(_) => None,
            None => Some(bare_guardrail(setting.detectors)?),
        };
        Ok(Self { setting, bare })
    }

    fn verdict(&self, text: &str) -> Result<Verdict> {
        let guardrail = self.setting.guardrail.or(self.bare.as_ref());
        let guardrail = guardrail.context("there is neither a guardrail nor a bare one")?;
        let content = Content::text(Source::Input, text);
        Ok(guardrail.evaluate(&content, self.setting.detectors)?)
    }

    /// The types found in `text`, and whether all of it was looked at.
    pub(crate) fn types_in(&self, text: &str) -> Result<(BTreeSet<&'static str>, bool)> {
        let verdict = self.verdict(text)?;
        let found = verdict
            .assessment
            .entities
            .iter()
            .filter(|entry| entry.detected);
        let found = found.map(|entry| entry.entity.as_str()).collect();
        Ok((found, skipped(&verdict).is_none()))
    }
}

/// Why some of the text was not looked at.
fn skipped(verdict: &Verdict) -> Option<&'static str> {
    let mut skipped = verdict.not_evaluated.iter();
    let skipped = skipped.find(|entry| entry.policy == PolicyKind::Sensitive);
    skipped.map(|entry| entry.reason.name())
}

fn compare(row: &PiiRow, finder: &Finder<'_>) -> Result<Compared> {
    let labels = row.spans.iter().filter_map(|span| {
        Some(Found {
            entity: PiiType::parse(&span.kind)?,
            range: bytes(&row.text, span),
            score: None,
        })
    });
    let verdict = finder.verdict(&row.text)?;
    let entries = verdict.assessment.entities.iter();
    let found = entries.flat_map(|entry| {
        entry.locations.iter().map(|location| Found {
            entity: entry.entity,
            range: location.span.range(),
            score: entry.score,
        })
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by_key(|it| (it.range.start, it.range.end, it.entity));
    Ok(Compared {
        labels: labels.collect(),
        found,
        not_evaluated: skipped(&verdict),
    })
}

/// Code-point offsets as byte offsets.
fn bytes(text: &str, label: &LabelledSpan) -> Range<usize> {
    let byte = |index: usize| {
        let mut characters = text.char_indices();
        characters.nth(index).map_or(text.len(), |(byte, _)| byte)
    };
    byte(label.start)..byte(label.end)
}

fn exact(one: &Found, other: &Found) -> bool {
    one.entity == other.entity && one.range == other.range
}

fn overlap(one: &Found, other: &Found) -> bool {
    one.entity == other.entity
        && one.range.start < other.range.end
        && other.range.start < one.range.end
}

/// How many of a row's spans have a match on the other side.
#[derive(Clone, Copy, Default)]
struct Hits {
    labels: f64,
    labels_found: f64,
    found: f64,
    found_right: f64,
}

impl Hits {
    fn of(row: &Compared, types: &BTreeSet<PiiType>, same: fn(&Found, &Found) -> bool) -> Self {
        let count = |spans: &[Found], wanted: &dyn Fn(&Found) -> bool| {
            let of_types = spans.iter().filter(|it| types.contains(&it.entity));
            of_types.filter(|it| wanted(it)).count() as f64
        };
        let met = |span: &Found, others: &[Found]| others.iter().any(|other| same(span, other));
        Self {
            labels: count(&row.labels, &|_| true),
            labels_found: count(&row.labels, &|label| met(label, &row.found)),
            found: count(&row.found, &|_| true),
            found_right: count(&row.found, &|found| met(found, &row.labels)),
        }
    }

    /// Precision, recall, F1.
    fn figures(rows: &[Self], weights: &[u32]) -> [f64; 3] {
        let mut sum = Self::default();
        for (row, weight) in rows.iter().zip(weights) {
            let weight = f64::from(*weight);
            sum.labels += weight * row.labels;
            sum.labels_found += weight * row.labels_found;
            sum.found += weight * row.found;
            sum.found_right += weight * row.found_right;
        }
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
        let precision = share(sum.found_right, sum.found);
        let recall = share(sum.labels_found, sum.labels);
        let f1 = if precision + recall > 0.0 {
            2.0 * precision * recall / (precision + recall)
        } else if sum.labels + sum.found > 0.0 {
            0.0
        } else {
            f64::NAN
        };
        [precision, recall, f1]
    }
}

fn measure(label: &str, group: Group, rows: &[&Compared], types: &BTreeSet<PiiType>) -> Measured {
    const NAMES: [&str; 6] = [
        "exact_precision",
        "exact_recall",
        "exact_f1",
        "overlap_precision",
        "overlap_recall",
        "overlap_f1",
    ];
    let hits = |same| -> Vec<Hits> { rows.iter().map(|row| Hits::of(row, types, same)).collect() };
    let (exactly, overlapping) = (hits(exact), hits(overlap));
    let all = [(0..rows.len()).collect()];
    let estimates = bootstrap::estimates(rows.len(), &all, |weights| {
        let [precision, recall, f1] = Hits::figures(&exactly, weights);
        let [loose_precision, loose_recall, loose_f1] = Hits::figures(&overlapping, weights);
        [
            precision,
            recall,
            f1,
            loose_precision,
            loose_recall,
            loose_f1,
        ]
    });
    let total = |of: fn(&Hits) -> f64| exactly.iter().map(of).sum::<f64>() as usize;
    Measured {
        label: label.to_owned(),
        group,
        counts: vec![
            ("rows", rows.len()),
            ("labels", total(|hits| hits.labels)),
            ("found", total(|hits| hits.found)),
        ],
        estimates: NAMES
            .into_iter()
            .zip(estimates)
            .filter_map(|(name, estimate)| Some((name, estimate?)))
            .collect(),
    }
}

/// Spans in code points, as the labels are.
fn score_line((row, compared): (&PiiRow, &Compared)) -> Value {
    let points = |byte: usize| {
        row.text
            .get(..byte)
            .map_or(0, |before| before.chars().count())
    };
    let spans: Vec<Value> = compared
        .found
        .iter()
        .map(|found| {
            json!({
                "type": found.entity.as_str(),
                "start": points(found.range.start),
                "end": points(found.range.end),
                "score": found.score.map(raw),
            })
        })
        .collect();
    json!({
        "id": text_id(&row.text),
        "spans": spans,
        "not_evaluated": compared.not_evaluated.into_iter().collect::<Vec<_>>(),
    })
}

/// Labels that nothing overlaps, and findings that overlap no label.
fn confusions(rows: &[PiiRow], compared: &[Compared], types: &BTreeSet<PiiType>) -> Vec<Confusion> {
    let mut listed: BTreeMap<(PiiType, bool), Vec<Confusion>> = BTreeMap::new();
    for (row, compared) in rows.iter().zip(compared) {
        let mut add = |span: &Found, missed: bool, others: &[Found]| {
            let known = types.contains(&span.entity);
            if !known || others.iter().any(|other| overlap(span, other)) {
                return;
            }
            let of_kind = listed.entry((span.entity, missed)).or_default();
            if of_kind.len() < LISTED {
                of_kind.push(Confusion {
                    label: span.entity.as_str().to_owned(),
                    kind: if missed { "missed" } else { "false_alarm" },
                    score: span.score,
                    id: text_id(&row.text),
                    lang: row.lang.clone(),
                    source: row.source.clone(),
                    text: row
                        .text
                        .get(span.range.clone())
                        .unwrap_or_default()
                        .to_owned(),
                    context: Some(row.text.clone()),
                });
            }
        };
        for label in &compared.labels {
            add(label, true, &compared.found);
        }
        for found in &compared.found {
            add(found, false, &compared.labels);
        }
    }
    listed.into_values().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(entity: PiiType, range: Range<usize>) -> Found {
        Found {
            entity,
            range,
            score: None,
        }
    }

    fn value(measured: &Measured, name: &str) -> f64 {
        measured.estimate(name).unwrap().value
    }

    #[test]
    fn exact_and_overlap_are_told_apart() {
        let row = Compared {
            labels: vec![span(PiiType::Name, 0..4), span(PiiType::Name, 10..14)],
            found: vec![span(PiiType::Name, 0..6), span(PiiType::Email, 10..14)],
            not_evaluated: None,
        };
        let names = BTreeSet::from([PiiType::Name]);
        let measured = measure("NAME", Group::All, &[&row], &names);
        let close = |name: &str, expected: f64| {
            assert!((value(&measured, name) - expected).abs() < 1e-12, "{name}");
        };
        close("exact_f1", 0.0);
        close("overlap_precision", 1.0);
        close("overlap_recall", 0.5);
        assert_eq!(measured.count("labels"), Some(2));
        assert_eq!(measured.count("found"), Some(1));
    }

    #[test]
    fn labels_count_code_points_and_findings_are_given_in_them() {
        let row: PiiRow = serde_json::from_value(json!({
            "text": "é jane@example.com",
            "spans": [
                {"start": 2, "end": 18, "type": "EMAIL"},
                {"start": 0, "end": 1, "type": "LOCATION"},
            ],
        }))
        .unwrap();
        let detectors = pretil_models::detectors();
        let setting = Setting {
            detectors: &detectors,
            guardrail: None,
            jobs: 1,
            progress: &|_, _| {},
        };
        let compared = compare(&row, &Finder::new(setting).unwrap()).unwrap();
        assert_eq!(compared.labels, [span(PiiType::Email, 3..19)]);
        assert!(exact(&compared.labels[0], &compared.found[0]));
        let line = score_line((&row, &compared));
        assert_eq!(line["spans"][0]["start"], 2);
        assert_eq!(line["spans"][0]["end"], 18);
    }
}
