//! SWIFT / BIC codes.
//!
//! Four letters for the bank, an ISO 3166 country, two characters for the place and, for a branch,
//! three more (ISO 9362). Any eight capitals whose fifth and sixth are a country look the same, so
//! that it is reported only after a word that names it.

use super::{Cue, Entity, Examples};
use crate::config::PiiType;

/// ISO 3166-1 alpha-2, and XK (Kosovo) as used by SWIFT.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK";

pub(super) static ENTITY: Entity = Entity {
    cues: &[Cue {
        words: &[
            "swift",
            "bic",
            "swift code",
            "bic code",
            "swift/bic",
            "bic/swift",
            "bic-code",
            "swift-code",
            "código swift",
            "codigo swift",
            "code swift",
            "code bic",
            "codice swift",
            "codice bic",
            "iban",
            "bank identifier code",
        ],
        pattern: r"[^\n]{0,48}?\b([A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?)(?:[^\w-]|$)",
        score: 0.9,
        check: names_country,
    }],
    examples: Examples {
        positive: &[
            "SWIFT: ⟦DEUTDEFF⟧",
            "BIC ⟦DEUTDEFF500⟧",
            "swift code is ⟦CHASUS33⟧.",
            "IBAN DE89370400440532013000, BIC ⟦COBADEFFXXX⟧",
            "SWIFT/BIC: ⟦BNPAFRPP⟧",
            "código SWIFT ⟦BSCHESMM⟧",
            "code BIC : ⟦CRLYFRPP⟧",
            "codice SWIFT ⟦UNCRITMM⟧",
            "bank identifier code ⟦NWBKGB2L⟧",
            "the BIC for our bank is ⟦HSBCHKHH⟧",
        ],
        negative: &[
            "DEUTDEFF",
            "SWIFT: DEUTXXFF",
            "swift code: deutdeff",
            "SWIFT 12345678",
            "a swift reply",
            "BIC pens",
            "SWIFT DEUTDEF",
            "SWIFT DEUTDEFF5000",
            "Taylor Swift CONCERT",
            "COMPUTER",
        ],
    },
    ..Entity::new(PiiType::SwiftCode)
};

/// Whether the fifth and sixth characters are a country.
fn names_country(text: &str) -> bool {
    let country = &text[4..6];
    COUNTRIES.split(' ').any(|known| known == country)
}
