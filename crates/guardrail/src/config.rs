//! What a user may write: the one serialisable, stored type.
//!
//! The names follow the Bedrock API. Optional members stay optional, so that what was not sent is
//! not echoed. Shape limits (lengths, patterns, enums) are the edge's work; what only makes sense
//! across members is checked here.

mod error;
mod validate;

pub use error::{CompileError, ConfigError};
pub(crate) use validate::{distinct, validate};

use crate::content::Source;
use serde::{Deserialize, Serialize};

/// An enum whose variants have a fixed spelling on the wire and in the store.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every variant, in the order of the API.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The spelling of the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The variant spelled `text`, if there is one.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

wire_enum! {
    /// The personal-data types of the API.
    PiiType {
        /// A street address, more than a lone city or country.
        Address = "ADDRESS",
        /// An age.
        Age = "AGE",
        /// An AWS access key id.
        AwsAccessKey = "AWS_ACCESS_KEY",
        /// An AWS secret access key.
        AwsSecretKey = "AWS_SECRET_KEY",
        /// A Canadian health service number.
        CaHealthNumber = "CA_HEALTH_NUMBER",
        /// A Canadian social insurance number.
        CaSocialInsuranceNumber = "CA_SOCIAL_INSURANCE_NUMBER",
        /// A card verification code.
        CreditDebitCardCvv = "CREDIT_DEBIT_CARD_CVV",
        /// A card's expiry date.
        CreditDebitCardExpiry = "CREDIT_DEBIT_CARD_EXPIRY",
        /// A card number.
        CreditDebitCardNumber = "CREDIT_DEBIT_CARD_NUMBER",
        /// A driving licence number.
        DriverId = "DRIVER_ID",
        /// An e-mail address.
        Email = "EMAIL",
        /// An IBAN.
        InternationalBankAccountNumber = "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        /// An IPv4 or IPv6 address.
        IpAddress = "IP_ADDRESS",
        /// A vehicle's licence plate.
        LicensePlate = "LICENSE_PLATE",
        /// A network interface's address.
        MacAddress = "MAC_ADDRESS",
        /// A person's name; no titles, organisations or street names.
        Name = "NAME",
        /// A password.
        Password = "PASSWORD",
        /// A telephone number.
        Phone = "PHONE",
        /// A personal identification number.
        Pin = "PIN",
        /// A bank's SWIFT/BIC code.
        SwiftCode = "SWIFT_CODE",
        /// A UK NHS number.
        UkNationalHealthServiceNumber = "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        /// A UK national insurance number.
        UkNationalInsuranceNumber = "UK_NATIONAL_INSURANCE_NUMBER",
        /// A UK unique taxpayer reference.
        UkUniqueTaxpayerReferenceNumber = "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        /// A web address.
        Url = "URL",
        /// A user name.
        Username = "USERNAME",
        /// A US bank account number.
        UsBankAccountNumber = "US_BANK_ACCOUNT_NUMBER",
        /// A US bank routing number.
        UsBankRoutingNumber = "US_BANK_ROUTING_NUMBER",
        /// A US ITIN.
        UsIndividualTaxIdentificationNumber = "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        /// A US passport number.
        UsPassportNumber = "US_PASSPORT_NUMBER",
        /// A US social security number.
        UsSocialSecurityNumber = "US_SOCIAL_SECURITY_NUMBER",
        /// A vehicle identification number.
        VehicleIdentificationNumber = "VEHICLE_IDENTIFICATION_NUMBER",
    }
}

wire_enum! {
    /// The content filters of the API.
    ContentFilterType {
        /// Sexual content.
        Sexual = "SEXUAL",
        /// Violence, threats and self-harm.
        Violence = "VIOLENCE",
        /// Hate against groups.
        Hate = "HATE",
        /// Insults against persons.
        Insults = "INSULTS",
        /// Crime and other misconduct.
        Misconduct = "MISCONDUCT",
        /// Attempts to override the model's instructions; prompts only.
        PromptAttack = "PROMPT_ATTACK",
    }
}

