//! Contextual grounding: is an answer supported by its source, and does it answer the query? Each
//! answer is judged by the code that answers a call.
//!
//! - A row whose label is unknown is left out. The rows written for this project hold several answers
//!   each; every answer counts as a row.
//! - A source, query or answer longer than a call may bring is not evaluated (`too_long`), and neither
//!   is what the policy itself does not evaluate. Such rows are counted and in no other figure.
//! - *Stopped* is a bad answer (not grounded, or not relevant), *lost* a good one, whose score is below
//!   0.5; with a guardrail also `guardrail_stopped` and `guardrail_lost`, by its own threshold.
//! - `…_at_10_percent_lost` takes the highest threshold that loses at most a tenth of the good answers of
//!   that very set, and `best_balanced_accuracy` the best threshold on it.
//! - WORD OVERLAP (share of the answer's content words that the source holds; of the query's that the
//!   answer holds) and LENGTH (of the answer) are judged on the same rows, in the better direction.

mod baseline;
mod separation;
mod witness;

use crate::{
    binary::Observation,
    evaluation::{Confusion, Evaluation, NoDetector, Setting, Task, raw},
    figures::{Group, Measured, groups},
    parallel,
    rows::{self, GroundingLine, GroundingRow, Take, text_id},
};
use anyhow::{Context, Result, anyhow, ensure};
use pretil_guardrail::{
    Content, Detectors, Guardrail, Source,
    config::{BlockAction, GroundingFilterConfig, GroundingFilterType, GroundingPolicyConfig},
    content::{Block, Qualifiers, Text},
    evaluate::GroundingPart,
    policy::grounding::{Compared, GroundingPolicy, Part},
    verdict::{Confidence, NotEvaluatedReason, PolicyKind},
};
use separation::{Answer, PASSES};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};
use witness::{Witness, WitnessedClaim};

/// Confusions of one kind that are listed.
const LISTED: usize = 200;

/// What was said of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
struct Judged {
    /// `None` where it was not evaluated.
    score: Option<f32>,
    /// Why it was not evaluated.
    not_evaluated: Option<&'static str>,
    /// Whether the guardrail stopped it for this reason; `None` without one.
    stopped: Option<bool>,
    /// What the score was made of, claim by claim.
    claims: Vec<WitnessedClaim>,
}

impl Judged {
    fn not_evaluated(reason: &'static str) -> Self {
        Self {
            not_evaluated: Some(reason),
            ..Self::default()
        }
    }
}

/// Judges answers.
struct Judge<'g> {
    /// Whose verdict counts, if there is one.
    guardrail: Option<&'g Guardrail>,
    /// What scores, if there is none.
    bare: GroundingPolicy,
    detectors: &'g Detectors,
    filter: GroundingFilterType,
}

impl<'g> Judge<'g> {
    fn new(filter: GroundingFilterType, setting: Setting<'g>) -> Result<Self> {
        let config = GroundingPolicyConfig {
            filters: vec![GroundingFilterConfig {
                filter,
                threshold: f64::from(PASSES),
                action: Some(BlockAction::None),
                enabled: None,
            }],
            tier: None,
        };
        let bare = GroundingPolicy::compile(&config).map_err(|errors| anyhow!("{}", errors[0]))?;
        Ok(Self {
            guardrail: setting.guardrail,
            bare,
            detectors: setting.detectors,
            filter,
        })
    }

    fn judge(&self, row: &GroundingRow) -> Result<Judged> {
        if is_too_long(row) {
            return Ok(Judged::not_evaluated("too_long"));
        }
        let witness = Witness::of(self.detectors);
        let mut judged = match self.guardrail {
            Some(guardrail) => self.verdict(guardrail, row, &witness.detectors)?,
            None => self.score(row, &witness.detectors)?,
        };
        judged.claims = witness.claims();
        Ok(judged)
    }

