//! MAC addresses.
//!
//! Six pairs of hexadecimal digits with `:` or `-` (IEEE 802), or three groups of four with `.`.
//! Pairs of decimal digits joined by dashes are dates and serial numbers unless a word says so.
//!
//! It cannot see an address without separators, except near a word that names it, or one without any
//! decimal digit.

use super::{Entity, Examples, Shape};
use crate::config::PiiType;

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "mac",
        "mac address",
        "mac-adresse",
        "hardware address",
        "ethernet",
        "wifi",
        "wi-fi",
        "bssid",
        "hwaddr",
        "ether",
        "dirección mac",
        "adresse mac",
        "indirizzo mac",
        "endereço mac",
        "device",
    ],
    shapes: &[
        Shape::new(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}", 0.93, 1.0),
        Shape::new(r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}", 0.9, 1.0).checked(has_letter),
        Shape::new(r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}", 0.9, 1.0).checked(has_letter),
        Shape::new(r"[0-9A-Fa-f]{12}", 0.2, 0.85).checked(has_letter),
    ],
    examples: Examples {
        positive: &[
            "⟦00:1A:2B:3C:4D:5E⟧",
            "MAC ⟦00-1a-2b-3c-4d-5e⟧.",
            "⟦001a.2b3c.4d5e⟧ on port 3",
            "hwaddr=⟦52:54:00:12:34:56⟧",
            "mac address: ⟦001A2B3C4D5E⟧",
            "⟦a4:83:e7:00:11:22⟧ joined",
            "device (⟦DE:AD:BE:EF:00:01⟧)",
            "⟦11:22:33:44:55:66⟧",
            "adresse MAC ⟦3C-22-FB-00-AA-10⟧",
            "BSSID ⟦f0:9f:c2:6a:7b:8c⟧",
        ],
        negative: &[
            "00:1A:2B:3C:4D",
            "00:1A:2B:3C:4D:5E:6F",
            "12-34-56-78-90-12",
            "12:30:45",
            "001A2B3C4D5E",
            "00:1G:2B:3C:4D:5E",
            "1234.5678.9012",
            "2001:db8::1",
            "00:1A-2B:3C-4D:5E",
            "ratio 10:20:30:40:50",
        ],
    },
    ..Entity::new(PiiType::MacAddress)
};

fn has_letter(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphabetic())
}
