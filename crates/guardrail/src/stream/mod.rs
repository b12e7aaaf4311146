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
//! of the answer up to a place before which every policy had judged it clean, in a window that reaches
//! behind that place as far as a word or value does.
//!
//! *Asynchronous* (Bedrock's mode of that name): text is sent on at once and judged behind that.
//! Nothing is masked. When what came so far is blocked, nothing more is sent.
//!
//! # How far behind
//!
//! Where nothing is masked, text is sent on after a word, behind the longest word, value or match.
//! Where something is, it is sent on at a *seam* ([`pretil_text::Seams`]), a place between two
//! ordinary words over which no view reads and no value lies, with enough ordinary words behind it
//! that nothing later decides over what is before: 96 bytes of them for personal data, 144 where
//! addresses or names are among it, the longest match of the regular expressions. Text without seams
//! (scripts without spaces, code) waits for one or for the end.
//!
//! Some guardrails and texts can be judged only at the end: then everything is held until then, and
//! [`hold`](Session::hold) says why.
//!
//! # What it costs
//!
//! A window is judged with 400 bytes of context before what is new. Where a model is asked, there are
//! at least 240 bytes between two windows, later 800, so that models read the answer about twice, once
//! in windows and once whole. Where nothing could be sent on, the next window is put off for as long
//! as what waits, so that all windows together stay in proportion to the answer.
//!
//! # What it cannot do
//!
//! Words and values that are spread over more text than is held back (a word with a line between its
//! letters) are found when all of it came; what was sent by then is out. What only the whole answer
//! shows (a language, a topic that no window has) is found at the end.

mod course;
mod part;

use crate::{
    EvaluateError, EvaluateOptions, Guardrail, Verdict,
    content::{Block, Content, Qualifiers, Source, Text},
    detect::Detectors,
    verdict::Outcome,
};
use course::Course;
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
    /// A tagger reads the text in windows, and types that it finds may be masked or stand beside ones
    /// that are.
    Tagger,
    /// Something is masked, and a regular expression may match any stretch of text, over white space.
    UnboundedRegex,
    /// Something is masked, and what could not be evaluated passes: the whole answer could be masked
    /// less than a part of it.
    OpenFailure,
    /// Something is masked, and the text holds characters that are read in the light of all of it: a
    /// backslash, an encoded stretch, letters of other alphabets, invisible characters. See
    /// [`pretil_text::Seams`].
    Sealed,
}

