//! Sensitive information: personal data and custom regular expressions.
//!
//! # What it judges
//!
//! The 31 personal-data types of the API, and the regular expressions that the guardrail's owner
//! wrote. Both directions.
//!
//! # How it decides
//!
//! `detect` scans the text and its views once for all types (`scan`): triggers first, then the
//! forms, checksums and context words of `entity`. A tagger reads them for the types that meaning
//! gives away more than form (`tagged`). Each reading has a confidence; one threshold holds for all
//! types. Where readings overlap, one stands (`overlap`). Regexes run under limits
//! (`custom`). `decide` turns what was found into one entry per distinct match, by the action that
//! the configuration gives for the direction.
//!
//! # What it cannot see
//!
//! Numbers without a checksum are found mostly where a word near them says what they are; each file of
//! `entity` says what its type's forms miss. Without a tagger, or in a language that it was not measured
//! in, patterns find names and addresses only where a phrase or a form gives them away ("my name is …",
//! "12 High Street"): the two types are then not evaluated, and it is said.
//!
//! # Example
//!
//! With EMAIL set to ANONYMIZE, "Write to jane@example.com" gives one EMAIL entry whose match is
//! `jane@example.com`, and the text leaves as "Write to {EMAIL}".

mod config;
mod custom;
mod dashes;
mod decide;
mod detect;
mod entity;
mod overlap;
mod reach;
mod scan;
mod tagged;
#[cfg(test)]
mod tests;

pub use decide::SensitiveEntries;
pub use detect::{EntityFinding, find};
pub use entity::{Examples, THRESHOLD, examples};
pub(crate) use reach::Unbounded;
pub use scan::ScannerError;

use crate::{
    config::{ConfigError, PiiEntityConfig, PiiType, SensitivePolicyConfig},
    content::Text,
    detect::Detectors,
    verdict::Location,
};
use custom::CustomRegex;
use scan::Scanner;

/// What a finding is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A personal-data type.
    Entity(PiiType),
    /// The regex at this index of the configuration.
    Regex(usize),
}

/// A value in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitiveFinding {
    /// What it is of.
    pub subject: Subject,
    /// Where it stands.
    pub location: Location,
    /// The text there, as sent.
    pub matched: Text,
    /// Confidence, 0 to 1. Regexes have none.
    pub score: Option<f32>,
}

/// A sensitive-information policy, compiled.
#[derive(Debug)]
pub struct SensitivePolicy {
    entities: Vec<PiiEntityConfig>,
    regexes: Vec<CustomRegex>,
    scanner: &'static Scanner,
}

impl SensitivePolicy {
    /// Checks and compiles `config`. `detectors` lends the clock for the trial of the regexes.
    ///
    /// # Errors
    ///
    /// All that is wrong with `config`: a type or name twice, a regex that does not parse, is too
    /// large or too slow.
    pub fn compile(
        config: &SensitivePolicyConfig,
        detectors: &Detectors,
    ) -> Result<Self, Vec<ConfigError>> {
        let mut errors = config::check(config);
        let mut regexes = Vec::new();
        for (index, regex) in config.regexes.iter().flatten().enumerate() {
            match CustomRegex::compile(regex, detectors.clock.as_ref()) {
                Ok(compiled) => regexes.push(compiled),
                Err(constraint) => {
                    let path = ConfigError::element(config::REGEXES, index, "pattern");
                    errors.push(ConfigError::new(path, constraint));
                }
            }
        }
        match Scanner::shared() {
            Ok(scanner) if errors.is_empty() => Ok(Self {
                entities: config.entities.clone().unwrap_or_default(),
                regexes,
                scanner,
            }),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.push(ConfigError::whole(error.to_string()));
                Err(errors)
            }
        }
    }
}
