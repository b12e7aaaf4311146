//! `POST /guardrail-checks/invoke`
//!
//! Checks without a guardrail, detect only. What a check could not read is an error: an answer without
//! it would read as "nothing found".
//!
//! Content filters read every message: the assistant's as answers, all others as prompts. Prompt
//! attacks are looked for in all messages but the system's, which are the application's own.

use crate::{app::App, body::HeldBody, error::Error, reply::Reply};
use http::StatusCode;
use pretil_guardrail::{
    Block, Config, Content, Guardrail, Qualifiers, Source, Text,
    config::{
        Directions, FailureModes, PiiEntityConfig, PiiType, SensitiveAction, SensitivePolicyConfig,
    },
    detect::SafetyLabel,
    evaluate::{EvaluateError, MAXIMUM_UNITS, text_units},
    policy::content::{Checked, Severity, severities},
    verdict::{NotEvaluated, NotEvaluatedReason, PiiEntry, PolicyKind, Verdict},
};
use pretil_text::OffsetIndex;
use pretil_wire::bedrock::{
    ErrorCode, ErrorReply,
    runtime::{
        Checks, ChecksCategoryResult, ChecksCategoryResults, ChecksEntityResult,
        ChecksEntityResults, ChecksMessage, ChecksResults, ChecksUnits, ChecksUsage,
        InvokeGuardrailChecksRequest, InvokeGuardrailChecksResponse,
    },
};
use std::sync::Arc;

/// Most findings of one call (observed on the service).
const MOST_FINDINGS: usize = 1_000;

pub(crate) async fn invoke_guardrail_checks(
    app: &Arc<App>,
    body: HeldBody,
) -> Result<Reply, Error> {
    let request: InvokeGuardrailChecksRequest = app.parse(body).await?;
    let work = {
        let app = Arc::clone(app);
        move || check(&app, &request)
    };
    app.pool().run(work).await?
}

fn check(app: &App, request: &InvokeGuardrailChecksRequest) -> Result<Reply, Error> {
    let messages = &request.messages;
    let text_units = units(messages);
    if text_units > MAXIMUM_UNITS {
        return Err(too_many(text_units).into());
    }
    let severities = Severities::of(app, request)?;
    let sensitive_information = match &request.checks.sensitive_information {
        Some(_) => Some(sensitive(app, request)?),
        None => None,
    };
    let results = ChecksResults {
        content_filter: severities.content_filter(&request.checks),
        prompt_attack: severities.prompt_attack(&request.checks),
        sensitive_information,
    };
    let units = ChecksUnits { text_units };
    let response = InvokeGuardrailChecksResponse {
        usage: ChecksUsage {
            content_filter: results.content_filter.as_ref().map(|_| units),
            prompt_attack: results.prompt_attack.as_ref().map(|_| units),
            sensitive_information: results.sensitive_information.as_ref().map(|_| units),
        },
        results,
    };
    Reply::json(StatusCode::OK, &response)
}

/// Units of all text, the same for every check.
fn units(messages: &[ChecksMessage]) -> u32 {
    let blocks = messages.iter().flat_map(|message| &message.content);
    let characters = blocks.map(|block| block.text.as_str().chars().count());
    text_units(characters.sum())
}

fn too_many(units: u32) -> EvaluateError {
    EvaluateError::TooManyUnits {
        units,
        maximum: MAXIMUM_UNITS,
        policy: "guardrail checks",
        tier: "",
    }
}

/// How severe the worst of the messages is, by label.
struct Severities(Vec<(SafetyLabel, Severity)>);

impl Severities {
    /// Reads each text once for all that it is asked about.
    fn of(app: &App, request: &InvokeGuardrailChecksRequest) -> Result<Self, Error> {
        let content = content_labels(&request.checks);
        let attack = attack_labels(&request.checks);
        let prompt: Vec<_> = content.iter().chain(&attack).copied().collect();
        if prompt.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let mut checked = Vec::new();
        for message in &request.messages {
            for block in &message.content {
                let mut check = |source, labels| {
                    checked.push(Checked {
                        text: block.text.as_str(),
                        source,
                        labels,
                    });
                };
                match message.role.as_str() {
                    "system" => check(Source::Input, &content[..]),
                    "assistant" => {
                        check(Source::Output, &content[..]);
                        check(Source::Input, &attack[..]);
                    }
                    _ => check(Source::Input, &prompt[..]),
                }
            }
        }
        let severity = severities(&checked, app.detectors()).map_err(|reason| {
            app.metrics().not_evaluated(&[NotEvaluated {
                policy: PolicyKind::Content,
                part: None,
                reason: reason.clone(),
                blocked: true,
            }]);
            unread(&reason)
        })?;
        let each = prompt.into_iter().map(|label| (label, severity(label)));
        Ok(Self(each.collect()))
    }

    fn content_filter(&self, checks: &Checks) -> Option<ChecksCategoryResults> {
        let asked = checks.content_filter.as_ref()?;
        let categories = asked.categories.iter().map(|asked| &asked.category);
        Some(self.results(categories))
    }

    fn prompt_attack(&self, checks: &Checks) -> Option<ChecksCategoryResults> {
        let asked = checks.prompt_attack.as_ref()?;
        let categories = asked.categories.iter().map(|asked| &asked.category);
        Some(self.results(categories))
    }

    /// A result for every category, in the order asked.
    fn results<'r>(&self, categories: impl Iterator<Item = &'r String>) -> ChecksCategoryResults {
        let results = categories.filter_map(|category| {
            let label = SafetyLabel::parse(category)?;
            let (_, severity) = self.0.iter().find(|(known, _)| *known == label)?;
            Some(ChecksCategoryResult {
                category: category.clone(),
                severity_score: severity.score(),
            })
        });
        ChecksCategoryResults {
            results: results.collect(),
        }
    }
}

