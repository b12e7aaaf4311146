//! Which addresses a model server may have.
//!
//! The check is made on the addresses that a name resolved to, and the connection goes to one of
//! those addresses: a name that resolves to something else the next time gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What kind of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of the public internet.
    Public,
    /// Of this machine or a private network.
    Private,
    /// Never a model server's: metadata services, link-local, multicast, reserved.
    Forbidden,
}

/// Why an address is not connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// The name has no address.
    #[error("the upstream's name has no address")]
    None,
    /// It is on this machine or in a private network, and that was not allowed.
    #[error(
        "the upstream is in a private network or on this machine, which is not allowed: set allow_private_addresses if it is meant"
    )]
    Private,
    /// It can be no model server.
    #[error("the upstream's address is a metadata service's, link-local or reserved")]
    Forbidden,
    /// It is public and the connection would not be encrypted.
    #[error("the upstream has a public address and its base_url is not encrypted: use https://")]
    Plain,
}

/// What may be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Private addresses are allowed.
    pub(crate) private: bool,
    /// The connection is encrypted.
    pub(crate) encrypted: bool,
}

/// The addresses, if every one of them may be connected to: a name with an address that it should
/// not have is not trusted with its others.
pub(crate) fn admit(
    addresses: impl IntoIterator<Item = SocketAddr>,
    rule: Rule,
) -> Result<Vec<SocketAddr>, Refused> {
    let addresses: Vec<_> = addresses.into_iter().collect();
    if addresses.is_empty() {
        return Err(Refused::None);
    }
    for address in &addresses {
        match kind(address.ip()) {
            Kind::Forbidden => return Err(Refused::Forbidden),
            Kind::Private if !rule.private => return Err(Refused::Private),
            Kind::Public if !rule.encrypted => return Err(Refused::Plain),
            Kind::Private | Kind::Public => {}
        }
    }
    Ok(addresses)
}

/// What kind of address `address` is.
pub(crate) fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    }
}

/// Metadata and host services of clouds in ranges that are otherwise public or private.
const SERVICES_V4: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
];
const SERVICES_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

fn kind_v4(address: Ipv4Addr) -> Kind {
    let [first, second, third, _] = address.octets();
    let forbidden = first == 0
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || first >= 240
        || (first, second, third) == (192, 0, 0)
        || (first, second, third) == (192, 88, 99)
        || (first == 198 && matches!(second, 18 | 19))
        || SERVICES_V4.contains(&address);
    if forbidden {
        return Kind::Forbidden;
    }
    let shared = first == 100 && (64..128).contains(&second);
    if address.is_loopback() || address.is_private() || shared {
        return Kind::Private;
    }
    Kind::Public
}

fn kind_v6(address: Ipv6Addr) -> Kind {
    if let Some(inner) = embedded(address) {
        return kind_v4(inner);
    }
    if address.is_loopback() {
        return Kind::Private;
    }
    if SERVICES_V6.contains(&address) {
        return Kind::Forbidden;
    }
    match address.segments() {
        // Unique local.
        [first, ..] if first & 0xfe00 == 0xfc00 => Kind::Private,
        // Documentation, and tunnels whose far end cannot be known.
        [0x2001, 0xdb8 | 0, ..] | [0x3fff, ..] => Kind::Forbidden,
        // Global unicast is all in here.
        [first, ..] if first & 0xe000 == 0x2000 => Kind::Public,
        _ => Kind::Forbidden,
    }
}

