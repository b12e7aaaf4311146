//! What text is. No I/O, no clock, no knowledge of policies.
//!
//! - [`span`]: half-open byte ranges in the text the caller sent, and their statement in other units.
//! - [`view`]: normalised readings of a text, each with a map back to it.
//! - [`sentence`]: the sentences of a text.
//! - [`Seams`]: where a text that is still coming can be parted.
//! - [`word_forms`]: words in a form in which two texts can be compared.
//! - [`language`]: which language a text is in, where that is sure.
//! - `mutate` (feature): a seeded mutator to test the readings with.
#![forbid(unsafe_code)]

mod canonical;
mod character;
mod decode;
mod derive;
pub mod language;
mod map;
#[cfg(feature = "mutate")]
pub mod mutate;
mod seam;
pub mod sentence;
mod source;
pub mod span;
pub mod view;
mod views;
mod word;
mod word_form;

pub use seam::{Seam, Seams};
pub use sentence::sentences;
pub use span::{OffsetIndex, Offsets, Span};
pub use view::{View, ViewKind};
pub use views::Views;
pub use word::words;
pub use word_form::{WordForm, word_forms};
