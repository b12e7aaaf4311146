//! The word pieces and the way to find the longest one.

use super::VocabularyError;

/// Special tokens of BERT. Their text is matched before anything else is done to the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SpecialIds {
    pub(super) pad: u32,
    pub(super) unknown: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) mask: u32,
}

/// Word pieces by id, with an open-addressing hash table from piece to id.
#[derive(Clone)]
pub(super) struct Vocabulary {
    text: Box<str>,
    /// Byte range of each piece in `text`.
    pieces: Box<[(u32, u32)]>,
    /// Id plus one, or 0 for an empty slot. The length is a power of two, at most half full.
    table: Box<[u32]>,
    /// Bytes of the longest piece, without its `##`.
    longest_piece: usize,
    special: SpecialIds,
}

const CONTINUATION: &str = "##";
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// One step of the FNV-1a hash.
const fn hash_byte(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(FNV_PRIME)
}

/// State of the hash after `##`.
const CONTINUATION_HASH: u64 = hash_byte(hash_byte(FNV_OFFSET, b'#'), b'#');

impl Vocabulary {
    /// Reads one piece a line; the line number is the id.
    pub(super) fn parse(text: &str) -> Result<Self, VocabularyError> {
        if u32::try_from(text.len()).is_err() {
            return Err(VocabularyError::TooLarge);
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let piece = line.trim_end_matches(['\n', '\r']);
            pieces.push((start as u32, (start + piece.len()) as u32));
            start += line.len();
        }
        if pieces.is_empty() {
            return Err(VocabularyError::Empty);
        }
        let mut vocabulary = Self {
            text: text.into(),
            table: vec![0; (pieces.len() * 2).next_power_of_two()].into(),
            pieces: pieces.into(),
            longest_piece: 0,
            special: SpecialIds {
                pad: 0,
                unknown: 0,
                start: 0,
                end: 0,
                mask: 0,
            },
        };
        for id in 0..vocabulary.pieces.len() as u32 {
            vocabulary.insert(id)?;
        }
        vocabulary.special = SpecialIds {
            pad: vocabulary.require("[PAD]")?,
            unknown: vocabulary.require("[UNK]")?,
            start: vocabulary.require("[CLS]")?,
            end: vocabulary.require("[SEP]")?,
            mask: vocabulary.require("[MASK]")?,
        };
        Ok(vocabulary)
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    pub(super) fn special(&self) -> SpecialIds {
        self.special
    }

    pub(super) fn piece(&self, id: u32) -> Option<&str> {
        let &(start, end) = self.pieces.get(id as usize)?;
        self.text.get(start as usize..end as usize)
    }

    fn insert(&mut self, id: u32) -> Result<(), VocabularyError> {
        let piece = self.piece(id).unwrap_or_default();
        let bare = piece.strip_prefix(CONTINUATION).unwrap_or(piece);
        let longest = self.longest_piece.max(bare.len());
        let hash = piece.bytes().fold(FNV_OFFSET, hash_byte);
        let mask = self.table.len() - 1;
        let mut slot = spread(hash) & mask;
        while self.table[slot] != 0 {
            if self.piece(self.table[slot] - 1) == Some(piece) {
                return Err(VocabularyError::Duplicate(id as usize));
            }
            slot = (slot + 1) & mask;
        }
        self.longest_piece = longest;
        self.table[slot] = id + 1;
        Ok(())
    }

    fn require(&self, piece: &'static str) -> Result<u32, VocabularyError> {
        let hash = piece.bytes().fold(FNV_OFFSET, hash_byte);
        self.find(hash, piece.as_bytes(), false)
            .ok_or(VocabularyError::MissingSpecial(piece))
    }

    fn find(&self, hash: u64, bare: &[u8], continuation: bool) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut slot = spread(hash) & mask;
        loop {
            let id = self.table[slot].checked_sub(1)?;
            let (start, end) = self.pieces[id as usize];
            let piece = &self.text.as_bytes()[start as usize..end as usize];
            let candidate = if continuation {
                piece.strip_prefix(CONTINUATION.as_bytes())
            } else {
                Some(piece)
            };
            if candidate == Some(bare) {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The longest piece that `word` starts with, and its length in bytes (without `##`).
    ///
    /// `continuation` asks for a piece that continues a word. Takes at most as many look-ups as
    /// the longest piece has characters, however long the word is.
    pub(super) fn longest_prefix(&self, word: &str, continuation: bool) -> Option<(u32, usize)> {
        let bytes = word.as_bytes();
        let limit = bytes.len().min(self.longest_piece);
        let mut hashes = [0_u64; MAX_HASHED];
        let mut hash = if continuation {
            CONTINUATION_HASH
        } else {
            FNV_OFFSET
        };
        let limit = limit.min(MAX_HASHED);
        for (slot, &byte) in hashes.iter_mut().zip(&bytes[..limit]) {
            hash = hash_byte(hash, byte);
            *slot = hash;
        }
        (1..=limit)
            .rev()
            .filter(|&end| word.is_char_boundary(end))
            .find_map(|end| {
                self.find(hashes[end - 1], &bytes[..end], continuation)
                    .map(|id| (id, end))
            })
    }

    /// Whether every piece is short enough to be found by `longest_prefix`.
    pub(super) fn pieces_fit(&self) -> bool {
        self.longest_piece <= MAX_HASHED
    }
}

/// Bytes of the longest piece that can be looked up.
pub(super) const MAX_HASHED: usize = 64;

/// Folds the high half of a hash, which FNV mixes better, into the low half.
fn spread(hash: u64) -> usize {
    (hash ^ (hash >> 32)) as usize
}