wire_enum! {
    /// How readily a content filter acts.
    Strength {
        /// Never.
        None = "NONE",
        /// On HIGH confidence.
        Low = "LOW",
        /// On MEDIUM confidence or more.
        Medium = "MEDIUM",
        /// On LOW confidence or more.
        High = "HIGH",
    }
}

wire_enum! {
    /// What a content filter reads.
    Modality {
        /// Text.
        Text = "TEXT",
        /// Images.
        Image = "IMAGE",
    }
}

wire_enum! {
    /// The quality tier asked for. Kept as data: this build has one set of detectors.
    TierName {
        /// The default.
        Classic = "CLASSIC",
        /// More languages, longer definitions; needs a cross-region profile.
        Standard = "STANDARD",
    }
}

wire_enum! {
    /// What a detected topic, filter or word leads to.
    BlockAction {
        /// The prepared message is returned.
        Block = "BLOCK",
        /// Detect only.
        None = "NONE",
    }
}

wire_enum! {
    /// What detected personal data leads to.
    SensitiveAction {
        /// The prepared message is returned.
        Block = "BLOCK",
        /// The span is replaced by a placeholder.
        Anonymize = "ANONYMIZE",
        /// Detect only.
        None = "NONE",
    }
}

wire_enum! {
    /// The contextual grounding filters of the API.
    GroundingFilterType {
        /// Every claim is supported by the source.
        Grounding = "GROUNDING",
        /// The answer answers the query.
        Relevance = "RELEVANCE",
    }
}

wire_enum! {
    /// The managed word lists of the API.
    ManagedWordList {
        /// Profanity.
        Profanity = "PROFANITY",
    }
}

/// What each direction does, where it was said. `None` means that the member was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "Action: Serialize",
    deserialize = "Action: Deserialize<'de>"
))]
pub struct Directions<Action> {
    /// For prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_action: Option<Action>,
    /// For answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_action: Option<Action>,
    /// Whether prompts are evaluated at all; yes if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_enabled: Option<bool>,
    /// Whether answers are evaluated at all; yes if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_enabled: Option<bool>,
}

impl<Action> Default for Directions<Action> {
    fn default() -> Self {
        Self {
            input_action: None,
            output_action: None,
            input_enabled: None,
            output_enabled: None,
        }
    }
}

impl<Action: Copy> Directions<Action> {
    /// The action for `source`, or `fallback` where none was sent.
    pub fn action(&self, source: Source, fallback: Action) -> Action {
        self.explicit_action(source).unwrap_or(fallback)
    }

    /// The action that was sent for `source`.
    pub fn explicit_action(&self, source: Source) -> Option<Action> {
        match source {
            Source::Input => self.input_action,
            Source::Output => self.output_action,
        }
    }

    /// Whether `source` is evaluated.
    pub fn enabled(&self, source: Source) -> bool {
        match source {
            Source::Input => self.input_enabled,
            Source::Output => self.output_enabled,
        }
        .unwrap_or(true)
    }
}

/// A denied topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicConfig {
    /// 1–100 characters.
    pub name: String,
    /// 1–200 characters (1,000 in the STANDARD tier): what the topic is.
    pub definition: String,
    /// Up to 5 prompts of the topic, 1–100 characters each. `None` if the member was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examples: Option<Vec<String>>,
    /// Default: block.
    #[serde(default)]
    pub directions: Directions<BlockAction>,
}

/// Denied topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicPolicyConfig {
    /// 1–30.
    pub topics: Vec<TopicConfig>,
    /// Default CLASSIC; the API always returns it.
    #[serde(default = "classic")]
    pub tier: TierName,
}

/// A content filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentFilterConfig {
    /// Which.
    pub filter: ContentFilterType,
    /// For prompts.
    pub input_strength: Strength,
    /// For answers; NONE for PROMPT_ATTACK.
    pub output_strength: Strength,
    /// Default TEXT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_modalities: Option<Vec<Modality>>,
    /// Default TEXT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_modalities: Option<Vec<Modality>>,
    /// Default: block.
    #[serde(default)]
    pub directions: Directions<BlockAction>,
}

