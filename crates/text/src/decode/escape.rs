//! Single characters written as escapes: `%69`, `&#105;`, `\u0069`, `=69`.

use super::Run;
use crate::derive::language::is_textual;
use crate::view::ViewKind;
use std::ops::Range;

/// Character references of HTML that a filter could be led past with. Letters have none.
const NAMED: [(&str, &str); 34] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("commat", "@"),
    ("period", "."),
    ("comma", ","),
    ("colon", ":"),
    ("semi", ";"),
    ("excl", "!"),
    ("quest", "?"),
    ("num", "#"),
    ("dollar", "$"),
    ("percnt", "%"),
    ("ast", "*"),
    ("lowbar", "_"),
    ("sol", "/"),
    ("bsol", "\\"),
    ("lpar", "("),
    ("rpar", ")"),
    ("lbrack", "["),
    ("rbrack", "]"),
    ("lcub", "{"),
    ("rcub", "}"),
    ("plus", "+"),
    ("equals", "="),
    ("hyphen", "-"),
    ("Tab", "\t"),
    ("NewLine", "\n"),
    ("shy", ""),
    ("zwnj", ""),
    ("zwj", ""),
];

/// Escaped characters, neighbours joined to one run each.
pub(super) fn find(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let quoted_printable = is_quoted_printable(bytes);
    let json = bytes
        .windows(2)
        .any(|pair| pair == b"\\u" || pair == b"\\\"" || pair == b"\\x");
    let mut runs = Vec::new();
    let mut position = 0;
    while let Some(next) = memchr::memchr3(b'%', b'&', b'\\', &bytes[position..])
        .map(|at| position + at)
        .into_iter()
        .chain(
            quoted_printable
                .then(|| memchr::memchr(b'=', &bytes[position..]))
                .flatten()
                .map(|at| position + at),
        )
        .min()
    {
        let run = match bytes[next] {
            b'%' => byte_run(text, next, b'%', ViewKind::Percent),
            b'=' => byte_run(text, next, b'=', ViewKind::QuotedPrintable),
            b'&' => entities(text, next),
            _ => backslashes(text, next, json),
        };
        match run {
            Some(run) => {
                position = run.range.end;
                runs.push(run);
            }
            None => position = next + 1,
        }
    }
    runs
}

fn hexadecimal(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 8 || !bytes.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(bytes).ok()?, 16).ok()
}

/// Consecutive `%XX` or `=XX`, as UTF-8. Soft line breaks of quoted-printable are part of a run.
fn byte_run(text: &str, start: usize, sign: u8, kind: ViewKind) -> Option<Run> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut end = start;
    while bytes.get(end) == Some(&sign) {
        let soft_break = if sign == b'=' {
            soft_break(&bytes[end..])
        } else {
            None
        };
        if let Some(length) = soft_break {
            end += length;
            continue;
        }
        let Some(byte) = bytes.get(end + 1..end + 3).and_then(hexadecimal) else {
            break;
        };
        decoded.push(byte as u8);
        end += 3;
    }
    if end == start {
        return None;
    }
    let plain = String::from_utf8(decoded).ok()?;
    let printable = plain
        .chars()
        .all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'));
    printable.then_some(Run {
        range: start..end,
        plain,
        kind,
    })
}

fn soft_break(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"=\r\n") {
        return Some(3);
    }
    bytes.starts_with(b"=\n").then_some(2)
}

/// At least three `=XX`, together at least a tenth of the text, and no other `=` but soft breaks.
fn is_quoted_printable(bytes: &[u8]) -> bool {
    let (mut escapes, mut others) = (0, 0);
    for at in memchr::memchr_iter(b'=', bytes) {
        let escaped = bytes.get(at + 1..at + 3).is_some_and(|pair| {
            pair.iter()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'))
        });
        if escaped {
            escapes += 1;
        } else if soft_break(&bytes[at..]).is_none() {
            others += 1;
        }
    }
    escapes >= 3 && escapes > 4 * others && escapes * 30 >= bytes.len()
}

fn join(
    text: &str,
    start: usize,
    kind: ViewKind,
    next: impl Fn(&str) -> Option<(usize, String)>,
) -> Option<Run> {
    let mut plain = String::new();
    let mut end = start;
    while let Some((length, decoded)) = text.get(end..).and_then(&next) {
        plain.push_str(&decoded);
        end += length;
    }
    (end > start).then_some(Run {
        range: start..end,
        plain,
        kind,
    })
}

fn entities(text: &str, start: usize) -> Option<Run> {
    join(text, start, ViewKind::Entities, entity)
}

/// The character reference at the start of `text`: its length and what it stands for.
fn entity(text: &str) -> Option<(usize, String)> {
    let body = text.strip_prefix('&')?;
    let length = body
        .bytes()
        .take(12)
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
        .count();
    let name = &body[..length];
    let ends = usize::from(body.as_bytes().get(length) == Some(&b';'));
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => hexadecimal(digits.as_bytes())?,
            None => number.parse().ok()?,
        };
        let character = char::from_u32(code).filter(|character| !character.is_control())?;
        return Some((1 + length + ends, character.to_string()));
    }
    let (_, plain) = NAMED
        .iter()
        .find(|(known, _)| *known == name && ends == 1)?;
    Some((1 + length + ends, (*plain).to_owned()))
}

fn backslashes(text: &str, start: usize, json: bool) -> Option<Run> {
    let run = join(text, start, ViewKind::Escapes, |rest| backslash(rest, json))?;
    let worth_it = !run.plain.is_empty()
        && (run
            .plain
            .chars()
            .all(|character| character.is_ascii_whitespace())
            || is_readable(&run.plain));
    worth_it.then_some(run)
}

fn is_readable(plain: &str) -> bool {
    is_textual(plain) || plain.chars().all(|character| !character.is_control())
}

/// The escape at the start of `text`: its length and what it stands for.
fn backslash(text: &str, json: bool) -> Option<(usize, String)> {
    let bytes = text.strip_prefix('\\')?.as_bytes();
    let digits = |range: Range<usize>| bytes.get(range).and_then(hexadecimal);
    let one = |length: usize, code: u32| Some((length, char::from_u32(code)?.to_string()));
    match bytes.first()? {
        b'u' if bytes.get(1) == Some(&b'{') => {
            let close = bytes.iter().take(10).position(|byte| *byte == b'}')?;
            one(close + 2, digits(2..close)?)
        }
        b'u' => {
            let unit = digits(1..5)?;
            if !(0xD800..0xDC00).contains(&unit) {
                return one(6, unit);
            }
            let low = bytes
                .get(5..7)
                .filter(|next| *next == b"\\u")
                .and_then(|_| digits(7..11))?;
            let low = low.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            one(12, 0x10000 + ((unit - 0xD800) << 10) + low)
        }
        b'U' => one(10, digits(1..9)?),
        b'x' => one(4, digits(1..3)?),
        b'0'..=b'3'
            if bytes
                .get(1..3)?
                .iter()
                .all(|digit| matches!(digit, b'0'..=b'7')) =>
        {
            let code = bytes[..3]
                .iter()
                .fold(0, |code, digit| code * 8 + u32::from(digit - b'0'));
            one(4, code)
        }
        b'n' if json => one(2, u32::from(b'\n')),
        b't' if json => one(2, u32::from(b'\t')),
        b'"' | b'\\' | b'/' if json => one(2, u32::from(bytes[0])),
        _ => None,
    }
}
