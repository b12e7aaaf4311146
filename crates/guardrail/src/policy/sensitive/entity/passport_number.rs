//! US passport numbers.
//!
//! Nine digits, or one letter and eight digits since the next-generation book of 2021 (US
//! Department of State; ICAO Doc 9303 allows nine characters).
//!
//! There is no check digit outside the machine-readable zone, so that it is reported only near a
//! word for a passport. Passports of other states have like numbers and are reported too.

use super::{Entity, Examples, Shape, all_same, digits};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "passport",
        "passport number",
        "passport no",
        "passport #",
        "passports",
        "pasaporte",
        "número de pasaporte",
        "passeport",
        "numéro de passeport",
        "reisepass",
        "reisepassnummer",
        "passnummer",
        "passaporto",
        "passaporte",
        "travel document",
    ],
    against: &["order", "invoice", "tracking", "phone", "ticket"],
    shapes: &[
        Shape::new(r"[A-Za-z]\d{8}", 0.3, 0.85).checked(is_plausible),
        Shape::new(r"\d{9}", 0.15, 0.8).checked(is_plausible),
    ],
    examples: Examples {
        positive: &[
            "Passport number: ⟦123456780⟧",
            "my passport is ⟦A12345678⟧",
            "US passport ⟦E00007734⟧ expires in 2030",
            "pasaporte ⟦340020013⟧",
            "passeport n° ⟦X12345678⟧",
            "Passport No. ⟦487654321⟧",
            "Reisepass ⟦C01234567⟧",
            "passaporto ⟦912803456⟧",
            "passaporte: ⟦B98765432⟧",
            "travel document ⟦a00112233⟧",
        ],
        negative: &[
            "123456780",
            "A12345678",
            "passport renewal takes 6 weeks",
            "passport number 1234567",
            "passport number 1234567890",
            "passport AB1234567",
            "passport 000000000",
            "order 123456780 of passport holders' bags and other leather goods that were shipped on a Monday, as was said",
            "passport since 2021-05-06",
            "passport fee 130.00",
        ],
    },
    ..Entity::new(PiiType::UsPassportNumber)
};

/// Whether the digits are not all the same.
fn is_plausible(text: &str) -> bool {
    !all_same(&digits(text))
}
