//! Spans: half-open byte ranges in the text the caller sent, never in a view.

use std::ops::Range;
use unicode_segmentation::GraphemeCursor;

/// A half-open byte range in the text the caller sent, on grapheme-cluster boundaries of it.
///
/// Texts are at most `u32::MAX` bytes long; the edge refuses longer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A span over `range`. A range that ends before it starts becomes empty at its start.
    pub fn new(range: Range<usize>) -> Self {
        let start = u32::try_from(range.start).unwrap_or(u32::MAX);
        let end = u32::try_from(range.end).unwrap_or(u32::MAX);
        Self {
            start,
            end: end.max(start),
        }
    }

    /// A span over `range` of `text`, widened to grapheme boundaries. Bytes past the end count as the end.
    pub fn widened(text: &str, range: Range<usize>) -> Self {
        let is_boundary = |at: usize| {
            text.is_char_boundary(at)
                && GraphemeCursor::new(at, text.len(), true)
                    .is_boundary(text, 0)
                    .unwrap_or(true)
        };
        let mut start = range.start.min(text.len());
        while !is_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.clamp(start, text.len());
        while !is_boundary(end) {
            end += 1;
        }
        Self::new(start..end)
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The same as a standard range, to index the text with.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// Whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two spans share at least one byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// One span stated in the three units that callers count in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// Bytes of the UTF-8 text (Rust, Go).
    pub bytes: Range<usize>,
    /// Unicode code points (Python; the Bedrock API).
    pub code_points: Range<usize>,
    /// UTF-16 code units (JavaScript, Java, C#).
    pub utf16: Range<usize>,
}

/// Converts spans of one text to other units without walking the text from its start each time.
///
/// A checkpoint is kept every [`Self::STRIDE`] bytes, so a conversion walks at most that far.
#[derive(Clone, Debug)]
pub struct OffsetIndex<'t> {
    text: &'t str,
    /// (byte, code points before it, UTF-16 units before it)
    checkpoints: Vec<(u32, u32, u32)>,
}

impl<'t> OffsetIndex<'t> {
    /// Distance between checkpoints, in bytes.
    pub const STRIDE: usize = 512;

    /// Walks the text once.
    pub fn new(text: &'t str) -> Self {
        let mut checkpoints = vec![(0, 0, 0)];
        let mut next = Self::STRIDE;
        let (mut code_points, mut utf16) = (0u32, 0u32);
        for (byte, character) in text.char_indices() {
            if byte >= next {
                checkpoints.push((byte as u32, code_points, utf16));
                next = byte + Self::STRIDE;
            }
            code_points += 1;
            utf16 += character.len_utf16() as u32;
        }
        Self { text, checkpoints }
    }

    /// States `span` in all units. Bytes past the end of the text count as its end.
    pub fn offsets(&self, span: Span) -> Offsets {
        let (start, end) = (self.locate(span.start()), self.locate(span.end()));
        Offsets {
            bytes: span.range(),
            code_points: start.0..end.0,
            utf16: start.1..end.1,
        }
    }

    /// Code points and UTF-16 units before `byte`.
    fn locate(&self, byte: usize) -> (usize, usize) {
        let after = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.0 as usize <= byte);
        let (from, mut code_points, mut utf16) = self.checkpoints[after.saturating_sub(1)];
        for (offset, character) in self.text[from as usize..].char_indices() {
            if from as usize + offset >= byte {
                break;
            }
            code_points += 1;
            utf16 += character.len_utf16() as u32;
        }
        (code_points as usize, utf16 as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn widened_spans_end_on_graphemes() {
        let text = "e\u{301}te\u{301} \u{1f468}\u{200d}\u{1f469}";
        for (range, widened) in [
            (0..1, 0..3),
            (1..4, 0..4),
            (4..5, 4..7),
            (9..10, 8..text.len()),
            (3..900, 3..text.len()),
        ] {
            assert_eq!(Span::widened(text, range).range(), widened);
        }
    }
}
