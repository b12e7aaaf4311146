//! The trial at compile time: a pattern that is slow on texts made to hurt is refused.

use super::{Deadline, Engine};
use crate::detect::Clock;
use std::time::Duration;

/// Size of a trial text, in bytes: the largest text that ApplyGuardrail takes by default.
const TEXT_BYTES: usize = 25_000;
/// Time that a pattern may take on one trial text.
const LIMIT: Duration = Duration::from_millis(50);
/// Tries per text. The best counts, so that a busy machine does not refuse good patterns.
const TRIES: usize = 5;

/// Tries `engine` on texts that make "find every match" quadratic: one that every greedy prefix
/// runs over to its end, in capitals, in words, in digits, and in lines that almost match.
///
/// # Errors
///
/// The constraint that the pattern breaks.
pub(super) fn admit(engine: &Engine, clock: &dyn Clock) -> Result<(), String> {
    for seed in ["A", "abcde fghij ", "0123456789", "aA0_-.@:/ "] {
        let text = seed.repeat(TEXT_BYTES / seed.len());
        if !(0..TRIES).any(|_| finishes(engine, &text, clock)) {
            return Err(format!(
                "Member must be a regular expression that reads {TEXT_BYTES} characters in at most {} milliseconds",
                LIMIT.as_millis()
            ));
        }
    }
    Ok(())
}

/// Whether all matches in `text` are found in time.
fn finishes(engine: &Engine, text: &str, clock: &dyn Clock) -> bool {
    let end = clock.now() + LIMIT;
    let deadline = Deadline { clock, end };
    engine.find_all(text, &deadline, &mut Vec::new()).is_ok()
}
