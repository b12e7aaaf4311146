//! A text of an answer, judged while it comes: the core that the dialects' streams share.
//!
//! Nothing passes that was not judged; what fails ends the stream with an error, also where
//! `on_failure` is `open`, since what was held is lost with it.

use super::{
    error::GatewayError,
    judge::{Guard, Judged},
};
use crate::error::Error;
use pretil_guardrail::{
    EvaluateOptions,
    stream::{Release, Session, StreamError, StreamOptions},
};
use std::sync::Arc;

/// One text that comes in pieces.
pub(crate) struct JudgedText {
    session: Session,
}

impl JudgedText {
    /// A text of an answer of the model that `guard` guards.
    pub(crate) fn new(guard: &Guard) -> Self {
        let options = StreamOptions {
            evaluate: EvaluateOptions {
                explain: guard.explain,
                ..guard.app.options()
            },
            limit: guard.model.upstream.config().max_response_bytes,
            ..StreamOptions::default()
        };
        let guardrail = Arc::clone(&guard.compiled.guardrail);
        let detectors = guard.app.detectors().clone();
        Self {
            session: Session::synchronous(guardrail, detectors, options),
        }
    }

    /// Takes a piece and gives what may be sent on, with the text itself again.
    pub(crate) async fn push(
        mut self,
        guard: &Guard,
        piece: &str,
    ) -> Result<(Self, Release), GatewayError> {
        let text = self.session.push(piece).map_err(failed)?;
        let mut released = Release {
            text,
            blocked: false,
        };
        while self.session.is_due() && !released.blocked {
            let mut session = self.session;
            let work = move || {
                let release = session.judge();
                (session, release)
            };
            let (session, release) = guard.app.pool().run(work).await.map_err(Error::from)?;
            self.session = session;
            let Release { text, blocked } = release.map_err(failed)?;
            released.text.push_str(&text);
            released.blocked = blocked;
        }
        Ok((self, released))
    }

    /// The rest of the text, and what became of all of it.
    pub(crate) async fn finish(self, guard: &Guard) -> Result<(String, Judged), GatewayError> {
        let session = self.session;
        let ending = guard.app.pool().run(move || session.finish()).await;
        let ending = ending.map_err(Error::from)?.map_err(failed)?;
        guard
            .app
            .metrics()
            .not_evaluated(&ending.verdict.not_evaluated);
        Ok((ending.rest, Judged::of_stream(&ending.verdict)))
    }
}

fn failed(error: StreamError) -> GatewayError {
    match error {
        StreamError::TooLong { .. } => {
            GatewayError::Upstream(super::upstream::UpstreamError::TooLong)
        }
        StreamError::Refused(error) => GatewayError::NotJudged(Error::Content(error)),
        StreamError::Diverged => GatewayError::Internal,
    }
}
