//! Content filters and the checks of InvokeGuardrailChecks, judged by a fake classifier.

use crate::support::Service;
use pretil_guardrail::{
    Source,
    detect::{Bands, DetectError, SafetyClassifier, SafetyLabel, SafetyScores, ScoredWindow},
};
use pretil_server::evaluation::EvaluationPool;
use pretil_text::language::Language;
use serde_json::{Value, json};
use std::sync::Arc;

/// Takes "bomb" for violence, "override" for an attack and a jailbreak; sterner with answers.
pub(crate) struct Wary(pub(crate) Vec<Language>);

impl SafetyClassifier for Wary {
    fn identity(&self) -> &'static str {
        "wary"
    }

    fn languages(&self) -> &[Language] {
        &self.0
    }

    fn bands(&self, _: SafetyLabel, source: Source) -> Bands {
        match source {
            Source::Input => Bands::new(0.25, 0.5, 0.75).unwrap(),
            Source::Output => Bands::new(0.125, 0.25, 0.375).unwrap(),
        }
    }

    fn classify(&self, text: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        let scores = SafetyScores::of(|label| match label {
            SafetyLabel::Violence if text.contains("bomb") => 0.625,
            SafetyLabel::PromptAttack | SafetyLabel::Jailbreak if text.contains("override") => 0.75,
            _ => 0.0625,
        });
        let range = 0..text.len();
        Ok(vec![ScoredWindow { range, scores }])
    }
}

async fn service() -> Service {
    let languages = Language::from_code("en").into_iter().collect();
    let classifier = Arc::new(Wary(languages));
    Service::start_with_classifier(EvaluationPool::of_machine(), Some(classifier)).await
}

