//! The OpenAI dialect, one file per operation.
//!
//! What is judged in a request: every text of every message but `system` and `developer`, in each
//! call anew, since the API keeps no state and the caller can write any of it: what users said, what
//! tools gave back, what the assistant is said to have said, and the arguments of its calls. What is
//! not: settings, tools, formats, `system` and `developer`; they are the application's.
//!
//! What is judged in an answer: all of it. What is not known is dropped.

mod chat;
mod chat_stream;
mod completions;
mod models;
mod moderations;

use super::{
    error::{GatewayError, Told},
    judge::{Guard, Judged, Piece},
    report::CallReport,
};
use crate::{
    app::App,
    body::{self, HeldBody},
    caller::Caller,
    reply::Reply,
    request_id::RequestId,
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ALLOW, RETRY_AFTER},
    request::Parts,
};
use hyper::body::Incoming;
use pretil_guardrail::Source;
use pretil_wire::openai::{Identifier, Operation, ParseError, RouteError, Slot};
use std::sync::Arc;

/// Reads the body and does what `routed` says.
pub(crate) async fn handle(
    app: &Arc<App>,
    head: &Parts,
    body: Incoming,
    routed: Result<Operation, RouteError>,
    id: RequestId,
) -> Result<Reply, GatewayError> {
    let operation = match routed {
        Ok(operation) => operation,
        Err(error) => {
            body::discard(body).await;
            return Err(error.into());
        }
    };
    let body = body::read(&head.headers, body, app.bodies()).await?;
    let caller = Caller::of(&head.headers, app.account(), app.region());
    let call = Call {
        app: Arc::clone(app),
        caller,
        id,
    };
    match operation {
        Operation::ChatCompletions => chat::complete(&call, &head.headers, body).await,
        Operation::Completions => completions::complete(&call, &head.headers, body).await,
        Operation::Models => models::list(app),
        Operation::Model(name) => models::get(app, &name),
        Operation::Moderations => moderations::moderate(&call, body).await,
    }
}

/// An error as a reply in the dialect's shape.
pub(crate) fn refuse(error: &GatewayError) -> Reply {
    let Told {
        status,
        body,
        outcome,
        retry_after,
    } = error.told();
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if matches!(error, GatewayError::Route(RouteError::UnknownMethod)) {
        headers.insert(ALLOW, HeaderValue::from_static("GET, POST"));
    }
    Reply {
        status,
        // It is made of texts, which JSON can hold.
        body: serde_json::to_vec(&body).unwrap_or_default().into(),
        headers,
        outcome,
    }
}

/// `reply` with what the guardrail did in its headers.
fn reported(mut reply: Reply, report: &CallReport) -> Reply {
    report.write(&mut reply.headers);
    reply.outcome = report.outcome();
    reply
}

/// An answer that is not understood, as it came: only where `on_failure` is `open`.
fn unjudged(mut report: CallReport, bytes: Bytes) -> Reply {
    report.add(&Judged::unjudged("not_understood"));
    let reply = Reply {
        status: StatusCode::OK,
        body: bytes.into(),
        headers: HeaderMap::new(),
        outcome: "not_evaluated",
    };
    reported(reply, &report)
}

/// What every operation needs to know.
struct Call {
    app: Arc<App>,
    caller: Caller,
    id: RequestId,
}

impl Call {
    /// An id in the dialect's manner.
    fn reply_id(&self, prefix: &str) -> Result<Identifier, GatewayError> {
        Identifier::new(format!("{prefix}-{}", self.id)).ok_or(GatewayError::Internal)
    }

    /// The guardrail for a call to the model that callers know by `name`.
    async fn guard(&self, name: &str, headers: &HeaderMap) -> Result<Guard, GatewayError> {
        let model = self.app.gateway().model(name);
        let model = model.ok_or(GatewayError::UnknownModel)?;
        Guard::choose(&self.app, &self.caller, model, headers).await
    }

    /// Now, in seconds.
    fn now(&self) -> u64 {
        u64::try_from(self.app.now().0 / 1_000_000).unwrap_or_default()
    }

    /// Reads a request; a long one on the pool, as it would keep others waiting.
    async fn read<Request: Send + 'static>(
        &self,
        body: HeldBody,
        parse: fn(&[u8]) -> Result<Request, ParseError>,
    ) -> Result<Request, GatewayError> {
        if body.bytes.len() <= crate::app::DECODED_ON_THE_SPOT_BYTES {
            return Ok(parse(&body.bytes)?);
        }
        let parsed = self.app.pool().run(move || parse(&body.bytes)).await;
        Ok(parsed.map_err(crate::error::Error::from)??)
    }
}

/// What a visit of a request or an answer collects.
#[derive(Default)]
struct Pieces {
    pieces: Vec<Piece>,
    unreadable: Option<String>,
}

impl Pieces {
    fn of(visit: impl FnOnce(&mut dyn FnMut(Slot<'_>))) -> Self {
        let mut collected = Self::default();
        visit(&mut |slot| match slot {
            Slot::Text(text) => collected.pieces.push(Piece::Text(text.clone())),
            Slot::Arguments(text) => collected.pieces.push(Piece::Arguments(text.clone())),
            Slot::Image => collected.pieces.push(Piece::Image),
            Slot::Unreadable(name) => drop(collected.unreadable.get_or_insert(name)),
        });
        collected
    }

    /// Judges what was collected. A part that cannot be read does not pass, unless `guard` is open.
    async fn judge(self, guard: &Guard, source: Source) -> Result<Judged, GatewayError> {
        let unreadable = match self.unreadable {
            Some(part) if !guard.open() => return Err(GatewayError::Unreadable(part)),
            Some(_) => Some("unreadable_part"),
            None => None,
        };
        let judged = guard.judge(source, self.pieces).await?;
        Ok(judged.but_for(unreadable))
    }
}

/// Writes masked texts back where they came from.
fn write_back(texts: Vec<String>, visit: impl FnOnce(&mut dyn FnMut(Slot<'_>))) {
    let mut texts = texts.into_iter();
    visit(&mut |slot| {
        if let Slot::Text(place) | Slot::Arguments(place) = slot
            && let Some(text) = texts.next()
        {
            *place = text;
        }
    });
}
