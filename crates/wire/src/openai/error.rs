//! Errors in the shape of the dialect.

use super::{Identifier, identifier::lenient};
use serde::{Deserialize, Serialize};

/// `{"error": {…}}`.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorBody {
    error: ErrorMembers,
}

#[derive(Clone, Debug, Serialize)]
struct ErrorMembers {
    message: String,
    #[serde(rename = "type")]
    kind: String,
    param: Option<String>,
    code: Option<String>,
}

impl ErrorBody {
    /// An error of the type `kind`, with a code and the member that it is about.
    pub fn new(message: &str, kind: &str, code: Option<&str>, param: Option<&str>) -> Self {
        Self {
            error: ErrorMembers {
                message: message.to_owned(),
                kind: kind.to_owned(),
                param: param.map(str::to_owned),
                code: code.map(str::to_owned),
            },
        }
    }
}

/// What is understood of a model server's error. The message is somebody's text like any other.
#[derive(Clone, Default, Deserialize)]
pub struct UpstreamErrorBody {
    /// For people.
    pub message: Option<String>,
    /// `invalid_request_error` …
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: Option<Identifier>,
    /// `context_length_exceeded` …
    #[serde(default, deserialize_with = "lenient")]
    pub code: Option<Identifier>,
    /// The member that it is about.
    #[serde(default, deserialize_with = "lenient")]
    pub param: Option<Identifier>,
}

impl UpstreamErrorBody {
    /// Reads an error, in the dialect's shape or in the flat one that some servers use. What is
    /// neither is empty.
    pub fn parse(bytes: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Nested {
            error: UpstreamErrorBody,
        }
        let nested = serde_json::from_slice(bytes).map(|nested: Nested| nested.error);
        nested
            .or_else(|_| serde_json::from_slice(bytes))
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for UpstreamErrorBody {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, code, .. } = self;
        write!(formatter, "UpstreamErrorBody({kind:?}, {code:?})")
    }
}
