//! Every route, and what is none.

use crate::support::Service;

/// Method, path and the status that an empty body gets. The list is the contract: a route that is
/// added or lost shows here.
const ROUTES: &[(&str, &str, u16)] = &[
    ("POST", "/guardrails", 400),
    ("GET", "/guardrails", 200),
    ("GET", "/guardrails/abc123abc123", 404),
    ("PUT", "/guardrails/abc123abc123", 400),
    ("POST", "/guardrails/abc123abc123", 404),
    ("DELETE", "/guardrails/abc123abc123", 404),
    ("POST", "/tagResource", 400),
    ("POST", "/untagResource", 400),
    ("POST", "/listTagsForResource", 400),
    ("PUT", "/enforcedGuardrailsConfiguration", 400),
    ("GET", "/enforcedGuardrailsConfiguration", 200),
    (
        "DELETE",
        "/enforcedGuardrailsConfiguration/abc123abc123",
        404,
    ),
    ("POST", "/guardrail/abc123abc123/version/DRAFT/apply", 400),
    ("POST", "/guardrail-checks/invoke", 400),
];

#[tokio::test]
async fn every_route_answers_for_its_operation() {
    let service = Service::start().await;
    for &(method, path, status) in ROUTES {
        let answer = service.send(method, path, "").await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        if status >= 400 {
            let (code, _) = answer.error();
            assert_ne!(code, "UnknownOperationException", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_no_route_is_an_unknown_operation() {
    let service = Service::start().await;
    for (method, path) in [
        ("GET", "/"),
        ("POST", "/guardrail"),
        ("POST", "/guardrails/x/y/z/version/1"),
        ("POST", "/guardrail/abc/version/1"),
        ("POST", "/model/x/converse"),
        ("DELETE", "/guardrails"),
        ("GET", "/guardrail/abc/version/1/apply"),
        ("PATCH", "/guardrails/abc"),
        ("GET", "/tagResource"),
        ("POST", "/metrics"),
    ] {
        let answer = service.send(method, path, "").await;
        if path == "/guardrails/x/y/z/version/1" {
            // An identifier with slashes, and no valid one.
            assert_eq!(answer.error().0, "ValidationException");
            continue;
        }
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(
            answer.error().0,
            "UnknownOperationException",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn an_identifier_may_be_an_arn_however_it_is_written() {
    let service = Service::start().await;
    let id = service
        .create("arn", crate::support::word("bluewhale"))
        .await;
    let arn = format!("arn:aws:bedrock:us-east-1:123456789012:guardrail/{id}");
    let encoded = arn.replace(':', "%3A").replace('/', "%2F");
    let body = r#"{"source":"INPUT","content":[{"text":{"text":"hello"}}]}"#;
    for path in [
        format!("/guardrail/{id}/version/DRAFT/apply"),
        format!("/guardrail/{arn}/version/DRAFT/apply"),
        format!("/guardrail/{encoded}/version/DRAFT/apply"),
        // A base URL with a trailing slash.
        format!("//guardrail/{encoded}/version/DRAFT/apply"),
    ] {
        let answer = service.send("POST", &path, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let details = &answer.json()["assessments"][0]["appliedGuardrailDetails"];
        assert_eq!(details["guardrailArn"], arn, "{path}");
    }
    for other in [
        arn.replace("us-east-1", "eu-west-1"),
        arn.replace("123456789012", "210987654321"),
    ] {
        let path = format!("/guardrail/{other}/version/DRAFT/apply");
        let answer = service.send("POST", &path, body).await;
        assert_eq!(answer.error().0, "ValidationException", "{path}");
        let answer = service
            .send("GET", &format!("/guardrails/{other}"), "")
            .await;
        assert_eq!(answer.error().0, "ResourceNotFoundException", "{path}");
    }
}

#[tokio::test]
async fn the_empty_identifier_is_the_enforced_guardrail() {
    let service = Service::start().await;
    let body = r#"{"source":"INPUT","content":[{"text":{"text":"hello"}}]}"#;
    let path = "/guardrail//version//apply";
    let answer = service.send("POST", path, body).await;
    assert_eq!(answer.error().0, "ValidationException");

    let id = service
        .create("enforced", crate::support::word("bluewhale"))
        .await;
    let version = service.send("POST", &format!("/guardrails/{id}"), "").await;
    assert_eq!(version.json()["version"], "1");
    let enforced = serde_json::json!({
        "guardrailInferenceConfig": {"guardrailIdentifier": id, "guardrailVersion": "1"}
    });
    let put = "/enforcedGuardrailsConfiguration";
    let answer = service.send("PUT", put, enforced.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = service.send("POST", path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let details = &answer.json()["assessments"][0]["appliedGuardrailDetails"];
    assert_eq!(
        details["guardrailOrigin"],
        serde_json::json!(["ACCOUNT_ENFORCED"])
    );
    assert_eq!(details["guardrailVersion"], "1");
    // One without the other names nothing.
    for half in [
        "/guardrail//version/1/apply",
        &format!("/guardrail/{id}/version//apply"),
    ] {
        let answer = service.send("POST", half, body).await;
        assert_eq!(answer.error().0, "ValidationException", "{half}");
    }
}

#[tokio::test]
async fn health_and_metrics() {
    let service = Service::start().await;
    assert_eq!(service.send("GET", "/healthz", "").await.text, "ok\n");
    assert_eq!(service.send("GET", "/readyz", "").await.text, "ready\n");
    let id = service
        .create("metrics", crate::support::word("bluewhale"))
        .await;
    service.apply(&id, "INPUT", "a secret bluewhale").await;
    service.apply("zzzzzzzzzzzz", "INPUT", "x").await;
    let metrics = service.send("GET", "/metrics", "").await.text;
    for line in [
        "pretil_requests_total{operation=\"CreateGuardrail\",outcome=\"ok\"} 1",
        "pretil_requests_total{operation=\"ApplyGuardrail\",outcome=\"blocked\"} 1",
        "pretil_requests_total{operation=\"ApplyGuardrail\",outcome=\"ValidationException\"} 1",
        "pretil_request_duration_seconds_count{operation=\"ApplyGuardrail\"} 2",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line}\n{metrics}");
    }
    assert!(!metrics.contains("secret") && !metrics.contains(&id));
}