fn content_labels(checks: &Checks) -> Vec<SafetyLabel> {
    let categories = checks.content_filter.iter().flat_map(|it| &it.categories);
    let labels = categories.filter_map(|asked| SafetyLabel::parse(&asked.category));
    labels.collect()
}

fn attack_labels(checks: &Checks) -> Vec<SafetyLabel> {
    let categories = checks.prompt_attack.iter().flat_map(|it| &it.categories);
    let labels = categories.filter_map(|asked| SafetyLabel::parse(&asked.category));
    labels.collect()
}

/// Why content filters and prompt attacks could not be checked. What another try would not change is
/// no 503, which clients try again.
fn unread(reason: &NotEvaluatedReason) -> Error {
    match reason {
        NotEvaluatedReason::NoDetector => Error::Invalid(
            "The contentFilter and promptAttack checks are not available: this build has no detector for them.",
        ),
        NotEvaluatedReason::UnsupportedLanguage => Error::Invalid(
            "Some of the content is in a language that the contentFilter and promptAttack checks do not read.",
        ),
        NotEvaluatedReason::BudgetSpent => Error::Invalid(
            "The contentFilter and promptAttack checks could not read all of the content: it is encoded too often.",
        ),
        NotEvaluatedReason::UnsupportedModality | NotEvaluatedReason::DetectorFailed(_) => {
            Error::Refused(ErrorReply::new(
                ErrorCode::ServiceUnavailableException,
                "The contentFilter and promptAttack checks could not read all of the content.",
            ))
        }
    }
}

fn sensitive(
    app: &App,
    request: &InvokeGuardrailChecksRequest,
) -> Result<ChecksEntityResults, Error> {
    let guardrail = Guardrail::compile(config(request), app.detectors())?;
    let (content, places) = content(&request.messages);
    let verdict = guardrail.evaluate(&content, app.detectors())?;
    app.metrics().not_evaluated(&verdict.not_evaluated);
    if !verdict.not_evaluated.is_empty() {
        return Err(Error::Refused(ErrorReply::new(
            ErrorCode::ServiceUnavailableException,
            "The sensitiveInformation check could not read all of the content.",
        )));
    }
    Ok(results(&content, &places, &verdict))
}

/// A guardrail that detects the types asked for and does nothing about them.
fn config(request: &InvokeGuardrailChecksRequest) -> Config {
    let asked = request.checks.sensitive_information.as_ref();
    let asked = asked.map_or(&[][..], |check| &check.entities);
    // Whether a type is asked for once or twice makes no difference.
    let types = PiiType::ALL.iter().filter(|entity| {
        let name = entity.as_str();
        asked.iter().any(|asked| asked.entity_type == name)
    });
    let entities = types.map(|&entity| PiiEntityConfig {
        entity,
        action: SensitiveAction::None,
        directions: Directions::default(),
    });
    Config {
        name: "checks".to_owned(),
        description: None,
        blocked_input_messaging: "-".to_owned(),
        blocked_outputs_messaging: "-".to_owned(),
        topic: None,
        content: None,
        word: None,
        sensitive: Some(SensitivePolicyConfig {
            entities: Some(entities.collect()),
            regexes: None,
        }),
        grounding: None,
        reasoning: None,
        cross_region_profile: None,
        kms_key_id: None,
        on_failure: FailureModes::default(),
    }
}

/// Where a block came from.
#[derive(Clone, Copy)]
struct Place {
    message: u32,
    content: u32,
}

/// All blocks of all messages, and where each came from. What is sought is the same in every role.
fn content(messages: &[ChecksMessage]) -> (Content, Vec<Place>) {
    let mut blocks = Vec::new();
    let mut places = Vec::new();
    for (message, sent) in (0..).zip(messages) {
        for (content, block) in (0..).zip(&sent.content) {
            blocks.push(Block::Text {
                text: Text::new(block.text.as_str()),
                qualifiers: Qualifiers::default(),
            });
            places.push(Place { message, content });
        }
    }
    let content = Content {
        source: Source::Input,
        blocks,
    };
    (content, places)
}

/// Every occurrence, in the order of the text.
fn results(content: &Content, places: &[Place], verdict: &Verdict) -> ChecksEntityResults {
    let found = |entry: &&PiiEntry| entry.detected;
    let entries = verdict.assessment.entities.iter().filter(found);
    let mut occurrences: Vec<_> = entries
        .flat_map(|entry| entry.locations.iter().map(move |at| (at, entry)))
        .collect();
    occurrences.sort_by_key(|(at, entry)| (at.block, at.span.start(), entry.entity));
    let truncated = occurrences.len() > MOST_FINDINGS;
    occurrences.truncate(MOST_FINDINGS);
    let mut results = Vec::with_capacity(occurrences.len());
    for occurrences in occurrences.chunk_by(|one, other| one.0.block == other.0.block) {
        let block = occurrences[0].0.block;
        let (Some(Block::Text { text, .. }), Some(place)) =
            (content.blocks.get(block), places.get(block))
        else {
            continue;
        };
        let index = OffsetIndex::new(text.as_str());
        results.extend(occurrences.iter().map(|(at, entry)| {
            let code_points = index.offsets(at.span).code_points;
            ChecksEntityResult {
                entity_type: entry.entity.as_str().to_owned(),
                // A pattern with a checksum has no doubt to state.
                confidence_score: entry.score.map_or(1.0, rounded),
                begin_offset: code_points.start as u32,
                end_offset: code_points.end as u32,
                message_index: place.message,
                content_index: place.content,
            }
        }));
    }
    ChecksEntityResults { results, truncated }
}

/// To three places: a float that came from single precision has no more to say.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1_000.0).round() / 1_000.0
}
