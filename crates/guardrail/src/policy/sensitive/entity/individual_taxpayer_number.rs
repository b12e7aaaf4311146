//! US individual taxpayer identification numbers.
//!
//! Nine digits like a social security number, of which the first is 9 and the fourth and fifth lie
//! in 50–65, 70–88, 90–92 or 94–99 (IRS, Internal Revenue Manual 3.21.263).
//!
//! There is no check digit. Without separators nine digits are reported only beside a word that
//! names the number.

use super::{Entity, Examples, Shape, digits};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "itin",
        "itins",
        "individual taxpayer",
        "taxpayer identification",
        "taxpayer id",
        "tax id",
        "tin",
        "tax identification number",
        "w-7",
        "identificación fiscal",
        "identificacion fiscal",
        "numéro fiscal",
        "steuernummer",
        "codice fiscale",
        "identificação fiscal",
    ],
    against: &["phone", "order", "invoice", "tracking", "ticket", "ein"],
    shapes: &[
        Shape::new(r"9\d{2}-\d{2}-\d{4}", 0.8, 1.0).checked(is_issued),
        Shape::new(r"9\d{2} \d{2} \d{4}", 0.6, 1.0).checked(is_issued),
        Shape::new(r"9\d{8}", 0.2, 0.85).checked(is_issued),
    ],
    examples: Examples {
        positive: &[
            "My ITIN is ⟦912-70-1234⟧.",
            "ITIN: ⟦912701234⟧",
            "taxpayer identification number ⟦999 88 1234⟧",
            "⟦900-50-0001⟧ on form W-7",
            "the number ⟦945-65-4321⟧",
            "itin=⟦987-90-1111⟧",
            "individual taxpayer ⟦970-94-2222⟧",
            "tax id ⟦966-80-5555⟧",
            "TIN ⟦911-72-3456⟧",
            "identificación fiscal ⟦923-99-8765⟧",
        ],
        negative: &[
            "123-45-6789",
            "912-49-1234",
            "912-66-1234",
            "912-69-1234",
            "912-89-1234",
            "912-93-1234",
            "order 912701234",
            "912-70-12345",
            "912-701-2345",
            "812-70-1234",
            "on 912701234 pages",
        ],
    },
    ..Entity::new(PiiType::UsIndividualTaxIdentificationNumber)
};

/// Whether the first and the middle digits are those of an ITIN.
fn is_issued(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9
        && digits[0] == 9
        && matches!(digits[3] * 10 + digits[4], 50..=65 | 70..=88 | 90..=92 | 94..=99)
}
