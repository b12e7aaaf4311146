//! IPv4 and IPv6 addresses.
//!
//! Read by the parsers of the standard library (RFC 4291, RFC 6943: four decimal octets without
//! leading zeros). Four numbers below ten, and four numbers after a word like "version" or "section",
//! are no address unless a word near them says so.
//!
//! It cannot see addresses in other bases (`0x7f000001`).

use super::{Entity, Examples, Probe, Probed, Shape};
use crate::config::PiiType;
use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

pub(super) static ENTITY: Entity = Entity {
    context: &[
        "ip",
        "ips",
        "ip address",
        "ip addresses",
        "ipv4",
        "ipv6",
        "host",
        "server",
        "address",
        "addr",
        "dns",
        "gateway",
        "subnet",
        "ping",
        "dirección ip",
        "adresse ip",
        "ip-adresse",
        "indirizzo ip",
        "endereço ip",
        "login from",
    ],
    against: &[
        "version",
        "ver",
        "v",
        "release",
        "build",
        "firmware",
        "section",
        "sections",
        "sec",
        "chapter",
        "clause",
        "paragraph",
        "article",
        "update",
        "versión",
        "versione",
        "versão",
        "kapitel",
        "abschnitt",
        "sección",
        "capítulo",
    ],
    shapes: &[
        Shape::new(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}", 0.8, 0.97)
            .checked(is_distinct_ipv4)
            .joined_by("."),
        Shape::new(r"\d\.\d\.\d\.\d", 0.3, 0.8)
            .checked(is_ipv4)
            .joined_by("."),
        Shape::new(
            r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{0,3}(?:\.\d{1,3}){3})?",
            0.93,
            1.0,
        )
        .checked(is_ipv6)
        .joined_by(":"),
    ],
    probes: &[Probe {
        literals: &["::"],
        whole_words: false,
        patterns: &[],
        find: around_double_colon,
    }],
    examples: Examples {
        positive: &[
            "from ⟦192.168.0.12⟧",
            "server at ⟦10.0.0.1⟧:8080",
            "IP: ⟦8.8.8.8⟧",
            "subnet ⟦172.16.0.0⟧/12",
            "⟦2001:db8:85a3:0:0:8a2e:370:7334⟧",
            "⟦2001:db8::1⟧ answered",
            "loopback ⟦::1⟧.",
            "mapped ⟦::ffff:192.0.2.128⟧",
            "ping ⟦1.1.1.1⟧",
            "⟦fe80::1ff:fe23:4567:890a⟧",
            "The address is ⟦203.0.113.7⟧.",
        ],
        negative: &[
            "version 10.2.33.4",
            "section 12.10.11.14",
            "256.1.1.1",
            "1.2.3.4",
            "1.2.3.4.5",
            "10.0.0",
            "12:30:45",
            "std::fmt",
            "192.168.01.1",
            "v12.10.11.14",
            "a::b",
            "00:1A:2B:3C:4D:5E",
        ],
    },
    ..Entity::new(PiiType::IpAddress)
};

/// Whether `text` is an IPv4 address.
fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// Whether `text` is an IPv4 address that is more than four single digits.
fn is_distinct_ipv4(text: &str) -> bool {
    text.len() > "1.2.3.4".len() && is_ipv4(text)
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// An IPv6 address around `::` that starts with no digit.
fn around_double_colon(probed: &Probed<'_>, found: &mut Vec<(Range<usize>, f32)>) {
    let belongs = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let (bytes, at) = (probed.text.as_bytes(), &probed.at);
    let floor = at.start.saturating_sub(40);
    let ceiling = (at.end + 45).min(bytes.len());
    let before = bytes[floor..at.start]
        .iter()
        .rev()
        .take_while(|byte| belongs(byte))
        .count();
    let after = bytes[at.end..ceiling]
        .iter()
        .take_while(|byte| belongs(byte))
        .count();
    let range = at.start - before..at.end + after;
    let run = probed.text[range.clone()].trim_end_matches('.');
    let run = if run.ends_with("::") {
        run
    } else {
        run.trim_end_matches(':')
    };
    let touches = |character: char| character.is_alphanumeric() || character == '_';
    let after_run = probed.text[range.start + run.len()..].chars().next();
    let before_run = probed.text[..range.start].chars().next_back();
    let alone = !before_run.is_some_and(touches) && !after_run.is_some_and(touches);
    if alone && run.bytes().any(|byte| byte.is_ascii_digit()) && is_ipv6(run) {
        found.push((range.start..range.start + run.len(), 0.93));
    }
}
