//! From an HTTP request to an operation, and from its result to an HTTP response.
//!
//! The tables of routes are [`pretil_wire::bedrock::route`], which matches from the right, as
//! identifiers may hold slashes, and [`openai::route`], for what begins with `/v1/`. Here every request gets an id, is held apart from the panics of
//! others, is logged in one line and counted.

use crate::{
    app::App,
    bedrock_control as control, bedrock_runtime as runtime, body,
    caller::Caller,
    error::Error,
    gateway::{self, error::GatewayError},
    health,
    reply::{Reply, ReplyBody},
    request_id::RequestId,
};
use http::{
    HeaderName, HeaderValue, Request, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
    request::Parts,
};
use hyper::body::Incoming;
use pretil_wire::{
    bedrock::{ErrorReply, Operation, RouteError, route},
    openai,
};
use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

/// A response.
pub type HttpResponse = Response<ReplyBody>;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static(ErrorReply::TYPE_HEADER);
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Answers `request`, whatever it is.
pub async fn respond(app: Arc<App>, request: Request<Incoming>) -> HttpResponse {
    let started = Instant::now();
    let id = RequestId::new();
    let (head, body) = request.into_parts();
    if let Some(mut response) = health::respond(&app, &head).await {
        stamp(&mut response, id);
        return response;
    }
    let (method, path) = (head.method.as_str(), head.uri.path());
    let (name, (outcome, mut response)) = if let Some(routed) = openai::route(method, path) {
        let name = routed.as_ref().map_or("unknown", openai::Operation::name);
        let result = guarded(gateway::openai::handle(&app, &head, body, routed, id)).await;
        (name, finish_openai(result, id, name))
    } else {
        let routed = route(method, path, head.uri.query());
        let name = match &routed {
            Ok(operation) => operation.name(),
            Err(RouteError::Invalid { operation, .. }) => operation,
            Err(RouteError::UnknownPath | RouteError::UnknownMethod) => "unknown",
        };
        let result = guarded(handle(&app, &head, body, routed)).await;
        (name, finish(result, id, name))
    };
    stamp(&mut response, id);
    record(
        &app,
        id,
        name,
        outcome,
        response.status(),
        started.elapsed(),
    );
    response
}

/// Reads the body and does what `routed` says.
async fn handle(
    app: &Arc<App>,
    head: &Parts,
    body: Incoming,
    routed: Result<Operation, RouteError>,
) -> Result<Reply, Error> {
    let operation = match routed {
        Ok(operation) => operation,
        Err(error) => {
            body::discard(body).await;
            return Err(error.into());
        }
    };
    let body = body::read(&head.headers, body, app.bodies()).await?;
    let caller = Caller::of(&head.headers, app.account(), app.region());
    let status = StatusCode::from_u16(operation.success_status()).unwrap_or(StatusCode::OK);
    match operation {
        Operation::ApplyGuardrail { guardrail, version } => {
            let target = runtime::Target { guardrail, version };
            runtime::apply_guardrail(app, &caller, target, &head.headers, body).await
        }
        Operation::InvokeGuardrailChecks => runtime::invoke_guardrail_checks(app, body).await,
        operation => control::handle(app, caller, operation, status, body).await,
    }
}

/// A handler panicked.
struct Panicked;

impl From<Panicked> for Error {
    fn from(_: Panicked) -> Self {
        Self::Panicked
    }
}

impl From<Panicked> for GatewayError {
    fn from(_: Panicked) -> Self {
        Self::Internal
    }
}

/// Runs `handling` and turns a panic in it into an error of this request alone.
async fn guarded<E: From<Panicked>>(
    handling: impl Future<Output = Result<Reply, E>>,
) -> Result<Reply, E> {
    let mut handling = pin!(handling);
    std::future::poll_fn(|context| {
        // What a panic leaves half done is dropped with the future. State that outlives it is
        // behind locks that treat a panic as an ordinary end (see their `PoisonError` handling).
        catch_unwind(AssertUnwindSafe(|| handling.as_mut().poll(context)))
            .unwrap_or_else(|_| Poll::Ready(Err(Panicked.into())))
    })
    .await
}

fn finish(
    result: Result<Reply, Error>,
    id: RequestId,
    operation: &'static str,
) -> (&'static str, HttpResponse) {
    match result {
        Ok(reply) => written(reply),
        Err(error) => {
            let reply = error.reply();
            if reply.status() >= 500 {
                tracing::error!(request_id = %id, operation, %error, "request failed");
            }
            (reply.code.as_str(), error_response(&error, &reply))
        }
    }
}

/// The same in the OpenAI dialect, whose errors have another shape.
fn finish_openai(
    result: Result<Reply, GatewayError>,
    id: RequestId,
    operation: &'static str,
) -> (&'static str, HttpResponse) {
    let reply = result.unwrap_or_else(|error| {
        let reply = gateway::openai::refuse(&error);
        if reply.status.is_server_error() {
            tracing::error!(request_id = %id, operation, %error, "request failed");
        }
        reply
    });
    written(reply)
}

fn written(reply: Reply) -> (&'static str, HttpResponse) {
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response.headers_mut().entry(CONTENT_TYPE).or_insert(JSON);
    (reply.outcome, response)
}

fn error_response(error: &Error, reply: &ErrorReply) -> HttpResponse {
    let mut response = Response::new(reply.body().into());
    let status = StatusCode::from_u16(reply.status());
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    if let Ok(value) = HeaderValue::try_from(reply.error_type()) {
        headers.insert(ERROR_TYPE, value);
    }
    if let Some(seconds) = error.retry_after() {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The headers of every response.
fn stamp(response: &mut HttpResponse, id: RequestId) {
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}

/// One line and one count per request.
fn record(
    app: &App,
    id: RequestId,
    operation: &'static str,
    outcome: &'static str,
    status: StatusCode,
    latency: Duration,
) {
    app.metrics().request(operation, outcome, latency);
    tracing::info!(
        request_id = %id,
        operation,
        outcome,
        status = status.as_u16(),
        microseconds = latency.as_micros() as u64,
        "request"
    );
}
