//! The gateway in front of a fake model server.

mod chat;
mod faults;
mod others;
mod streams;
pub(crate) mod upstream;

use crate::support::{Answer, Service, request};
use pretil_guardrail::detect::SafetyClassifier;
use pretil_server::{
    evaluation::EvaluationPool,
    gateway::{
        Gateway,
        config::{GatewayConfig, ModelConfig, UpstreamConfig},
    },
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use upstream::Upstream;

/// The key that must never be seen but by the upstream.
pub(crate) const KEY: &str = "sk-upstream-canary-1234567890";

/// A service with one model, `assistant`, behind the guardrail `support`.
pub(crate) struct Gated {
    pub(crate) service: Service,
    pub(crate) guardrail: String,
}

/// What the guardrail does: a word blocks, addresses are masked, a booking number is masked.
fn policies() -> Value {
    json!({
        "wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]},
        "sensitiveInformationPolicyConfig": {
            "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}],
            "regexesConfig": [{"name": "booking", "pattern": "B-[0-9]{6}", "action": "ANONYMIZE"}],
        },
    })
}

impl Gated {
    /// A gateway before `upstream`; `upstream_with` and `model_with` are merged into the entries.
    pub(crate) async fn with(upstream: &Upstream, upstream_with: Value, model_with: Value) -> Self {
        Self::with_classifier(upstream, upstream_with, model_with, None).await
    }

    pub(crate) async fn with_classifier(
        upstream: &Upstream,
        upstream_with: Value,
        model_with: Value,
        safety: Option<Arc<dyn SafetyClassifier>>,
    ) -> Self {
        let mut entry = json!({
            "kind": "openai-compatible",
            "base_url": format!("http://{}/v1", upstream.address),
            "api_key": {"env": "KEY"},
            "allow_private_addresses": true,
        });
        merge(&mut entry, &upstream_with);
        let mut model = json!({
            "upstream": "local",
            "upstream_model": "toy-1b",
            "guardrail": {"name": "support", "version": "DRAFT"},
        });
        merge(&mut model, &model_with);
        Self::of(entry, model, safety).await
    }

    pub(crate) async fn before(upstream: &Upstream) -> Self {
        Self::with(upstream, json!({}), json!({})).await
    }

    async fn of(upstream: Value, model: Value, safety: Option<Arc<dyn SafetyClassifier>>) -> Self {
        let upstream: UpstreamConfig = serde_json::from_value(upstream).unwrap();
        let model: ModelConfig = serde_json::from_value(model).unwrap();
        let config = GatewayConfig {
            upstreams: BTreeMap::from([("local".to_owned(), upstream)]),
            models: BTreeMap::from([("assistant".to_owned(), model)]),
            default_guardrail: None,
        };
        let gateway = Gateway::open(config, &|name| (name == "KEY").then(|| KEY.to_owned()));
        let service =
            Service::start_with_gateway(EvaluationPool::of_machine(), safety, gateway.unwrap())
                .await;
        let guardrail = service.create("support", policies()).await;
        Self { service, guardrail }
    }

    /// One call of chat completions with `messages`.
    pub(crate) async fn chat(&self, messages: Value) -> Answer {
        self.chat_with(messages, json!({}), &[]).await
    }

    pub(crate) async fn chat_with(
        &self,
        messages: Value,
        with: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut body = json!({"model": "assistant", "messages": messages});
        merge(&mut body, &with);
        self.service
            .send_with("POST", "/v1/chat/completions", body.to_string(), headers)
            .await
    }
}

fn merge(into: &mut Value, with: &Value) {
    let (Value::Object(into), Value::Object(with)) = (into, with) else {
        panic!("objects are merged")
    };
    into.extend(with.clone());
}

/// One message of a user.
pub(crate) fn user(text: &str) -> Value {
    json!([{"role": "user", "content": text}])
}

/// An answer of the model that says `text`.
pub(crate) fn saying(text: &str) -> Value {
    message(json!({"role": "assistant", "content": text}))
}

/// An answer of the model with `message`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "every caller makes it on the spot"
)]
pub(crate) fn message(message: Value) -> Value {
    json!({
        "id": "chatcmpl-upstream",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "toy-1b",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": null}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
    })
}

/// The code and message of an error in the dialect's shape.
pub(crate) fn error(answer: &Answer) -> (String, String) {
    let body = answer.json();
    let member = |name: &str| body["error"][name].as_str().unwrap_or_default().to_owned();
    assert_ne!(member("type"), "", "{body}");
    assert_ne!(member("message"), "", "{body}");
    (member("code"), member("message"))
}

/// Another guardrail of the same service.
pub(crate) async fn second(service: &Service, name: &str, policies: Value) -> String {
    let answer = service.post("/guardrails", &request(name, policies)).await;
    answer.json()["guardrailId"].as_str().unwrap().to_owned()
}
