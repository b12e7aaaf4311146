//! The personal-data types: one file per type, all of one shape.
//!
//! A file holds an [`Entity`]: what the type looks like and what must hold of it, which words near
//! it raise or lower confidence, and examples that are documentation and tests at once.
//!
//! # Confidence
//!
//! Every reading has a confidence from 0 to 1, and one threshold ([`THRESHOLD`]) holds for all
//! types. The bands mean:
//!
//! | confidence | evidence |
//! |---|---|
//! | 0.90–1.00 | a checksum or a grammar that hardly anything else fits |
//! | 0.70–0.89 | a distinctive form, or a plain form right beside a word that names the type |
//! | 0.50–0.69 | a plain form with weak support, or a phrase that introduces the value |
//! | below 0.50 | the form alone; not reported |
//!
//! The confidence of a form lies between [`Shape::alone`] and [`Shape::beside`], by the distance
//! to the nearest context word (see `scan`).

mod address;
mod age;
mod aws_access_key;
mod aws_secret_key;
mod bank_account_international;
mod bank_account_number;
mod canadian_health_number;
mod canadian_social_insurance_number;
mod card_expiry;
mod card_number;
mod card_security_code;
mod driver_id;
mod email;
#[cfg(test)]
mod examples_test;
mod individual_taxpayer_number;
mod ip_address;
mod license_plate;
mod mac_address;
mod name;
mod national_insurance_number;
mod nhs_number;
mod passport_number;
mod password;
mod phone;
mod pin;
mod routing_number;
mod social_security_number;
mod swift_code;
mod taxpayer_reference;
mod url;
mod username;
mod vehicle_identification_number;

pub(super) use email::joins_prose;

use crate::config::PiiType;
use regex::Regex;
use std::ops::Range;

/// A cue's pattern: the value, after an optional "number", "is", ":" or the like.
macro_rules! near {
    ($value:literal) => {
        concat!(
            r#"["'”*_`)]{0,2}\s{0,3}(?:(?:number|num|no|nr|code|n[º°]|#)\b?\.?\s{0,2})?(?:(?:is|was|es|est|ist|lautet|è|é)\b\s?)?[:=#-]?\s{0,3}["'`*_(]{0,2}"#,
            $value
        )
    };
}

/// A cue's pattern: the value, after a required "is", ":" or "=".
macro_rules! linked {
    ($value:literal) => {
        concat!(
            r#"["'”*_`)]{0,2}\s{0,3}(?:(?:is|was|es|est|ist|lautet|è|é)\b\s?:?|[:=])\s{0,3}["'`*_(<]{0,2}"#,
            $value
        )
    };
}
use linked;
use near;

/// Readings below this confidence are not reported.
pub const THRESHOLD: f32 = 0.5;

/// What one type looks like.
pub(super) struct Entity {
    /// Which type.
    pub(super) pii: PiiType,
    /// Words that raise the confidence of a shape near them. Lower case.
    pub(super) context: &'static [&'static str],
    /// Words that rule a shape out when they stand right before it and no context word does.
    pub(super) against: &'static [&'static str],
    /// Forms that start with a token that holds a digit.
    pub(super) shapes: &'static [Shape],
    /// Words that introduce a value.
    pub(super) cues: &'static [Cue],
    /// Literals around which code looks for the type.
    pub(super) probes: &'static [Probe],
    /// What is, and what is not, of this type.
    pub(super) examples: Examples,
}

/// A form that starts with a token that holds a digit.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// A regular expression over ASCII, read from the start of a token and ending with a letter or
    /// digit. The longest match counts.
    pub(super) pattern: &'static str,
    /// Confidence with no context word near.
    pub(super) alone: f32,
    /// Confidence with a context word right beside.
    pub(super) beside: f32,
    /// How many bytes of the match belong to the value.
    pub(super) fit: fn(&str) -> usize,
    /// What else must hold of the value: a checksum, a range.
    pub(super) check: fn(&str) -> bool,
    /// Signs that, with a digit on their other side, make the value a link of a longer chain: a
    /// version, a date, a longer identifier.
    pub(super) joins: &'static str,
}

/// A word that introduces a value: "password: …", "my name is …".
pub(super) struct Cue {
    /// Matched as whole words without regard to ASCII case. Lower case.
    pub(super) words: &'static [&'static str],
    /// Read from the end of the word; group 1 is the value.
    pub(super) pattern: &'static str,
    /// Confidence of the value.
    pub(super) score: f32,
    /// What else must hold of the value.
    pub(super) check: fn(&str) -> bool,
}

/// A literal around which code looks for the type.
pub(super) struct Probe {
    /// Matched without regard to ASCII case. Lower case.
    pub(super) literals: &'static [&'static str],
    /// Whether the literals must be whole words.
    pub(super) whole_words: bool,
    /// Regular expressions for `find`, compiled once.
    pub(super) patterns: &'static [&'static str],
    /// Pushes what it finds.
    pub(super) find: Find,
}

