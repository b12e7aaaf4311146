//! What is not AWS's: `/healthz`, `/readyz`, `/metrics`. None of them is logged or counted.

use crate::{app::App, router::HttpResponse};
use http::{HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE, request::Parts};

/// Answers, if the request is for one of these.
pub(crate) async fn respond(app: &App, head: &Parts) -> Option<HttpResponse> {
    if head.method != Method::GET {
        return None;
    }
    match head.uri.path() {
        // The process runs and answers.
        "/healthz" => Some(text(StatusCode::OK, "ok\n".to_owned())),
        "/readyz" => Some(ready(app).await),
        "/metrics" => Some(text(StatusCode::OK, metrics(app))),
        _ => None,
    }
}

/// Whether requests can be served: the store answers and no shutdown has begun.
async fn ready(app: &App) -> HttpResponse {
    if app.shutting_down() {
        return text(
            StatusCode::SERVICE_UNAVAILABLE,
            "shutting down\n".to_owned(),
        );
    }
    if app.store().ping().await.is_err() {
        return text(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n".to_owned(),
        );
    }
    text(StatusCode::OK, "ready\n".to_owned())
}

fn metrics(app: &App) -> String {
    app.metrics().render(&[
        (
            "pretil_evaluations_waiting",
            "Evaluations that wait for a core.",
            app.pool().waiting(),
        ),
        (
            "pretil_compiled_guardrails",
            "Compiled guardrails in memory.",
            app.cache().len(),
        ),
    ])
}

fn text(status: StatusCode, body: String) -> HttpResponse {
    const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, PLAIN);
    response
}
