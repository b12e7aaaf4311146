//! One table: what went wrong → the API's code, the caller's message, the operator's message.

use crate::{body::BodyError, convert::ConvertError, evaluation::PoolError, limits};
use pretil_guardrail::{CompileError, evaluate::EvaluateError};
use pretil_store::{Missing, StoreError};
use pretil_wire::bedrock::{ErrorCode, ErrorReply, RequestError, RouteError};

/// Why a request is not answered with success. `Display` is the operator's message and holds no
/// content; [`Error::reply`] is what the caller gets.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No operation has this method and path, or a member in the path is not valid.
    #[error("not routed: {0}")]
    Route(#[from] RouteError),
    /// The body breaks the service model.
    #[error("the request breaks the service model")]
    Request(#[from] RequestError),
    /// There is no body to read.
    #[error("{0}")]
    Body(#[from] BodyError),
    /// The configuration breaks a rule across its members.
    #[error("the configuration is not valid")]
    Config(#[from] CompileError),
    /// The content cannot be judged.
    #[error("the content was refused")]
    Content(#[from] EvaluateError),
    /// No core was free, or the work panicked.
    #[error("{0}")]
    Pool(#[from] PoolError),
    /// The request breaks a rule of the service that is not in the model.
    #[error("the request is not valid: {0}")]
    Invalid(&'static str),
    /// The runtime knows no such guardrail or version.
    #[error("the guardrail or version does not exist")]
    UnknownGuardrail,
    /// The request is in order and cannot be done as things are.
    #[error("refused: {}", .0.code.as_str())]
    Refused(ErrorReply),
    /// The store refused or failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A stored configuration cannot be compiled by this build.
    #[error("a stored guardrail does not compile")]
    Stored,
    /// The wire and the core disagree.
    #[error("{0}")]
    Convert(#[from] ConvertError),
    /// A handler panicked.
    #[error("the handler panicked")]
    Panicked,
    /// A response could not be written.
    #[error("the response could not be written")]
    Response,
}

/// The runtime's text for an identifier or version that does not exist.
pub const UNKNOWN_GUARDRAIL: &str =
    "The guardrail identifier or version provided in the request does not exist.";

/// Says nothing of what happened inside.
const INTERNAL: &str = "The service encountered an unexpected error. Try the request again later.";

impl Error {
    /// What the caller gets.
    pub fn reply(&self) -> ErrorReply {
        use ErrorCode as Code;
        let (code, message) = match self {
            Self::Route(error) => return error.clone().into(),
            Self::Request(error) => return error.clone().into(),
            Self::Refused(reply) => return reply.clone(),
            Self::Body(error) => body(*error),
            Self::Config(error) => (Code::ValidationException, error.to_string()),
            Self::Content(error) => (content(error), error.to_string()),
            Self::Pool(PoolError::Overloaded) => (Code::ThrottlingException, overloaded()),
            Self::Pool(PoolError::TooSlow) => (Code::ServiceUnavailableException, too_slow()),
            Self::Invalid(message) => (Code::ValidationException, (*message).to_owned()),
            Self::UnknownGuardrail => (Code::ValidationException, UNKNOWN_GUARDRAIL.to_owned()),
            Self::Store(error) => store(error),
            Self::Pool(PoolError::Panicked)
            | Self::Stored
            | Self::Convert(_)
            | Self::Panicked
            | Self::Response => (Code::InternalServerException, INTERNAL.to_owned()),
        };
        ErrorReply::new(code, message)
    }

    /// When the caller should try again, in seconds, where that helps.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Pool(PoolError::Overloaded) | Self::Body(BodyError::Overloaded) => {
                Some(limits::RETRY_AFTER_SECONDS)
            }
            _ => None,
        }
    }
}

fn overloaded() -> String {
    "Too many requests, please wait before trying again.".to_owned()
}

fn too_slow() -> String {
    "The request took too long and was given up.".to_owned()
}

fn body(error: BodyError) -> (ErrorCode, String) {
    let invalid = |message: String| (ErrorCode::ValidationException, message);
    match error {
        BodyError::TooLong => invalid(format!(
            "The request body is too large: it exceeds the maximum of {} bytes.",
            limits::MAX_BODY_BYTES
        )),
        BodyError::TooSlow => invalid(format!(
            "The request body did not arrive within {} seconds.",
            limits::BODY_DEADLINE.as_secs()
        )),
        BodyError::Encoded => invalid(
            "The request body is encoded: Content-Encoding is not supported, send it as it is."
                .to_owned(),
        ),
        BodyError::Broken => invalid("The request body broke off.".to_owned()),
        BodyError::Overloaded => (ErrorCode::ThrottlingException, overloaded()),
    }
}

fn content(error: &EvaluateError) -> ErrorCode {
    match error {
        EvaluateError::TooManyUnits { .. } => ErrorCode::ThrottlingException,
        EvaluateError::NoContent
        | EvaluateError::GroundingIncomplete(_)
        | EvaluateError::GroundingTooLong { .. }
        | EvaluateError::NoClaim => ErrorCode::ValidationException,
    }
}

fn store(error: &StoreError) -> (ErrorCode, String) {
    use ErrorCode as Code;
    match error {
        StoreError::NotFound(Missing::Guardrail | Missing::Version) => (
            Code::ResourceNotFoundException,
            UNKNOWN_GUARDRAIL.to_owned(),
        ),
        StoreError::NotFound(Missing::Configuration) => (
            Code::ResourceNotFoundException,
            "The enforced guardrail configuration provided in the request does not exist."
                .to_owned(),
        ),
        StoreError::NameTaken => (
            Code::ConflictException,
            "Another guardrail in this account has this name. Choose another name.".to_owned(),
        ),
        StoreError::TokenReused => (
            Code::ConflictException,
            "The client request token was used for a request with other parameters.".to_owned(),
        ),
        StoreError::GuardrailQuota(quota) => (
            Code::ServiceQuotaExceededException,
            format!("The account has reached the maximum of {quota} guardrails."),
        ),
        StoreError::VersionQuota(quota) => (
            Code::ServiceQuotaExceededException,
            format!("The guardrail has reached the maximum of {quota} versions."),
        ),
        StoreError::TooManyTags(quota) => (
            Code::TooManyTagsException,
            format!("A guardrail can have at most {quota} tags."),
        ),
        StoreError::InUse => (
            Code::ResourceInUseException,
            "The guardrail is used by an enforced guardrail configuration. Delete that first."
                .to_owned(),
        ),
        StoreError::AlreadyEnforced => (
            Code::ConflictException,
            "The account has an enforced guardrail configuration. Name its configId to change it."
                .to_owned(),
        ),
        StoreError::InvalidPageToken => (
            Code::ValidationException,
            "The nextToken provided in the request is not valid.".to_owned(),
        ),
        StoreError::Corrupt(_) | StoreError::Random(_) | StoreError::Database(_) => {
            (Code::InternalServerException, INTERNAL.to_owned())
        }
    }
}
