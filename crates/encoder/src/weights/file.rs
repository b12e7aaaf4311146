//! The weight file's header and tensor table, and tensors found by name.

use std::ops::Range;

use super::{Dimensions, HEAD_WIDTH, LANES, Linear, LoadError, MAX_POSITIONS, Norm, Table};

const MAGIC: &[u8; 8] = b"PRETILWT";
const TABLE_ENTRY: usize = 64;
const NAME_BYTES: usize = 40;

/// Bytes before the tensor table.
pub(super) const HEADER: usize = 96;

/// Where the digest of the content stands.
pub(super) const DIGEST: Range<usize> = 56..88;

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

/// Versions that this build reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// A whole encoder.
    One = 1,
    /// With the parts that version 1 does not have.
    Two = 2,
}

/// A file whose header and table are in bounds.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    tensors: usize,
    version: Version,
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, LoadError> {
        if bytes.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(LoadError::Magic);
        }
        if bytes.len() < HEADER {
            return Err(LoadError::Length);
        }
        let version = match u32_at(bytes, 8) {
            1 => Version::One,
            2 => Version::Two,
            found => return Err(LoadError::Version { found }),
        };
        let tensors = u32_at(bytes, 12) as usize;
        let table_fits = tensors <= (bytes.len() - HEADER) / TABLE_ENTRY;
        if u64_at(bytes, 16) != bytes.len() as u64 || !table_fits {
            return Err(LoadError::Length);
        }
        Ok(Self {
            bytes,
            tensors,
            version,
        })
    }

    pub(super) fn dimensions(&self) -> Result<Dimensions, LoadError> {
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

    /// Whether the file holds `name`, one of the tensors that came with version 2.
    pub(super) fn has(&self, name: &str) -> bool {
        self.version == Version::Two && self.entry(name).is_ok()
    }

    /// The tensor's rows, whatever its type and shape.
    pub(super) fn rows(&self, name: &str) -> Result<usize, LoadError> {
        let (entry, _) = self.entry(name)?;
        Ok(u32_at(entry, 44) as usize)
    }

    /// A tensor of bytes, whatever its length.
    pub(super) fn bytes(&self, name: &str) -> Result<&'a [u8], LoadError> {
        let (entry, name) = self.entry(name)?;
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
        rows: usize,
        columns: usize,
    ) -> Result<impl Iterator<Item = [u8; 4]>, LoadError> {
        let range = self.tensor(name, kind, rows, columns)?;
        Ok(self.bytes[range].as_chunks::<4>().0.iter().copied())
    }

    pub(super) fn floats(&self, name: &str, length: usize) -> Result<Vec<f32>, LoadError> {
        self.matrix(name, 1, length)
    }

    /// Finite floats, row by row.
    pub(super) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Vec<f32>, LoadError> {
        let floats: Vec<f32> = self
            .words(name, Type::F32, rows, columns)?
            .map(f32::from_le_bytes)
            .collect();
        if floats.iter().all(|value| value.is_finite()) {
            Ok(floats)
        } else {
            Err(LoadError::Shape(name.to_owned()))
        }
    }

    pub(super) fn linear(
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
                .words(&format!("{name}.correction"), Type::S32, 1, outputs)?
                .map(i32::from_le_bytes)
                .collect(),
            smoothing: if smoothed {
                self.floats(&format!("{name}.smoothing"), inputs)?
            } else {
                Vec::new()
            },
        })
    }

    pub(super) fn norm(&self, name: &str, width: usize) -> Result<Norm, LoadError> {
        Ok(Norm {
            gamma: self.floats(&format!("{name}.gamma"), width)?,
            beta: self.floats(&format!("{name}.beta"), width)?,
        })
    }

    pub(super) fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, LoadError> {
        Ok(Table {
            place: self.tensor(name, Type::S8, rows, width)?,
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
