//! The OpenAI dialect: the requests and answers of chat completions, completions, models and
//! moderations, as far as a gateway has to understand them.
//!
//! A request is changed in places and otherwise handed on as it came ([`Object`]): the gateway has
//! to know every text that a model reads as said by somebody, and nothing else. An answer is the
//! other way round: what is not known is not handed on, so that no text passes unread.

mod answer;
mod chat;
mod chunk;
mod completion;
mod error;
mod identifier;
mod moderation;
mod object;
mod operation;
mod reply;

pub use answer::{
    AnswerChoice, AnswerMessage, ChatAnswer, CompletionAnswer, CompletionChoice, CustomCall,
    FunctionCall, ToolCall, Usage,
};
pub use chat::{ChatRequest, Message, Slot};
pub use chunk::{
    CallDelta, CallReply, Calls, ChatChunk, ChunkChoice, ChunkChoiceReply, ChunkDelta, ChunkReply,
    DONE, DeltaReply, FunctionDelta,
};
pub use completion::CompletionRequest;
pub use error::{ErrorBody, UpstreamErrorBody};
pub use identifier::Identifier;
pub use moderation::{ModerationInput, ModerationRequest};
pub use object::Object;
pub use operation::{Operation, RouteError, route};
pub use reply::{
    AssistantReply, ChatChoiceReply, CompletionReply, ModelReply, ModerationReply,
    ModerationResult, Report, ReportGuardrail, ReportSide, TextChoiceReply,
};

/// Why a text is no request, or no answer, of this dialect. `Display` names members, never their
/// values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not JSON, or JSON that two readers may understand differently.
    #[error("the body is no JSON object that is read in one way only: {0}")]
    Json(String),
    /// A member has another type than the dialect's.
    #[error("the member {0} is not of the type that it must have")]
    Member(String),
    /// A member stands there in another spelling.
    #[error("the member {0} is spelled in another way; members are written exactly so")]
    Spelling(String),
    /// A member that must be there is not.
    #[error("the member {0} is missing")]
    Missing(&'static str),
    /// A part that no policy here can read.
    #[error("{0} cannot be judged")]
    Unreadable(String),
}

impl ParseError {
    /// What is wrong with the grammar, by kind and place: serde's own words may quote the text.
    fn json(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let kind = match error.classify() {
            Category::Io | Category::Syntax => "a syntax error",
            Category::Eof => "it ends too early",
            Category::Data => "not an object, or a member that occurs twice",
        };
        let (line, column) = (error.line(), error.column());
        Self::Json(format!("{kind} at line {line}, column {column}"))
    }

    /// The member that the error is about.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Json(_) | Self::Unreadable(_) => None,
            Self::Member(name) | Self::Spelling(name) => Some(name),
            Self::Missing(name) => Some(name),
        }
    }
}
