//! What a model server can do wrong, and what a caller gets of it.

use super::{
    Gated, KEY, error, saying, second,
    upstream::{Step, Upstream, chunk, chunked_head, response},
    user,
};
use crate::support::{Answer, Service};
use pretil_guardrail::{
    Source,
    detect::{Bands, DetectError, SafetyClassifier, SafetyLabel, ScoredWindow},
};
use pretil_text::language::Language;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// Text that is judged nowhere, so that it may reach nobody where failures are closed.
const CANARY: &str = "unjudged-canary";

/// Short enough for a test, long enough for a busy machine to answer what is answered.
fn hurried() -> Value {
    json!({
        "timeouts": {"connect": "5s", "first_byte": "700ms", "idle": "700ms", "total": "5s"},
        "max_response_bytes": 65536,
    })
}

struct Fault {
    name: &'static str,
    steps: Vec<Step>,
    /// Status and code where failures are closed.
    closed: (u16, &'static str),
    /// What is said to have been let pass where they are open; the same error as closed, if nothing.
    open: Option<&'static str>,
}

#[expect(clippy::too_many_lines, reason = "a table: a row for each fault")]
fn faults() -> Vec<Fault> {
    let fault = |name, steps, closed, open| Fault {
        name,
        steps,
        closed,
        open,
    };
    let send = |bytes: Vec<u8>| vec![Step::Send(bytes)];
    let whole = |body: &str| send(response(200, &[], body));
    let long = json!({"pad": "x".repeat(70_000), "said": CANARY}).to_string();
    let begun = |text: &str| [chunked_head("application/json"), chunk(text)].concat();
    let canary = saying(CANARY).to_string();
    let half = &canary[..canary.len() / 2];
    let short = response(200, &[], &canary);
    let audio = json!({"choices": [{"message": {"content": "ok", "audio": {"data": CANARY}}}]});
    vec![
        fault(
            "black hole",
            vec![Step::Wait],
            (504, "upstream_timeout"),
            None,
        ),
        fault(
            "closes at once",
            send(b"connection: close".to_vec()),
            (502, "upstream_broken"),
            None,
        ),
        fault(
            "not HTTP",
            send(format!("{CANARY} connection: close\r\n\r\n").into_bytes()),
            (502, "upstream_broken"),
            None,
        ),
        fault(
            "stops in the middle",
            vec![Step::Send(begun(half)), Step::Wait],
            (504, "upstream_timeout"),
            None,
        ),
        fault(
            "cut in the middle",
            vec![Step::Send(begun(half)), Step::Repeat(Vec::new(), 0)],
            (502, "upstream_broken"),
            None,
        ),
        fault(
            "shorter than announced",
            vec![
                Step::Send(short[..short.len() - 20].to_vec()),
                Step::Repeat(Vec::new(), 0),
            ],
            (502, "upstream_broken"),
            None,
        ),
        fault("too long", whole(&long), (502, "upstream_answer"), None),
        fault(
            "endless",
            vec![
                Step::Send(chunked_head("application/json")),
                Step::Repeat(chunk(&"x".repeat(4096)), 64),
            ],
            (502, "upstream_answer"),
            None,
        ),
        fault(
            "garbage",
            whole(CANARY),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "HTML",
            whole(&format!("<html>{CANARY}</html>")),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "empty",
            whole(""),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "another shape",
            whole(&json!({"output": CANARY}).to_string()),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "content of another type",
            whole(&json!({"choices": [{"message": {"content": [CANARY]}}]}).to_string()),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "speech",
            whole(&audio.to_string()),
            (502, "upstream_answer"),
            Some("output=unreadable_part"),
        ),
        fault(
            "not UTF-8",
            send(
                [
                    b"HTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\n".to_vec(),
                    vec![0xff, 0xfe],
                ]
                .concat(),
            ),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "compressed",
            send(
                [
                    b"HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n"
                        .to_vec(),
                    vec![0x1f, 0x8b, 8, 0],
                ]
                .concat(),
            ),
            (502, "upstream_answer"),
            Some("output=not_understood"),
        ),
        fault(
            "created",
            send(response(201, &[], &canary)),
            (502, "upstream_error"),
            None,
        ),
        fault(
            "redirect",
            send(response(
                302,
                &[("location", "http://127.0.0.1:1/")],
                &canary,
            )),
            (502, "upstream_redirect"),
            None,
        ),
        fault(
            "moved",
            send(response(308, &[("location", "/v2")], &canary)),
            (502, "upstream_redirect"),
            None,
        ),
        fault(
            "unauthorised",
            send(response(401, &[], &canary)),
            (502, "upstream_credentials"),
            None,
        ),
        fault(
            "forbidden",
            send(response(403, &[], &canary)),
            (502, "upstream_credentials"),
            None,
        ),
        fault(
            "not found",
            send(response(404, &[], &canary)),
            (502, "upstream_error"),
            None,
        ),
        fault(
            "busy",
            send(response(429, &[("retry-after", "7")], &canary)),
            (429, ""),
            None,
        ),
        fault(
            "broken inside",
            send(response(500, &[], &canary)),
            (502, "upstream_error"),
            None,
        ),
        fault(
            "bad gateway",
            send(response(502, &[], &canary)),
            (502, "upstream_error"),
            None,
        ),
        fault(
            "unavailable",
            send(response(503, &[], &canary)),
            (503, "upstream_error"),
            None,
        ),
        fault(
            "too slow behind",
            send(response(504, &[], &canary)),
            (504, "upstream_timeout"),
            None,
        ),
    ]
}

async fn under(fault: &Fault, on_failure: &str) -> Answer {
    let upstream = Upstream::doing(fault.steps.clone()).await;
    let model = json!({"on_failure": on_failure});
    let gated = Gated::with(&upstream, hurried(), model).await;
    let answer = gated.chat(user("Hi")).await;
    assert!(!upstream.asked().is_empty(), "{}", fault.name);
    assert!(!answer.text.contains(KEY), "{}", fault.name);
    let address = upstream.address.to_string();
    assert!(
        !answer.text.contains(&address),
        "{}: {}",
        fault.name,
        answer.text
    );
    answer
}

fn assert_refused(fault: &Fault, answer: &Answer) {
    let (status, code) = fault.closed;
    assert_eq!(answer.status, status, "{}: {}", fault.name, answer.text);
    assert_eq!(error(answer).0, code, "{}", fault.name);
    assert!(
        !answer.text.contains(CANARY),
        "{}: {}",
        fault.name,
        answer.text
    );
}

#[tokio::test]
async fn nothing_unjudged_passes_where_failures_are_closed() {
    for fault in faults() {
        assert_refused(&fault, &under(&fault, "closed").await);
    }
}

#[tokio::test]
async fn what_passes_unjudged_where_failures_are_open_is_labelled() {
    for fault in faults() {
        let answer = under(&fault, "open").await;
        let Some(label) = fault.open else {
            assert_refused(&fault, &answer);
            continue;
        };
        assert_eq!(answer.status, 200, "{}: {}", fault.name, answer.text);
        assert_eq!(
            answer.header("x-pretil-not-evaluated"),
            label,
            "{}",
            fault.name
        );
    }
}

/// A classifier with a fault of its own.
struct Panics;

impl SafetyClassifier for Panics {
    fn identity(&self) -> &'static str {
        "panics"
    }

