//! Between the API's shapes and ours. Both the service and the command line convert here.
//!
//! - [`config`]: the body of CreateGuardrail or UpdateGuardrail ↔ `Config`.
//! - [`guardrail`]: `Config` → what GetGuardrail returns.
//! - [`content`]: the body of ApplyGuardrail → `Content`.
//! - [`verdict`]: `Verdict` → the reply of ApplyGuardrail.
//! - [`explanation`]: `Verdict` → the `pretil` member of that reply.

pub mod config;
pub mod content;
pub mod explanation;
pub mod guardrail;
pub mod verdict;

/// A value passed the checks of the wire and has no counterpart in the core. It would mean that
/// the two crates disagree on an enum; a test holds them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {0} of the request has no counterpart in the core")]
pub struct ConvertError(pub &'static str);
