//! The text as sent, with its grapheme-cluster boundaries, which are found once and only if asked for.

use crate::span::Span;
use std::ops::Range;
use std::sync::OnceLock;
use unicode_segmentation::UnicodeSegmentation;

/// The text as sent. Shared by all its views.
#[derive(Debug)]
pub(crate) struct Source {
    text: String,
    /// One bit per byte offset: set where a grapheme cluster starts. Made on the first question
    /// about text that is not ASCII. Asking a segmenter each time instead would cost time
    /// proportional to the cluster for each match, and clusters have no longest length.
    boundaries: OnceLock<Vec<u64>>,
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            boundaries: OnceLock::new(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Widens a byte range to grapheme boundaries. Offsets past the end count as the end.
    /// An empty range stays empty, at the boundary at or before it.
    pub(crate) fn widen(&self, range: Range<usize>) -> Span {
        let start = self.boundary_at_or_before(range.start.min(self.text.len()));
        if range.end <= range.start {
            return Span::new(start..start);
        }
        let end = self.boundary_at_or_after(range.end.min(self.text.len()));
        Span::new(start..end)
    }

    fn boundary_at_or_before(&self, mut offset: usize) -> usize {
        while !self.is_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn boundary_at_or_after(&self, mut offset: usize) -> usize {
        while !self.is_boundary(offset) {
            offset += 1;
        }
        offset
    }

    fn is_boundary(&self, offset: usize) -> bool {
        let bytes = self.text.as_bytes();
        if offset == 0 || offset >= bytes.len() {
            return true;
        }
        let (before, after) = (bytes[offset - 1], bytes[offset]);
        if before.is_ascii() && after.is_ascii() {
            return !(before == b'\r' && after == b'\n');
        }
        let boundaries = self.boundaries.get_or_init(|| {
            let mut bits = vec![0u64; self.text.len() / 64 + 1];
            for (start, _) in self.text.grapheme_indices(true) {
                bits[start / 64] |= 1 << (start % 64);
            }
            bits
        });
        boundaries[offset / 64] & (1 << (offset % 64)) != 0
    }
}
