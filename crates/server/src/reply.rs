//! What an operation answers, before it is HTTP.

use crate::error::Error;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

/// A success.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The status of success in the model.
    pub(crate) status: StatusCode,
    /// JSON, unless the headers say otherwise.
    pub(crate) body: Bytes,
    /// Headers beside those that every response has.
    pub(crate) headers: HeaderMap,
    /// For the metrics: `ok`, or what became of the content.
    pub(crate) outcome: &'static str,
}

impl Reply {
    /// `value` as JSON.
    pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(value).map_err(|_| Error::Response)?;
        Ok(Self {
            status,
            body: body.into(),
            headers: HeaderMap::new(),
            outcome: "ok",
        })
    }
}
