//! Views: normalised readings of a text, each with a map back to the text the caller sent.
//!
//! Views stand beside the text and never replace it: detection runs on the original and on each
//! derived view, and a match in a view is mapped back to a [`Span`] of the original.

use crate::canonical::{Backspace, canonical};
use crate::map::{Derived, Outcome, Parent};
use crate::source::Source;
use crate::span::Span;
use std::ops::Range;
use std::sync::Arc;

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

/// What a view may be searched for without false alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fitness {
    pub(crate) words: bool,
    pub(crate) patterns: bool,
    pub(crate) meaning: bool,
}

impl Fitness {
    /// Fit for all: what the text says to whoever reads it.
    pub(crate) const ALL: Self = Self {
        words: true,
        patterns: true,
        meaning: true,
    };
}

/// One reading of a text, with the map back.
#[derive(Clone, Debug)]
pub struct View {
    kind: ViewKind,
    fitness: Fitness,
    source: Arc<Source>,
    /// `None`: the text as sent.
    derived: Option<Derived>,
}

impl View {
    /// How this view was made.
    pub fn kind(&self) -> ViewKind {
        self.kind
    }

    /// The text of the view. Search here; never report offsets of it.
    pub fn text(&self) -> &str {
        match &self.derived {
            Some(derived) => &derived.text,
            None => self.source.text(),
        }
    }

    /// The span of the original that the bytes `range` of this view came from, widened to
    /// grapheme boundaries of the original.
    ///
    /// An empty range gives an empty span; offsets past the end of the view count as its end.
    pub fn to_original(&self, range: Range<usize>) -> Span {
        match &self.derived {
            Some(derived) => self.source.widen(derived.map.original(range)),
            None => self.source.widen(range),
        }
    }

    /// Whether words may be looked up here. False for readings made for patterns only, where
    /// joined or rewritten tokens could spell a word that nobody wrote.
    pub fn fit_for_words(&self) -> bool {
        self.fitness.words
    }

    /// Whether patterns of sensitive information may be searched here. False for readings that
    /// swap letters and digits.
    pub fn fit_for_patterns(&self) -> bool {
        self.fitness.patterns
    }

    /// Whether a classifier should read this view.
    pub fn fit_for_meaning(&self) -> bool {
        self.fitness.meaning
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
        let source = Arc::new(Source::new(text));
        let mut views = Self {
            all: vec![View {
                kind: ViewKind::Original,
                fitness: Fitness::ALL,
                source: Arc::clone(&source),
                derived: None,
            }],
            budget_spent: false,
            hidden_text: false,
        };
        let budget = 8 * text.len() + 4096;
        match canonical(
            Parent::original(source.text()),
            Backspace::TakesBack,
            budget,
        ) {
            Outcome::Same => {}
            Outcome::TooLong => views.budget_spent = true,
            Outcome::New(derived) => views.all.push(View {
                kind: ViewKind::Canonical,
                fitness: Fitness::ALL,
                source: Arc::clone(&source),
                derived: Some(derived),
            }),
        }
        views
    }

    /// The text as sent.
    pub fn original(&self) -> &View {
        &self.all[0]
    }

    /// All views, the original first, then from the plainest to the most derived.
    pub fn iter(&self) -> impl Iterator<Item = &View> {
        self.all.iter()
    }

    /// The readings for a classifier: the original, and those that say something else than it does
    /// to whoever reads them. Squashed and de-leeted noise is among them only where it is most of
    /// the text.
    pub fn for_meaning(&self) -> impl Iterator<Item = &View> {
        self.all.iter().filter(|view| view.fit_for_meaning())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_of(text: &str) -> String {
        let views = Views::of(text);
        let last = views.iter().last().map(|view| view.text().to_owned());
        last.unwrap_or_default()
    }

    #[test]
    fn folds() {
        for (sent, seen) in [
            ("i\u{200B}g\u{200B}n\u{AD}ore", "ignore"),
            ("ｉｇｎｏｒｅ ａｌｌ", "ignore all"),
            ("ｊｏｈｎ＠ｇｍａｉｌ．ｃｏｍ", "john@gmail.com"),
            ("𝐢𝐠𝐧𝐨𝐫𝐞 ⓐⓛⓛ ⒜⒧⒧", "ignore all all"),
            ("🅸🅶🅽🅾🆁🅴", "IGNORE"),
            ("🇮🇬🇳🇴🇷🇪", "IGNORE"),
            ("ɪɢɴᴏʀᴇ", "ignore"),
            ("іgnоrе аll", "ignore all"),
            ("please сору this text", "please copy this text"),
            ("i\u{332}g\u{332}n\u{332}o\u{332}r\u{332}e\u{332}", "ignore"),
            ("4\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}", "42"),
            ("igx\u{8}nore", "ignore"),
            ("ig\0nore", "ignore"),
            ("i\u{2800}gnore", "ignore"),
        ] {
            assert_eq!(canonical_of(sent), seen, "{sent:?}");
        }
    }

    #[test]
    fn leaves_alone() {
        for text in [
            "plain text",
            "Съешь ещё этих мягких французских булок",
            "สวัสดี ทำอะไรอยู่",
            "می‌خواهم",
            "ड़ ज़ क्‍ष",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 🇬🇧🇫🇷 👨‍👩‍👧 ❤️",
            "你好，世界！",
            "iPhone購入",
            "№ 5",
            "α and β",
            "Windows™ ½ …",
        ] {
            assert_eq!(
                Views::of(text).iter().count(),
                1,
                "{text:?} became {:?}",
                canonical_of(text)
            );
        }
    }

    #[test]
    fn maps_back_to_whole_clusters() {
        let text = "say і\u{301}gnоre 👨‍👩‍👧";
        let views = Views::of(text);
        let view = views.iter().last().unwrap();
        let at = view.text().find("gnore").unwrap();
        let span = view.to_original(at..at + 5);
        assert_eq!(&text[span.range()], "gnоre");
        let family = text.find('👨').unwrap();
        assert_eq!(
            views.original().to_original(family..family + 4).range(),
            family..text.len()
        );
    }
}
