//! What the gateway answers in this dialect.

use super::{AnswerMessage, Identifier, Usage};
use crate::bedrock::runtime::{ExplainedFinding, ExplainedNotEvaluated};
use serde::Serialize;

/// The answer of chat completions, or of completions.
#[derive(Clone, Serialize)]
pub struct CompletionReply<Choice> {
    /// Its id.
    pub id: Identifier,
    /// `chat.completion` or `text_completion`.
    pub object: &'static str,
    /// When it was made, in seconds.
    pub created: u64,
    /// The model as the caller knows it.
    pub model: String,
    /// The answers proper.
    pub choices: Vec<Choice>,
    /// Tokens.
    pub usage: Usage,
    /// The upstream's state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<Identifier>,
    /// How it was served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<Identifier>,
    /// What the guardrail did; SDKs ignore it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretil: Option<Report>,
}

/// One answer of chat completions.
#[derive(Clone, Serialize)]
pub struct ChatChoiceReply {
    /// Its number.
    pub index: u32,
    /// What is said.
    pub message: AssistantReply,
    /// Always null: it would spell the answer once more.
    pub logprobs: (),
    /// Why it ended.
    pub finish_reason: Option<Identifier>,
}

/// What is said, by whom.
#[derive(Clone, Serialize)]
pub struct AssistantReply {
    role: &'static str,
    #[serde(flatten)]
    message: AnswerMessage,
}

impl From<AnswerMessage> for AssistantReply {
    fn from(message: AnswerMessage) -> Self {
        Self {
            role: "assistant",
            message,
        }
    }
}

/// One answer of completions.
#[derive(Clone, Serialize)]
pub struct TextChoiceReply {
    /// What is written.
    pub text: String,
    /// Its number.
    pub index: u32,
    /// Always null: it would spell the answer once more.
    pub logprobs: (),
    /// Why it ended.
    pub finish_reason: Option<Identifier>,
}

/// What the guardrail did: the `pretil` member.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Which guardrail.
    pub guardrail: ReportGuardrail,
    /// What it made of the prompt.
    pub input: ReportSide,
    /// What it made of each answer.
    pub outputs: Vec<ReportSide>,
}

/// A guardrail and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportGuardrail {
    /// Its id.
    pub id: String,
    /// `DRAFT` or a number.
    pub version: String,
}

/// What became of one text or conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportSide {
    /// `NONE`, `MASKED` or `BLOCKED`.
    pub action: String,
    /// What was found. No text: the places are in what was sent.
    pub findings: Vec<ExplainedFinding>,
    /// What was not evaluated.
    pub not_evaluated: Vec<ExplainedNotEvaluated>,
}

/// A model.
#[derive(Clone, Debug, Serialize)]
pub struct ModelReply {
    /// Its name.
    pub id: String,
    /// `model`.
    pub object: &'static str,
    /// When it came to be, in seconds.
    pub created: u64,
    /// Who has it.
    pub owned_by: &'static str,
}

/// The answer of moderations.
#[derive(Clone, Debug, Serialize)]
pub struct ModerationReply {
    /// Its id.
    pub id: Identifier,
    /// The classifier.
    pub model: String,
    /// One for each input.
    pub results: Vec<ModerationResult>,
}

/// What was found in one input.
#[derive(Clone, Debug, Serialize)]
pub struct ModerationResult {
    /// Whether any category is.
    pub flagged: bool,
    /// Whether each category is; `null` for those that are not told apart.
    pub categories: serde_json::Map<String, serde_json::Value>,
    /// How sure it is of each, 0 to 1.
    pub category_scores: serde_json::Map<String, serde_json::Value>,
    /// Which kinds of input each was judged by.
    pub category_applied_input_types: serde_json::Map<String, serde_json::Value>,
}
