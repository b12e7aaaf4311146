//! The id of a request, sent back as `x-amzn-RequestId`.

use std::fmt;

/// A random UUID (RFC 9562, version 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(u128);

impl RequestId {
    /// A new id. If the system has no randomness to give, the nil UUID: an id is no secret, and a
    /// request is worth more than its id.
    pub fn new() -> Self {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            return Self(0);
        }
        let random = u128::from_be_bytes(bytes);
        let version = random & !(0xf << 76) | (0x4 << 76);
        Self(version & !(0x3 << 62) | (0x2 << 62))
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.0;
        write!(
            formatter,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            (id >> 96) as u32,
            (id >> 80) as u16,
            (id >> 64) as u16,
            (id >> 48) as u16,
            id & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::RequestId;

    #[test]
    fn ids_are_version_4_uuids_and_differ() {
        let (one, other) = (RequestId::new(), RequestId::new());
        assert_ne!(one, other);
        let text = one.to_string();
        let groups: Vec<_> = text.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(&text[14..15], "4");
        assert!("89ab".contains(&text[19..20]));
    }
}