impl Hold {
    /// A stable name in snake case, for traces and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::WholeAnswer => "whole_answer",
            Self::Tagger => "tagger",
            Self::UnboundedRegex => "unbounded_regex",
            Self::OpenFailure => "open_failure",
            Self::Sealed => "sealed",
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
    /// What was sent on is not how the masked answer begins. A defect: end the stream with an error
    /// and send nothing more.
    #[error("what was sent on is not how the masked answer begins")]
    Diverged,
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
    course: Course,
    /// Everything that came.
    text: String,
    /// Everything that was sent on, masked.
    sent: String,
    /// Bytes of `text` that were sent on. In asynchronous mode: that were judged.
    settled: usize,
    /// Where the window starts that is judged next: early enough that what is not settled is read as
    /// in the whole answer.
    origin: usize,
    /// Whether the text holds what is read in the light of all of it.
    sealed: bool,
    /// Bytes of `text` from which on it is worth judging again.
    due: usize,
    /// The verdict of the first so many bytes.
    whole: Option<(usize, Verdict)>,
    blocked: bool,
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("mode", &self.mode)
            .field("course", &self.course)
            .field("text", &self.text.len())
            .field("sent", &self.sent.len())
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
        Self::new(guardrail, detectors, options, Mode::Synchronous)
    }

    /// A session that sends text on before it is judged, and masks nothing.
    pub fn asynchronous(
        guardrail: Arc<Guardrail>,
        detectors: Detectors,
        options: StreamOptions,
    ) -> Self {
        Self::new(guardrail, detectors, options, Mode::Asynchronous)
    }

    fn new(
        guardrail: Arc<Guardrail>,
        detectors: Detectors,
        options: StreamOptions,
        mode: Mode,
    ) -> Self {
        let course = Course::of(&guardrail, &options, &detectors);
        Self {
            guardrail,
            detectors,
            options,
            mode,
            text: String::new(),
            sent: String::new(),
            settled: 0,
            origin: 0,
            sealed: false,
            due: course.first_due(),
            course,
            whole: None,
            blocked: false,
        }
    }

    /// Why nothing more is sent before the end, if that is so.
    pub fn hold(&self) -> Option<Hold> {
        match self.mode {
            Mode::Synchronous => self.course.hold.or(self.sealed.then_some(Hold::Sealed)),
            Mode::Asynchronous => None,
        }
    }

    /// Whether nothing can be told before the end.
    fn waits(&self) -> bool {
        self.mode == Mode::Synchronous && self.course.hold.is_some()
    }

    /// Takes a piece of the answer, and gives what may be sent on without judging: nothing, unless in
    /// asynchronous mode.
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
        self.sent.push_str(piece);
        Ok(piece.to_owned())
    }

    /// Whether enough came that it should be judged.
    pub fn is_due(&self) -> bool {
        self.text.len() >= self.due && !self.blocked && !self.waits()
    }

    /// Judges what came and gives what may be sent on. May be called at any time, also when a stream
    /// pauses; it computes.
    ///
    /// # Errors
    ///
    /// The content is refused, as it would be whole.
    pub fn judge(&mut self) -> Result<Release, StreamError> {
        if self.blocked || self.waits() {
            return Ok(self.release(String::new()));
        }
        let came = self.text.len();
        let Some(part) = self.part() else {
            self.wait();
            return Ok(self.release(String::new()));
        };
        let verdict = self.window_verdict()?;
        if verdict.outcome == Outcome::Blocked {
            self.suspect()?;
            return Ok(self.release(String::new()));
        }
        let text = part::masked(&self.text, self.origin, self.settled..part.end, &verdict);
        self.settled = part.end;
        self.origin = part.origin;
        self.due = came + self.course.step(came);
        if self.mode == Mode::Asynchronous {
            return Ok(self.release(String::new()));
        }
        self.sent.push_str(&text);
        Ok(self.release(text))
    }

    fn release(&self, text: String) -> Release {
        let blocked = self.blocked;
        Release { text, blocked }
    }

    /// Puts judging off: the longer nothing could be sent on, the longer, so that all windows
    /// together stay in proportion to the text.
    fn wait(&mut self) {
        let came = self.text.len();
        let waiting = (came - self.settled).saturating_sub(self.course.reach);
        self.due = came + self.course.step(came).max(waiting);
    }

    /// A window was judged to be blocked. The whole may be judged otherwise: it is asked, but not
    /// for every window, and until a later window is clean nothing is sent.
    fn suspect(&mut self) -> Result<(), EvaluateError> {
        let came = self.text.len();
        let asked = self.whole.as_ref().map_or(0, |(length, _)| *length);
        if came >= 2 * asked {
            self.blocked = self.verdict()?.outcome == Outcome::Blocked;
        }
        self.wait();
        Ok(())
    }

    /// Judges the whole answer.
    ///
    /// # Errors
    ///
    /// The content is refused, as it would be whole.
    pub fn finish(mut self) -> Result<Ending, StreamError> {
        let verdict = self.verdict()?;
        let answer = match verdict.outcome {
            Outcome::None => Some(self.text),
            Outcome::Masked => verdict.outputs.last().cloned(),
            Outcome::Blocked => None,
        };
        let rest = match answer.filter(|_| self.mode == Mode::Synchronous) {
            Some(answer) => {
                let rest = answer.strip_prefix(self.sent.as_str());
                rest.ok_or(StreamError::Diverged)?.to_owned()
            }
            None => String::new(),
        };
        Ok(Ending {
            rest,
            sent: self.sent.len(),
            verdict,
        })
    }

    /// The verdict of what came from the origin on.
    fn window_verdict(&self) -> Result<Verdict, EvaluateError> {
        let content = Content::text(self.options.source, &self.text[self.origin..]);
        let options = EvaluateOptions {
            explain: false,
            ..self.options.evaluate
        };
        self.guardrail
            .evaluate_with(&content, &self.detectors, options)
    }

    /// The verdict of all that came.
    fn verdict(&mut self) -> Result<Verdict, EvaluateError> {
        let came = self.text.len();
        if let Some((length, verdict)) = &self.whole
            && *length == came
        {
            return Ok(verdict.clone());
        }
        let mut blocks = self.options.context.clone();
        let marks = |block: &Block| matches!(block, Block::Text { qualifiers, .. } if qualifiers.guard_content);
        let qualifiers = Qualifiers {
            guard_content: blocks.iter().any(marks),
            ..Qualifiers::default()
        };
        let text = Text::new(self.text.as_str());
        blocks.push(Block::Text { text, qualifiers });
        let content = Content {
            source: self.options.source,
            blocks,
        };
        let verdict =
            self.guardrail
                .evaluate_with(&content, &self.detectors, self.options.evaluate)?;
        self.whole = Some((came, verdict.clone()));
        Ok(verdict)
    }
}
