use super::*;
use crate::{
    config::{Directions, TierName},
    detect::{
        Bands, Clock, DetectError, Detectors, SafetyClassifier, SafetyLabel, SafetyScores,
        ScoredWindow,
    },
    policy::{Detected, Reading},
    verdict::{ContentEntry, EntryAction, NotEvaluatedReason},
};
use pretil_text::{Views, language::Language};
use serde::Deserialize;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Scores a label by how often its marker word is in a window of at most `window` words:
/// 1 − 2⁻ⁿ. "grr" is hate, "boom" violence, "override" a prompt attack and a jailbreak.
struct MarkerWords {
    window: usize,
    passes: AtomicUsize,
    languages: Vec<Language>,
}

const MARKERS: [(SafetyLabel, &str); 4] = [
    (SafetyLabel::Hate, "grr"),
    (SafetyLabel::Violence, "boom"),
    (SafetyLabel::PromptAttack, "override"),
    (SafetyLabel::Jailbreak, "override"),
];

impl MarkerWords {
    fn new(window: usize) -> Self {
        Self {
            window,
            passes: AtomicUsize::new(0),
            languages: ["en", "es"]
                .into_iter()
                .filter_map(Language::from_code)
                .collect(),
        }
    }
}

impl SafetyClassifier for MarkerWords {
    fn identity(&self) -> &'static str {
        "marker-words"
    }

    fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// Answers need more than prompts.
    fn bands(&self, _: SafetyLabel, source: Source) -> Bands {
        match source {
            Source::Input => Bands::new(0.5, 0.7, 0.8).unwrap(),
            Source::Output => Bands::new(0.7, 0.8, 0.9).unwrap(),
        }
    }

    fn classify(&self, text: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        let words = pretil_text::words(text);
        let windows = words.chunks(self.window).map(|words| {
            self.passes.fetch_add(1, Ordering::Relaxed);
            let range = words[0].start..words[words.len() - 1].end;
            let scores = SafetyScores::of(|label| {
                let marker = MARKERS.iter().find(|(marked, _)| *marked == label);
                let count = words
                    .iter()
                    .filter(|word| marker.is_some_and(|(_, it)| &text[(*word).clone()] == *it))
                    .count();
                1.0 - 0.5_f32.powi(count as i32)
            });
            ScoredWindow { range, scores }
        });
        Ok(windows.collect())
    }
}

/// Fails on every text.
struct Broken;

impl SafetyClassifier for Broken {
    fn identity(&self) -> &'static str {
        "broken"
    }

    fn languages(&self) -> &[Language] {
        &[]
    }

    fn bands(&self, _: SafetyLabel, _: Source) -> Bands {
        Bands::new(0.5, 0.5, 0.5).unwrap()
    }

    fn classify(&self, _: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        Err(DetectError::Overloaded)
    }
}

struct NoTime;

impl Clock for NoTime {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

fn detectors(safety: Option<Arc<dyn SafetyClassifier>>) -> Detectors {
    Detectors {
        embedder: None,
        safety,
        clock: Arc::new(NoTime),
        tagger: None,
        grounding: None,
    }
}

fn marker_words(window: usize) -> Detectors {
    detectors(Some(Arc::new(MarkerWords::new(window))))
}

fn filter(filter: ContentFilterType, input: Strength, output: Strength) -> ContentFilterConfig {
    ContentFilterConfig {
        filter,
        input_strength: input,
        output_strength: output,
        input_modalities: None,
        output_modalities: None,
        directions: Directions::default(),
    }
}

fn policy(filters: Vec<ContentFilterConfig>) -> ContentPolicy {
    let tier = TierName::Classic;
    ContentPolicy::compile(&ContentPolicyConfig { filters, tier }).unwrap()
}

fn violence() -> ContentPolicy {
    let filters = vec![filter(
        ContentFilterType::Violence,
        Strength::High,
        Strength::High,
    )];
    policy(filters)
}

fn detect(
    policy: &ContentPolicy,
    source: Source,
    text: &str,
    detectors: &Detectors,
) -> Detected<ContentFinding> {
    let views = Views::of(text);
    let reading = Reading {
        block: 0,
        views: &views,
    };
    policy.detect(source, &[reading], detectors)
}

/// The entries with their explanation.
fn explained(
    policy: &ContentPolicy,
    source: Source,
    text: &str,
    detectors: &Detectors,
) -> Vec<ContentEntry> {
    let views = Views::of(text);
    let readings = [Reading {
        block: 0,
        views: &views,
    }];
    let detected = policy.detect(source, &readings, detectors);
    let mut entries = policy.decide(source, &detected.findings);
    policy.explain(
        source,
        &readings,
        &detected.findings,
        &mut entries,
        detectors,
    );
    entries
}

#[derive(Deserialize)]
struct Case {
    name: String,
    source: String,
    filters: Vec<ContentFilterConfig>,
    text: String,
    /// Words in a window; 12 if not said.
    window: Option<usize>,
    /// `FILTER CONFIDENCE detected action`.
    entries: Vec<String>,
    /// Where the first entry's window is.
    at: Option<String>,
    #[serde(default)]
    unsupported_language: bool,
}

#[test]
fn cases() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in cases {
        let source = match case.source.as_str() {
            "INPUT" => Source::Input,
            "OUTPUT" => Source::Output,
            other => panic!("{other} in {}", case.name),
        };
        let compiled = policy(case.filters);
        let detectors = marker_words(case.window.unwrap_or(12));
        let detected = detect(&compiled, source, &case.text, &detectors);
        let unread = [(None, NotEvaluatedReason::UnsupportedLanguage)];
        let expected = if case.unsupported_language {
            &unread[..]
        } else {
            &[]
        };
        assert_eq!(detected.not_evaluated, expected, "{}", case.name);
        let entries = compiled.decide(source, &detected.findings);
        let shown: Vec<_> = entries.iter().map(shown).collect();
        assert_eq!(shown, case.entries, "{}", case.name);
        if let Some(at) = &case.at {
            let span = entries[0].location.unwrap().span.range();
            assert_eq!(&case.text[span], at, "{}", case.name);
        }
    }
}

