//! `POST /guardrail-checks/invoke`
//!
//! Checks without a guardrail, detect only. This build detects sensitive information; the other
//! two checks are refused, since an answer without them would read as "nothing found".

use crate::{app::App, body::HeldBody, error::Error, reply::Reply};
use http::StatusCode;
use pretil_guardrail::{
    Block, Config, Content, Guardrail, Qualifiers, Source, Text,
    config::{
        Directions, FailureModes, PiiEntityConfig, PiiType, SensitiveAction, SensitivePolicyConfig,
    },
    verdict::{PiiEntry, Verdict},
};
use pretil_text::OffsetIndex;
use pretil_wire::bedrock::{
    ErrorCode, ErrorReply,
    runtime::{
        ChecksEntityResult, ChecksEntityResults, ChecksMessage, ChecksResults, ChecksUnits,
        ChecksUsage, InvokeGuardrailChecksRequest, InvokeGuardrailChecksResponse,
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
    if request.checks.content_filter.is_some() {
        return Err(Error::Invalid(
            "The contentFilter check is not available: this build has no detector for it.",
        ));
    }
    if request.checks.prompt_attack.is_some() {
        return Err(Error::Invalid(
            "The promptAttack check is not available: this build has no detector for it.",
        ));
    }
    let work = {
        let app = Arc::clone(app);
        move || check(&app, &request)
    };
    app.pool().run(work).await?
}

fn check(app: &App, request: &InvokeGuardrailChecksRequest) -> Result<Reply, Error> {
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
    let response = InvokeGuardrailChecksResponse {
        usage: ChecksUsage {
            sensitive_information: Some(ChecksUnits {
                text_units: verdict.usage.sensitive,
            }),
            ..ChecksUsage::default()
        },
        results: ChecksResults {
            sensitive_information: Some(results(&content, &places, &verdict)),
            ..ChecksResults::default()
        },
    };
    Reply::json(StatusCode::OK, &response)
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
