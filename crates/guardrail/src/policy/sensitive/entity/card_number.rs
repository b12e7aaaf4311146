//! Payment card numbers.
//!
//! 12 to 19 digits whose prefix an issuer owns, of a length that issuer uses, and whose last digit
//! is the Luhn check digit (ISO/IEC 7812). Written solid, or in groups of four, or in the groups of
//! American Express (4-6-5) and Diners Club (4-6-4), with one space or dash between groups.
//!
//! Issuer ranges are those published by the schemes: Visa 4; Mastercard 51–55 and 2221–2720; Amex
//! 34 and 37; Discover 6011, 644–649 and 65; Diners 300–305, 3095, 36, 38 and 39; JCB 3528–3589, and
//! of old 2131 and 1800 with 15 digits;
//! UnionPay 62 and 81; Maestro 50, 56–58, 6304, 6759, 6761–6763; Mir 2200–2204; RuPay 60 and 508;
//! Elo and Hipercard share Discover's and Maestro's prefixes.
//!
//! It cannot see a number with a digit missing or replaced by `x`. One number in ten with a fitting
//! prefix passes the check by chance, so that some order numbers look like cards.

use super::{Entity, Examples, Shape, all_same, digits, luhn};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "card",
        "credit card",
        "debit card",
        "card number",
        "cc",
        "ccn",
        "visa",
        "mastercard",
        "amex",
        "american express",
        "discover",
        "diners",
        "jcb",
        "unionpay",
        "maestro",
        "pan",
        "payment",
        "tarjeta",
        "tarjeta de crédito",
        "tarjeta de credito",
        "carte",
        "carte bancaire",
        "carte bleue",
        "karte",
        "kreditkarte",
        "kartennummer",
        "carta",
        "carta di credito",
        "cartão",
        "cartao",
    ],
    shapes: &[
        Shape::new(r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}", 0.93, 1.0).checked(is_card),
        Shape::new(r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{3}", 0.93, 1.0).checked(is_card),
        Shape::new(r"\d{4}[ -]\d{6}[ -]\d{4,5}", 0.93, 1.0).checked(is_card),
        Shape::new(r"\d{13,19}", 0.85, 1.0).checked(is_card),
        Shape::new(
            r"(?:50(?:18|20|38)|5[678]\d\d|6304|6759|676[1-3])\d{8}",
            0.6,
            1.0,
        )
        .checked(is_card),
        Shape::new(r"\d{12}", 0.3, 0.7).checked(is_card),
    ],
    examples: Examples {
        positive: &[
            "My card is ⟦4111 1111 1111 1111⟧.",
            "⟦4111-1111-1111-1111⟧ expires soon",
            "Please charge ⟦4012888888881881⟧",
            "amex ⟦3782 822463 10005⟧",
            "amex ⟦378282246310005⟧",
            "Mastercard: ⟦5555555555554444⟧",
            "new Mastercard range ⟦2223 0031 2200 3222⟧",
            "Discover ⟦6011111111111117⟧",
            "JCB ⟦3530111333300000⟧",
            "Diners ⟦3056 930902 5904⟧",
            "Two cards: ⟦4242424242424242⟧ and ⟦5105105105105100⟧",
            "tarjeta de crédito ⟦4000056655665556⟧",
            "UnionPay ⟦6200000000000005⟧",
        ],
        negative: &[
            "4111 1111 1111 1112",
            "1234567890123456",
            "0000 0000 0000 0000",
            "Tracking number 9400110200881234567890",
            "ISBN 9780306406157",
            "4111111111111111222233334444",
            "version 4.1.1.1",
            "On 2024-01-02 there were 4111 of them",
            "IMEI 490154203237518",
            "id 4111-1111-1111-1111-1111-1111",
            "a4111111111111111b",
        ],
    },
    ..Entity::new(PiiType::CreditDebitCardNumber)
};

/// Whether the digits of `text` have an issuer's prefix and length, and pass the Luhn check.
pub(super) fn is_card(text: &str) -> bool {
    let digits = digits(text);
    issuer_uses(&digits) && luhn(&digits) && !all_same(&digits)
}

/// Whether some scheme issues numbers with this prefix and length.
fn issuer_uses(digits: &[u8]) -> bool {
    let Some(first_six) = digits.get(..6) else {
        return false;
    };
    let prefix = first_six
        .iter()
        .fold(0u32, |value, digit| value * 10 + u32::from(*digit));
    match prefix {
        400_000..=499_999 => matches!(digits.len(), 13 | 16 | 19),
        510_000..=559_999 | 222_100..=272_099 => digits.len() == 16,
        340_000..=349_999 | 370_000..=379_999 | 213_100..=213_199 | 180_000..=180_099 => {
            digits.len() == 15
        }
        300_000..=305_999 | 309_500..=309_599 | 360_000..=369_999 | 380_000..=399_999 => {
            (14..=19).contains(&digits.len())
        }
        352_800..=358_999
        | 601_100..=601_199
        | 644_000..=659_999
        | 620_000..=629_999
        | 810_000..=819_999
        | 220_000..=220_499
        | 600_000..=609_999 => (16..=19).contains(&digits.len()),
        500_000..=509_999
        | 560_000..=589_999
        | 630_400..=630_499
        | 675_900..=675_999
        | 676_100..=676_399 => (12..=19).contains(&digits.len()),
        _ => false,
    }
}
