//! The canonical view: what a reader sees, in the plainest characters for it.
//!
//! Two steps: [`compatibility`] works on grapheme clusters (NFKC, invisible characters, stylised
//! letters, stacked marks, backspaces); [`confusable`] works on words (letters of one script that
//! stand for letters of another). Text in a single script other than Latin is left as it is, byte
//! for byte: NFKC as a whole would rewrite ordinary Thai, Bengali and Chinese.

mod compatibility;
mod confusable;
mod letters;

use crate::map::{Outcome, Parent};
pub(crate) use compatibility::{Backspace, is_flag_tag};

/// The canonical reading of `parent`, of at most `limit` bytes.
pub(crate) fn canonical(parent: Parent<'_>, backspace: Backspace, limit: usize) -> Outcome {
    match compatibility::fold(parent, backspace, limit) {
        Outcome::TooLong => Outcome::TooLong,
        Outcome::Same => confusable::fold(parent, limit),
        Outcome::New(folded) => match confusable::fold(Parent::from(&folded), limit) {
            Outcome::Same if folded.text == parent.text => Outcome::Same,
            Outcome::Same => Outcome::New(folded),
            other => other,
        },
    }
}
