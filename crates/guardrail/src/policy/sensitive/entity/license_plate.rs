//! Vehicle licence plates.
//!
//! What follows a word for a plate, and the forms of some countries near such a word or a vehicle:
//! France and Italy AB-123-CD, the United Kingdom AB12 CDE, Spain 1234 BCD, Germany M-AB 1234,
//! Brazil ABC1D23, US states by cue only.
//!
//! A plate on its own looks like a product code and is not reported.

use super::{Cue, Entity, Examples, Shape, near};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "plate",
        "plates",
        "license plate",
        "licence plate",
        "number plate",
        "registration",
        "reg",
        "tag",
        "vrm",
        "car",
        "vehicle",
        "van",
        "truck",
        "matrícula",
        "matricula",
        "placa",
        "plaque",
        "immatriculation",
        "kennzeichen",
        "targa",
        "coche",
        "voiture",
        "auto",
        "carro",
    ],
    shapes: &[
        Shape::new(r"[A-Z]{2}[- ]\d{3}[- ][A-Z]{2}", 0.4, 0.9),
        Shape::new(r"[A-Z]{2}\d{2} ?[A-Z]{3}", 0.35, 0.9),
        Shape::new(r"\d{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3}", 0.3, 0.85),
        Shape::new(r"[A-Z]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}", 0.25, 0.85),
        Shape::new(r"[A-Z]{3}-?\d[A-Z0-9]\d{2}", 0.3, 0.85),
    ],
    cues: &[Cue {
        words: &[
            "license plate",
            "licence plate",
            "number plate",
            "plate number",
            "plate",
            "plates",
            "plate no",
            "registration number",
            "vehicle registration",
            "license plate number",
            "matrícula",
            "matricula",
            "placa",
            "plaque d'immatriculation",
            "immatriculation",
            "plaque",
            "kennzeichen",
            "targa",
        ],
        pattern: near!(r"([A-Z0-9]{1,4}[ ·-]?[A-Z0-9]{1,4}(?:[ ·-]?[A-Z0-9]{1,3})?)(?:[^\w-]|$)"),
        score: 0.85,
        check: is_mixed,
    }],
    examples: Examples {
        positive: &[
            "license plate ⟦7ABC123⟧",
            "Plate number: ⟦ABC-1234⟧",
            "my car ⟦AB12 CDE⟧ was towed",
            "number plate ⟦LM68 XYZ⟧",
            "plaque d'immatriculation ⟦AB-123-CD⟧",
            "Kennzeichen ⟦M-AB 1234⟧",
            "matrícula ⟦1234 BCD⟧",
            "targa ⟦EX 123 YZ⟧",
            "placa ⟦ABC1D23⟧",
            "vehicle ⟦AA-229-AA⟧",
            "the plate is ⟦8XYZ901⟧.",
        ],
        negative: &[
            "AB-123-CD",
            "AB12 CDE",
            "a plate of pasta",
            "license plate recognition",
            "plate 3",
            "plates and 12 bowls",
            "tectonic plate MOVES",
            "the number plate is missing",
            "1234 BCD",
            "plate tectonics 101",
        ],
    },
    ..Entity::new(PiiType::LicensePlate)
};

/// Whether there are letters and digits, five to eight of them together.
fn is_mixed(text: &str) -> bool {
    let count = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (5..=8).contains(&count) && digits >= 1 && digits < count
}
