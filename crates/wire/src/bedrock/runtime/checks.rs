//! InvokeGuardrailChecks: checks without a guardrail. Detect only.

use crate::bedrock::{
    constraint::Constraint,
    decode::{Constraints, ContentText, Decode, Decoding, shape},
    vocabulary as words,
};
use serde::{Deserialize, Deserializer, Serialize};

shape! {
    /// One block of a message. The model's union has one member.
    pub struct ChecksContentBlock {
        /// What is judged.
        text: required ContentText = "text", Rule::ANY.at_least(1).sensitive();
    }
}

shape! {
    /// A message.
    pub struct ChecksMessage {
        /// user, assistant or system.
        role: required String = "role", Rule::ANY.one_of(words::CHECKS_ROLE);
        /// At most 10 blocks, as the service documents; the model has no upper bound.
        content: required Vec<ChecksContentBlock> = "content", Rule::ANY.length(1, 10);
    }
}

shape! {
    /// A content filter category.
    pub struct ChecksContentCategory {
        /// Which.
        category: required String = "category", Rule::ANY.one_of(words::CHECKS_CONTENT_CATEGORY);
    }
}

shape! {
    /// The content filter check.
    pub struct ChecksContentFilter {
        /// Which categories.
        categories: required Vec<ChecksContentCategory> = "categories", Rule::ANY.length(1, 5);
    }
}

shape! {
    /// A prompt attack category.
    pub struct ChecksAttackCategory {
        /// Which.
        category: required String = "category", Rule::ANY.one_of(words::CHECKS_ATTACK_CATEGORY);
    }
}

shape! {
    /// The prompt attack check.
    pub struct ChecksPromptAttack {
        /// Which categories.
        categories: required Vec<ChecksAttackCategory> = "categories", Rule::ANY.length(1, 3);
    }
}

shape! {
    /// A personal-data type.
    pub struct ChecksEntity {
        /// Which.
        entity_type: required String = "type", Rule::ANY.one_of(words::PII_ENTITY_TYPE);
    }
}

shape! {
    /// The sensitive information check.
    pub struct ChecksSensitiveInformation {
        /// Which types.
        entities: required Vec<ChecksEntity> = "entities", Rule::ANY.length(1, 31);
    }
}

shape! {
    /// The checks before it is known that there is one.
    pub struct ChecksMembers {
        /// Content filters.
        content_filter: optional ChecksContentFilter = "contentFilter";
        /// Prompt attacks.
        prompt_attack: optional ChecksPromptAttack = "promptAttack";
        /// Sensitive information.
        sensitive_information: optional ChecksSensitiveInformation = "sensitiveInformation";
    }
}

/// Which checks are asked for; at least one, as the service demands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Checks(ChecksMembers);

impl std::ops::Deref for Checks {
    type Target = ChecksMembers;

    fn deref(&self) -> &ChecksMembers {
        &self.0
    }
}

impl Decode for Checks {
    fn decode<'de, D: Deserializer<'de>>(
        deserializer: D,
        rule: Constraints,
        decoding: &mut Decoding,
    ) -> Result<Option<Self>, D::Error> {
        let Some(members) = ChecksMembers::decode(deserializer, rule, decoding)? else {
            return Ok(None);
        };
        let none = members.content_filter.is_none()
            && members.prompt_attack.is_none()
            && members.sensitive_information.is_none();
        if none {
            decoding.violate(Constraint::AtLeastOne(&[
                "contentFilter",
                "promptAttack",
                "sensitiveInformation",
            ]));
        }
        Ok(Some(Self(members)))
    }
}

shape! {
    /// Body of InvokeGuardrailChecks.
    pub struct InvokeGuardrailChecksRequest {
        /// What is judged.
        messages: required Vec<ChecksMessage> = "messages", Rule::ANY.at_least(1);
        /// By which checks.
        checks: required Checks = "checks";
    }
}

/// A category's severity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksCategoryResult {
    /// Which.
    pub category: String,
    /// 0 to 1.
    pub severity_score: f64,
}

/// Every category asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksCategoryResults {
    /// In the order asked.
    pub results: Vec<ChecksCategoryResult>,
}

/// Personal data that was found. The offsets are code points in the block's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksEntityResult {
    /// Which.
    #[serde(rename = "type")]
    pub entity_type: String,
    /// 0 to 1.
    pub confidence_score: f64,
    /// First code point.
    pub begin_offset: u32,
    /// One past the last code point.
    pub end_offset: u32,
    /// Zero-based.
    pub message_index: u32,
    /// Zero-based.
    pub content_index: u32,
}

/// Personal data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksEntityResults {
    /// What was found; `[]` if nothing.
    pub results: Vec<ChecksEntityResult>,
    /// Whether there was more.
    pub truncated: bool,
}

/// Results of the checks asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksResults {
    /// Content filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_filter: Option<ChecksCategoryResults>,
    /// Prompt attacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_attack: Option<ChecksCategoryResults>,
    /// Sensitive information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive_information: Option<ChecksEntityResults>,
}

/// Units of one check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksUnits {
    /// Text units over all text.
    pub text_units: u32,
}

/// Units of the checks asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksUsage {
    /// Content filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_filter: Option<ChecksUnits>,
    /// Prompt attacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_attack: Option<ChecksUnits>,
    /// Sensitive information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive_information: Option<ChecksUnits>,
}

/// Reply to InvokeGuardrailChecks (200).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvokeGuardrailChecksResponse {
    /// Results.
    pub results: ChecksResults,
    /// Units.
    pub usage: ChecksUsage,
}
