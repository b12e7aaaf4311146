//! The cases of `cases.json`, overlaps, and the budgets of custom regexes.

use super::{EntityFinding, SensitivePolicy, find};
use crate::{
    config::{
        Directions, PiiEntityConfig, PiiType, RegexConfig, SensitiveAction, SensitivePolicyConfig,
    },
    content::Source,
    detect::{Clock, Detectors},
    mask::{Mask, MaskKind, mask},
    policy::Reading,
    verdict::{EntryAction, NotEvaluatedReason},
};
use pretil_text::Views;
use proptest::prelude::*;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A clock that shows the time.
struct RealClock(Instant);

impl Clock for RealClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that moves on by a microsecond each time it is read.
#[derive(Default)]
struct CountingClock(AtomicU64);

impl Clock for CountingClock {
    fn now(&self) -> Duration {
        Duration::from_micros(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

fn detectors(clock: impl Clock + 'static) -> Detectors {
    Detectors {
        embedder: None,
        safety: None,
        clock: Arc::new(clock),
        tagger: None,
        grounding: None,
    }
}

fn regex(pattern: &str) -> SensitivePolicyConfig {
    SensitivePolicyConfig {
        entities: None,
        regexes: Some(vec![RegexConfig {
            name: "custom".to_owned(),
            description: None,
            pattern: pattern.to_owned(),
            action: SensitiveAction::Anonymize,
            directions: Directions::default(),
        }]),
    }
}

fn entity(entity: PiiType, action: SensitiveAction) -> PiiEntityConfig {
    PiiEntityConfig {
        entity,
        action,
        directions: Directions::default(),
    }
}

fn compile(config: &SensitivePolicyConfig) -> Result<SensitivePolicy, Vec<String>> {
    let compiled = SensitivePolicy::compile(config, &detectors(RealClock(Instant::now())));
    compiled.map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// The entries' matches for `text`.
fn matches(policy: &SensitivePolicy, text: &str) -> Vec<String> {
    let views = Views::of(text);
    let reading = Reading {
        block: 0,
        views: &views,
    };
    let detectors = detectors(RealClock(Instant::now()));
    let detected = policy.detect(Source::Output, &[reading], &detectors);
    let entries = policy.decide(Source::Output, &detected.findings, true);
    let regexes = entries.regexes.into_iter().map(|entry| entry.matched);
    let found = entries.entities.into_iter().filter(|entry| entry.detected);
    found.map(|entry| entry.matched).chain(regexes).collect()
}

#[test]
fn refuses_what_the_engine_lacks_in_clear_words() {
    for (pattern, reason) in [
        ("(?=a)b", "look-around is not supported"),
        ("(?<!a)b", "look-around is not supported"),
        (r"(a)\1", "back-references are not supported"),
        ("(a", "unclosed group"),
        (r"\w{500}", "compiles to at most 2 MiB"),
    ] {
        let errors = compile(&regex(pattern)).unwrap_err();
        assert_eq!(errors.len(), 1, "{pattern}");
        assert!(errors[0].contains(reason), "{pattern}: {}", errors[0]);
        assert!(
            errors[0].contains("regexesConfig.1.member.pattern"),
            "{}",
            errors[0]
        );
        assert!(
            !errors[0].contains(pattern),
            "quotes the pattern: {}",
            errors[0]
        );
    }
    let long = "a".repeat(501);
    assert!(compile(&regex(&long)).unwrap_err()[0].contains("less than or equal to 500"));
}

/// The patterns of the measurements that showed "find every match" to be quadratic.
#[test]
fn refuses_quadratic_patterns() {
    for pattern in [
        ".*[^A-Z]|[A-Z]",
        ".*secret|[a-z]",
        r"(?s).*END|\w",
        r"\w+(?:.*Z)?",
        r"(?s)[a-z].*Q|[a-z0-9A]",
        r"(?:.*#)?\S",
    ] {
        let errors = compile(&regex(pattern)).map(|_| ()).unwrap_err();
        assert!(errors[0].contains("milliseconds"), "{pattern}: {errors:?}");
    }
}

#[test]
fn admits_everyday_patterns() {
    for (pattern, text, expected) in [
        (
            r"CLM-[0-9]{4}-[0-9]{5}-[0-9]",
            "claim CLM-2608-00042-4.",
            "CLM-2608-00042-4",
        ),
        (r"\b[A-Z]{2}\d{6}\b", "réf AB123456, é", "AB123456"),
        (r"(?i)project\s+\w+", "the Project Falcon", "Project Falcon"),
        (r"[\w.+-]+@[\w-]+\.[\w.]+", "to a.b@c.de", "a.b@c.de"),
        ("x*", "aaxxb", "xx"),
    ] {
        let policy = compile(&regex(pattern)).unwrap();
        assert_eq!(matches(&policy, text), [expected], "{pattern}");
        let padded = format!(
            "{}\n{text}\n{}",
            "lorem ipsum, ".repeat(1_000),
            "dolor sit, ".repeat(1_000)
        );
        assert_eq!(
            matches(&policy, &padded),
            [expected],
            "{pattern} in a long text"
        );
    }
}

#[test]
fn says_which_regex_ran_out_of_time() {
    let policy = compile(&regex("[a-z]")).unwrap();
    let text = "a".repeat(100_000);
    let views = Views::of(&text);
    let reading = Reading {
        block: 0,
        views: &views,
    };
    let detectors = detectors(CountingClock::default());
    let detected = policy.detect(Source::Input, &[reading], &detectors);
    let spent = (Some("custom".to_owned()), NotEvaluatedReason::BudgetSpent);
    assert_eq!(detected.not_evaluated, [spent]);
    assert!(!detected.findings.is_empty());
}

/// One find that runs over the whole text must stop too, not only the loop over matches.
#[test]
fn stops_inside_one_find() {
    let policy = compile(&regex("(?s)a.*Z")).unwrap();
    let text = "a".repeat(20_000_000);
    let views = Views::of(&text);
    let reading = Reading {
        block: 0,
        views: &views,
    };
    let detectors = detectors(CountingClock::default());
    let detected = policy.detect(Source::Input, &[reading], &detectors);
    assert_eq!(detected.not_evaluated.len(), 1);
}

#[test]
fn refuses_types_and_names_given_twice() {
    let twice = entity(PiiType::Email, SensitiveAction::Block);
    let mut config = regex("a{3}");
    config.entities = Some(vec![twice.clone(), twice]);
    let name = config.regexes.clone().unwrap().remove(0);
    config.regexes.as_mut().unwrap().push(name);
    let errors = compile(&config).unwrap_err();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].contains("piiEntitiesConfig.2.member.type"));
    assert!(errors[1].contains("regexesConfig.2.member.name"));
}

fn found(entities: &[PiiType], text: &str) -> Vec<(PiiType, String)> {
    let findings: Vec<EntityFinding> = find(entities, &Views::of(text)).unwrap();
    let pairs = findings.into_iter();
    pairs
        .map(|finding| (finding.entity, text[finding.span.range()].to_owned()))
        .collect()
}

#[test]
fn decides_once_per_span() {
    use PiiType::{
        CreditDebitCardNumber, Email, InternationalBankAccountNumber, Phone, Url,
        UsBankAccountNumber,
    };
    let card = "call me about 4111 1111 1111 1111";
    assert_eq!(found(&[Phone], card), []);
    assert_eq!(found(&[Phone, CreditDebitCardNumber], card).len(), 1);
    let account = "bank account DE89 3704 0044 0532 0130 00";
    let both = [UsBankAccountNumber, InternationalBankAccountNumber];
    assert_eq!(found(&both, account)[0].0, InternationalBankAccountNumber);
    assert_eq!(found(&both, account).len(), 1);
    let link = "https://example.com/?user=jane@example.com";
    assert_eq!(found(&[Url, Email], link), [(Url, link.to_owned())]);
    assert_eq!(
        found(&[Email], link),
        [(Email, "jane@example.com".to_owned())]
    );
}

#[test]
fn a_part_with_a_stricter_action_stands_beside_the_whole() {
    let config = SensitivePolicyConfig {
        entities: Some(vec![
            entity(PiiType::Url, SensitiveAction::Anonymize),
            entity(PiiType::Email, SensitiveAction::Block),
        ]),
        regexes: None,
    };
    let policy = compile(&config).unwrap();
    let link = "https://example.com/?user=jane@example.com";
    assert_eq!(matches(&policy, link), [link, "jane@example.com"]);
}

#[test]
fn gives_one_entry_per_match_with_every_place() {
    let config = SensitivePolicyConfig {
        entities: Some(vec![
            entity(PiiType::Phone, SensitiveAction::Block),
            entity(PiiType::Email, SensitiveAction::Anonymize),
        ]),
        regexes: None,
    };
    let policy = compile(&config).unwrap();
    let views = Views::of("a@example.com, b@example.com, a@example.com");
    let readings = [
        Reading {
            block: 0,
            views: &views,
        },
        Reading {
            block: 2,
            views: &views,
        },
    ];
    let detectors = detectors(RealClock(Instant::now()));
    let findings = policy.detect(Source::Input, &readings, &detectors).findings;
    let entries = policy.decide(Source::Input, &findings, true).entities;
    let summary: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.entity.as_str(),
                entry.matched.as_str(),
                entry.action,
                entry.locations.len(),
            )
        })
        .collect();
    let expected = [
        ("EMAIL", "a@example.com", EntryAction::Anonymized, 4),
        ("EMAIL", "b@example.com", EntryAction::Anonymized, 2),
        ("PHONE", "", EntryAction::None, 0),
    ];
    assert_eq!(summary, expected);
    let strict = policy.decide(Source::Input, &findings, false).entities;
    assert_eq!(
        strict.len(),
        1,
        "the fallback mask neither acts nor shows on prompts"
    );
    assert_eq!(strict[0].entity, PiiType::Phone);
}

