//! WordPiece for uncased BERT vocabularies.
//!
//! [`Tokenizer::encode`] gives exactly the ids of the reference (`tokenizers` with the model's
//! `tokenizer.json`, without truncation and padding). [`Tokenizer::encode_guarded`] differs where the
//! reference lets text vanish: see there.

mod case;
mod guarded;
mod unicode_tables;
mod vocabulary;
mod words;

use std::ops::Range;

pub use case::{CaseClass, case_classes};

use vocabulary::Vocabulary;
use words::{Payloads, Word, split_words};

/// Characters from which on the reference gives a word up as unknown
/// (`max_input_chars_per_word` of the model's `tokenizer.json`).
const MAX_WORD_CHARS: usize = 100;

/// Why a vocabulary was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// There is no piece.
    #[error("the vocabulary is empty")]
    Empty,
    /// Larger than 4 GiB.
    #[error("the vocabulary is too large")]
    TooLarge,
    /// The line repeats an earlier one.
    #[error("line {0} of the vocabulary repeats an earlier one")]
    Duplicate(usize),
    /// One of the five special tokens is not there.
    #[error("the vocabulary has no {0}")]
    MissingSpecial(&'static str),
    /// A piece is longer than any real one.
    #[error("the vocabulary has a piece of more than {limit} bytes", limit = vocabulary::MAX_HASHED)]
    PieceTooLong,
    /// Not UTF-8.
    #[error("the vocabulary is not UTF-8")]
    NotUtf8,
}

/// Token ids of a text, with the bytes that each came from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Ids, from `[CLS]` to `[SEP]`.
    pub ids: Vec<u32>,
    /// For each id the bytes of the text that it stands for; starts and ends never decrease and lie
    /// on character boundaries. `[CLS]` has the empty range at the start, `[SEP]` that at the end.
    pub offsets: Vec<Range<usize>>,
    /// Characters of the text that are not white space.
    pub characters: usize,
    /// How many of them the model cannot see: covered by `[UNK]`, or dropped as invisible.
    /// Only [`Tokenizer::encode_guarded`] counts them.
    pub unknown_characters: usize,
}

impl Encoding {
    /// Tokens, `[CLS]` and `[SEP]` included.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no token at all, which no tokenizer returns.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Share of the text that the model cannot see, from 0 to 1, by characters that are not white
    /// space. Above about 0.3 a score says little (`[UNK]`s look alike to the model).
    pub fn unknown_ratio(&self) -> f32 {
        if self.characters == 0 {
            return 0.0;
        }
        self.unknown_characters as f32 / self.characters as f32
    }
}

/// Sizes only: ids spell out the text.
impl std::fmt::Debug for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoding")
            .field("tokens", &self.ids.len())
            .field("characters", &self.characters)
            .field("unknown_characters", &self.unknown_characters)
            .finish_non_exhaustive()
    }
}

/// Splits text into the word pieces of a vocabulary.
#[derive(Clone)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokenizer")
            .field("pieces", &self.vocabulary.len())
            .finish()
    }
}

impl Tokenizer {
    /// Reads a BERT `vocab.txt`: one piece a line, the line number being its id.
    pub fn from_vocab(vocabulary: impl AsRef<[u8]>) -> Result<Self, VocabularyError> {
        let text =
            std::str::from_utf8(vocabulary.as_ref()).map_err(|_| VocabularyError::NotUtf8)?;
        let vocabulary = Vocabulary::parse(text)?;
        if !vocabulary.pieces_fit() {
            return Err(VocabularyError::PieceTooLong);
        }
        Ok(Self { vocabulary })
    }

    /// Number of pieces; ids are below it.
    pub fn vocabulary_size(&self) -> usize {
        self.vocabulary.len()
    }

    /// The piece with this id, `##` included.
    pub fn piece(&self, id: u32) -> Option<&str> {
        self.vocabulary.piece(id)
    }

    /// Id of `[UNK]`.
    pub fn unknown_id(&self) -> u32 {
        self.vocabulary.special().unknown
    }

    /// Id of `[CLS]`, the first of every encoding.
    pub fn start_id(&self) -> u32 {
        self.vocabulary.special().start
    }

    /// Id of `[SEP]`, the last of every encoding.
    pub fn end_id(&self) -> u32 {
        self.vocabulary.special().end
    }

