//! Which part of what came is judged next, and up to where it may be sent on.

use super::{Mode, Session, course::CONTEXT};
use crate::{
    mask::{Mask, mask},
    verdict::Verdict,
};
use pretil_text::{Seams, Span, Views};
use std::ops::Range;

/// How far back white space is looked for to part a text at, in bytes.
const WORD: usize = 64;

/// A part to judge, from [`Session::origin`] to the end of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Up to where the text may be sent on if the window is clean.
    pub(super) end: usize,
    /// Where the window after that starts.
    pub(super) origin: usize,
}

impl Session {
    /// The next part, or `None` if nothing more can be sent on yet.
    pub(super) fn part(&mut self) -> Option<Part> {
        if self.mode == Mode::Synchronous && self.course.masks {
            self.part_at_seams()
        } else {
            self.part_anywhere()
        }
    }

    /// The next part of a text that is sent on as it is: it is parted after a word.
    fn part_anywhere(&self) -> Option<Part> {
        let text = &self.text;
        let end = text.floor_char_boundary(text.len().saturating_sub(self.course.reach));
        let near = text.floor_char_boundary(end.saturating_sub(WORD));
        let end = after_space(text, near..end).unwrap_or(end);
        let origin = text.floor_char_boundary(end.saturating_sub(CONTEXT));
        let near = text.ceil_char_boundary((origin + WORD).min(end));
        let origin = before_word(text, origin..near);
        (end > self.settled).then_some(Part { end, origin })
    }

    /// The next part of a text of which some may be masked: it is parted where no reading, sure or
    /// not, lies on both sides.
    fn part_at_seams(&mut self) -> Option<Part> {
        let window = &self.text[self.origin..];
        let seams = Seams::of(window);
        self.sealed = seams.is_sealed();
        let (settled, reach) = (self.settled - self.origin, self.course.reach);
        let candidates = seams.settled(reach).iter().rev();
        let mut candidates = candidates
            .map(|seam| seam.at)
            .take_while(|at| *at > settled)
            .peekable();
        candidates.peek()?;
        let views = Views::of(window);
        if views.budget_spent() {
            return None;
        }
        let policy = self.guardrail.sensitive.as_ref()?;
        let stretches = policy.stretches(self.options.source, &views, &self.detectors)?;
        if crosses(&stretches, settled) {
            return None;
        }
        let end = candidates.find(|at| !crosses(&stretches, *at))?;
        let origin = self.origin + seams.start_before(end, reach.max(CONTEXT));
        let end = self.origin + end;
        Some(Part { end, origin })
    }
}

/// The place after the last white space in `range`.
fn after_space(text: &str, range: Range<usize>) -> Option<usize> {
    let start = range.start;
    let found = text[range]
        .char_indices()
        .rfind(|(_, character)| character.is_whitespace());
    found.map(|(at, space)| start + at + space.len_utf8())
}

/// The place of the first word that starts in `range`, or where `range` starts. The first word of
/// a text starts there.
fn before_word(text: &str, range: Range<usize>) -> usize {
    let start = range.start;
    if start == 0 {
        return 0;
    }
    let found = text[range]
        .char_indices()
        .find(|(_, character)| character.is_whitespace());
    found.map_or(start, |(at, space)| start + at + space.len_utf8())
}

/// Whether some stretch lies on both sides of `at`.
fn crosses(stretches: &[Span], at: usize) -> bool {
    stretches
        .iter()
        .any(|span| span.start() < at && at < span.end())
}

/// The bytes `range` of `text`, masked as `verdict` says of what `text` holds from `start` on.
pub(super) fn masked(text: &str, start: usize, range: Range<usize>, verdict: &Verdict) -> String {
    let masks = verdict.assessment.masks().into_iter();
    let masks = masks.filter_map(|(_, found)| {
        let from = (start + found.span.start()).checked_sub(range.start)?;
        let to = from + found.span.len();
        let span = Span::new(from..to);
        (to <= range.len()).then_some(Mask { span, ..found })
    });
    mask(&text[range.clone()], masks.collect())
}
