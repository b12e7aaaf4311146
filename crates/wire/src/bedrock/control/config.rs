//! The policies of a guardrail as CreateGuardrail and UpdateGuardrail take them.
//!
//! Members with a closed set of values are strings that have been checked against the set.

use crate::bedrock::{constraint::Rule, decode::shape, pattern, vocabulary as words};
use serde::Deserialize;

/// `GuardrailTopicAction` and its like for content filters, words and grounding filters.
const BLOCK_ACTION: Rule = Rule::ANY.one_of(words::BLOCK_ACTION).sensitive();
/// `GuardrailSensitiveInformationAction`.
const SENSITIVE_ACTION: Rule = Rule::ANY.one_of(words::SENSITIVE_ACTION);
/// `GuardrailFilterStrength`.
const STRENGTH: Rule = Rule::ANY.one_of(words::FILTER_STRENGTH);
/// `GuardrailTopicExample`.
static TOPIC_EXAMPLE: Rule = Rule::ANY.length(1, 100).sensitive();
/// `GuardrailModality`.
static MODALITY: Rule = Rule::ANY.one_of(words::MODALITY).sensitive();
/// `AutomatedReasoningPolicyArn`.
static REASONING_POLICY: Rule = Rule::ANY
    .length(1, 2048)
    .pattern(&pattern::REASONING_POLICY_ARN);

shape! {
    /// The tier of a policy.
    pub struct TierConfig {
        /// CLASSIC or STANDARD.
        tier_name: required String = "tierName", Rule::ANY.one_of(words::TIER_NAME).sensitive();
    }
}

shape! {
    /// A denied topic.
    pub struct TopicConfig {
        /// What to call it.
        name: required String = "name",
            Rule::ANY.length(1, 100).pattern(&pattern::TOPIC_NAME).sensitive();
        /// What it is. Up to 1,000 characters, as the STANDARD tier allows; the model says 200,
        /// which holds for the CLASSIC tier and is checked where the tier is known.
        definition: required String = "definition", Rule::ANY.length(1, 1000).sensitive();
        /// Prompts of the topic.
        examples: optional Vec<String> = "examples", Rule::ANY.length(0, 5).of(&TOPIC_EXAMPLE);
        /// DENY.
        topic_type: required String = "type", Rule::ANY.one_of(words::TOPIC_TYPE);
        /// For prompts.
        input_action: optional String = "inputAction", BLOCK_ACTION;
        /// For answers.
        output_action: optional String = "outputAction", BLOCK_ACTION;
        /// Whether prompts are evaluated.
        input_enabled: optional bool = "inputEnabled";
        /// Whether answers are evaluated.
        output_enabled: optional bool = "outputEnabled";
    }
}

shape! {
    /// Denied topics.
    pub struct TopicPolicyConfig {
        /// The topics.
        topics_config: required Vec<TopicConfig> = "topicsConfig", Rule::ANY.length(1, 30);
        /// The tier.
        tier_config: optional TierConfig = "tierConfig";
    }
}

shape! {
    /// A content filter.
    pub struct ContentFilterConfig {
        /// Which.
        filter_type: required String = "type", Rule::ANY.one_of(words::CONTENT_FILTER_TYPE);
        /// For prompts.
        input_strength: required String = "inputStrength", STRENGTH;
        /// For answers.
        output_strength: required String = "outputStrength", STRENGTH;
        /// What is read of prompts.
        input_modalities: optional Vec<String> = "inputModalities",
            Rule::ANY.length(1, 2).of(&MODALITY);
        /// What is read of answers.
        output_modalities: optional Vec<String> = "outputModalities",
            Rule::ANY.length(1, 2).of(&MODALITY);
        /// For prompts.
        input_action: optional String = "inputAction", BLOCK_ACTION;
        /// For answers.
        output_action: optional String = "outputAction", BLOCK_ACTION;
        /// Whether prompts are evaluated.
        input_enabled: optional bool = "inputEnabled";
        /// Whether answers are evaluated.
        output_enabled: optional bool = "outputEnabled";
    }
}

shape! {
    /// Content filters.
    pub struct ContentPolicyConfig {
        /// The filters.
        filters_config: required Vec<ContentFilterConfig> = "filtersConfig", Rule::ANY.length(1, 6);
        /// The tier.
        tier_config: optional TierConfig = "tierConfig";
    }
}

shape! {
    /// A custom word or phrase.
    pub struct WordConfig {
        /// The word.
        text: required String = "text", Rule::ANY.length(1, 100);
        /// For prompts.
        input_action: optional String = "inputAction", BLOCK_ACTION;
        /// For answers.
        output_action: optional String = "outputAction", BLOCK_ACTION;
        /// Whether prompts are evaluated.
        input_enabled: optional bool = "inputEnabled";
        /// Whether answers are evaluated.
        output_enabled: optional bool = "outputEnabled";
    }
}

shape! {
    /// A managed word list.
    pub struct ManagedWordsConfig {
        /// Which.
        list_type: required String = "type", Rule::ANY.one_of(words::MANAGED_WORDS_TYPE);
        /// For prompts.
        input_action: optional String = "inputAction", BLOCK_ACTION;
        /// For answers.
        output_action: optional String = "outputAction", BLOCK_ACTION;
        /// Whether prompts are evaluated.
        input_enabled: optional bool = "inputEnabled";
        /// Whether answers are evaluated.
        output_enabled: optional bool = "outputEnabled";
    }
}

