//! A search that can be stopped at any time.
//!
//! A short text is searched with the `regex` crate's own engine, with the clock read between
//! matches: one find over it is quick. A longer text is searched with the same crate's lazy
//! automaton, stepped here byte by byte with the clock read every few hundred bytes, so that also a
//! find that runs over the whole text stops in time. Both give the leftmost-first match of the
//! pattern.

use super::{BudgetSpent, Deadline, NEST_LIMIT, SIZE_LIMIT};
use regex_automata::{
    Anchored, Input,
    hybrid::{LazyStateID, dfa, regex as hybrid},
    meta,
    nfa::thompson,
    util::{pool::Pool, syntax},
};
use std::{fmt, ops::Range, sync::Arc};

/// Up to here one find is at most a few milliseconds, in bytes: the slowest pattern of
/// [`SIZE_LIMIT`] reads about one byte per microsecond.
const SHORT: usize = 8 << 10;
/// The clock is read once per this many bytes.
const STRIDE: usize = 256;
/// Where the automaton cannot decide a Unicode word boundary, the text is read in pieces this long,
/// in bytes.
const PIECE: usize = 16 << 10;
/// A match at most this long is found whole also where pieces meet, in bytes.
const OVERLAP: usize = 1 << 10;

/// A compiled pattern.
pub(super) struct Engine {
    whole: meta::Regex,
    stepped: Stepped,
}

/// The pattern's lazy automaton, forward to the end of a match and back to its start.
struct Stepped {
    automaton: Arc<hybrid::Regex>,
    caches: Pool<hybrid::Cache, CreateCache>,
}

type CreateCache = Box<
    dyn Fn() -> hybrid::Cache + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe,
>;

