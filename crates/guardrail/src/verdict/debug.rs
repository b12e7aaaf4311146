//! `Debug` of what holds content: lengths in place of texts, so that content never reaches a log.

use super::{PiiEntry, RegexEntry, Verdict, WordEntry};
use std::fmt;

/// A text that is not shown.
struct Bytes(usize);

impl fmt::Debug for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({} bytes)", self.0)
    }
}

impl fmt::Debug for WordEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WordEntry")
            .field("matched", &Bytes(self.matched.len()))
            .field("managed", &self.managed)
            .field("detected", &self.detected)
            .field("action", &self.action)
            .field("locations", &self.locations)
            .finish()
    }
}

impl fmt::Debug for PiiEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PiiEntry")
            .field("entity", &self.entity)
            .field("matched", &Bytes(self.matched.len()))
            .field("detected", &self.detected)
            .field("action", &self.action)
            .field("score", &self.score)
            .field("locations", &self.locations)
            .finish()
    }
}

impl fmt::Debug for RegexEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RegexEntry")
            .field("name", &self.name)
            .field("pattern", &self.pattern)
            .field("matched", &Bytes(self.matched.len()))
            .field("detected", &self.detected)
            .field("action", &self.action)
            .field("locations", &self.locations)
            .finish()
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outputs = self.outputs.iter().map(|output| Bytes(output.len()));
        formatter
            .debug_struct("Verdict")
            .field("outcome", &self.outcome)
            .field("outputs", &outputs.collect::<Vec<_>>())
            .field("assessment", &self.assessment)
            .field("not_evaluated", &self.not_evaluated)
            .field("usage", &self.usage)
            .field("coverage", &self.coverage)
            .finish()
    }
}
