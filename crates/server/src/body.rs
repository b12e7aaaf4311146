//! Reading a request's body: bounded in bytes and in time.

use crate::limits;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header::CONTENT_ENCODING};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::sync::Arc;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// More than [`limits::MAX_BODY_BYTES`].
    #[error("the request body is too long")]
    TooLong,
    /// Not all of it came within [`limits::BODY_DEADLINE`].
    #[error("the request body did not arrive in time")]
    TooSlow,
    /// It is compressed or otherwise encoded.
    #[error("the request body is encoded")]
    Encoded,
    /// The bodies of all requests together are too much now.
    #[error("no memory is left for the request body")]
    Overloaded,
    /// The connection broke.
    #[error("the request body broke off")]
    Broken,
}

/// The memory for the bodies of all requests.
#[derive(Clone, Debug)]
pub struct BodyBudget(Arc<Semaphore>);

impl Default for BodyBudget {
    fn default() -> Self {
        let steps = limits::BODY_BUDGET_BYTES / limits::BODY_BUDGET_STEP_BYTES;
        Self(Arc::new(Semaphore::new(steps)))
    }
}

/// A body, and its share of the budget for as long as it is held.
#[derive(Debug, Default)]
pub struct HeldBody {
    /// What was sent.
    pub bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

/// Reads the whole of `body`.
pub async fn read(
    headers: &HeaderMap,
    body: Incoming,
    budget: &BodyBudget,
) -> Result<HeldBody, BodyError> {
    let encoded = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|value| !value.as_bytes().trim_ascii().is_empty() && value != "identity");
    let reading = async {
        if encoded {
            discard(body).await;
            return Err(BodyError::Encoded);
        }
        collect(body, budget).await
    };
    let read = timeout(limits::BODY_DEADLINE, reading).await;
    read.unwrap_or(Err(BodyError::TooSlow))
}

async fn collect(mut body: Incoming, budget: &BodyBudget) -> Result<HeldBody, BodyError> {
    let announced = body.size_hint().lower();
    if announced > limits::MAX_BODY_BYTES as u64 {
        discard(body).await;
        return Err(BodyError::TooLong);
    }
    let mut bytes = BytesMut::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    let mut budgeted = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::Broken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let length = bytes.len() + data.len();
        if length > limits::MAX_BODY_BYTES {
            drop((bytes, share));
            discard(body).await;
            return Err(BodyError::TooLong);
        }
        while budgeted < length {
            let step = Arc::clone(&budget.0).try_acquire_owned();
            let step = step.map_err(|_| BodyError::Overloaded)?;
            match &mut share {
                Some(share) => share.merge(step),
                None => share = Some(step),
            }
            budgeted += limits::BODY_BUDGET_STEP_BYTES;
        }
        bytes.extend_from_slice(&data);
    }
    Ok(HeldBody {
        bytes: bytes.freeze(),
        _share: share,
    })
}

/// Reads on without keeping anything, so that a client which sends before it listens gets to read
/// its answer.
pub async fn discard(body: Incoming) {
    // Whether all of it came makes no difference to the answer.
    let _ = timeout(limits::BODY_DEADLINE, discard_all(body)).await;
}

async fn discard_all(mut body: Incoming) {
    let mut discarded = 0;
    while let Some(Ok(frame)) = body.frame().await {
        discarded += frame.data_ref().map_or(0, Bytes::len);
        if discarded > limits::MAX_DISCARDED_BYTES {
            return;
        }
    }
}