/// Rewrites that hide a value from a plain search.
#[test]
fn sees_through_rewrites() {
    use PiiType::{CreditDebitCardNumber, Email, UsSocialSecurityNumber};
    for (entity, text) in [
        (
            CreditDebitCardNumber,
            "card 4111\u{200b}1111\u{200b}1111\u{200b}1111 ok",
        ),
        (
            CreditDebitCardNumber,
            "card ４１１１ １１１１ １１１１ １１１１ ok",
        ),
        (Email, "to jane＠example．com ok"),
        (Email, "to ja\u{200b}ne@exam\u{ad}ple.com ok"),
        (UsSocialSecurityNumber, "SSN 123－45－6789 ok"),
        (UsSocialSecurityNumber, "SSN 123‐45‐6789 ok"),
        (UsSocialSecurityNumber, "SSN 123–45–6789 ok"),
    ] {
        let values = found(&[entity], text);
        assert_eq!(values.len(), 1, "{text:?}");
        let value = &values[0].1;
        let covered = text.split(' ').skip(1).collect::<Vec<_>>().join(" ");
        assert_eq!(format!("{value} ok"), covered, "{text:?}");
    }
}

/// One rule of the room, on an answer.
#[derive(Deserialize)]
struct Case {
    rule: String,
    /// Action by type.
    #[serde(default)]
    entities: BTreeMap<String, SensitiveAction>,
    /// Pattern and action by name.
    #[serde(default)]
    regexes: BTreeMap<String, (String, SensitiveAction)>,
    #[serde(default)]
    directions: Directions<SensitiveAction>,
    text: String,
    entries: Vec<String>,
    masked: String,
}

