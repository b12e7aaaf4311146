//! The weight file: a plain, little-endian layout that is used in place.
//!
//! ```text
//!   0  magic            8 bytes  "PRETILWT"
//!   8  version          u32      1
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

use std::{borrow::Cow, ops::Range};

use sha2::{Digest, Sha256};

use crate::{Tokenizer, VocabularyError};

const MAGIC: &[u8; 8] = b"PRETILWT";
const VERSION: u32 = 1;
const HEADER: usize = 96;
const DIGEST: Range<usize> = 56..88;
const TABLE_ENTRY: usize = 64;
const NAME_BYTES: usize = 40;

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
    #[error("the weight file has version {found}, this build reads {VERSION}")]
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
    rows: Range<usize>,
    width: usize,
    pub(crate) scale: Vec<f32>,
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
    bytes: Cow<'static, [u8]>,
    pub(crate) dimensions: Dimensions,
    pub(crate) words: Table,
    pub(crate) positions: Table,
    pub(crate) embedding_norm: Norm,
    pub(crate) layers: Vec<Layer>,
}

impl Weights {
    pub(crate) fn load(bytes: Cow<'static, [u8]>) -> Result<(Self, Tokenizer), LoadError> {
        let file = File::open(&bytes)?;
        let dimensions = file.dimensions()?;
        let tokenizer = Tokenizer::from_vocab(file.vocabulary()?)?;
        if tokenizer.vocabulary_size() != dimensions.vocabulary {
            return Err(LoadError::Shape("vocabulary".into()));
        }
        let Dimensions {
            hidden,
            ffn,
            vocabulary,
            positions,
            ..
        } = dimensions;
        let words = file.table("embeddings.word", vocabulary, hidden)?;
        let positions = file.table("embeddings.position", positions, hidden)?;
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
        let weights = Self {
            bytes,
            dimensions,
            words,
            positions,
            embedding_norm,
            layers,
        };
        Ok((weights, tokenizer))
    }

    /// The s8 weight tiles of `linear`, as bytes.
    pub(crate) fn tiles(&self, linear: &Linear) -> &[u8] {
        &self.bytes[linear.weight.clone()]
    }

    /// The s8 row `index` of `table`, as bytes.
    pub(crate) fn row(&self, table: &Table, index: usize) -> &[u8] {
        let start = table.rows.start + index * table.width;
        &self.bytes[start..start + table.width]
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    U8 = 0,
    S8 = 1,
    S32 = 2,
    F32 = 3,
}

impl Type {
    fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::S8 => 1,
            Self::S32 | Self::F32 => 4,
        }
    }
}

