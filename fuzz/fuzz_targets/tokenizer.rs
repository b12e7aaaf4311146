//! Any text: no panic, offsets monotone and on character boundaries, and the guarded encoding covers
//! everything that is not white space.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pretil_encoder::{Encoder, Encoding, Tokenizer, windows};

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
    static WEIGHTS: &[u8] = include_bytes!("../../crates/models/weights/minilm-l6-int8/weights.bin");
    Encoder::load(WEIGHTS).unwrap().tokenizer().clone()
});

fn check(text: &str, encoding: &Encoding) {
    assert_eq!(encoding.ids.len(), encoding.offsets.len());
    assert!(encoding.ids.iter().all(|&id| (id as usize) < TOKENIZER.vocabulary_size()));
    for pair in encoding.offsets.windows(2) {
        assert!(pair[0].start <= pair[1].start && pair[0].end <= pair[1].end);
    }
    assert!(encoding.offsets.iter().all(|range| text.get(range.clone()).is_some()));
    let windows = windows(encoding, 16, 4);
    assert_eq!(windows.last().unwrap().range.end, encoding.offsets[..encoding.len() - 1].last().unwrap().end);
}

fuzz_target!(|text: &str| {
    check(text, &TOKENIZER.encode(text));
    let guarded = TOKENIZER.encode_guarded(text);
    check(text, &guarded);
    // Ranges are in order, so one pass sees whether there is a gap that is not white space.
    let mut end = 0;
    for range in &guarded.offsets {
        if range.start > end {
            assert!(text[end..range.start].trim().is_empty());
        }
        end = end.max(range.end);
    }
    assert!(text[end..].trim().is_empty());
    assert!(guarded.unknown_characters <= guarded.characters);
});
