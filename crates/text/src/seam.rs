//! Seams: places in a growing text where it can be parted without changing how either side is read.
//!
//! Every view of a text is made from stretches of it: a row of single letters, an encoded run, a word
//! in disguise, a tag. A seam lies between two *breakers*, ordinary words that no stretch can hold and
//! that every view shows as they are. So what is on one side of a seam is read the same whatever is on
//! the other. The exceptions are few and looked for:
//!
//! - Some characters are read in the light of the whole text: letters of alphabets that are mistaken
//!   for Latin ones, invisible and control characters, backslashes, `=` before two hexadecimal digits,
//!   and all that holds something encoded. From the first of them on a text is *sealed*: it has no
//!   seams.
//! - Accented letters are read in the light of their segment (see [`segments`]). One that has not
//!   ended is *open* from its first accented letter on.
//! - A tag may still be open at the end of the text.
//!
//! [`segments`]: crate::derive::language::segments

use crate::character::{is_default_ignorable, is_pictograph, script};
use crate::decode;
use icu_properties::props::Script;

/// Longest tag or link target, in bytes, as markup is read.
const LONGEST_TAG: usize = 512;
/// Longest comment, in bytes, as markup is read.
const LONGEST_COMMENT: usize = 4096;
/// Longest plain word, in bytes.
const LONGEST_WORD: usize = 24;
/// Shortest breaker, in bytes: shorter ones may be numbers in hexadecimal.
const SHORTEST_BREAKER: usize = 4;
/// Fewest bytes of plain words between a seam and what is still open.
const LEAST_REACH: usize = 24;

/// A place where a text can be parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seam {
    /// Where the right side starts, in bytes: at a word.
    pub at: usize,
    /// Bytes of plain words before it. They stand in every view as they do in the text.
    pub plain: usize,
    /// Whether a segment starts here: a sentence or a line.
    pub opens_segment: bool,
}

/// The seams of a text that may go on.
#[derive(Clone, Debug)]
pub struct Seams {
    all: Vec<Seam>,
    /// Bytes of plain words before what is still open.
    plain: usize,
    sealed: bool,
    accented: bool,
}

impl Seams {
    /// The seams of `text`, of which more may follow.
    pub fn of(text: &str) -> Self {
        let sealed_at = sealed_at(text);
        let end = sealed_at
            .unwrap_or(text.len())
            .min(open_markup(text).unwrap_or(text.len()));
        let mut walk = Walk::default();
        let hidden = markup(&text[..end]);
        let mut hidden = hidden.iter().peekable();
        for token in tokens(&text[..end]) {
            while hidden.next_if(|range| range.end <= token.start).is_some() {}
            let in_markup = hidden.peek().is_some_and(|range| range.start < token.end);
            walk.token(text, &token, in_markup);
        }
        let plain = walk.open.map_or(walk.plain, |open| open.plain);
        Self {
            plain,
            sealed: sealed_at.is_some(),
            accented: walk.accented,
            all: walk.seams,
        }
    }

    /// The seams that have at least `reach` bytes of plain words between them and whatever is open,
    /// in order. Nothing that follows changes how what is before them is read.
    pub fn settled(&self, reach: usize) -> &[Seam] {
        let reach = reach.max(LEAST_REACH);
        let settled = self
            .all
            .partition_point(|seam| seam.plain + reach <= self.plain);
        &self.all[..settled]
    }

    /// Whether some of the text is read in the light of all of it: it has no seams from there on.
    pub fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// Where to start so that what is at and after `at`, which is a seam, is read as in all of the
    /// text: a seam with at least `reach` bytes of plain words before `at`, where a segment starts if
    /// there are accents. 0 if there is none.
    pub fn start_before(&self, at: usize, reach: usize) -> usize {
        let reach = reach.max(LEAST_REACH);
        let after = self.all.partition_point(|seam| seam.at < at);
        let Some(seam) = self.all.get(after).filter(|seam| seam.at == at) else {
            return 0;
        };
        let mut before = self.all[..after].iter().rev();
        before
            .find(|start| {
                start.plain + reach <= seam.plain && (start.opens_segment || !self.accented)
            })
            .map_or(0, |start| start.at)
    }
}

/// A run of characters that are no white space, with the white space before it.
struct Token {
    start: usize,
    end: usize,
    /// Where the white space after it ends.
    next: usize,
}

