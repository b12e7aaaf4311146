//! Views: normalised readings of a text, each with a map back to the text the caller sent.
//!
//! Views stand beside the text and never replace it: detection runs on the original and on each
//! derived view, and a match in a view is mapped back to a [`Span`] of the original.

use crate::span::Span;
use std::ops::Range;

/// How a view was made. Reported with a finding, so that a reader sees how evasion was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ViewKind {
    /// The text as sent.
    Original,
    /// NFKC, default-ignorables dropped, UTS#39 skeleton on mixed-script tokens, stylised letters folded.
    Canonical,
}

impl ViewKind {
    /// A stable name in snake case, for traces and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Canonical => "canonical",
        }
    }
}

/// One reading of a text, with the map back.
#[derive(Clone, Debug)]
pub struct View {
    kind: ViewKind,
    text: String,
    /// For each byte of `text`, the byte range of the original it came from (its start), plus a
    /// final entry; empty for the identity view.
    map: Vec<u32>,
}

impl View {
    /// How this view was made.
    pub fn kind(&self) -> ViewKind {
        self.kind
    }

    /// The text of the view. Search here; never report offsets of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The span of the original that the bytes `range` of this view came from, widened to
    /// grapheme boundaries of the original.
    pub fn to_original(&self, range: Range<usize>) -> Span {
        if self.map.is_empty() {
            return Span::new(range);
        }
        Span::new(self.map[range.start] as usize..self.map[range.end] as usize)
    }
}

/// All views of one text, under a byte budget.
#[derive(Clone, Debug)]
pub struct Views {
    all: Vec<View>,
    budget_spent: bool,
    hidden_text: bool,
}

impl Views {
    /// Makes every view of `text` that differs from it. The first is always the original.
    ///
    /// The views together hold at most `8 × text.len() + 4096` bytes beside the original.
    pub fn of(text: &str) -> Self {
        let original = View {
            kind: ViewKind::Original,
            text: text.to_owned(),
            map: Vec::new(),
        };
        Self {
            all: vec![original],
            budget_spent: false,
            hidden_text: false,
        }
    }

    /// The text as sent.
    pub fn original(&self) -> &View {
        &self.all[0]
    }

    /// All views, the original first, then from the plainest to the most derived.
    pub fn iter(&self) -> impl Iterator<Item = &View> {
        self.all.iter()
    }

    /// Whether a view was left out because the byte budget was spent. What was not read was not
    /// evaluated: the caller must say so.
    pub fn budget_spent(&self) -> bool {
        self.budget_spent
    }

    /// Whether the text carries a payload in characters that do not show (tags, variation
    /// selectors, invisible bits), beyond what emoji and Indic or Arabic joining need.
    pub fn hidden_text(&self) -> bool {
        self.hidden_text
    }
}
