//! How a stream is judged under a guardrail: what is held until the end, how far behind the text is
//! sent on, how often it is judged.

use super::{Hold, StreamOptions};
use crate::{
    Guardrail,
    config::{Config, OnFailure},
    content::{Block, Source},
    detect::Detectors,
    policy::{sensitive::Unbounded, word::WordPolicy},
};

/// How much is judged again before what is new, in bytes, so that a window has its context.
pub(super) const CONTEXT: usize = 400;
/// New text after which patterns and words are judged again, in bytes.
const LEXICAL_STEP: usize = 64;
/// New text after which a model is asked again, in bytes: at first, and later.
const MODEL_STEPS: (usize, usize) = (240, 800);
/// Text that a word or pattern may take where it is not known how much, in bytes.
const UNKNOWN_REACH: usize = 64;

/// How a stream is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// Why everything is held until the end.
    pub(super) hold: Option<Hold>,
    /// Whether parts of the text may be masked, so that it may be parted at seams only.
    pub(super) masks: bool,
    /// How far behind what came it is sent on, in bytes.
    pub(super) reach: usize,
    /// Whether a model is asked.
    asks_model: bool,
}

impl Course {
    pub(super) fn of(
        guardrail: &Guardrail,
        options: &StreamOptions,
        detectors: &Detectors,
    ) -> Self {
        let source = options.source;
        let sensitive = guardrail.sensitive.as_ref();
        let masks = sensitive.is_some_and(|policy| policy.masks(source));
        let readings = sensitive.map_or(Ok(0), |policy| policy.reach(source, detectors));
        let words = guardrail.word.as_ref().map_or(0, WordPolicy::reach);
        Self {
            hold: hold(guardrail.config(), options, masks, readings.err()),
            masks,
            reach: words.max(readings.unwrap_or(UNKNOWN_REACH)),
            asks_model: guardrail.topic.is_some() || guardrail.content.is_some(),
        }
    }

    /// Bytes that must have come before it is worth judging at all.
    pub(super) fn first_due(&self) -> usize {
        self.reach + self.step(0)
    }

    /// New bytes after which to judge again, `sent` bytes having been sent on.
    pub(super) fn step(&self, sent: usize) -> usize {
        let (first, later) = MODEL_STEPS;
        if self.asks_model {
            sent.clamp(first, later)
        } else {
            LEXICAL_STEP
        }
    }
}

/// Why nothing can be sent before the end.
fn hold(
    config: &Config,
    options: &StreamOptions,
    masks: bool,
    unbounded: Option<Unbounded>,
) -> Option<Hold> {
    let compares = options.context.iter().any(is_qualified);
    let whole = config.grounding.is_some() && compares || config.reasoning.is_some();
    if options.source == Source::Output && whole {
        return Some(Hold::WholeAnswer);
    }
    if !masks {
        return None;
    }
    match unbounded {
        Some(Unbounded::Tagger) => Some(Hold::Tagger),
        Some(Unbounded::Regex) => Some(Hold::UnboundedRegex),
        None if config.on_failure.sensitive == OnFailure::Open => Some(Hold::OpenFailure),
        None => None,
    }
}

fn is_qualified(block: &Block) -> bool {
    matches!(block, Block::Text { qualifiers, .. } if !qualifiers.none())
}
