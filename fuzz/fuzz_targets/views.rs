//! Views of any text: no panic, the byte budget holds, every map lands on grapheme boundaries of
//! the original, and the same text gives the same views.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pretil_text::{Views, sentences};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;

fuzz_target!(|text: &str| {
    let views = Views::of(text);
    let boundaries: HashSet<usize> = text
        .grapheme_indices(true)
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let derived: usize = views.iter().skip(1).map(|view| view.text().len()).sum();
    assert!(derived <= 8 * text.len() + 4096);
    for view in views.iter() {
        let length = view.text().len();
        // Enough places to find a wrong one over many runs, few enough to stay fast.
        let step = length / 64 + 1;
        let places: Vec<usize> = view
            .text()
            .char_indices()
            .map(|(at, _)| at)
            .filter(|at| at % step == 0)
            .collect();
        for at in places {
            let span = view.to_original(at..length);
            assert!(!span.is_empty());
            assert!(boundaries.contains(&span.start()) && boundaries.contains(&span.end()));
            assert!(span.end() <= text.len());
            let one = view.to_original(at..at + 1);
            assert!(
                span.contains(one)
                    && boundaries.contains(&one.start())
                    && boundaries.contains(&one.end())
            );
        }
    }
    let again = Views::of(text);
    assert!(
        views
            .iter()
            .map(|view| view.text())
            .eq(again.iter().map(|view| view.text()))
    );
    let mut end = 0;
    for sentence in sentences(text) {
        assert!(sentence.start() >= end && !sentence.is_empty());
        end = sentence.end();
    }
});
