//! One pass over a text for all types at once.
//!
//! Cheap triggers first: one automaton over all context words, cues and literals, and a walk over
//! the digits. Patterns are tried only where a trigger stands, from its start and never across the
//! text, so that the cost grows with the number of triggers and is linear in the text.

use super::dashes::Folded;
use super::entity::{Cue, ENTITIES, Probe, Probed, Shape, THRESHOLD};
use crate::config::PiiType;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind as WordMatch};
use regex::Regex;
use regex_automata::{Anchored, Input, MatchKind, PatternID, PatternSet, meta, util::syntax};
use std::{collections::HashMap, fmt, ops::Range, sync::LazyLock};

/// How far a context word reaches forward, in bytes.
const REACH_FORWARD: usize = 96;
/// How far a context word reaches back, in bytes.
const REACH_BACK: usize = 40;
/// Up to here a context word counts in full, in bytes; from here its weight falls to nothing.
const BESIDE: usize = 16;
/// Weight of a word right after a value, that of one right before it being 1.
const AFTER: f32 = 0.8;
/// Longest stretch that a shape or cue is read over, in bytes.
const WINDOW: usize = 256;
/// Memory for the lazy automaton of the shapes, in bytes per thread. Too little makes it start over
/// again and again, and then fall back to a far slower engine.
const SHAPE_CACHE: usize = 16 << 20;
/// Longest token that is walked back over, in bytes.
const LONGEST_TOKEN: usize = 64;

/// A reading of part of a text as one type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) entity: PiiType,
    /// Bytes of the text that was scanned, on character boundaries.
    pub(super) range: Range<usize>,
    /// Confidence.
    pub(super) score: f32,
}

/// A built-in pattern does not compile. A defect of this build, found by its tests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a built-in pattern does not compile: {0}")]
pub struct ScannerError(String);

/// What to do where a word stands.
#[derive(Clone, Copy)]
enum Action {
    Context(usize),
    Against(usize),
    Cue(usize),
    Probe(usize),
}

/// One word of the automaton.
struct Word {
    /// Whether its first and its last character are letters or digits, which must not be part of a
    /// longer word.
    closed: (bool, bool),
    /// What to do where it is a whole word.
    where_whole: Vec<Action>,
    /// What to do wherever it stands.
    anywhere: Vec<Action>,
}

/// A word that speaks for or against types, in the text.
struct Mention {
    range: Range<usize>,
    /// One bit per index into [`ENTITIES`].
    speaks_for: u32,
    speaks_against: u32,
}

/// All patterns of all types, compiled.
pub(super) struct Scanner {
    automaton: AhoCorasick,
    words: Vec<Word>,
    shapes: meta::Regex,
    shape_table: Vec<(usize, Shape)>,
    cues: Vec<(PiiType, &'static Cue, Regex)>,
    probes: Vec<(PiiType, &'static Probe, Vec<Regex>)>,
}

static SCANNER: LazyLock<Result<Scanner, ScannerError>> = LazyLock::new(Scanner::new);

impl fmt::Debug for Scanner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words.len();
        let shapes = self.shape_table.len();
        write!(formatter, "Scanner({words} words, {shapes} shapes)")
    }
}

