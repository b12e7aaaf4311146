//! Telephone numbers.
//!
//! International numbers (`+`, a country's calling code of ITU-T E.164 and a national number of a
//! length that country uses, at most 15 digits), and the national forms of the North American plan,
//! the United Kingdom, France, Germany, Spain, Italy, Portugal, Brazil, India, Australia and Japan.
//! A form that other numbers share is reported only near a word such as "call" or "tel".
//!
//! The forms are our own: `phonenumber` and its kind carry the metadata of every region, megabytes of
//! it, and ask for the region first, which a text does not tell.
//!
//! It cannot see short codes, letters (1-800-FLOWERS), or bare local numbers without such a word.

use super::{Entity, Examples, Shape, digits};
use crate::config::PiiType;

/// Calling codes of one or two digits; all others have three.
const ONE_DIGIT: &[u32] = &[1, 7];
const TWO_DIGITS: &[u32] = &[
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];
/// First two digits of the calling codes of three digits.
const THREE_DIGIT_ZONES: &[u32] = &[
    21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99,
];

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "phone",
        "phone number",
        "telephone",
        "tel",
        "tel.",
        "tel:",
        "call",
        "called",
        "mobile",
        "cell",
        "cellphone",
        "cell phone",
        "fax",
        "whatsapp",
        "text me",
        "sms",
        "contact",
        "reach me",
        "reach",
        "dial",
        "hotline",
        "phone:",
        "number is",
        "ring",
        "voicemail",
        "landline",
        "teléfono",
        "telefono",
        "móvil",
        "movil",
        "llamar",
        "llámame",
        "llama",
        "celular",
        "téléphone",
        "telephone",
        "portable",
        "appelez",
        "appeler",
        "mobile:",
        "telefon",
        "handy",
        "anrufen",
        "rufnummer",
        "telefonnummer",
        "cellulare",
        "chiamare",
        "chiamami",
        "telefone",
        "telemóvel",
        "ligar",
        "ligue",
    ],
    against: &[
        "order",
        "invoice",
        "tracking",
        "reference",
        "ref",
        "isbn",
        "issn",
        "sku",
        "serial",
        "part",
        "case",
        "ticket",
        "version",
        "zip",
        "doi",
        "id",
        "pedido",
        "factura",
        "commande",
        "facture",
        "bestellung",
        "rechnung",
        "ordine",
        "fattura",
        "fatura",
        "account",
        "acct",
        "routing",
        "ssn",
        "nhs",
        "sin",
        "passport",
        "license",
        "licence",
        "itin",
        "utr",
        "ohip",
        "phn",
    ],
    shapes: &[
        Shape::new(
            r"\+\d{1,3}(?:[ .\-/]{0,2}\(?\d{1,5}\)?){1,6}(?: ?(?:x|ext\.?) ?\d{1,5})?",
            0.88,
            0.97,
        )
        .fitted(international_length)
        .checked(is_international),
        Shape::new(
            r"\(\+\d{1,3}\)(?:[ .\-/]{0,2}\(?\d{1,5}\)?){1,6}",
            0.85,
            0.97,
        )
        .checked(is_international),
        Shape::new(r"00[1-9]\d{0,2}(?:[ .\-/]\(?\d{1,5}\)?){2,6}", 0.55, 0.95).checked(is_long),
        Shape::new(
            r"(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?: ?(?:x|ext\.?) ?\d{1,5})?",
            0.72,
            0.93,
        ),
        Shape::new(r"\([2-9]\d{2}\) ?\d{7}", 0.6, 0.9),
        Shape::new(r"1?[2-9]\d{2}[2-9]\d{6}", 0.35, 0.85),
        Shape::new(r"[2-9]\d{2}[-.]\d{4}", 0.4, 0.75),
        Shape::new(r"\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}", 0.55, 0.9).checked(is_trunk),
        Shape::new(r"07\d{3}[ -]?\d{6}", 0.6, 0.92),
        Shape::new(r"0[1-9](?:[ .-]\d{2}){4}", 0.8, 0.95),
        Shape::new(r"0[1-9]\d{8,9}", 0.45, 0.88),
        Shape::new(
            r"\(?0\d{2,5}\)?[ /-]{1,3}\d{3,9}(?:[ -]\d{1,5}){0,2}",
            0.5,
            0.88,
        )
        .checked(is_trunk),
        Shape::new(r"[6789]\d{2}(?: \d{3}){2}", 0.5, 0.9),
        Shape::new(r"[6789]\d{2}(?: \d{2}){3}", 0.6, 0.9),
        Shape::new(r"3\d{2}[ .]\d{6,7}", 0.5, 0.88),
        Shape::new(r"\(?\d{2}\)? 9?\d{4}-\d{4}", 0.75, 0.95),
        Shape::new(r"[6-9]\d{4}[ -]\d{5}", 0.5, 0.9),
        Shape::new(r"(?:\(0\d\)|0[2-9]) \d{4} \d{4}", 0.65, 0.92),
        Shape::new(r"04\d{2} \d{3} \d{3}", 0.7, 0.95),
        Shape::new(r"0\d{1,4}-\d{1,4}-\d{4}", 0.6, 0.9),
        Shape::new(r"\(?\d{2,4}\)?(?:[ .\-/]\d{2,5}){1,4}", 0.1, 0.72).checked(is_subscriber),
        Shape::new(r"\d{7,11}", 0.1, 0.7),
    ],
    examples: Examples {
        positive: &[
            "Call ⟦555-123-4567⟧.",
            "⟦(415) 555-2671⟧ after six",
            "⟦+1 415 555 2671⟧",
            "⟦+44 20 7946 0958⟧, London",
            "tel. ⟦020 7946 0958⟧",
            "⟦+33 6 12 34 56 78⟧",
            "⟦06 12 34 56 78⟧",
            "Telefon ⟦030/1234567⟧",
            "⟦+49 30 901820⟧",
            "móvil ⟦612 345 678⟧",
            "cellulare ⟦347 1234567⟧",
            "ligue ⟦(11) 91234-5678⟧",
            "phone: ⟦4155552671⟧",
            "⟦+91 98765 43210⟧",
            "fax ⟦555-0123⟧",
            "⟦1-800-555-0199⟧",
            "⟦+14155552671⟧",
            "⟦415-555-2671 x123⟧",
        ],
        negative: &[
            "4111 1111 1111 1111",
            "123-45-6789",
            "2024-01-02",
            "order 555-123-4567",
            "4155552671",
            "192.168.0.12",
            "+1",
            "+999 123",
            "between 100-200 people",
            "1,234,567",
            "page 555",
            "ISBN 978-0-306-40615-7",
            "3.1415926535",
            "12:30-13:45",
        ],
    },
    ..Entity::new(PiiType::Phone)
};

