//! What an operation answers, before it is HTTP.

use crate::error::Error;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use serde::Serialize;
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc;

/// A success.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The status of success in the model.
    pub(crate) status: StatusCode,
    /// JSON, unless the headers say otherwise.
    pub(crate) body: ReplyBody,
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

/// The body of a response.
#[derive(Debug)]
pub enum ReplyBody {
    /// All of it; `None` when it was handed out.
    Whole(Option<Bytes>),
    /// Piece by piece, until the sender is dropped.
    Stream(mpsc::Receiver<Bytes>),
}

impl<B: Into<Bytes>> From<B> for ReplyBody {
    fn from(bytes: B) -> Self {
        Self::Whole(Some(bytes.into()).filter(|bytes| !bytes.is_empty()))
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = |bytes| Ok(Frame::data(bytes));
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(frame)),
            Self::Stream(pieces) => pieces.poll_recv(context).map(|piece| piece.map(frame)),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Stream(_) => SizeHint::default(),
        }
    }
}
