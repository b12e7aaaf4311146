//! A piece of a streamed answer, as it comes from a model server and as it goes to the caller.

use super::{
    AnswerMessage, CustomCall, FunctionCall, Identifier, ParseError, Report, ToolCall, Usage,
    identifier::lenient,
};
use serde::{Deserialize, Serialize, de::IgnoredAny};

/// Most calls to tools in one answer.
const MOST_CALLS: usize = 128;

/// What stands in the place of a last event.
pub const DONE: &str = "[DONE]";

/// A piece from a model server.
#[derive(Deserialize)]
pub struct ChatChunk {
    /// The server's name for the answer.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Identifier>,
    /// When it was made, in seconds.
    pub created: Option<u64>,
    /// Pieces of the answers proper. An error has none.
    pub choices: Vec<ChunkChoice>,
    /// Tokens, in the last piece.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// The server's state.
    #[serde(default, deserialize_with = "lenient")]
    pub system_fingerprint: Option<Identifier>,
}

/// A piece of one answer.
#[derive(Deserialize)]
pub struct ChunkChoice {
    /// Its number.
    #[serde(default)]
    pub index: u32,
    /// What is new.
    #[serde(default)]
    pub delta: ChunkDelta,
    /// Why it ended, in its last piece.
    #[serde(default, deserialize_with = "lenient")]
    pub finish_reason: Option<Identifier>,
}

/// What is new.
#[derive(Default, Deserialize)]
pub struct ChunkDelta {
    /// Prose.
    pub content: Option<String>,
    /// A refusal.
    pub refusal: Option<String>,
    /// Thoughts.
    pub reasoning_content: Option<String>,
    /// The same under another name.
    pub reasoning: Option<String>,
    /// Pieces of calls to tools.
    pub tool_calls: Option<Vec<CallDelta>>,
    /// A piece of a call in the older form.
    pub function_call: Option<FunctionDelta>,
    /// Speech, which is read by nobody here.
    pub audio: Option<IgnoredAny>,
}

/// A piece of a call to a tool.
#[derive(Deserialize)]
pub struct CallDelta {
    /// Which call of the answer.
    #[serde(default)]
    index: usize,
    #[serde(default, deserialize_with = "lenient")]
    id: Option<Identifier>,
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<Identifier>,
    function: Option<FunctionDelta>,
    custom: Option<CustomDelta>,
}

/// A piece of a function's name or arguments.
#[derive(Default, Deserialize)]
pub struct FunctionDelta {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Default, Deserialize)]
struct CustomDelta {
    name: Option<String>,
    input: Option<String>,
}

impl ChatChunk {
    /// Reads a piece.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        serde_json::from_str(text).map_err(|error| ParseError::json(&error))
    }
}

/// The calls of one answer, put together from their pieces.
#[derive(Default)]
pub struct Calls {
    calls: Vec<PartialCall>,
    function: Option<(String, String)>,
}

#[derive(Default)]
struct PartialCall {
    id: Option<Identifier>,
    kind: Option<Identifier>,
    function: Option<(String, String)>,
    custom: Option<(String, String)>,
}

impl Calls {
    /// Adds pieces.
    ///
    /// # Errors
    ///
    /// There are too many calls.
    pub fn add(
        &mut self,
        calls: Option<Vec<CallDelta>>,
        function: Option<FunctionDelta>,
    ) -> Result<(), ParseError> {
        for delta in calls.into_iter().flatten() {
            if delta.index >= MOST_CALLS {
                return Err(ParseError::Member("tool_calls".to_owned()));
            }
            if delta.index >= self.calls.len() {
                self.calls
                    .resize_with(delta.index + 1, PartialCall::default);
            }
            self.calls[delta.index].add(delta);
        }
        if let Some(FunctionDelta { name, arguments }) = function {
            append(&mut self.function, name, arguments);
        }
        Ok(())
    }

    /// The calls as a message without a text.
    ///
    /// # Errors
    ///
    /// A function or tool has no name, or one that is none.
    pub fn finish(self) -> Result<AnswerMessage, ParseError> {
        let calls = self.calls.into_iter().map(PartialCall::finish);
        let calls: Vec<_> = calls.collect::<Result<_, _>>()?;
        let function = self.function.map(function_call).transpose()?;
        Ok(AnswerMessage {
            tool_calls: (!calls.is_empty()).then_some(calls),
            function_call: function,
            ..AnswerMessage::default()
        })
    }
}

impl PartialCall {
    fn add(&mut self, delta: CallDelta) {
        self.id = delta.id.or(self.id.take());
        self.kind = delta.kind.or(self.kind.take());
        if let Some(FunctionDelta { name, arguments }) = delta.function {
            append(&mut self.function, name, arguments);
        }
        if let Some(CustomDelta { name, input }) = delta.custom {
            append(&mut self.custom, name, input);
        }
    }

    fn finish(self) -> Result<ToolCall, ParseError> {
        let custom = self.custom.map(|(name, input)| {
            let name = identifier(name)?;
            Ok(CustomCall { name, input })
        });
        Ok(ToolCall {
            id: self.id,
            kind: self.kind,
            function: self.function.map(function_call).transpose()?,
            custom: custom.transpose()?,
        })
    }
}

fn append(to: &mut Option<(String, String)>, name: Option<String>, text: Option<String>) {
    let (known, said) = to.get_or_insert_default();
    known.push_str(&name.unwrap_or_default());
    said.push_str(&text.unwrap_or_default());
}

fn function_call((name, arguments): (String, String)) -> Result<FunctionCall, ParseError> {
    let name = identifier(name)?;
    Ok(FunctionCall { name, arguments })
}

fn identifier(name: String) -> Result<Identifier, ParseError> {
    Identifier::new(name).ok_or_else(|| ParseError::Member("name".to_owned()))
}

/// A piece to the caller.
#[derive(Clone, Serialize)]
pub struct ChunkReply {
    /// The answer's id, the same in every piece.
    pub id: Identifier,
    /// `chat.completion.chunk`.
    pub object: &'static str,
    /// When it was made, in seconds.
    pub created: u64,
    /// The model as the caller knows it.
    pub model: String,
    /// Pieces of the answers proper.
    pub choices: Vec<ChunkChoiceReply>,
    /// Tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The upstream's state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<Identifier>,
    /// What the guardrail did, in the last piece of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretil: Option<Report>,
}

/// A piece of one answer.
#[derive(Clone, Serialize)]
pub struct ChunkChoiceReply {
    /// Its number.
    pub index: u32,
    /// What is new.
    pub delta: DeltaReply,
    /// Always null.
    pub logprobs: (),
    /// Why it ended.
    pub finish_reason: Option<Identifier>,
}

/// What is new.
#[derive(Clone, Default, Serialize)]
pub struct DeltaReply {
    /// Who speaks, in an answer's first piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// Prose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// A refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Thoughts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// The same under another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Calls to tools, each whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<CallReply>>,
    /// A call in the older form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_call: Option<FunctionCall>,
}

/// A call to a tool.
#[derive(Clone, Serialize)]
pub struct CallReply {
    index: usize,
    #[serde(flatten)]
    call: ToolCall,
}

impl CallReply {
    /// `calls`, numbered.
    pub fn numbered(calls: Option<Vec<ToolCall>>) -> Option<Vec<Self>> {
        let calls = calls?.into_iter().enumerate();
        Some(calls.map(|(index, call)| Self { index, call }).collect())
    }
}
