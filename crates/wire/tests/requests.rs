//! Requests as clients send them, and as they should not.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test may panic, and a table is as long as it is"
)]

use pretil_wire::bedrock::{Decoded, RequestError, control::*, from_json, runtime::*};

/// The message of the refusal of `body`.
fn refusal<T: pretil_wire::bedrock::decode::Decode + std::fmt::Debug>(body: &str) -> String {
    from_json::<T>(body.as_bytes()).unwrap_err().to_string()
}

/// A body of CreateGuardrail with the required members and `more`.
fn create(more: &str) -> String {
    format!(
        r#"{{"name":"n","blockedInputMessaging":"i","blockedOutputsMessaging":"o"{}{more}}}"#,
        if more.is_empty() { "" } else { "," }
    )
}

#[test]
fn the_message_of_the_recorded_response_is_reproduced() {
    let long = "x".repeat(1001);
    let body = create(&format!(
        r#""topicPolicyConfig":{{"topicsConfig":[
            {{"name":"a","definition":"d","type":"DENY"}},
            {{"name":"b","definition":"{long}","type":"DENY"}}]}}"#
    ));
    assert_eq!(
        refusal::<CreateGuardrailRequest>(&body),
        "1 validation error detected: Value at 'topicPolicyConfig.topicsConfig.2.member.definition' \
         failed to satisfy constraint: Member must have length less than or equal to 1000"
    );
}

#[test]
fn every_violation_is_reported_at_once() {
    let body = r#"{"source":"BOTH","content":[],"outputScope":"SOME"}"#;
    assert_eq!(
        refusal::<ApplyGuardrailRequest>(body),
        "3 validation errors detected: \
         Value 'BOTH' at 'source' failed to satisfy constraint: Member must satisfy enum value set: [INPUT, OUTPUT]; \
         Value at 'content' failed to satisfy constraint: Member must have length greater than or equal to 1; \
         Value 'SOME' at 'outputScope' failed to satisfy constraint: Member must satisfy enum value set: [INTERVENTIONS, FULL]"
    );
}

