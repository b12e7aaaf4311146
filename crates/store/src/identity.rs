//! Who and which: ids that cannot be mistaken for each other.

use std::{fmt, num::NonZeroU32};

/// The text is not an id of the kind that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct IdentityError(&'static str);

macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident, $what:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id, if `text` can be one.
            pub fn new(text: impl Into<String>) -> Result<Self, IdentityError> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(IdentityError($what)) }
            }

            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// An account: twelve digits.
    AccountId, "account id",
    |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

text_id! {
    /// A guardrail's id: `[a-z0-9]`, at most 64; new ones have twelve.
    GuardrailId, "guardrail id", is_short_id
}

text_id! {
    /// The id of an enforced configuration: `[a-z0-9]`, at most 64; new ones have twelve.
    ConfigurationId, "configuration id", is_short_id
}

/// `[a-z0-9]{1,64}`
fn is_short_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

impl GuardrailId {
    /// A new id from the operating system's random numbers.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        random_id().map(Self)
    }
}

impl ConfigurationId {
    /// A new id from the operating system's random numbers.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        random_id().map(Self)
    }
}

/// Twelve characters of `[a-z0-9]`, each equally likely: 62 bits.
fn random_id() -> Result<String, getrandom::Error> {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    /// The greatest multiple of 36 in a byte: bytes from here on would favour some characters.
    const FAIR: u8 = 252;
    let mut id = String::with_capacity(12);
    while id.len() < 12 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        id.extend(
            fair.map(|byte| char::from(ALPHABET[usize::from(byte % 36)]))
                .take(12 - id.len()),
        );
    }
    Ok(id)
}

/// Which state of a guardrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// The working draft.
    Draft,
    /// A snapshot that never changes.
    Number(NonZeroU32),
}

impl Version {
    /// A numbered version; `None` for 0.
    pub fn number(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self::Number)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => formatter.write_str("DRAFT"),
            Self::Number(number) => number.fmt(formatter),
        }
    }
}

/// Microseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn new_ids_have_twelve_characters_and_differ() {
        let ids: HashSet<_> = (0..1000)
            .map(|_| GuardrailId::random().unwrap().to_string())
            .collect();
        assert_eq!(ids.len(), 1000);
        for id in &ids {
            assert_eq!(id.len(), 12);
            assert!(GuardrailId::new(id.as_str()).is_ok(), "{id}");
        }
        let letters: HashSet<_> = ids.iter().flat_map(|id| id.chars()).collect();
        assert_eq!(letters.len(), 36);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "12345678901",
            "1234567890123",
            "12345678901a",
            "１23456789012",
        ] {
            assert!(AccountId::new(text).is_err(), "{text}");
        }
        for text in ["", "ABC", "a-b", "a/b", &"a".repeat(65)] {
            assert!(GuardrailId::new(text).is_err(), "{text}");
        }
    }
}
