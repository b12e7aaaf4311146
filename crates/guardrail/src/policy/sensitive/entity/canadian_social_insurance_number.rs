//! Canadian social insurance numbers.
//!
//! Nine digits, written in threes, with a Luhn check digit. The first digit is the place of
//! registration; 0 and 8 are not issued to persons (Service Canada).
//!
//! One number in ten passes the check by chance: without separators it is reported only near a word
//! that names it.

use super::{Entity, Examples, Shape, all_same, digits, luhn};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "sin",
        "sin number",
        "sin #",
        "social insurance",
        "social insurance number",
        "canada",
        "canadian",
        "nas",
        "numéro d'assurance sociale",
        "assurance sociale",
        "numero d'assurance sociale",
        "seguro social canadiense",
        "sozialversicherung",
    ],
    against: &[
        "order", "invoice", "tracking", "ticket", "phone", "tel", "fax",
    ],
    shapes: &[
        Shape::new(r"\d{3}[ -]\d{3}[ -]\d{3}", 0.55, 1.0).checked(is_issued),
        Shape::new(r"\d{9}", 0.2, 0.9).checked(is_issued),
    ],
    examples: Examples {
        positive: &[
            "My SIN is ⟦130 692 544⟧.",
            "social insurance number ⟦130-692-544⟧",
            "SIN: ⟦130692544⟧",
            "NAS ⟦453 201 022⟧",
            "numéro d'assurance sociale : ⟦453201022⟧",
            "sin #⟦721 304 889⟧",
            "Canadian ⟦193456787⟧",
            "the number ⟦193-456-787⟧",
            "her SIN (⟦271 828 188⟧)",
            "temporary resident SIN ⟦900 000 001⟧",
        ],
        negative: &[
            "130 692 545",
            "046 454 286",
            "800 000 002",
            "130692544",
            "invoice 130 692 544",
            "SIN 130 692 5444",
            "SIN 000 000 000",
            "call 130 692 5441",
            "a sin of 3 kinds",
            "130.692.544",
            "x130-692-544",
        ],
    },
    ..Entity::new(PiiType::CaSocialInsuranceNumber)
};

/// Whether the first digit is issued and the check digit fits.
fn is_issued(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9 && !matches!(digits[0], 0 | 8) && luhn(&digits) && !all_same(&digits)
}