/// Content filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentPolicyConfig {
    /// 1–6, one per type.
    pub filters: Vec<ContentFilterConfig>,
    /// Default CLASSIC; the API always returns it.
    #[serde(default = "classic")]
    pub tier: TierName,
}

/// A custom word or phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordConfig {
    /// 1–100 characters, up to 3 words.
    pub text: String,
    /// Default: block.
    #[serde(default)]
    pub directions: Directions<BlockAction>,
}

/// A managed word list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedWordsConfig {
    /// Which.
    pub list: ManagedWordList,
    /// Default: block.
    #[serde(default)]
    pub directions: Directions<BlockAction>,
}

/// Word filters. `None` lists were not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordPolicyConfig {
    /// 1–10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<WordConfig>>,
    /// At most one of each list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_lists: Option<Vec<ManagedWordsConfig>>,
}

/// A personal-data type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PiiEntityConfig {
    /// Which.
    pub entity: PiiType,
    /// For the directions that name no action of their own.
    pub action: SensitiveAction,
    /// Per direction.
    #[serde(default)]
    pub directions: Directions<SensitiveAction>,
}

/// A custom regular expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegexConfig {
    /// 1–100 characters; the placeholder is `{name}`.
    pub name: String,
    /// 1–1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 1–500 characters, in the syntax of the `regex` crate: no look-around, no back-references.
    pub pattern: String,
    /// For the directions that name no action of their own.
    pub action: SensitiveAction,
    /// Per direction.
    #[serde(default)]
    pub directions: Directions<SensitiveAction>,
}

/// Sensitive information. `None` lists were not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SensitivePolicyConfig {
    /// One per type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<Vec<PiiEntityConfig>>,
    /// 1–30, names distinct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regexes: Option<Vec<RegexConfig>>,
}

/// A grounding filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroundingFilterConfig {
    /// Which.
    pub filter: GroundingFilterType,
    /// 0–0.99; a lower score is detected.
    pub threshold: f64,
    /// Default: block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<BlockAction>,
    /// Default: yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// Contextual grounding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroundingPolicyConfig {
    /// 1–2, one per type.
    pub filters: Vec<GroundingFilterConfig>,
    /// `None` if the member was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierName>,
}

/// Automated reasoning. Kept as data: no build evaluates it yet, so it is "not evaluated".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReasoningPolicyConfig {
    /// ARNs of policies, 1–2.
    pub policies: Vec<String>,
    /// 0–1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_threshold: Option<f64>,
}

/// What happens when a policy cannot be evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The content is blocked.
    #[default]
    Closed,
    /// The content passes, and the response, the metrics and the audit say so.
    Open,
}

/// `on_failure` per policy. An extension of ours, in the `pretil` member of a guardrail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FailureModes {
    /// Denied topics.
    pub topic: OnFailure,
    /// Content filters.
    pub content: OnFailure,
    /// Word filters.
    pub word: OnFailure,
    /// Personal data and regular expressions.
    pub sensitive: OnFailure,
    /// Contextual grounding.
    pub grounding: OnFailure,
    /// Automated reasoning.
    pub reasoning: OnFailure,
}

/// The whole of what a user may write about one guardrail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// 1–50 characters of `[0-9a-zA-Z-_]`.
    pub name: String,
    /// 1–200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 1–500 characters: returned instead of a blocked prompt.
    pub blocked_input_messaging: String,
    /// 1–500 characters: returned instead of a blocked answer.
    pub blocked_outputs_messaging: String,
    /// Denied topics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicPolicyConfig>,
    /// Content filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentPolicyConfig>,
    /// Word filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<WordPolicyConfig>,
    /// Sensitive information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<SensitivePolicyConfig>,
    /// Contextual grounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounding: Option<GroundingPolicyConfig>,
    /// Automated reasoning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<ReasoningPolicyConfig>,
    /// Guardrail profile id or ARN, kept as data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_region_profile: Option<String>,
    /// KMS key id, ARN or alias, kept as data: nothing here encrypts with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// What happens when a policy cannot be evaluated.
    #[serde(default)]
    pub on_failure: FailureModes,
}

/// The default tier.
fn classic() -> TierName {
    TierName::Classic
}
