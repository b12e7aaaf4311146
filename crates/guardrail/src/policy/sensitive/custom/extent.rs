//! How far the matches of a pattern reach, told from its syntax.

use super::{Extent, NEST_LIMIT};
use regex_syntax::hir::{Class, Hir, HirKind};

/// A match that may be longer than this is as good as unbounded, in bytes: longer ones are not always
/// found whole in a long text (see `bounded`).
const LONGEST: usize = 512;

/// How far the matches of `pattern` reach. A pattern that does not parse is unbounded.
pub(super) fn of(pattern: &str) -> Extent {
    let parsed = regex_syntax::ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(pattern);
    let Ok(parsed) = parsed else {
        return Extent::Unbounded;
    };
    match parsed.properties().maximum_len() {
        Some(length) if length <= LONGEST => Extent::Bytes(length),
        _ if takes_space(&parsed) => Extent::Unbounded,
        _ => Extent::Word,
    }
}

/// Whether some match may hold white space.
fn takes_space(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0);
            text.map_or(true, |text| text.contains(char::is_whitespace))
        }
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .any(|range| spaces().any(|space| (range.start()..=range.end()).contains(&space))),
        HirKind::Class(Class::Bytes(_)) => true,
        HirKind::Repetition(repetition) => takes_space(&repetition.sub),
        HirKind::Capture(capture) => takes_space(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(takes_space),
    }
}

/// Every white-space character: all lie below U+3001.
fn spaces() -> impl Iterator<Item = char> {
    ('\0'..='\u{3000}').filter(|character| character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_far_matches_reach() {
        for (pattern, extent) in [
            (r"\bAB-[0-9]{4}\b", Extent::Bytes(7)),
            (r"[0-9]{3} [0-9]{4}", Extent::Bytes(8)),
            (r"é{2}", Extent::Bytes(4)),
            (r"sk-[A-Za-z0-9]+", Extent::Word),
            (r"\S+", Extent::Word),
            (r"(?i)[\w.]+@\w+", Extent::Word),
            (r"a{1000}", Extent::Word),
            (r"(a |b){300}", Extent::Unbounded),
            (r"begin.*end", Extent::Unbounded),
            (r"\d+\s\d+", Extent::Unbounded),
            (r"[^,]+,", Extent::Unbounded),
        ] {
            assert_eq!(of(pattern), extent, "{pattern}");
        }
    }
}
