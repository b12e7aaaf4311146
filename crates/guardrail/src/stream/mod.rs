//! An answer judged while it comes.
//!
//! A [`Session`] takes an answer in pieces, cut anywhere, and gives text that may be sent on. At the
//! end it gives the verdict, which is that of the whole answer: `finish` calls what
//! [`Guardrail::evaluate_with`] is, on the same content.
//!
//! # How to drive it
//!
//! 1. [`push`](Session::push) every piece as it comes and send on what it returns. It is cheap.
//! 2. While [`is_due`](Session::is_due), call [`judge`](Session::judge) where computing may block, and
//!    send on the text that it returns. If it says `blocked`, nothing more will be sent: stop the model
//!    and finish, or go on for the verdict of the whole answer.
//! 3. When the answer has ended, [`finish`](Session::finish): send on the rest, or, where the verdict
//!    is blocked, its message.
//!
//! # What is promised
//!
//! *Synchronous*: nothing is sent that was not judged. What was sent is, at any time, the beginning
//! of the whole answer as it would be masked; with the rest that `finish` gives, it is all of the
//! masked answer, byte for byte, for every way of cutting. One outcome is different in any system:
//! what was sent cannot be taken back when a block is found later. Then what was sent is the beginning
//! of the answer up to a place at which every policy had judged it clean.
//!
//! *Asynchronous* (Bedrock's mode of that name): text is sent on at once and judged behind that.
//! Nothing is masked. When what came so far is blocked, nothing more is sent.
//!
//! Some guardrails can be judged only at the end: then everything is held until then, and
//! [`hold`](Session::hold) says why.

use crate::{
    EvaluateError, EvaluateOptions, Guardrail, Verdict,
    content::{Block, Content, Qualifiers, Source, Text},
    detect::Detectors,
    verdict::Outcome,
};
use std::{fmt, sync::Arc};

/// Most bytes of an answer that a session holds if nothing else is asked for.
pub const DEFAULT_LIMIT: usize = 1 << 20;

/// What a stream is judged with beside the guardrail.
#[derive(Clone, Debug)]
pub struct StreamOptions {
    /// Which way the text flows. An answer is [`Source::Output`].
    pub source: Source,
    /// What belongs to the content beside the streamed text and stands before it: grounding sources
    /// and the query. The streamed text is one block without a qualifier.
    pub context: Vec<Block>,
    /// As for a whole answer.
    pub evaluate: EvaluateOptions,
    /// Most bytes of text that are held. More is an error.
    pub limit: usize,
}

impl Default for StreamOptions {
    /// An answer without context.
    fn default() -> Self {
        Self {
            source: Source::Output,
            context: Vec::new(),
            evaluate: EvaluateOptions::default(),
            limit: DEFAULT_LIMIT,
        }
    }
}

/// Why nothing more of an answer is sent before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hold {
    /// Grounding, relevance or automated reasoning judge the whole answer.
    WholeAnswer,
    /// No way is known yet to send part of an answer that this guardrail judges.
    Unproven,
}

impl Hold {
    /// A stable name in snake case, for traces and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::WholeAnswer => "whole_answer",
            Self::Unproven => "unproven",
        }
    }
}

/// Why a stream cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// The answer is longer than the session may hold. It was not evaluated: end the stream with an
    /// error and send nothing more.
    #[error("the answer is longer than the {limit} bytes that are held")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// The content is refused, as it would be whole.
    #[error(transparent)]
    Refused(#[from] EvaluateError),
}

/// What may be sent on now. Its `Debug` prints a length.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Release {
    /// Judged, and masked where needed. Often empty.
    pub text: String,
    /// What came so far is blocked when it is judged whole. Nothing more will be sent. To finish now
    /// gives that verdict; to go on gives the verdict of the whole answer.
    pub blocked: bool,
}

impl fmt::Debug for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, blocked } = self;
        let bytes = text.len();
        write!(formatter, "Release({bytes} bytes, blocked: {blocked})")
    }
}

