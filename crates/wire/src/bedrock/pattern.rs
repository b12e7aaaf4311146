//! The patterns of the service model. A value must match as a whole.

use regex::Regex;
use std::sync::OnceLock;

/// A pattern, spelled as in the model, compiled when first used.
pub(crate) struct Pattern {
    text: &'static str,
    /// Where the model's dialect (Java's) means something else than the `regex` crate's by the same
    /// spelling: `\s` and `\S` are about ASCII there.
    compiled_as: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern that both dialects read alike.
    const fn new(text: &'static str) -> Self {
        Self::compiled_as(text, text)
    }

    /// A pattern that is spelled otherwise for the `regex` crate.
    const fn compiled_as(text: &'static str, compiled_as: &'static str) -> Self {
        Self {
            text,
            compiled_as,
            regex: OnceLock::new(),
        }
    }

    /// As the model spells it.
    pub(crate) const fn text(&self) -> &'static str {
        self.text
    }

    /// Whether the whole of `value` matches. A pattern that does not compile matches nothing; a
    /// test compiles them all.
    pub(crate) fn matches(&self, value: &str) -> bool {
        self.regex
            .get_or_init(|| Regex::new(&format!(r"\A(?:{})\z", self.compiled_as)).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(value))
    }
}

macro_rules! patterns {
    ($($(#[$meta:meta])* $name:ident = $text:literal $(as $compiled:literal)?;)+) => {
        $($(#[$meta])* pub(crate) static $name: Pattern = patterns!(@new $text $($compiled)?);)+

        #[cfg(test)]
        static ALL: &[&Pattern] = &[$(&$name),+];
    };
    (@new $text:literal) => { Pattern::new($text) };
    (@new $text:literal $compiled:literal) => { Pattern::compiled_as($text, $compiled) };
}

patterns! {
    /// `GuardrailName`.
    GUARDRAIL_NAME = "[0-9a-zA-Z-_]+";
    /// `GuardrailTopicName`.
    TOPIC_NAME = "[0-9a-zA-Z-_ !?.]+";
    /// `AutomatedReasoningPolicyArn`.
    REASONING_POLICY_ARN = "arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:automated-reasoning-policy/[a-z0-9]{12}(:([1-9][0-9]{0,11}))?";
    /// `GuardrailCrossRegionGuardrailProfileIdentifier`.
    GUARDRAIL_PROFILE = "[a-z0-9-]+[.]{1}guardrail[.]{1}v[0-9:]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail-profile/[a-z0-9-]+[.]{1}guardrail[.]{1}v[0-9:]+";
    /// `KmsKeyId`.
    KMS_KEY_ID = "(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)";
    /// `TagKey` and `TagValue`.
    TAG = "[a-zA-Z0-9\\s._:/=+@-]*" as "[a-zA-Z0-9\\t\\n\\x0B\\x0C\\r ._:/=+@-]*";
    /// `IdempotencyToken`.
    IDEMPOTENCY_TOKEN = "[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?";
    /// `GuardrailIdentifier` of the control plane.
    GUARDRAIL_IDENTIFIER = "(([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))";
    /// `GuardrailVersion` of the control plane.
    GUARDRAIL_VERSION = "(([1-9][0-9]{0,7})|(DRAFT))";
    /// `GuardrailNumericalVersion`.
    NUMERICAL_VERSION = "[1-9][0-9]{0,7}";
    /// `PaginationToken`.
    PAGINATION_TOKEN = "\\S*" as "[^\\t\\n\\x0B\\x0C\\r ]*";
    /// `TaggableResourcesArn`.
    TAGGABLE_RESOURCE = ".*(^[a-zA-Z0-9][a-zA-Z0-9\\-]*$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:custom-model/(imported)/[a-z0-9]{12}$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:([0-9]{12}|)((:(fine-tuning-job|model-customization-job|custom-model)/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12})$)|(:guardrail/[a-z0-9]+$)|(:automated-reasoning-policy/[a-zA-Z0-9]+(:[a-zA-Z0-9]+)?$)|(:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+$)|(:project/(proj_[a-z2-7]{20}|default)$)|(:(provisioned-model|model-invocation-job|model-evaluation-job|evaluation-job|model-import-job|imported-model|async-invoke|provisioned-model-v2|provisioned-model-reservation|prompt-router|custom-model-deployment)/[a-z0-9]{12}$))).*";
    /// `AccountEnforcedGuardrailConfigurationId`.
    CONFIGURATION_ID = "[a-z0-9]+";
    /// `IncludedModelId`.
    INCLUDED_MODEL_ID = "(ALL|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12}){0,1})";
    /// `ExcludedModelId`.
    EXCLUDED_MODEL_ID = "([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12}){0,1}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in ALL {
            let whole = format!(r"\A(?:{})\z", pattern.compiled_as);
            assert!(Regex::new(&whole).is_ok(), "{}", pattern.text());
        }
    }

    #[test]
    fn values_match_as_a_whole() {
        let cases: &[(&Pattern, &str, bool)] = &[
            (&GUARDRAIL_NAME, "support-bot_2", true),
            (&GUARDRAIL_NAME, "support bot", false),
            (&GUARDRAIL_NAME, "name\n", false),
            (&GUARDRAIL_NAME, "", false),
            (&TOPIC_NAME, "Fiduciary Advice?!", true),
            (&TOPIC_NAME, "Naïve", false),
            (&TAG, "a b\tc", true),
            (&TAG, "no-break\u{a0}space", false),
            (&TAG, "", true),
            (&IDEMPOTENCY_TOKEN, "a-b", true),
            (&IDEMPOTENCY_TOKEN, "a-", false),
            (&PAGINATION_TOKEN, "é\u{a0}", true),
            (&PAGINATION_TOKEN, "a b", false),
            (&GUARDRAIL_IDENTIFIER, "abc123abc123", true),
            (&GUARDRAIL_IDENTIFIER, "None", false),
            (
                &GUARDRAIL_IDENTIFIER,
                "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:guardrail/abc",
                true,
            ),
            (&GUARDRAIL_VERSION, "DRAFT", true),
            (&GUARDRAIL_VERSION, "0", false),
            (&GUARDRAIL_VERSION, "123456789", false),
            (&GUARDRAIL_PROFILE, "us.guardrail.v1:0", true),
            (
                &TAGGABLE_RESOURCE,
                "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123abc123",
                true,
            ),
            (
                &TAGGABLE_RESOURCE,
                "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123abc123:1",
                false,
            ),
            (&INCLUDED_MODEL_ID, "ALL", true),
            (&EXCLUDED_MODEL_ID, "ALL", false),
            (&KMS_KEY_ID, "alias/my-key", true),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(
                pattern.matches(value),
                *expected,
                "{value} {}",
                pattern.text()
            );
        }
    }
}
