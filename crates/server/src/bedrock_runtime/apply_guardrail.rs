//! `POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply`

use crate::{
    app::App,
    body::HeldBody,
    caller::Caller,
    convert::{
        content::from_request,
        explanation::explanation,
        verdict::{Applied, response},
    },
    error::Error,
    guardrail_cache::Compiled,
    reply::Reply,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use pretil_guardrail::{
    Content, EvaluateOptions, OutputScope,
    verdict::{NotEvaluated, Outcome},
};
use pretil_wire::bedrock::{
    GuardrailReference, GuardrailVersion, RequestError, runtime::ApplyGuardrailRequest,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Asks for the `pretil` member of the response: `x-pretil-explain: true`.
const EXPLAIN: HeaderName = HeaderName::from_static("x-pretil-explain");

/// Says what was not evaluated: `content=no_detector,grounding=no_detector`. Not there if
/// everything was.
const NOT_EVALUATED: HeaderName = HeaderName::from_static("x-pretil-not-evaluated");

/// Which guardrail the path names; both `None` for "the enforced one".
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) guardrail: Option<GuardrailReference>,
    pub(crate) version: Option<GuardrailVersion>,
}

/// A guardrail that is to be applied, and why.
struct Selected {
    version: GuardrailVersion,
    compiled: Arc<Compiled>,
    origin: &'static str,
}

pub(crate) async fn apply_guardrail(
    app: &Arc<App>,
    caller: &Caller,
    target: Target,
    headers: &HeaderMap,
    body: HeldBody,
) -> Result<Reply, Error> {
    let started = Instant::now();
    let request: ApplyGuardrailRequest = app.parse(body).await?;
    let (content, scope) = from_request(request)?;
    let selected = select(app, caller, target).await?;
    let explain = headers
        .get(EXPLAIN)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
    let found = started.elapsed();
    let work = {
        let app = Arc::clone(app);
        move || judge(&app, &selected, &content, scope, explain, started, found)
    };
    app.pool().run(work).await?
}

/// Finds the guardrail that the path names.
async fn select(app: &Arc<App>, caller: &Caller, target: Target) -> Result<Selected, Error> {
    match (target.guardrail, target.version) {
        (Some(guardrail), Some(version)) => {
            let compiled = app.compiled(caller, &guardrail, version).await?;
            Ok(Selected {
                version,
                compiled,
                origin: "REQUEST",
            })
        }
        (None, None) => enforced(app, caller).await,
        // One without the other names nothing.
        (Some(_), None) | (None, Some(_)) => Err(incorrect_format()),
    }
}

/// The guardrail of the account's enforced configuration, for a call that names none.
async fn enforced(app: &Arc<App>, caller: &Caller) -> Result<Selected, Error> {
    let configurations = app.store().enforced(&caller.account).await?;
    let configuration = configurations.into_iter().next().ok_or(Error::Invalid(
        "The request names no guardrail and no guardrail is enforced for the account.",
    ))?;
    let version = GuardrailVersion::Number(configuration.version.get());
    let guardrail = GuardrailReference::Id(configuration.guardrail.to_string());
    Ok(Selected {
        version,
        compiled: app.compiled(caller, &guardrail, version).await?,
        origin: "ACCOUNT_ENFORCED",
    })
}

fn incorrect_format() -> Error {
    let message = "Guardrail was enabled but input is in incorrect format.";
    RequestError::Malformed(message.to_owned()).into()
}

/// Judges and writes the response. Runs on a thread of the pool.
fn judge(
    app: &App,
    selected: &Selected,
    content: &Content,
    scope: OutputScope,
    explain: bool,
    started: Instant,
    found: Duration,
) -> Result<Reply, Error> {
    let waited = started.elapsed().saturating_sub(found);
    let evaluating = Instant::now();
    let guardrail = &selected.compiled.guardrail;
    let mut verdict = guardrail.evaluate_with(content, app.detectors(), app.options())?;
    let (evaluated, latency) = (evaluating.elapsed(), started.elapsed());
    let mut timings = vec![("find", found), ("wait", waited), ("evaluate", evaluated)];
    if explain && verdict.assessment.filters.iter().any(|it| it.detected) {
        // The same verdict again, so that the time of the evaluation is its own.
        let explaining = Instant::now();
        let options = EvaluateOptions {
            explain,
            ..app.options()
        };
        verdict = guardrail.evaluate_with(content, app.detectors(), options)?;
        timings.push(("explain", explaining.elapsed()));
    }
    app.metrics().not_evaluated(&verdict.not_evaluated);
    let applied = Applied {
        id: selected.compiled.arn.id.clone(),
        arn: Some(selected.compiled.arn.clone()),
        version: selected.version,
        origin: vec![selected.origin],
        verdict,
        latency,
    };
    let mut response = response(&applied, scope);
    let verdict = &applied.verdict;
    if explain {
        response.pretil = Some(explanation(content, verdict, scope, &timings));
    }
    let mut reply = Reply::json(StatusCode::OK, &response)?;
    reply.outcome = match verdict.outcome {
        Outcome::None => "none",
        Outcome::Masked => "masked",
        Outcome::Blocked => "blocked",
    };
    if let Some(value) = not_evaluated_header(&verdict.not_evaluated) {
        reply.headers.insert(NOT_EVALUATED, value);
    }
    Ok(reply)
}

/// Each policy with each of its reasons once, in order.
fn not_evaluated_header(parts: &[NotEvaluated]) -> Option<HeaderValue> {
    let mut pairs = Vec::new();
    for part in parts {
        let pair = format!("{}={}", part.policy.name(), part.reason.name());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    if pairs.is_empty() {
        return None;
    }
    HeaderValue::try_from(pairs.join(",")).ok()
}