/// Pushes the values around a literal, each with its confidence. A stretch that was read and is
/// nothing may be pushed with confidence 0, so that it is not read again from its middle.
pub(super) type Find = fn(&Probed<'_>, &mut Vec<(Range<usize>, f32)>);

/// What a probe is given.
pub(super) struct Probed<'t> {
    /// The whole text.
    pub(super) text: &'t str,
    /// Where the literal stands.
    pub(super) at: Range<usize>,
    /// The probe's patterns, compiled.
    pub(super) patterns: &'t [Regex],
}

/// What is, and what is not, of a type. Documentation and tests at once.
#[derive(Clone, Copy, Debug)]
pub struct Examples {
    /// Texts with the values in ⟦double brackets⟧.
    pub positive: &'static [&'static str],
    /// Texts in which nothing is of this type.
    pub negative: &'static [&'static str],
}

impl Entity {
    /// An entity of type `pii` with nothing filled in.
    const fn new(pii: PiiType) -> Self {
        Self {
            pii,
            context: &[],
            against: &[],
            shapes: &[],
            cues: &[],
            probes: &[],
            examples: Examples {
                positive: &[],
                negative: &[],
            },
        }
    }
}

impl Shape {
    /// A form with no check.
    const fn new(pattern: &'static str, alone: f32, beside: f32) -> Self {
        Self {
            pattern,
            alone,
            beside,
            fit: str::len,
            check: any,
            joins: "-./:",
        }
    }

    /// The form with a check.
    const fn checked(self, check: fn(&str) -> bool) -> Self {
        Self { check, ..self }
    }

    /// The form, of which only the first `fit` bytes of a match belong to the value.
    const fn fitted(self, fit: fn(&str) -> usize) -> Self {
        Self { fit, ..self }
    }

    /// The form, with other joining signs.
    const fn joined_by(self, joins: &'static str) -> Self {
        Self { joins, ..self }
    }
}

/// The check of a form that needs none.
fn any(_: &str) -> bool {
    true
}

/// The examples of `pii`.
pub fn examples(pii: PiiType) -> Option<Examples> {
    let mut entities = ENTITIES.iter();
    let entity = entities.find(|entity| entity.pii == pii);
    entity.map(|entity| entity.examples)
}

/// Every entity, in the order of [`PiiType::ALL`].
pub(super) static ENTITIES: &[&Entity] = &[
    &address::ENTITY,
    &age::ENTITY,
    &aws_access_key::ENTITY,
    &aws_secret_key::ENTITY,
    &canadian_health_number::ENTITY,
    &canadian_social_insurance_number::ENTITY,
    &card_security_code::ENTITY,
    &card_expiry::ENTITY,
    &card_number::ENTITY,
    &driver_id::ENTITY,
    &email::ENTITY,
    &bank_account_international::ENTITY,
    &ip_address::ENTITY,
    &license_plate::ENTITY,
    &mac_address::ENTITY,
    &name::ENTITY,
    &password::ENTITY,
    &phone::ENTITY,
    &pin::ENTITY,
    &swift_code::ENTITY,
    &nhs_number::ENTITY,
    &national_insurance_number::ENTITY,
    &taxpayer_reference::ENTITY,
    &url::ENTITY,
    &username::ENTITY,
    &bank_account_number::ENTITY,
    &routing_number::ENTITY,
    &individual_taxpayer_number::ENTITY,
    &passport_number::ENTITY,
    &social_security_number::ENTITY,
    &vehicle_identification_number::ENTITY,
];

/// The values of the digits of `text`, all else skipped.
fn digits(text: &str) -> Vec<u8> {
    let bytes = text.bytes().filter(u8::is_ascii_digit);
    bytes.map(|byte| byte - b'0').collect()
}

/// Whether `digits` pass the Luhn check (ISO/IEC 7812-1, annex B).
fn luhn(digits: &[u8]) -> bool {
    let weigh = |(index, &digit): (usize, &u8)| match (index % 2, digit) {
        (0, digit) => u32::from(digit),
        (_, digit) if digit > 4 => u32::from(digit) * 2 - 9,
        (_, digit) => u32::from(digit) * 2,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(weigh).sum();
    sum.is_multiple_of(10)
}

/// Whether all of `digits` are the same.
fn all_same(digits: &[u8]) -> bool {
    digits.windows(2).all(|pair| pair[0] == pair[1])
}

/// The sum of `digits` times `weights`, pairwise.
fn weighted_sum(digits: &[u8], weights: &[u32]) -> u32 {
    let pairs = digits.iter().zip(weights);
    pairs
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum()
}
