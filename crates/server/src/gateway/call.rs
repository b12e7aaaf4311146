//! The call itself: to the upstream, and what its refusals become.

use super::{
    error::{GatewayError, UpstreamRefusal},
    judge::{Guard, Piece},
    upstream::Answer,
};
use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use pretil_guardrail::{Source, verdict::Outcome};
use pretil_wire::openai::{Identifier, UpstreamErrorBody};

/// Longest error message that is passed on, in bytes.
const MAX_MESSAGE_BYTES: usize = 4_096;

/// Longest wait that is passed on, in seconds.
const MAX_RETRY_AFTER: u32 = 3_600;

/// Sends `body`, whose texts have been judged, and waits for an answer to begin.
pub(crate) async fn send(guard: &Guard, path: &str, body: Vec<u8>) -> Result<Answer, GatewayError> {
    let upstream = &guard.model.upstream;
    let answer = upstream.post(path, body.into()).await;
    let answer = answer.inspect_err(|error| {
        tracing::warn!(upstream = upstream.name, %error, "an upstream gave no answer");
    })?;
    if answer.status == StatusCode::OK {
        return Ok(answer);
    }
    let status = answer.status.as_u16();
    tracing::warn!(upstream = upstream.name, status, "an upstream refused");
    Err(GatewayError::Refused(refusal(guard, answer).await))
}

/// What of the upstream's error may be told. Its message is a text like any other: it is judged as
/// an answer, and dropped when it shows what is the operator's.
async fn refusal(guard: &Guard, answer: Answer) -> UpstreamRefusal {
    let (status, retry_after) = (answer.status, retry_after(&answer.headers));
    let whole = answer.body.whole().await.unwrap_or_default();
    let error = UpstreamErrorBody::parse(&whole);
    let own = |text: &str| shows_the_operators(guard, text);
    let name = |name: Option<Identifier>| {
        let name = name.map(|name| name.as_str().to_owned());
        name.filter(|name| !own(name))
    };
    let message = error
        .message
        .filter(|it| it.len() <= MAX_MESSAGE_BYTES && !own(it));
    let message = match message {
        Some(message) => judged(guard, message).await,
        None => None,
    };
    UpstreamRefusal {
        status,
        message,
        kind: name(error.kind),
        code: name(error.code),
        param: name(error.param),
        retry_after,
    }
}

fn shows_the_operators(guard: &Guard, text: &str) -> bool {
    let model = &guard.model;
    let renamed = model.upstream_name() != model.name && text.contains(model.upstream_name());
    renamed || model.upstream.shows_secret(text)
}

/// The message as the guardrail leaves it; `None` if it does not.
async fn judged(guard: &Guard, message: String) -> Option<String> {
    let pieces = vec![Piece::Text(message.clone())];
    let mut judged = guard.judge(Source::Output, pieces).await.ok()?;
    match judged.outcome {
        _ if judged.unjudged.is_some() => None,
        Outcome::None => Some(message),
        Outcome::Masked => judged.texts.pop(),
        Outcome::Blocked => None,
    }
}

/// Only as seconds: a date would have to be read by a clock.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u32 = value.trim().parse().ok()?;
    Some(seconds.min(MAX_RETRY_AFTER))
}