/// The tokens of a text that have ended.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let bytes = text.as_bytes();
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t');
    let skip = move |from: usize| {
        let rest = bytes[from..].iter();
        from + rest.take_while(|byte| is_space(byte)).count()
    };
    let mut position = skip(0);
    std::iter::from_fn(move || {
        let start = position;
        let length = bytes[start..].iter().position(is_space)?;
        let end = start + length;
        position = skip(end);
        let next = position;
        Some(Token { start, end, next })
    })
}

#[derive(Clone, Copy)]
struct Open {
    plain: usize,
}

/// What a walk over the tokens knows.
#[derive(Default)]
struct Walk {
    seams: Vec<Seam>,
    /// Bytes of plain words so far.
    plain: usize,
    /// The first accented letter of the segment that has not ended.
    open: Option<Open>,
    accented: bool,
    /// Whether the token before is a breaker, with one or two spaces or line breaks behind.
    after_breaker: bool,
    after_segment: bool,
}

impl Walk {
    fn token(&mut self, text: &str, token: &Token, in_markup: bool) {
        let shown = &text[token.start..token.end];
        let word = shown.strip_suffix(['.', ',', '!', '?', ';', ':']);
        let word = word.unwrap_or(shown);
        let is_plain = !in_markup && is_plain(word);
        let is_breaker = is_plain && is_breaker(word);
        if self.after_breaker && is_breaker {
            self.seams.push(Seam {
                at: token.start,
                plain: self.plain,
                opens_segment: self.after_segment,
            });
        }
        if is_plain {
            self.plain += shown.len();
        } else if shown.chars().any(is_accented) {
            self.accented = true;
            let plain = self.plain;
            self.open.get_or_insert(Open { plain });
        }
        let gap = &text[token.end..token.next];
        let ends_segment = is_plain
            && (gap.contains('\n') || shown.ends_with(['.', '!', '?', ';', ':']))
            && !gap.is_empty();
        if ends_segment {
            self.open = None;
        }
        self.after_segment = ends_segment;
        self.after_breaker = is_breaker && matches!(gap, " " | "\n" | "\n\n" | "  ");
    }
}

/// Whether the character may be a letter with an accent.
fn is_accented(character: char) -> bool {
    !character.is_ascii() && character.is_alphabetic()
}

/// Whether the word stands in every view as it is, unless it is part of a row.
fn is_plain(word: &str) -> bool {
    let bytes = word.as_bytes();
    (2..=LONGEST_WORD).contains(&bytes.len())
        && bytes[0].is_ascii_alphabetic()
        && bytes[1..].iter().all(u8::is_ascii_lowercase)
        && !decode::reads_as_letter(word)
        && !crate::derive::spoken::reads_as_sign(word)
}

/// Whether a plain word can be no part of any row: of turned letters, of numbers, of signs.
fn is_breaker(word: &str) -> bool {
    let turns = |byte: u8| {
        matches!(
            byte.to_ascii_lowercase(),
            b'b' | b'q'
                | b'd'
                | b'p'
                | b'n'
                | b'u'
                | b'm'
                | b'w'
                | b'o'
                | b's'
                | b'x'
                | b'z'
                | b'l'
                | b'i'
                | b'h'
        )
    };
    word.len() >= SHORTEST_BREAKER && !word.bytes().all(turns)
}

/// Where the text starts to be read in the light of all of it.
fn sealed_at(text: &str) -> Option<usize> {
    let encoded = encoded_at(text);
    let mut characters = text.char_indices().peekable();
    let mut invisible = 0;
    let by_character = std::iter::from_fn(|| characters.next()).find(|(at, character)| {
        let is_invisible = matches!(character, '\u{FE0F}' | '\u{200D}');
        invisible = if is_invisible { invisible + 1 } else { 0 };
        seals(*character) || invisible > 2 || (*character == '=' && may_escape(&text[at + 1..]))
    });
    let by_character = by_character.map(|(at, _)| at);
    let by_line = uuencoded_at(text);
    [encoded, by_character, by_line].into_iter().flatten().min()
}

/// Whether `=` before `rest` may be quoted-printable.
fn may_escape(rest: &str) -> bool {
    match rest.as_bytes() {
        [] | [b'\n' | b'\r', ..] => true,
        [first] => is_hexadecimal(*first),
        [first, second, ..] => is_hexadecimal(*first) && is_hexadecimal(*second),
    }
}

