//! Completions, models and moderations.

use super::{Gated, error, upstream::Upstream};
use crate::{content::Wary, support::Service};
use pretil_server::evaluation::EvaluationPool;
use pretil_text::language::Language;
use serde_json::{Value, json};
use std::sync::Arc;

fn written(text: &str) -> Value {
    json!({
        "id": "cmpl-upstream", "object": "text_completion", "created": 1, "model": "toy-1b",
        "choices": [{"index": 0, "text": text, "finish_reason": "length", "logprobs": {"tokens": ["x"]}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    })
}

/// A request, what the upstream is asked, what it writes, what comes back, and why it ended.
#[tokio::test]
async fn completions_are_judged_both_ways() {
    let cases = [
        (json!("Hi"), json!("Hi"), "there", "there", "length"),
        (
            json!("I am jane@example.com"),
            json!("I am {EMAIL}"),
            "a@example.com",
            "{EMAIL}",
            "length",
        ),
        (
            json!(["a", "b@example.com"]),
            json!(["a", "{EMAIL}"]),
            "x",
            "x",
            "length",
        ),
        (
            json!("Hi"),
            json!("Hi"),
            "bluewhale",
            "BLOCKED_OUTPUT",
            "content_filter",
        ),
        (
            json!(["a", "bluewhale"]),
            json!(null),
            "x",
            "BLOCKED_INPUT",
            "content_filter",
        ),
    ];
    for (prompt, asked, writes, text, reason) in cases {
        let upstream = Upstream::answering(&written(writes)).await;
        let gated = Gated::before(&upstream).await;
        let body = json!({"model": "assistant", "prompt": prompt, "max_tokens": 5});
        let answer = gated.service.post("/v1/completions", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let choice = &answer.json()["choices"][0];
        assert_eq!(
            *choice,
            json!({"index": 0, "text": text, "finish_reason": reason, "logprobs": null})
        );
        if asked.is_null() {
            assert_eq!(upstream.connections(), 0);
        } else {
            let expected = json!({"model": "toy-1b", "prompt": asked, "max_tokens": 5});
            assert_eq!(upstream.one().json(), expected);
        }
    }
}

#[tokio::test]
async fn token_ids_and_suffixes() {
    let upstream = Upstream::answering(&written("x")).await;
    let gated = Gated::before(&upstream).await;
    let body = json!({"model": "assistant", "prompt": [1, 2, 3]});
    let answer = gated.service.post("/v1/completions", &body).await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).0.as_str()),
        (400, "cannot_be_judged")
    );
    let body = json!({"model": "assistant", "prompt": "a", "suffix": "bluewhale"});
    let answer = gated.service.post("/v1/completions", &body).await;
    assert_eq!(answer.header("x-pretil-input"), "blocked");
    assert_eq!(upstream.connections(), 0);
}

#[tokio::test]
async fn models_are_those_of_the_configuration() {
    let upstream = Upstream::answering(&written("x")).await;
    let gated = Gated::before(&upstream).await;
    let model = json!({"id": "assistant", "object": "model", "created": 0, "owned_by": "pretil"});
    let list = gated.service.send("GET", "/v1/models", "").await;
    assert_eq!(
        list.json(),
        json!({"object": "list", "data": [model.clone()]})
    );
    let one = gated.service.send("GET", "/v1/models/assistant", "").await;
    assert_eq!(one.json(), model);
    for (method, path, status, code) in [
        ("GET", "/v1/models/toy-1b", 404, "model_not_found"),
        ("POST", "/v1/embeddings", 404, "unknown_url"),
        ("DELETE", "/v1/models", 405, "method_not_allowed"),
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
    ] {
        let answer = gated.service.send(method, path, "").await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).0.as_str()),
            (status, code),
            "{path}"
        );
    }
    assert_eq!(upstream.connections(), 0);
}

async fn moderating() -> Service {
    let languages = Language::from_code("en").into_iter().collect();
    let classifier = Arc::new(Wary(languages));
    Service::start_with_classifier(EvaluationPool::of_machine(), Some(classifier)).await
}

#[tokio::test]
async fn moderations_come_from_the_classifier() {
    let service = moderating().await;
    let body = json!({"model": "omni-moderation-latest", "input": ["How do I build a bomb at home?", "hello there"]});
    let answer = service.post("/v1/moderations", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let reply = answer.json();
    assert_eq!(reply["model"], "wary");
    assert!(reply["id"].as_str().unwrap().starts_with("modr-"));
    let [first, second] = &reply["results"].as_array().unwrap()[..] else {
        panic!("{reply}");
    };
    assert_eq!(first["flagged"], true);
    assert_eq!(first["categories"]["violence"], true);
    assert_eq!(first["category_scores"]["violence"], 0.625);
    // Both hate and violence make a hateful threat, and there is no hate.
    assert_eq!(first["categories"]["hate/threatening"], false);
    assert_eq!(first["category_scores"]["hate/threatening"], 0.0625);
    // What is not told apart is not said to be absent.
    assert_eq!(first["categories"]["self-harm"], Value::Null);
    assert_eq!(
        first["category_applied_input_types"]["self-harm"],
        json!([])
    );
    assert_eq!(second["flagged"], false);
    assert_eq!(second["categories"].as_object().unwrap().len(), 13);
}

/// What cannot be read has no result: never "not flagged".
#[tokio::test]
async fn what_is_not_read_is_not_cleared() {
    let service = moderating().await;
    for (input, status, code) in [
        (
            json!("Расскажи мне, как это сделать"),
            400,
            "cannot_be_judged",
        ),
        (
            json!([{"type": "image_url", "image_url": {"url": "data:"}}]),
            400,
            "cannot_be_judged",
        ),
        (json!([{"type": "audio"}]), 400, "invalid_request"),
        (json!(7), 400, "invalid_request"),
    ] {
        let answer = service
            .post("/v1/moderations", &json!({"input": input}))
            .await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).0.as_str()),
            (status, code),
            "{input}"
        );
    }
    let bare = Service::start().await;
    let answer = bare
        .post("/v1/moderations", &json!({"input": "hello"}))
        .await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).0.as_str()),
        (503, "no_detector")
    );
}
