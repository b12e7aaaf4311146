//! The service behind a real listener.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod bad_input;
mod content;
mod gateway;
mod golden;
mod limits;
mod protocol;
mod routes;
mod support;