shape! {
    /// Word filters.
    pub struct WordPolicyConfig {
        /// Custom words.
        words_config: optional Vec<WordConfig> = "wordsConfig", Rule::ANY.length(1, 10_000);
        /// Managed lists.
        managed_word_lists_config: optional Vec<ManagedWordsConfig> = "managedWordListsConfig";
    }
}

shape! {
    /// A personal-data type.
    pub struct PiiEntityConfig {
        /// Which.
        entity_type: required String = "type", Rule::ANY.one_of(words::PII_ENTITY_TYPE);
        /// For the directions that name no action of their own.
        action: required String = "action", SENSITIVE_ACTION;
        /// For prompts.
        input_action: optional String = "inputAction", SENSITIVE_ACTION;
        /// For answers.
        output_action: optional String = "outputAction", SENSITIVE_ACTION;
        /// Whether prompts are evaluated.
        input_enabled: optional bool = "inputEnabled";
        /// Whether answers are evaluated.
        output_enabled: optional bool = "outputEnabled";
    }
}

shape! {
    /// A custom regular expression.
    pub struct RegexConfig {
        /// What to call it.
        name: required String = "name", Rule::ANY.length(1, 100);
        /// For people.
        description: optional String = "description", Rule::ANY.length(1, 1000);
        /// The expression.
        pattern: required String = "pattern", Rule::ANY.length(1, 500);
        /// For the directions that name no action of their own.
        action: required String = "action", SENSITIVE_ACTION;
        /// For prompts.
        input_action: optional String = "inputAction", SENSITIVE_ACTION;
        /// For answers.
        output_action: optional String = "outputAction", SENSITIVE_ACTION;
        /// Whether prompts are evaluated.
        input_enabled: optional bool = "inputEnabled";
        /// Whether answers are evaluated.
        output_enabled: optional bool = "outputEnabled";
    }
}

shape! {
    /// Sensitive information.
    pub struct SensitiveInformationPolicyConfig {
        /// Personal-data types.
        pii_entities_config: optional Vec<PiiEntityConfig> = "piiEntitiesConfig",
            Rule::ANY.at_least(1);
        /// Custom regular expressions.
        regexes_config: optional Vec<RegexConfig> = "regexesConfig", Rule::ANY.length(1, 30);
    }
}

shape! {
    /// A contextual grounding filter.
    pub struct ContextualGroundingFilterConfig {
        /// Which.
        filter_type: required String = "type", Rule::ANY.one_of(words::GROUNDING_FILTER_TYPE);
        /// Scores below it are detected. The upper bound is documented, not in the model.
        threshold: required f64 = "threshold", Rule::ANY.range(0.0, 0.99);
        /// What a detected score leads to.
        action: optional String = "action", BLOCK_ACTION;
        /// Whether the filter is evaluated.
        enabled: optional bool = "enabled";
    }
}

shape! {
    /// Contextual grounding.
    pub struct ContextualGroundingPolicyConfig {
        /// The filters.
        filters_config: required Vec<ContextualGroundingFilterConfig> = "filtersConfig",
            Rule::ANY.at_least(1);
        /// The tier.
        tier_config: optional TierConfig = "tierConfig";
    }
}

shape! {
    /// Automated reasoning.
    pub struct AutomatedReasoningPolicyConfig {
        /// ARNs of policies.
        policies: required Vec<String> = "policies", Rule::ANY.length(1, 2).of(&REASONING_POLICY);
        /// How sure a translation must be.
        confidence_threshold: optional f64 = "confidenceThreshold", Rule::ANY.range(0.0, 1.0);
    }
}

shape! {
    /// Cross-region inference.
    pub struct CrossRegionConfig {
        /// Guardrail profile id or ARN.
        guardrail_profile_identifier: required String = "guardrailProfileIdentifier",
            Rule::ANY.length(15, 2048).pattern(&pattern::GUARDRAIL_PROFILE);
    }
}

/// CLOSED or OPEN.
const ON_FAILURE: Rule = Rule::ANY.one_of(words::ON_FAILURE);

shape! {
    /// What happens to content when a policy cannot be evaluated: CLOSED blocks it (the default),
    /// OPEN lets it pass and says so.
    #[derive(Eq, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    pub struct OnFailureConfig {
        /// Denied topics.
        topic_policy: optional String = "topicPolicy", ON_FAILURE;
        /// Content filters.
        content_policy: optional String = "contentPolicy", ON_FAILURE;
        /// Word filters.
        word_policy: optional String = "wordPolicy", ON_FAILURE;
        /// Sensitive information.
        sensitive_information_policy: optional String = "sensitiveInformationPolicy", ON_FAILURE;
        /// Contextual grounding.
        contextual_grounding_policy: optional String = "contextualGroundingPolicy", ON_FAILURE;
        /// Automated reasoning.
        automated_reasoning_policy: optional String = "automatedReasoningPolicy", ON_FAILURE;
    }
}

shape! {
    /// What this product adds to a guardrail. SDKs neither send nor read it.
    #[derive(Eq, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    pub struct GuardrailExtension {
        /// Per policy.
        on_failure: optional OnFailureConfig = "onFailure";
    }
}
