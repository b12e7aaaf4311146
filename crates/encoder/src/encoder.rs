//! The encoder: weights, a kernel, and what they make of token ids.

use std::sync::Arc;

use crate::{
    Dimensions, Head, Kernel, LoadError, Tokenizer, UnsupportedKernel,
    forward::{Pass, Readout, Scratch, mean_unit},
    kernel::portable::Portable,
    weights::{Bytes, Weights},
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
    /// The model takes a feature per token and there is none, or the other way round.
    #[error(
        "the model takes a feature for each token, or the input has features that it does not take"
    )]
    Features,
    /// Not one feature for each id.
    #[error("{features} features for {tokens} tokens")]
    FeatureCount {
        /// Features given.
        features: usize,
        /// Ids given.
        tokens: usize,
    },
    /// A feature that the model has no row for.
    #[error("a token's feature is not one of the model's")]
    UnknownFeature,
    /// The model has no head, so there are no logits.
    #[error("the model has no head")]
    NoHead,
}

/// What is encoded: token ids from `[CLS]` to `[SEP]` and, for a model that takes them
/// ([`Encoder::feature_values`]), a feature for each.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Token ids.
    pub ids: &'a [u32],
    /// A feature for each token.
    pub features: Option<&'a [u8]>,
}

/// Sizes only: ids spell out the text.
impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("tokens", &self.ids.len())
            .field("features", &self.features.is_some())
            .finish()
    }
}

impl<'a> From<&'a [u32]> for Input<'a> {
    fn from(ids: &'a [u32]) -> Self {
        Self {
            ids,
            features: None,
        }
    }
}

impl<'a> From<&'a Vec<u32>> for Input<'a> {
    fn from(ids: &'a Vec<u32>) -> Self {
        ids.as_slice().into()
    }
}

impl<'a, const N: usize> From<&'a [u32; N]> for Input<'a> {
    fn from(ids: &'a [u32; N]) -> Self {
        ids.as_slice().into()
    }
}

