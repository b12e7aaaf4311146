//! What goes in and what comes out.

use crate::identity::{AccountId, ConfigurationId, GuardrailId, Timestamp, Version};
use pretil_guardrail::Config;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// What makes a repeated request give the first result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestToken {
    /// The caller's `clientRequestToken`.
    pub token: String,
    /// SHA-256 of all that the request says, its path included. The same token with another
    /// fingerprint is refused.
    pub fingerprint: [u8; 32],
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// Distinct within a guardrail.
    pub key: String,
    /// May be empty.
    pub value: String,
}

/// A guardrail to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGuardrail {
    /// The first part of its ARN after `arn:`.
    pub partition: String,
    /// The region of its ARN.
    pub region: String,
    /// Its draft.
    pub config: Config,
    /// Its tags, keys distinct.
    pub tags: Vec<Tag>,
}

/// A guardrail that was created, now or by an earlier request with the same token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub id: GuardrailId,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A version that was created, now or by an earlier request with the same token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionCreated {
    /// Its number.
    pub number: NonZeroU32,
    /// When it was created.
    pub created_at: Timestamp,
}

/// One version of a guardrail. What is stored is usable at once, so there is no status.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardrailRecord {
    /// Whose.
    pub account: AccountId,
    /// Its id.
    pub id: GuardrailId,
    /// The first part of its ARN after `arn:`.
    pub partition: String,
    /// The region of its ARN.
    pub region: String,
    /// Which version.
    pub version: Version,
    /// What was configured. The description is the version's own.
    pub config: Config,
    /// When the guardrail, or the version, was created.
    pub created_at: Timestamp,
    /// When the draft was last changed; for a version, when it was created.
    pub updated_at: Timestamp,
}

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The most items.
    pub limit: NonZeroU32,
    /// From the page before.
    pub token: Option<String>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// For the next page; `None` on the last.
    pub next: Option<String>,
}

/// To which models an enforced guardrail applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelEnforcement {
    /// Model ids, or `ALL`.
    pub included: Vec<String>,
    /// Model ids; exclusion wins.
    pub excluded: Vec<String>,
}

/// How an enforced guardrail applies, as the caller said it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnforcedSettings {
    /// Whether tags in system prompts are honoured: SELECTIVE or COMPREHENSIVE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Whether tags in messages are honoured: SELECTIVE or COMPREHENSIVE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<String>,
    /// To which models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<ModelEnforcement>,
}

/// An enforced configuration to be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEnforcement {
    /// The configuration to replace; `None` for a new one.
    pub config_id: Option<ConfigurationId>,
    /// Which guardrail.
    pub guardrail: GuardrailId,
    /// Which version.
    pub version: NonZeroU32,
    /// How.
    pub settings: EnforcedSettings,
    /// Who puts it.
    pub by: String,
}

/// An enforced configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcedConfiguration {
    /// Its id.
    pub config_id: ConfigurationId,
    /// Which guardrail.
    pub guardrail: GuardrailId,
    /// Of the guardrail's ARN.
    pub partition: String,
    /// Of the guardrail's ARN.
    pub region: String,
    /// Which version.
    pub version: NonZeroU32,
    /// How.
    pub settings: EnforcedSettings,
    /// When it was first put.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it was last put.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}
