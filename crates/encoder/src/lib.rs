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

/// A weight file in the binary, on the boundary that [`Encoder::load`] likes.
///
/// ```ignore
/// static WEIGHTS: &[u8] = pretil_encoder::include_weights!("../weights/model/weights.bin");
/// ```
#[macro_export]
macro_rules! include_weights {
    ($path:expr) => {{
        #[repr(C, align(64))]
        struct Aligned<T: ?Sized>(T);
        static ALIGNED: &Aligned<[u8]> = &Aligned(*include_bytes!($path));
        &ALIGNED.0
    }};
}
