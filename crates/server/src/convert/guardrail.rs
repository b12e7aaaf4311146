//! `Config` → what GetGuardrail and ListGuardrails return of it.
//!
//! Optional members that were not sent are left out, never filled with a default: Terraform
//! reports a default as drift. Three things are always said: a policy's tier, and both lists of
//! the word and sensitive information policies.

use pretil_guardrail::config::{
    self as core, BlockAction, Config, Directions, FailureModes, OnFailure, SensitiveAction,
    TierName,
};
use pretil_wire::bedrock::control as wire;

/// The policies of a guardrail, as GetGuardrail returns them.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// Denied topics.
    pub topic: Option<wire::TopicPolicy>,
    /// Content filters.
    pub content: Option<wire::ContentPolicy>,
    /// Word filters.
    pub word: Option<wire::WordPolicy>,
    /// Sensitive information.
    pub sensitive: Option<wire::SensitiveInformationPolicy>,
    /// Contextual grounding.
    pub grounding: Option<wire::ContextualGroundingPolicy>,
    /// Automated reasoning.
    pub reasoning: Option<wire::AutomatedReasoningPolicy>,
}

/// The policies of `config`.
pub fn policies(config: &Config) -> Policies {
    Policies {
        topic: config.topic.as_ref().map(topic),
        content: config.content.as_ref().map(content),
        word: config.word.as_ref().map(word),
        sensitive: config.sensitive.as_ref().map(sensitive),
        grounding: config.grounding.as_ref().map(grounding),
        reasoning: config.reasoning.as_ref().map(reasoning),
    }
}

/// The `pretil` member: the policies that pass when they cannot be evaluated. Not there if none does.
pub fn extension(modes: FailureModes) -> Option<wire::GuardrailExtension> {
    if modes == FailureModes::default() {
        return None;
    }
    let open = |mode| (mode == OnFailure::Open).then(|| "OPEN".to_owned());
    Some(wire::GuardrailExtension {
        on_failure: Some(wire::OnFailureConfig {
            topic_policy: open(modes.topic),
            content_policy: open(modes.content),
            word_policy: open(modes.word),
            sensitive_information_policy: open(modes.sensitive),
            contextual_grounding_policy: open(modes.grounding),
            automated_reasoning_policy: open(modes.reasoning),
        }),
    })
}

/// The guardrail profile by id and ARN. The ARN is the one that was given, or the caller's own
/// for an id.
pub fn cross_region(profile: &str, account: &str, region: &str) -> wire::CrossRegionDetails {
    if let Some((_, id)) = profile.split_once(":guardrail-profile/") {
        return wire::CrossRegionDetails {
            guardrail_profile_id: id.to_owned(),
            guardrail_profile_arn: profile.to_owned(),
        };
    }
    wire::CrossRegionDetails {
        guardrail_profile_id: profile.to_owned(),
        guardrail_profile_arn: format!(
            "arn:aws:bedrock:{region}:{account}:guardrail-profile/{profile}"
        ),
    }
}

/// `kmsKeyArn` for a key id, alias or ARN. There is no key service here that could say which key
/// an alias stands for, so an alias stays an alias, as an ARN.
pub fn kms_key_arn(key: &str, account: &str, region: &str) -> String {
    if key.starts_with("arn:") {
        return key.to_owned();
    }
    if key.starts_with("alias/") {
        return format!("arn:aws:kms:{region}:{account}:{key}");
    }
    format!("arn:aws:kms:{region}:{account}:key/{key}")
}

fn tier(tier: TierName) -> wire::Tier {
    wire::Tier {
        tier_name: tier.as_str().to_owned(),
    }
}

fn block_directions(directions: Directions<BlockAction>) -> wire::DirectionSettings {
    let text = |action: Option<BlockAction>| action.map(|it| it.as_str().to_owned());
    wire::DirectionSettings {
        input_action: text(directions.input_action),
        output_action: text(directions.output_action),
        input_enabled: directions.input_enabled,
        output_enabled: directions.output_enabled,
    }
}

fn sensitive_directions(directions: Directions<SensitiveAction>) -> wire::DirectionSettings {
    let text = |action: Option<SensitiveAction>| action.map(|it| it.as_str().to_owned());
    wire::DirectionSettings {
        input_action: text(directions.input_action),
        output_action: text(directions.output_action),
        input_enabled: directions.input_enabled,
        output_enabled: directions.output_enabled,
    }
}