impl Scanner {
    /// The one scanner of this process, built at its first use.
    pub(super) fn shared() -> Result<&'static Self, ScannerError> {
        SCANNER.as_ref().map_err(Clone::clone)
    }

    fn new() -> Result<Self, ScannerError> {
        let mut vocabulary = Vocabulary::default();
        let (mut shape_table, mut cues, mut probes) = (Vec::new(), Vec::new(), Vec::new());
        for (index, entity) in ENTITIES.iter().enumerate() {
            for word in entity.context {
                vocabulary.add(word, Action::Context(index), true);
            }
            for word in entity.against {
                vocabulary.add(word, Action::Against(index), true);
            }
            shape_table.extend(entity.shapes.iter().map(|shape| (index, *shape)));
            for cue in entity.cues {
                for word in cue.words {
                    vocabulary.add(word, Action::Cue(cues.len()), true);
                }
                cues.push((entity.pii, cue, compile(&format!("^(?:{})", cue.pattern))?));
            }
            for probe in entity.probes {
                for literal in probe.literals {
                    vocabulary.add(literal, Action::Probe(probes.len()), probe.whole_words);
                }
                let patterns = probe.patterns.iter().map(|pattern| compile(pattern));
                probes.push((entity.pii, probe, patterns.collect::<Result<_, _>>()?));
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(WordMatch::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&vocabulary.texts)
            .map_err(|error| ScannerError(error.to_string()))?;
        Ok(Self {
            automaton,
            words: vocabulary.words,
            shapes: compile_shapes(&shape_table)?,
            shape_table,
            cues,
            probes,
        })
    }

    /// Every reading of `text` as one of the types. Readings may overlap.
    pub(super) fn scan(&self, text: &str) -> Vec<Candidate> {
        let Some(folded) = Folded::of(text) else {
            return self.scan_hyphenated(text);
        };
        let candidates = self.scan_hyphenated(folded.text()).into_iter();
        let mapped = candidates.map(|candidate| Candidate {
            range: folded.original(&candidate.range),
            ..candidate
        });
        mapped.collect()
    }

    /// As [`Self::scan`], every dash being a hyphen.
    fn scan_hyphenated(&self, text: &str) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mentions = self.follow_words(text, &mut candidates);
        self.follow_digits(text, &mentions, &mut candidates);
        candidates
    }

    /// Follows every cue and probe, and returns the context words.
    fn follow_words(&self, text: &str, candidates: &mut Vec<Candidate>) -> Vec<Mention> {
        let mut mentions = Vec::new();
        let mut found = Vec::new();
        let mut read = vec![0; self.probes.len()];
        for hit in self.automaton.find_overlapping_iter(text) {
            let word = &self.words[hit.pattern().as_usize()];
            let whole = !word.where_whole.is_empty() && is_whole(text, &hit.range(), word.closed);
            let where_whole: &[Action] = if whole { &word.where_whole } else { &[] };
            let mut mention = Mention {
                range: hit.range(),
                speaks_for: 0,
                speaks_against: 0,
            };
            for action in word.anywhere.iter().chain(where_whole) {
                match *action {
                    Action::Context(entity) => mention.speaks_for |= 1 << entity,
                    Action::Against(entity) => mention.speaks_against |= 1 << entity,
                    Action::Cue(cue) => self.follow_cue(text, cue, hit.end(), candidates),
                    Action::Probe(probe) => {
                        // What a probe has read once it need not read again from its middle.
                        if hit.start() >= read[probe] {
                            self.follow_probe(text, probe, hit.range(), &mut found);
                            read[probe] = found.iter().fold(0, |end, one| end.max(one.0.end));
                            let entity = self.probes[probe].0;
                            candidates.extend(found.drain(..).map(|(range, score)| Candidate {
                                entity,
                                range,
                                score,
                            }));
                        }
                    }
                }
            }
            if mention.speaks_for | mention.speaks_against != 0 {
                mentions.push(mention);
            }
        }
        mentions
    }

    /// Lets a probe look around its literal.
    fn follow_probe(
        &self,
        text: &str,
        probe: usize,
        at: Range<usize>,
        found: &mut Vec<(Range<usize>, f32)>,
    ) {
        let (_, probe, patterns) = &self.probes[probe];
        (probe.find)(&Probed { text, at, patterns }, found);
    }

    /// Reads the value that a cue introduces.
    fn follow_cue(&self, text: &str, cue: usize, end: usize, candidates: &mut Vec<Candidate>) {
        let (entity, cue, pattern) = &self.cues[cue];
        let window = &text[end..text.floor_char_boundary(end + WINDOW)];
        let value = pattern
            .captures(window)
            .and_then(|captures| captures.get(1));
        if let Some(value) = value.filter(|value| (cue.check)(value.as_str())) {
            candidates.push(Candidate {
                entity: *entity,
                range: end + value.start()..end + value.end(),
                score: cue.score,
            });
        }
    }

    /// Tries the shapes at every token that holds a digit.
    fn follow_digits(&self, text: &str, mentions: &[Mention], candidates: &mut Vec<Candidate>) {
        let bytes = text.as_bytes();
        let mut matching = PatternSet::new(self.shapes.pattern_len());
        let mut near = 0;
        let mut from = 0;
        while let Some(offset) = bytes[from..].iter().position(u8::is_ascii_digit) {
            let digit = from + offset;
            let end = token_end(bytes, digit);
            while mentions
                .get(near)
                .is_some_and(|mention| mention.range.end + 2 * REACH_FORWARD < digit)
            {
                near += 1;
            }
            for start in starts(bytes, digit) {
                self.try_shapes(text, start, &mentions[near..], &mut matching, candidates);
            }
            from = end;
        }
    }

    /// Tries the shapes at `start`.
    fn try_shapes(
        &self,
        text: &str,
        start: usize,
        mentions: &[Mention],
        matching: &mut PatternSet,
        candidates: &mut Vec<Candidate>,
    ) {
        let end = (start + WINDOW).min(text.len());
        let input = Input::new(text).range(start..end).anchored(Anchored::Yes);
        matching.clear();
        self.shapes.which_overlapping_matches(&input, matching);
        if matching.is_empty() || follows_letter(text, start) {
            return;
        }
        for pattern in matching.iter() {
            let (entity, shape) = &self.shape_table[pattern.as_usize()];
            let Some(range) = self.longest(text, start..end, pattern) else {
                continue;
            };
            let length = (shape.fit)(&text[range.clone()]);
            let range = range.start..range.start + length;
            if is_chained(text.as_bytes(), &range, shape.joins) {
                continue;
            }
            if precedes_letter(text, range.end) || !(shape.check)(&text[range.clone()]) {
                continue;
            }
            let Some(weight) = context_weight(mentions, &range, 1 << entity) else {
                continue;
            };
            let score = shape.alone + (shape.beside - shape.alone) * weight;
            if score >= THRESHOLD {
                candidates.push(Candidate {
                    entity: ENTITIES[*entity].pii,
                    range,
                    score,
                });
            }
        }
    }

    /// The longest match of one shape from the start of `window`.
    fn longest(&self, text: &str, window: Range<usize>, shape: PatternID) -> Option<Range<usize>> {
        let input = Input::new(text)
            .range(window)
            .anchored(Anchored::Pattern(shape));
        self.shapes.search(&input).map(|found| found.range())
    }
}