/// The calling code at the start of `digits`, and how many digits it has.
fn calling_code(digits: &[u8]) -> Option<usize> {
    let value = |length: usize| {
        let prefix = digits.get(..length)?.iter();
        Some(prefix.fold(0u32, |value, digit| value * 10 + u32::from(*digit)))
    };
    if ONE_DIGIT.contains(&value(1)?) {
        return Some(1);
    }
    let two = value(2)?;
    if TWO_DIGITS.contains(&two) {
        return Some(2);
    }
    (THREE_DIGIT_ZONES.contains(&two) && digits.len() > 3).then_some(3)
}

/// The most digits a number may have in all.
fn most_digits(digits: &[u8]) -> usize {
    match digits {
        [1 | 7, ..] | [3, 1..=4, ..] | [4, 1, ..] => 11,
        [4, 4, ..] | [9, 1, ..] => 12,
        _ => 15,
    }
}

/// The bytes up to the last digit that still belongs to the number.
fn international_length(text: &str) -> usize {
    let extension = text.find(['x', 'e']).unwrap_or(text.len());
    let number = &text[..extension];
    let digits = digits(number);
    let most = most_digits(&digits);
    if digits.len() <= most {
        return text.len();
    }
    let mut positions = number
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_digit());
    positions
        .nth(most - 1)
        .map_or(text.len(), |(last, _)| last + 1)
}

fn is_international(text: &str) -> bool {
    let number = text.split(['x', 'e']).next().unwrap_or_default();
    let digits = digits(number);
    let north_american = digits.first() != Some(&1) || digits.len() == 11;
    (8..=15).contains(&digits.len()) && calling_code(&digits).is_some() && north_american
}

fn is_long(text: &str) -> bool {
    (10..=17).contains(&digits(text).len())
}

fn is_trunk(text: &str) -> bool {
    (9..=12).contains(&digits(text).len())
}

fn is_subscriber(text: &str) -> bool {
    (7..=12).contains(&digits(text).len())
}
