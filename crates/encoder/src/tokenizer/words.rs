//! From text to normalised words, as the reference does it: clean, space out ideographs, decompose,
//! strip marks, lower-case, split on white space and punctuation.

use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

use super::unicode_tables::{DECOMPOSED, PUNCTUATION, REMOVED, REORDERED, SPACED, STRIPPED};

/// Invisible characters in a row from which a run is a payload and no typographic hint.
pub(super) const PAYLOAD_RUN: usize = 3;

/// A normalised word and where each of its bytes comes from.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) chars: usize,
    sources: Sources<'a>,
}

enum Sources<'a> {
    /// Byte `i` of the word is byte `start + i` of the text.
    Contiguous(usize),
    /// The source character's range, for every byte of the word.
    PerByte(&'a [(usize, usize)]),
}

impl Word<'_> {
    /// The bytes of the text that the bytes `range` of the word came from.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        match self.sources {
            Sources::Contiguous(start) => start + range.start..start + range.end,
            Sources::PerByte(spans) => spans[range.start].0..spans[range.end - 1].1,
        }
    }
}

/// Whether a word may run on over a hidden payload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Payloads {
    /// As the reference: what is dropped leaves no trace.
    Ignore,
    /// Three or more invisible characters in a row end the word.
    SplitWords,
}

/// Calls `emit` for every word of `text`. Ranges are shifted by `base`.
pub(super) fn split_words(
    text: &str,
    base: usize,
    payloads: Payloads,
    emit: &mut dyn FnMut(Word<'_>),
) {
    if text.bytes().all(is_plain_ascii) {
        split_ascii(text, base, emit);
    } else {
        Splitter::new(payloads, emit).run(text, base);
    }
}

/// ASCII that normalises byte by byte: no control character but white space.
fn is_plain_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

fn split_ascii(text: &str, base: usize, emit: &mut dyn FnMut(Word<'_>)) {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let mut word = |range: Range<usize>| {
        let (start, chars) = (base + range.start, range.len());
        emit(Word {
            text: &lower[range],
            chars,
            sources: Sources::Contiguous(start),
        });
    };
    let mut start = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            continue;
        }
        if start < index {
            word(start..index);
        }
        if byte.is_ascii_punctuation() {
            word(index..index + 1);
        }
        start = index + 1;
    }
    if start < bytes.len() {
        word(start..bytes.len());
    }
}

/// A character of a canonical decomposition.
struct Decomposed {
    class: u8,
    c: char,
    /// Whether it is the first part of its source character.
    begins_source: bool,
}

struct Splitter<'a> {
    payloads: Payloads,
    emit: &'a mut dyn FnMut(Word<'_>),
    word: String,
    chars: usize,
    spans: Vec<(usize, usize)>,
    /// Decomposed characters since the last starter, waiting for canonical order.
    pending: Vec<Decomposed>,
    /// Source characters of `pending`, in the order of the text.
    pending_spans: Vec<(usize, usize)>,
    /// Source of the last decomposed character.
    last_span: (usize, usize),
    invisible_run: usize,
}

impl<'a> Splitter<'a> {
    fn new(payloads: Payloads, emit: &'a mut dyn FnMut(Word<'_>)) -> Self {
        Self {
            payloads,
            emit,
            word: String::new(),
            chars: 0,
            spans: Vec::new(),
            pending: Vec::new(),
            pending_spans: Vec::new(),
            last_span: (0, 0),
            invisible_run: 0,
        }
    }

    fn run(mut self, text: &str, base: usize) {
        for (offset, c) in text.char_indices() {
            let span = (base + offset, base + offset + c.len_utf8());
            self.watch_payload(c);
            self.clean(c, span);
        }
        self.flush_pending();
        self.end_word();
    }

    /// Ends the word where a run of invisible characters becomes a payload.
    fn watch_payload(&mut self, c: char) {
        if self.payloads == Payloads::Ignore {
            return;
        }
        self.invisible_run = if is_invisible(c) {
            self.invisible_run + 1
        } else {
            0
        };
        if self.invisible_run == PAYLOAD_RUN {
            self.flush_pending();
            self.end_word();
        }
    }

    fn clean(&mut self, c: char, span: (usize, usize)) {
        if c.is_ascii() {
            if is_plain_ascii(c as u8) {
                self.flush_pending();
                self.accept(c.to_ascii_lowercase(), span);
            }
            return;
        }
        if contains(REMOVED, c) {
            return;
        }
        let spaced = contains(SPACED, c);
        if spaced || c.is_whitespace() {
            self.flush_pending();
            self.end_word();
        }
        if c.is_whitespace() {
            return;
        }
        self.decompose(c, span);
        if spaced {
            self.flush_pending();
            self.end_word();
        }
    }

    fn decompose(&mut self, c: char, span: (usize, usize)) {
        if !contains(DECOMPOSED, c) {
            return self.order(c, Some(span));
        }
        let mut source = Some(span);
        decompose_canonical(c, |part| self.order(part, source.take()));
    }

    /// Canonical ordering: a run of marks is sorted by combining class, stably. `source` is given with
    /// the first part of a source character.
    fn order(&mut self, c: char, source: Option<(usize, usize)>) {
        let class = if contains(REORDERED, c) {
            canonical_combining_class(c)
        } else {
            0
        };
        if class == 0 {
            self.flush_pending();
        }
        self.pending.push(Decomposed {
            class,
            c,
            begins_source: source.is_some(),
        });
        self.pending_spans.extend(source);
    }

    /// Hands on what is pending. Where marks have changed places, the n-th first part takes the n-th
    /// source, as in the reference.
    fn flush_pending(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending);
        let mut spans = std::mem::take(&mut self.pending_spans);
        pending.sort_by_key(|part| part.class);
        let mut sources = spans.iter();
        for part in &pending {
            if part.begins_source
                && let Some(&span) = sources.next()
            {
                self.last_span = span;
            }
            if contains(STRIPPED, part.c) {
                continue;
            }
            for lower in part.c.to_lowercase() {
                self.accept(lower, self.last_span);
            }
        }
        // The buffers go back, for their room.
        pending.clear();
        spans.clear();
        self.pending = pending;
        self.pending_spans = spans;
    }

    fn accept(&mut self, c: char, span: (usize, usize)) {
        if c.is_whitespace() {
            self.end_word();
        } else if is_punctuation(c) {
            self.end_word();
            self.push(c, span);
            self.end_word();
        } else {
            self.push(c, span);
        }
    }

    fn push(&mut self, c: char, span: (usize, usize)) {
        self.word.push(c);
        self.spans.resize(self.word.len(), span);
        self.chars += 1;
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        (self.emit)(Word {
            text: &self.word,
            chars: self.chars,
            sources: Sources::PerByte(&self.spans),
        });
        self.word.clear();
        self.spans.clear();
        self.chars = 0;
    }
}

pub(super) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_punctuation()
    } else {
        contains(PUNCTUATION, c)
    }
}

/// Characters that show nothing, and that the reference drops without a trace.
pub(super) fn is_invisible(c: char) -> bool {
    let variation_selector =
        matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}');
    let joiner = c == '\u{034F}';
    variation_selector || joiner || contains(REMOVED, c)
}

fn contains(table: &[(u32, u32)], c: char) -> bool {
    let point = c as u32;
    let index = table.partition_point(|&(_, last)| last < point);
    table.get(index).is_some_and(|&(first, _)| first <= point)
}
