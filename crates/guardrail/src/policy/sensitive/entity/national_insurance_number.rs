//! UK national insurance numbers.
//!
//! Two letters, six digits and a suffix A–D. D, F, I, Q, U and V are not used in the prefix, O not as
//! its second letter, and BG, GB, KN, NK, NT, TN and ZZ are not issued (HMRC, NIM39110).
//!
//! It cannot see a number without its suffix unless a word near it names it.

use super::{Entity, Examples, Shape};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "nino", "ni number", "ni no", "nin", "national insurance", "national insurance number", "insurance number",
        "seguro nacional", "assurance nationale", "sozialversicherungsnummer", "assicurazione nazionale",
        "seguro nacional britânico",
    ],
    shapes: &[
        Shape::new(
            r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Da-d]",
            0.85,
            1.0,
        )
        .checked(prefix_is_issued),
        Shape::new(
            r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}",
            0.3,
            0.85,
        )
        .checked(prefix_is_issued),
    ],
    examples: Examples {
        positive: &[
            "NI number ⟦AB 12 34 56 C⟧",
            "⟦AB123456C⟧",
            "my NINO is ⟦JG103759A⟧.",
            "National Insurance: ⟦ab123456d⟧",
            "insurance number ⟦SN-12-34-56-A⟧",
            "nino=⟦WP123456B⟧",
            "Tax code 1257L, ⟦CE 98 76 54 D⟧",
            "NI number ⟦PP 12 34 56⟧",
            "(⟦RA012345B⟧)",
            "national insurance number: ⟦HH 00 11 22 A⟧",
        ],
        negative: &[
            "GB123456A",
            "BG 12 34 56 A",
            "ZZ123456C",
            "DA123456A",
            "AO123456A",
            "AB123456E",
            "AB12345C",
            "AB1234567C",
            "XAB123456C",
            "FR123456A",
            "NT 12 34 56 B",
            "order AB123456",
        ],
    },
    ..Entity::new(PiiType::UkNationalInsuranceNumber)
};

/// Whether the prefix is one that is given out.
fn prefix_is_issued(text: &str) -> bool {
    let prefix = text.get(..2).unwrap_or_default().to_ascii_uppercase();
    !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&prefix.as_str())
}
