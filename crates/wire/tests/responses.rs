//! Replies as raw-JSON clients read them: the recorded examples, re-composed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pretil_wire::bedrock::{Timestamp, control::*, runtime::*};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Checks that `reply` is written as `expected`, holds no null and is read back.
fn assert_golden<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    reply: &T,
    expected: &Value,
) {
    let written = serde_json::to_value(reply).unwrap();
    assert_eq!(&written, expected);
    assert!(!written.to_string().contains("null"), "{written}");
    assert_eq!(&serde_json::from_value::<T>(written).unwrap(), reply);
}

fn text(text: &str) -> OutputContent {
    OutputContent { text: text.into() }
}

const ARN: &str = "arn:aws:bedrock:us-east-1:123456789012:guardrail/3dod99ztwhr8";

#[test]
fn nothing_found() {
    let usage = GuardrailUsage {
        topic_policy_units: 1,
        content_policy_units: 1,
        word_policy_units: 1,
        sensitive_information_policy_units: 1,
        sensitive_information_policy_free_units: 1,
        ..GuardrailUsage::default()
    };
    let coverage = GuardrailCoverage {
        text_characters: Covered {
            guarded: 31,
            total: 31,
        },
        images: None,
    };
    let reply = ApplyGuardrailResponse {
        usage,
        action: "NONE".to_owned(),
        action_reason: Some("No action.".to_owned()),
        assessments: vec![GuardrailAssessment {
            invocation_metrics: Some(InvocationMetrics {
                guardrail_processing_latency: 108,
                usage,
                guardrail_coverage: coverage,
            }),
            applied_guardrail_details: Some(AppliedGuardrailDetails {
                guardrail_id: "3dod99ztwhr8".to_owned(),
                guardrail_version: "DRAFT".parse().unwrap(),
                guardrail_arn: ARN.parse().unwrap(),
                guardrail_origin: vec!["REQUEST".to_owned()],
                guardrail_ownership: "SELF".to_owned(),
            }),
            ..GuardrailAssessment::default()
        }],
        guardrail_coverage: Some(coverage),
        ..ApplyGuardrailResponse::default()
    };
    let usage = json!({"topicPolicyUnits":1,"contentPolicyUnits":1,"wordPolicyUnits":1,
        "sensitiveInformationPolicyUnits":1,"sensitiveInformationPolicyFreeUnits":1,
        "contextualGroundingPolicyUnits":0,"contentPolicyImageUnits":0});
    let coverage = json!({"textCharacters":{"guarded":31,"total":31}});
    assert_golden(
        &reply,
        &json!({
            "usage": usage,
            "action": "NONE",
            "actionReason": "No action.",
            "outputs": [], "output": [],
            "assessments": [{
                "invocationMetrics": {"guardrailProcessingLatency": 108, "usage": usage,
                    "guardrailCoverage": coverage},
                "appliedGuardrailDetails": {"guardrailId":"3dod99ztwhr8","guardrailVersion":"DRAFT",
                    "guardrailArn":ARN,"guardrailOrigin":["REQUEST"],"guardrailOwnership":"SELF"}
            }],
            "guardrailCoverage": coverage
        }),
    );
}

#[test]
fn a_blocked_topic() {
    let reply = ApplyGuardrailResponse {
        action: "GUARDRAIL_INTERVENED".to_owned(),
        action_reason: Some("Guardrail blocked.".to_owned()),
        outputs: vec![text("BLOCKED_INPUT")],
        output: vec![text("BLOCKED_INPUT")],
        blocked_response: Some("BLOCKED_INPUT".into()),
        assessments: vec![GuardrailAssessment {
            topic_policy: Some(TopicPolicyAssessment {
                topics: vec![TopicAssessment {
                    name: "other_insurance".to_owned(),
                    topic_type: "DENY".to_owned(),
                    action: "BLOCKED".to_owned(),
                    detected: true,
                }],
            }),
            ..GuardrailAssessment::default()
        }],
        ..ApplyGuardrailResponse::default()
    };
    let mut expected = serde_json::to_value(ApplyGuardrailResponse::default()).unwrap();
    for (member, value) in [
        ("action", json!("GUARDRAIL_INTERVENED")),
        ("actionReason", json!("Guardrail blocked.")),
        ("outputs", json!([{"text":"BLOCKED_INPUT"}])),
        ("output", json!([{"text":"BLOCKED_INPUT"}])),
        ("blockedResponse", json!("BLOCKED_INPUT")),
        (
            "assessments",
            json!([{"topicPolicy":{"topics":[
                {"name":"other_insurance","type":"DENY","action":"BLOCKED","detected":true}]}}]),
        ),
    ] {
        expected[member] = value;
    }
    assert_golden(&reply, &expected);
}