/// The IPv4 address in forms that end up at one: mapped, compatible, NAT64, 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, _, _, _, _, high, low]
        | [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses and what they are: the cases of the field's advisories, one line each.
    const CASES: &[(&str, Kind)] = &[
        ("8.8.8.8", Kind::Public),
        ("104.18.7.192", Kind::Public),
        ("172.15.0.1", Kind::Public),
        ("172.32.0.1", Kind::Public),
        ("100.63.255.255", Kind::Public),
        ("100.128.0.1", Kind::Public),
        ("2606:4700::6812:7c0", Kind::Public),
        ("2a00:1450:4001:81b::200e", Kind::Public),
        ("::ffff:8.8.8.8", Kind::Public),
        ("64:ff9b::808:808", Kind::Public),
        ("127.0.0.1", Kind::Private),
        ("127.1.2.3", Kind::Private),
        ("10.0.0.1", Kind::Private),
        ("172.16.0.1", Kind::Private),
        ("172.31.255.255", Kind::Private),
        ("192.168.1.1", Kind::Private),
        ("100.64.0.1", Kind::Private),
        ("::1", Kind::Private),
        ("fd12:3456::1", Kind::Private),
        ("fc00::1", Kind::Private),
        ("::ffff:127.0.0.1", Kind::Private),
        ("::ffff:10.0.0.1", Kind::Private),
        ("::127.0.0.1", Kind::Private),
        ("64:ff9b::7f00:1", Kind::Private),
        ("64:ff9b:1::10.0.0.1", Kind::Private),
        ("2002:7f00:1::", Kind::Private),
        ("2002:c0a8:101::1", Kind::Private),
        ("0.0.0.0", Kind::Forbidden),
        ("0.1.2.3", Kind::Forbidden),
        ("169.254.169.254", Kind::Forbidden),
        ("169.254.170.2", Kind::Forbidden),
        ("168.63.129.16", Kind::Forbidden),
        ("100.100.100.200", Kind::Forbidden),
        ("192.0.0.192", Kind::Forbidden),
        ("192.0.2.1", Kind::Forbidden),
        ("198.18.0.1", Kind::Forbidden),
        ("198.51.100.1", Kind::Forbidden),
        ("203.0.113.1", Kind::Forbidden),
        ("224.0.0.1", Kind::Forbidden),
        ("240.0.0.1", Kind::Forbidden),
        ("255.255.255.255", Kind::Forbidden),
        ("::", Kind::Forbidden),
        ("fe80::1", Kind::Forbidden),
        ("fec0::1", Kind::Forbidden),
        ("ff02::1", Kind::Forbidden),
        ("100::1", Kind::Forbidden),
        ("2001:db8::1", Kind::Forbidden),
        ("2001::1", Kind::Forbidden),
        ("3fff::1", Kind::Forbidden),
        ("fd00:ec2::254", Kind::Forbidden),
        ("fd20:ce::254", Kind::Forbidden),
        ("::ffff:169.254.169.254", Kind::Forbidden),
        ("::ffff:a9fe:a9fe", Kind::Forbidden),
        ("::169.254.169.254", Kind::Forbidden),
        ("::ffff:0:169.254.169.254", Kind::Forbidden),
        ("64:ff9b::a9fe:a9fe", Kind::Forbidden),
        ("2002:a9fe:a9fe::", Kind::Forbidden),
    ];

    #[test]
    fn addresses_are_of_their_kind() {
        for (text, expected) in CASES {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(kind(address), *expected, "{text}");
        }
    }

    #[test]
    fn one_wrong_address_is_enough() {
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 443);
        let rule = |private, encrypted| Rule { private, encrypted };
        let (public, private, metadata) = (at("8.8.8.8"), at("10.0.0.1"), at("169.254.169.254"));
        for (addresses, rule, expected) in [
            (vec![], rule(true, true), Err(Refused::None)),
            (vec![public], rule(false, true), Ok(vec![public])),
            (vec![private], rule(false, true), Err(Refused::Private)),
            (
                vec![public, private],
                rule(false, true),
                Err(Refused::Private),
            ),
            (
                vec![public, private],
                rule(true, true),
                Ok(vec![public, private]),
            ),
            (vec![private], rule(true, false), Ok(vec![private])),
            (vec![public], rule(true, false), Err(Refused::Plain)),
            (
                vec![private, metadata],
                rule(true, true),
                Err(Refused::Forbidden),
            ),
        ] {
            assert_eq!(admit(addresses, rule), expected);
        }
    }
}
