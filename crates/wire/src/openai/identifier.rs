//! Short names that a model server gives: ids, finish reasons, fingerprints.

use serde::{Deserialize, Deserializer, Serialize};

/// A name too plain to say anything: ASCII letters, digits and `-_.:/`, at most 128 of them. What a
/// server gives as an id and is none is `None`, and does not reach anyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Identifier(String);

impl Identifier {
    /// `text`, if it is one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
        let valid = (1..=128).contains(&text.len()) && text.bytes().all(plain);
        valid.then_some(Self(text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A member that should be an identifier: anything else is nothing.
pub(super) fn lenient<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Identifier>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.and_then(Identifier::new))
}

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(text).ok_or_else(|| serde::de::Error::custom("not an identifier"))
    }
}

#[cfg(test)]
mod tests {
    use super::Identifier;

    #[test]
    fn names_and_texts() {
        for name in ["chatcmpl-9A_b", "fp_44709d6fcb", "tool_calls", "a/b:c.d"] {
            assert_eq!(Identifier::new(name).unwrap().as_str(), name);
        }
        for text in ["", "two words", "jane@example.com", &"x".repeat(129), "é"] {
            assert_eq!(Identifier::new(text), None, "{text}");
        }
    }
}
