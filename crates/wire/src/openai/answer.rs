//! What a model server answers, as far as it is handed on. Members that are not here are dropped:
//! among them `logprobs`, which spells the answer once more, and links to other people's pages.

use super::{Identifier, ParseError, Slot, identifier::lenient};
use serde::{Deserialize, Serialize, de::IgnoredAny};

/// The answer of chat completions.
#[derive(Clone, Default, Deserialize)]
pub struct ChatAnswer {
    /// The server's name for it.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Identifier>,
    /// When it was made, in seconds.
    pub created: Option<u64>,
    /// The answers proper.
    pub choices: Vec<AnswerChoice>,
    /// Tokens.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// The server's state.
    #[serde(default, deserialize_with = "lenient")]
    pub system_fingerprint: Option<Identifier>,
    /// How it was served.
    #[serde(default, deserialize_with = "lenient")]
    pub service_tier: Option<Identifier>,
}

/// One answer.
#[derive(Clone, Deserialize)]
pub struct AnswerChoice {
    /// Its number.
    #[serde(default)]
    pub index: u32,
    /// What the model said.
    pub message: AnswerMessage,
    /// Why it ended.
    #[serde(default, deserialize_with = "lenient")]
    pub finish_reason: Option<Identifier>,
}

/// What the model said.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct AnswerMessage {
    /// In prose.
    pub content: Option<String>,
    /// That it will not.
    pub refusal: Option<String>,
    /// Its thoughts, as some servers give them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// The same under another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Calls to tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// A call in the older form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_call: Option<FunctionCall>,
    /// Speech.
    #[serde(default, skip_serializing)]
    pub(super) audio: Option<IgnoredAny>,
}

/// A call to a tool.
#[derive(Clone, Deserialize, Serialize)]
pub struct ToolCall {
    /// Its name for the result.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Identifier>,
    /// `function` or `custom`.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub kind: Option<Identifier>,
    /// A function with JSON arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<FunctionCall>,
    /// A tool with free input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomCall>,
}

/// A call of a function.
#[derive(Clone, Deserialize, Serialize)]
pub struct FunctionCall {
    /// Which.
    pub name: Identifier,
    /// JSON, most of the time.
    #[serde(default)]
    pub arguments: String,
}

/// A call of a tool with free input.
#[derive(Clone, Deserialize, Serialize)]
pub struct CustomCall {
    /// Which.
    pub name: Identifier,
    /// Any text.
    #[serde(default)]
    pub input: String,
}

/// Tokens, counted by the model server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Usage {
    /// Of the prompt.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Of the answer.
    #[serde(default)]
    pub completion_tokens: u64,
    /// Both.
    #[serde(default)]
    pub total_tokens: u64,
    /// Of the prompt, in detail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens_details: Option<PromptDetails>,
    /// Of the answer, in detail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_tokens_details: Option<CompletionDetails>,
}

/// Tokens of the prompt in detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct PromptDetails {
    /// Not computed anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_tokens: Option<u64>,
    /// Of speech.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_tokens: Option<u64>,
}

/// Tokens of the answer in detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the API's")]
pub struct CompletionDetails {
    /// Of thoughts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u64>,
    /// Of speech.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_tokens: Option<u64>,
    /// Foretold and used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_prediction_tokens: Option<u64>,
    /// Foretold and not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected_prediction_tokens: Option<u64>,
}

impl ChatAnswer {
    /// Reads an answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        serde_json::from_slice(bytes).map_err(|error| ParseError::json(&error))
    }
}

impl AnswerMessage {
    /// A message that says `text`.
    pub fn saying(text: &str) -> Self {
        Self {
            content: Some(text.to_owned()),
            ..Self::default()
        }
    }

    /// Every place that is judged.
    pub fn visit(&mut self, visitor: &mut impl FnMut(Slot<'_>)) {
        let texts = [
            &mut self.content,
            &mut self.refusal,
            &mut self.reasoning_content,
            &mut self.reasoning,
        ];
        for text in texts.into_iter().flatten() {
            visitor(Slot::Text(text));
        }
        for call in self.tool_calls.iter_mut().flatten() {
            if let Some(function) = &mut call.function {
                visitor(Slot::Arguments(&mut function.arguments));
            }
            if let Some(custom) = &mut call.custom {
                visitor(Slot::Text(&mut custom.input));
            }
        }
        if let Some(call) = &mut self.function_call {
            visitor(Slot::Arguments(&mut call.arguments));
        }
        if self.audio.is_some() {
            visitor(Slot::Unreadable("audio".to_owned()));
        }
    }
}

/// The answer of completions.
#[derive(Clone, Default, Deserialize)]
pub struct CompletionAnswer {
    /// The server's name for it.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Identifier>,
    /// When it was made, in seconds.
    pub created: Option<u64>,
    /// The answers proper.
    pub choices: Vec<CompletionChoice>,
    /// Tokens.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// The server's state.
    #[serde(default, deserialize_with = "lenient")]
    pub system_fingerprint: Option<Identifier>,
}

/// One answer.
#[derive(Clone, Deserialize)]
pub struct CompletionChoice {
    /// Its number.
    #[serde(default)]
    pub index: u32,
    /// What the model wrote.
    pub text: String,
    /// Why it ended.
    #[serde(default, deserialize_with = "lenient")]
    pub finish_reason: Option<Identifier>,
}

impl CompletionAnswer {
    /// Reads an answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        serde_json::from_slice(bytes).map_err(|error| ParseError::json(&error))
    }
}

macro_rules! content_is_not_printed {
    ($($name:ident)+) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+ };
}

content_is_not_printed!(ChatAnswer AnswerChoice AnswerMessage ToolCall FunctionCall CustomCall CompletionAnswer CompletionChoice);