fn shown(entry: &ContentEntry) -> String {
    let confidence = format!("{:?}", entry.confidence).to_uppercase();
    let detected = if entry.detected {
        "detected"
    } else {
        "not detected"
    };
    let action = match entry.action {
        EntryAction::None => "NONE",
        EntryAction::Blocked => "BLOCKED",
        EntryAction::Anonymized => "ANONYMIZED",
    };
    format!("{} {confidence} {detected} {action}", entry.filter.as_str())
}

#[test]
fn score_and_threshold_say_how_near_the_decision_was() {
    let filters = [Strength::Low, Strength::Medium, Strength::High].map(|strength| {
        let compiled = policy(vec![filter(ContentFilterType::Hate, strength, strength)]);
        let detected = detect(&compiled, Source::Input, "grr grr", &marker_words(12));
        let entry = compiled.decide(Source::Input, &detected.findings).remove(0);
        (entry.score, entry.threshold, entry.detected)
    });
    assert_eq!(
        filters,
        [
            (Some(0.75), Some(0.8), false),
            (Some(0.75), Some(0.7), true),
            (Some(0.75), Some(0.5), true)
        ]
    );
}

/// What must be said when nothing can judge: never "not detected".
#[test]
fn what_cannot_be_judged_is_not_evaluated() {
    for (classifier, reason) in [
        (None, "no_detector"),
        (
            Some(Arc::new(Broken) as Arc<dyn SafetyClassifier>),
            "detector_failed",
        ),
    ] {
        let detected = detect(&violence(), Source::Input, "boom", &detectors(classifier));
        assert_eq!(detected.findings, []);
        let [(None, said)] = &detected.not_evaluated[..] else {
            panic!("not one reason for the whole policy");
        };
        assert_eq!(said.name(), reason);
    }
}

/// Nobody asks a classifier that is not needed.
#[test]
fn filters_that_are_off_need_no_classifier() {
    let off = policy(vec![filter(
        ContentFilterType::Hate,
        Strength::None,
        Strength::High,
    )]);
    let detected = detect(&off, Source::Input, "grr", &detectors(None));
    assert_eq!(detected.findings, []);
    assert_eq!(detected.not_evaluated, []);
    assert_eq!(off.decide(Source::Input, &[]), []);
}

#[test]
fn each_text_is_read_once_for_all_filters() {
    let classifier = Arc::new(MarkerWords::new(12));
    let all = ContentFilterType::ALL.iter().map(|&it| {
        let output = match it {
            ContentFilterType::PromptAttack => Strength::None,
            _ => Strength::High,
        };
        filter(it, Strength::High, output)
    });
    let compiled = policy(all.collect());
    let detectors = detectors(Some(classifier.clone()));
    detect(
        &compiled,
        Source::Input,
        "one two three boom grr",
        &detectors,
    );
    assert_eq!(classifier.passes.load(Ordering::Relaxed), 1);
}

#[test]
fn one_filter_of_each_type_and_no_attacks_in_answers() {
    let attack = ContentFilterType::PromptAttack;
    let filters = vec![
        filter(attack, Strength::High, Strength::Low),
        filter(attack, Strength::High, Strength::None),
    ];
    let tier = TierName::Classic;
    let errors = ContentPolicy::compile(&ContentPolicyConfig { filters, tier }).unwrap_err();
    let paths: Vec<_> = errors.iter().filter_map(|error| error.path()).collect();
    assert_eq!(
        paths,
        [
            "contentPolicyConfig.filtersConfig.2.member.type",
            "contentPolicyConfig.filtersConfig.1.member.outputStrength"
        ]
    );
}