/// The words of the automaton, each once.
#[derive(Default)]
struct Vocabulary {
    texts: Vec<&'static str>,
    words: Vec<Word>,
    index: HashMap<&'static str, usize>,
}

impl Vocabulary {
    fn add(&mut self, text: &'static str, action: Action, whole_word: bool) {
        let index = *self.index.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.words.push(Word {
                closed: (
                    text.starts_with(char::is_alphanumeric),
                    text.ends_with(char::is_alphanumeric),
                ),
                where_whole: Vec::new(),
                anywhere: Vec::new(),
            });
            self.texts.len() - 1
        });
        let word = &mut self.words[index];
        if whole_word {
            word.where_whole.push(action);
        } else {
            word.anywhere.push(action);
        }
    }
}

fn compile(pattern: &str) -> Result<Regex, ScannerError> {
    Regex::new(pattern).map_err(|error| ScannerError(error.to_string()))
}

/// All shapes as one automaton that reports which of them match, each as far as it goes.
fn compile_shapes(shapes: &[(usize, Shape)]) -> Result<meta::Regex, ScannerError> {
    let patterns: Vec<String> = shapes
        .iter()
        .map(|(_, shape)| format!(r"(?:{})(?-u:\b)", shape.pattern))
        .collect();
    meta::Regex::builder()
        .syntax(syntax::Config::new().unicode(false))
        .configure(
            meta::Config::new()
                .match_kind(MatchKind::All)
                .hybrid_cache_capacity(SHAPE_CACHE),
        )
        .build_many(&patterns)
        .map_err(|error| ScannerError(error.to_string()))
}

/// How much the nearest context word supports a reading of `range`, 0 to 1; `None` if a word rules
/// it out.
fn context_weight(mentions: &[Mention], range: &Range<usize>, entity: u32) -> Option<f32> {
    let (mut support, mut objection) = (0.0f32, 0.0f32);
    for mention in mentions {
        if mention.range.start > range.end + REACH_BACK {
            break;
        }
        let weight = weight(&mention.range, range);
        if mention.speaks_for & entity != 0 {
            support = support.max(weight);
        }
        if mention.speaks_against & entity != 0 && mention.range.end <= range.start {
            objection = objection.max(weight);
        }
    }
    (objection <= support || objection < 0.7).then_some(support)
}