/// How a stream ended. Its `Debug` prints lengths.
#[derive(Clone, PartialEq)]
pub struct Ending {
    /// The rest of the answer, still to be sent, masked where needed. Empty where it was blocked:
    /// the verdict's output is the message.
    pub rest: String,
    /// Bytes of text that had been sent on before the end.
    pub sent: usize,
    /// Of the whole answer.
    pub verdict: Verdict,
}

impl fmt::Debug for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Ending")
            .field("rest", &self.rest.len())
            .field("sent", &self.sent)
            .field("verdict", &self.verdict)
            .finish()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Synchronous,
    Asynchronous,
}

/// An answer that is judged while it comes. See the [module](self).
pub struct Session {
    guardrail: Arc<Guardrail>,
    detectors: Detectors,
    options: StreamOptions,
    mode: Mode,
    /// Everything that came.
    text: String,
    /// Bytes of text sent on.
    sent: usize,
    hold: Option<Hold>,
    blocked: bool,
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("mode", &self.mode)
            .field("text", &self.text.len())
            .field("sent", &self.sent)
            .field("hold", &self.hold)
            .field("blocked", &self.blocked)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session that sends nothing on that was not judged.
    pub fn synchronous(
        guardrail: Arc<Guardrail>,
        detectors: Detectors,
        options: StreamOptions,
    ) -> Self {
        let hold = Some(Hold::Unproven);
        Self::new(guardrail, detectors, options, Mode::Synchronous, hold)
    }

    /// A session that sends text on before it is judged, and masks nothing.
    pub fn asynchronous(
        guardrail: Arc<Guardrail>,
        detectors: Detectors,
        options: StreamOptions,
    ) -> Self {
        Self::new(guardrail, detectors, options, Mode::Asynchronous, None)
    }

    fn new(
        guardrail: Arc<Guardrail>,
        detectors: Detectors,
        options: StreamOptions,
        mode: Mode,
        hold: Option<Hold>,
    ) -> Self {
        Self {
            guardrail,
            detectors,
            options,
            mode,
            text: String::new(),
            sent: 0,
            hold,
            blocked: false,
        }
    }

    /// Why nothing more is sent before the end, if that is so.
    pub fn hold(&self) -> Option<Hold> {
        self.hold
    }

    /// Takes a piece of the answer, and gives what may be sent on without judging.
    ///
    /// # Errors
    ///
    /// The answer is longer than the session may hold.
    pub fn push(&mut self, piece: &str) -> Result<String, StreamError> {
        if self.text.len() + piece.len() > self.options.limit {
            let limit = self.options.limit;
            return Err(StreamError::TooLong { limit });
        }
        self.text.push_str(piece);
        if self.mode == Mode::Synchronous || self.blocked {
            return Ok(String::new());
        }
        self.sent += piece.len();
        Ok(piece.to_owned())
    }

    /// Whether enough came that it should be judged.
    pub fn is_due(&self) -> bool {
        false
    }

    /// Judges what came and gives what may be sent on.
    ///
    /// # Errors
    ///
    /// The content is refused, as it would be whole.
    pub fn judge(&mut self) -> Result<Release, StreamError> {
        Ok(Release::default())
    }

    /// Judges the whole answer.
    ///
    /// # Errors
    ///
    /// The content is refused, as it would be whole.
    pub fn finish(self) -> Result<Ending, StreamError> {
        let verdict = self.verdict()?;
        let rest = match (self.mode, verdict.outcome) {
            (Mode::Asynchronous, _) | (_, Outcome::Blocked) => String::new(),
            (Mode::Synchronous, Outcome::None) => self.text,
            (Mode::Synchronous, Outcome::Masked) => {
                verdict.outputs.last().cloned().unwrap_or_default()
            }
        };
        Ok(Ending {
            rest,
            sent: self.sent,
            verdict,
        })
    }

    /// The verdict of all that came.
    fn verdict(&self) -> Result<Verdict, EvaluateError> {
        let answer = Block::Text {
            text: Text::new(self.text.as_str()),
            qualifiers: Qualifiers::default(),
        };
        let mut blocks = self.options.context.clone();
        blocks.push(answer);
        let content = Content {
            source: self.options.source,
            blocks,
        };
        self.guardrail
            .evaluate_with(&content, &self.detectors, self.options.evaluate)
    }
}
