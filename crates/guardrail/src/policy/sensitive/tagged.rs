//! What a tagger adds to the patterns' readings.
//!
//! Patterns know forms and what a phrase introduces; a tagger reads the sentence. Both give readings,
//! and `overlap` decides between them. A tagger's confidence is held under that of a checksum or a
//! grammar ([`surest`]): what a pattern types surely is not typed again.

use super::{
    entity::THRESHOLD,
    overlap::{Located, is_code},
};
use crate::{
    config::PiiType,
    detect::{DetectError, Tagger},
    verdict::Location,
};
use pretil_text::Views;

/// Types of which patterns find only what a phrase or a form gives away: without a tagger they are not
/// evaluated.
pub(super) const NEED_TAGGER: &[PiiType] = &[PiiType::Address, PiiType::Name];

/// From this confidence a pattern's reading rules out a tagger's reading of the same characters.
const SURE: f32 = 0.8;

/// The readings of one block's text by `tagger`, of types for which `wanted` holds.
///
/// Read are the text as sent and what else it says to whoever reads it; not what only patterns are
/// sought in, where words are joined or cut.
pub(super) fn read(
    tagger: &dyn Tagger,
    block: usize,
    views: &Views,
    wanted: impl Fn(PiiType) -> bool,
) -> Result<Vec<Located>, DetectError> {
    let mut readings = Vec::new();
    for (derivation, view) in views.iter().enumerate() {
        if !view.fit_for_meaning() {
            continue;
        }
        let spans = tagger.tag(view.text())?.into_iter();
        readings.extend(
            spans
                .filter(|span| wanted(span.entity))
                .map(|span| Located {
                    entity: span.entity,
                    location: Location {
                        block,
                        span: view.to_original(span.range),
                        view: view.kind(),
                    },
                    score: span.score.clamp(THRESHOLD, surest(span.entity)),
                    derivation,
                }),
        );
    }
    Ok(readings)
}

/// How sure a tagger can be of a type, beside patterns.
fn surest(entity: PiiType) -> f32 {
    if is_code(entity) { 0.75 } else { 0.85 }
}

