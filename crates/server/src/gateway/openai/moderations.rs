//! `POST /v1/moderations`: what the safety classifier of this build makes of a text. No model is
//! called and no guardrail applied.

use super::Call;
use crate::{app::App, body::HeldBody, error::Error, gateway::error::GatewayError, reply::Reply};
use http::StatusCode;
use pretil_guardrail::{
    Source,
    detect::{SafetyClassifier, SafetyLabel, SafetyScores},
    policy::content::scores,
    verdict::{Confidence, NotEvaluated, NotEvaluatedReason, PolicyKind},
};
use pretil_wire::openai::{ModerationInput, ModerationReply, ModerationRequest, ModerationResult};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The dialect's categories and the labels that make them up: a text is in one if it is in all of its
/// labels. Where there is none the classifier does not tell it apart: self-harm counts under violence,
/// minors under sexual. `docs/gateway.md` shows this table.
const CATEGORIES: [(&str, &[SafetyLabel]); 13] = [
    ("harassment", &[SafetyLabel::Insults]),
    (
        "harassment/threatening",
        &[SafetyLabel::Insults, SafetyLabel::Violence],
    ),
    ("hate", &[SafetyLabel::Hate]),
    (
        "hate/threatening",
        &[SafetyLabel::Hate, SafetyLabel::Violence],
    ),
    ("illicit", &[SafetyLabel::Misconduct]),
    (
        "illicit/violent",
        &[SafetyLabel::Misconduct, SafetyLabel::Violence],
    ),
    ("self-harm", &[]),
    ("self-harm/instructions", &[]),
    ("self-harm/intent", &[]),
    ("sexual", &[SafetyLabel::Sexual]),
    ("sexual/minors", &[]),
    ("violence", &[SafetyLabel::Violence]),
    ("violence/graphic", &[]),
];

/// Flagged from medium confidence on: at most one benign text in a hundred.
const FLAGGED: Confidence = Confidence::Medium;

pub(super) async fn moderate(call: &Call, body: HeldBody) -> Result<Reply, GatewayError> {
    let request = call.read(body, ModerationRequest::parse).await?;
    let id = call.reply_id("modr")?;
    let work = {
        let app = Arc::clone(&call.app);
        move || results(&app, &request.inputs)
    };
    let judged = call.app.pool().run(work).await.map_err(Error::from)?;
    let (model, results) = judged?;
    let reply = ModerationReply { id, model, results };
    Reply::json(StatusCode::OK, &reply).map_err(|_| GatewayError::Internal)
}

/// Runs on a thread of the pool.
fn results(
    app: &App,
    inputs: &[ModerationInput],
) -> Result<(String, Vec<ModerationResult>), GatewayError> {
    let classifier = app.detectors().safety.as_deref();
    let classifier = classifier.ok_or(GatewayError::NoDetector)?;
    let results = inputs.iter().map(|input| result(app, classifier, input));
    let results = results.collect::<Result<_, _>>()?;
    Ok((classifier.identity().to_owned(), results))
}

fn result(
    app: &App,
    classifier: &dyn SafetyClassifier,
    input: &ModerationInput,
) -> Result<ModerationResult, GatewayError> {
    if input.images > 0 {
        return Err(GatewayError::Unreadable("an image".to_owned()));
    }
    let mut worst = SafetyScores::default();
    for text in &input.texts {
        let read = scores(text, Source::Input, classifier);
        let read = read.map_err(|reason| unread(app, &reason))?;
        worst = SafetyScores::of(|label| worst.get(label).max(read.get(label)));
    }
    let mut result = ModerationResult {
        flagged: false,
        categories: Map::new(),
        category_scores: Map::new(),
        category_applied_input_types: Map::new(),
    };
    for (name, labels) in CATEGORIES {
        add(&mut result, name, category(classifier, &worst, labels));
    }
    Ok(result)
}

/// Whether a text is in all of `labels`, and the least sure score among them.
fn category(
    classifier: &dyn SafetyClassifier,
    scores: &SafetyScores,
    labels: &[SafetyLabel],
) -> Option<(bool, f32)> {
    let flagged = labels.iter().all(|&label| {
        let bands = classifier.bands(label, Source::Input);
        bands.confidence(scores.get(label)) >= FLAGGED
    });
    let score = labels.iter().map(|&label| scores.get(label));
    Some((flagged, score.reduce(f32::min)?))
}

fn add(result: &mut ModerationResult, name: &str, category: Option<(bool, f32)>) {
    let flagged = category.map(|(flagged, _)| flagged);
    let score = category.map(|(_, score)| rounded(score));
    let types = category.map_or(json!([]), |_| json!(["text"]));
    let set = |map: &mut Map<String, Value>, value| drop(map.insert(name.to_owned(), value));
    result.flagged |= flagged.unwrap_or(false);
    set(&mut result.categories, json!(flagged));
    set(&mut result.category_scores, json!(score));
    set(&mut result.category_applied_input_types, types);
}

/// To four places: a score has no more to say.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

/// Why a text has no result: never "not flagged".
fn unread(app: &App, reason: &NotEvaluatedReason) -> GatewayError {
    app.metrics().not_evaluated(&[NotEvaluated {
        policy: PolicyKind::Content,
        part: None,
        reason: reason.clone(),
        blocked: true,
    }]);
    let part = match reason {
        NotEvaluatedReason::NoDetector => return GatewayError::NoDetector,
        NotEvaluatedReason::DetectorFailed(_) => return GatewayError::DetectorFailed,
        NotEvaluatedReason::UnsupportedLanguage => "text in a language that is not read here",
        NotEvaluatedReason::BudgetSpent => "text that is encoded too often",
        NotEvaluatedReason::UnsupportedModality => "something that is no text",
    };
    GatewayError::Unreadable(part.to_owned())
}
