//! Regular expressions that users write, under limits.
//!
//! The `regex` crate searches in time linear in pattern and text, but finding *every* match is
//! quadratic for some patterns, so that the limits are: the size of the compiled program, a trial
//! on adversarial texts when the guardrail is compiled, and a time budget when it is applied.

mod bounded;
mod extent;
mod trial;

use crate::{config::RegexConfig, detect::Clock};
use bounded::Engine;
use std::{ops::Range, time::Duration};

/// Longest pattern, in code points.
pub(super) const LONGEST_PATTERN: usize = 500;
/// Largest compiled program and largest lazy automaton, in bytes each.
const SIZE_LIMIT: usize = 2 << 20;
/// Deepest nesting of groups and repetitions.
const NEST_LIMIT: u32 = 50;
/// Time for one pattern over all the text of a request.
const PATTERN_BUDGET: Duration = Duration::from_millis(50);
/// Time for all patterns of a request.
const REQUEST_BUDGET: Duration = Duration::from_millis(250);

/// A user's regular expression, compiled.
#[derive(Debug)]
pub(super) struct CustomRegex {
    pub(super) config: RegexConfig,
    engine: Engine,
    /// How far its matches reach.
    pub(super) extent: Extent,
}

/// How far the matches of a pattern reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// So many bytes at most.
    Bytes(usize),
    /// Any number, but over no white space.
    Word,
    /// Any stretch of text.
    Unbounded,
}

/// The search stopped before all text was read, because its time was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BudgetSpent;

/// When a search must stop.
pub(super) struct Deadline<'c> {
    clock: &'c dyn Clock,
    end: Duration,
}

impl Deadline<'_> {
    fn passed(&self) -> bool {
        self.clock.now() >= self.end
    }
}

/// The time that the patterns of one request share.
pub(super) struct Budget<'c> {
    clock: &'c dyn Clock,
    end: Duration,
}

impl<'c> Budget<'c> {
    pub(super) fn start(clock: &'c dyn Clock) -> Self {
        let end = clock.now() + REQUEST_BUDGET;
        Self { clock, end }
    }

    /// The deadline of a pattern that starts now.
    pub(super) fn for_pattern(&self) -> Deadline<'c> {
        let end = self.end.min(self.clock.now() + PATTERN_BUDGET);
        Deadline {
            clock: self.clock,
            end,
        }
    }
}

impl CustomRegex {
    /// Compiles `config` under the limits and tries it.
    ///
    /// # Errors
    ///
    /// The constraint that the pattern breaks, in the API's style.
    pub(super) fn compile(config: &RegexConfig, clock: &dyn Clock) -> Result<Self, String> {
        if config.pattern.chars().nth(LONGEST_PATTERN).is_some() {
            return Err(format!(
                "Member must have length less than or equal to {LONGEST_PATTERN}"
            ));
        }
        let engine = Engine::compile(&config.pattern)?;
        trial::admit(&engine, clock)?;
        Ok(Self {
            config: config.clone(),
            extent: extent::of(&config.pattern),
            engine,
        })
    }

    /// Every match in `text` that is not empty, from left to right, pushed to `found`.
    ///
    /// # Errors
    ///
    /// The deadline passed; `found` holds the matches up to then.
    pub(super) fn find_all(
        &self,
        text: &str,
        deadline: &Deadline<'_>,
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), BudgetSpent> {
        self.engine.find_all(text, deadline, found)
    }
}
