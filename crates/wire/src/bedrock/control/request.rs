//! CreateGuardrail, UpdateGuardrail, CreateGuardrailVersion and their replies.

use super::{
    AutomatedReasoningPolicyConfig, ContentPolicyConfig, ContextualGroundingPolicyConfig,
    CrossRegionConfig, GuardrailExtension, SensitiveInformationPolicyConfig, Tag,
    TopicPolicyConfig, WordPolicyConfig,
};
use crate::bedrock::{
    constraint::Rule, decode::shape, identifier::GuardrailArn, identifier::GuardrailVersion,
    pattern, timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// `GuardrailName`.
const NAME: Rule = Rule::ANY
    .length(1, 50)
    .pattern(&pattern::GUARDRAIL_NAME)
    .sensitive();
/// `GuardrailDescription`.
const DESCRIPTION: Rule = Rule::ANY.length(1, 200).sensitive();
/// `GuardrailBlockedMessaging`.
const MESSAGING: Rule = Rule::ANY.length(1, 500).sensitive();
/// `KmsKeyId`.
const KMS_KEY_ID: Rule = Rule::ANY.length(1, 2048).pattern(&pattern::KMS_KEY_ID);
/// `IdempotencyToken`.
const TOKEN: Rule = Rule::ANY
    .length(1, 256)
    .pattern(&pattern::IDEMPOTENCY_TOKEN);

shape! {
    /// Body of CreateGuardrail.
    pub struct CreateGuardrailRequest {
        /// What to call it.
        name: required String = "name", NAME;
        /// For people.
        description: optional String = "description", DESCRIPTION;
        /// Denied topics.
        topic_policy_config: optional TopicPolicyConfig = "topicPolicyConfig";
        /// Content filters.
        content_policy_config: optional ContentPolicyConfig = "contentPolicyConfig";
        /// Word filters.
        word_policy_config: optional WordPolicyConfig = "wordPolicyConfig";
        /// Sensitive information.
        sensitive_information_policy_config: optional SensitiveInformationPolicyConfig =
            "sensitiveInformationPolicyConfig";
        /// Contextual grounding.
        contextual_grounding_policy_config: optional ContextualGroundingPolicyConfig =
            "contextualGroundingPolicyConfig";
        /// Automated reasoning.
        automated_reasoning_policy_config: optional AutomatedReasoningPolicyConfig =
            "automatedReasoningPolicyConfig";
        /// Cross-region inference.
        cross_region_config: optional CrossRegionConfig = "crossRegionConfig";
        /// Returned instead of a blocked prompt.
        blocked_input_messaging: required String = "blockedInputMessaging", MESSAGING;
        /// Returned instead of a blocked answer.
        blocked_outputs_messaging: required String = "blockedOutputsMessaging", MESSAGING;
        /// KMS key id, ARN or alias.
        kms_key_id: optional String = "kmsKeyId", KMS_KEY_ID;
        /// The model says up to 200; that a resource may have 50 is checked with the resource.
        tags: optional Vec<Tag> = "tags", Rule::ANY.length(0, 200);
        /// Makes a repeated request give the first result.
        client_request_token: optional String = "clientRequestToken", TOKEN;
        /// What this product adds.
        pretil: optional GuardrailExtension = "pretil";
    }
}

shape! {
    /// Body of UpdateGuardrail.
    pub struct UpdateGuardrailRequest {
        /// What to call it.
        name: required String = "name", NAME;
        /// For people.
        description: optional String = "description", DESCRIPTION;
        /// Denied topics.
        topic_policy_config: optional TopicPolicyConfig = "topicPolicyConfig";
        /// Content filters.
        content_policy_config: optional ContentPolicyConfig = "contentPolicyConfig";
        /// Word filters.
        word_policy_config: optional WordPolicyConfig = "wordPolicyConfig";
        /// Sensitive information.
        sensitive_information_policy_config: optional SensitiveInformationPolicyConfig =
            "sensitiveInformationPolicyConfig";
        /// Contextual grounding.
        contextual_grounding_policy_config: optional ContextualGroundingPolicyConfig =
            "contextualGroundingPolicyConfig";
        /// Automated reasoning.
        automated_reasoning_policy_config: optional AutomatedReasoningPolicyConfig =
            "automatedReasoningPolicyConfig";
        /// Cross-region inference.
        cross_region_config: optional CrossRegionConfig = "crossRegionConfig";
        /// Returned instead of a blocked prompt.
        blocked_input_messaging: required String = "blockedInputMessaging", MESSAGING;
        /// Returned instead of a blocked answer.
        blocked_outputs_messaging: required String = "blockedOutputsMessaging", MESSAGING;
        /// KMS key id, ARN or alias.
        kms_key_id: optional String = "kmsKeyId", KMS_KEY_ID;
        /// What this product adds.
        pretil: optional GuardrailExtension = "pretil";
    }
}

shape! {
    /// Body of CreateGuardrailVersion.
    pub struct CreateGuardrailVersionRequest {
        /// For people; the version's own.
        description: optional String = "description", DESCRIPTION;
        /// Makes a repeated request give the first result.
        client_request_token: optional String = "clientRequestToken", TOKEN;
    }
}

/// Reply to CreateGuardrail (202).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateGuardrailResponse {
    /// Twelve characters of `[a-z0-9]`.
    pub guardrail_id: String,
    /// The ARN.
    pub guardrail_arn: GuardrailArn,
    /// DRAFT.
    pub version: GuardrailVersion,
    /// When.
    pub created_at: Timestamp,
}

/// Reply to UpdateGuardrail (202).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateGuardrailResponse {
    /// The id.
    pub guardrail_id: String,
    /// The ARN.
    pub guardrail_arn: GuardrailArn,
    /// DRAFT.
    pub version: GuardrailVersion,
    /// When.
    pub updated_at: Timestamp,
}

/// Reply to CreateGuardrailVersion (202).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateGuardrailVersionResponse {
    /// The id.
    pub guardrail_id: String,
    /// The new number.
    pub version: GuardrailVersion,
}

/// Reply without members: DeleteGuardrail (202), TagResource, UntagResource and
/// DeleteEnforcedGuardrailConfiguration (200).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyResponse {}
