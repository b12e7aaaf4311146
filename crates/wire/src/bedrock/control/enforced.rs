//! Enforced guardrail configurations: Put, List, Delete.

use crate::bedrock::{
    constraint::Rule,
    decode::shape,
    identifier::{GuardrailArn, GuardrailVersion},
    pattern,
    timestamp::Timestamp,
    vocabulary as words,
};
use serde::{Deserialize, Serialize};

/// `IncludedModelId`.
static INCLUDED_MODEL: Rule = Rule::ANY.pattern(&pattern::INCLUDED_MODEL_ID);
/// `ExcludedModelId`.
static EXCLUDED_MODEL: Rule = Rule::ANY.pattern(&pattern::EXCLUDED_MODEL_ID);
/// `SelectiveGuardingMode`.
const GUARDING_MODE: Rule = Rule::ANY.one_of(words::SELECTIVE_GUARDING_MODE);

shape! {
    /// Whether guard-content tags are honoured.
    #[derive(Eq, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    pub struct SelectiveContentGuarding {
        /// For system prompts: SELECTIVE or COMPREHENSIVE.
        system: optional String = "system", GUARDING_MODE;
        /// For messages: SELECTIVE or COMPREHENSIVE.
        messages: optional String = "messages", GUARDING_MODE;
    }
}

shape! {
    /// To which models the guardrail applies.
    #[derive(Eq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct ModelEnforcement {
        /// Model ids, or ALL.
        included_models: required Vec<String> = "includedModels",
            Rule::ANY.at_least(1).of(&INCLUDED_MODEL);
        /// Model ids; exclusion wins.
        excluded_models: required Vec<String> = "excludedModels", Rule::ANY.of(&EXCLUDED_MODEL);
    }
}

shape! {
    /// Which guardrail, and for what.
    pub struct EnforcedInferenceConfig {
        /// Id or ARN.
        guardrail_identifier: required String = "guardrailIdentifier",
            Rule::ANY.length(0, 2048).pattern(&pattern::GUARDRAIL_IDENTIFIER);
        /// A number.
        guardrail_version: required String = "guardrailVersion",
            Rule::ANY.pattern(&pattern::NUMERICAL_VERSION);
        /// Whether tags are honoured.
        selective_content_guarding: optional SelectiveContentGuarding = "selectiveContentGuarding";
        /// To which models.
        model_enforcement: optional ModelEnforcement = "modelEnforcement";
    }
}

shape! {
    /// Body of PutEnforcedGuardrailConfiguration.
    pub struct PutEnforcedGuardrailConfigurationRequest {
        /// To change a configuration that exists.
        config_id: optional String = "configId", Rule::ANY.pattern(&pattern::CONFIGURATION_ID);
        /// What to enforce.
        guardrail_inference_config: required EnforcedInferenceConfig = "guardrailInferenceConfig";
    }
}

/// Reply to PutEnforcedGuardrailConfiguration (200).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PutEnforcedGuardrailConfigurationResponse {
    /// The configuration's id.
    pub config_id: String,
    /// When.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

/// An enforced configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnforcedGuardrailConfiguration {
    /// The configuration's id.
    pub config_id: String,
    /// The guardrail.
    pub guardrail_arn: GuardrailArn,
    /// The guardrail.
    pub guardrail_id: String,
    /// HONOR or IGNORE; deprecated by `selectiveContentGuarding`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tags: Option<String>,
    /// Whether tags are honoured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selective_content_guarding: Option<SelectiveContentGuarding>,
    /// A number.
    pub guardrail_version: GuardrailVersion,
    /// When it was first put.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it was last put.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
    /// ACCOUNT.
    pub owner: String,
    /// To which models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_enforcement: Option<ModelEnforcement>,
}

/// Reply to ListEnforcedGuardrailsConfiguration (200).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListEnforcedGuardrailsConfigurationResponse {
    /// At most one.
    pub guardrails_config: Vec<EnforcedGuardrailConfiguration>,
    /// For the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
