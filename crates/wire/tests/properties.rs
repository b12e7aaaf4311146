//! Properties of decoding: what is accepted is written and read back unchanged, and what is refused
//! names exactly what was broken.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use pretil_wire::bedrock::{RequestError, control::*, from_json, runtime::*};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Any text, in code points and not in bytes.
fn text(length: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    vec(any::<char>(), length).prop_map(|letters| letters.into_iter().collect())
}

fn block_action() -> impl Strategy<Value = Option<String>> {
    option::of(select(&["BLOCK", "NONE"][..]).prop_map(str::to_owned))
}

fn topic() -> impl Strategy<Value = TopicConfig> {
    (
        "[0-9a-zA-Z_ !?.-]{1,100}",
        text(1..=1000),
        option::of(vec(text(1..=100), 0..=5)),
        block_action(),
        block_action(),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
    )
        .prop_map(
            |(name, definition, examples, input, output, input_on, output_on)| TopicConfig {
                name,
                definition,
                examples,
                topic_type: "DENY".to_owned(),
                input_action: input,
                output_action: output,
                input_enabled: input_on,
                output_enabled: output_on,
            },
        )
}

fn create() -> impl Strategy<Value = CreateGuardrailRequest> {
    let grounding = (select(&["GROUNDING", "RELEVANCE"][..]), 0.0..=0.99_f64);
    (
        "[0-9a-zA-Z_-]{1,50}",
        option::of(text(1..=200)),
        option::of(vec(topic(), 1..4)),
        option::of(vec(text(1..=100), 1..4)),
        option::of(vec(grounding, 1..3)),
        (text(1..=500), text(1..=500)),
    )
        .prop_map(|(name, description, topics, words, grounding, messages)| {
            CreateGuardrailRequest {
                name,
                description,
                topic_policy_config: topics.map(|topics_config| TopicPolicyConfig {
                    topics_config,
                    tier_config: None,
                }),
                word_policy_config: words.map(|words| WordPolicyConfig {
                    words_config: Some(
                        words
                            .into_iter()
                            .map(|text| WordConfig {
                                text,
                                ..WordConfig::default()
                            })
                            .collect(),
                    ),
                    managed_word_lists_config: None,
                }),
                contextual_grounding_policy_config: grounding.map(|filters| {
                    ContextualGroundingPolicyConfig {
                        filters_config: filters
                            .into_iter()
                            .map(|(kind, threshold)| ContextualGroundingFilterConfig {
                                filter_type: kind.to_owned(),
                                threshold,
                                ..ContextualGroundingFilterConfig::default()
                            })
                            .collect(),
                        tier_config: None,
                    }
                }),
                blocked_input_messaging: messages.0,
                blocked_outputs_messaging: messages.1,
                ..CreateGuardrailRequest::default()
            }
        })
}

/// How many violations a refused body has.
fn violations<T: pretil_wire::bedrock::decode::Decode>(body: &[u8]) -> usize {
    match from_json::<T>(body) {
        Ok(_) => 0,
        Err(RequestError::Violations(violations)) => violations.count(),
        Err(RequestError::Malformed(message)) => panic!("{message}"),
    }
}

proptest! {
    #[test]
    fn what_is_valid_is_accepted_and_read_back_unchanged(request in create()) {
        let written = serde_json::to_vec(&request).unwrap();
        prop_assert_eq!(from_json::<CreateGuardrailRequest>(&written).unwrap(), request);
    }

    #[test]
    fn each_breach_is_one_violation(
        request in create(),
        long_name: bool,
        empty_message: bool,
        long_description: bool,
    ) {
        let mut request = request;
        let mut broken = 0;
        if long_name {
            request.name = "n".repeat(51);
            broken += 1;
        }
        if empty_message {
            request.blocked_input_messaging = String::new();
            broken += 1;
        }
        if long_description {
            request.description = Some("é".repeat(201));
            broken += 1;
        }
        let written = serde_json::to_vec(&request).unwrap();
        prop_assert_eq!(violations::<CreateGuardrailRequest>(&written), broken);
    }

    #[test]
    fn content_of_any_kind_is_kept_to_the_letter(texts in vec(text(0..=200), 1..10)) {
        let content = texts.iter().map(|text| ContentBlock::Text(TextBlock {
            text: text.as_str().into(),
            qualifiers: None,
        }));
        let request = ApplyGuardrailRequest {
            source: "INPUT".to_owned(),
            content: content.collect(),
            output_scope: None,
        };
        let written = serde_json::to_vec(&request).unwrap();
        prop_assert_eq!(from_json::<ApplyGuardrailRequest>(&written).unwrap(), request);
    }

    #[test]
    fn any_bytes_are_an_answer_or_a_refusal(bytes: Vec<u8>) {
        let _ = from_json::<ApplyGuardrailRequest>(&bytes);
        let _ = from_json::<CreateGuardrailRequest>(&bytes);
    }
}
