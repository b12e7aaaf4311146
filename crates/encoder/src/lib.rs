//! An int8 BERT encoder for the CPU: tokenizer, weights, kernels. Knows nothing of policies.
//!
//! [`Encoder::load`] reads a weight file in place, [`Tokenizer`] turns text into ids,
//! [`Encoder::embed`] turns ids into a vector. Texts longer than the model's positions are cut into
//! overlapping [`windows`] by the caller; nothing here truncates.
#![deny(unsafe_op_in_unsafe_fn)]

mod encoder;
mod forward;
mod kernel;
mod tokenizer;
mod weights;
mod windows;

pub use encoder::{EncodeError, Encoder};
pub use forward::Scratch;
pub use kernel::{Kernel, UnsupportedKernel};
pub use tokenizer::{Encoding, Tokenizer, VocabularyError};
pub use weights::{Dimensions, LoadError};
pub use windows::{Window, windows};
