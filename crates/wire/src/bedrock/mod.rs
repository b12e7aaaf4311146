//! Amazon Bedrock: the guardrail operations of the services `bedrock` and `bedrock-runtime`.
//!
//! Shapes, bounds, patterns and enums are those of the public botocore 1.44.8 models; where a
//! documented limit differs from the model, the place says so.

mod constraint;
pub mod control;
pub mod decode;
mod error;
mod identifier;
mod operation;
mod pattern;
pub mod runtime;
mod timestamp;
mod vocabulary;

pub use constraint::{RequestError, Violations};
pub use decode::{Decoded, from_json};
pub use error::{ErrorCode, ErrorReply};
pub use identifier::{GuardrailArn, GuardrailReference, GuardrailVersion};
pub use operation::{Operation, RouteError, route};
pub use timestamp::Timestamp;