    fn languages(&self) -> &[Language] {
        &[]
    }

    fn bands(&self, _: SafetyLabel, _: Source) -> Bands {
        Bands::new(0.25, 0.5, 0.75).unwrap()
    }

    fn classify(&self, _: &str, _: Source) -> Result<Vec<ScoredWindow>, DetectError> {
        panic!("on purpose")
    }
}

/// The guardrail itself fails, on the prompt, on the answer, or for their length.
#[tokio::test]
async fn a_guardrail_that_fails_is_a_failure() {
    let long = "a ".repeat(500_001);
    let filters = |input: &str, output: &str| {
        json!({"contentPolicyConfig": {"filtersConfig": [
            {"type": "VIOLENCE", "inputStrength": input, "outputStrength": output}]}})
    };
    let words = json!({"wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]}});
    for (policies, prompt, closed, label) in [
        (
            filters("HIGH", "NONE"),
            "Hi",
            (503, "not_judged"),
            "input=failed",
        ),
        (
            filters("NONE", "HIGH"),
            "Hi",
            (503, "not_judged"),
            "output=failed",
        ),
        (
            words,
            long.as_str(),
            (400, "content_too_long"),
            "input=too_long",
        ),
    ] {
        for on_failure in ["closed", "open"] {
            let upstream = Upstream::answering(&saying(CANARY)).await;
            let model = json!({"on_failure": on_failure, "guardrail_override": true});
            let panics = Some(Arc::new(Panics) as Arc<dyn SafetyClassifier>);
            let gated = Gated::with_classifier(&upstream, json!({}), model, panics).await;
            let id = second(&gated.service, "failing", policies.clone()).await;
            let headers = [("x-pretil-guardrail", id.as_str())];
            let answer = gated.chat_with(user(prompt), json!({}), &headers).await;
            if on_failure == "open" {
                assert_eq!(answer.status, 200, "{label}");
                assert_eq!(answer.header("x-pretil-not-evaluated"), label);
                continue;
            }
            let refused = (answer.status.as_u16(), error(&answer).0);
            assert_eq!(refused, (closed.0, closed.1.to_owned()), "{label}");
            assert!(!answer.text.contains(CANARY));
            assert_eq!(
                upstream.connections(),
                usize::from(label.starts_with("output"))
            );
        }
    }
}

/// The message of an upstream's error is told only as far as it is nobody's secret, and judged.
#[tokio::test]
async fn errors_of_the_request_pass_on_judged() {
    let with = |message: &str| {
        json!({"error": {"message": message, "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}})
            .to_string()
    };
    let own = "The model refused the request.";
    let upstream_names_it = format!("Incorrect API key provided: {KEY}.");
    let cut = format!("Incorrect API key provided: {}***7890.", &KEY[..12]);
    for (status, message, told) in [
        (
            400,
            "This model's maximum context length is 4096 tokens.",
            "This model's maximum context length is 4096 tokens.",
        ),
        (
            422,
            "jane@example.com is no parameter",
            "{EMAIL} is no parameter",
        ),
        (400, "bluewhale", own),
        (400, upstream_names_it.as_str(), own),
        (400, cut.as_str(), own),
        (413, "the model toy-1b at 127.0.0.1 is full", own),
        (400, "toy-1b is full", own),
    ] {
        let upstream =
            Upstream::doing(vec![Step::Send(response(status, &[], &with(message)))]).await;
        let gated = Gated::before(&upstream).await;
        let answer = gated.chat(user("Hi")).await;
        assert_eq!(answer.status, status);
        let expected = json!({"error": {
            "message": told, "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}});
        assert_eq!(answer.json(), expected);
    }
    let busy = response(429, &[("retry-after", "7")], "{\"message\": \"slow down\"}");
    let upstream = Upstream::doing(vec![Step::Send(busy)]).await;
    let answer = Gated::before(&upstream).await.chat(user("Hi")).await;
    assert_eq!(answer.header("retry-after"), "7");
    assert_eq!(error(&answer).1, "slow down");
}

/// No address that is not allowed is connected to, whatever it is written as.
#[tokio::test]
async fn private_addresses_are_refused_at_the_connection() {
    let upstream = Upstream::answering(&saying("ok")).await;
    let port = upstream.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "127.1",
    ] {
        let with = json!({
            "base_url": format!("https://{host}:{port}/v1"),
            "allow_private_addresses": false,
        });
        let gated = Gated::with(&upstream, with, json!({})).await;
        let answer = gated.chat(user("Hi")).await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).0.as_str()),
            (502, "upstream_unreachable"),
            "{host}"
        );
    }
    for host in [
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "[fd00:ec2::254]",
        "0.0.0.0",
        "8.8.8.8",
    ] {
        let with = json!({"base_url": format!("http://{host}:{port}/v1")});
        let gated = Gated::with(&upstream, with, json!({})).await;
        let answer = gated.chat(user("Hi")).await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).0.as_str()),
            (502, "upstream_unreachable"),
            "{host}"
        );
    }
    assert_eq!(upstream.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Upstream::answering(&saying("ok")).await;
    let location = format!("http://{}/v1/chat/completions", other.address);
    let moved = response(307, &[("location", &location)], "");
    let upstream = Upstream::doing(vec![Step::Send(moved)]).await;
    let answer = Gated::before(&upstream).await.chat(user("Hi")).await;
    assert_eq!(error(&answer).0, "upstream_redirect");
    assert_eq!(other.connections(), 0);
}

/// The caller goes away: the upstream sees its connection closed and need not go on.
#[tokio::test]
async fn a_caller_who_leaves_stops_the_model() {
    for steps in [
        vec![Step::Wait],
        vec![
            Step::Send([chunked_head("application/json"), chunk("{")].concat()),
            Step::Wait,
        ],
    ] {
        let upstream = Upstream::doing(steps).await;
        let gated = Gated::before(&upstream).await;
        let body = json!({"model": "assistant", "messages": user("Hi")}).to_string();
        let mut stream = TcpStream::connect(gated.service.address).await.unwrap();
        let head = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        upstream.came.notified().await;
        drop(stream);
        upstream.gone.notified().await;
    }
}

#[tokio::test]
async fn more_calls_than_allowed_are_refused_at_once() {
    let upstream = Upstream::doing(vec![Step::Wait]).await;
    let gated = Gated::with(&upstream, json!({"max_connections": 1}), json!({})).await;
    let waiting = gated.chat(user("Hi"));
    let refused = async {
        upstream.came.notified().await;
        gated.chat(user("Hi")).await
    };
    let answer = tokio::select! {
        answer = waiting => panic!("{}", answer.text),
        answer = refused => answer,
    };
    assert_eq!(
        (answer.status.as_u16(), error(&answer).0.as_str()),
        (429, "upstream_busy")
    );
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(upstream.asked().len(), 1);
}

#[tokio::test]
async fn without_a_configuration_there_are_no_models() {
    let service = Service::start().await;
    let body = json!({"model": "assistant", "messages": user("Hi")});
    let answer = service.post("/v1/chat/completions", &body).await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).0.as_str()),
        (404, "model_not_found")
    );
}
