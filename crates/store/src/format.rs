//! The format in which a configuration is stored: JSON under a number.
//!
//! A new release reads every older format. `tests/formats/v1.json` is a committed example of each.

use crate::error::StoreError;
use pretil_guardrail::Config;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The format that is written.
const CURRENT: u32 = 1;

/// A configuration as it is written.
#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    config: &'a Config,
}

/// The number alone, before it is known how to read the rest.
#[derive(Deserialize)]
struct Number {
    format: u32,
}

/// Format 1.
#[derive(Deserialize)]
struct First {
    config: Config,
}

/// A configuration as stored.
pub(crate) struct Encoded {
    /// JSON.
    pub(crate) text: String,
    /// SHA-256 of the text.
    pub(crate) checksum: Vec<u8>,
}

/// Writes a configuration.
pub(crate) fn encode(config: &Config) -> Result<Encoded, StoreError> {
    let written = Written {
        format: CURRENT,
        config,
    };
    let text = serde_json::to_string(&written)
        .map_err(|_| StoreError::Corrupt("a configuration can not be written".to_owned()))?;
    let checksum = checksum(&text);
    Ok(Encoded { text, checksum })
}

/// Reads a configuration in any format. A text that is not what was written is refused: a damaged
/// policy must never be taken for a policy.
pub(crate) fn decode(text: &str, stored_checksum: &[u8]) -> Result<Config, StoreError> {
    if checksum(text) != stored_checksum {
        return Err(StoreError::Corrupt("the checksum differs".to_owned()));
    }
    let unreadable = |error: serde_json::Error| {
        // Line and column, never the text.
        let (line, column) = (error.line(), error.column());
        StoreError::Corrupt(format!("unreadable at line {line} column {column}"))
    };
    let Number { format } = serde_json::from_str(text).map_err(unreadable)?;
    match format {
        1 => {
            let First { config } = serde_json::from_str(text).map_err(unreadable)?;
            Ok(config)
        }
        newer => Err(StoreError::Corrupt(format!(
            "format {newer} is of a newer release"
        ))),
    }
}

fn checksum(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A configuration with every member, as format 1 wrote it. Never to be edited.
    const FIRST: &str = include_str!("../tests/formats/v1.json");

    #[test]
    fn format_1_still_loads() {
        let config = decode(FIRST, &checksum(FIRST)).unwrap();
        assert_eq!(config.name, "everything");
        let topic = &config.topic.as_ref().unwrap().topics[0];
        assert_eq!(topic.examples.as_ref().unwrap().len(), 1);
        assert_eq!(config.content.as_ref().unwrap().filters.len(), 1);
        assert_eq!(
            config.word.as_ref().unwrap().words.as_ref().unwrap().len(),
            1
        );
        let sensitive = config.sensitive.as_ref().unwrap();
        assert_eq!(sensitive.entities.as_ref().unwrap().len(), 1);
        assert_eq!(sensitive.regexes.as_ref().unwrap().len(), 1);
        assert_eq!(config.grounding.as_ref().unwrap().filters.len(), 1);
        assert_eq!(config.reasoning.as_ref().unwrap().policies.len(), 1);
        let encoded = encode(&config).unwrap();
        assert_eq!(decode(&encoded.text, &encoded.checksum).unwrap(), config);
    }

    #[test]
    fn a_changed_text_is_refused() {
        let flipped = FIRST.replacen("BLOCK", "NONE", 1);
        assert_ne!(flipped, FIRST);
        let refused = decode(&flipped, &checksum(FIRST));
        assert!(matches!(refused, Err(StoreError::Corrupt(_))));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let newer = r#"{"format":2,"config":{}}"#;
        let message = decode(newer, &checksum(newer)).unwrap_err().to_string();
        assert!(message.contains("format 2"), "{message}");
    }

    #[test]
    fn the_message_shows_nothing_of_the_text() {
        let broken = r#"{"format":1,"config":{"name":["secret"]}}"#;
        let message = decode(broken, &checksum(broken)).unwrap_err().to_string();
        assert!(!message.contains("secret"), "{message}");
    }
}
