//! Personal identification numbers.
//!
//! Four to eight digits after a word that names them. "PIN code" before six digits is an Indian
//! postal code and is not reported.

use super::{Cue, Entity, Examples, any, near};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    cues: &[
        Cue {
            words: &[
                "pin",
                "pin number",
                "pin no",
                "atm pin",
                "sim pin",
                "personal identification number",
                "número pin",
                "clave pin",
                "pin-nummer",
                "geheimzahl",
                "numéro pin",
                "nip",
                "codice pin",
            ],
            pattern: r#"["'*_`)]{0,2}\s{0,2}(?:(?:is|es|est|ist|è|é)\b\s?)?[:=#-]?\s{0,2}["'`*_(]{0,2}(\d{4,8})(?:[^\w-]|$)"#,
            score: 0.8,
            check: any,
        },
        Cue {
            words: &[
                "pin code",
                "pincode",
                "code pin",
                "código pin",
                "codigo pin",
                "passcode",
                "access code",
                "unlock code",
            ],
            pattern: near!(r"(\d{4})(?:[^\w-]|$)"),
            score: 0.75,
            check: any,
        },
    ],
    examples: Examples {
        positive: &[
            "My PIN is ⟦1234⟧.",
            "pin: ⟦0000⟧",
            "ATM PIN ⟦4821⟧",
            "pin code ⟦7788⟧",
            "PIN number: ⟦123456⟧",
            "código PIN: ⟦9081⟧",
            "code PIN ⟦3344⟧",
            "Geheimzahl ⟦5566⟧",
            "codice PIN è ⟦2211⟧",
            "passcode is ⟦1357⟧",
            "\"pin\": \"⟦8642⟧\"",
        ],
        negative: &[
            "1234",
            "pin 12",
            "spinning 1234",
            "pin code 560001",
            "pin it to the board",
            "PIN 123456789",
            "pins 1234",
            "enter your PIN",
            "pin-1234-abc",
            "GPIO pin 17",
        ],
    },
    ..Entity::new(PiiType::Pin)
};
