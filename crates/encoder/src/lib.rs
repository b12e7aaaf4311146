//! An int8 BERT encoder for the CPU: tokenizer, weights, kernels. Knows nothing of policies.
//!
//! [`Encoder::load`] reads a weight file in place, [`Tokenizer`] turns text into ids,
//! [`Encoder::embed`] turns ids into a vector; where the file has a head, [`Encoder::classify`] and
//! [`Encoder::tag`] give logits of the text and of each token. Encoders trained on one base share its
//! vocabulary and word embeddings ([`Encoder::load_sharing`]). Texts longer than the model's positions are cut into
//! overlapping [`windows`] by the caller; nothing here truncates.
#![deny(unsafe_op_in_unsafe_fn)]

mod encoder;
mod forward;
mod kernel;
mod tokenizer;
mod weights;
mod windows;

pub use encoder::{EncodeError, Encoder, Input};
pub use forward::Scratch;
pub use kernel::{Kernel, UnsupportedKernel};
pub use tokenizer::{CaseClass, Encoding, Tokenizer, VocabularyError, case_classes};
pub use weights::{Dimensions, Head, LoadError};
pub use windows::{Window, windows};
