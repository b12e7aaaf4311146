//! The control plane: bodies of requests and responses. Members of paths and query strings are in
//! [`super::Operation`].

mod config;
mod enforced;
mod guardrail;
mod request;
mod tags;

pub use config::*;
pub use enforced::*;
pub use guardrail::*;
pub use request::*;
pub use tags::*;
