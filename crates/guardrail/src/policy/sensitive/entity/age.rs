//! Ages.
//!
//! The quantity with its unit, as AWS reports it ("40 years" of "40 years old"), or the number after
//! a word for age or after "I am". 0 to 125.
//!
//! It cannot see ages in words ("forty"), nor tell the age of a person from that of a house.

use super::{Cue, Entity, Examples, Probe, Probed, near};
use crate::config::PiiType;
use std::ops::Range;

pub(super) static ENTITY: Entity = Entity {
    cues: &[
        Cue {
            words: &[
                "age",
                "aged",
                "edad",
                "âge",
                "âgé de",
                "âgée de",
                "età",
                "idade",
                "alter",
                "ages",
            ],
            pattern: near!(r"(\d{1,3})(?:[^\w%.,:/-]|[.,:](?:\s|$)|$)"),
            score: 0.8,
            check: is_age,
        },
        Cue {
            words: &[
                "i am", "i'm", "i’m", "he is", "he's", "she is", "she's", "turned", "turning", "im",
            ],
            pattern: r"\s+(?:only |just |now |about |almost |nearly )?(\d{1,3})(?:\s*(?:[.,;!?](?:\s|$)|$)|\s+(?:and|but|now|with|from)\b)",
            score: 0.65,
            check: is_age,
        },
    ],
    probes: &[Probe {
        literals: &[
            "years old",
            "year old",
            "years-old",
            "year-old",
            "yrs old",
            "yr old",
            "yr-old",
            "years of age",
            "months old",
            "month-old",
            "weeks old",
            "year-olds",
            "y/o",
            "yo",
            "años",
            "ans",
            "jahre alt",
            "jahre",
            "jährige",
            "jähriger",
            "anni",
            "anos",
        ],
        whole_words: true,
        patterns: &[r"(?:^|[^\w$€£.,])(\d{1,3})[ -]?$"],
        find: before_unit,
    }],
    examples: Examples {
        positive: &[
            "I am ⟦40 years⟧ old.",
            "a ⟦34-year⟧-old man",
            "Age: ⟦27⟧",
            "She is ⟦7 months⟧ old",
            "aged ⟦65⟧",
            "I'm ⟦29⟧.",
            "Tengo ⟦42 años⟧",
            "J'ai ⟦35 ans⟧",
            "Er ist ⟦50 Jahre⟧ alt",
            "Ho ⟦33 anni⟧",
            "Tenho ⟦28 anos⟧",
            "⟦16 years⟧ of age",
            "edad: ⟦51⟧",
            "he turned ⟦90⟧ and smiled",
            "\"age\": ⟦61⟧",
        ],
        negative: &[
            "40 years",
            "I am 40 miles away",
            "page 27",
            "age of empires",
            "a 300-year-old house",
            "It costs 34 dollars",
            "aged cheese",
            "I'm 100% sure",
            "version 3.27 years old",
            "the 1990 census",
            "I am 5th in line",
            "average 12",
        ],
    },
    ..Entity::new(PiiType::Age)
};

fn is_age(text: &str) -> bool {
    text.parse::<u8>().is_ok_and(|age| age <= 125)
}

/// A number right before a unit.
fn before_unit(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let text = probed.text;
    let from = text.floor_char_boundary(probed.at.start.saturating_sub(8));
    let before = &text[from..probed.at.start];
    let captures = probed
        .patterns
        .first()
        .and_then(|pattern| pattern.captures(before));
    let Some(number) = captures.and_then(|captures| captures.get(1)) else {
        return;
    };
    let unit = &text[probed.at.clone()];
    let unit_length = unit.find([' ', '-']).unwrap_or(unit.len());
    if is_age(number.as_str()) {
        found.push((from + number.start()..probed.at.start + unit_length, 0.8));
    }
}
