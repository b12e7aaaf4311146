//! US bank routing numbers (ABA routing transit numbers).
//!
//! Nine digits. The first two are a Federal Reserve routing symbol: 00–12, 21–32, 61–72 or 80. The
//! sum of the digits times 3, 7, 1 (repeated) is a multiple of ten (ABA Routing Number Policy).
//!
//! One number in ten passes the check by chance, so that it is reported only near a word that names it.

use super::{Entity, Examples, Shape, all_same, digits, weighted_sum};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "routing",
        "routing number",
        "routing no",
        "routing #",
        "aba",
        "aba number",
        "rtn",
        "transit number",
        "routing transit",
        "bank code",
        "wire",
        "ach",
        "número de ruta",
        "numero de ruta",
        "código de ruta",
        "numéro de routage",
        "bankleitzahl",
        "numero di routing",
        "número de roteamento",
    ],
    shapes: &[
        Shape::new(r"\d{9}", 0.3, 0.97).checked(is_routing_number),
        Shape::new(r"\d{4}-\d{4}-\d", 0.4, 0.97).checked(is_routing_number),
    ],
    examples: Examples {
        positive: &[
            "Routing number: ⟦021000021⟧",
            "ABA ⟦011401533⟧",
            "the routing number is ⟦121000358⟧ and the account 1234567890",
            "wire to ⟦026009593⟧",
            "RTN ⟦322271627⟧",
            "ACH routing ⟦091000019⟧",
            "routing #⟦111000025⟧",
            "número de ruta ⟦063100277⟧",
            "aba number ⟦0710-0001-3⟧",
            "routing transit number ⟦267084131⟧",
        ],
        negative: &[
            "routing number 021000022",
            "routing number 131000000",
            "routing number 000000000",
            "021000021",
            "order 021000021",
            "routing number 12345",
            "routing number 0210000211",
            "routing x021000021",
            "aba 991000021",
            "the routing table has 254 entries",
        ],
    },
    ..Entity::new(PiiType::UsBankRoutingNumber)
};

/// Whether the routing symbol exists and the check digit fits.
fn is_routing_number(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9
        && matches!(digits[0] * 10 + digits[1], 0..=12 | 21..=32 | 61..=72 | 80)
        && weighted_sum(&digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
        && !all_same(&digits)
}
