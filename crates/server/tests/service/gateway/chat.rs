//! Chat completions, whole.

use super::{Gated, KEY, error, message, saying, second, upstream::Upstream, user};
use crate::support::word;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_clean_passes_and_nothing_else_of_the_caller_does() {
    let mut said = saying("Hello there.");
    said["choices"][0]["message"]["secret_thoughts"] = json!("bluewhale");
    said["choices"][0]["logprobs"] = json!({"content": [{"token": "bluewhale"}]});
    said["x_extra"] = json!("bluewhale");
    let upstream = Upstream::answering(&said).await;
    let gated = Gated::before(&upstream).await;
    let body =
        json!({"temperature": 0.50, "tools": [{"type": "function", "function": {"name": "f"}}]});
    let headers = [
        ("authorization", "Bearer callers-own"),
        ("x-forwarded-for", "10.1.1.1"),
        ("cookie", "a=b"),
    ];
    let answer = gated.chat_with(user("Hi"), body, &headers).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        answer.json(),
        json!({
            "id": "chatcmpl-upstream",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "assistant",
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": "Hello there.", "refusal": null},
                "logprobs": null,
                "finish_reason": "stop",
            }],
            "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
        })
    );
    assert_eq!(
        answer.header("x-pretil-guardrail"),
        format!("{}:DRAFT", gated.guardrail)
    );
    assert_eq!(answer.header("x-pretil-input"), "none");
    assert_eq!(answer.header("x-pretil-output"), "none");
    let asked = upstream.one();
    assert_eq!(
        asked.json(),
        json!({
            "model": "toy-1b",
            "messages": [{"role": "user", "content": "Hi"}],
            "temperature": 0.5,
            "tools": [{"type": "function", "function": {"name": "f"}}],
        })
    );
    let head = asked.head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /v1/chat/completions http/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.contains(&format!("authorization: bearer {KEY}")),
        "{head}"
    );
    for theirs in ["callers-own", "x-forwarded-for", "cookie"] {
        assert!(!head.contains(theirs), "{head}");
    }
}

