//! Card expiry dates.
//!
//! Month and year, `MM/YY` or `MM/YYYY`, the year 2020–2049, near a word that says what it is or
//! near a card; or a month's name and a year right after such a word.

use super::{Cue, Entity, Examples, Shape, any, near};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "exp",
        "exp.",
        "exp date",
        "expiry",
        "expiry date",
        "expires",
        "expiration",
        "expiration date",
        "expiring",
        "valid thru",
        "valid until",
        "valid through",
        "good thru",
        "caduca",
        "caducidad",
        "vencimiento",
        "válida hasta",
        "date d'expiration",
        "expire",
        "valable jusqu'au",
        "gültig bis",
        "ablaufdatum",
        "scadenza",
        "validade",
        "vence",
        "card",
        "visa",
        "mastercard",
        "amex",
        "cvv",
        "cvc",
        "tarjeta",
        "carte",
        "kreditkarte",
        "carta",
        "cartão",
    ],
    shapes: &[Shape::new(
        r"(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4]\d",
        0.2,
        0.85,
    )],
    cues: &[Cue {
        words: &[
            "exp",
            "expiry",
            "expiry date",
            "expires",
            "expiration date",
            "valid until",
            "valid thru",
        ],
        pattern: near!(
            r"((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? 20[2-4]\d|20[2-4]\d-(?:0[1-9]|1[0-2]))(?:[^\w-]|$)"
        ),
        score: 0.7,
        check: any,
    }],
    examples: Examples {
        positive: &[
            "exp ⟦12/27⟧",
            "expiry date: ⟦09/2026⟧",
            "Visa 4111 1111 1111 1111 ⟦01/30⟧",
            "valid thru ⟦08-29⟧",
            "card expires ⟦11/28⟧.",
            "caducidad ⟦05/26⟧",
            "date d'expiration : ⟦03/27⟧",
            "gültig bis ⟦10/2028⟧",
            "scadenza ⟦06/31⟧",
            "validade ⟦07/2027⟧",
            "expiry: ⟦December 2027⟧",
            "exp ⟦04 / 28⟧",
        ],
        negative: &[
            "12/27",
            "exp 13/27",
            "exp 00/27",
            "expires 12/27/2025",
            "expires 2025-12-27",
            "expires in 12 months",
            "1/2 cup of milk",
            "due 05/26 for the rest of us, who came to town with the first train in the morning, when nobody had asked about any card",
            "24/7 support",
            "exp 12/1999",
        ],
    },
    ..Entity::new(PiiType::CreditDebitCardExpiry)
};
