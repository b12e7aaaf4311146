//! The weight file: a plain, little-endian layout that is used in place.
//!
//! ```text
//!   0  magic            8 bytes  "PRETILWT"
//!   8  version          u32      1 or 2
//!  12  tensors          u32
//!  16  file length      u64
//!  24  layers, hidden, heads, ffn, vocabulary, positions, 0, 0    8 × u32
//!  56  SHA-256          32 bytes of the bytes 0..56 and 88.. of this file, without the 8 bytes of
//!                       padding after the digest
//!  88  padding          8 bytes
//!  96  tensor table     64 bytes each: name 40 bytes, zero-padded; type u32 (0 u8, 1 s8, 2 s32,
//!                       3 f32); rows u32; columns u32; 0 u32; offset u64 from the start of the file
//!   …  tensors          each on a multiple of 64 bytes, zero-padded to one
//! ```
//!
//! A linear layer of `k` inputs and `n` outputs is `NAME.weight` (s8, symmetric, in tiles
//! `[n / 16][k / 4][16][4]`: the layout of `vpdpbusd`), `NAME.scale` (f32 per output), `NAME.bias` (f32
//! per output) and `NAME.correction` (s32 per output: 128 × the sum of the output's weights where the
//! input is stored with 128 added, else 0). Where the input is smoothed when it is quantised,
//! `NAME.smoothing` (f32 per input) holds the factors.
//!
//! Version 1 is a whole encoder. Version 2 may also hold, each independent of the others:
//! - `base.sha256` (u8, 32 bytes) in place of `vocabulary`, `embeddings.word` and `embeddings.word.scale`:
//!   those are taken from the base file whose header has this digest, which must be loaded first
//!   ([`Encoder::load_sharing`](crate::Encoder::load_sharing)). Width and vocabulary size are the same in
//!   both headers;
//! - `embeddings.feature` (s8, a row per value) and `embeddings.feature.scale` (f32 per row): a second input
//!   per token, whose row is added to those of the word and the position before the norm. At most 256 rows;
//! - `head.weight` (f32, a row per label), `head.bias` (f32 per label) and `head.labels` (u8: the labels,
//!   separated by line feeds): a linear layer on the last hidden state.

mod file;

use std::{
    collections::HashSet,
    ops::{Deref, Range},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use crate::{Tokenizer, VocabularyError};
use file::{DIGEST, File, HEADER};

/// Columns of a weight tile, and float lanes of every ordered reduction.
pub(crate) const LANES: usize = 16;

/// Inputs and outputs of the attention heads that the kernels are written for.
pub(crate) const HEAD_WIDTH: usize = 32;

/// Longest input that the fixed-point attention has head room for (see `forward`).
const MAX_POSITIONS: usize = 512;

/// Why a weight file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Not a weight file.
    #[error("the file is not a weight file")]
    Magic,
    /// Written by a newer or older version.
    #[error("the weight file has version {found}, this build reads 1 and 2")]
    Version {
        /// Version in the file.
        found: u32,
    },
    /// The file's length is not what its header says.
    #[error("the weight file is cut off or too long")]
    Length,
    /// Sizes that the kernels cannot take.
    #[error("the weight file's dimensions are not supported: {0}")]
    Dimensions(&'static str),
    /// A tensor is missing.
    #[error("the weight file has no tensor {0}")]
    Missing(String),
    /// A tensor has another type or shape than the dimensions ask for.
    #[error("tensor {0} of the weight file has the wrong type, shape or place")]
    Shape(String),
    /// The content does not have the digest in its header.
    #[error("the weight file's content does not match its SHA-256")]
    Digest,
    /// The file shares the word table of a base file and was loaded without one.
    #[error(
        "the weight file shares the word embeddings of a base file, which it must be loaded with"
    )]
    NeedsBase,
    /// The file was trained with another base file than it was loaded with.
    #[error("the weight file was trained with another base file: its base has SHA-256 {expected}")]
    OtherBase {
        /// Digest, in hexadecimal, that the base file should state.
        expected: String,
    },
    /// The labels are not one distinct, not empty text for each row of the head.
    #[error(
        "the weight file's labels are not UTF-8, or not one distinct label for each row of the head"
    )]
    Labels,
    /// The vocabulary is broken.
    #[error("the weight file's vocabulary: {0}")]
    Vocabulary(#[from] VocabularyError),
}

