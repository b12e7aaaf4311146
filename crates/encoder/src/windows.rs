//! Overlapping windows over an encoding that is longer than the model reads at once.

use std::ops::Range;

use crate::Encoding;

/// A part of a text that the model reads at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Window {
    /// Ids, from `[CLS]` to `[SEP]`; at most as many as asked for.
    pub ids: Vec<u32>,
    /// Bytes of the text that this window stands for.
    pub range: Range<usize>,
    /// Tokens of the encoding that stand between `[CLS]` and `[SEP]` here.
    pub tokens: Range<usize>,
}

impl Window {
    /// This window's part of `all`, which has one feature for each token of the encoding: first and last
    /// those of `[CLS]` and `[SEP]`, which every window has.
    pub fn features(&self, all: &[u8]) -> Vec<u8> {
        let first = all.iter().take(1);
        let last = all.iter().skip(1).next_back();
        let inner = all.get(self.tokens.clone()).unwrap_or_default();
        first.chain(inner).chain(last).copied().collect()
    }
}

/// Sizes only: ids spell out the text.
impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Window")
            .field("tokens", &self.ids.len())
            .field("range", &self.range)
            .finish()
    }
}

/// Tokens of a window that are the text's: all but `[CLS]` and `[SEP]`.
const SPECIALS: usize = 2;

/// Cuts `encoding` into windows of at most `tokens` tokens (`[CLS]` and `[SEP]` included, at least 3),
/// each sharing `overlap` tokens with the one before. Together they hold every token, and their ranges
/// cover all that the encoding covers. An encoding that fits gives one window.
///
/// An overlap that leaves less than half a window of progress is taken as half a window.
pub fn windows(encoding: &Encoding, tokens: usize, overlap: usize) -> Vec<Window> {
    let room = tokens.max(SPECIALS + 1) - SPECIALS;
    let (Some(&start_id), Some(&end_id)) = (encoding.ids.first(), encoding.ids.last()) else {
        return Vec::new();
    };
    let inner = 1..encoding.len().saturating_sub(1).max(1);
    let step = room - overlap.min(room / 2);
    let mut windows = Vec::new();
    let mut from = inner.start;
    loop {
        let to = (from + room).min(inner.end);
        let mut ids = Vec::with_capacity(to - from + SPECIALS);
        ids.push(start_id);
        ids.extend_from_slice(&encoding.ids[from..to]);
        ids.push(end_id);
        windows.push(Window {
            ids,
            range: covered(encoding, from..to),
            tokens: from..to,
        });
        if to == inner.end {
            return windows;
        }
        from += step;
    }
}

fn covered(encoding: &Encoding, tokens: Range<usize>) -> Range<usize> {
    let offsets = &encoding.offsets[tokens];
    match (offsets.first(), offsets.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(inner: usize) -> Encoding {
        let ids = std::iter::once(101)
            .chain((0..inner as u32).map(|id| 1000 + id))
            .chain([102])
            .collect();
        let end = inner * 3;
        let offsets = std::iter::once(0..0)
            .chain((0..inner).map(|i| i * 3..i * 3 + 2))
            .chain(std::iter::once(end..end))
            .collect();
        Encoding {
            ids,
            offsets,
            ..Encoding::default()
        }
    }

    #[test]
    fn every_token_is_in_a_window_and_none_is_too_long() {
        for inner in [0, 1, 2, 7, 8, 9, 40, 509, 510, 511, 2000] {
            for tokens in [3, 4, 10, 128, 512] {
                for overlap in [0, 1, 5, 64, 1000] {
                    let encoding = encoding(inner);
                    let windows = windows(&encoding, tokens, overlap);
                    let mut next = 0;
                    for window in &windows {
                        assert!(window.ids.len() <= tokens);
                        assert_eq!(
                            encoding.ids[window.tokens.clone()],
                            window.ids[1..window.ids.len() - 1]
                        );
                        let inner_ids = &window.ids[1..window.ids.len() - 1];
                        let Some(&first) = inner_ids.first() else {
                            continue;
                        };
                        let first = first as usize - 1000;
                        assert!(first <= next, "a token was left out");
                        next = first + inner_ids.len();
                        assert_eq!(window.range, first * 3..(next - 1) * 3 + 2);
                    }
                    assert_eq!(next, inner);
                }
            }
        }
    }

    #[test]
    fn a_windows_features_are_those_of_its_tokens() {
        let encoding = encoding(20);
        let all: Vec<u8> = (0..22).collect();
        for window in windows(&encoding, 10, 3) {
            let features = window.features(&all);
            assert_eq!(features.len(), window.ids.len());
            assert_eq!((features[0], features[features.len() - 1]), (0, 21));
            for (&id, &feature) in window.ids.iter().zip(&features).skip(1) {
                assert!(id == 102 || id == 1000 + u32::from(feature) - 1);
            }
        }
    }

    #[test]
    fn what_fits_is_one_window() {
        let encoding = encoding(126);
        let windows = windows(&encoding, 128, 32);
        assert_eq!(windows.len(), 1);
        assert_eq!(windows[0].ids, encoding.ids);
    }
}