    /// The score of the policy alone, which also judges rows without a query, and without a source.
    fn score(&self, row: &GroundingRow, detectors: &Detectors) -> Result<Judged> {
        let part = |block, text| vec![Part { block, text }];
        let compared = Compared {
            sources: part(0, row.context.as_deref().unwrap_or_default()),
            queries: part(1, row.query.as_deref().unwrap_or_default()),
            answers: part(2, &row.response),
        };
        let detected = self.bare.detect(&compared, detectors);
        if let Some((_, reason)) = detected.not_evaluated.first() {
            let missing = *reason == NotEvaluatedReason::NoDetector;
            ensure!(!missing, NoDetector("contextual grounding"));
            return Ok(Judged::not_evaluated(reason.name()));
        }
        let entries = self.bare.decide(&detected.findings);
        Ok(Judged {
            score: entries.first().map(|entry| entry.score as f32),
            ..Judged::default()
        })
    }

    fn verdict(
        &self,
        guardrail: &Guardrail,
        row: &GroundingRow,
        detectors: &Detectors,
    ) -> Result<Judged> {
        if row.context.is_none() || row.query.is_none() {
            return Ok(Judged::not_evaluated("incomplete"));
        }
        let verdict = guardrail.evaluate(&content_of(row), detectors)?;
        let mut skipped = verdict.not_evaluated.iter();
        let skipped = skipped.find(|entry| {
            let part = entry.part.as_deref();
            let of_filter = part.is_none_or(|part| part == self.filter.as_str());
            entry.policy == PolicyKind::Grounding && of_filter
        });
        if let Some(entry) = skipped {
            return Ok(Judged {
                stopped: Some(entry.blocked),
                ..Judged::not_evaluated(entry.reason.name())
            });
        }
        let mut entries = verdict.assessment.grounding.iter();
        let entry = entries.find(|entry| entry.filter == self.filter);
        let entry = entry.with_context(|| {
            let filter = self.filter.as_str();
            format!("the guardrail has no {filter} filter")
        })?;
        Ok(Judged {
            score: Some(entry.score as f32),
            stopped: Some(entry.detected),
            ..Judged::default()
        })
    }
}

/// Whether the row has more text than one call may bring.
fn is_too_long(row: &GroundingRow) -> bool {
    let parts = [
        (GroundingPart::Source, row.context.as_deref()),
        (GroundingPart::Query, row.query.as_deref()),
        (GroundingPart::Answer, Some(row.response.as_str())),
    ];
    let length = |text: Option<&str>| text.unwrap_or_default().chars().count();
    let mut parts = parts.into_iter();
    parts.any(|(part, text)| length(text) > part.limit())
}

/// The call that the row is.
fn content_of(row: &GroundingRow) -> Content {
    let block = |text: &str, qualifiers| Block::Text {
        text: Text::new(text),
        qualifiers,
    };
    let none = Qualifiers::default();
    let source = row.context.as_deref().map(|text| {
        let grounding_source = true;
        block(
            text,
            Qualifiers {
                grounding_source,
                ..none
            },
        )
    });
    let query = row.query.as_deref().map(|text| {
        let query = true;
        block(text, Qualifiers { query, ..none })
    });
    let guard_content = true;
    let answer = block(
        &row.response,
        Qualifiers {
            guard_content,
            ..none
        },
    );
    Content {
        source: Source::Output,
        blocks: source.into_iter().chain(query).chain([answer]).collect(),
    }
}

/// A row whose label is known, and what was said of it.
struct Seen<'r> {
    row: &'r GroundingRow,
    good: bool,
    judged: Judged,
    overlap: f32,
    length: f32,
}

impl Seen<'_> {
    fn answer(&self, score: f32) -> Answer {
        Answer {
            good: self.good,
            score,
            stopped: self.judged.stopped,
        }
    }

    fn passes(&self) -> Option<bool> {
        let by_score = self.judged.score.map(|score| score >= PASSES);
        self.judged.stopped.map(|stopped| !stopped).or(by_score)
    }
}