impl Case {
    fn config(&self) -> SensitivePolicyConfig {
        let entities = self.entities.iter().map(|(name, action)| PiiEntityConfig {
            entity: PiiType::parse(name).unwrap(),
            action: *action,
            directions: self.directions,
        });
        let regexes = self
            .regexes
            .iter()
            .map(|(name, (pattern, action))| RegexConfig {
                name: name.clone(),
                description: None,
                pattern: pattern.clone(),
                action: *action,
                directions: self.directions,
            });
        let (mut entities, regexes): (Vec<_>, Vec<_>) = (entities.collect(), regexes.collect());
        entities.sort_by_key(|config| std::cmp::Reverse(config.entity));
        SensitivePolicyConfig {
            entities: Some(entities),
            regexes: Some(regexes),
        }
    }
}

fn action_name(action: EntryAction) -> &'static str {
    match action {
        EntryAction::None => "NONE",
        EntryAction::Blocked => "BLOCKED",
        EntryAction::Anonymized => "ANONYMIZED",
    }
}

#[test]
fn cases() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in cases {
        let policy = compile(&case.config()).unwrap();
        let views = Views::of(&case.text);
        let reading = Reading {
            block: 0,
            views: &views,
        };
        let detectors = detectors(RealClock(Instant::now()));
        let findings = policy
            .detect(Source::Output, &[reading], &detectors)
            .findings;
        let entries = policy.decide(Source::Output, &findings, true);
        let mut summary = Vec::new();
        let mut masks = Vec::new();
        for entry in &entries.entities {
            let label = entry.entity.as_str();
            let name = action_name(entry.action);
            summary.push(if entry.detected {
                format!("{label} {name} {}", entry.matched)
            } else {
                format!("{label} not detected")
            });
            if entry.action == EntryAction::Anonymized {
                let kind = MaskKind::Entity;
                masks.extend(entry.locations.iter().map(|place| Mask {
                    span: place.span,
                    kind,
                    label,
                }));
            }
        }
        for entry in &entries.regexes {
            let label = entry.name.as_str();
            summary.push(format!(
                "{label} {} {}",
                action_name(entry.action),
                entry.matched
            ));
            if entry.action == EntryAction::Anonymized {
                let kind = MaskKind::Regex;
                masks.extend(entry.locations.iter().map(|place| Mask {
                    span: place.span,
                    kind,
                    label,
                }));
            }
        }
        assert_eq!(summary, case.entries, "{}", case.rule);
        assert_eq!(mask(&case.text, masks), case.masked, "{}", case.rule);
    }
}

