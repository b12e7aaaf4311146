//! Ordinary text in many languages: nothing is hidden in it, and no reading makes other words of it.

use pretil_text::mutate::Technique;
use pretil_text::{ViewKind, Views};

fn lines() -> impl Iterator<Item = (&'static str, bool, &'static str)> {
    include_str!("benign_lines.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" | "))
        .map(|(head, text)| (head, head.ends_with('='), text))
}

#[test]
fn single_script_text_is_only_read_as_sent() {
    for (language, single_script, text) in lines() {
        if single_script {
            let views = Views::of(text);
            let derived: Vec<_> = views
                .iter()
                .skip(1)
                .map(|view| (view.kind(), view.text()))
                .collect();
            assert_eq!(derived, [], "{language}");
        }
    }
}

#[test]
fn nothing_is_hidden_in_ordinary_text() {
    for (language, _, text) in lines() {
        let views = Views::of(text);
        assert!(!views.hidden_text(), "{language}: {text}");
        assert!(!views.budget_spent(), "{language}: {text}");
    }
}

/// What turns ordinary words into others must not be looked up there, nor be read by a classifier.
#[test]
fn ordinary_text_has_no_speculative_reading() {
    for (language, _, text) in lines() {
        for view in Views::of(text).iter().skip(1) {
            let plain = matches!(
                view.kind(),
                ViewKind::Canonical | ViewKind::Markup | ViewKind::Squashed
            );
            let patterns_only = view.kind() == ViewKind::Spoken;
            assert!(
                plain || patterns_only,
                "{language}: {:?} {}",
                view.kind(),
                view.text()
            );
            assert!(!patterns_only || !(view.fit_for_words() || view.fit_for_meaning()));
        }
    }
}

/// Goal E3: every smuggled text is flagged.
#[test]
fn smuggled_text_is_flagged() {
    let techniques = [
        Technique::EmojiSmuggling,
        Technique::UnicodeTags,
        Technique::SneakyBits,
    ];
    for technique in techniques {
        for phrase in include_str!("phrases.txt").lines() {
            for seed in 0..10 {
                let sent = format!("What a day! {}", technique.apply(phrase, seed));
                let views = Views::of(&sent);
                assert!(views.hidden_text(), "{}: {phrase}", technique.name());
                let read = views.for_meaning().any(|view| view.text().contains(phrase));
                assert!(
                    read,
                    "{}: {phrase} is in no reading for a classifier",
                    technique.name()
                );
            }
        }
    }
}
