//! Replies of GetGuardrail and ListGuardrails.
//!
//! Optional members that were not sent are left out, never null and never filled with a default:
//! Terraform reports a default as drift.

use super::GuardrailExtension;
use crate::bedrock::{
    identifier::{GuardrailArn, GuardrailVersion},
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What each direction does, where it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectionSettings {
    /// For prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_action: Option<String>,
    /// For answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_action: Option<String>,
    /// Whether prompts are evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_enabled: Option<bool>,
    /// Whether answers are evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_enabled: Option<bool>,
}

/// A policy's tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tier {
    /// CLASSIC or STANDARD.
    pub tier_name: String,
}

/// A denied topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// What it is.
    pub definition: String,
    /// Prompts of the topic, if they were sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examples: Option<Vec<String>>,
    /// DENY.
    #[serde(rename = "type")]
    pub topic_type: String,
    /// Per direction.
    #[serde(flatten)]
    pub directions: DirectionSettings,
}

/// Denied topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicPolicy {
    /// In the order sent.
    pub topics: Vec<Topic>,
    /// Always there.
    pub tier: Tier,
}

/// A content filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentFilter {
    /// Which.
    #[serde(rename = "type")]
    pub filter_type: String,
    /// For prompts.
    pub input_strength: String,
    /// For answers.
    pub output_strength: String,
    /// What is read of prompts, if it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_modalities: Option<Vec<String>>,
    /// What is read of answers, if it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_modalities: Option<Vec<String>>,
    /// Per direction.
    #[serde(flatten)]
    pub directions: DirectionSettings,
}

/// Content filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentPolicy {
    /// In the order sent.
    pub filters: Vec<ContentFilter>,
    /// Always there.
    pub tier: Tier,
}

/// A custom word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Word {
    /// The word.
    pub text: String,
    /// Per direction.
    #[serde(flatten)]
    pub directions: DirectionSettings,
}

/// A managed word list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedWords {
    /// Which.
    #[serde(rename = "type")]
    pub list_type: String,
    /// Per direction.
    #[serde(flatten)]
    pub directions: DirectionSettings,
}

/// Word filters. The list that is not used is `[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WordPolicy {
    /// In the order sent.
    pub words: Vec<Word>,
    /// In the order sent.
    pub managed_word_lists: Vec<ManagedWords>,
}

/// A personal-data type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PiiEntity {
    /// Which.
    #[serde(rename = "type")]
    pub entity_type: String,
    /// For the directions that name no action of their own.
    pub action: String,
    /// Per direction.
    #[serde(flatten)]
    pub directions: DirectionSettings,
}

/// A custom regular expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Regex {
    /// Its name.
    pub name: String,
    /// For people, if it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The expression.
    pub pattern: String,
    /// For the directions that name no action of their own.
    pub action: String,
    /// Per direction.
    #[serde(flatten)]
    pub directions: DirectionSettings,
}

/// Sensitive information. The list that is not used is `[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SensitiveInformationPolicy {
    /// In the order sent.
    pub pii_entities: Vec<PiiEntity>,
    /// In the order sent.
    pub regexes: Vec<Regex>,
}

/// A contextual grounding filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextualGroundingFilter {
    /// Which.
    #[serde(rename = "type")]
    pub filter_type: String,
    /// The same double as was sent.
    pub threshold: f64,
    /// If it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// If it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// Contextual grounding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextualGroundingPolicy {
    /// In the order sent.
    pub filters: Vec<ContextualGroundingFilter>,
    /// If it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
}

/// Automated reasoning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AutomatedReasoningPolicy {
    /// ARNs of policies.
    pub policies: Vec<String>,
    /// If it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_threshold: Option<f64>,
}

/// Cross-region inference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrossRegionDetails {
    /// `us.guardrail.v1:0`.
    pub guardrail_profile_id: String,
    /// The ARN given, or the one that belongs to the id given.
    pub guardrail_profile_arn: String,
}

/// Reply to GetGuardrail (200).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetGuardrailResponse {
    /// Its name.
    pub name: String,
    /// The draft's description, or the version's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its id.
    pub guardrail_id: String,
    /// Its ARN.
    pub guardrail_arn: GuardrailArn,
    /// DRAFT or a number.
    pub version: GuardrailVersion,
    /// READY …
    pub status: String,
    /// Denied topics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_policy: Option<TopicPolicy>,
    /// Content filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_policy: Option<ContentPolicy>,
    /// Word filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_policy: Option<WordPolicy>,
    /// Sensitive information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive_information_policy: Option<SensitiveInformationPolicy>,
    /// Contextual grounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contextual_grounding_policy: Option<ContextualGroundingPolicy>,
    /// Automated reasoning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automated_reasoning_policy: Option<AutomatedReasoningPolicy>,
    /// Cross-region inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_region_details: Option<CrossRegionDetails>,
    /// When the guardrail, or the version, was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Why it is not READY.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status_reasons: Vec<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failure_recommendations: Vec<String>,
    /// Returned instead of a blocked prompt.
    pub blocked_input_messaging: String,
    /// Returned instead of a blocked answer.
    pub blocked_outputs_messaging: String,
    /// ARN of the KMS key, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_arn: Option<String>,
    /// What this product adds, if it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pretil: Option<GuardrailExtension>,
}

/// One guardrail, or one version of it, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardrailSummary {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: GuardrailArn,
    /// READY …
    pub status: String,
    /// Its name.
    pub name: String,
    /// The draft's description, or the version's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// DRAFT or a number.
    pub version: GuardrailVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Cross-region inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_region_details: Option<CrossRegionDetails>,
}

/// Reply to ListGuardrails (200).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListGuardrailsResponse {
    /// One page.
    pub guardrails: Vec<GuardrailSummary>,
    /// For the next page; not there on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
