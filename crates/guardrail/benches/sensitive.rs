//! How fast all 31 types are looked for together, in text that holds a value now and then, in text
//! that holds none, and in text made of little else.
//!
//! `cargo bench -p pretil-guardrail --bench sensitive`
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(clippy::unwrap_used, reason = "a bench may stop")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pretil_guardrail::{config::PiiType, policy::sensitive::find};
use pretil_text::Views;
use std::hint::black_box;

/// Size of each text, in bytes.
const SIZE: usize = 64 << 10;

const PROSE: &str = "Thank you for writing to us about the delivery that you were waiting for. We have looked \
into it with the depot, and they tell us that the van left late because of the snow on the hills. It should \
reach you within two working days; if it does not, please answer this message, and we will send the parcel \
again at our own cost. The colour that you asked for is back in the shop, so nothing stands in the way.\n";
const SUPPORT: &str = "You can reach me at jane.doe@example.com or on 415-555-2671 after six.\n";
const DENSE: &str = "4111 1111 1111 1111, 123-45-6789, jane@example.com, +44 20 7946 0958, 10.0.0.1, \
DE89 3704 0044 0532 0130 00, https://example.com/a, AKIAIOSFODNN7EXAMPLE\n";

fn bench(criterion: &mut Criterion) {
    let texts = [
        ("prose", PROSE.to_owned()),
        ("support", format!("{PROSE}{PROSE}{PROSE}{SUPPORT}")),
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

criterion_group!(benches, bench);
criterion_main!(benches);