/// Sizes of an encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    /// Transformer layers.
    pub layers: usize,
    /// Width of the hidden state.
    pub hidden: usize,
    /// Attention heads.
    pub heads: usize,
    /// Width of the inner feed-forward layer.
    pub ffn: usize,
    /// Word pieces.
    pub vocabulary: usize,
    /// Longest input in tokens.
    pub positions: usize,
}

/// A linear layer with int8 weights, as offsets into the file.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    weight: Range<usize>,
    pub(crate) scale: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) correction: Vec<i32>,
    /// Empty where the input is not smoothed.
    pub(crate) smoothing: Vec<f32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Norm {
    pub(crate) gamma: Vec<f32>,
    pub(crate) beta: Vec<f32>,
}

/// An int8 table with one scale per row.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    place: Range<usize>,
    width: usize,
    scale: Vec<f32>,
}

impl Table {
    fn rows(&self) -> usize {
        self.scale.len()
    }

    fn row<'a>(&self, bytes: &'a [u8], index: usize) -> (&'a [u8], f32) {
        let start = self.place.start + index * self.width;
        (&bytes[start..start + self.width], self.scale[index])
    }
}

/// What a text is read with: the part that encoders trained on one base share.
#[derive(Clone)]
pub(crate) struct Lexicon {
    bytes: Bytes,
    words: Table,
    pub(crate) tokenizer: Tokenizer,
}

impl Lexicon {
    /// The s8 embedding of word piece `id`, as bytes, and its scale.
    pub(crate) fn word(&self, id: usize) -> (&[u8], f32) {
        self.words.row(&self.bytes, id)
    }
}

/// A linear layer on the last hidden state, and what its outputs stand for.
#[derive(Clone, Debug)]
pub struct Head {
    labels: Vec<String>,
    /// Labels × hidden.
    pub(crate) weight: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Head {
    /// What the logits stand for, in their order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    fn read(file: &File<'_>, hidden: usize) -> Result<Option<Self>, LoadError> {
        if !["head.weight", "head.bias", "head.labels"]
            .into_iter()
            .any(|name| file.has(name))
        {
            return Ok(None);
        }
        let rows = file.rows("head.weight")?;
        let labels = labels(file.bytes("head.labels")?)?;
        if labels.len() != rows {
            return Err(LoadError::Labels);
        }
        Ok(Some(Self {
            labels,
            weight: file.matrix("head.weight", rows, hidden)?,
            bias: file.floats("head.bias", rows)?,
        }))
    }
}

fn labels(bytes: &[u8]) -> Result<Vec<String>, LoadError> {
    let text = std::str::from_utf8(bytes).map_err(|_| LoadError::Labels)?;
    let labels: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let distinct: HashSet<&String> = labels.iter().collect();
    let sound = distinct.len() == labels.len() && labels.iter().all(|label| !label.is_empty());
    sound.then_some(labels).ok_or(LoadError::Labels)
}

/// A file's content, used in place; cheap to share.
#[derive(Clone)]
pub(crate) enum Bytes {
    /// Embedded in the binary, or mapped.
    Static(&'static [u8]),
    /// Read and kept.
    Kept(Arc<Vec<u8>>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Kept(bytes) => bytes,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) qkv: Linear,
    pub(crate) output: Linear,
    pub(crate) norm1: Norm,
    pub(crate) ffn1: Linear,
    pub(crate) ffn2: Linear,
    pub(crate) norm2: Norm,
}

/// A checked weight file. The large tensors stay where they are.
#[derive(Clone)]
pub(crate) struct Weights {
    bytes: Bytes,
    pub(crate) dimensions: Dimensions,
    pub(crate) lexicon: Arc<Lexicon>,
    positions: Table,
    features: Option<Table>,
    pub(crate) embedding_norm: Norm,
    pub(crate) layers: Vec<Layer>,
    pub(crate) head: Option<Head>,
}

impl Weights {
    /// Reads a file that is whole, or, with a `base`, one that shares the base's lexicon.
    pub(crate) fn load(bytes: Bytes, base: Option<&Self>) -> Result<Self, LoadError> {
        let file = File::open(&bytes)?;
        let dimensions = file.dimensions()?;
        let lexicon = match base {
            Some(base) => shared_lexicon(&file, dimensions, base)?,
            None => Arc::new(own_lexicon(&file, dimensions, &bytes)?),
        };
        let Dimensions {
            hidden,
            ffn,
            positions,
            ..
        } = dimensions;
        let positions = file.table("embeddings.position", positions, hidden)?;
        let features = feature_table(&file, hidden)?;
        let embedding_norm = file.norm("embeddings.norm", hidden)?;
        let layers = (0..dimensions.layers)
            .map(|layer| {
                let name = |part: &str| format!("layer.{layer}.{part}");
                Ok(Layer {
                    qkv: file.linear(&name("qkv"), hidden, 3 * hidden, true)?,
                    output: file.linear(&name("output"), hidden, hidden, false)?,
                    norm1: file.norm(&name("norm1"), hidden)?,
                    ffn1: file.linear(&name("ffn1"), hidden, ffn, true)?,
                    ffn2: file.linear(&name("ffn2"), ffn, hidden, false)?,
                    norm2: file.norm(&name("norm2"), hidden)?,
                })
            })
            .collect::<Result<_, LoadError>>()?;
        let head = Head::read(&file, hidden)?;
        Ok(Self {
            bytes,
            dimensions,
            lexicon,
            positions,
            features,
            embedding_norm,
            layers,
            head,
        })
    }

