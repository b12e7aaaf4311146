//! Card verification codes (CVV, CVC, CID).
//!
//! Three or four digits after a word that names the code. On their own they are just a number.

use super::{Cue, Entity, Examples, any, near};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    cues: &[Cue {
        words: &[
            "cvv",
            "cvv2",
            "cvc",
            "cvc2",
            "cvn",
            "csc",
            "security code",
            "card security code",
            "verification code on the back",
            "card verification",
            "card verification value",
            "card verification code",
            "código de seguridad",
            "codigo de seguridad",
            "cryptogramme",
            "code de sécurité",
            "kartenprüfnummer",
            "prüfnummer",
            "sicherheitscode",
            "codice di sicurezza",
            "código de segurança",
            "codigo de segurança",
        ],
        pattern: near!(r"(\d{3,4})(?:[^\w%]|$)"),
        score: 0.85,
        check: any,
    }],
    examples: Examples {
        positive: &[
            "CVV: ⟦123⟧",
            "cvv is ⟦4321⟧.",
            "4111 1111 1111 1111, exp 12/27, cvc ⟦999⟧",
            "CVV2=⟦001⟧",
            "security code ⟦737⟧",
            "código de seguridad: ⟦456⟧",
            "cryptogramme ⟦321⟧",
            "Prüfnummer ⟦888⟧",
            "codice di sicurezza è ⟦222⟧",
            "código de segurança ⟦654⟧",
            "\"cvv\": \"⟦159⟧\"",
        ],
        negative: &[
            "123",
            "CVV code is required",
            "cvv 12",
            "cvv 12345",
            "There are 300 people",
            "security code of conduct",
            "The cvv is on the back",
            "route 737",
            "CVC Capital paid 20000",
            "cvv 50% off",
        ],
    },
    ..Entity::new(PiiType::CreditDebitCardCvv)
};
