//! Street addresses.
//!
//! A house number and a street: in English a number, capitalised words and a word for a street; in
//! French a number, a word for a street and its name; in Spanish, Italian and Portuguese the word, the name
//! and the number; in German and Dutch a name that ends with such a word, and the number. With them the unit,
//! the town, the state and the postcode that follow. Also post-office boxes.
//!
//! A lone town, a lone street name and a lone postcode are no address.
//!
//! It cannot see addresses without a word for a street (Broadway 12; most of Asia).

use super::{Entity, Examples, Probe, Probed};
use crate::config::PiiType;
use std::ops::Range;

/// How far before the word for a street an address may start, in bytes.
const REACH_BACK: usize = 72;
/// How far after it an address may go on, in bytes.
const REACH_FORWARD: usize = 128;

pub(super) static ENTITY: Entity = Entity {
    probes: &[
        Probe {
            literals: &[
                "street",
                "st",
                "avenue",
                "ave",
                "av",
                "road",
                "rd",
                "boulevard",
                "blvd",
                "lane",
                "ln",
                "drive",
                "dr",
                "court",
                "ct",
                "place",
                "pl",
                "square",
                "sq",
                "terrace",
                "ter",
                "way",
                "parkway",
                "pkwy",
                "highway",
                "hwy",
                "circle",
                "cir",
                "trail",
                "trl",
                "close",
                "crescent",
                "grove",
                "gardens",
                "mews",
                "row",
                "walk",
                "alley",
                "plaza",
                "loop",
                "run",
                "path",
                "pike",
                "ridge",
                "hill",
                "view",
                "broadway",
                "expressway",
                "turnpike",
            ],
            whole_words: true,
            patterns: &[
                r"(?:^|[^\w.,-])(\d{1,6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?,?[ ](?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?[ ])?(?:(?:\p{Lu}[\p{L}'’.-]*|\d{1,3}(?:st|nd|rd|th))[ ]){1,4})$",
                r"^\.?(?:[ ](?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\b\.?)?(?:,?\s{1,3}(?:(?i:apt|apartment|suite|ste|unit|floor|fl|room|flat|bldg)\b\.?[ ]?#?\w{1,6}|#[ ]?\w{1,6}))?(?:,?\s{1,3}\p{Lu}[\p{L}'’.-]+(?:[ ]\p{Lu}[\p{L}'’.-]+){0,2},?\s{1,3}(?:[A-Z]{2}[,.]?(?:\s{1,3}\d{5}(?:-\d{4})?)?|\p{Lu}\p{L}+\s{1,3}\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|\d{4,5}|[A-Z]{2}[ ][A-Z]\d[A-Z][ ]?\d[A-Z]\d)\b)?",
            ],
            find: number_name_type,
        },
        Probe {
            literals: &[
                "rue",
                "avenue",
                "av",
                "boulevard",
                "bd",
                "place",
                "chemin",
                "allée",
                "allee",
                "impasse",
                "quai",
                "route",
                "cours",
                "square",
                "passage",
            ],
            whole_words: true,
            patterns: &[
                r"(?:^|[^\w.,-])(\d{1,4}(?:[ ]?(?:bis|ter|quater|[A-D]))?,?[ ])$",
                r"^[ ](?:(?:de|du|des|la|le|les|et|saint|sainte|aux?|sur|l['’]|d['’])[ ]?){0,3}(?:l['’]|d['’])?\p{Lu}[\p{L}'’-]*(?:[ -](?:(?:de|du|des|la|le|les|et)[ ]){0,2}(?:l['’]|d['’])?\p{Lu}[\p{L}'’-]*){0,4}(?:,?\s{1,3}\d{5}\s\p{Lu}[\p{L}'’-]+(?:[ ]\p{Lu}[\p{L}'’-]+){0,2})?",
            ],
            find: number_name_type,
        },
        Probe {
            literals: &[
                "calle",
                "c/",
                "avenida",
                "avda",
                "avda.",
                "plaza",
                "paseo",
                "carretera",
                "camino",
                "via",
                "viale",
                "piazza",
                "corso",
                "largo",
                "vicolo",
                "rua",
                "travessa",
                "praça",
                "praca",
                "alameda",
                "estrada",
                "ronda",
                "carrera",
            ],
            whole_words: true,
            patterns: &[
                r"^\.?[ ]?(?:(?:de|del|de la|de los|della|dei|delle|do|da|dos|das|la|el|los)[ ])?\p{Lu}[\p{L}.'’]*(?:[ ](?:(?:de|del|la|los|della|dei|do|da|dos|das|y|e)[ ]){0,2}\p{Lu}?[\p{L}.'’]+){0,4},?[ ](?:n[º°.o]{0,2}[ ]?)?\d{1,5}[A-Za-z]?\b(?:,?[ ]\d{1,2}[.]?[ºª°][ ]?[A-Za-z]{0,4})?(?:(?:,|[ ]-)?\s{1,3}\d{4,5}(?:-\d{3})?\s\p{Lu}[\p{L}'’]+(?:[ ]\p{Lu}[\p{L}'’]+){0,2})?",
            ],
            find: type_name_number,
        },
        Probe {
            literals: &[
                "straße", "strasse", "str.", "weg", "platz", "allee", "gasse", "damm", "ufer",
                "straat", "laan", "plein", "gracht",
            ],
            whole_words: false,
            patterns: &[
                r"(?:^|[^\p{L}])((?:\p{Lu}[\p{L}-]*[ -]){0,2}\p{Lu}[\p{L}-]*[ -]?)$",
                r"^[ ]\d{1,4}(?:[ ]?[a-zA-Z]\b)?(?:-\d{1,4})?(?:,?\s{1,3}(?:\d{5}|\d{4}[ ]?[A-Z]{2})\s\p{Lu}\p{L}+(?:[ -]\p{Lu}\p{L}+){0,2})?",
            ],
            find: number_name_type,
        },
        Probe {
            literals: &[
                "p.o. box",
                "po box",
                "p. o. box",
                "post office box",
                "apartado de correos",
                "apartado postal",
                "boîte postale",
                "postfach",
                "casella postale",
                "caixa postal",
            ],
            whole_words: true,
            patterns: &[
                r"^[ ]#?\d{1,7}\b(?:,?\s{1,3}\p{Lu}[\p{L}'’.-]+(?:[ ]\p{Lu}[\p{L}'’.-]+){0,2},?\s{1,3}(?:[A-Z]{2}\s{1,3})?\d{5}(?:-\d{4})?)?",
            ],
            find: type_name_number,
        },
    ],
    examples: Examples {
        positive: &[
            "I live at ⟦123 Main Street⟧.",
            "Ship to ⟦742 Evergreen Terrace, Springfield, IL 62704⟧",
            "⟦1600 Pennsylvania Ave NW⟧ is famous",
            "⟦221B Baker Street, London NW1 6XE⟧",
            "⟦350 5th Ave, Apt 12B, New York, NY 10118⟧",
            "Vivo en ⟦Calle Mayor 12, 28013 Madrid⟧",
            "J'habite ⟦12 rue de la Paix, 75002 Paris⟧",
            "Ich wohne in der ⟦Hauptstraße 5, 10115 Berlin⟧",
            "Abito in ⟦Via Roma 10, 00184 Roma⟧",
            "Moro na ⟦Rua Augusta 1500⟧",
            "⟦P.O. Box 1234⟧",
            "meet at ⟦45 Old Mill Rd⟧ at noon",
        ],
        negative: &[
            "I live in Paris",
            "Main Street is long",
            "Wall Street fell 200 points",
            "a 5 minute drive",
            "3 kids on the road",
            "on my way",
            "the Via Appia",
            "Der Weg ist lang",
            "St Peter had 12 friends",
            "Calle Mayor",
            "10115 Berlin",
            "in 2024 Main Street closed its doors to the street",
        ],
    },
    ..Entity::new(PiiType::Address)
};

