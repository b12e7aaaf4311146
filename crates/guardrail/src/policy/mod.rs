//! One room per policy, all of the same shape, in the order in which Bedrock reports them.
//!
//! A room holds `mod.rs` (what it judges, how it decides, what it cannot see; the compiled
//! policy), `config.rs` (checks across members), `detect.rs` (asks the text, gives findings),
//! `decide.rs` (pure: findings and config give entries) and its cases as data.

pub mod content;
pub mod grounding;
pub mod sensitive;
pub mod topic;
pub mod word;

use crate::verdict::NotEvaluatedReason;
use pretil_text::{
    ViewKind, Views,
    language::{Language, outside},
};

/// One guarded text block, read in every way. Made once per call and shared by all policies.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'c> {
    /// Index into `Content::blocks`.
    pub block: usize,
    /// The text and its views.
    pub views: &'c Views,
}

/// What a room's `detect` found, and what it could not look at.
#[derive(Clone, Debug)]
pub struct Detected<Finding> {
    /// Facts without opinion.
    pub findings: Vec<Finding>,
    /// Parts that were not evaluated: the part in the user's terms (`None`: the whole policy), and why.
    pub not_evaluated: Vec<(Option<String>, NotEvaluatedReason)>,
}

impl<Finding> Default for Detected<Finding> {
    fn default() -> Self {
        Self {
            findings: Vec::new(),
            not_evaluated: Vec::new(),
        }
    }
}

/// Whether a stretch of the text, or of what is encoded in it, is surely in none of `languages`.
pub(crate) fn is_foreign(views: &Views, languages: &[Language]) -> bool {
    let views: Vec<_> = views.for_meaning().collect();
    // Letters of a disguise are no foreign letters once they are folded.
    let folded = views.iter().any(|view| view.kind() == ViewKind::Canonical);
    let mut read = views.iter().filter(|view| match view.kind() {
        ViewKind::Original => !folded,
        kind => kind == ViewKind::Canonical || decodes(kind),
    });
    read.any(|view| outside(view.text(), languages).is_some())
}

/// Whether the view shows what was encoded in letters, and not only reordered. Addresses hold
/// percent-encoded names in every script, which are no text.
fn decodes(kind: ViewKind) -> bool {
    matches!(
        kind,
        ViewKind::Hidden
            | ViewKind::Revealed
            | ViewKind::Entities
            | ViewKind::Escapes
            | ViewKind::QuotedPrintable
            | ViewKind::Base64
            | ViewKind::Base32
            | ViewKind::Hexadecimal
            | ViewKind::Binary
            | ViewKind::CharacterCodes
            | ViewKind::Ascii85
            | ViewKind::Uuencode
            | ViewKind::Decoded
    )
}
