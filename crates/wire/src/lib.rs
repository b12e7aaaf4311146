//! The dialects at the edge, as types, constraints and codecs. No sockets.
//!
//! A request is decoded and checked against the public service model in one pass: what comes out
//! of [`bedrock::decode::from_json`] satisfies every length, pattern, enum and required member of
//! the model, and what does not is refused with all its violations in the service's own wording.
//! Nothing here knows what a guardrail decides.
//!
//! [`openai`] reads the calls that pass through the gateway.

pub mod bedrock;
pub mod frame;
pub mod openai;
