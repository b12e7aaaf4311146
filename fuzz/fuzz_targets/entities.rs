//! Arbitrary text: all types are looked for in all views, and what is found lies on character
//! boundaries, in order, is not empty and is sure enough.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pretil_guardrail::{
    config::PiiType,
    policy::sensitive::{THRESHOLD, find},
};
use pretil_text::Views;

fuzz_target!(|text: &str| {
    let findings = find(PiiType::ALL, &Views::of(text)).expect("the built-in patterns compile");
    for finding in &findings {
        let value = text.get(finding.span.range()).expect("spans lie on boundaries");
        assert!(!value.is_empty());
        assert!((THRESHOLD..=1.0).contains(&finding.score));
    }
    assert!(findings.is_sorted_by_key(|finding| finding.span.start()));
});
