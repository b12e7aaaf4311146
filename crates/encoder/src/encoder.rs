//! The encoder: weights, a kernel, and what they make of token ids.

use std::borrow::Cow;

use crate::{
    Dimensions, Kernel, LoadError, Tokenizer, UnsupportedKernel,
    forward::{Pass, Scratch, mean_unit},
    kernel::portable::Portable,
    weights::Weights,
};

/// Why ids could not be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// No ids.
    #[error("there is no token")]
    Empty,
    /// More ids than the model has positions; see [`windows`](crate::windows).
    #[error("{tokens} tokens are more than the model's {limit} positions")]
    TooLong {
        /// Ids given.
        tokens: usize,
        /// Positions of the model.
        limit: usize,
    },
    /// An id outside the vocabulary.
    #[error("a token id is not in the vocabulary")]
    UnknownId,
}

/// A BERT encoder with int8 weights. Immutable, so any number of threads may use one, each with its own
/// [`Scratch`].
///
/// The same ids give the same bits, whatever was encoded before, on whatever thread, by whatever
/// kernel.
#[derive(Clone)]
pub struct Encoder {
    weights: Weights,
    tokenizer: Tokenizer,
    kernel: Kernel,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder")
            .field("dimensions", &self.weights.dimensions)
            .field("kernel", &self.kernel)
            .finish_non_exhaustive()
    }
}

impl Encoder {
    /// Reads a weight file that is embedded or mapped, in place: only scales and biases are copied.
    /// Faster on a 64-byte boundary, correct on any. The content is not hashed: see
    /// [`Encoder::verify`].
    pub fn load(bytes: &'static [u8]) -> Result<Self, LoadError> {
        Self::new(Cow::Borrowed(bytes))
    }

    /// Reads a weight file and keeps it.
    pub fn load_owned(bytes: Vec<u8>) -> Result<Self, LoadError> {
        Self::new(Cow::Owned(bytes))
    }

    fn new(bytes: Cow<'static, [u8]>) -> Result<Self, LoadError> {
        let (weights, tokenizer) = Weights::load(bytes)?;
        Ok(Self {
            weights,
            tokenizer,
            kernel: Kernel::detect(),
        })
    }

    /// Uses `kernel` in place of the fastest that this CPU runs.
    pub fn with_kernel(mut self, kernel: Kernel) -> Result<Self, UnsupportedKernel> {
        if !kernel.is_supported() {
            return Err(UnsupportedKernel(kernel));
        }
        self.kernel = kernel;
        Ok(self)
    }

    /// The kernel in use.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Sizes of the model.
    pub fn dimensions(&self) -> Dimensions {
        self.weights.dimensions
    }

    /// The tokenizer of the weights' vocabulary.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// SHA-256 that the weight file states of its content; part of a model's identity.
    pub fn declared_sha256(&self) -> [u8; 32] {
        self.weights.declared_sha256()
    }

    /// Checks the content against [`Encoder::declared_sha256`]: reads all of it.
    pub fn verify(&self) -> Result<(), LoadError> {
        self.weights.verify()
    }

    /// Last hidden state of one text, tokens × hidden. `ids` hold `[CLS]` and `[SEP]`.
    pub fn hidden<'a>(
        &self,
        ids: &[u32],
        scratch: &'a mut Scratch,
    ) -> Result<&'a [f32], EncodeError> {
        let Dimensions {
            positions,
            vocabulary,
            ..
        } = self.weights.dimensions;
        if ids.is_empty() {
            return Err(EncodeError::Empty);
        }
        if ids.len() > positions {
            return Err(EncodeError::TooLong {
                tokens: ids.len(),
                limit: positions,
            });
        }
        if ids.iter().any(|&id| id as usize >= vocabulary) {
            return Err(EncodeError::UnknownId);
        }
        self.run(Pass {
            weights: &self.weights,
            ids,
            scratch,
        });
        Ok(scratch.hidden())
    }

    /// Embedding of one text: the mean over all its tokens' hidden states, made unit length.
    pub fn embed(&self, ids: &[u32], scratch: &mut Scratch) -> Result<Vec<f32>, EncodeError> {
        let mut mean = vec![0.0; self.weights.dimensions.hidden];
        mean_unit(self.hidden(ids, scratch)?, &mut mean);
        Ok(mean)
    }

    fn run(&self, pass: Pass<'_>) {
        #[cfg(target_arch = "x86_64")]
        if self.kernel == Kernel::Avx512Vnni
            && let Some(kernel) = crate::kernel::avx512::Avx512Vnni::new()
        {
            return kernel.run(pass);
        }
        pass.run(Portable);
    }
}
