//! What the views recover, per technique, held against the committed table `recovery.md`.
//!
//! A change in what is recovered must show in review: run with `PRETIL_BLESS=1` to rewrite the table.

use pretil_text::Views;
use pretil_text::mutate::Technique;
use std::fmt::Write as _;

const PHRASES: &str = include_str!("phrases.txt");

/// Seeds per phrase: techniques choose among variants by seed.
const SEEDS: u64 = 4;

/// A view that words are looked up in holds the words of the phrase in a row, case and what stands
/// between them aside.
fn is_recovered(sent: &str, phrase: &str) -> bool {
    let wanted = words(phrase);
    Views::of(sent)
        .iter()
        .any(|view| view.fit_for_words() && words(view.text()).contains(&wanted))
}

/// The words of a text, a space before and after each.
fn words(text: &str) -> String {
    let words: Vec<String> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    format!(" {} ", words.join(" "))
}

struct Row {
    tried: usize,
    alone: usize,
    embedded: usize,
}

impl Row {
    fn of(technique: Technique) -> Self {
        let mut row = Self {
            tried: 0,
            alone: 0,
            embedded: 0,
        };
        for phrase in PHRASES.lines() {
            for seed in 0..SEEDS {
                let sent = technique.apply(phrase, seed);
                assert_eq!(sent, technique.apply(phrase, seed), "not deterministic");
                // Uuencode is made of lines.
                let before = if technique == Technique::Uuencode {
                    '\n'
                } else {
                    ' '
                };
                let within = format!(
                    "Hello, a customer wrote us this today:{before}{sent}\nCould you help me with it?"
                );
                row.tried += 1;
                let alone = is_recovered(&sent, phrase);
                row.alone += usize::from(alone);
                let embedded = is_recovered(&within, phrase);
                row.embedded += usize::from(embedded);
            }
        }
        row
    }

    fn shares(&self) -> (f64, f64) {
        let share = |found: usize| 100.0 * found as f64 / self.tried as f64;
        (share(self.alone), share(self.embedded))
    }
}

fn table(heading: &str, techniques: &[Technique], out: &mut String) -> Vec<(Technique, f64, f64)> {
    let _ = write!(
        out,
        "\n## {heading}\n\n| technique | tried | alone | amid text |\n|---|---|---|---|\n"
    );
    techniques
        .iter()
        .map(|technique| {
            let row = Row::of(*technique);
            let (alone, embedded) = row.shares();
            let _ = writeln!(
                out,
                "| {} | {} | {alone:.1} % | {embedded:.1} % |",
                technique.name(),
                row.tried
            );
            (*technique, alone, embedded)
        })
        .collect()
}

#[test]
fn recovers_as_the_table_says() {
    let mut out = String::from(
        "# What the views recover\n\n\
         Phrases of `tests/phrases.txt`, disguised by each technique of the seeded mutator (four seeds each). \
         Recovered: the words of the phrase, whole and in a row, case and punctuation aside, are in some view that words are looked up in; once with the \
         disguised phrase alone, once amid ordinary text. Made by `tests/recovery.rs`, which fails if this \
         table is not what it measures.\n",
    );
    let injections = table(
        "The twelve character injections",
        &Technique::INJECTIONS,
        &mut out,
    );
    table(
        "Encodings and other disguises",
        &Technique::ENCODINGS,
        &mut out,
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/recovery.md");
    if std::env::var_os("PRETIL_BLESS").is_some() {
        std::fs::write(path, &out).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), out);
    for (technique, alone, embedded) in &injections {
        assert!(
            alone.min(*embedded) >= 97.0,
            "{} recovers too little",
            technique.name()
        );
    }
    let mean = injections
        .iter()
        .map(|(_, alone, embedded)| (alone + embedded) / 2.0)
        .sum::<f64>()
        / 12.0;
    assert!(mean >= 99.0, "the twelve together recover {mean:.2} %");
}
