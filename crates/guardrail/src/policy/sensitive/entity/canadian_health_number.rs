//! Canadian health service numbers, by province.
//!
//! | province | form | check |
//! |---|---|---|
//! | Ontario | 4-3-3 digits, often with a version code of two letters | Luhn |
//! | British Columbia | 9 and nine digits, 4-3-3 | weights 2 4 8 5 10 9 7 3, modulo 11 |
//! | Québec | three letters of the surname, one of the first name, yymmdd (month + 50 for women), two digits | month and day |
//! | Alberta, Manitoba, Saskatchewan, New Brunswick | nine digits | not used |
//! | Nova Scotia | ten digits | not used |
//! | Newfoundland and Labrador | twelve digits | not used |
//! | Prince Edward Island | eight digits | not used |
//!
//! Forms without a check are reported only beside a word that names the number.

use super::{Entity, Examples, Shape, all_same, digits, luhn, weighted_sum};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "health card",
        "health number",
        "health card number",
        "healthcard",
        "health insurance number",
        "health services number",
        "ohip",
        "phn",
        "personal health number",
        "msp",
        "ramq",
        "care card",
        "hcn",
        "mcp",
        "ahcip",
        "medicare number",
        "phin",
        "assurance maladie",
        "assurance-maladie",
        "carte santé",
        "carte soleil",
        "numéro de santé",
        "numéro d'assurance maladie",
        "tarjeta sanitaria",
        "krankenversicherung",
        "tessera sanitaria",
        "cartão de saúde",
    ],
    against: &["phone", "tel", "call", "fax", "order", "invoice"],
    shapes: &[
        Shape::new(r"\d{4}[ -]\d{3}[ -]\d{3}[ -]?[A-Z]{2}", 0.8, 1.0).checked(luhn_fits),
        Shape::new(r"\d{4}[ -]\d{3}[ -]\d{3}", 0.4, 0.98).checked(ten_digits_fit),
        Shape::new(r"\d{10}(?:[ -]?[A-Z]{2})?", 0.2, 0.95).checked(ten_digits_fit),
        Shape::new(r"[A-Z]{4}[ -]?\d{4}[ -]?\d{4}", 0.5, 0.98).checked(quebec_date_fits),
        Shape::new(r"\d{3}[ -]?\d{3}[ -]?\d{3,4}", 0.1, 0.75).checked(is_plausible),
        Shape::new(r"\d{5}-\d{4}", 0.1, 0.75).checked(is_plausible),
        Shape::new(r"(?:\d{8}|\d{12})", 0.1, 0.7).checked(is_plausible),
    ],
    examples: Examples {
        positive: &[
            "OHIP ⟦1234-567-897-AB⟧",
            "health card number ⟦1234 567 897⟧",
            "PHN: ⟦9123 456 773⟧",
            "RAMQ ⟦TREM 8804 1512⟧",
            "numéro d'assurance maladie ⟦DUPJ90551234⟧",
            "Alberta health card ⟦12345-6789⟧",
            "my personal health number is ⟦123 456 789⟧",
            "HCN ⟦123456789012⟧",
            "Nova Scotia health card ⟦0012 345 678⟧",
            "PEI health number ⟦12345678⟧",
            "version code: ⟦1234 567 897 XY⟧",
        ],
        negative: &[
            "1234567897",
            "1234 567 897",
            "health card renewal in 2024",
            "OHIP covers 80 percent",
            "call 902-555-0123",
            "1234-567-898-AB",
            "RAMQ TREM 8899 1512 is what the sign says, and not more",
            "health card 0000000000",
            "health card number 1234",
            "WXYZ 1234",
            "health insurance costs $12345.67",
        ],
    },
    ..Entity::new(PiiType::CaHealthNumber)
};

/// Ontario's check.
fn luhn_fits(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 10 && luhn(&digits) && !all_same(&digits)
}

/// Ontario's or British Columbia's check; Nova Scotia's numbers start with 00 and have none.
fn ten_digits_fit(text: &str) -> bool {
    let digits = digits(text);
    let british_columbia = || {
        let sum = weighted_sum(&digits[1..9], &[2, 4, 8, 5, 10, 9, 7, 3]);
        digits[0] == 9 && 11 - sum % 11 == u32::from(digits[9])
    };
    let nova_scotia = || digits[..2] == [0, 0];
    luhn_fits(text)
        || digits.len() == 10 && !all_same(&digits) && (british_columbia() || nova_scotia())
}

/// Whether the digits start with a date: yy, month (plus 50 for women), day.
fn quebec_date_fits(text: &str) -> bool {
    let digits = digits(text);
    let month = digits[2] * 10 + digits[3];
    let day = digits[4] * 10 + digits[5];
    matches!(month, 1..=12 | 51..=62) && (1..=31).contains(&day)
}

/// Whether the digits are not all the same.
fn is_plausible(text: &str) -> bool {
    !all_same(&digits(text))
}