/// A file whose header and table are in bounds.
struct File<'a> {
    bytes: &'a [u8],
    tensors: usize,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, LoadError> {
        if bytes.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(LoadError::Magic);
        }
        if bytes.len() < HEADER {
            return Err(LoadError::Length);
        }
        let version = u32_at(bytes, 8);
        if version != VERSION {
            return Err(LoadError::Version { found: version });
        }
        let tensors = u32_at(bytes, 12) as usize;
        let table_fits = tensors <= (bytes.len() - HEADER) / TABLE_ENTRY;
        if u64_at(bytes, 16) != bytes.len() as u64 || !table_fits {
            return Err(LoadError::Length);
        }
        Ok(Self { bytes, tensors })
    }

    fn dimensions(&self) -> Result<Dimensions, LoadError> {
        let field = |index: usize| u32_at(self.bytes, 24 + 4 * index) as usize;
        let dimensions = Dimensions {
            layers: field(0),
            hidden: field(1),
            heads: field(2),
            ffn: field(3),
            vocabulary: field(4),
            positions: field(5),
        };
        let Dimensions {
            layers,
            hidden,
            heads,
            ffn,
            positions,
            ..
        } = dimensions;
        if layers == 0 || layers > 1024 {
            return Err(LoadError::Dimensions("layers"));
        }
        if heads == 0 || heads > 1024 || hidden != heads * HEAD_WIDTH {
            return Err(LoadError::Dimensions("the head width must be 32"));
        }
        // The sums of 255 × 127 over the inputs of a layer must fit 32 bits.
        if ffn == 0 || !ffn.is_multiple_of(LANES) || ffn.max(hidden) > 65_536 {
            return Err(LoadError::Dimensions(
                "the inner width must be a multiple of 16",
            ));
        }
        if positions == 0 || positions > MAX_POSITIONS {
            return Err(LoadError::Dimensions("positions must be 1 to 512"));
        }
        Ok(dimensions)
    }

    fn vocabulary(&self) -> Result<&'a [u8], LoadError> {
        let (entry, name) = self.entry("vocabulary")?;
        let columns = u32_at(entry, 48) as usize;
        let range = self
            .place(entry, Type::U8, 1, columns)
            .ok_or(LoadError::Shape(name))?;
        Ok(&self.bytes[range])
    }

    fn entry(&self, name: &str) -> Result<(&'a [u8], String), LoadError> {
        let table = &self.bytes[HEADER..HEADER + self.tensors * TABLE_ENTRY];
        table
            .chunks_exact(TABLE_ENTRY)
            .find(|entry| {
                let field = &entry[..NAME_BYTES];
                let end = field
                    .iter()
                    .position(|&byte| byte == 0)
                    .unwrap_or(NAME_BYTES);
                &field[..end] == name.as_bytes()
            })
            .map(|entry| (entry, name.to_owned()))
            .ok_or_else(|| LoadError::Missing(name.to_owned()))
    }

    fn place(&self, entry: &[u8], kind: Type, rows: usize, columns: usize) -> Option<Range<usize>> {
        let shape_fits = u32_at(entry, 40) == kind as u32
            && u32_at(entry, 44) as usize == rows
            && u32_at(entry, 48) as usize == columns;
        let start = usize::try_from(u64_at(entry, 56)).ok()?;
        let end = start.checked_add(rows.checked_mul(columns)?.checked_mul(kind.bytes())?)?;
        (shape_fits && end <= self.bytes.len()).then_some(start..end)
    }

    fn tensor(
        &self,
        name: &str,
        kind: Type,
        rows: usize,
        columns: usize,
    ) -> Result<Range<usize>, LoadError> {
        let (entry, name) = self.entry(name)?;
        self.place(entry, kind, rows, columns)
            .ok_or(LoadError::Shape(name))
    }

    fn words(
        &self,
        name: &str,
        kind: Type,
        length: usize,
    ) -> Result<impl Iterator<Item = [u8; 4]>, LoadError> {
        let range = self.tensor(name, kind, 1, length)?;
        Ok(self.bytes[range].as_chunks::<4>().0.iter().copied())
    }

    fn floats(&self, name: &str, length: usize) -> Result<Vec<f32>, LoadError> {
        let floats: Vec<f32> = self
            .words(name, Type::F32, length)?
            .map(f32::from_le_bytes)
            .collect();
        if floats.iter().all(|value| value.is_finite()) {
            Ok(floats)
        } else {
            Err(LoadError::Shape(name.to_owned()))
        }
    }

    fn linear(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
        smoothed: bool,
    ) -> Result<Linear, LoadError> {
        Ok(Linear {
            inputs,
            outputs,
            weight: self.tensor(&format!("{name}.weight"), Type::S8, outputs, inputs)?,
            scale: self.floats(&format!("{name}.scale"), outputs)?,
            bias: self.floats(&format!("{name}.bias"), outputs)?,
            correction: self
                .words(&format!("{name}.correction"), Type::S32, outputs)?
                .map(i32::from_le_bytes)
                .collect(),
            smoothing: if smoothed {
                self.floats(&format!("{name}.smoothing"), inputs)?
            } else {
                Vec::new()
            },
        })
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, LoadError> {
        Ok(Norm {
            gamma: self.floats(&format!("{name}.gamma"), width)?,
            beta: self.floats(&format!("{name}.beta"), width)?,
        })
    }

    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, LoadError> {
        Ok(Table {
            rows: self.tensor(name, Type::S8, rows, width)?,
            width,
            scale: self.floats(&format!("{name}.scale"), rows)?,
        })
    }
}

/// Callers have checked that the four bytes are there.
fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes([
        bytes[offset],
        bytes[offset + 1],
        bytes[offset + 2],
        bytes[offset + 3],
    ])
}

fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from(u32_at(bytes, offset)) | u64::from(u32_at(bytes, offset + 4)) << 32
}
