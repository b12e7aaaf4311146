//! UK National Health Service numbers.
//!
//! Ten digits, written 3-3-4, of which the last is a check digit: eleven minus the sum of the others
//! times 10 … 2, modulo eleven; 11 counts as 0, and 10 is not issued (NHS Data Dictionary).
//!
//! One number in eleven passes the check by chance, and US telephone numbers have the same form, so
//! that it is reported only near a word that names it.

use super::{Entity, Examples, Shape, all_same, digits, weighted_sum};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "nhs",
        "nhs number",
        "nhs no",
        "nhs #",
        "national health",
        "national health service",
        "health service number",
        "patient number",
        "patient id",
        "patient",
        "gp",
        "medical record",
        "número nhs",
        "numéro nhs",
        "nhs-nummer",
        "numero nhs",
    ],
    against: &["call", "phone", "tel", "fax", "order", "invoice"],
    shapes: &[
        Shape::new(r"\d{3}[ -]\d{3}[ -]\d{4}", 0.45, 1.0).checked(check_digit_fits),
        Shape::new(r"\d{10}", 0.2, 0.95).checked(check_digit_fits),
    ],
    examples: Examples {
        positive: &[
            "NHS number: ⟦943 476 5919⟧",
            "NHS ⟦943-476-5919⟧",
            "nhs no ⟦9434765919⟧",
            "The patient (⟦943 476 5870⟧) was seen",
            "National Health Service number ⟦401 023 2137⟧",
            "NHS: ⟦4505577104⟧",
            "nhs # ⟦987 654 4322⟧",
            "medical record ⟦943 476 5919⟧",
            "patient id ⟦4010232137⟧",
            "numéro NHS ⟦943 476 5919⟧",
        ],
        negative: &[
            "NHS number 943 476 5918",
            "943 476 5919",
            "9434765919",
            "call 943 476 5919",
            "NHS number 000 000 0000",
            "NHS number 943 476 591",
            "NHS number 943 476 59190",
            "the NHS treated 1000000000 people",
            "NHS trust 12",
            "NHS number 943-476-5919-1",
        ],
    },
    ..Entity::new(PiiType::UkNationalHealthServiceNumber)
};

/// The modulo-11 check.
fn check_digit_fits(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 10 || all_same(&digits) {
        return false;
    }
    let sum = weighted_sum(&digits[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]);
    (11 - sum % 11) % 11 == u32::from(digits[9])
}
