//! ApplyGuardrail: the reply.
//!
//! Raw-JSON clients read more than SDKs do: `output` beside `outputs`, `blockedResponse`, and
//! `detected` on every entry. Lists are `[]`, never null; a policy without entries is left out.

use super::Explanation;
use crate::bedrock::{
    decode::ContentText,
    identifier::{GuardrailArn, GuardrailVersion},
};
use serde::{Deserialize, Serialize};

/// Text units per policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GuardrailUsage {
    /// Denied topics.
    pub topic_policy_units: u32,
    /// Content filters, text.
    pub content_policy_units: u32,
    /// Word filters.
    pub word_policy_units: u32,
    /// Personal data.
    pub sensitive_information_policy_units: u32,
    /// Custom regular expressions.
    pub sensitive_information_policy_free_units: u32,
    /// Contextual grounding.
    pub contextual_grounding_policy_units: u32,
    /// Content filters, images.
    pub content_policy_image_units: u32,
}

/// How much of something was evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Covered {
    /// Evaluated.
    pub guarded: u32,
    /// Sent.
    pub total: u32,
}

/// How much of the content was evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardrailCoverage {
    /// In Unicode code points.
    pub text_characters: Covered,
    /// Only where images were sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Covered>,
}

/// A text that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputContent {
    /// The prepared message, or the text sent, masked where needed.
    pub text: ContentText,
}

/// A denied topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicAssessment {
    /// As configured.
    pub name: String,
    /// DENY.
    #[serde(rename = "type")]
    pub topic_type: String,
    /// BLOCKED or NONE.
    pub action: String,
    /// Whether the configuration is breached.
    pub detected: bool,
}

/// Denied topics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicPolicyAssessment {
    /// Those detected; in scope FULL all.
    pub topics: Vec<TopicAssessment>,
}

/// A content filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentFilterAssessment {
    /// Which.
    #[serde(rename = "type")]
    pub filter_type: String,
    /// NONE, LOW, MEDIUM or HIGH.
    pub confidence: String,
    /// As configured for this direction.
    pub filter_strength: String,
    /// BLOCKED or NONE.
    pub action: String,
    /// Whether the configuration is breached.
    pub detected: bool,
}

/// Content filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentPolicyAssessment {
    /// Those detected; in scope FULL all.
    pub filters: Vec<ContentFilterAssessment>,
}

/// A custom word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomWordAssessment {
    /// The text as found.
    #[serde(rename = "match")]
    pub matched: ContentText,
    /// BLOCKED or NONE.
    pub action: String,
    /// Whether the configuration is breached.
    pub detected: bool,
}

/// A word of a managed list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedWordAssessment {
    /// The text as found.
    #[serde(rename = "match")]
    pub matched: ContentText,
    /// PROFANITY.
    #[serde(rename = "type")]
    pub list_type: String,
    /// BLOCKED or NONE.
    pub action: String,
    /// Whether the configuration is breached.
    pub detected: bool,
}

/// Word filters. The list that is not used is `[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WordPolicyAssessment {
    /// Custom words.
    pub custom_words: Vec<CustomWordAssessment>,
    /// Managed lists.
    pub managed_word_lists: Vec<ManagedWordAssessment>,
}

/// A personal-data entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PiiEntityAssessment {
    /// Which.
    #[serde(rename = "type")]
    pub entity_type: String,
    /// The original text, never the mask.
    #[serde(rename = "match")]
    pub matched: ContentText,
    /// ANONYMIZED, BLOCKED or NONE.
    pub action: String,
    /// Whether it was found.
    pub detected: bool,
}

/// A custom regular expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegexAssessment {
    /// As configured.
    pub name: String,
    /// As configured.
    pub regex: String,
    /// The original text, never the mask.
    #[serde(rename = "match")]
    pub matched: ContentText,
    /// ANONYMIZED, BLOCKED or NONE.
    pub action: String,
    /// Whether it was found.
    pub detected: bool,
}

/// Sensitive information. The list that is not used is `[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SensitiveInformationPolicyAssessment {
    /// Personal data.
    pub pii_entities: Vec<PiiEntityAssessment>,
    /// Custom regular expressions.
    pub regexes: Vec<RegexAssessment>,
}

/// A contextual grounding filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextualGroundingFilterAssessment {
    /// GROUNDING or RELEVANCE.
    #[serde(rename = "type")]
    pub filter_type: String,
    /// As configured.
    pub threshold: f64,
    /// 0 to 1.
    pub score: f64,
    /// BLOCKED or NONE.
    pub action: String,
    /// Whether the score is below the threshold.
    pub detected: bool,
}

/// Contextual grounding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextualGroundingPolicyAssessment {
    /// Those detected; in scope FULL all.
    pub filters: Vec<ContextualGroundingFilterAssessment>,
}

/// What one guardrail cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvocationMetrics {
    /// Milliseconds.
    pub guardrail_processing_latency: u64,
    /// Text units.
    pub usage: GuardrailUsage,
    /// Coverage.
    pub guardrail_coverage: GuardrailCoverage,
}

/// Which guardrail was applied, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppliedGuardrailDetails {
    /// Its id.
    pub guardrail_id: String,
    /// Its version.
    pub guardrail_version: GuardrailVersion,
    /// Its ARN.
    pub guardrail_arn: GuardrailArn,
    /// REQUEST, ACCOUNT_ENFORCED or ORGANIZATION_ENFORCED.
    pub guardrail_origin: Vec<String>,
    /// SELF or CROSS_ACCOUNT.
    pub guardrail_ownership: String,
}

/// What one guardrail concluded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardrailAssessment {
    /// Denied topics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_policy: Option<TopicPolicyAssessment>,
    /// Content filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_policy: Option<ContentPolicyAssessment>,
    /// Word filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_policy: Option<WordPolicyAssessment>,
    /// Sensitive information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive_information_policy: Option<SensitiveInformationPolicyAssessment>,
    /// Contextual grounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contextual_grounding_policy: Option<ContextualGroundingPolicyAssessment>,
    /// Cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invocation_metrics: Option<InvocationMetrics>,
    /// Which guardrail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_guardrail_details: Option<AppliedGuardrailDetails>,
}

/// Reply to ApplyGuardrail (200, whatever the action).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplyGuardrailResponse {
    /// Sum over the assessments.
    pub usage: GuardrailUsage,
    /// NONE or GUARDRAIL_INTERVENED.
    pub action: String,
    /// `No action.`, `Guardrail blocked.` or `Guardrail masked.`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_reason: Option<String>,
    /// Nothing, the prepared message, or one text for every block sent.
    pub outputs: Vec<OutputContent>,
    /// The same list; not in the model, read by raw-JSON clients.
    #[serde(default)]
    pub output: Vec<OutputContent>,
    /// The prepared message, when blocked; not in the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_response: Option<ContentText>,
    /// One for each guardrail applied.
    pub assessments: Vec<GuardrailAssessment>,
    /// Coverage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardrail_coverage: Option<GuardrailCoverage>,
    /// What this product adds, when asked for or when a policy was not evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pretil: Option<Explanation>,
}
