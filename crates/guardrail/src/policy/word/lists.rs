//! The managed lists, as data in the binary. Where they come from: `lists/NOTICE.md`.

/// One list per language, one word or phrase a line; lines that start with `#` are comments.
const PROFANITY: &[&str] = &[
    include_str!("lists/ar.txt"),
    include_str!("lists/cs.txt"),
    include_str!("lists/da.txt"),
    include_str!("lists/de.txt"),
    include_str!("lists/en.txt"),
    include_str!("lists/es.txt"),
    include_str!("lists/fa.txt"),
    include_str!("lists/fi.txt"),
    include_str!("lists/fil.txt"),
    include_str!("lists/fr-CA.txt"),
    include_str!("lists/fr.txt"),
    include_str!("lists/hi.txt"),
    include_str!("lists/hu.txt"),
    include_str!("lists/it.txt"),
    include_str!("lists/ja.txt"),
    include_str!("lists/ko.txt"),
    include_str!("lists/nl.txt"),
    include_str!("lists/no.txt"),
    include_str!("lists/pl.txt"),
    include_str!("lists/pt.txt"),
    include_str!("lists/ru.txt"),
    include_str!("lists/sv.txt"),
    include_str!("lists/th.txt"),
    include_str!("lists/tr.txt"),
    include_str!("lists/zh.txt"),
];

/// Every word of the managed profanity list, in all its languages.
pub(super) fn profanity() -> impl Iterator<Item = &'static str> {
    let lines = PROFANITY.iter().flat_map(|list| list.lines());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}
