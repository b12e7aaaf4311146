//! Errors as the service sends them (rest-json).

use serde::Serialize;

macro_rules! error_codes {
    ($($(#[$meta:meta])* $name:ident = $status:literal;)+) => {
        /// The error codes of the guardrail operations and of the authentication before them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$meta])* $name,)+ }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as SDKs know it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }
        }
    };
}

error_codes! {
    /// The caller may not do this.
    AccessDeniedException = 403;
    /// A name is taken, or a token was used for another request. The model says 400, not 409.
    ConflictException = 400;
    /// The security token has expired.
    ExpiredTokenException = 403;
    /// The `Authorization` header lacks a part.
    IncompleteSignatureException = 400;
    /// Our fault.
    InternalServerException = 500;
    /// The signature does not match.
    InvalidSignatureException = 403;
    /// No credentials were sent where they are needed.
    MissingAuthenticationTokenException = 403;
    /// The method or path belongs to no operation.
    UnknownOperationException = 404;
    /// The guardrail is in use by an enforced configuration.
    ResourceInUseException = 400;
    /// No such guardrail, version or configuration.
    ResourceNotFoundException = 404;
    /// Too many guardrails or versions.
    ServiceQuotaExceededException = 400;
    /// Shutting down, or a dependency is gone.
    ServiceUnavailableException = 503;
    /// Too many requests, or a text over the limit of one request.
    ThrottlingException = 429;
    /// More than 50 tags on a resource. Carries the resource's name.
    TooManyTagsException = 400;
    /// The access key is unknown.
    UnrecognizedClientException = 403;
    /// The request breaks a constraint.
    ValidationException = 400;
}

/// An error as it goes out: a status, the `x-amzn-ErrorType` header and a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorReply {
    /// Which.
    pub code: ErrorCode,
    /// For the caller. Holds no content.
    pub message: String,
    /// The ARN of the resource, for `TooManyTagsException` alone.
    pub resource_name: Option<String>,
}

/// The body. SDKs read `message` in lower case.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<&'a str>,
}

impl ErrorReply {
    /// The name of the header that carries [`ErrorReply::error_type`].
    pub const TYPE_HEADER: &'static str = "x-amzn-errortype";

    /// An error without a resource's name.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            resource_name: None,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.code.status()
    }

    /// The value of `x-amzn-ErrorType`. SDKs take the code up to the first colon.
    pub fn error_type(&self) -> String {
        let code = self.code.as_str();
        format!("{code}:http://internal.amazon.com/coral/com.amazon.bedrock/")
    }

    /// The JSON body.
    pub fn body(&self) -> Vec<u8> {
        let body = Body {
            message: &self.message,
            resource_name: self.resource_name.as_deref(),
        };
        // Two strings always serialise; an empty object is what remains if that were ever false.
        serde_json::to_vec(&body).unwrap_or_else(|_| b"{}".to_vec())
    }
}

impl From<super::RequestError> for ErrorReply {
    fn from(error: super::RequestError) -> Self {
        Self::new(ErrorCode::ValidationException, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_carries_the_code_and_the_body_the_message() {
        let reply = ErrorReply::new(ErrorCode::ValidationException, "no");
        assert_eq!(reply.status(), 400);
        assert_eq!(
            reply.error_type(),
            "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"
        );
        assert_eq!(reply.body(), br#"{"message":"no"}"#);
    }

    #[test]
    fn too_many_tags_names_the_resource() {
        let reply = ErrorReply {
            code: ErrorCode::TooManyTagsException,
            message: "too many".to_owned(),
            resource_name: Some("arn".to_owned()),
        };
        assert_eq!(
            reply.body(),
            br#"{"message":"too many","resourceName":"arn"}"#
        );
    }

    #[test]
    fn conflict_is_400_as_in_the_model() {
        assert_eq!(ErrorCode::ConflictException.status(), 400);
        assert_eq!(ErrorCode::ResourceNotFoundException.status(), 404);
    }
}