fn filters() -> Value {
    json!({"contentPolicyConfig": {"filtersConfig": [
        {"type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH"},
        {"type": "VIOLENCE", "inputStrength": "MEDIUM", "outputStrength": "LOW"},
        {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE", "inputAction": "NONE"},
    ]}})
}

#[tokio::test]
async fn what_is_found_is_assessed_and_blocked() {
    let service = service().await;
    let id = service.create("content", filters()).await;
    let reply = service
        .apply(&id, "INPUT", "override it: a bomb")
        .await
        .json();
    assert_eq!(reply["action"], "GUARDRAIL_INTERVENED");
    assert_eq!(reply["actionReason"], "Guardrail blocked.");
    assert_eq!(reply["outputs"], json!([{"text": "BLOCKED_INPUT"}]));
    assert_eq!(reply["usage"]["contentPolicyUnits"], 1);
    assert_eq!(
        reply["guardrailCoverage"]["textCharacters"],
        json!({"guarded": 19, "total": 19})
    );
    assert_eq!(
        reply["assessments"][0]["contentPolicy"]["filters"],
        json!([
            {"type": "VIOLENCE", "confidence": "MEDIUM", "filterStrength": "MEDIUM", "action": "BLOCKED", "detected": true},
            {"type": "PROMPT_ATTACK", "confidence": "HIGH", "filterStrength": "HIGH", "action": "NONE", "detected": true},
        ])
    );
}

#[tokio::test]
async fn full_scope_lists_every_filter_of_the_direction() {
    let service = service().await;
    let id = service.create("full", filters()).await;
    let path = format!("/guardrail/{id}/version/DRAFT/apply");
    let body = json!({"source": "OUTPUT", "outputScope": "FULL", "content": [{"text": {"text": "override"}}]});
    let reply = service.post(&path, &body).await.json();
    assert_eq!(reply["action"], "NONE");
    assert_eq!(
        reply["assessments"][0]["contentPolicy"]["filters"],
        json!([
            {"type": "HATE", "confidence": "NONE", "filterStrength": "HIGH", "action": "NONE", "detected": false},
            {"type": "VIOLENCE", "confidence": "NONE", "filterStrength": "LOW", "action": "NONE", "detected": false},
        ])
    );
}

#[tokio::test]
async fn explanations_come_on_request() {
    let service = service().await;
    let id = service.create("explain", filters()).await;
    let path = format!("/guardrail/{id}/version/DRAFT/apply");
    let text = "Écris: how do I build a bomb at home?";
    let body = json!({"source": "INPUT", "content": [{"text": {"text": text}}]}).to_string();
    let plain = service.send("POST", &path, body.clone()).await.json();
    assert_eq!(plain.get("pretil"), None);
    let headers = [("x-pretil-explain", "true")];
    let reply = service
        .send_with("POST", &path, body, &headers)
        .await
        .json();
    let [finding] = &reply["pretil"]["findings"].as_array().unwrap()[..] else {
        panic!("{reply}");
    };
    assert_eq!(finding["label"], "VIOLENCE");
    assert_eq!(finding["confidence"], "MEDIUM");
    assert_eq!(
        [&finding["score"], &finding["threshold"], &finding["margin"]],
        [&json!(0.625), &json!(0.5), &json!(0.125)]
    );
    assert_eq!(
        finding["spans"][0]["codePoints"],
        json!({"begin": 0, "end": text.chars().count()})
    );
    let [evidence] = &finding["evidence"].as_array().unwrap()[..] else {
        panic!("{finding}");
    };
    assert_eq!(evidence["scoreWithout"], 0.0625);
    assert_eq!(finding["scoreWithoutEvidence"], 0.0625);
    assert_eq!(
        evidence["span"]["codePoints"],
        json!({"begin": 24, "end": 28})
    );
}

async fn checked(service: &Service, messages: Value, checks: Value) -> Value {
    let body = json!({"messages": messages, "checks": checks});
    let answer = service.post("/guardrail-checks/invoke", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn both_checks() -> Value {
    json!({
        "contentFilter": {"categories": [{"category": "VIOLENCE"}, {"category": "HATE"}]},
        "promptAttack": {"categories": [{"category": "PROMPT_LEAKAGE"}, {"category": "JAILBREAK"}]},
    })
}

#[tokio::test]
async fn every_category_asked_for_has_a_severity() {
    let service = service().await;
    let messages =
        json!([{"role": "user", "content": [{"text": "hello"}, {"text": "override: a bomb"}]}]);
    let reply = checked(&service, messages, both_checks()).await;
    assert_eq!(
        reply,
        json!({
            "results": {
                "contentFilter": {"results": [
                    {"category": "VIOLENCE", "severityScore": 0.6},
                    {"category": "HATE", "severityScore": 0.0},
                ]},
                "promptAttack": {"results": [
                    {"category": "PROMPT_LEAKAGE", "severityScore": 0.0},
                    {"category": "JAILBREAK", "severityScore": 0.8},
                ]},
            },
            "usage": {"contentFilter": {"textUnits": 1}, "promptAttack": {"textUnits": 1}},
        })
    );
}

#[tokio::test]
async fn roles_decide_what_a_text_is_checked_for() {
    let service = service().await;
    for (role, violence, jailbreak) in [
        ("user", 0.6, 0.8),
        ("system", 0.6, 0.0),
        ("assistant", 0.8, 0.8),
    ] {
        let messages = json!([{"role": role, "content": [{"text": "override: a bomb"}]}]);
        let reply = checked(&service, messages, both_checks()).await;
        let results = &reply["results"];
        let scores = [
            &results["contentFilter"]["results"][0]["severityScore"],
            &results["promptAttack"]["results"][1]["severityScore"],
        ];
        assert_eq!(scores, [&json!(violence), &json!(jailbreak)], "{role}");
    }
}

#[tokio::test]
async fn units_count_all_text_for_every_check() {
    let service = service().await;
    let checks = json!({
        "contentFilter": {"categories": [{"category": "SEXUAL"}]},
        "sensitiveInformation": {"entities": [{"type": "EMAIL"}]},
    });
    let messages = json!([
        {"role": "system", "content": [{"text": "x ".repeat(500)}]},
        {"role": "user", "content": [{"text": "y"}]},
    ]);
    let reply = checked(&service, messages, checks).await;
    assert_eq!(
        reply["usage"],
        json!({"contentFilter": {"textUnits": 2}, "sensitiveInformation": {"textUnits": 2}})
    );
}

/// A check that cannot be made gives an error and never a score.
#[tokio::test]
async fn what_cannot_be_read_has_no_severity() {
    let service = service().await;
    let messages =
        json!([{"role": "user", "content": [{"text": "Расскажи мне, как это сделать"}]}]);
    let body = json!({"messages": messages, "checks": both_checks()});
    let answer = service.post("/guardrail-checks/invoke", &body).await;
    assert_eq!(answer.error().0, "ValidationException");
    let metrics = service.send("GET", "/metrics", "").await.text;
    let line = "pretil_not_evaluated_total{policy=\"content\",reason=\"unsupported_language\"} 1";
    assert!(metrics.contains(line), "{metrics}");
    // The same content is no matter where nobody reads it for its meaning.
    let checks = json!({"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}});
    checked(&service, body["messages"].clone(), checks).await;
}
