//! The body of CreateGuardrail or UpdateGuardrail ↔ `Config`.

use super::ConvertError;
use pretil_guardrail::config::{
    self as core, BlockAction, Config, ContentFilterType, Directions, FailureModes,
    GroundingFilterType, ManagedWordList, Modality, OnFailure, PiiType, SensitiveAction, Strength,
    TierName,
};
use pretil_wire::bedrock::control as wire;

type Converted<T> = Result<T, ConvertError>;

/// What CreateGuardrail asks for.
pub fn from_create(request: wire::CreateGuardrailRequest) -> Converted<Config> {
    Ok(Config {
        name: request.name,
        description: request.description,
        blocked_input_messaging: request.blocked_input_messaging,
        blocked_outputs_messaging: request.blocked_outputs_messaging,
        topic: request.topic_policy_config.map(topic).transpose()?,
        content: request.content_policy_config.map(content).transpose()?,
        word: request.word_policy_config.map(word).transpose()?,
        sensitive: request
            .sensitive_information_policy_config
            .map(sensitive)
            .transpose()?,
        grounding: request
            .contextual_grounding_policy_config
            .map(grounding)
            .transpose()?,
        reasoning: request.automated_reasoning_policy_config.map(reasoning),
        cross_region_profile: request
            .cross_region_config
            .map(|config| config.guardrail_profile_identifier),
        kms_key_id: request.kms_key_id,
        on_failure: on_failure(request.pretil)?,
    })
}

/// What UpdateGuardrail asks for: the members of CreateGuardrail less tags and token.
pub fn from_update(request: wire::UpdateGuardrailRequest) -> Converted<Config> {
    from_create(wire::CreateGuardrailRequest {
        name: request.name,
        description: request.description,
        topic_policy_config: request.topic_policy_config,
        content_policy_config: request.content_policy_config,
        word_policy_config: request.word_policy_config,
        sensitive_information_policy_config: request.sensitive_information_policy_config,
        contextual_grounding_policy_config: request.contextual_grounding_policy_config,
        automated_reasoning_policy_config: request.automated_reasoning_policy_config,
        cross_region_config: request.cross_region_config,
        blocked_input_messaging: request.blocked_input_messaging,
        blocked_outputs_messaging: request.blocked_outputs_messaging,
        kms_key_id: request.kms_key_id,
        tags: None,
        client_request_token: None,
        pretil: request.pretil,
    })
}

/// An enum's value, by the spelling that both crates share.
fn known<T>(text: &str, parse: fn(&str) -> Option<T>, what: &'static str) -> Converted<T> {
    parse(text).ok_or(ConvertError(what))
}

fn tier(config: Option<&wire::TierConfig>) -> Converted<Option<TierName>> {
    config
        .map(|tier| known(&tier.tier_name, TierName::parse, "tier"))
        .transpose()
}

fn directions<Action>(
    actions: [Option<String>; 2],
    enabled: [Option<bool>; 2],
    parse: fn(&str) -> Option<Action>,
) -> Converted<Directions<Action>> {
    let [input, output] = actions;
    let action = |text: Option<String>| text.map(|text| known(&text, parse, "action")).transpose();
    let [input_enabled, output_enabled] = enabled;
    Ok(Directions {
        input_action: action(input)?,
        output_action: action(output)?,
        input_enabled,
        output_enabled,
    })
}

fn topic(policy: wire::TopicPolicyConfig) -> Converted<core::TopicPolicyConfig> {
    let topic = |topic: wire::TopicConfig| {
        Ok(core::TopicConfig {
            name: topic.name,
            definition: topic.definition,
            examples: topic.examples,
            directions: directions(
                [topic.input_action, topic.output_action],
                [topic.input_enabled, topic.output_enabled],
                BlockAction::parse,
            )?,
        })
    };
    Ok(core::TopicPolicyConfig {
        tier: tier(policy.tier_config.as_ref())?.unwrap_or(TierName::Classic),
        topics: policy
            .topics_config
            .into_iter()
            .map(topic)
            .collect::<Converted<_>>()?,
    })
}

fn content(policy: wire::ContentPolicyConfig) -> Converted<core::ContentPolicyConfig> {
    let modalities = |texts: Option<Vec<String>>| {
        let known = |text: &String| known(text, Modality::parse, "modality");
        texts
            .map(|texts| texts.iter().map(known).collect::<Converted<Vec<_>>>())
            .transpose()
    };
    let filter = |filter: wire::ContentFilterConfig| {
        Ok(core::ContentFilterConfig {
            filter: known(&filter.filter_type, ContentFilterType::parse, "filter type")?,
            input_strength: known(&filter.input_strength, Strength::parse, "strength")?,
            output_strength: known(&filter.output_strength, Strength::parse, "strength")?,
            input_modalities: modalities(filter.input_modalities)?,
            output_modalities: modalities(filter.output_modalities)?,
            directions: directions(
                [filter.input_action, filter.output_action],
                [filter.input_enabled, filter.output_enabled],
                BlockAction::parse,
            )?,
        })
    };
    Ok(core::ContentPolicyConfig {
        tier: tier(policy.tier_config.as_ref())?.unwrap_or(TierName::Classic),
        filters: policy
            .filters_config
            .into_iter()
            .map(filter)
            .collect::<Converted<_>>()?,
    })
}