/// What stands before and after the word for a street.
fn sides<'t>(probed: &Probed<'t>) -> (usize, &'t str, &'t str) {
    let (text, at) = (probed.text, &probed.at);
    let from = text.floor_char_boundary(at.start.saturating_sub(REACH_BACK));
    let to = text.floor_char_boundary(at.end + REACH_FORWARD);
    (from, &text[from..at.start], &text[at.end..to])
}

/// A form whose first part ends before the word, and whose second starts after it, and may be empty
/// where the pattern allows it.
fn number_name_type(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let [first, second] = probed.patterns else {
        return;
    };
    let (from, before, after) = sides(probed);
    let first = first.captures(before).and_then(|captures| captures.get(1));
    let (Some(first), Some(second)) = (first, second.find(after)) else {
        return;
    };
    let mut end = probed.at.end + second.end();
    if second.as_str() == "." {
        end = probed.at.end;
    }
    let starts_with_year = first.as_str().split(' ').next().is_some_and(is_year);
    if !(starts_with_year && second.is_empty()) {
        found.push((from + first.start()..end, 0.8));
    }
}

/// Whether `text` reads as a year rather than as a house number.
fn is_year(text: &str) -> bool {
    text.parse::<u16>()
        .is_ok_and(|year| (1900..=2099).contains(&year))
}

/// A form that starts with the word.
fn type_name_number(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let (_, _, after) = sides(probed);
    let Some(rest) = probed
        .patterns
        .first()
        .and_then(|pattern| pattern.find(after))
    else {
        return;
    };
    let start = probed.at.start;
    found.push((start..probed.at.end + rest.end(), 0.8));
}
