//! A seeded mutator: rewrites text as attackers do to get past a filter, the same way for the same seed.
//!
//! - [`Technique::INJECTIONS`]: the twelve character injections of Hackett et al., "Bypassing
//!   prompt injection and jailbreak detection in LLM guardrails" (arXiv 2504.11168).
//! - [`Technique::ENCODINGS`]: encoders as in garak's encoding probes, and other disguises.
//!
//! For tests and measurements. The encoders share no code with the views that undo them.

mod encode;
mod inject;

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, the same everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// One of the items. There must be one.
    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[(self.next() % items.len() as u64) as usize]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

macro_rules! techniques {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $function:path;)*) => {
        /// A way to disguise a text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Technique {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Technique {
            /// A stable name in snake case.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Rewrites `text`. The same seed gives the same rewriting.
            pub fn apply(self, text: &str, seed: u64) -> String {
                let mut random = Random::new(seed);
                match self {
                    $(Self::$variant => $function(text, &mut random),)*
                }
            }
        }
    };
}

techniques! {
    /// Direction override before the text in reverse order.
    BidirectionalText "bidirectional_text" inject::bidirectional_text;
    /// A character and a backspace after some characters.
    DeletionCharacters "deletion_characters" inject::deletion_characters;
    /// Accents on vowels.
    Diacritics "diacritics" inject::diacritics;
    /// The text as variation selectors after an emoji.
    EmojiSmuggling "emoji_smuggling" inject::emoji_smuggling;
    /// Full-width forms.
    FullWidth "full_width" inject::full_width;
    /// Letters of other alphabets that look the same.
    Homoglyphs "homoglyphs" inject::homoglyphs;
    /// Digits for letters.
    Numbers "numbers" inject::numbers;
    /// A space after each character.
    Spaces "spaces" inject::spaces;
    /// A combining line under each character.
    UnderlineAccentMarks "underline_accent_marks" inject::underline_accent_marks;
    /// Unicode tag characters.
    UnicodeTags "unicode_tags" inject::unicode_tags;
    /// Turned letters in reverse order.
    UpsideDown "upside_down" inject::upside_down;
    /// Characters that do not show, between the others.
    ZeroWidth "zero_width" inject::zero_width;
    /// ASCII85.
    Ascii85 "ascii85" encode::ascii85;
    /// A for Z, B for Y.
    Atbash "atbash" encode::atbash;
    /// Base32 of RFC 4648.
    Base32 "base32" encode::base32;
    /// Base64 of RFC 4648.
    Base64 "base64" encode::base64;
    /// Base64 with the URL-safe alphabet, without padding.
    Base64Url "base64_url" encode::base64_url;
    /// Base64 of base64.
    Base64Twice "base64_twice" encode::base64_twice;
    /// Eight bits to a character, spaces between.
    Binary "binary" encode::binary;
    /// Braille cells.
    Braille "braille" encode::braille;
    /// Caesar's shift by three.
    Caesar "caesar" encode::caesar;
    /// Decimal character codes.
    CharacterCodes "character_codes" encode::character_codes;
    /// HTML character references, decimal and hexadecimal.
    Entities "entities" encode::entities;
    /// Hexadecimal digits.
    Hexadecimal "hexadecimal" encode::hexadecimal;
    /// Hexadecimal digits, spaces between bytes.
    HexadecimalPairs "hexadecimal_pairs" encode::hexadecimal_pairs;
    /// Hexadecimal of base64.
    HexadecimalBase64 "hexadecimal_base64" encode::hexadecimal_base64;
    /// Morse code.
    Morse "morse" encode::morse;
    /// The NATO alphabet.
    Nato "nato" encode::nato;
    /// Percent-encoding of every byte.
    Percent "percent" encode::percent;
    /// Quoted-printable of every byte.
    QuotedPrintable "quoted_printable" encode::quoted_printable;
    /// The text in reverse order, without direction controls.
    Reversed "reversed" encode::reversed;
    /// ROT13.
    Rot13 "rot13" encode::rot13;
    /// Bits as two invisible operators.
    SneakyBits "sneaky_bits" encode::sneaky_bits;
    /// `\u0069` for every character.
    UnicodeEscapes "unicode_escapes" encode::unicode_escapes;
    /// Uuencoded lines.
    Uuencode "uuencode" encode::uuencode;
    /// Each word in reverse order.
    WordsReversed "words_reversed" encode::words_reversed;
    /// Circled letters.
    Circled "circled" encode::circled;
    /// Mathematical bold letters.
    MathematicalBold "mathematical_bold" encode::mathematical_bold;
    /// Parenthesised small letters.
    Parenthesised "parenthesised" encode::parenthesised;
    /// Regional indicators.
    RegionalIndicators "regional_indicators" encode::regional_indicators;
    /// Small capitals.
    SmallCapitals "small_capitals" encode::small_capitals;
    /// Negative squared capitals.
    Squared "squared" encode::squared;
    /// Stacks of combining marks.
    Zalgo "zalgo" encode::zalgo;
    /// A hyphen between letters.
    Hyphens "hyphens" encode::hyphens;
    /// HTML tags around letters.
    HtmlTags "html_tags" encode::html_tags;


    /// Markdown emphasis around letters.
    MarkdownEmphasis "markdown_emphasis" encode::markdown_emphasis;
}

impl Technique {
    /// The twelve character injections, in alphabetical order.
    pub const INJECTIONS: [Self; 12] = [
        Self::BidirectionalText,
        Self::DeletionCharacters,
        Self::Diacritics,
        Self::EmojiSmuggling,
        Self::FullWidth,
        Self::Homoglyphs,
        Self::Numbers,
        Self::Spaces,
        Self::UnderlineAccentMarks,
        Self::UnicodeTags,
        Self::UpsideDown,
        Self::ZeroWidth,
    ];

    /// Encoders and other disguises.
    pub const ENCODINGS: [Self; 34] = [
        Self::Ascii85,
        Self::Atbash,
        Self::Base32,
        Self::Base64,
        Self::Base64Url,
        Self::Base64Twice,
        Self::Binary,
        Self::Braille,
        Self::Caesar,
        Self::CharacterCodes,
        Self::Entities,
        Self::Hexadecimal,
        Self::HexadecimalPairs,
        Self::HexadecimalBase64,
        Self::Morse,
        Self::Nato,
        Self::Percent,
        Self::QuotedPrintable,
        Self::Reversed,
        Self::Rot13,
        Self::SneakyBits,
        Self::UnicodeEscapes,
        Self::Uuencode,
        Self::WordsReversed,
        Self::Circled,
        Self::MathematicalBold,
        Self::Parenthesised,
        Self::RegionalIndicators,
        Self::SmallCapitals,
        Self::Squared,
        Self::Zalgo,
        Self::Hyphens,
        Self::HtmlTags,
        Self::MarkdownEmphasis,
    ];
}
