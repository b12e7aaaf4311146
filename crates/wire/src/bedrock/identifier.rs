//! Guardrail identifiers, ARNs and versions.

use super::pattern;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// `arn:{partition}:bedrock:{region}:{account}:guardrail/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuardrailArn {
    /// `aws`, `aws-us-gov`, `aws-cn` …
    pub partition: String,
    /// `us-east-1` …
    pub region: String,
    /// Twelve digits.
    pub account: String,
    /// The guardrail's id.
    pub id: String,
}

/// The text names no guardrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a guardrail's id, ARN or version")]
pub struct IdentifierError;

impl FromStr for GuardrailArn {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        if !pattern::GUARDRAIL_IDENTIFIER.matches(text) {
            return Err(IdentifierError);
        }
        let mut parts = text.split(':').map(str::to_owned);
        let mut next = || parts.next().ok_or(IdentifierError);
        let (_arn, partition, _service) = (next()?, next()?, next()?);
        let (region, account, resource) = (next()?, next()?, next()?);
        let id = resource
            .strip_prefix("guardrail/")
            .ok_or(IdentifierError)?
            .to_owned();
        Ok(Self {
            partition,
            region,
            account,
            id,
        })
    }
}

impl fmt::Display for GuardrailArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "arn:{}:bedrock:{}:{}:guardrail/{}",
            self.partition, self.region, self.account, self.id
        )
    }
}

/// How a request names a guardrail: by id or by ARN.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GuardrailReference {
    /// By id.
    Id(String),
    /// By ARN. Whether region and account are the service's own is for the service to check.
    Arn(GuardrailArn),
}

impl GuardrailReference {
    /// The guardrail's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Arn(arn) => &arn.id,
        }
    }

    /// The ARN, if that is how the guardrail was named.
    pub fn arn(&self) -> Option<&GuardrailArn> {
        match self {
            Self::Id(_) => None,
            Self::Arn(arn) => Some(arn),
        }
    }
}

impl FromStr for GuardrailReference {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        if text.starts_with("arn:") {
            return text.parse().map(Self::Arn);
        }
        if pattern::GUARDRAIL_IDENTIFIER.matches(text) {
            return Ok(Self::Id(text.to_owned()));
        }
        Err(IdentifierError)
    }
}

impl fmt::Display for GuardrailReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => formatter.write_str(id),
            Self::Arn(arn) => arn.fmt(formatter),
        }
    }
}

/// A version of a guardrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuardrailVersion {
    /// The working draft.
    Draft,
    /// A numbered version, 1 to 99,999,999.
    Number(u32),
}

impl FromStr for GuardrailVersion {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        if text == "DRAFT" {
            return Ok(Self::Draft);
        }
        if !pattern::NUMERICAL_VERSION.matches(text) {
            return Err(IdentifierError);
        }
        text.parse().map(Self::Number).map_err(|_| IdentifierError)
    }
}

impl fmt::Display for GuardrailVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => formatter.write_str("DRAFT"),
            Self::Number(number) => number.fmt(formatter),
        }
    }
}

macro_rules! as_text {
    ($($name:ident)+) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        })+
    };
}

as_text!(GuardrailArn GuardrailReference GuardrailVersion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_written_back() {
        for text in [
            "abc123abc123",
            "a",
            "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123abc123",
            "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:guardrail/x",
        ] {
            let reference: GuardrailReference = text.parse().unwrap();
            assert_eq!(reference.to_string(), text);
        }
    }

    #[test]
    fn what_names_no_guardrail_is_refused() {
        for text in [
            "",
            "None",
            "abc/def",
            "arn:aws:bedrock:us-east-1:12345:guardrail/abc",
            "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc:1",
            "arn:aws:s3:us-east-1:123456789012:guardrail/abc",
            "arn",
        ] {
            let expected = if text == "arn" {
                // Three lower-case letters are an id like any other.
                Ok(GuardrailReference::Id(text.to_owned()))
            } else {
                Err(IdentifierError)
            };
            assert_eq!(text.parse::<GuardrailReference>(), expected, "{text}");
        }
    }

    #[test]
    fn versions() {
        assert_eq!("DRAFT".parse(), Ok(GuardrailVersion::Draft));
        assert_eq!("99999999".parse(), Ok(GuardrailVersion::Number(99_999_999)));
        for text in ["", "0", "01", "draft", "+1", "100000000", "1 ", "-1"] {
            assert_eq!(
                text.parse::<GuardrailVersion>(),
                Err(IdentifierError),
                "{text}"
            );
        }
    }
}