    /// Encodes as the reference does, `[CLS]` and `[SEP]` included, without truncation.
    ///
    /// The text of a special token (`[CLS]`, `[SEP]`, `[PAD]`, `[UNK]`, `[MASK]`) becomes that token.
    /// A word of more than 100 characters, and one that holds any character outside the vocabulary,
    /// becomes one `[UNK]`; invisible characters leave no trace.
    pub fn encode(&self, text: &str) -> Encoding {
        let special = self.vocabulary.special();
        let mut encoding = Encoding::default();
        encoding.push(special.start, 0..0);
        for segment in Segments::new(text, special) {
            match segment {
                Segment::Special(id, range) => encoding.push(id, range),
                Segment::Text(range) => {
                    split_words(
                        &text[range.clone()],
                        range.start,
                        Payloads::Ignore,
                        &mut |word| {
                            self.push_word(&word, &mut encoding);
                        },
                    );
                }
            }
        }
        encoding.push(special.end, text.len()..text.len());
        encoding.characters = text.chars().filter(|c| !c.is_whitespace()).count();
        encoding
    }

    /// Encodes so that no text vanishes from the model's sight unnoticed.
    ///
    /// Equal to [`Tokenizer::encode`] on text that the vocabulary covers. Where they differ:
    /// - a word of more than 100 characters is split into pieces like any other;
    /// - a word that holds unknown characters keeps its known parts, and only the unknown ones become
    ///   `[UNK]` (one for at most 16 characters);
    /// - three or more invisible characters in a row (tags, variation selectors, zero-width and
    ///   private-use characters) end the word and become an `[UNK]`;
    /// - the text of special tokens is plain text: input cannot write control tokens.
    ///
    /// Every character that is not white space lies in the range of some token, and
    /// [`Encoding::unknown_ratio`] says how much the model cannot see.
    pub fn encode_guarded(&self, text: &str) -> Encoding {
        guarded::encode(&self.vocabulary, text)
    }

    fn push_word(&self, word: &Word<'_>, encoding: &mut Encoding) {
        let rollback = encoding.ids.len();
        let mut position = 0;
        while position < word.text.len() {
            let found = if word.chars > MAX_WORD_CHARS {
                None
            } else {
                self.vocabulary
                    .longest_prefix(&word.text[position..], position > 0)
            };
            let Some((id, length)) = found else {
                encoding.truncate(rollback);
                encoding.push(self.unknown_id(), word.source(0..word.text.len()));
                return;
            };
            encoding.push(id, word.source(position..position + length));
            position += length;
        }
    }
}

impl Encoding {
    fn push(&mut self, id: u32, range: Range<usize>) {
        self.ids.push(id);
        self.offsets.push(range);
    }

    fn truncate(&mut self, length: usize) {
        self.ids.truncate(length);
        self.offsets.truncate(length);
    }
}

enum Segment {
    Special(u32, Range<usize>),
    Text(Range<usize>),
}

/// Cuts a text at the spelled-out special tokens.
struct Segments<'a> {
    text: &'a str,
    position: usize,
    special: vocabulary::SpecialIds,
    next_special: Option<(u32, Range<usize>)>,
}

impl<'a> Segments<'a> {
    fn new(text: &'a str, special: vocabulary::SpecialIds) -> Self {
        let mut segments = Self {
            text,
            position: 0,
            special,
            next_special: None,
        };
        segments.next_special = segments.find_special(0);
        segments
    }

    fn find_special(&self, from: usize) -> Option<(u32, Range<usize>)> {
        let names = [
            ("[PAD]", self.special.pad),
            ("[UNK]", self.special.unknown),
            ("[CLS]", self.special.start),
            ("[SEP]", self.special.end),
            ("[MASK]", self.special.mask),
        ];
        self.text[from..]
            .match_indices('[')
            .find_map(|(offset, _)| {
                let start = from + offset;
                let (name, id) = names
                    .into_iter()
                    .find(|(name, _)| self.text[start..].starts_with(name))?;
                Some((id, start..start + name.len()))
            })
    }
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        match self.next_special.take() {
            Some((id, range)) if range.start == self.position => {
                self.position = range.end;
                self.next_special = self.find_special(range.end);
                Some(Segment::Special(id, range))
            }
            upcoming => {
                let end = upcoming
                    .as_ref()
                    .map_or(self.text.len(), |(_, range)| range.start);
                self.next_special = upcoming;
                let range = self.position..end;
                self.position = end;
                (!range.is_empty()).then_some(Segment::Text(range))
            }
        }
    }
}