#[test]
fn refusals() {
    type Refuse = fn(&str) -> String;
    let long_name = format!(r#"{{"name":"{}"}}"#, "x".repeat(51));
    let cases: &[(Refuse, &str, &str)] = &[
        (
            refusal::<CreateGuardrailRequest>,
            "{}",
            "3 validation errors detected: Value at 'name' failed to satisfy constraint: Member must not be null; \
             Value at 'blockedInputMessaging' failed to satisfy constraint: Member must not be null; \
             Value at 'blockedOutputsMessaging' failed to satisfy constraint: Member must not be null",
        ),
        (
            refusal::<CreateGuardrailRequest>,
            &long_name,
            "3 validation errors detected: Value at 'name' failed to satisfy constraint: Member must have length less than or equal to 50; \
             Value at 'blockedInputMessaging' failed to satisfy constraint: Member must not be null; \
             Value at 'blockedOutputsMessaging' failed to satisfy constraint: Member must not be null",
        ),
        (
            refusal::<CreateGuardrailRequest>,
            r#"{"name":null,"blockedInputMessaging":"","blockedOutputsMessaging":"o"}"#,
            "2 validation errors detected: Value at 'blockedInputMessaging' failed to satisfy constraint: Member must have length greater than or equal to 1; \
             Value at 'name' failed to satisfy constraint: Member must not be null",
        ),
        (
            refusal::<CreateGuardrailRequest>,
            &create(
                r#""contextualGroundingPolicyConfig":{"filtersConfig":[{"type":"GROUNDING","threshold":1}]}"#,
            ),
            "1 validation error detected: Value '1' at 'contextualGroundingPolicyConfig.filtersConfig.1.member.threshold' failed to satisfy constraint: Member must have value less than or equal to 0.99",
        ),
        (
            refusal::<CreateGuardrailRequest>,
            &create(
                r#""topicPolicyConfig":{"topicsConfig":[{"name":"naïve","definition":"d","type":"ALLOW","examples":["a",null]}]}"#,
            ),
            "3 validation errors detected: Value at 'topicPolicyConfig.topicsConfig.1.member.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_ !?.]+; \
             Value 'ALLOW' at 'topicPolicyConfig.topicsConfig.1.member.type' failed to satisfy constraint: Member must satisfy enum value set: [DENY]; \
             Value at 'topicPolicyConfig.topicsConfig.1.member.examples.2.member' failed to satisfy constraint: Member must not be null",
        ),
        (
            refusal::<CreateGuardrailRequest>,
            r#"{"name":7}"#,
            "NUMBER_VALUE can not be converted to a String at 'name'",
        ),
        (
            refusal::<CreateGuardrailRequest>,
            &create(r#""topicPolicyConfig":{"topicsConfig":{}}"#),
            "START_OBJECT can not be converted to a List at 'topicPolicyConfig.topicsConfig'",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            r#"{"source":"INPUT","content":[["text"]]}"#,
            "START_ARRAY can not be converted to a Structure at 'content.1.member'",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            r#"{"source":"INPUT","content":[{"text":"my secret"}]}"#,
            "STRING_VALUE can not be converted to a Structure at 'content.1.member.text'",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            r#"{"source":"INPUT","content":[{}]}"#,
            "1 validation error detected: Value at 'content.1.member' failed to satisfy constraint: Member must have exactly one of these members set: [text, image]",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            r#"{"source":"INPUT","source":"OUTPUT"}"#,
            "The member 'source' is given twice",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            r#"{"source":"INPUT","content":[{"image":{"format":"png","source":{"bytes":"*"}}}]}"#,
            "The value at 'content.1.member.image.source.bytes' is not valid base64",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            r#"{"source":"INPUT""#,
            "The request body is not valid JSON: it ends early, at line 1 column 17",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            "{} {}",
            "The request body is not valid JSON at line 1 column 4",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            "null",
            "NULL_VALUE can not be converted to a Structure",
        ),
        (
            refusal::<ApplyGuardrailRequest>,
            "[]",
            "START_ARRAY can not be converted to a Structure",
        ),
        (
            refusal::<InvokeGuardrailChecksRequest>,
            r#"{"messages":[{"role":"user","content":[{"text":""}]}],"checks":{}}"#,
            "2 validation errors detected: Value at 'messages.1.member.content.1.member.text' failed to satisfy constraint: Member must have length greater than or equal to 1; \
             Value at 'checks' failed to satisfy constraint: Member must have at least one of these members set: [contentFilter, promptAttack, sensitiveInformation]",
        ),
        (
            refusal::<TagResourceRequest>,
            r#"{"resourceARN":"arn:aws:bedrock:us-east-1:123456789012:guardrail/a","tags":[{"key":"a&b","value":""}]}"#,
            "1 validation error detected: Value 'a&b' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9\\s._:/=+@-]*",
        ),
    ];
    for (refuse, body, expected) in cases {
        assert_eq!(refuse(body), *expected, "{body}");
    }
}

#[test]
fn null_and_unknown_members_are_as_if_absent() {
    let body = create(r#""description":null,"topicPolicyConfig":null,"invented":{"deep":[1,{}]}"#);
    let request: CreateGuardrailRequest = from_json(body.as_bytes()).unwrap();
    assert_eq!(request, from_json(create("").as_bytes()).unwrap());
}

#[test]
fn an_empty_body_is_an_empty_structure() {
    let request: CreateGuardrailVersionRequest = from_json(b"").unwrap();
    assert_eq!(request, CreateGuardrailVersionRequest::default());
}

#[test]
fn lengths_are_counted_in_code_points() {
    let message = "😀".repeat(500);
    let body = format!(
        r#"{{"name":"n","blockedInputMessaging":"{message}","blockedOutputsMessaging":"{message}"}}"#
    );
    assert!(from_json::<CreateGuardrailRequest>(body.as_bytes()).is_ok());
}

#[test]
fn many_violations_are_counted_but_not_all_described() {
    let words = r#"{"text":""},"#.repeat(9_999) + r#"{"text":""}"#;
    let body = create(&format!(
        r#""wordPolicyConfig":{{"wordsConfig":[{words}]}}"#
    ));
    let message = refusal::<CreateGuardrailRequest>(&body);
    assert!(message.starts_with("10000 validation errors detected: "));
    assert!(message.len() < 10_000, "{}", message.len());
}

#[test]
fn a_list_that_is_too_long_is_refused_without_being_kept() {
    let words = r#"{"text":"a"},"#.repeat(10_000) + r#"{"text":"a"}"#;
    let body = create(&format!(
        r#""wordPolicyConfig":{{"wordsConfig":[{words}]}}"#
    ));
    assert_eq!(
        refusal::<CreateGuardrailRequest>(&body),
        "1 validation error detected: Value at 'wordPolicyConfig.wordsConfig' failed to satisfy \
         constraint: Member must have length less than or equal to 10000"
    );
}

#[test]
fn deep_nesting_is_refused() {
    for body in [
        "[".repeat(100_000),
        format!("{{\"unknown\":{}", "[".repeat(100_000)),
        "{\"a\":".repeat(100_000),
    ] {
        let error = from_json::<ApplyGuardrailRequest>(body.as_bytes()).unwrap_err();
        assert!(matches!(error, RequestError::Malformed(_)));
    }
}

#[test]
fn no_debug_print_shows_content() {
    let body = r#"{"source":"INPUT","content":[{"text":{"text":"a secret of mine"}},
        {"image":{"format":"png","source":{"bytes":"c2VjcmV0"}}}]}"#;
    let request: ApplyGuardrailRequest = from_json(body.as_bytes()).unwrap();
    let printed = format!("{request:?}");
    assert!(!printed.contains("secret"), "{printed}");
    assert!(printed.contains("ContentText(16 bytes)"), "{printed}");
    assert!(printed.contains("Blob(6 bytes)"), "{printed}");
}

#[test]
fn what_is_encoded_is_decoded_again() {
    let bodies = [
        create(
            r#""description":"d",
            "topicPolicyConfig":{"topicsConfig":[{"name":"t","definition":"d","examples":[],"type":"DENY","inputAction":"NONE","outputEnabled":false}],"tierConfig":{"tierName":"STANDARD"}},
            "contentPolicyConfig":{"filtersConfig":[{"type":"HATE","inputStrength":"LOW","outputStrength":"NONE","inputModalities":["TEXT","IMAGE"]}]},
            "wordPolicyConfig":{"wordsConfig":[{"text":"w"}],"managedWordListsConfig":[{"type":"PROFANITY"}]},
            "sensitiveInformationPolicyConfig":{"piiEntitiesConfig":[{"type":"EMAIL","action":"ANONYMIZE"}],"regexesConfig":[{"name":"r","pattern":"a+","action":"BLOCK"}]},
            "contextualGroundingPolicyConfig":{"filtersConfig":[{"type":"RELEVANCE","threshold":0.4}]},
            "automatedReasoningPolicyConfig":{"policies":["arn:aws:bedrock:us-east-1:123456789012:automated-reasoning-policy/abcdefghijkl"],"confidenceThreshold":0.5},
            "crossRegionConfig":{"guardrailProfileIdentifier":"us.guardrail.v1:0"},
            "kmsKeyId":"alias/k","tags":[{"key":"k","value":""}],"clientRequestToken":"t",
            "pretil":{"onFailure":{"topicPolicy":"OPEN"}}"#,
        ),
        create(""),
    ];
    for body in bodies {
        let request: CreateGuardrailRequest = from_json(body.as_bytes()).unwrap();
        let encoded = serde_json::to_vec(&request).unwrap();
        assert_eq!(
            from_json::<CreateGuardrailRequest>(&encoded).unwrap(),
            request
        );
        let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
        let echoed: serde_json::Value = serde_json::from_slice(&encoded).unwrap();
        assert_eq!(echoed, sent);
        let in_another_format: Decoded<CreateGuardrailRequest> =
            serde_json::from_slice(&encoded).unwrap();
        assert_eq!(in_another_format.0.unwrap(), request);
    }
}

/// The default number parser of `serde_json` is off by one in the last place for some doubles.
#[test]
fn a_threshold_is_the_double_that_was_sent() {
    for threshold in [0.1 + 0.2, 0.4, 0.863_549_238_211_437_3, 1e-300] {
        let body = format!(
            r#"{{"contextualGroundingPolicyConfig":{{"filtersConfig":[{{"type":"GROUNDING","threshold":{threshold}}}]}},"name":"n","blockedInputMessaging":"i","blockedOutputsMessaging":"o"}}"#
        );
        let request: CreateGuardrailRequest = from_json(body.as_bytes()).unwrap();
        let filters = request.contextual_grounding_policy_config.unwrap();
        let found = filters.filters_config[0].threshold;
        assert_eq!(found.to_bits(), f64::to_bits(threshold));
    }
}