/// Evaluates `take` of each file: only rows in `languages`, unless it is empty.
pub(crate) fn evaluate(
    task: Task,
    data: &[PathBuf],
    take: Take,
    languages: &[String],
    setting: Setting<'_>,
) -> Result<Evaluation> {
    let lines: Vec<GroundingLine> = rows::read_all(data, take)?;
    let rows: Vec<GroundingRow> = lines.into_iter().flat_map(GroundingLine::rows).collect();
    let filter = match task {
        Task::Relevance => GroundingFilterType::Relevance,
        _ => GroundingFilterType::Grounding,
    };
    let truth = |row: &GroundingRow| match filter {
        GroundingFilterType::Grounding => row.grounded,
        GroundingFilterType::Relevance => row.relevant,
    };
    let is_in = |row: &GroundingRow| {
        let known = languages.iter().map(String::as_str);
        languages.is_empty() || known.map(Some).any(|known| known == row.lang.as_deref())
    };
    let labelled = rows.iter().filter(|row| is_in(row));
    let labelled = labelled.filter_map(|row| Some((row, truth(row)?)));
    let labelled: Vec<(&GroundingRow, bool)> = labelled.collect();
    ensure!(
        !labelled.is_empty(),
        "no row has a known label of the task {}",
        task.name()
    );
    let judge = Judge::new(filter, setting)?;
    let seen = parallel::map(&labelled, setting.jobs, setting.progress, |(row, good)| {
        Ok(Seen {
            row,
            good: *good,
            judged: judge.judge(row)?,
            overlap: overlap(filter, row),
            length: baseline::length(&row.response),
        })
    });
    let seen: Vec<Seen<'_>> = seen.into_iter().collect::<Result<_>>()?;
    Ok(evaluation(task, filter, &seen))
}

fn overlap(filter: GroundingFilterType, row: &GroundingRow) -> f32 {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match filter {
        GroundingFilterType::Grounding => baseline::overlap(&row.response, &text(&row.context)),
        GroundingFilterType::Relevance => baseline::overlap(&text(&row.query), &row.response),
    }
}

