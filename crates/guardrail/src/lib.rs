//! The product without a network: config → compiled guardrail → verdict.
//!
//! Reading order:
//! - [`config`]: what a user may write; the one serialisable, stored type.
//! - [`guardrail`]: a config compiled: automata built, thresholds fixed; immutable.
//! - [`content`]: what is judged.
//! - [`detect`]: the port to everything that gives text a score, and what they find.
//! - `lexicon`: many words looked up in a text at once.
//! - [`policy`]: one room per policy, all of the same shape.
//! - [`evaluate`]: guardrail + content + detectors → verdict.
//! - [`verdict`]: the whole answer.
//! - [`mask`]: spans → masked text.
//! - [`stream`]: the same verdict of an answer that comes in pieces.
#![forbid(unsafe_code)]

pub mod config;
pub mod content;
pub mod detect;
pub mod evaluate;
pub mod guardrail;
mod lexicon;
pub mod mask;
pub mod policy;
pub mod stream;
pub mod verdict;

pub use config::{CompileError, Config, ConfigError};
pub use content::{Block, Content, Qualifiers, Source, Text};
pub use detect::Detectors;
pub use evaluate::{EvaluateError, EvaluateOptions};
pub use guardrail::Guardrail;
pub use stream::Session;
pub use verdict::{OutputScope, Verdict};
