//! Views: normalised readings of a text, each with a map back to the text the caller sent.
//!
//! Views stand beside the text and never replace it: detection runs on the original and on each
//! derived view, and a match in a view is mapped back to a [`Span`] of the original.

use crate::map::{Derived, Parent};
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
    /// As canonical, but backspaces and deletes are only dropped and take nothing back.
    ControlsDropped,
    /// The payload in invisible characters (tags, variation selectors, bits), alone.
    Hidden,
    /// The text with the payload in invisible characters shown in its place.
    Revealed,
    /// The order in which a screen shows text with direction overrides.
    VisualOrder,
    /// Turned letters in reverse order, set upright.
    UpsideDown,
    /// Read from the end; only where that makes language of what is none.
    Reversed,
    /// Each word read from its end; only where that makes language of what is none.
    WordsReversed,
    /// ROT13 undone; only where that makes language of what is none.
    Rot13,
    /// Caesar's shift by three undone; only where that makes language of what is none.
    Caesar,
    /// Atbash undone; only where that makes language of what is none.
    Atbash,
    /// Percent-encoding decoded.
    Percent,
    /// HTML character references decoded.
    Entities,
    /// Backslash escapes (`\u0069`, `\x69`, `\151`) decoded.
    Escapes,
    /// Quoted-printable decoded.
    QuotedPrintable,
    /// Base64, standard or URL-safe, decoded.
    Base64,
    /// Base32 decoded.
    Base32,
    /// Hexadecimal bytes decoded.
    Hexadecimal,
    /// Bytes in binary digits decoded.
    Binary,
    /// Lists of decimal character codes decoded.
    CharacterCodes,
    /// ASCII85 decoded.
    Ascii85,
    /// Uuencoded lines decoded.
    Uuencode,
    /// Morse code decoded.
    Morse,
    /// Braille, grade 1, decoded.
    Braille,
    /// The NATO alphabet decoded.
    Nato,
    /// Several of the encodings above decoded in one text.
    Decoded,
    /// HTML tags and comments and Markdown marks taken out.
    Markup,
    /// Letters or digits set apart, joined.
    Squashed,
    /// Accents put on letters of a text that is spelt without, taken off.
    Unaccented,
    /// Digits and signs in place of letters, undone in tokens that mix both.
    Leet,
    /// Addresses and numbers written out in words or in digits of other scripts, as an identifier.
    Spoken,
}

impl ViewKind {
    /// All kinds, from the plainest to the most derived.
    pub const ALL: [Self; 32] = [
        Self::Original,
        Self::Canonical,
        Self::ControlsDropped,
        Self::Hidden,
        Self::Revealed,
        Self::VisualOrder,
        Self::UpsideDown,
        Self::Reversed,
        Self::WordsReversed,
        Self::Rot13,
        Self::Caesar,
        Self::Atbash,
        Self::Percent,
        Self::Entities,
        Self::Escapes,
        Self::QuotedPrintable,
        Self::Base64,
        Self::Base32,
        Self::Hexadecimal,
        Self::Binary,
        Self::CharacterCodes,
        Self::Ascii85,
        Self::Uuencode,
        Self::Morse,
        Self::Braille,
        Self::Nato,
        Self::Decoded,
        Self::Markup,
        Self::Squashed,
        Self::Unaccented,
        Self::Leet,
        Self::Spoken,
    ];

    /// A stable name in snake case, for traces and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Canonical => "canonical",
            Self::ControlsDropped => "controls_dropped",
            Self::Hidden => "hidden",
            Self::Revealed => "revealed",
            Self::VisualOrder => "visual_order",
            Self::UpsideDown => "upside_down",
            Self::Reversed => "reversed",
            Self::WordsReversed => "words_reversed",
            Self::Rot13 => "rot13",
            Self::Caesar => "caesar",
            Self::Atbash => "atbash",
            Self::Percent => "percent",
            Self::Entities => "entities",
            Self::Escapes => "escapes",
            Self::QuotedPrintable => "quoted_printable",
            Self::Base64 => "base64",
            Self::Base32 => "base32",
            Self::Hexadecimal => "hexadecimal",
            Self::Binary => "binary",
            Self::CharacterCodes => "character_codes",
            Self::Ascii85 => "ascii85",
            Self::Uuencode => "uuencode",
            Self::Morse => "morse",
            Self::Braille => "braille",
            Self::Nato => "nato",
            Self::Decoded => "decoded",
            Self::Markup => "markup",
            Self::Squashed => "squashed",
            Self::Unaccented => "unaccented",
            Self::Leet => "leet",
            Self::Spoken => "spoken",
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

    /// Fit for patterns only.
    pub(crate) const PATTERNS: Self = Self {
        words: false,
        patterns: true,
        meaning: false,
    };

    /// Fit for what both are fit for: a reading of a reading.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            words: self.words && other.words,
            patterns: self.patterns && other.patterns,
            meaning: self.meaning && other.meaning,
        }
    }

    /// Fit for what either is fit for: two ways to the same reading.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            words: self.words || other.words,
            patterns: self.patterns || other.patterns,
            meaning: self.meaning || other.meaning,
        }
    }

    pub(crate) fn is_none(self) -> bool {
        !(self.words || self.patterns || self.meaning)
    }
}

/// One reading of a text, with the map back.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) kind: ViewKind,
    pub(crate) fitness: Fitness,
    pub(crate) source: Arc<Source>,
    /// `None`: the text as sent.
    pub(crate) derived: Option<Derived>,
}

impl View {
    /// The text to derive further readings from.
    pub(crate) fn parent(&self) -> Parent<'_> {
        match &self.derived {
            Some(derived) => Parent::from(derived),
            None => Parent::original(self.source.text()),
        }
    }

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
