//! US social security numbers.
//!
//! Three digits, two and four. The Social Security Administration never issued the areas 000, 666
//! and 900–999, the group 00 or the serial 0000, and withdrew 078-05-1120 and 219-09-9999, which
//! were printed in advertisements.
//!
//! There is no check digit. Without separators nine digits are reported only beside a word that
//! names the number.

use super::{Entity, Examples, Shape, digits};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "ssn",
        "ssns",
        "ss#",
        "ssn#",
        "social security",
        "social security number",
        "social sec",
        "social",
        "seguro social",
        "número de seguro social",
        "numero de seguro social",
        "sécurité sociale",
        "securite sociale",
        "sozialversicherungsnummer",
        "previdenza sociale",
        "seguridad social",
        "segurança social",
    ],
    against: &[
        "phone", "order", "invoice", "tracking", "ticket", "part", "sku", "serial", "ein",
    ],
    shapes: &[
        Shape::new(r"\d{3}-\d{2}-\d{4}", 0.85, 1.0).checked(is_issued),
        Shape::new(r"\d{3} \d{2} \d{4}", 0.6, 1.0).checked(is_issued),
        Shape::new(r"\d{3}\.\d{2}\.\d{4}", 0.5, 0.95).checked(is_issued),
        Shape::new(r"\d{9}", 0.2, 0.9).checked(is_issued),
    ],
    examples: Examples {
        positive: &[
            "My SSN is ⟦123-45-6789⟧.",
            "social security number ⟦536 90 4399⟧",
            "SSN: ⟦536904399⟧",
            "Her number, ⟦219-09-9998⟧, was leaked",
            "mi número de seguro social es ⟦001-01-0001⟧",
            "Social Security: ⟦449-48-3135⟧; DOB 1990-01-01",
            "ssn=⟦665-88-1234⟧",
            "SS# ⟦778-62-8144⟧",
            "(⟦734-18-2233⟧)",
            "Two: ⟦123-45-6780⟧ and ⟦223-45-6780⟧",
            "my social is ⟦536.90.4399⟧",
        ],
        negative: &[
            "000-12-3456",
            "666-12-3456",
            "900-12-3456",
            "123-00-4567",
            "123-45-0000",
            "078-05-1120",
            "call 555-123-4567",
            "order 536904399",
            "id 123-45-67890",
            "ref 1-123-45-6789-2",
            "2021-12-2024",
            "A123-45-6789B",
            "536904399 items",
        ],
    },
    ..Entity::new(PiiType::UsSocialSecurityNumber)
};

/// Whether a number with these digits can have been issued.
fn is_issued(text: &str) -> bool {
    let digits = digits(text);
    let value = |range: std::ops::Range<usize>| {
        digits[range]
            .iter()
            .fold(0u32, |value, digit| value * 10 + u32::from(*digit))
    };
    if digits.len() != 9 {
        return false;
    }
    let (area, group, serial) = (value(0..3), value(3..5), value(5..9));
    let withdrawn = [(78, 5, 1120), (219, 9, 9999)].contains(&(area, group, serial));
    !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0 && !withdrawn
}
