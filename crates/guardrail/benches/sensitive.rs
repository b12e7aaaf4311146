//! How fast all 31 types are looked for together, in text that holds a value now and then, in text
//! that holds none, and in text made of little else; and in the documents that the peer in
//! `benches/patterns` reads, with the making of the views and beside the `regex` crate alone.
//!
//! `cargo bench -p pretil-guardrail --bench sensitive`
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(clippy::unwrap_used, reason = "a bench may stop")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pretil_guardrail::{config::PiiType, policy::sensitive::find};
use pretil_text::Views;
use regex::Regex;
use std::hint::black_box;

/// Size of each text, in bytes.
const SIZE: usize = 64 << 10;

const PROSE: &str = include_str!("../../../benches/patterns/prose.txt");
const SUPPORT: &str = include_str!("../../../benches/patterns/support.txt");
const DENSE: &str = include_str!("../../../benches/patterns/dense.txt");

/// The text of `benches/patterns`.
const DOCUMENTS: &str = include_str!("../../../benches/patterns/documents.txt");

/// What a first draft with nothing but patterns would search for, one after the other.
const PATTERNS: [&str; 16] = [
    r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b",
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"\b(?:\d[ -]?){13,19}\b",
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}\b",
    r"\+?\d[\d ().-]{7,}\d",
    r"https?://\S+",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    r"\b\d{3} ?\d{3} ?\d{4}\b",
    r"\b9\d{2}-\d{2}-\d{4}\b",
    r"\b\d{9}\b",
    r"\b[A-Z]\d{7,8}\b",
    r"\b\d{8,17}\b",
    r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    r"\b[A-HJ-NPR-Z0-9]{17}\b",
];

fn bench_documents(criterion: &mut Criterion) {
    let views = Views::of(DOCUMENTS);
    let patterns = PATTERNS.map(|pattern| Regex::new(pattern).unwrap());
    let mut group = criterion.benchmark_group("documents");
    group.throughput(Throughput::Bytes(DOCUMENTS.len() as u64));
    group.sample_size(20);
    group.bench_function("all types", |bencher| {
        bencher.iter(|| find(PiiType::ALL, black_box(&views)).unwrap());
    });
    group.bench_function("all types, views made too", |bencher| {
        bencher.iter(|| find(PiiType::ALL, &Views::of(black_box(DOCUMENTS))).unwrap());
    });
    group.bench_function("16 patterns in regex", |bencher| {
        let matches = |pattern: &Regex| pattern.find_iter(black_box(DOCUMENTS)).count();
        bencher.iter(|| patterns.iter().map(matches).sum::<usize>());
    });
    group.finish();
}

fn bench(criterion: &mut Criterion) {
    let texts = [
        ("prose", PROSE.to_owned()),
        ("support", SUPPORT.to_owned()),
        ("dense", DENSE.to_owned()),
    ];
    for (name, seed) in texts {
        let text = seed.repeat(SIZE.div_ceil(seed.len()));
        let views = Views::of(&text);
        let mut group = criterion.benchmark_group("sensitive");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.sample_size(20);
        group.bench_function(name, |bencher| {
            bencher.iter(|| find(PiiType::ALL, black_box(&views)).unwrap());
        });
        group.finish();
    }
}

criterion_group!(benches, bench, bench_documents);
criterion_main!(benches);
