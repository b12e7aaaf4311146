//! How replies that come in pieces are framed: server-sent events, and the event stream of AWS.
//!
//! Both decoders take bytes as they come off a connection, cut anywhere, and give the same frames
//! for every way of cutting them. What they buffer is bounded; a frame that is larger is an error.

pub mod event_stream;
pub mod sse;