    /// The s8 weight tiles of `linear`, as bytes.
    pub(crate) fn tiles(&self, linear: &Linear) -> &[u8] {
        &self.bytes[linear.weight.clone()]
    }

    /// The s8 embedding of position `index`, as bytes, and its scale.
    pub(crate) fn position(&self, index: usize) -> (&[u8], f32) {
        self.positions.row(&self.bytes, index)
    }

    /// Values that a token's feature may have; 0 where the model takes none.
    pub(crate) fn feature_values(&self) -> usize {
        self.features.as_ref().map_or(0, Table::rows)
    }

    /// The s8 embedding of the feature `value`, as bytes, and its scale.
    pub(crate) fn feature(&self, value: u8) -> Option<(&[u8], f32)> {
        let table = self.features.as_ref()?;
        Some(table.row(&self.bytes, usize::from(value)))
    }

    pub(crate) fn declared_sha256(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(&self.bytes[DIGEST]);
        digest
    }

    /// Reads the whole file: about 10 ms where the CPU has SHA instructions.
    pub(crate) fn verify(&self) -> Result<(), LoadError> {
        let mut hasher = Sha256::new();
        hasher.update(&self.bytes[..DIGEST.start]);
        hasher.update(&self.bytes[HEADER..]);
        if hasher.finalize().as_slice() == &self.bytes[DIGEST] {
            Ok(())
        } else {
            Err(LoadError::Digest)
        }
    }
}

fn own_lexicon(
    file: &File<'_>,
    dimensions: Dimensions,
    bytes: &Bytes,
) -> Result<Lexicon, LoadError> {
    if file.has("base.sha256") {
        return Err(LoadError::NeedsBase);
    }
    let tokenizer = Tokenizer::from_vocab(file.bytes("vocabulary")?)?;
    if tokenizer.vocabulary_size() != dimensions.vocabulary {
        return Err(LoadError::Shape("vocabulary".into()));
    }
    Ok(Lexicon {
        words: file.table("embeddings.word", dimensions.vocabulary, dimensions.hidden)?,
        tokenizer,
        bytes: bytes.clone(),
    })
}

fn shared_lexicon(
    file: &File<'_>,
    dimensions: Dimensions,
    base: &Weights,
) -> Result<Arc<Lexicon>, LoadError> {
    if !file.has("base.sha256") {
        return Err(LoadError::Missing("base.sha256".into()));
    }
    let expected = file.bytes("base.sha256")?;
    if expected.len() != DIGEST.len() {
        return Err(LoadError::Shape("base.sha256".into()));
    }
    if expected != base.declared_sha256() {
        return Err(LoadError::OtherBase {
            expected: hexadecimal(expected),
        });
    }
    if dimensions.vocabulary != base.dimensions.vocabulary {
        return Err(LoadError::Dimensions(
            "the vocabulary is not as large as the base file's",
        ));
    }
    if dimensions.hidden != base.dimensions.hidden {
        return Err(LoadError::Dimensions(
            "the hidden state is not as wide as the base file's",
        ));
    }
    Ok(Arc::clone(&base.lexicon))
}

fn feature_table(file: &File<'_>, hidden: usize) -> Result<Option<Table>, LoadError> {
    const NAME: &str = "embeddings.feature";
    if !file.has(NAME) {
        return Ok(None);
    }
    let rows = file.rows(NAME)?;
    if rows == 0 || rows > usize::from(u8::MAX) + 1 {
        return Err(LoadError::Shape(NAME.into()));
    }
    file.table(NAME, rows, hidden).map(Some)
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
