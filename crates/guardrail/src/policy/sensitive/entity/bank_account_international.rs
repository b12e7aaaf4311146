//! IBANs.
//!
//! Two letters for the country, two check digits, and the country's account number, in the length and
//! structure of the SWIFT IBAN registry, solid or in groups. The whole, the first four characters
//! moved to the end and letters as 10–35, is 1 modulo 97 (ISO 13616, ISO 7064).
//!
//! It cannot see IBANs of countries outside the registry.

use super::{Entity, Examples, Shape};
use crate::config::PiiType;

/// Country and structure of what follows the check digits: `n` digits, `a` capitals, `c` either.
const STRUCTURES: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BI", "23n"),
    ("BR", "23n1a1c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DJ", "23n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FK", "2a12n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "24c"),
    ("HN", "4a20n"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("LY", "21n"),
    ("MC", "10n11c2n"),
    ("MD", "20c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MN", "16n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NI", "4a20n"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("OM", "3n16c"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("RU", "14n15c"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SD", "14n"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("SO", "19n"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
    ("YE", "4a4n18c"),
];

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "iban",
        "account",
        "bank account",
        "bank",
        "cuenta",
        "compte",
        "konto",
        "bankverbindung",
        "conto",
        "conta",
        "transfer",
        "überweisung",
        "virement",
        "transferencia",
        "bonifico",
        "transferência",
    ],
    shapes: &[
        Shape::new(r"[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{1,6}){2,8}", 0.96, 1.0)
            .fitted(registered_length)
            .checked(is_iban),
        Shape::new(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}", 0.96, 1.0)
            .fitted(registered_length)
            .checked(is_iban),
        Shape::new(
            r"[A-Za-z]{2} \d{2}(?:[ -]?[A-Za-z0-9]{1,6}){2,8}",
            0.96,
            1.0,
        )
        .fitted(registered_length)
        .checked(is_iban),
    ],
    examples: Examples {
        positive: &[
            "IBAN ⟦DE89 3704 0044 0532 0130 00⟧",
            "⟦DE89370400440532013000⟧",
            "⟦GB29NWBK60161331926819⟧ please",
            "pay to ⟦GB29 NWBK 6016 1331 9268 19⟧ by Friday",
            "⟦FR14 2004 1010 0505 0001 3M02 606⟧",
            "cuenta: ⟦ES9121000418450200051332⟧",
            "⟦IT60X0542811101000000123456⟧",
            "⟦NL91ABNA0417164300⟧, NL",
            "⟦PT50000201231234567890154⟧.",
            "⟦NO9386011117947⟧",
            "konto ⟦CH93 0076 2011 6238 5295 7⟧ and more words",
            "⟦be68539007547034⟧",
        ],
        negative: &[
            "DE89 3704 0044 0532 0130 01",
            "GB29NWBK60161331926818",
            "XX89370400440532013000",
            "DE89",
            "DE8937040044053201300",
            "DE893704004405320130001",
            "AB12 CD34 EF56 GH78",
            "FR14",
            "order DE12345678901234567890",
            "GB2960161331926819NWBK",
            "ADE89370400440532013000",
        ],
    },
    ..Entity::new(PiiType::InternationalBankAccountNumber)
};

/// The structure of a country's account number.
fn structure(text: &str) -> Option<&'static str> {
    let country = text.get(..2)?.to_ascii_uppercase();
    let mut known = STRUCTURES.iter();
    known
        .find(|(name, _)| *name == country)
        .map(|(_, structure)| *structure)
}

/// Counts and classes of a structure.
fn fields(structure: &str) -> impl Iterator<Item = (usize, char)> {
    structure
        .split_inclusive(['n', 'a', 'c'])
        .filter_map(|field| {
            let (count, class) = field.split_at(field.len() - 1);
            Some((count.parse().ok()?, class.chars().next()?))
        })
}

/// The bytes up to the last character of the country's length; all of `text` if it is shorter.
fn registered_length(text: &str) -> usize {
    let Some(structure) = structure(text) else {
        return text.len();
    };
    let characters = 4 + fields(structure).map(|(count, _)| count).sum::<usize>();
    let mut alphanumeric = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_alphanumeric());
    alphanumeric
        .nth(characters - 1)
        .map_or(text.len(), |(last, _)| last + 1)
}

/// Whether length, structure and checksum fit.
fn is_iban(text: &str) -> bool {
    let characters: Vec<u8> = text
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    let Some(structure) = structure(text) else {
        return false;
    };
    let classes = fields(structure).flat_map(|(count, class)| std::iter::repeat_n(class, count));
    let classes: Vec<char> = classes.collect();
    let fits = |(byte, class): (&u8, &char)| match class {
        'n' => byte.is_ascii_digit(),
        'a' => byte.is_ascii_uppercase(),
        _ => true,
    };
    characters.len() == 4 + classes.len()
        && characters[4..].iter().zip(&classes).all(fits)
        && remainder(&characters) == 1
}

/// The rearranged number modulo 97.
fn remainder(characters: &[u8]) -> u32 {
    let rearranged = characters[4..].iter().chain(&characters[..4]);
    rearranged.fold(0, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}