fn evaluation(task: Task, filter: GroundingFilterType, seen: &[Seen<'_>]) -> Evaluation {
    let mut not_evaluated = BTreeMap::new();
    for reason in seen.iter().filter_map(|it| it.judged.not_evaluated) {
        *not_evaluated.entry(reason.to_owned()).or_default() += 1;
    }
    let observed = seen.iter().filter_map(|it| {
        let score = it.judged.score?;
        Some(Observation {
            positive: it.good,
            score,
            confidence: Confidence::None,
            flagged: score < PASSES,
        })
    });
    Evaluation {
        task,
        rows: seen.len(),
        not_evaluated,
        measured: measure(filter, seen),
        observed: vec![(filter.as_str().to_owned(), observed.collect())],
        scores: seen.iter().map(score_line).collect(),
        confusions: confusions(filter, seen),
    }
}

/// The score's figures for all rows, each language and each source or kind of error, then those of
/// what knows nothing.
fn measure(filter: GroundingFilterType, seen: &[Seen<'_>]) -> Vec<Measured> {
    let names = seen
        .iter()
        .map(|it| (it.row.lang.as_deref(), it.row.group.as_deref()));
    let parts = groups(names);
    let of = |members: &[usize], number: &dyn Fn(&Seen<'_>) -> f32| -> Vec<Answer> {
        let members = members.iter().map(|&member| &seen[member]);
        let evaluated = members.filter(|it| it.judged.score.is_some());
        evaluated.map(|it| it.answer(number(it))).collect()
    };
    let of_score = |(group, members): &(Group, Vec<usize>)| {
        let answers = of(members, &|it| it.judged.score.unwrap_or_default());
        let mut measured = separation::of_scores(filter.as_str(), group.clone(), &answers);
        let missing = members.len() - answers.len();
        measured.counts.push(("not_evaluated", missing));
        measured
    };
    let of_baseline = |label: &str, number: fn(&Seen<'_>) -> f32| -> Vec<Measured> {
        let one = |(group, members): &(Group, Vec<usize>)| {
            separation::of_numbers(label, group.clone(), &of(members, &number))
        };
        parts.iter().map(one).collect()
    };
    let mut measured: Vec<Measured> = parts.iter().map(of_score).collect();
    measured.append(&mut of_baseline("WORD OVERLAP", |it| it.overlap));
    measured.append(&mut of_baseline("LENGTH", |it| it.length));
    measured
}

fn score_line(seen: &Seen<'_>) -> Value {
    json!({
        "id": id(seen.row),
        "good": seen.good,
        "score": seen.judged.score.map(raw),
        "claims": seen.judged.claims,
        "stopped": seen.judged.stopped,
        "not_evaluated": seen.judged.not_evaluated.into_iter().collect::<Vec<_>>(),
        "word_overlap": raw(seen.overlap),
        "length": seen.length,
    })
}

/// A name for a row that depends on all its texts.
fn id(row: &GroundingRow) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    text_id(&[text(&row.context), text(&row.query), row.response.clone()].join("\n"))
}

/// Good answers that were stopped, those with the lowest score first, and bad ones that passed, those
/// with the highest first.
fn confusions(filter: GroundingFilterType, seen: &[Seen<'_>]) -> Vec<Confusion> {
    let mut listed = Vec::new();
    for good in [true, false] {
        let wrong = seen
            .iter()
            .filter(|it| it.passes() == Some(!good) && it.good == good);
        let mut wrong: Vec<_> = wrong.collect();
        wrong.sort_by(|one, other| {
            let score = |it: &Seen<'_>| it.judged.score.unwrap_or_default();
            let order = score(one).total_cmp(&score(other));
            if good { order } else { order.reverse() }
        });
        listed.extend(wrong.into_iter().take(LISTED).map(|it| {
            Confusion {
                label: filter.as_str().to_owned(),
                kind: if good { "false_alarm" } else { "missed" },
                score: it.judged.score,
                id: id(it.row),
                lang: it.row.lang.clone(),
                source: it.row.group.clone(),
                text: it.row.response.clone(),
                // What the answer was held against: the query, then the source.
                context: Some(
                    [&it.row.query, &it.row.context]
                        .into_iter()
                        .flatten()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .join("\n\n"),
                ),
            }
        }));
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretil_guardrail::{
        Config,
        detect::{DetectError, FailedChecks, GroundingJudge, Support},
    };
    use pretil_text::language::Language;
    use std::{fs, sync::Arc};

    /// Reads English. A claim is supported if the evidence holds "yes", an answer answers if it holds a
    /// word of the query.
    struct SaysYes(Vec<Language>);

    impl GroundingJudge for SaysYes {
        fn identity(&self) -> &'static str {
            "says-yes"
        }

        fn languages(&self) -> &[Language] {
            &self.0
        }

        fn tokens(&self, text: &str) -> usize {
            text.split_whitespace().count()
        }

        fn evidence_tokens(&self) -> usize {
            100
        }

        fn claim_tokens(&self) -> usize {
            50
        }

        fn support(&self, evidence: &str, _: &str, _: &str) -> Result<Support, DetectError> {
            Ok(Support {
                logit: if evidence.contains("yes") { 2.0 } else { -2.0 },
                unsupported: None,
            })
        }

        fn grounded(&self, support: &Support, _: FailedChecks) -> f32 {
            if support.logit > 0.0 { 0.8 } else { 0.2 }
        }

        fn relevance(&self, query: &str, answer: &str) -> Result<f32, DetectError> {
            let answers = query.split(' ').any(|word| answer.contains(word));
            Ok(if answers { 0.9 } else { 0.1 })
        }
    }

    fn detectors() -> Detectors {
        let english = Language::from_code("en").into_iter().collect();
        Detectors {
            grounding: Some(Arc::new(SaysYes(english))),
            ..pretil_models::detectors()
        }
    }

    fn run(task: Task, lines: &[Value], guardrail: Option<&Guardrail>) -> Evaluation {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        fs::write(&path, lines.join("\n")).unwrap();
        let detectors = detectors();
        let setting = Setting {
            detectors: &detectors,
            guardrail,
            jobs: 2,
            progress: &|_, _| {},
        };
        let languages = ["en".to_owned()];
        evaluate(task, &[path], Take::All, &languages, setting).unwrap()
    }

    fn lines() -> Vec<Value> {
        let answer = |text: &str, grounded: u8, relevant: u8, error: Option<&str>| json!({"text": text, "grounded": grounded, "relevant": relevant, "error": error});
        let labelled = |context: &str, response: &str, grounded: Option<u8>| json!({"context": context, "query": null, "response": response, "grounded": grounded, "lang": "en"});
        vec![
            json!({"context": "The shop is open on Monday, yes.", "query": "When is the shop open?", "lang": "en",
            "answers": [
                answer("The shop is open on Monday.", 1, 1, None),
                answer("The shop is shut on Monday.", 0, 1, Some("negation")),
            ]}),
            labelled(
                "The bakery sells fresh bread.",
                "The bakery sells bread.",
                Some(1),
            ),
            labelled(
                "The bakery sells fresh bread.",
                "The bakery sells cake.",
                Some(0),
            ),
            labelled(
                "The bakery sells fresh bread.",
                "The bakery sells old cake.",
                None,
            ),
            labelled(&"yes ".repeat(30_000), "It says yes.", Some(1)),
            json!({"context": "oui", "query": null, "response": "C'est oui.", "grounded": 1, "lang": "fr"}),
        ]
    }

    fn percent(evaluation: &Evaluation, label: &str, group: &str, name: &str) -> i32 {
        let measured = evaluation.find(label, group).unwrap();
        (measured.estimate(name).unwrap().value * 100.0).round() as i32
    }

    #[test]
    fn rows_are_judged_with_and_without_a_query() {
        let evaluation = run(Task::Grounding, &lines(), None);
        // Without a label and in another language: no rows. The long source is counted.
        assert_eq!(evaluation.rows, 5);
        assert_eq!(
            evaluation.not_evaluated,
            BTreeMap::from([("too_long".to_owned(), 1)])
        );
        let all = evaluation.find("GROUNDING", "all").unwrap();
        assert_eq!(all.count("rows"), Some(4));
        assert_eq!(all.count("not_evaluated"), Some(1));
        let of = |name| percent(&evaluation, "GROUNDING", "all", name);
        assert_eq!(
            (of("stopped"), of("lost"), of("balanced_accuracy")),
            (50, 50, 50)
        );
        assert_eq!(
            percent(&evaluation, "GROUNDING", "source:negation", "stopped"),
            0
        );
        assert!(evaluation.find("WORD OVERLAP", "all").is_some());
        assert!(evaluation.find("LENGTH", "all").is_some());
        let line = &evaluation.scores[0];
        assert_eq!(line["claims"][0]["logit"], 2.0);
        assert_eq!(
            (&line["score"], &line["stopped"]),
            (&json!(0.8), &Value::Null)
        );
        let kinds: Vec<_> = evaluation.confusions.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, ["false_alarm", "missed"]);
    }

    #[test]
    fn relevance_needs_no_source() {
        let row = |response: &str, relevant: u8| {
            json!({"context": null, "query": "fresh bread", "response": response, "relevant": relevant,
                "grounded": null, "lang": "en"})
        };
        let lines = [row("The bread is there.", 1), row("The cake is there.", 0)];
        let evaluation = run(Task::Relevance, &lines, None);
        let of = |label, name| percent(&evaluation, label, "all", name);
        assert_eq!(
            (of("RELEVANCE", "stopped"), of("RELEVANCE", "lost")),
            (100, 0)
        );
        assert_eq!(of("WORD OVERLAP", "auroc"), 100);
    }

    #[test]
    fn a_guardrail_stops_by_its_own_threshold() {
        let config = Config {
            grounding: Some(GroundingPolicyConfig {
                filters: vec![GroundingFilterConfig {
                    filter: GroundingFilterType::Grounding,
                    threshold: 0.85,
                    action: None,
                    enabled: None,
                }],
                tier: None,
            }),
            ..crate::content::empty_config()
        };
        let guardrail = Guardrail::compile(config, &detectors()).unwrap();
        let evaluation = run(Task::Grounding, &lines(), Some(&guardrail));
        let of = |name| percent(&evaluation, "GROUNDING", "all", name);
        assert_eq!(
            (of("stopped"), of("guardrail_stopped"), of("guardrail_lost")),
            (0, 100, 100)
        );
        // A call without a query is refused.
        assert_eq!(evaluation.not_evaluated["incomplete"], 2);
    }
}