/// A BERT encoder with int8 weights. Immutable and cheap to clone; any number of threads may use one, each
/// with its own [`Scratch`].
///
/// The same ids give the same bits, whatever was encoded before, on whatever thread, by whatever
/// kernel.
#[derive(Clone)]
pub struct Encoder {
    weights: Arc<Weights>,
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
        Self::new(Bytes::Static(bytes), None)
    }

    /// Reads a weight file and keeps it.
    pub fn load_owned(bytes: Vec<u8>) -> Result<Self, LoadError> {
        Self::new(Bytes::Kept(Arc::new(bytes)), None)
    }

    /// As [`Encoder::load`], for a file that was trained on `base` and holds neither vocabulary nor word
    /// embeddings: it uses those of `base`, without a copy. The file names its base by
    /// [`Encoder::declared_sha256`]; another one is refused.
    pub fn load_sharing(bytes: &'static [u8], base: &Self) -> Result<Self, LoadError> {
        Self::new(Bytes::Static(bytes), Some(base))
    }

    /// As [`Encoder::load_sharing`], for a file that is read and kept.
    pub fn load_sharing_owned(bytes: Vec<u8>, base: &Self) -> Result<Self, LoadError> {
        Self::new(Bytes::Kept(Arc::new(bytes)), Some(base))
    }

    fn new(bytes: Bytes, base: Option<&Self>) -> Result<Self, LoadError> {
        let weights = Weights::load(bytes, base.map(|base| &*base.weights))?;
        Ok(Self {
            weights: Arc::new(weights),
            kernel: base.map_or_else(Kernel::detect, |base| base.kernel),
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
        &self.weights.lexicon.tokenizer
    }

    /// Values that a token's feature may have, from 0; 0 for a model that takes no features.
    pub fn feature_values(&self) -> usize {
        self.weights.feature_values()
    }

    /// What the model's logits stand for, if it has any.
    pub fn head(&self) -> Option<&Head> {
        self.weights.head.as_ref()
    }

    /// SHA-256 that the weight file states of its content; part of a model's identity.
    pub fn declared_sha256(&self) -> [u8; 32] {
        self.weights.declared_sha256()
    }

    /// Checks the content against [`Encoder::declared_sha256`]: reads all of it.
    pub fn verify(&self) -> Result<(), LoadError> {
        self.weights.verify()
    }

    /// Last hidden state of one text, tokens × hidden. `input` holds `[CLS]` and `[SEP]`.
    pub fn hidden<'a, 'i>(
        &self,
        input: impl Into<Input<'i>>,
        scratch: &'a mut Scratch,
    ) -> Result<&'a [f32], EncodeError> {
        self.run(input.into(), Readout::Hidden, scratch)?;
        Ok(scratch.hidden())
    }

    /// Embedding of one text: the mean over all its tokens' hidden states, made unit length.
    pub fn embed<'i>(
        &self,
        input: impl Into<Input<'i>>,
        scratch: &mut Scratch,
    ) -> Result<Vec<f32>, EncodeError> {
        let mut mean = vec![0.0; self.weights.dimensions.hidden];
        mean_unit(self.hidden(input, scratch)?, &mut mean);
        Ok(mean)
    }

    /// Logits of one text, one per label of [`Encoder::head`]: the head on the mean over all its tokens'
    /// hidden states, `[CLS]` and `[SEP]` among them.
    pub fn classify<'a, 'i>(
        &self,
        input: impl Into<Input<'i>>,
        scratch: &'a mut Scratch,
    ) -> Result<&'a [f32], EncodeError> {
        self.run(input.into(), Readout::Mean, scratch)?;
        Ok(scratch.logits())
    }

    /// Logits of every token, tokens × labels: the head on each token's hidden state, `[CLS]` and `[SEP]`
    /// among them.
    pub fn tag<'a, 'i>(
        &self,
        input: impl Into<Input<'i>>,
        scratch: &'a mut Scratch,
    ) -> Result<&'a [f32], EncodeError> {
        self.run(input.into(), Readout::EachToken, scratch)?;
        Ok(scratch.logits())
    }

    fn run(
        &self,
        input: Input<'_>,
        readout: Readout,
        scratch: &mut Scratch,
    ) -> Result<(), EncodeError> {
        self.check(input)?;
        if readout != Readout::Hidden && self.weights.head.is_none() {
            return Err(EncodeError::NoHead);
        }
        let pass = Pass {
            weights: &self.weights,
            input,
            readout,
            scratch,
        };
        self.dispatch(pass);
        Ok(())
    }

    fn dispatch(&self, pass: Pass<'_>) {
        #[cfg(target_arch = "x86_64")]
        {
            use crate::kernel::{avx_vnni::AvxVnni, avx2::Avx2, avx512::Avx512Vnni};
            match self.kernel {
                Kernel::Avx512Vnni => {
                    if let Some(kernel) = Avx512Vnni::new() {
                        return kernel.run(pass);
                    }
                }
                Kernel::AvxVnni => {
                    if let Some(kernel) = AvxVnni::new() {
                        return kernel.run(pass);
                    }
                }
                Kernel::Avx2 => {
                    if let Some(kernel) = Avx2::new() {
                        return kernel.run(pass);
                    }
                }
                Kernel::Portable => {}
            }
        }
        pass.run(Portable);
    }

    fn check(&self, input: Input<'_>) -> Result<(), EncodeError> {
        let Dimensions {
            positions,
            vocabulary,
            ..
        } = self.weights.dimensions;
        let tokens = input.ids.len();
        if tokens == 0 {
            return Err(EncodeError::Empty);
        }
        if tokens > positions {
            return Err(EncodeError::TooLong {
                tokens,
                limit: positions,
            });
        }
        if input.ids.iter().any(|&id| id as usize >= vocabulary) {
            return Err(EncodeError::UnknownId);
        }
        let values = self.weights.feature_values();
        let Some(features) = input.features else {
            return if values == 0 {
                Ok(())
            } else {
                Err(EncodeError::Features)
            };
        };
        if values == 0 {
            return Err(EncodeError::Features);
        }
        if features.len() != tokens {
            return Err(EncodeError::FeatureCount {
                features: features.len(),
                tokens,
            });
        }
        if features.iter().any(|&value| usize::from(value) >= values) {
            return Err(EncodeError::UnknownFeature);
        }
        Ok(())
    }
}
