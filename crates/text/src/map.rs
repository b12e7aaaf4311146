//! A derived text and the map from its bytes back to the text it was derived from.

use std::ops::Range;

/// A stretch of derived text and the range of the original it came from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where the stretch starts in the derived text. It ends where the next one starts.
    at: u32,
    start: u32,
    end: u32,
    /// Whether the stretch is a copy, byte for byte. If not, each of its bytes came from the whole range.
    copied: bool,
}

/// For each byte of a derived text, the byte range of the original that it came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    /// In order of `at`. Empty: the derived text is the original.
    pieces: Vec<Piece>,
    /// Whether some later stretch came from an earlier place, as in a reversed text.
    reordered: bool,
}

impl Map {
    /// The range of the original that the bytes `range` came from, as far as known here: not yet
    /// widened to grapheme boundaries. Offsets past the end of the derived text count as its end.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.pieces.is_empty() {
            return range;
        }
        let first = self.piece_at(range.start);
        if range.end <= range.start {
            let start = self.stretch(first, range.start..range.start + 1).start;
            return start..start;
        }
        let last = self.piece_at(range.end - 1);
        let mut covered = self.stretch(first, range.clone());
        let between = if self.reordered {
            first + 1..last + 1
        } else {
            last..last + 1
        };
        for index in between {
            let next = self.stretch(index, range.clone());
            covered = covered.start.min(next.start)..covered.end.max(next.end);
        }
        covered
    }

    /// Index of the piece that holds the byte at `offset`, the last one for offsets past the end.
    fn piece_at(&self, offset: usize) -> usize {
        self.pieces
            .partition_point(|piece| piece.at as usize <= offset)
            .saturating_sub(1)
    }

    /// What the part of `range` inside piece `index` came from.
    fn stretch(&self, index: usize, range: Range<usize>) -> Range<usize> {
        let piece = self.pieces[index];
        let (start, end) = (piece.start as usize, piece.end as usize);
        if !piece.copied {
            return start..end;
        }
        let at = piece.at as usize;
        let from = start + range.start.saturating_sub(at);
        let to = start + range.end.saturating_sub(at);
        from.min(end)..to.min(end)
    }
}

/// A text derived from the original, or the original itself.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    pub(crate) text: String,
    pub(crate) map: Map,
}

/// A text to derive from: the original or something already derived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent<'p> {
    pub(crate) text: &'p str,
    /// `None`: this is the original.
    pub(crate) map: Option<&'p Map>,
}

impl<'p> Parent<'p> {
    pub(crate) fn original(text: &'p str) -> Self {
        Self { text, map: None }
    }
}

impl<'p> From<&'p Derived> for Parent<'p> {
    fn from(derived: &'p Derived) -> Self {
        Self {
            text: &derived.text,
            map: Some(&derived.map),
        }
    }
}

/// What deriving gave.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The derived text would equal its parent.
    Same,
    /// The derived text would be longer than the limit.
    TooLong,
    /// A new text.
    New(Derived),
}

/// Writes a derived text, keeping the map.
#[derive(Debug)]
pub(crate) struct Builder<'p> {
    parent: Parent<'p>,
    text: String,
    map: Map,
    limit: usize,
    too_long: bool,
    /// Up to where the parent was copied without a change; `None` after the first change.
    unchanged_to: Option<usize>,
}

impl<'p> Builder<'p> {
    /// Starts a text of at most `limit` bytes.
    pub(crate) fn new(parent: Parent<'p>, limit: usize) -> Self {
        Self {
            parent,
            text: String::new(),
            map: Map::default(),
            limit,
            too_long: false,
            unchanged_to: Some(0),
        }
    }

    /// Copies the bytes `range` of the parent.
    pub(crate) fn keep(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.unchanged_to = self
            .unchanged_to
            .filter(|end| *end == range.start)
            .map(|_| range.end);
        if self.refuse(range.len()) {
            return;
        }
        let at = self.text.len();
        self.text.push_str(&self.parent.text[range.clone()]);
        let Some(map) = self.parent.map.filter(|map| !map.pieces.is_empty()) else {
            self.push_piece(at, range, true);
            return;
        };
        let (first, last) = (map.piece_at(range.start), map.piece_at(range.end - 1));
        for index in first..=last {
            let piece = map.pieces[index];
            let skipped = (piece.at as usize).saturating_sub(range.start);
            let from = map.stretch(index, range.clone());
            self.push_piece(at + skipped, from, piece.copied);
        }
    }

    /// Writes `text` in place of the bytes `range` of the parent.
    pub(crate) fn put(&mut self, text: &str, range: Range<usize>) {
        if self.parent.text.get(range.clone()) == Some(text) {
            self.keep(range);
            return;
        }
        self.unchanged_to = None;
        if text.is_empty() || self.refuse(text.len()) {
            return;
        }
        let from = match self.parent.map {
            Some(map) => map.original(range),
            None => range,
        };
        let at = self.text.len();
        self.text.push_str(text);
        self.push_piece(at, from, false);
    }

    /// Takes back the last character written, as a backspace does, but not a line break.
    pub(crate) fn take_back(&mut self) {
        self.unchanged_to = None;
        if self.text.ends_with('\n') || self.text.pop().is_none() {
            return;
        }
        while self
            .map
            .pieces
            .pop_if(|piece| piece.at as usize >= self.text.len())
            .is_some()
        {}
    }

    /// Ends the text.
    pub(crate) fn finish(self) -> Outcome {
        if self.unchanged_to == Some(self.parent.text.len()) {
            return Outcome::Same;
        }
        if self.too_long {
            return Outcome::TooLong;
        }
        if self.text == self.parent.text || self.text.is_empty() {
            return Outcome::Same;
        }
        Outcome::New(Derived {
            text: self.text,
            map: self.map,
        })
    }

    fn refuse(&mut self, more: usize) -> bool {
        self.too_long |= self.text.len() + more > self.limit;
        self.too_long
    }

    fn push_piece(&mut self, at: usize, from: Range<usize>, copied: bool) {
        let (start, end) = (from.start as u32, from.end as u32);
        if let Some(last) = self.map.pieces.last() {
            let continues = copied && last.copied && last.end == start;
            // The end of a copy is not kept exact where characters were taken back: check lengths.
            if continues && last.end - last.start == at as u32 - last.at {
                if let Some(last) = self.map.pieces.last_mut() {
                    last.end = end;
                }
                return;
            }
            self.map.reordered |= start < last.start || end < last.end;
        }
        self.map.pieces.push(Piece {
            at: at as u32,
            start,
            end,
            copied,
        });
    }
}