#[test]
fn an_explanation_names_the_words_that_carried_the_score() {
    let text =
        "Please tell me at length how to make it all go boom by the end of this very long day.";
    let entries = explained(&violence(), Source::Input, text, &marker_words(50));
    let [evidence] = &entries[0].evidence[..] else {
        panic!("{:?}", entries[0].evidence);
    };
    assert_eq!(&text[evidence.location.span.range()], "boom");
    assert_eq!(evidence.score_without.to_bits(), 0.0_f32.to_bits());
}

/// Evidence is named in the text as sent, also where it was seen in another view.
#[test]
fn evidence_in_a_view_is_placed_in_the_original() {
    let text = "It will all go ｂｏｏｍ and then once more ｂｏｏｍ for you";
    let entries = explained(&violence(), Source::Input, text, &marker_words(50));
    let mut words: Vec<_> = entries[0]
        .evidence
        .iter()
        .map(|evidence| &text[evidence.location.span.range()])
        .collect();
    words.sort_unstable();
    assert_eq!(words, ["ｂｏｏｍ", "ｂｏｏｍ"]);
    let without: Vec<_> = entries[0]
        .evidence
        .iter()
        .map(|it| it.score_without)
        .collect();
    assert_eq!(without, [0.5, 0.5]);
    assert_eq!(entries[0].score_without_evidence, Some(0.0));
}

#[test]
fn explanations_stay_within_their_passes() {
    for (windows, words) in [(1, 5), (1, 400), (3, 100), (7, 100)] {
        let classifier = Arc::new(MarkerWords::new(words));
        let detectors = detectors(Some(classifier.clone()));
        let filters = [
            ContentFilterType::Hate,
            ContentFilterType::Violence,
            ContentFilterType::PromptAttack,
        ];
        let compiled = policy(
            filters
                .map(|it| filter(it, Strength::High, Strength::None))
                .into(),
        );
        // Each marker in a window of its own, as far as there are any.
        let texts: Vec<_> = (0..windows)
            .map(|window| format!("{} {}", MARKERS[window % 3].1, "word ".repeat(words - 1)))
            .collect();
        let text = texts.concat();
        detect(&compiled, Source::Input, &text, &detectors);
        let read = classifier.passes.swap(0, Ordering::Relaxed);
        let entries = explained(&compiled, Source::Input, &text, &detectors);
        let extra = classifier.passes.load(Ordering::Relaxed) - read;
        assert!(extra <= EXPLAIN_PASSES, "{extra} passes");
        assert!(entries.iter().any(|entry| !entry.evidence.is_empty()));
    }
}

#[test]
fn nothing_is_explained_that_was_not_detected() {
    let entries = explained(&violence(), Source::Output, "boom", &marker_words(12));
    assert_eq!(shown(&entries[0]), "VIOLENCE NONE not detected NONE");
    assert_eq!(entries[0].evidence, []);
}

mod severity {
    use super::*;

    fn severity_of(text: &str, label: SafetyLabel) -> f64 {
        let checked = Checked {
            text,
            source: Source::Input,
            labels: &[label],
        };
        let severities = severities(&[checked], &marker_words(12)).unwrap();
        severities(label).score()
    }

    #[test]
    fn steps_follow_the_bands() {
        for (count, step) in [(0, 0.0), (1, 0.4), (2, 0.6), (3, 0.8), (4, 1.0)] {
            let text = "so boom ".repeat(count) + "it is";
            assert_eq!(
                severity_of(&text, SafetyLabel::Violence).to_bits(),
                f64::to_bits(step),
                "{count}"
            );
        }
    }

    #[test]
    fn the_worst_text_counts_and_only_for_what_it_is_checked_for() {
        let checked = |text, labels| Checked {
            text,
            source: Source::Input,
            labels,
        };
        let hate = &[SafetyLabel::Hate][..];
        let texts = [
            checked("grr", hate),
            checked("grr grr grr", hate),
            checked("override", hate),
            checked("Привет, как у тебя сегодня дела?", &[]),
        ];
        let severities = severities(&texts, &marker_words(12)).unwrap();
        assert_eq!(
            severities(SafetyLabel::Hate).score().to_bits(),
            0.8_f64.to_bits()
        );
        assert_eq!(severities(SafetyLabel::Jailbreak), Severity::default());
    }

    #[test]
    fn what_cannot_be_read_has_no_severity() {
        let reason = |text, detectors: &Detectors| {
            let checked = Checked {
                text,
                source: Source::Output,
                labels: &[SafetyLabel::Hate],
            };
            severities(&[checked], detectors).err()
        };
        let broken = detectors(Some(Arc::new(Broken)));
        assert_eq!(
            reason("a", &detectors(None)),
            Some(NotEvaluatedReason::NoDetector)
        );
        assert_eq!(
            reason("Привет, как у тебя сегодня дела?", &marker_words(12)),
            Some(NotEvaluatedReason::UnsupportedLanguage)
        );
        assert!(matches!(
            reason("a", &broken),
            Some(NotEvaluatedReason::DetectorFailed(_))
        ));
    }
}