/// Messages, and what reaches the model of them; `null` where nothing does.
#[tokio::test]
async fn every_message_but_the_applications_is_judged() {
    let call = |arguments: &str| json!([{"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}]);
    let cases = [
        // Masked in place, in every message, in every turn.
        (
            json!([
                {"role": "system", "content": "Be kind to bluewhale; ask jane@example.com."},
                {"role": "developer", "content": "bluewhale"},
                {"role": "user", "content": "I am jane@example.com", "name": "jane"},
                {"role": "assistant", "content": "Hello jane@example.com"},
                {"role": "user", "content": [
                    {"type": "text", "text": "B-123456 and"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    {"type": "text", "text": "joe@example.org"},
                ]},
            ]),
            json!([
                {"role": "system", "content": "Be kind to bluewhale; ask jane@example.com."},
                {"role": "developer", "content": "bluewhale"},
                {"role": "user", "content": "I am {EMAIL}", "name": "jane"},
                {"role": "assistant", "content": "Hello {EMAIL}"},
                {"role": "user", "content": [
                    {"type": "text", "text": "{booking} and"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    {"type": "text", "text": "{EMAIL}"},
                ]},
            ]),
        ),
        (
            json!([
                {"role": "user", "content": "Go"},
                {"role": "assistant", "content": null, "tool_calls": call("{\"to\": \"jane@example.com\"}")},
                {"role": "tool", "tool_call_id": "c1", "content": "sent to jane@example.com"},
            ]),
            json!([
                {"role": "user", "content": "Go"},
                {"role": "assistant", "content": null, "tool_calls": call("{\"to\": \"{EMAIL}\"}")},
                {"role": "tool", "tool_call_id": "c1", "content": "sent to {EMAIL}"},
            ]),
        ),
        // Blocked wherever it stands.
        (
            json!([{"role": "user", "content": "bluewhale"}]),
            Value::Null,
        ),
        (
            json!([{"role": "user", "content": "bluewhale"}, {"role": "assistant", "content": "No."}, {"role": "user", "content": "Then?"}]),
            Value::Null,
        ),
        (
            json!([{"role": "assistant", "content": "bluewhale"}, {"role": "user", "content": "Go on"}]),
            Value::Null,
        ),
        (
            json!([{"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "bluewhale"}]}]),
            Value::Null,
        ),
        (
            json!([{"role": "function", "name": "f", "content": "bluewhale"}]),
            Value::Null,
        ),
        (
            json!([{"role": "narrator", "content": "bluewhale"}]),
            Value::Null,
        ),
        (
            json!([{"role": "assistant", "tool_calls": call("{\"q\":\"bluewhale\"}")}]),
            Value::Null,
        ),
        (
            json!([{"role": "assistant", "function_call": {"name": "f", "arguments": "bluewhale"}}]),
            Value::Null,
        ),
        (
            json!([{"role": "assistant", "reasoning_content": "bluewhale", "content": ""}]),
            Value::Null,
        ),
        (
            json!([{"role": "assistant", "refusal": "bluewhale"}]),
            Value::Null,
        ),
    ];
    for (messages, expected) in cases {
        let upstream = Upstream::answering(&saying("ok")).await;
        let gated = Gated::before(&upstream).await;
        let answer = gated.chat(messages.clone()).await;
        assert_eq!(answer.status, 200, "{messages}: {}", answer.text);
        if expected.is_null() {
            assert_eq!(upstream.connections(), 0, "{messages}");
            let choice = answer.json()["choices"][0].clone();
            assert_eq!(choice["message"]["content"], "BLOCKED_INPUT", "{messages}");
            assert_eq!(choice["finish_reason"], "content_filter");
            assert_eq!(answer.json()["pretil"]["input"]["action"], "BLOCKED");
            assert_eq!(answer.header("x-pretil-input"), "blocked");
        } else {
            assert_eq!(upstream.one().json()["messages"], expected);
            assert_eq!(answer.header("x-pretil-input"), "masked");
        }
    }
}

/// What cannot be read, or may be read in another way behind us, goes nowhere.
#[tokio::test]
async fn what_cannot_be_judged_is_refused() {
    let cases = [
        (
            r#"[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA"}}]}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"user","content":[{"type":"file","file":{"file_data":"AAAA"}}]}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"user","content":"hi","thoughts":"bluewhale"}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"user","content":"hi","name":"you are bluewhale"}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"user","content":[{"type":"text","text":"hi","note":"bluewhale"}]}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"","x":"bluewhale"}}]}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"user, said by system","content":"hi"}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"tool","tool_call_id":"you are bluewhale","content":"hi"}]"#,
            "cannot_be_judged",
        ),
        (
            r#"[{"role":"user","content":"hi","Content":"bluewhale"}]"#,
            "invalid_request",
        ),
        (
            r#"[{"role":"user","content":"hi","content":"bluewhale"}]"#,
            "invalid_request",
        ),
        (
            r#"[{"role":"user","Content":"bluewhale"}]"#,
            "invalid_request",
        ),
        (r#"[{"content":"hi"}]"#, "invalid_request"),
        (
            r#"[{"role":"user","content":{"text":"hi"}}]"#,
            "invalid_request",
        ),
        (r#"[{"role":"user","content":7}]"#, "invalid_request"),
        (r#""bluewhale""#, "invalid_request"),
    ];
    let upstream = Upstream::answering(&saying("ok")).await;
    let gated = Gated::before(&upstream).await;
    for (messages, code) in cases {
        let body = format!(r#"{{"model":"assistant","messages":{messages}}}"#);
        let answer = gated
            .service
            .send("POST", "/v1/chat/completions", body)
            .await;
        assert_eq!(answer.status, 400, "{messages}");
        assert_eq!(error(&answer).0, code, "{messages}");
        assert!(!answer.text.contains("bluewhale"), "{}", answer.text);
    }
    for (body, status, code) in [
        (
            r#"{"model":"assistant","messages":[],"Messages":[]}"#,
            400,
            "invalid_request",
        ),
        (
            r#"{"model":"assistant","messages":[],"chat_template":"bluewhale"}"#,
            400,
            "unknown_parameter",
        ),
        (r#"{"model":"other","messages":[]}"#, 404, "model_not_found"),
        (r#"{"messages":[]}"#, 400, "invalid_request"),
        ("[]", 400, "invalid_request"),
        ("", 400, "invalid_request"),
    ] {
        let answer = gated
            .service
            .send("POST", "/v1/chat/completions", body)
            .await;
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(error(&answer).0, code, "{body}");
    }
    assert_eq!(upstream.connections(), 0);
}

#[tokio::test]
async fn every_part_of_an_answer_is_judged() {
    let call = |arguments: &str| json!([{"id": "c1", "type": "function", "function": {"name": "send", "arguments": arguments}}]);
    let blocked = json!({"role": "assistant", "content": "BLOCKED_OUTPUT", "refusal": null});
    let cases = [
        (
            json!({"content": "Ask jane@example.com."}),
            json!({"role": "assistant", "content": "Ask {EMAIL}.", "refusal": null}),
            "masked",
        ),
        (
            json!({"content": null, "tool_calls": call("{\"to\":\"jane@example.com\",\"n\":1}")}),
            json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": call("{\"to\":\"{EMAIL}\",\"n\":1}")}),
            "masked",
        ),
        (
            json!({"content": "Hm", "reasoning_content": "jane@example.com"}),
            json!({"role": "assistant", "content": "Hm", "refusal": null, "reasoning_content": "{EMAIL}"}),
            "masked",
        ),
        (
            json!({"content": "Buy bluewhale"}),
            blocked.clone(),
            "blocked",
        ),
        (
            json!({"content": null, "refusal": "bluewhale"}),
            blocked.clone(),
            "blocked",
        ),
        (
            json!({"content": "ok", "reasoning": "bluewhale"}),
            blocked.clone(),
            "blocked",
        ),
        (
            json!({"content": null, "tool_calls": call("{\"q\":\"bluewhale\"}")}),
            blocked.clone(),
            "blocked",
        ),
        (
            json!({"content": null, "tool_calls": call("{\"q\":\"blue\\u0077hale\"}")}),
            blocked.clone(),
            "blocked",
        ),
        (
            json!({"content": "ok", "function_call": {"name": "f", "arguments": "bluewhale"}}),
            blocked.clone(),
            "blocked",
        ),
        (
            json!({"content": null, "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "t", "input": "bluewhale"}}]}),
            blocked.clone(),
            "blocked",
        ),
        // A mask that would leave no JSON of what was JSON.
        (
            json!({"content": null, "tool_calls": call("{\"B-123456\":B-123456}")}),
            json!(null),
            "masked",
        ),
        (
            json!({"content": null, "tool_calls": call("[\"x\\\"B-123456\"]")}),
            json!(null),
            "masked",
        ),
    ];
    for (said, expected, output) in cases {
        let upstream = Upstream::answering(&message(said.clone())).await;
        let gated = Gated::before(&upstream).await;
        let answer = gated.chat(user("Hi")).await;
        assert_eq!(answer.status, 200, "{said}: {}", answer.text);
        assert_eq!(answer.header("x-pretil-output"), output, "{said}");
        let choice = answer.json()["choices"][0].clone();
        if !expected.is_null() {
            assert_eq!(choice["message"], expected, "{said}");
        }
        let reason = if output == "blocked" {
            "content_filter"
        } else {
            "stop"
        };
        assert_eq!(choice["finish_reason"], reason);
        for held in ["bluewhale", "jane@example.com", "B-123456"] {
            assert!(!answer.text.contains(held), "{said}: {}", answer.text);
        }
    }
}

/// A number that is masked would leave broken JSON, so the call to the tool does not pass.
#[tokio::test]
async fn a_mask_does_not_break_arguments() {
    let policies = json!({"sensitiveInformationPolicyConfig": {
        "regexesConfig": [{"name": "order", "pattern": "[0-9]{6}", "action": "ANONYMIZE"}]}});
    let arguments = |text: &str| {
        message(json!({"content": null, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": text}}]}))
    };
    for (text, outcome) in [
        (r#"{"order":"123456"}"#, "masked"),
        (r#"{"order":123456}"#, "blocked"),
        ("order 123456", "masked"),
    ] {
        let upstream = Upstream::answering(&arguments(text)).await;
        let model = json!({"guardrail_override": true});
        let gated = Gated::with(&upstream, json!({}), model).await;
        let id = second(&gated.service, "orders", policies.clone()).await;
        let answer = gated
            .chat_with(user("Hi"), json!({}), &[("x-pretil-guardrail", &id)])
            .await;
        assert_eq!(
            answer.header("x-pretil-output"),
            outcome,
            "{text}: {}",
            answer.text
        );
        assert!(!answer.text.contains("123456"), "{}", answer.text);
    }
}

#[tokio::test]
async fn each_choice_is_judged_for_itself() {
    let mut said = saying("fine");
    let other = json!({"index": 1, "message": {"content": "bluewhale"}, "finish_reason": "stop"});
    said["choices"].as_array_mut().unwrap().push(other);
    let upstream = Upstream::answering(&said).await;
    let gated = Gated::before(&upstream).await;
    let answer = gated
        .chat_with(user("Hi"), json!({"n": 2}), &[])
        .await
        .json();
    let contents: Vec<_> = answer["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| {
            (
                choice["message"]["content"].as_str().unwrap(),
                choice["finish_reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        contents,
        [("fine", "stop"), ("BLOCKED_OUTPUT", "content_filter")]
    );
    assert_eq!(answer["pretil"]["outputs"][0]["action"], "NONE");
    assert_eq!(answer["pretil"]["outputs"][1]["action"], "BLOCKED");
    assert_eq!(
        answer["pretil"]["outputs"][1]["findings"][0]["label"],
        "WORD"
    );
}

#[tokio::test]
async fn a_block_can_be_an_error() {
    for (prompt, said, message) in [
        ("bluewhale", "ok", "BLOCKED_INPUT"),
        ("Hi", "bluewhale", "BLOCKED_OUTPUT"),
    ] {
        let upstream = Upstream::answering(&saying(said)).await;
        let gated = Gated::with(&upstream, json!({}), json!({"on_block": "error"})).await;
        let answer = gated.chat(user(prompt)).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            error(&answer),
            ("content_filter".to_owned(), message.to_owned())
        );
        assert_eq!(answer.json()["error"]["type"], "invalid_request_error");
    }
}

#[tokio::test]
async fn a_request_chooses_its_guardrail_only_where_it_may() {
    let upstream = Upstream::answering(&saying("ok")).await;
    let gated = Gated::with(&upstream, json!({}), json!({"guardrail_override": true})).await;
    let strict = second(&gated.service, "strict", word("hello")).await;
    gated
        .service
        .post(&format!("/guardrails/{strict}"), &json!({}))
        .await;
    let arn = format!("arn:aws:bedrock:us-east-1:123456789012:guardrail/{strict}");
    for (header, status, code, input) in [
        (strict.as_str(), 200, "", "blocked"),
        (&format!("{strict}:DRAFT"), 200, "", "blocked"),
        (&format!("{strict}:1"), 200, "", "blocked"),
        (&arn, 200, "", "blocked"),
        (&format!("{arn}:1"), 200, "", "blocked"),
        (&gated.guardrail, 200, "", "none"),
        (&format!("{strict}:7"), 400, "guardrail_not_found", ""),
        ("abc123abc123", 400, "guardrail_not_found", ""),
        ("not a guardrail", 400, "guardrail_not_found", ""),
        ("", 400, "guardrail_not_found", ""),
    ] {
        let headers = [("x-pretil-guardrail", header)];
        let answer = gated.chat_with(user("hello"), json!({}), &headers).await;
        assert_eq!(answer.status, status, "{header}: {}", answer.text);
        assert_eq!(answer.header("x-pretil-input"), input, "{header}");
        if status != 200 {
            assert_eq!(error(&answer).0, code, "{header}");
        }
    }
    let fixed = Gated::before(&upstream).await;
    let headers = [("x-pretil-guardrail", fixed.guardrail.as_str())];
    let answer = fixed.chat_with(user("hello"), json!({}), &headers).await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).0.as_str()),
        (403, "guardrail_fixed")
    );
}

/// A model whose guardrail is gone answers nothing, not even where failures are let pass.
#[tokio::test]
async fn no_guardrail_means_no_answer() {
    for on_failure in ["closed", "open"] {
        let upstream = Upstream::answering(&saying("ok")).await;
        let model =
            json!({"guardrail": {"name": "gone", "version": "1"}, "on_failure": on_failure});
        let gated = Gated::with(&upstream, json!({}), model).await;
        let answer = gated.chat(user("Hi")).await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).0.as_str()),
            (503, "guardrail_not_found")
        );
        assert_eq!(upstream.connections(), 0);
    }
}

#[tokio::test]
async fn explanations_come_on_request() {
    let upstream = Upstream::answering(&saying("Hello")).await;
    let gated = Gated::before(&upstream).await;
    let plain = gated.chat(user("Hi")).await.json();
    assert_eq!(plain.get("pretil"), None);
    let headers = [("x-pretil-explain", "true")];
    let explained = gated
        .chat_with(user("Hi"), json!({}), &headers)
        .await
        .json();
    assert_eq!(
        explained["pretil"],
        json!({
            "guardrail": {"id": gated.guardrail, "version": "DRAFT"},
            "input": {"action": "NONE", "findings": [], "notEvaluated": []},
            "outputs": [{"action": "NONE", "findings": [], "notEvaluated": []}],
        })
    );
    let metrics = gated.service.send("GET", "/metrics", "").await.text;
    let line = "pretil_requests_total{operation=\"ChatCompletions\",outcome=\"none\"} 2";
    assert!(metrics.contains(line), "{metrics}");
}
