//! The whole reply of every operation, as committed.

use crate::support::{Answer, Service, request};
use serde_json::{Value, json};

/// Compares a reply with the committed one. Ids are random and times vary, so they are named.
fn golden(name: &str, answer: &Answer, names: &[(&str, &str)]) {
    let body: Value = answer.json();
    let mut text = format!("{}\n", answer.status.as_u16());
    for header in ["content-type", "x-amzn-errortype", "x-pretil-not-evaluated"] {
        let value = answer.header(header);
        if !value.is_empty() {
            text = format!("{text}{header}: {value}\n");
        }
    }
    text.push_str(&serde_json::to_string_pretty(&without_latency(body)).unwrap());
    for (value, name) in names {
        text = text.replace(value, name);
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

/// The only number that differs from run to run.
fn without_latency(mut body: Value) -> Value {
    let assessments = body.get_mut("assessments").and_then(Value::as_array_mut);
    for assessment in assessments.into_iter().flatten() {
        let latency = &mut assessment["invocationMetrics"]["guardrailProcessingLatency"];
        assert!(
            latency
                .as_u64()
                .is_some_and(|milliseconds| milliseconds < 60_000)
        );
        *latency = json!("milliseconds");
    }
    body
}

/// Every member that a caller may send and this build reads.
fn everything() -> Value {
    let both = json!({"inputAction": "BLOCK", "outputAction": "NONE", "inputEnabled": true, "outputEnabled": false});
    let with = |mut value: Value| {
        let members = both.as_object().unwrap().clone();
        value.as_object_mut().unwrap().extend(members);
        value
    };
    json!({
        "description": "every member",
        "topicPolicyConfig": {
            "topicsConfig": [with(json!({"name": "Pets", "definition": "Talk about pets.", "type": "DENY", "examples": ["My dog?"]}))],
            "tierConfig": {"tierName": "STANDARD"},
        },
        "contentPolicyConfig": {
            "filtersConfig": [
                with(json!({"type": "SEXUAL", "inputStrength": "HIGH", "outputStrength": "MEDIUM", "inputModalities": ["TEXT"], "outputModalities": ["TEXT"]})),
                {"type": "PROMPT_ATTACK", "inputStrength": "LOW", "outputStrength": "NONE"},
            ],
        },
        "wordPolicyConfig": {
            "wordsConfig": [with(json!({"text": "two words"}))],
            "managedWordListsConfig": [with(json!({"type": "PROFANITY"}))],
        },
        "sensitiveInformationPolicyConfig": {
            "piiEntitiesConfig": [with(json!({"type": "EMAIL", "action": "BLOCK"}))],
            "regexesConfig": [{"name": "ticket", "description": "a ticket", "pattern": "T-[0-9]+", "action": "ANONYMIZE"}],
        },
        "contextualGroundingPolicyConfig": {
            "filtersConfig": [{"type": "GROUNDING", "threshold": 0.4, "action": "BLOCK", "enabled": true}],
        },
        "crossRegionConfig": {"guardrailProfileIdentifier": "us.guardrail.v1:0"},
        "kmsKeyId": "alias/mine",
        "tags": [{"key": "team", "value": "a"}],
        "pretil": {"onFailure": {"contentPolicy": "OPEN"}},
    })
}

#[tokio::test]
async fn control_plane() {
    let service = Service::start().await;
    let body = request("golden", everything());
    let created = service.post("/guardrails", &body).await;
    let id = created.json()["guardrailId"].as_str().unwrap().to_owned();
    let names = [(id.as_str(), "ID")];
    golden("create_guardrail", &created, &names);
    golden(
        "get_guardrail",
        &service.send("GET", &format!("/guardrails/{id}"), "").await,
        &names,
    );

    let version = json!({"description": "of the version"});
    let version = service.post(&format!("/guardrails/{id}"), &version).await;
    golden("create_guardrail_version", &version, &names);
    let path = format!("/guardrails/{id}?guardrailVersion=1");
    golden(
        "get_guardrail_version",
        &service.send("GET", &path, "").await,
        &names,
    );

    let update = request("golden", crate::support::word("bluewhale")).to_string();
    let updated = service
        .send("PUT", &format!("/guardrails/{id}"), update)
        .await;
    golden("update_guardrail", &updated, &names);
    golden(
        "get_guardrail_words",
        &service.send("GET", &format!("/guardrails/{id}"), "").await,
        &names,
    );
    golden(
        "list_guardrails",
        &service.send("GET", "/guardrails", "").await,
        &names,
    );
    let path = format!("/guardrails?guardrailIdentifier={id}");
    golden(
        "list_guardrails_versions",
        &service.send("GET", &path, "").await,
        &names,
    );

    golden_tags(&service, &id).await;
    golden_enforced(&service, &id).await;
    let path = format!("/guardrails/{id}");
    golden(
        "delete_guardrail",
        &service.send("DELETE", &path, "").await,
        &names,
    );
    golden(
        "get_guardrail_gone",
        &service.send("GET", &path, "").await,
        &names,
    );
}

async fn golden_tags(service: &Service, id: &str) {
    let names = [(id, "ID")];
    let arn = format!("arn:aws:bedrock:us-east-1:123456789012:guardrail/{id}");
    let tags = json!({"resourceARN": arn, "tags": [{"key": "new", "value": ""}]});
    golden(
        "tag_resource",
        &service.post("/tagResource", &tags).await,
        &names,
    );
    let list = json!({"resourceARN": arn});
    golden(
        "list_tags_for_resource",
        &service.post("/listTagsForResource", &list).await,
        &names,
    );
    let untag = json!({"resourceARN": arn, "tagKeys": ["team"]});
    golden(
        "untag_resource",
        &service.post("/untagResource", &untag).await,
        &names,
    );
}

async fn golden_enforced(service: &Service, id: &str) {
    let names = [(id, "ID")];
    let enforced = "/enforcedGuardrailsConfiguration";
    let body = json!({"guardrailInferenceConfig": {
        "guardrailIdentifier": id, "guardrailVersion": "1",
        "selectiveContentGuarding": {"system": "SELECTIVE"},
        "modelEnforcement": {"includedModels": ["ALL"], "excludedModels": []},
    }});
    let put = service.send("PUT", enforced, body.to_string()).await;
    let config_id = put.json()["configId"].as_str().unwrap().to_owned();
    let enforced_names = [(id, "ID"), (config_id.as_str(), "CONFIG")];
    golden(
        "put_enforced_guardrail_configuration",
        &put,
        &enforced_names,
    );
    let listed = service.send("GET", enforced, "").await;
    golden(
        "list_enforced_guardrails_configuration",
        &listed,
        &enforced_names,
    );
    let path = format!("/guardrails/{id}");
    golden(
        "delete_guardrail_in_use",
        &service.send("DELETE", &path, "").await,
        &names,
    );
    let gone = service
        .send("DELETE", &format!("{enforced}/{config_id}"), "")
        .await;
    golden(
        "delete_enforced_guardrail_configuration",
        &gone,
        &enforced_names,
    );
}

#[tokio::test]
async fn runtime() {
    let service = Service::start().await;
    let policies = json!({
        "wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]},
        "sensitiveInformationPolicyConfig": {
            "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}],
            "regexesConfig": [{"name": "claim_number", "pattern": "CLM-[0-9]{4}", "action": "ANONYMIZE"}],
        },
    });
    let id = service.create("runtime", policies).await;
    let names = [(id.as_str(), "ID")];
    golden(
        "apply_none",
        &service.apply(&id, "INPUT", "A quiet day.").await,
        &names,
    );
    golden(
        "apply_blocked",
        &service
            .apply(&id, "INPUT", "One bluewhale for jane@example.com")
            .await,
        &names,
    );
    golden(
        "apply_masked",
        &service
            .apply(&id, "OUTPUT", "CLM-2608 is of jane@example.com")
            .await,
        &names,
    );

    let path = format!("/guardrail/{id}/version/DRAFT/apply");
    let two = json!({"source": "OUTPUT", "outputScope": "FULL", "content": [
        {"text": {"text": "Nothing here."}}, {"text": {"text": "jane@example.com"}}
    ]});
    golden(
        "apply_two_blocks_full",
        &service.post(&path, &two).await,
        &names,
    );
    let explain = [("x-pretil-explain", "true")];
    let body = two.to_string();
    let answer = service.send_with("POST", &path, body, &explain).await;
    let findings = &answer.json()["pretil"]["findings"];
    assert_eq!(
        findings[0]["spans"][0]["codePoints"],
        json!({"begin": 0, "end": 16}),
        "{findings}"
    );
    assert_eq!(findings[0]["spans"][0]["block"], 1);

    let unknown = service.apply("zzzzzzzzzzzz", "INPUT", "x").await;
    golden("apply_unknown", &unknown, &names);
}

/// A policy without a detector blocks and says so, in the header and with all its names.
#[tokio::test]
async fn not_evaluated_is_seen() {
    let service = Service::start().await;
    let hate = json!([{"type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH"}]);
    let closed = json!({"contentPolicyConfig": {"filtersConfig": hate}});
    let id = service.create("closed", closed.clone()).await;
    let answer = service.apply(&id, "INPUT", "hello").await;
    golden(
        "apply_not_evaluated_closed",
        &answer,
        &[(id.as_str(), "ID")],
    );

    let mut open = closed;
    open["pretil"] = json!({"onFailure": {"contentPolicy": "OPEN"}});
    let id = service.create("open", open).await;
    let answer = service.apply(&id, "INPUT", "hello").await;
    golden("apply_not_evaluated_open", &answer, &[(id.as_str(), "ID")]);
    let metrics = service.send("GET", "/metrics", "").await.text;
    let line = "pretil_not_evaluated_total{policy=\"content\",reason=\"no_detector\"} 2";
    assert!(metrics.contains(line), "{metrics}");
}

#[tokio::test]
async fn checks() {
    let service = Service::start().await;
    let body = json!({
        "messages": [
            {"role": "system", "content": [{"text": "Be kind."}]},
            {"role": "user", "content": [{"text": "😀 jane@example.com"}, {"text": "bob@example.com"}]},
        ],
        "checks": {"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}},
    });
    let answer = service.post("/guardrail-checks/invoke", &body).await;
    golden("invoke_guardrail_checks", &answer, &[]);
}