/// Drops the tagger's readings that a pattern surely reads as something else: an e-mail address holds no
/// user name, a URL no name. A longer reading that holds the pattern's whole stands: that is for
/// `overlap` to decide.
pub(super) fn settle(tagged: Vec<Located>, patterns: &[Located]) -> Vec<Located> {
    let misread = |reading: &Located| {
        patterns.iter().any(|pattern| {
            let (span, other) = (reading.location.span, pattern.location.span);
            pattern.entity != reading.entity
                && pattern.score >= SURE
                && span.overlaps(other)
                && !(span.contains(other) && span != other)
                && (is_code(pattern.entity)
                    || matches!(pattern.entity, PiiType::Email | PiiType::Url))
        })
    };
    tagged
        .into_iter()
        .filter(|reading| !misread(reading))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{
        config::{Directions, PiiEntityConfig, PiiType, SensitiveAction, SensitivePolicyConfig},
        content::Source,
        detect::{Clock, DetectError, Detectors, TaggedSpan, Tagger},
        policy::{Reading, sensitive::SensitivePolicy},
        verdict::NotEvaluatedReason,
    };
    use pretil_text::{Views, language::Language};
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    struct NoTime;

    impl Clock for NoTime {
        fn now(&self) -> Duration {
            Duration::ZERO
        }
    }

    /// Tags these strings, wherever they stand.
    struct Strings {
        tagged: Vec<(PiiType, &'static str)>,
        languages: Vec<Language>,
        calls: AtomicUsize,
        fails: bool,
    }

    impl Strings {
        fn new(tagged: &[(PiiType, &'static str)]) -> Self {
            Self {
                tagged: tagged.to_vec(),
                languages: Language::from_code("en").into_iter().collect(),
                calls: AtomicUsize::new(0),
                fails: false,
            }
        }
    }

    impl Tagger for Strings {
        fn identity(&self) -> &'static str {
            "strings"
        }

        fn types(&self) -> &[PiiType] {
            &[
                PiiType::Address,
                PiiType::Name,
                PiiType::Pin,
                PiiType::Username,
            ]
        }

        fn languages(&self) -> &[Language] {
            &self.languages
        }

        fn tag(&self, text: &str) -> Result<Vec<TaggedSpan>, DetectError> {
            self.calls.fetch_add(1, Ordering::Relaxed);
            if self.fails {
                return Err(DetectError::Overloaded);
            }
            let tagged = self.tagged.iter();
            let spans = tagged.flat_map(|(entity, value)| {
                text.match_indices(value).map(|(start, value)| TaggedSpan {
                    range: start..start + value.len(),
                    entity: *entity,
                    score: 1.0,
                })
            });
            Ok(spans.collect())
        }
    }

    fn detectors(tagger: Option<Arc<dyn Tagger>>) -> Detectors {
        Detectors {
            embedder: None,
            safety: None,
            clock: Arc::new(NoTime),
            tagger,
            grounding: None,
        }
    }

    type Missed = Vec<(Option<String>, NotEvaluatedReason)>;

    /// What is found of `types` in `text`, and what is not evaluated.
    fn judge(
        types: &[PiiType],
        tagger: Option<Arc<dyn Tagger>>,
        text: &str,
    ) -> (Vec<(String, String)>, Missed) {
        let entities = types.iter().map(|entity| PiiEntityConfig {
            entity: *entity,
            action: SensitiveAction::Anonymize,
            directions: Directions::default(),
        });
        let config = SensitivePolicyConfig {
            entities: Some(entities.collect()),
            regexes: None,
        };
        let detectors = detectors(tagger);
        let policy = SensitivePolicy::compile(&config, &detectors).unwrap();
        let views = Views::of(text);
        let reading = Reading {
            block: 0,
            views: &views,
        };
        let detected = policy.detect(Source::Input, &[reading], &detectors);
        let entries = policy.decide(Source::Input, &detected.findings, true);
        let found = entries.entities.into_iter().filter(|entry| entry.detected);
        let found = found.map(|entry| (entry.entity.as_str().to_owned(), entry.matched));
        (found.collect(), detected.not_evaluated)
    }

    fn found(types: &[PiiType], tagged: &[(PiiType, &'static str)], text: &str) -> Vec<String> {
        let (found, missed) = judge(types, Some(Arc::new(Strings::new(tagged))), text);
        assert_eq!(missed, []);
        let found = found.into_iter();
        found
            .map(|(entity, value)| format!("{entity} {value}"))
            .collect()
    }

    #[test]
    fn one_decision_per_span_over_patterns_and_tagger() {
        use PiiType::{Address, CreditDebitCardNumber, Email, Name, Phone, Pin, Username};
        for (types, tagged, text, expected) in [
            // What no pattern sees.
            (
                &[Name][..],
                &[(Name, "Margaret")][..],
                "ask Margaret",
                &["NAME Margaret"][..],
            ),
            // A pattern is sure: the e-mail address is no user name, configured or not.
            (
                &[Email, Username],
                &[(Username, "jane.doe")],
                "to jane.doe@example.com",
                &["EMAIL jane.doe@example.com"],
            ),
            (
                &[Username],
                &[(Username, "jane.doe")],
                "to jane.doe@example.com",
                &[],
            ),
            // A checksum is not typed again.
            (
                &[CreditDebitCardNumber, Pin],
                &[(Pin, "4111 1111 1111 1111")],
                "card 4111 1111 1111 1111",
                &["CREDIT_DEBIT_CARD_NUMBER 4111 1111 1111 1111"],
            ),
            (
                &[Pin],
                &[(Pin, "1111 1111")],
                "card 4111 1111 1111 1111",
                &[],
            ),
            // The longer reading of one type stands.
            (
                &[Address],
                &[(Address, "12 High Street, Leeds")],
                "at 12 High Street, Leeds",
                &["ADDRESS 12 High Street, Leeds"],
            ),
            (
                &[Address, Name],
                &[(Name, "High"), (Address, "12 High Street")],
                "at 12 High Street",
                &["ADDRESS 12 High Street"],
            ),
            // What is not configured is not reported.
            (&[Phone], &[(Name, "Margaret")], "ask Margaret", &[]),
        ] {
            assert_eq!(found(types, tagged, text), expected, "{text}");
        }
    }

    #[test]
    fn the_tagger_reads_what_is_hidden_in_other_forms() {
        let text = "read TXkgbmFtZSBpcyBNYXJnYXJldCBhbmQgSSBsaXZlIGhlcmUu please";
        let found = found(&[PiiType::Name], &[(PiiType::Name, "Margaret")], text);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn without_a_tagger_names_and_addresses_are_not_evaluated() {
        let all = [
            PiiType::Address,
            PiiType::Email,
            PiiType::Name,
            PiiType::Pin,
        ];
        let (found, missed) = judge(&all, None, "my name is Jane Doe");
        let part = |name: &str| (Some(name.to_owned()), NotEvaluatedReason::NoDetector);
        assert_eq!(missed, [part("ADDRESS"), part("NAME")]);
        assert_eq!(found.len(), 1, "what patterns find is still found");
        let (_, missed) = judge(&[PiiType::Email, PiiType::Pin], None, "anything");
        assert_eq!(missed, []);
    }

    #[test]
    fn a_tagger_that_fails_is_said() {
        let tagger = Strings {
            fails: true,
            ..Strings::new(&[])
        };
        let (_, missed) = judge(&[PiiType::Name], Some(Arc::new(tagger)), "anything");
        let reason = NotEvaluatedReason::DetectorFailed("the detector is overloaded".to_owned());
        assert_eq!(missed, [(Some("NAME".to_owned()), reason)]);
    }

    #[test]
    fn text_in_a_language_that_was_not_measured_is_said() {
        let tagger: Arc<dyn Tagger> = Arc::new(Strings::new(&[]));
        let text = "我叫王小明，住在北京市朝阳区，每天早上七点起床去公司上班。";
        let (_, missed) = judge(&[PiiType::Name], Some(Arc::clone(&tagger)), text);
        let reason = NotEvaluatedReason::UnsupportedLanguage;
        assert_eq!(missed, [(Some("NAME".to_owned()), reason)]);
        let (_, missed) = judge(&[PiiType::Email], Some(tagger), text);
        assert_eq!(missed, []);
    }

    #[test]
    fn the_tagger_runs_only_for_types_that_it_serves() {
        let tagger = Arc::new(Strings::new(&[]));
        let _ = judge(
            &[PiiType::Email, PiiType::Url],
            Some(Arc::clone(&tagger) as _),
            "anything",
        );
        assert_eq!(tagger.calls.load(Ordering::Relaxed), 0);
        let _ = judge(&[PiiType::Pin], Some(Arc::clone(&tagger) as _), "anything");
        assert_eq!(tagger.calls.load(Ordering::Relaxed), 1);
    }
}
