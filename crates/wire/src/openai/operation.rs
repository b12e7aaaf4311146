//! Which operation a request is for.

use percent_encoding::percent_decode_str;

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/chat/completions`
    ChatCompletions,
    /// `POST /v1/completions`
    Completions,
    /// `GET /v1/models`
    Models,
    /// `GET /v1/models/{model}`; a model's name may hold slashes.
    Model(String),
    /// `POST /v1/moderations`
    Moderations,
}

/// Why a request of this dialect is for no operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// Nothing is there.
    #[error("no operation has this path")]
    UnknownPath,
    /// Something is there, but not for this method.
    #[error("the operation has another method")]
    UnknownMethod,
}

impl Operation {
    /// As logs and metrics call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ChatCompletions => "ChatCompletions",
            Self::Completions => "Completions",
            Self::Models | Self::Model(_) => "Models",
            Self::Moderations => "Moderations",
        }
    }
}

/// The operation, if the path is one of this dialect at all.
pub fn route(method: &str, path: &str) -> Option<Result<Operation, RouteError>> {
    let rest = path.strip_prefix("/v1/")?;
    let (expected, operation) = match rest.trim_end_matches('/') {
        "chat/completions" => ("POST", Operation::ChatCompletions),
        "completions" => ("POST", Operation::Completions),
        "moderations" => ("POST", Operation::Moderations),
        "models" => ("GET", Operation::Models),
        other => match other.strip_prefix("models/").and_then(decoded) {
            Some(name) => ("GET", Operation::Model(name)),
            None => return Some(Err(RouteError::UnknownPath)),
        },
    };
    if method != expected {
        return Some(Err(RouteError::UnknownMethod));
    }
    Some(Ok(operation))
}

fn decoded(name: &str) -> Option<String> {
    let name = percent_decode_str(name).decode_utf8().ok()?;
    Some(name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let model = |name: &str| Ok(Operation::Model(name.to_owned()));
        for (method, path, expected) in [
            (
                "POST",
                "/v1/chat/completions",
                Some(Ok(Operation::ChatCompletions)),
            ),
            (
                "GET",
                "/v1/chat/completions",
                Some(Err(RouteError::UnknownMethod)),
            ),
            ("POST", "/v1/completions", Some(Ok(Operation::Completions))),
            ("POST", "/v1/moderations", Some(Ok(Operation::Moderations))),
            ("GET", "/v1/models", Some(Ok(Operation::Models))),
            ("GET", "/v1/models/", Some(Ok(Operation::Models))),
            ("GET", "/v1/models/meta/llama", Some(model("meta/llama"))),
            ("GET", "/v1/models/meta%2Fllama", Some(model("meta/llama"))),
            ("GET", "/v1/models/%ff", Some(Err(RouteError::UnknownPath))),
            ("POST", "/v1/embeddings", Some(Err(RouteError::UnknownPath))),
            ("POST", "/guardrails", None),
            ("GET", "/v1", None),
        ] {
            assert_eq!(route(method, path), expected, "{method} {path}");
        }
    }
}
