//! Driving licence numbers.
//!
//! Every US state has its own form: one letter and 6 to 14 digits, 6 to 12 digits, or letters and
//! digits mixed (AAMVA). The UK's 16 characters hold the surname, the date of birth and the initials
//! (DVLA). All but the UK's are reported only near a word that names the licence.

use super::{Entity, Examples, Shape, all_same, digits};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "driver's license",
        "drivers license",
        "driver license",
        "driver's licence",
        "drivers licence",
        "driving licence",
        "driving license",
        "driver’s license",
        "driver licence",
        "license number",
        "licence number",
        "license no",
        "dl",
        "dl#",
        "dln",
        "dl number",
        "dvla",
        "dmv",
        "driver id",
        "permiso de conducir",
        "licencia de conducir",
        "carnet de conducir",
        "permis de conduire",
        "führerschein",
        "führerscheinnummer",
        "patente di guida",
        "patente",
        "carta de condução",
        "carteira de motorista",
        "cnh",
    ],
    against: &["plate", "passport", "phone", "order", "invoice"],
    shapes: &[
        Shape::new(r"[A-Z]{1,5}9{0,4}\d{6}[A-Z9]{2}\d[A-Z]{2}", 0.75, 0.98).checked(is_dvla),
        Shape::new(r"[A-Z]{1,2}\d{5,14}", 0.15, 0.85).checked(is_plausible),
        Shape::new(r"[A-Z]\d{3}-\d{3,4}-\d{2,4}(?:-\d{2,4}){0,2}", 0.3, 0.9),
        Shape::new(r"[A-Z]\d{2}-\d{2}-\d{4}", 0.3, 0.9),
        Shape::new(r"\d{7,9}", 0.1, 0.75).checked(is_plausible),
        Shape::new(r"\d{3}[ -]\d{3}[ -]\d{3}", 0.1, 0.75).checked(is_plausible),
        Shape::new(r"[A-Z]{5,7}\d{3}[A-Z0-9]{2}", 0.2, 0.85),
        Shape::new(r"[A-Z0-9]{9,13}", 0.1, 0.7).checked(is_mixed),
    ],
    examples: Examples {
        positive: &[
            "driver's license ⟦D1234567⟧",
            "DL: ⟦F255921504320⟧",
            "driving licence ⟦MORGA657054SM9IJ⟧",
            "My license number is ⟦S530-4209-2345⟧",
            "drivers license no ⟦12345678⟧",
            "permis de conduire ⟦123456789⟧",
            "Führerschein ⟦B072RRE2I55⟧",
            "licencia de conducir ⟦A12345678⟧",
            "patente di guida ⟦U1H234567X⟧",
            "CNH ⟦12345678⟧",
            "DLN ⟦H12-34-5678⟧",
        ],
        negative: &[
            "D1234567",
            "driver's license renewal",
            "the driver has 3 cars",
            "license number 12",
            "driver's license 00000000",
            "order D1234567",
            "software license 2024",
            "MORGA657054SM9I",
            "driving licence since 1998-02-03",
            "driver version 12345678 of the graphics card is the one that I installed on my computer last week",
        ],
    },
    ..Entity::new(PiiType::DriverId)
};

/// Whether the digits hold a date: decade, month (plus 50 for women), day, year.
fn is_dvla(text: &str) -> bool {
    if text.len() != 16 {
        return false;
    }
    let digits = digits(&text[5..11]);
    let [_, tens, month, day_tens, day, _] = digits[..] else {
        return false;
    };
    let month = tens * 10 + month;
    matches!(month, 1..=12 | 51..=62) && (1..=31).contains(&(day_tens * 10 + day))
}

fn is_plausible(text: &str) -> bool {
    !all_same(&digits(text))
}

/// Whether letters and at least three digits are mixed.
fn is_mixed(text: &str) -> bool {
    digits(text).len() >= 3 && text.bytes().any(|byte| byte.is_ascii_uppercase())
}
