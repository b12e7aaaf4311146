//! One table: why a call through the gateway gets no answer → what the caller is told.
//!
//! Nothing here says where an upstream is, what its key is, or quotes a text that was not judged.

use super::upstream::UpstreamError;
use crate::{body::BodyError, error::Error, limits};
use http::StatusCode;
use pretil_guardrail::evaluate::EvaluateError;
use pretil_wire::openai::{ErrorBody, ParseError, RouteError};

/// Why there is no answer. `Display` is the operator's message and holds no content.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GatewayError {
    /// No operation has this method and path.
    #[error("not routed: {0}")]
    Route(#[from] RouteError),
    /// There is no body to read.
    #[error("{0}")]
    Body(#[from] BodyError),
    /// The request is not in the dialect.
    #[error("the request is not in order")]
    Request(#[from] ParseError),
    /// The request has a member that is not handed on.
    #[error("the request has a member that is not handed on")]
    Parameter(String),
    /// No model has this name.
    #[error("the model does not exist")]
    UnknownModel,
    /// The header names no guardrail, or one that does not exist.
    #[error("the header names no guardrail that exists")]
    GuardrailHeader,
    /// The model's guardrail may not be replaced.
    #[error("the model's guardrail may not be replaced")]
    GuardrailFixed,
    /// The guardrail that the configuration names does not exist.
    #[error("the configured guardrail does not exist")]
    NoGuardrail,
    /// Something in the request cannot be judged.
    #[error("a part of the request cannot be judged")]
    Unreadable(String),
    /// The guardrail could not judge.
    #[error("not judged: {0}")]
    NotJudged(#[from] Error),
    /// This build has nothing that reads for harm.
    #[error("no detector")]
    NoDetector,
    /// What reads for harm failed.
    #[error("the detector failed")]
    DetectorFailed,
    /// The guardrail blocked, and the model answers that with an error.
    #[error("blocked")]
    Blocked {
        /// The guardrail's prepared message.
        message: String,
    },
    /// There is no answer from the upstream.
    #[error("{0}")]
    Upstream(#[from] UpstreamError),
    /// The upstream answered with an error.
    #[error("the upstream answered {}", .0.status)]
    Refused(UpstreamRefusal),
    /// The upstream's answer is not understood, so it cannot be judged.
    #[error("the upstream's answer is not understood")]
    Answer,
    /// A handler panicked, or an answer could not be written.
    #[error("the answer could not be written")]
    Internal,
}

/// What of an upstream's error is told.
#[derive(Clone, Debug)]
pub(crate) struct UpstreamRefusal {
    /// What the upstream said.
    pub(crate) status: StatusCode,
    /// Judged, and free of keys and addresses; ours, if the upstream's is not.
    pub(crate) message: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) param: Option<String>,
    /// Seconds.
    pub(crate) retry_after: Option<u32>,
}

/// What the caller is told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) body: ErrorBody,
    /// From a closed set, for the metrics.
    pub(crate) outcome: &'static str,
    pub(crate) retry_after: Option<u32>,
}

const REQUEST: &str = "invalid_request_error";
const API: &str = "api_error";

impl GatewayError {
    /// What the caller is told.
    pub(crate) fn told(&self) -> Told {
        match self {
            Self::Route(RouteError::UnknownPath) => {
                simple(404, REQUEST, "unknown_url", "No operation has this path.")
            }
            Self::Route(RouteError::UnknownMethod) => simple(
                405,
                REQUEST,
                "method_not_allowed",
                "The operation has another method.",
            ),
            Self::Body(error) => body(*error),
            Self::Request(error) => {
                let message = format!("The request is not in order: {error}.");
                about(400, "invalid_request", &message, error.member())
            }
            Self::Parameter(name) => about(
                400,
                "unknown_parameter",
                &format!("The parameter {name} is not handed on to this model."),
                Some(name),
            ),
            Self::UnknownModel => about(
                404,
                "model_not_found",
                "The model does not exist.",
                Some("model"),
            ),
            Self::GuardrailHeader => simple(
                400,
                REQUEST,
                "guardrail_not_found",
                "The header x-pretil-guardrail names no guardrail that exists; write ID or ID:VERSION.",
            ),
            Self::GuardrailFixed => simple(
                403,
                REQUEST,
                "guardrail_fixed",
                "The guardrail of this model may not be replaced by a request.",
            ),
            Self::NoGuardrail => simple(
                503,
                API,
                "guardrail_not_found",
                "The guardrail of this model does not exist, so nothing passes.",
            ),
            Self::Unreadable(part) => simple(
                400,
                REQUEST,
                "cannot_be_judged",
                &format!("The request holds {part}, which cannot be judged."),
            ),
            Self::NotJudged(error) => not_judged(error),
            Self::NoDetector => simple(
                503,
                API,
                "no_detector",
                "This build has no detector for the moderation categories.",
            ),
            Self::DetectorFailed => simple(503, API, "not_judged", "The text could not be judged."),
            Self::Blocked { message } => simple(400, REQUEST, "content_filter", message),
            Self::Upstream(error) => upstream(*error),
            Self::Refused(refusal) => refused(refusal),
            Self::Answer => simple(
                502,
                API,
                "upstream_answer",
                "The model's answer was not understood and could not be judged.",
            ),
            Self::Internal => simple(500, API, "internal_error", INTERNAL),
        }
    }
}

const INTERNAL: &str = "The service encountered an unexpected error. Try the request again later.";

fn simple(status: u16, kind: &'static str, code: &'static str, message: &str) -> Told {
    Told {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        body: ErrorBody::new(message, kind, Some(code), None),
        outcome: code,
        retry_after: None,
    }
}

fn about(status: u16, code: &'static str, message: &str, param: Option<&str>) -> Told {
    Told {
        body: ErrorBody::new(message, REQUEST, Some(code), param),
        ..simple(status, REQUEST, code, message)
    }
}

fn overloaded() -> Told {
    Told {
        retry_after: Some(limits::RETRY_AFTER_SECONDS),
        ..simple(
            429,
            "rate_limit_error",
            "overloaded",
            "Too many requests, please wait before trying again.",
        )
    }
}

fn body(error: BodyError) -> Told {
    if error == BodyError::Overloaded {
        return overloaded();
    }
    let status = if error == BodyError::TooLong {
        413
    } else {
        400
    };
    let message = Error::Body(error).reply().message;
    simple(status, REQUEST, "invalid_body", &message)
}

fn not_judged(error: &Error) -> Told {
    use crate::evaluation::PoolError;
    match error {
        Error::Pool(PoolError::Overloaded) => overloaded(),
        Error::Content(error @ EvaluateError::TooManyUnits { .. }) => {
            simple(400, REQUEST, "content_too_long", &error.to_string())
        }
        _ => simple(
            503,
            API,
            "not_judged",
            "The guardrail could not judge, so nothing passes.",
        ),
    }
}

fn upstream(error: UpstreamError) -> Told {
    let (status, code, message) = match error {
        UpstreamError::Busy => {
            return Told {
                retry_after: Some(limits::RETRY_AFTER_SECONDS),
                ..simple(
                    429,
                    "rate_limit_error",
                    "upstream_busy",
                    "The model is busy, please wait before trying again.",
                )
            };
        }
        UpstreamError::Connect(_) => (502, "upstream_unreachable", "The model cannot be reached."),
        UpstreamError::Slow => (
            504,
            "upstream_timeout",
            "The model did not begin to answer in time.",
        ),
        UpstreamError::Stalled => (
            504,
            "upstream_timeout",
            "The model stopped in the middle of its answer.",
        ),
        UpstreamError::Late => (504, "upstream_timeout", "The model's answer took too long."),
        UpstreamError::TooLong => (502, "upstream_answer", "The model's answer is too long."),
        UpstreamError::Broken => (
            502,
            "upstream_broken",
            "The connection to the model broke before its answer was whole.",
        ),
    };
    simple(status, API, code, message)
}

/// An upstream's refusal of this request passes on as what it is. What is between the gateway and
/// the upstream (credentials, paths, redirects) is not the caller's affair: a bad gateway.
fn refused(refusal: &UpstreamRefusal) -> Told {
    let status = refusal.status.as_u16();
    let pass = |outcome: &'static str, kind: &str, message: &str| {
        let message = refusal.message.as_deref().unwrap_or(message);
        Told {
            status: refusal.status,
            body: ErrorBody::new(
                message,
                refusal.kind.as_deref().unwrap_or(kind),
                refusal.code.as_deref(),
                refusal.param.as_deref(),
            ),
            outcome,
            retry_after: refusal.retry_after,
        }
    };
    match status {
        400 | 409 | 413 | 415 | 422 => pass(
            "upstream_refused",
            REQUEST,
            "The model refused the request.",
        ),
        429 => pass(
            "upstream_busy",
            "rate_limit_error",
            "The model is busy, please wait before trying again.",
        ),
        503 => Told {
            retry_after: refusal.retry_after,
            ..simple(
                503,
                API,
                "upstream_error",
                "The model is not available now.",
            )
        },
        504 => simple(504, API, "upstream_timeout", "The model took too long."),
        300..=399 => simple(
            502,
            API,
            "upstream_redirect",
            "The model answered with a redirect, which is not followed.",
        ),
        401 | 403 => simple(
            502,
            API,
            "upstream_credentials",
            "The model refused the gateway's credentials.",
        ),
        _ => simple(502, API, "upstream_error", "The model failed to answer."),
    }
}