fn word(policy: wire::WordPolicyConfig) -> Converted<core::WordPolicyConfig> {
    let word = |word: wire::WordConfig| {
        Ok(core::WordConfig {
            text: word.text,
            directions: directions(
                [word.input_action, word.output_action],
                [word.input_enabled, word.output_enabled],
                BlockAction::parse,
            )?,
        })
    };
    let managed = |list: wire::ManagedWordsConfig| {
        Ok(core::ManagedWordsConfig {
            list: known(&list.list_type, ManagedWordList::parse, "word list")?,
            directions: directions(
                [list.input_action, list.output_action],
                [list.input_enabled, list.output_enabled],
                BlockAction::parse,
            )?,
        })
    };
    Ok(core::WordPolicyConfig {
        words: policy
            .words_config
            .map(|words| words.into_iter().map(word).collect::<Converted<_>>())
            .transpose()?,
        managed_lists: policy
            .managed_word_lists_config
            .map(|lists| lists.into_iter().map(managed).collect::<Converted<_>>())
            .transpose()?,
    })
}

fn sensitive(
    policy: wire::SensitiveInformationPolicyConfig,
) -> Converted<core::SensitivePolicyConfig> {
    let entity = |entity: wire::PiiEntityConfig| {
        Ok(core::PiiEntityConfig {
            entity: known(&entity.entity_type, PiiType::parse, "entity type")?,
            action: known(&entity.action, SensitiveAction::parse, "action")?,
            directions: directions(
                [entity.input_action, entity.output_action],
                [entity.input_enabled, entity.output_enabled],
                SensitiveAction::parse,
            )?,
        })
    };
    let regex = |regex: wire::RegexConfig| {
        Ok(core::RegexConfig {
            name: regex.name,
            description: regex.description,
            pattern: regex.pattern,
            action: known(&regex.action, SensitiveAction::parse, "action")?,
            directions: directions(
                [regex.input_action, regex.output_action],
                [regex.input_enabled, regex.output_enabled],
                SensitiveAction::parse,
            )?,
        })
    };
    Ok(core::SensitivePolicyConfig {
        entities: policy
            .pii_entities_config
            .map(|entities| entities.into_iter().map(entity).collect::<Converted<_>>())
            .transpose()?,
        regexes: policy
            .regexes_config
            .map(|regexes| regexes.into_iter().map(regex).collect::<Converted<_>>())
            .transpose()?,
    })
}

fn grounding(
    policy: wire::ContextualGroundingPolicyConfig,
) -> Converted<core::GroundingPolicyConfig> {
    let filter = |filter: wire::ContextualGroundingFilterConfig| {
        let action = filter.action.as_deref();
        Ok(core::GroundingFilterConfig {
            filter: known(
                &filter.filter_type,
                GroundingFilterType::parse,
                "filter type",
            )?,
            threshold: filter.threshold,
            action: action
                .map(|text| known(text, BlockAction::parse, "action"))
                .transpose()?,
            enabled: filter.enabled,
        })
    };
    Ok(core::GroundingPolicyConfig {
        tier: tier(policy.tier_config.as_ref())?,
        filters: policy
            .filters_config
            .into_iter()
            .map(filter)
            .collect::<Converted<_>>()?,
    })
}

fn reasoning(policy: wire::AutomatedReasoningPolicyConfig) -> core::ReasoningPolicyConfig {
    core::ReasoningPolicyConfig {
        policies: policy.policies,
        confidence_threshold: policy.confidence_threshold,
    }
}

fn on_failure(extension: Option<wire::GuardrailExtension>) -> Converted<FailureModes> {
    let Some(config) = extension.and_then(|extension| extension.on_failure) else {
        return Ok(FailureModes::default());
    };
    let mode = |text: Option<String>| match text.as_deref() {
        None | Some("CLOSED") => Ok(OnFailure::Closed),
        Some("OPEN") => Ok(OnFailure::Open),
        Some(_) => Err(ConvertError("failure mode")),
    };
    Ok(FailureModes {
        topic: mode(config.topic_policy)?,
        content: mode(config.content_policy)?,
        word: mode(config.word_policy)?,
        sensitive: mode(config.sensitive_information_policy)?,
        grounding: mode(config.contextual_grounding_policy)?,
        reasoning: mode(config.automated_reasoning_policy)?,
    })
}
