//! Reading an answer: bounded in bytes, in the pauses between its pieces, and in all.

use super::UpstreamError;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::time::{Duration, Instant};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{timeout, timeout_at},
};

/// An answer's body. It holds its place among the upstream's calls until it is dropped.
pub(crate) struct AnswerBody {
    body: Incoming,
    deadline: Instant,
    idle: Duration,
    left: usize,
    _place: OwnedSemaphorePermit,
}

impl AnswerBody {
    pub(super) fn new(
        body: Incoming,
        deadline: Instant,
        idle: Duration,
        longest: usize,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            body,
            deadline,
            idle,
            left: longest,
            _place: place,
        }
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, UpstreamError> {
        loop {
            let frame = timeout(self.idle, self.body.frame());
            let frame = match timeout_at(self.deadline.into(), frame).await {
                Ok(Ok(Some(Ok(frame)))) => frame,
                Ok(Ok(Some(Err(_)))) => return Err(UpstreamError::Broken),
                Ok(Ok(None)) => return Ok(None),
                Ok(Err(_)) => return Err(UpstreamError::Stalled),
                Err(_) => return Err(UpstreamError::Late),
            };
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.left = self
                .left
                .checked_sub(data.len())
                .ok_or(UpstreamError::TooLong)?;
            return Ok(Some(data));
        }
    }

    /// All of it.
    pub(crate) async fn whole(mut self) -> Result<Bytes, UpstreamError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}