proptest! {
    /// Arbitrary text, and scraps of values in any order: spans lie on character boundaries, in
    /// order, and no finding is empty or unsure.
    #[test]
    fn any_text_is_read(scraps in prop::collection::vec(
        prop_oneof![
            "\\PC{0,8}",
            prop::sample::select(vec![
                "4111 1111", "+44", "(", "::", "@", ".com", "https://", "www.", "AKIA", "DE89", "pin ", "name is ", "Mr. ",
                "12 ", "Main ", "Street", "é", "ﬀ", "\u{200b}", "🏳️‍🌈", "password: ", " at ", " dot ", "-", "/", "123-45-6789", "rue ", "straße ",
            ]).prop_map(str::to_owned),
        ],
        0..24,
    )) {
        let text = scraps.concat();
        let findings = find(PiiType::ALL, &Views::of(&text)).unwrap();
        for finding in &findings {
            let value = text.get(finding.span.range());
            prop_assert!(value.is_some_and(|value| !value.is_empty()));
            prop_assert!((super::THRESHOLD..=1.0).contains(&finding.score));
        }
        prop_assert!(findings.is_sorted_by_key(|finding| finding.span.start()));
    }
}

/// The cost of scanning grows with the text, not with its square: texts of little but triggers. The
/// bound leaves room for a busy machine: quadratic would be a factor of 1,024.
#[test]
fn scanning_is_linear_in_triggers() {
    for seed in [
        "1-",
        "12 34 ",
        "@a.",
        "1.1.1.1.",
        "::",
        "DE89 ",
        "http://",
        "Mr. A ",
        "password: ",
        "+1 2 ",
        "A1/",
        ".com",
    ] {
        let time = |repeats: usize| {
            let views = Views::of(&seed.repeat(repeats));
            let tries = (0..3).map(|_| {
                let start = Instant::now();
                find(PiiType::ALL, &views).unwrap();
                start.elapsed()
            });
            tries.min().unwrap()
        };
        let (short, long) = (time(1_000), time(32_000));
        assert!(
            long < short * 250 + Duration::from_millis(100),
            "{seed:?}: {short:?}, then {long:?}"
        );
    }
}