/// Why a stepped search gave no answer.
enum Stop {
    Budget,
    /// The automaton cannot decide here: a Unicode word boundary beside a non-ASCII character.
    Undecided,
}

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Compiles `pattern` under the size limits.
    ///
    /// # Errors
    ///
    /// The constraint that the pattern breaks. It quotes nothing of the pattern.
    pub(super) fn compile(pattern: &str) -> Result<Self, String> {
        check_syntax(pattern)?;
        let too_large =
            || "Member must be a regular expression that compiles to at most 2 MiB".to_owned();
        let syntax = syntax::Config::new().nest_limit(NEST_LIMIT);
        let limits = meta::Config::new()
            .nfa_size_limit(Some(SIZE_LIMIT))
            .onepass_size_limit(Some(SIZE_LIMIT))
            .hybrid_cache_capacity(SIZE_LIMIT);
        let whole = meta::Regex::builder()
            .syntax(syntax)
            .configure(limits)
            .build(pattern)
            .map_err(|_| too_large())?;
        let lazy = dfa::Config::new()
            .cache_capacity(SIZE_LIMIT)
            .skip_cache_capacity_check(true)
            .unicode_word_boundary(true);
        let automaton = hybrid::Regex::builder()
            .syntax(syntax)
            .thompson(thompson::Config::new().nfa_size_limit(Some(SIZE_LIMIT)))
            .dfa(lazy)
            .build(pattern)
            .map_err(|_| too_large())?;
        let automaton = Arc::new(automaton);
        let for_caches = Arc::clone(&automaton);
        let create: CreateCache = Box::new(move || for_caches.create_cache());
        let caches = Pool::new(create);
        Ok(Self {
            whole,
            stepped: Stepped { automaton, caches },
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
        let mut from = 0;
        while from <= text.len() {
            if deadline.passed() {
                return Err(BudgetSpent);
            }
            let Some(range) = self.find(text, from, deadline)? else {
                break;
            };
            from = range.end;
            if range.is_empty() {
                from += text[from..].chars().next().map_or(1, char::len_utf8);
            } else {
                found.push(range);
            }
        }
        Ok(())
    }

    /// The leftmost match that starts at or after `from`.
    fn find(
        &self,
        text: &str,
        from: usize,
        deadline: &Deadline<'_>,
    ) -> Result<Option<Range<usize>>, BudgetSpent> {
        if text.len() - from <= SHORT {
            let input = Input::new(text).range(from..);
            return Ok(self.whole.search(&input).map(|found| found.range()));
        }
        match self.stepped.find(text, from, deadline) {
            Ok(found) => Ok(found),
            Err(Stop::Budget) => Err(BudgetSpent),
            Err(Stop::Undecided) => self.find_in_pieces(text, from, deadline),
        }
    }

    /// As [`Self::find`], in pieces. A match longer than [`OVERLAP`] that starts near the end of a
    /// piece may be found without its beginning.
    fn find_in_pieces(
        &self,
        text: &str,
        from: usize,
        deadline: &Deadline<'_>,
    ) -> Result<Option<Range<usize>>, BudgetSpent> {
        let (mut start, mut length) = (from, PIECE);
        loop {
            if deadline.passed() {
                return Err(BudgetSpent);
            }
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            let input = Input::new(text).range(start..end);
            match self.whole.search(&input).map(|found| found.range()) {
                Some(range) if range.end < end || end == text.len() => return Ok(Some(range)),
                Some(range) => {
                    start = range.start;
                    length *= 2;
                }
                None if end == text.len() => return Ok(None),
                None => {
                    let overlap = text.floor_char_boundary(end - OVERLAP);
                    start = overlap.max(start + 1);
                    start = text.ceil_char_boundary(start);
                }
            }
        }
    }
}

impl Stepped {
    fn find(
        &self,
        text: &str,
        from: usize,
        deadline: &Deadline<'_>,
    ) -> Result<Option<Range<usize>>, Stop> {
        let mut cache = self.caches.get();
        let (forward, reverse) = cache.as_parts_mut();
        let Some(end) = self.end(forward, text, from, deadline)? else {
            return Ok(None);
        };
        let start = self.start(reverse, text, from..end, deadline)?;
        Ok(Some(start..end))
    }

    /// The end of the leftmost match that starts at or after `from`.
    fn end(
        &self,
        cache: &mut dfa::Cache,
        text: &str,
        from: usize,
        deadline: &Deadline<'_>,
    ) -> Result<Option<usize>, Stop> {
        let automaton = self.automaton.forward();
        let input = Input::new(text).range(from..);
        let first = automaton.start_state_forward(cache, &input);
        let mut state = first.map_err(|_| Stop::Undecided)?;
        let mut end = None;
        for (index, byte) in text.as_bytes()[from..].iter().enumerate() {
            if index % STRIDE == STRIDE - 1 && deadline.passed() {
                return Err(Stop::Budget);
            }
            state = automaton
                .next_state(cache, state, *byte)
                .map_err(|_| Stop::Undecided)?;
            match Step::of(state) {
                Step::Plain => {}
                // A match is reported one byte late.
                Step::Match => end = Some(from + index),
                Step::Dead => return Ok(end),
                Step::Quit => return Err(Stop::Undecided),
            }
        }
        let last = automaton.next_eoi_state(cache, state);
        match Step::of(last.map_err(|_| Stop::Undecided)?) {
            Step::Match => Ok(Some(text.len())),
            Step::Quit => Err(Stop::Undecided),
            Step::Plain | Step::Dead => Ok(end),
        }
    }

    /// The start of the match that ends where `range` ends, not before `range` starts.
    fn start(
        &self,
        cache: &mut dfa::Cache,
        text: &str,
        range: Range<usize>,
        deadline: &Deadline<'_>,
    ) -> Result<usize, Stop> {
        let automaton = self.automaton.reverse();
        let bytes = text.as_bytes();
        let input = Input::new(text)
            .range(range.clone())
            .anchored(Anchored::Yes);
        let first = automaton.start_state_reverse(cache, &input);
        let mut state = first.map_err(|_| Stop::Undecided)?;
        let mut start = range.end;
        for index in range.clone().rev() {
            if index % STRIDE == 0 && deadline.passed() {
                return Err(Stop::Budget);
            }
            state = automaton
                .next_state(cache, state, bytes[index])
                .map_err(|_| Stop::Undecided)?;
            match Step::of(state) {
                Step::Plain => {}
                Step::Match => start = index + 1,
                Step::Dead => return Ok(start),
                Step::Quit => return Err(Stop::Undecided),
            }
        }
        let last = match range.start.checked_sub(1) {
            Some(before) => automaton.next_state(cache, state, bytes[before]),
            None => automaton.next_eoi_state(cache, state),
        };
        match Step::of(last.map_err(|_| Stop::Undecided)?) {
            Step::Match => Ok(range.start),
            Step::Quit => Err(Stop::Undecided),
            Step::Plain | Step::Dead => Ok(start),
        }
    }
}

/// What a state of the automaton says.
enum Step {
    Plain,
    Match,
    Dead,
    Quit,
}

impl Step {
    fn of(state: LazyStateID) -> Self {
        if !state.is_tagged() {
            Self::Plain
        } else if state.is_match() {
            Self::Match
        } else if state.is_dead() {
            Self::Dead
        } else if state.is_quit() {
            Self::Quit
        } else {
            Self::Plain
        }
    }
}

/// Parses `pattern`, to say in clear words what is wrong with it.
fn check_syntax(pattern: &str) -> Result<(), String> {
    use regex_syntax::{Error, ast};
    let parsed = regex_syntax::ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(pattern);
    let reason = match parsed {
        Ok(_) => return Ok(()),
        Err(Error::Parse(error)) => match error.kind() {
            ast::ErrorKind::UnsupportedLookAround => "look-around is not supported".to_owned(),
            ast::ErrorKind::UnsupportedBackreference => {
                "back-references are not supported".to_owned()
            }
            other => other.to_string(),
        },
        Err(Error::Translate(error)) => error.kind().to_string(),
        Err(_) => "it does not parse".to_owned(),
    };
    Err(format!(
        "Member must be a valid regular expression: {reason}"
    ))
}
