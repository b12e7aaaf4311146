//! Cost of all views of 25 KB of text. Goal E6: at most 5 ms.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use data_encoding::BASE64;
use pretil_text::Views;
use std::hint::black_box;

const BYTES: usize = 25 * 1024;

/// `sentence` over and over, cut to about 25 KB on a character boundary.
fn filled(sentence: &str) -> String {
    let mut text = sentence.repeat(BYTES / sentence.len() + 1);
    let end = (0..=BYTES).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or_default());
    text
}

fn views(criterion: &mut Criterion) {
    let english = filled(
        "The support team answered within a day, and the refund of 49 euros arrived last week. ",
    );
    let finnish = filled(
        "Tukitiimi vastasi päivässä, ja hyvitys saapui viime viikolla tilille ilman ongelmia. ",
    );
    let russian =
        filled("Служба поддержки ответила в течение дня, и возврат пришёл на прошлой неделе. ");
    let hindi = filled("सहायता दल ने एक दिन में उत्तर दिया और पैसे पिछले सप्ताह वापस आ गए। ");
    let base64 = BASE64.encode(&english.as_bytes()[..BYTES * 3 / 4]);
    let zero_width: String = english
        .chars()
        .take(BYTES / 4)
        .flat_map(|letter| [letter, '\u{200B}'])
        .collect();
    let mut group = criterion.benchmark_group("views");
    for (name, text) in [
        ("english", &english),
        ("finnish", &finnish),
        ("russian", &russian),
        ("hindi", &hindi),
        ("base64", &base64),
        ("zero_width", &zero_width),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| Views::of(black_box(text))));
    }
    group.finish();
}

criterion_group!(benches, views);
criterion_main!(benches);
