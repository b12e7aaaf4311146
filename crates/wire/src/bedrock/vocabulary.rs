//! The closed sets of values in the service model, in the model's order.

/// `GuardrailTopicType`.
pub(crate) const TOPIC_TYPE: &[&str] = &["DENY"];
/// The action of topics, content filters, words and grounding filters.
pub(crate) const BLOCK_ACTION: &[&str] = &["BLOCK", "NONE"];
/// `GuardrailSensitiveInformationAction`.
pub(crate) const SENSITIVE_ACTION: &[&str] = &["BLOCK", "ANONYMIZE", "NONE"];
/// The tier of topics, content filters and grounding.
pub(crate) const TIER_NAME: &[&str] = &["CLASSIC", "STANDARD"];
/// `GuardrailContentFilterType`.
pub(crate) const CONTENT_FILTER_TYPE: &[&str] = &[
    "SEXUAL",
    "VIOLENCE",
    "HATE",
    "INSULTS",
    "MISCONDUCT",
    "PROMPT_ATTACK",
];
/// `GuardrailFilterStrength`.
pub(crate) const FILTER_STRENGTH: &[&str] = &["NONE", "LOW", "MEDIUM", "HIGH"];
/// `GuardrailModality`.
pub(crate) const MODALITY: &[&str] = &["TEXT", "IMAGE"];
/// `GuardrailManagedWordsType`.
pub(crate) const MANAGED_WORDS_TYPE: &[&str] = &["PROFANITY"];
/// `GuardrailPiiEntityType`.
pub(crate) const PII_ENTITY_TYPE: &[&str] = &[
    "ADDRESS",
    "AGE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CA_HEALTH_NUMBER",
    "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_EXPIRY",
    "CREDIT_DEBIT_CARD_NUMBER",
    "DRIVER_ID",
    "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS",
    "LICENSE_PLATE",
    "MAC_ADDRESS",
    "NAME",
    "PASSWORD",
    "PHONE",
    "PIN",
    "SWIFT_CODE",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
    "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
    "URL",
    "USERNAME",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
];
/// `GuardrailContextualGroundingFilterType`.
pub(crate) const GROUNDING_FILTER_TYPE: &[&str] = &["GROUNDING", "RELEVANCE"];
/// `SelectiveGuardingMode`.
pub(crate) const SELECTIVE_GUARDING_MODE: &[&str] = &["SELECTIVE", "COMPREHENSIVE"];
/// `GuardrailContentSource`.
pub(crate) const CONTENT_SOURCE: &[&str] = &["INPUT", "OUTPUT"];
/// `GuardrailOutputScope`.
pub(crate) const OUTPUT_SCOPE: &[&str] = &["INTERVENTIONS", "FULL"];
/// `GuardrailContentQualifier`.
pub(crate) const CONTENT_QUALIFIER: &[&str] = &["grounding_source", "query", "guard_content"];
/// `GuardrailImageFormat`.
pub(crate) const IMAGE_FORMAT: &[&str] = &["png", "jpeg"];
/// `GuardrailChecksRole`.
pub(crate) const CHECKS_ROLE: &[&str] = &["user", "assistant", "system"];
/// `GuardrailChecksContentFilterCategory`.
pub(crate) const CHECKS_CONTENT_CATEGORY: &[&str] =
    &["VIOLENCE", "HATE", "SEXUAL", "MISCONDUCT", "INSULTS"];
/// `GuardrailChecksPromptAttackCategory`.
pub(crate) const CHECKS_ATTACK_CATEGORY: &[&str] =
    &["JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE"];
/// What happens when a policy cannot be evaluated. Ours, in the `pretil` member.
pub(crate) const ON_FAILURE: &[&str] = &["CLOSED", "OPEN"];
