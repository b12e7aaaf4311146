//! HTTP: one file per operation.
//!
//! Reading order:
//! - [`serve`]: the listener, its limits and its shutdown.
//! - [`router`]: from a request to an operation and back; request ids, panics, the log line.
//! - [`app`]: what the operations share: store, compiled guardrails, detectors, clock.
//! - `bedrock_control`, `bedrock_runtime`: one file per operation.
//! - [`gateway`]: guardrails around calls to models, in the OpenAI dialect.
//! - [`convert`]: between the API's shapes and ours; the command line uses it too.
//! - [`error`]: one table from what went wrong to what the caller is told.
//! - [`evaluation`]: the bounded pool where content is judged.
//! - [`guardrail_cache`]: compiled guardrails, never stale.
//! - [`telemetry`]: metrics and logs, without content.
#![forbid(unsafe_code)]

pub mod app;
mod bedrock_control;
mod bedrock_runtime;
pub mod body;
pub mod caller;
pub mod clock;
pub mod convert;
pub mod error;
pub mod evaluation;
pub mod gateway;
pub mod guardrail_cache;
mod guardrails;
mod health;
pub mod limits;
pub mod reply;
pub mod request_id;
pub mod router;
pub mod serve;
pub mod telemetry;