fn topic(policy: &core::TopicPolicyConfig) -> wire::TopicPolicy {
    let topics = policy.topics.iter().map(|topic| wire::Topic {
        name: topic.name.clone(),
        definition: topic.definition.clone(),
        examples: topic.examples.clone(),
        topic_type: "DENY".to_owned(),
        directions: block_directions(topic.directions),
    });
    wire::TopicPolicy {
        topics: topics.collect(),
        tier: tier(policy.tier),
    }
}

fn content(policy: &core::ContentPolicyConfig) -> wire::ContentPolicy {
    let modalities = |list: &Option<Vec<core::Modality>>| {
        let texts = list.as_ref()?.iter().map(|it| it.as_str().to_owned());
        Some(texts.collect())
    };
    let filters = policy.filters.iter().map(|filter| wire::ContentFilter {
        filter_type: filter.filter.as_str().to_owned(),
        input_strength: filter.input_strength.as_str().to_owned(),
        output_strength: filter.output_strength.as_str().to_owned(),
        input_modalities: modalities(&filter.input_modalities),
        output_modalities: modalities(&filter.output_modalities),
        directions: block_directions(filter.directions),
    });
    wire::ContentPolicy {
        filters: filters.collect(),
        tier: tier(policy.tier),
    }
}

fn word(policy: &core::WordPolicyConfig) -> wire::WordPolicy {
    let words = policy.words.iter().flatten().map(|word| wire::Word {
        text: word.text.clone(),
        directions: block_directions(word.directions),
    });
    let lists = policy.managed_lists.iter().flatten();
    let lists = lists.map(|list| wire::ManagedWords {
        list_type: list.list.as_str().to_owned(),
        directions: block_directions(list.directions),
    });
    wire::WordPolicy {
        words: words.collect(),
        managed_word_lists: lists.collect(),
    }
}

fn sensitive(policy: &core::SensitivePolicyConfig) -> wire::SensitiveInformationPolicy {
    let entities = policy.entities.iter().flatten();
    let entities = entities.map(|entity| wire::PiiEntity {
        entity_type: entity.entity.as_str().to_owned(),
        action: entity.action.as_str().to_owned(),
        directions: sensitive_directions(entity.directions),
    });
    let regexes = policy.regexes.iter().flatten().map(|regex| wire::Regex {
        name: regex.name.clone(),
        description: regex.description.clone(),
        pattern: regex.pattern.clone(),
        action: regex.action.as_str().to_owned(),
        directions: sensitive_directions(regex.directions),
    });
    wire::SensitiveInformationPolicy {
        pii_entities: entities.collect(),
        regexes: regexes.collect(),
    }
}

fn grounding(policy: &core::GroundingPolicyConfig) -> wire::ContextualGroundingPolicy {
    let filters = policy
        .filters
        .iter()
        .map(|filter| wire::ContextualGroundingFilter {
            filter_type: filter.filter.as_str().to_owned(),
            threshold: filter.threshold,
            action: filter.action.map(|action| action.as_str().to_owned()),
            enabled: filter.enabled,
        });
    wire::ContextualGroundingPolicy {
        filters: filters.collect(),
        tier: policy.tier.map(tier),
    }
}

fn reasoning(policy: &core::ReasoningPolicyConfig) -> wire::AutomatedReasoningPolicy {
    wire::AutomatedReasoningPolicy {
        policies: policy.policies.clone(),
        confidence_threshold: policy.confidence_threshold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "123456789012";
    const REGION: &str = "eu-west-1";

    #[test]
    fn the_profile_arn_is_the_one_that_was_given() {
        // Terraform accepts only an ARN and compares it with what comes back.
        let arn = "arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0";
        let details = cross_region(arn, ACCOUNT, REGION);
        assert_eq!(details.guardrail_profile_arn, arn);
        assert_eq!(details.guardrail_profile_id, "us.guardrail.v1:0");
        let details = cross_region("eu.guardrail.v1:0", ACCOUNT, REGION);
        assert_eq!(
            details.guardrail_profile_arn,
            "arn:aws:bedrock:eu-west-1:123456789012:guardrail-profile/eu.guardrail.v1:0"
        );
    }

    #[test]
    fn every_way_to_name_a_key_comes_back_as_an_arn() {
        let cases = [
            (
                "1234abcd-12ab-34cd-56ef-1234567890ab",
                "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            ),
            (
                "alias/mine",
                "arn:aws:kms:eu-west-1:123456789012:alias/mine",
            ),
            (
                "arn:aws:kms:us-east-1:111122223333:key/k",
                "arn:aws:kms:us-east-1:111122223333:key/k",
            ),
        ];
        for (key, arn) in cases {
            assert_eq!(kms_key_arn(key, ACCOUNT, REGION), arn);
        }
    }
}