#[test]
fn every_entry_has_its_recorded_members() {
    let assessment = GuardrailAssessment {
        content_policy: Some(ContentPolicyAssessment {
            filters: vec![ContentFilterAssessment {
                filter_type: "VIOLENCE".to_owned(),
                confidence: "LOW".to_owned(),
                filter_strength: "HIGH".to_owned(),
                action: "BLOCKED".to_owned(),
                detected: true,
            }],
        }),
        word_policy: Some(WordPolicyAssessment {
            custom_words: vec![CustomWordAssessment {
                matched: "Bluewhale".into(),
                action: "BLOCKED".to_owned(),
                detected: true,
            }],
            managed_word_lists: Vec::new(),
        }),
        sensitive_information_policy: Some(SensitiveInformationPolicyAssessment {
            pii_entities: vec![PiiEntityAssessment {
                entity_type: "EMAIL".to_owned(),
                matched: "jane@example.com".into(),
                action: "ANONYMIZED".to_owned(),
                detected: true,
            }],
            regexes: vec![RegexAssessment {
                name: "claim_number".to_owned(),
                regex: "CLM-[0-9]{4}-[0-9]{5}-[0-9]".to_owned(),
                matched: "CLM-2608-00042-4".into(),
                action: "ANONYMIZED".to_owned(),
                detected: true,
            }],
        }),
        contextual_grounding_policy: Some(ContextualGroundingPolicyAssessment {
            filters: vec![ContextualGroundingFilterAssessment {
                filter_type: "GROUNDING".to_owned(),
                threshold: 0.8,
                score: 0.02,
                action: "BLOCKED".to_owned(),
                detected: true,
            }],
        }),
        ..GuardrailAssessment::default()
    };
    assert_golden(
        &assessment,
        &json!({
            "contentPolicy":{"filters":[{"type":"VIOLENCE","confidence":"LOW",
                "filterStrength":"HIGH","action":"BLOCKED","detected":true}]},
            "wordPolicy":{"customWords":[{"match":"Bluewhale","action":"BLOCKED","detected":true}],
                "managedWordLists":[]},
            "sensitiveInformationPolicy":{
                "piiEntities":[{"type":"EMAIL","match":"jane@example.com","action":"ANONYMIZED",
                    "detected":true}],
                "regexes":[{"name":"claim_number","regex":"CLM-[0-9]{4}-[0-9]{5}-[0-9]",
                    "match":"CLM-2608-00042-4","action":"ANONYMIZED","detected":true}]},
            "contextualGroundingPolicy":{"filters":[{"type":"GROUNDING","threshold":0.8,
                "score":0.02,"action":"BLOCKED","detected":true}]}
        }),
    );
    let printed = format!("{assessment:?}");
    for content in ["Bluewhale", "jane@example.com", "CLM-2608-00042-4"] {
        assert!(!printed.contains(content), "{printed}");
    }
}

#[test]
fn checks() {
    let reply = InvokeGuardrailChecksResponse {
        results: ChecksResults {
            sensitive_information: Some(ChecksEntityResults {
                results: vec![ChecksEntityResult {
                    entity_type: "EMAIL".to_owned(),
                    confidence_score: 0.99,
                    begin_offset: 6,
                    end_offset: 21,
                    message_index: 0,
                    content_index: 0,
                }],
                truncated: false,
            }),
            ..ChecksResults::default()
        },
        usage: ChecksUsage {
            sensitive_information: Some(ChecksUnits { text_units: 1 }),
            ..ChecksUsage::default()
        },
    };
    assert_golden(
        &reply,
        &json!({
            "results":{"sensitiveInformation":{"results":[{"type":"EMAIL","confidenceScore":0.99,
                "beginOffset":6,"endOffset":21,"messageIndex":0,"contentIndex":0}],
                "truncated":false}},
            "usage":{"sensitiveInformation":{"textUnits":1}}
        }),
    );
}

#[test]
fn a_guardrail_echoes_only_what_was_sent() {
    let at = Timestamp::from_microseconds(1_795_309_323_123_456);
    let reply = GetGuardrailResponse {
        name: "n".to_owned(),
        description: None,
        guardrail_id: "3dod99ztwhr8".to_owned(),
        guardrail_arn: ARN.parse().unwrap(),
        version: "DRAFT".parse().unwrap(),
        status: "READY".to_owned(),
        topic_policy: Some(TopicPolicy {
            topics: vec![Topic {
                name: "t".to_owned(),
                definition: "d".to_owned(),
                examples: None,
                topic_type: "DENY".to_owned(),
                directions: DirectionSettings {
                    output_action: Some("NONE".to_owned()),
                    ..DirectionSettings::default()
                },
            }],
            tier: Tier {
                tier_name: "CLASSIC".to_owned(),
            },
        }),
        content_policy: None,
        word_policy: None,
        sensitive_information_policy: Some(SensitiveInformationPolicy {
            pii_entities: vec![PiiEntity {
                entity_type: "EMAIL".to_owned(),
                action: "ANONYMIZE".to_owned(),
                directions: DirectionSettings::default(),
            }],
            regexes: Vec::new(),
        }),
        contextual_grounding_policy: None,
        automated_reasoning_policy: None,
        cross_region_details: None,
        created_at: at,
        updated_at: at,
        status_reasons: Vec::new(),
        failure_recommendations: Vec::new(),
        blocked_input_messaging: "i".to_owned(),
        blocked_outputs_messaging: "o".to_owned(),
        kms_key_arn: None,
        pretil: None,
    };
    assert_golden(
        &reply,
        &json!({
            "name":"n","guardrailId":"3dod99ztwhr8","guardrailArn":ARN,"version":"DRAFT",
            "status":"READY",
            "topicPolicy":{"topics":[{"name":"t","definition":"d","type":"DENY",
                "outputAction":"NONE"}],"tier":{"tierName":"CLASSIC"}},
            "sensitiveInformationPolicy":{"piiEntities":[{"type":"EMAIL","action":"ANONYMIZE"}],
                "regexes":[]},
            "createdAt":"2026-11-22T01:02:03.123456Z","updatedAt":"2026-11-22T01:02:03.123456Z",
            "blockedInputMessaging":"i","blockedOutputsMessaging":"o"
        }),
    );
}

#[test]
fn tags_and_empty_replies() {
    let tags = ListTagsForResourceResponse {
        tags: vec![Tag {
            key: "k".to_owned(),
            value: String::new(),
        }],
    };
    assert_golden(&tags, &json!({"tags":[{"key":"k","value":""}]}));
    assert_golden(&EmptyResponse {}, &json!({}));
    assert_golden(
        &ListGuardrailsResponse::default(),
        &json!({"guardrails":[]}),
    );
}
