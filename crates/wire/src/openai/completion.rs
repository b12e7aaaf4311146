//! The request of `POST /v1/completions`.

use super::{Object, ParseError, Slot};
use serde_json::value::RawValue;

/// Members of the body that a gateway hands on.
const PARAMETERS: &[&str] = &[
    "best_of",
    "echo",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "max_tokens",
    "min_p",
    "model",
    "n",
    "presence_penalty",
    "prompt",
    "repetition_penalty",
    "seed",
    "stop",
    "stream",
    "stream_options",
    "suffix",
    "temperature",
    "top_k",
    "top_p",
    "user",
];

/// A request.
#[derive(Debug)]
pub struct CompletionRequest {
    /// The model that it asks for.
    pub model: String,
    /// Whether the answer is to come as it is made.
    pub stream: bool,
    prompt: Prompt,
    suffix: Option<String>,
    object: Object,
}

enum Prompt {
    One(String),
    Many(Vec<String>),
    /// Token ids: only the model's own tokenizer can read them.
    Tokens(Box<RawValue>),
}

impl std::fmt::Debug for Prompt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::One(_) => "One",
            Self::Many(_) => "Many",
            Self::Tokens(_) => "Tokens",
        })
    }
}

impl CompletionRequest {
    /// Reads a request.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut object = Object::parse(bytes)?;
        let model = object.get("model")?.ok_or(ParseError::Missing("model"))?;
        let prompt: Option<Box<RawValue>> = object.take("prompt")?;
        let prompt = prompt.ok_or(ParseError::Missing("prompt"))?;
        Ok(Self {
            model,
            stream: object.get("stream")?.unwrap_or(false),
            prompt: Prompt::of(prompt),
            suffix: object.take("suffix")?,
            object,
        })
    }

    /// A member that is neither the dialect's nor in `extra`.
    pub fn unknown_parameter(&self, extra: &[String]) -> Option<&str> {
        let known = |name: &&str| PARAMETERS.contains(name) || extra.iter().any(|it| it == name);
        self.object.names().find(|name| !known(name))
    }

    /// Every place that is judged.
    pub fn visit(&mut self, visitor: &mut impl FnMut(Slot<'_>)) {
        match &mut self.prompt {
            Prompt::One(text) => visitor(Slot::Text(text)),
            Prompt::Many(texts) => texts.iter_mut().for_each(|text| visitor(Slot::Text(text))),
            Prompt::Tokens(_) => visitor(Slot::Unreadable("a prompt of token ids".to_owned())),
        }
        if let Some(suffix) = &mut self.suffix {
            visitor(Slot::Text(suffix));
        }
    }

    /// The body for the upstream, which calls the model `model`.
    pub fn to_upstream(&self, model: &str) -> Result<Vec<u8>, ParseError> {
        let mut object = self.object.clone();
        object.set("model", &model)?;
        match &self.prompt {
            Prompt::One(text) => object.set("prompt", text)?,
            Prompt::Many(texts) => object.set("prompt", texts)?,
            Prompt::Tokens(raw) => object.set("prompt", raw)?,
        }
        if let Some(suffix) = &self.suffix {
            object.set("suffix", suffix)?;
        }
        serde_json::to_vec(&object).map_err(|_| ParseError::Missing("prompt"))
    }
}

impl Prompt {
    fn of(raw: Box<RawValue>) -> Self {
        if let Ok(text) = serde_json::from_str(raw.get()) {
            return Self::One(text);
        }
        match serde_json::from_str(raw.get()) {
            Ok(texts) => Self::Many(texts),
            Err(_) => Self::Tokens(raw),
        }
    }
}
