//! The service behind a real listener.

mod bad_input;
mod golden;
mod limits;
mod protocol;
mod routes;
mod support;
