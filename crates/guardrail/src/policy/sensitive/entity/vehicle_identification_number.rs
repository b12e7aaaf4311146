//! Vehicle identification numbers.
//!
//! Seventeen capitals and digits without I, O and Q (ISO 3779). In North America and China the ninth
//! is a check digit: the characters' values times 8 7 6 5 4 3 2 10 0 9 8 7 6 5 4 3 2, modulo eleven,
//! X for ten (49 CFR 565.15). Numbers without a fitting check digit, as Europe's, are reported only near
//! a word that names them.

use super::{Entity, Examples, Shape};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "vin",
        "vin number",
        "vehicle identification",
        "vehicle identification number",
        "chassis",
        "chassis number",
        "vehicle",
        "car",
        "número de bastidor",
        "bastidor",
        "numéro de châssis",
        "numéro de série",
        "fahrgestellnummer",
        "fin",
        "telaio",
        "numero di telaio",
        "número do chassi",
        "chassi",
    ],
    shapes: &[
        Shape::new(r"[A-HJ-NPR-Za-hj-npr-z0-9]{17}", 0.9, 1.0).checked(check_digit_fits),
        Shape::new(r"[A-HJ-NPR-Z0-9]{17}", 0.15, 0.85).checked(is_mixed),
    ],
    examples: Examples {
        positive: &[
            "VIN ⟦1HGCM82633A004352⟧",
            "⟦1M8GDM9AXKP042788⟧",
            "vin: ⟦5GZCZ43D13S812715⟧.",
            "chassis number ⟦WVWZZZ1JZXW000001⟧",
            "Fahrgestellnummer ⟦WDB9066331S123456⟧",
            "my car ⟦1FTFW1ET5DFC10312⟧",
            "the VIN is ⟦JH4TB2H26CC000000⟧",
            "bastidor ⟦VSSZZZ6KZ1R149943⟧",
            "telaio ⟦ZFA31200000123456⟧",
            "numéro de châssis ⟦VF1BB0B0524123456⟧",
        ],
        negative: &[
            "1HGCM82633A004353",
            "VIN 1HGCM82633A00435",
            "VIN 1HGCM82633A0043522",
            "VIN 1HGCM8I633A004352",
            "12345678901234567",
            "ABCDEFGHJKLMNPRST",
            "WVWZZZ1JZXW000001",
            "VIN number required",
            "vin rouge 2015",
            "VIN O1HGCM82633A0043",
        ],
    },
    ..Entity::new(PiiType::VehicleIdentificationNumber)
};

/// The value of a character in the check.
fn value(byte: u8) -> u32 {
    const LETTERS: &[u8; 26] = b"12345678.12345.7.923456789";
    match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => u32::from(digit - b'0'),
        letter @ b'A'..=b'Z' => u32::from(LETTERS[usize::from(letter - b'A')].saturating_sub(b'0')),
        _ => 0,
    }
}

/// The modulo-11 check; at least two letters, as the maker's code has.
fn check_digit_fits(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = text
        .bytes()
        .zip(WEIGHTS)
        .map(|(byte, weight)| value(byte) * weight)
        .sum();
    let expected = match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    };
    is_mixed(text) && text.as_bytes()[8].to_ascii_uppercase() == expected
}

/// Whether there are at least two letters and four digits.
fn is_mixed(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    (2..=13).contains(&letters)
}
