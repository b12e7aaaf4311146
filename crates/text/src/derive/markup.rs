//! HTML tags and comments and Markdown marks taken out: `<b>i</b><b>g</b>`, `**i****g**`.

use crate::map::{Builder, Outcome, Parent};

/// Longest tag looked for, in bytes. A `<` without a `>` in that reach is a sign, not a tag.
const LONGEST_TAG: usize = 512;

/// Longest comment looked for, in bytes.
const LONGEST_COMMENT: usize = 4096;

/// Tags that end a line or a cell: text before and after is not one word.
const BREAKING: [&str; 24] = [
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "blockquote",
    "pre",
    "option",
];

/// The text without markup, and whether some of it stood inside a word.
pub(crate) fn fold(parent: Parent<'_>, limit: usize) -> (Outcome, bool) {
    let text = parent.text;
    let bytes = text.as_bytes();
    if !bytes
        .iter()
        .any(|byte| matches!(byte, b'<' | b'*' | b'_' | b'~' | b'`' | b'['))
    {
        return (Outcome::Same, false);
    }
    let mut out = Builder::new(parent, limit);
    let mut in_word = false;
    let (mut copied, mut position) = (0, 0);
    while position < bytes.len() {
        let Some(mark) = Mark::at(text, position) else {
            position += 1;
            continue;
        };
        out.keep(copied..position);
        let end = position + mark.length;
        if mark.breaks {
            out.put("\n", position..end);
        }
        in_word |= !mark.breaks
            && position > 0
            && is_letter(bytes[position - 1])
            && bytes
                .get(end)
                .copied()
                .is_some_and(|next| is_letter(next) || matches!(next, b'<' | b'*'));
        position = end;
        copied = end;
    }
    out.keep(copied..text.len());
    (out.finish(), in_word)
}

struct Mark {
    length: usize,
    breaks: bool,
}

impl Mark {
    fn at(text: &str, position: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let inline = |length| {
            Some(Self {
                length,
                breaks: false,
            })
        };
        match bytes[position] {
            b'<' => tag(text, position),
            b'*' => {
                let length = run(bytes, position, b'*');
                let before = position.checked_sub(1).map(|before| bytes[before]);
                let after = bytes.get(position + length).copied();
                let amid_digits = before.is_some_and(|byte| byte.is_ascii_digit())
                    && after.is_some_and(|byte| byte.is_ascii_digit());
                let touches = before.is_some_and(is_wordlike) || after.is_some_and(is_wordlike);
                if touches && !(amid_digits && length == 1) {
                    inline(length)
                } else {
                    None
                }
            }
            // CommonMark: an underscore inside a word is part of it.
            b'_' => {
                let length = run(bytes, position, b'_');
                let before = position
                    .checked_sub(1)
                    .is_some_and(|before| is_wordlike(bytes[before]));
                let after = bytes
                    .get(position + length)
                    .copied()
                    .is_some_and(is_wordlike);
                if length == 2 || (length == 1 && before != after) {
                    inline(length)
                } else {
                    None
                }
            }
            b'~' if run(bytes, position, b'~') >= 2 => inline(run(bytes, position, b'~')),
            b'`' => inline(run(bytes, position, b'`')),
            b'[' if bytes[position..].starts_with(b"[](") => {
                let close = bytes[position..]
                    .iter()
                    .take(LONGEST_TAG)
                    .position(|byte| *byte == b')')?;
                inline(close + 1)
            }
            _ => None,
        }
    }
}

fn run(bytes: &[u8], position: usize, mark: u8) -> usize {
    bytes[position..]
        .iter()
        .take_while(|byte| **byte == mark)
        .count()
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

fn is_wordlike(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(byte, b'.' | b',' | b'!' | b'?' | b':' | b'"' | b'\'')
}

fn tag(text: &str, position: usize) -> Option<Mark> {
    let bytes = &text.as_bytes()[position..];
    if bytes.starts_with(b"<!--") {
        let reach = &bytes[..bytes.len().min(LONGEST_COMMENT)];
        let close = memchr::memmem::find(reach, b"-->")?;
        return Some(Mark {
            length: close + 3,
            breaks: false,
        });
    }
    let name_at = 1 + usize::from(bytes.get(1) == Some(&b'/'));
    let name_length = bytes[name_at.min(bytes.len())..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    if name_length == 0 || !bytes[name_at].is_ascii_alphabetic() {
        return None;
    }
    let name_end = name_at + name_length;
    // An address in angle brackets is text.
    if !matches!(
        bytes.get(name_end),
        Some(b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r')
    ) {
        return None;
    }
    let reach = &bytes[..bytes.len().min(LONGEST_TAG)];
    let close = memchr::memchr2(b'>', b'<', reach.get(1..)?)? + 1;
    if reach[close] == b'<' {
        return None;
    }
    let name = text[position + name_at..position + name_end].to_ascii_lowercase();
    Some(Mark {
        length: close + 1,
        breaks: BREAKING.contains(&name.as_str()),
    })
}
