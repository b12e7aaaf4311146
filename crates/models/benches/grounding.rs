//! What one call costs that judges grounding and relevance, by the length of the source: CPU time and time
//! on the clock, where the source was never seen before, and where the one before had the same source.
//!
//! `cargo bench -p pretil-models --bench grounding [ROUNDS]` prints a Markdown table. Every round has a source
//! whose every sentence is new; the answer repeats sentences from all over it in other words.
#![allow(clippy::unwrap_used, reason = "a bench may stop")]
#![allow(clippy::print_stdout, reason = "its output is a table")]

use pretil_guardrail::{
    Content, Detectors, Guardrail, Source,
    config::{
        Config, FailureModes, GroundingFilterConfig, GroundingFilterType, GroundingPolicyConfig,
    },
    content::{Block, Qualifiers, Text},
};
use std::{
    fmt::Write,
    fs,
    time::{Duration, Instant},
};

/// Characters of the sources.
const SOURCES: [usize; 3] = [1_000, 10_000, 100_000];

/// Characters of the answer.
const ANSWER: usize = 1_000;

const QUERY: &str = "What does each plan cost, and what must I keep in mind?";

/// How long a clock tick of `/proc/self/stat` is.
const TICK: Duration = Duration::from_millis(10);

/// A sentence of a source, and the same in an answer's words. `number` makes both one of a kind.
fn sentences(number: usize) -> (String, String) {
    let (a, b, c) = (number % 89 + 3, number * 7 % 971 + 12, number % 27 + 2);
    match number % 6 {
        0 => (
            format!(
                "Plan {number} has a monthly fee of ${b}.{a:02}, which is due on day {c} after the invoice."
            ),
            format!("You pay ${b}.{a:02} a month for plan {number}."),
        ),
        1 => (
            format!(
                "Members of group {number} may cancel within {c} days if the {b} points were not used."
            ),
            format!(
                "Group {number} can cancel in the first {c} days as long as no points were used."
            ),
        ),
        2 => (
            format!(
                "For order {number}, delivery to the islands takes {c} working days and costs {b} euros more."
            ),
            format!("Order {number} takes {c} working days to reach the islands."),
        ),
        3 => (
            format!("Branch {number} in Northfield opens at {c}:{a:02} except on public holidays."),
            format!("The Northfield branch {number} opens its doors at {c}:{a:02}."),
        ),
        4 => (
            format!(
                "Claims under contract {number} are settled by Marta Ruiz once the form of {c} pages is signed."
            ),
            format!("Marta Ruiz settles claims under contract {number} after the form was signed."),
        ),
        _ => (
            format!(
                "Device {number} must not be used above {b} metres or by children under {c} years of age."
            ),
            format!("Children younger than {c} must not use device {number}."),
        ),
    }
}

/// About so many characters; every round has sentences of its own.
fn source(round: usize, characters: usize) -> String {
    let mut text = String::new();
    for number in (round * 10_000 + 1_000).. {
        if text.len() >= characters {
            break;
        }
        let (sentence, _) = sentences(number);
        // Writing to a string cannot fail.
        let _ = write!(text, "{sentence} ");
    }
    text.truncate(characters);
    text
}

/// An answer to the source of `round`; `turn` chooses other sentences of it.
fn answer(round: usize, characters: usize, turn: usize) -> String {
    // The shortest template bounds how many sentences a source has.
    let known = (characters / 100).max(8);
    let mut text = String::new();
    for place in 0.. {
        let number = round * 10_000 + 1_000 + (place * (known / 16 + 1) + turn) % known;
        let (_, told) = sentences(number);
        if text.len() + told.len() > ANSWER {
            return text;
        }
        let _ = write!(text, "{told} ");
    }
    text
}

fn content(source: &str, answer: &str) -> Content {
    let block = |text: &str, qualifiers| Block::Text {
        text: Text::new(text),
        qualifiers,
    };
    let none = Qualifiers::default();
    let (grounding_source, query, guard_content) = (true, true, true);
    Content {
        source: Source::Output,
        blocks: vec![
            block(
                source,
                Qualifiers {
                    grounding_source,
                    ..none
                },
            ),
            block(QUERY, Qualifiers { query, ..none }),
            block(
                answer,
                Qualifiers {
                    guard_content,
                    ..none
                },
            ),
        ],
    }
}

fn guardrail(detectors: &Detectors) -> Guardrail {
    let filter = |filter| GroundingFilterConfig {
        filter,
        threshold: 0.5,
        action: None,
        enabled: None,
    };
    let filters = [
        GroundingFilterType::Grounding,
        GroundingFilterType::Relevance,
    ];
    let config = Config {
        name: "bench".to_owned(),
        description: None,
        blocked_input_messaging: "blocked".to_owned(),
        blocked_outputs_messaging: "blocked".to_owned(),
        topic: None,
        content: None,
        word: None,
        sensitive: None,
        grounding: Some(GroundingPolicyConfig {
            filters: filters.map(filter).into(),
            tier: None,
        }),
        reasoning: None,
        cross_region_profile: None,
        kms_key_id: None,
        on_failure: FailureModes::default(),
    };
    Guardrail::compile(config, detectors).unwrap()
}

/// CPU time of this process so far, all threads together.
fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // After the command's name, which may hold spaces: user and system time are the fields 12 and 13.
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    let ticks: u32 = fields
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u32>().unwrap())
        .sum();
    TICK * ticks
}

/// Mean CPU milliseconds and median milliseconds on the clock of `rounds` calls.
fn measure(rounds: usize, mut call: impl FnMut(usize)) -> (f64, f64) {
    let mut times = Vec::with_capacity(rounds);
    let before = cpu_time();
    for round in 0..rounds {
        let started = Instant::now();
        call(round);
        times.push(started.elapsed());
    }
    let spent = cpu_time().saturating_sub(before).as_secs_f64() / rounds as f64;
    times.sort_unstable();
    (spent * 1e3, times[rounds / 2].as_secs_f64() * 1e3)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(20);
    let detectors = pretil_models::detectors();
    let guardrail = guardrail(&detectors);
    let judge = |source: &str, answer: &str| {
        let verdict = guardrail
            .evaluate(&content(source, answer), &detectors)
            .unwrap();
        assert!(
            verdict.not_evaluated.is_empty(),
            "{:?}",
            verdict.not_evaluated
        );
        assert_eq!(verdict.assessment.grounding.len(), 2);
    };
    println!("| source | answer | source seen | CPU ms | ms |\n|---|---|---|---|---|");
    for characters in SOURCES {
        // Buffers grow to their size first; that round's source is not used again.
        judge(&source(0, characters), &answer(0, characters, 0));
        let sources: Vec<String> = (1..=rounds)
            .map(|round| source(round, characters))
            .collect();
        let cold = measure(rounds, |round| {
            judge(&sources[round], &answer(round + 1, characters, 0));
        });
        let warm = measure(rounds, |turn| {
            judge(&sources[rounds - 1], &answer(rounds, characters, turn + 1));
        });
        for (seen, (cpu, clock)) in [("never", cold), ("by the call before", warm)] {
            println!("| {characters} characters | {ANSWER} | {seen} | {cpu:.0} | {clock:.0} |");
        }
    }
}