fn is_hexadecimal(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'F')
}

fn seals(character: char) -> bool {
    if character.is_ascii() {
        return character == '\\'
            || (character.is_ascii_control() && !matches!(character, '\n' | '\t'));
    }
    match character {
        // Letters of Latin alphabets, not those of phonetic notation.
        '\u{C0}'..='\u{24F}'
        | '\u{1E00}'..='\u{1EFF}'
        // Punctuation and signs of ordinary text.
        | '\u{A1}'
        | '\u{A3}'
        | '\u{A7}'
        | '\u{A9}'
        | '\u{AB}'
        | '\u{AE}'
        | '\u{B0}'
        | '\u{B7}'
        | '\u{BB}'
        | '\u{BF}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2018}'..='\u{2022}'
        | '\u{2026}'
        | '\u{20AC}'
        | '\u{2190}'..='\u{2193}'
        | '\u{2212}'
        | '\u{2248}'
        | '\u{2264}'
        | '\u{2265}'
        | '\u{3001}'
        | '\u{3002}'
        | '\u{FE0F}'
        | '\u{200D}' => false,
        _ if is_default_ignorable(character) => true,
        _ if is_pictograph(character) => {
            matches!(character, '\u{2000}'..='\u{25FF}' | '\u{1F100}'..='\u{1F2FF}')
        }
        _ => {
            !matches!(
                script(character),
                Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul
            ) || !character.is_alphabetic()
        }
    }
}

/// Where the first stretch starts that holds something encoded, but for single characters of plain
/// text in percent signs or character references.
fn encoded_at(text: &str) -> Option<usize> {
    // Any of these signs anywhere lets each word be tried as ASCII85.
    let tried = format!("{text} ;");
    let runs = decode::starts(&tried, |plain| {
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b" .,:/@-'\"".contains(&byte);
        plain.bytes().all(harmless)
    });
    runs.min()
}

/// Where the first line starts that may be uuencoded.
fn uuencoded_at(text: &str) -> Option<usize> {
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        let whole = line.ends_with('\n');
        if whole && decode::is_uuencoded(line.trim_end_matches(['\n', '\r'])) {
            return Some(position);
        }
        position += line.len();
    }
    None
}

/// The stretches of `text` that may be tags, comments or hidden links, in order.
fn markup(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    let mut position = 0;
    while let Some(found) = memchr::memchr2(b'<', b'[', &bytes[position..]) {
        let start = position + found;
        position = match close(&bytes[start..]) {
            Close::At(length) => {
                all.push(start..start + length);
                start + length
            }
            Close::Open | Close::None => start + 1,
        };
    }
    all
}

/// Where markup starts that may not have ended.
fn open_markup(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let reach = text.len().saturating_sub(LONGEST_COMMENT);
    memchr::memchr2_iter(b'<', b'[', &bytes[reach..])
        .map(|at| reach + at)
        .find(|at| matches!(close(&bytes[*at..]), Close::Open))
}

enum Close {
    /// After so many bytes.
    At(usize),
    /// Not yet.
    Open,
    /// It is no markup.
    None,
}

/// Where the markup that `bytes` may start with closes.
fn close(bytes: &[u8]) -> Close {
    if bytes.starts_with(b"<!--") {
        let reach = &bytes[..bytes.len().min(LONGEST_COMMENT)];
        return match memchr::memmem::find(reach, b"-->") {
            Some(close) => Close::At(close + 3),
            None if bytes.len() < LONGEST_COMMENT => Close::Open,
            None => Close::None,
        };
    }
    let sign = match bytes {
        b"<" | b"<!" | b"<!-" | b"[" | b"[]" => return Close::Open,
        [b'[', b']', b'(', ..] => b')',
        [b'<', next, ..] if next.is_ascii_alphabetic() || *next == b'/' => b'>',
        _ => return Close::None,
    };
    let reach = &bytes[1..bytes.len().min(LONGEST_TAG)];
    match memchr::memchr2(sign, b'<', reach) {
        Some(close) if reach[close] == sign => Close::At(close + 2),
        Some(_) if sign == b'>' => Close::None,
        Some(_) => match memchr::memchr(sign, reach) {
            Some(close) => Close::At(close + 2),
            None if bytes.len() < LONGEST_TAG => Close::Open,
            None => Close::None,
        },
        None if bytes.len() < LONGEST_TAG => Close::Open,
        None => Close::None,
    }
}
