//! all-MiniLM-L6-v2 as an embedder: 384 dimensions, English.

use crate::background;
use pretil_encoder::{Encoder, LoadError, Scratch, windows};
use pretil_guardrail::{
    detect::{DetectError, EmbeddedWindow, Embedder},
    policy::topic::TopicSpace,
};
use std::{cell::RefCell, fmt::Write};

/// On a cache line, so that the encoder's wide loads do not straddle two.
#[repr(C, align(64))]
pub(crate) struct Aligned<Bytes: ?Sized>(pub(crate) Bytes);

static WEIGHTS: &Aligned<[u8]> = &Aligned(*include_bytes!("../weights/minilm-l6-int8/weights.bin"));

/// Tokens that the model was trained to read at once (its model card); longer texts are windowed.
const MODEL_TOKENS: usize = 256;

thread_local! {
    /// The forward pass' buffers, kept from text to text; one for all models.
    pub(crate) static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// The embedded weights do not fit this build.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The encoder's weights.
    #[error("the embedded encoder weights cannot be loaded")]
    Weights(#[from] LoadError),
    /// The background of the topics.
    #[error("the embedded background of the topics cannot be loaded")]
    Background,
    /// A model's labels.
    #[error("an embedded model's head does not fit this build")]
    Head,
    /// A model's thresholds.
    #[error("an embedded model's calibration cannot be read")]
    Calibration,
}

/// The name of a model with the hash of its weights.
pub(crate) fn identity(name: &str, encoder: &Encoder) -> String {
    let mut identity = format!("{name}:");
    for byte in encoder.declared_sha256() {
        // Writing to a string cannot fail.
        let _ = write!(identity, "{byte:02x}");
    }
    identity
}

/// all-MiniLM-L6-v2 with int8 weights, from the binary itself.
#[derive(Clone, Debug)]
pub struct MiniLm {
    encoder: Encoder,
    identity: String,
    space: TopicSpace,
}

impl MiniLm {
    /// Reads the embedded weights in place.
    pub fn load() -> Result<Self, ModelError> {
        let encoder = Encoder::load(&WEIGHTS.0)?;
        let space = background::topic_space().ok_or(ModelError::Background)?;
        Ok(Self {
            identity: identity("minilm-l6-int8", &encoder),
            encoder,
            space,
        })
    }

    /// The encoder, for `doctor`.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    fn vector(&self, ids: &[u32]) -> Result<Vec<f32>, DetectError> {
        SCRATCH
            .with_borrow_mut(|scratch| self.encoder.embed(ids, scratch))
            .map_err(|error| DetectError::Failed(error.to_string()))
    }
}

impl Embedder for MiniLm {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, DetectError> {
        let mut windows = self.embed_windows(text, MODEL_TOKENS)?;
        if windows.len() == 1 {
            return Ok(windows.swap_remove(0).vector);
        }
        let mut mean = vec![0.0_f32; self.encoder.dimensions().hidden];
        for window in &windows {
            for (sum, part) in mean.iter_mut().zip(&window.vector) {
                *sum += part;
            }
        }
        let length = mean.iter().map(|part| part * part).sum::<f32>().sqrt();
        if length > 0.0 {
            for part in &mut mean {
                *part /= length;
            }
        }
        Ok(mean)
    }

    fn embed_windows(&self, text: &str, tokens: usize) -> Result<Vec<EmbeddedWindow>, DetectError> {
        let tokens = tokens.min(MODEL_TOKENS);
        let encoding = self.encoder.tokenizer().encode_guarded(text);
        windows(&encoding, tokens, tokens / 4)
            .into_iter()
            .map(|window| {
                Ok(EmbeddedWindow {
                    vector: self.vector(&window.ids)?,
                    range: window.range,
                })
            })
            .collect()
    }

    fn topic_space(&self) -> Option<&TopicSpace> {
        Some(&self.space)
    }
}
