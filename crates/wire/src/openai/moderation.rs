//! The request of `POST /v1/moderations`.

use super::{Object, ParseError};
use serde::Deserialize;
use std::fmt;

/// A request.
#[derive(Debug)]
pub struct ModerationRequest {
    /// The inputs: each gets a result of its own, but the parts of one multi-modal input share one.
    pub inputs: Vec<ModerationInput>,
}

/// One input.
pub struct ModerationInput {
    /// Its texts.
    pub texts: Vec<String>,
    /// How many pictures it holds.
    pub images: usize,
}

impl fmt::Debug for ModerationInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (texts, images) = (self.texts.len(), self.images);
        write!(formatter, "ModerationInput({texts} texts, {images} images)")
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    One(String),
    Many(Vec<String>),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    Text { text: String },
    ImageUrl {},
}

impl ModerationRequest {
    /// Reads a request.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut object = Object::parse(bytes)?;
        let input = object.take("input")?.ok_or(ParseError::Missing("input"))?;
        let alone = |text| ModerationInput {
            texts: vec![text],
            images: 0,
        };
        let inputs = match input {
            Input::One(text) => vec![alone(text)],
            Input::Many(texts) => texts.into_iter().map(alone).collect(),
            Input::Parts(parts) => vec![ModerationInput::of(parts)],
        };
        Ok(Self { inputs })
    }
}

impl ModerationInput {
    fn of(parts: Vec<Part>) -> Self {
        let mut input = Self {
            texts: Vec::new(),
            images: 0,
        };
        for part in parts {
            match part {
                Part::Text { text } => input.texts.push(text),
                Part::ImageUrl {} => input.images += 1,
            }
        }
        input
    }
}
