//! UK unique taxpayer references.
//!
//! Ten digits, often written 5-5. The first is a check digit: the sum of the others times
//! 6 7 8 9 10 5 4 3 2, modulo eleven, picks it from 2 1 9 8 7 6 5 4 3 2 1 (HMRC's modulus 11).
//!
//! One number in eleven passes by chance, so that it is reported only near a word that names it.

use super::{Entity, Examples, Shape, all_same, digits, weighted_sum};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "utr",
        "utr number",
        "unique taxpayer",
        "unique taxpayer reference",
        "taxpayer reference",
        "tax reference",
        "self assessment",
        "self-assessment",
        "hmrc",
        "referencia fiscal",
        "référence fiscale",
        "steuerreferenz",
        "riferimento fiscale",
        "referência fiscal",
    ],
    against: &["phone", "call", "tel", "order", "invoice"],
    shapes: &[Shape::new(r"\d{5}[ -]?\d{5}[Kk]?", 0.2, 0.95).checked(check_digit_fits)],
    examples: Examples {
        positive: &[
            "UTR: ⟦1123456789⟧",
            "my UTR is ⟦11234 56789⟧",
            "unique taxpayer reference ⟦4623456789⟧",
            "HMRC: ⟦9000000001⟧",
            "self assessment ⟦8087654321⟧",
            "tax reference ⟦1955839661⟧",
            "utr number ⟦1123456789⟧",
            "UTR ⟦46234-56789⟧",
            "taxpayer reference: ⟦4623456789⟧.",
            "référence fiscale ⟦1123456789⟧",
        ],
        negative: &[
            "UTR 2123456789",
            "1123456789",
            "UTR 112345678",
            "UTR 11234567890",
            "call 1123456789",
            "UTR 0000000000",
            "UTR 3123456789",
            "invoice 1123456789",
            "HMRC wrote 1000 letters",
            "UTR 5123456789",
        ],
    },
    ..Entity::new(PiiType::UkUniqueTaxpayerReferenceNumber)
};

/// The modulo-11 check of the first digit.
fn check_digit_fits(text: &str) -> bool {
    const CHECK_DIGITS: [u8; 11] = [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    let digits = digits(text);
    if digits.len() != 10 || all_same(&digits) {
        return false;
    }
    let sum = weighted_sum(&digits[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]);
    CHECK_DIGITS[(sum % 11) as usize] == digits[0]
}