/// The weight of a word at `word` for a reading of `range`: full right beside, falling to 0.
fn weight(word: &Range<usize>, range: &Range<usize>) -> f32 {
    let (full, distance, reach) = if word.end <= range.start {
        (1.0, range.start - word.end, REACH_FORWARD)
    } else if word.start >= range.end {
        (AFTER, word.start - range.end, REACH_BACK)
    } else {
        return 0.0;
    };
    let beyond = distance.saturating_sub(BESIDE) as f32;
    full * (1.0 - beyond / (reach - BESIDE) as f32).max(0.0)
}

/// Where a shape may start that holds the first digit of a token at `digit`: the token itself; a
/// sign or bracket before it; the groups of capitals before it ("GB 29 …", "AB 12 34"); and the
/// start of a run of base64 or hexadecimal groups.
fn starts(bytes: &[u8], digit: usize) -> impl Iterator<Item = usize> {
    let mut all = [None; 6];
    let token = walk_back(bytes, digit, |byte| byte.is_ascii_alphanumeric());
    all[0] = Some(token);
    if let Some(b'+' | b'(') = before(bytes, token) {
        all[1] = Some(token - 1);
    }
    if let Some(first) = capitals_before(bytes, token) {
        all[2] = Some(first);
        all[3] = capitals_before(bytes, first);
    }
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+');
    let is_hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'-' | b'.');
    let (base64, hexadecimal) = (
        walk_back(bytes, digit, is_base64),
        walk_back(bytes, digit, is_hexadecimal),
    );
    all[4] = (base64 < token && Some(base64) != all[1]).then_some(base64);
    all[5] =
        (hexadecimal < token && bytes[hexadecimal].is_ascii_alphabetic()).then_some(hexadecimal);
    all.into_iter().flatten()
}

/// The start of a group of one to four capitals that ends one separator before `token`.
fn capitals_before(bytes: &[u8], token: usize) -> Option<usize> {
    let (b' ' | b'-' | b'.') = before(bytes, token)? else {
        return None;
    };
    let start = walk_back(bytes, token - 1, |byte| byte.is_ascii_uppercase());
    let length = token - 1 - start;
    let alone = before(bytes, start).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    ((1..=4).contains(&length) && alone).then_some(start)
}

/// The byte before `index`.
fn before(bytes: &[u8], index: usize) -> Option<u8> {
    index.checked_sub(1).map(|index| bytes[index])
}

/// The start of the run of `wanted` bytes that ends at `end`, at most [`LONGEST_TOKEN`] back.
fn walk_back(bytes: &[u8], end: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let floor = end.saturating_sub(LONGEST_TOKEN);
    let run = bytes[floor..end].iter().rev();
    end - run.take_while(|byte| wanted(**byte)).count()
}

/// The end of the token that holds `index`.
fn token_end(bytes: &[u8], index: usize) -> usize {
    let rest = bytes[index..].iter();
    index + rest.take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// Whether no letter or digit touches `range` on its closed sides.
fn is_whole(text: &str, range: &Range<usize>, closed: (bool, bool)) -> bool {
    let open_before = !closed.0 || !follows_letter(text, range.start);
    let open_after = !closed.1 || !precedes_letter(text, range.end);
    open_before && open_after
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn follows_letter(text: &str, start: usize) -> bool {
    match before(text.as_bytes(), start) {
        None => false,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric() || byte == b'_',
        Some(_) => text[..start].chars().next_back().is_some_and(is_word),
    }
}

fn precedes_letter(text: &str, end: usize) -> bool {
    match text.as_bytes().get(end) {
        None => false,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric() || *byte == b'_',
        Some(_) => text[end..].chars().next().is_some_and(is_word),
    }
}

/// Whether `range` is a link of a longer chain: a digit and a joining sign before it, or a joining
/// sign and a digit after it. Such are versions, dates, section numbers and longer identifiers.
fn is_chained(bytes: &[u8], range: &Range<usize>, joins: &str) -> bool {
    let joins = |byte: u8| joins.as_bytes().contains(&byte);
    let chained_before = range.start >= 2
        && joins(bytes[range.start - 1])
        && bytes[range.start - 2].is_ascii_digit();
    let chained_after = match bytes.get(range.end..range.end + 2) {
        Some(&[sign, next]) => joins(sign) && next.is_ascii_digit() || sign == b'@',
        _ => false,
    };
    chained_before || chained_after
}
