//! Chat completions that come piece by piece.

use super::{
    Gated, KEY, error, saying,
    upstream::{Step, Upstream, chunk, chunked_head, response},
    user,
};
use crate::support::Answer;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One event with `choices`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "every caller makes it on the spot"
)]
fn event(choices: Value) -> String {
    let event = json!({"id": "chatcmpl-upstream", "object": "chat.completion.chunk", "created": 7,
        "model": "toy-1b", "system_fingerprint": "fp_1", "choices": choices});
    format!("data: {event}\n\n")
}

/// An event with a piece of the first answer.
#[expect(
    clippy::needless_pass_by_value,
    reason = "every caller makes it on the spot"
)]
fn delta(delta: Value) -> String {
    event(json!([{"index": 0, "delta": delta, "finish_reason": null}]))
}

fn content(text: &str) -> String {
    delta(json!({"content": text}))
}

fn end(reason: &str) -> String {
    event(json!([{"index": 0, "delta": {}, "finish_reason": reason}])) + "data: [DONE]\n\n"
}

/// Each text as a chunk of its own, and then the end of the body.
fn whole(texts: &[String]) -> Vec<Step> {
    let mut steps = begun(texts);
    steps.push(Step::Send(b"0\r\n\r\n".to_vec()));
    steps
}

/// The same without an end.
fn begun(texts: &[String]) -> Vec<Step> {
    let chunks = texts.iter().map(|text| Step::Send(chunk(text)));
    [Step::Send(chunked_head("text/event-stream; charset=utf-8"))]
        .into_iter()
        .chain(chunks)
        .collect()
}

/// The connection is closed.
fn closed() -> Step {
    Step::Repeat(Vec::new(), 0)
}

/// The data of every event of an answer.
fn events(answer: &Answer) -> Vec<String> {
    let events = answer.text.split("\n\n").filter(|event| !event.is_empty());
    let data = events.filter_map(|event| event.strip_prefix("data: "));
    data.map(str::to_owned).collect()
}

/// The pieces of an answer put together: by member, the reason of its end, and what `pretil` says.
#[derive(Debug, Default)]
struct Heard {
    content: String,
    reasoning: String,
    calls: Vec<Value>,
    reason: Option<String>,
    pretil: Value,
    done: bool,
    error: Value,
}

fn heard(answer: &Answer, choice: u64) -> Heard {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let mut heard = Heard::default();
    for data in events(answer) {
        assert!(!heard.done, "something after the end: {data}");
        if data == "[DONE]" {
            heard.done = true;
            continue;
        }
        let chunk: Value = serde_json::from_str(&data).unwrap();
        if !chunk["error"].is_null() {
            heard.error = chunk["error"].clone();
            continue;
        }
        assert_eq!(chunk["object"], "chat.completion.chunk");
        assert_eq!(chunk["model"], "assistant");
        if !chunk["pretil"].is_null() {
            heard.pretil = chunk["pretil"].clone();
        }
        let choices = chunk["choices"].as_array().unwrap();
        for piece in choices.iter().filter(|it| it["index"] == choice) {
            let delta = &piece["delta"];
            heard.content += delta["content"].as_str().unwrap_or_default();
            heard.reasoning += delta["reasoning_content"].as_str().unwrap_or_default();
            heard
                .calls
                .extend(delta["tool_calls"].as_array().cloned().unwrap_or_default());
            assert_eq!(heard.reason, None, "something after the reason: {data}");
            heard.reason = piece["finish_reason"].as_str().map(str::to_owned);
        }
    }
    heard
}

async fn streamed(steps: Vec<Step>) -> (Upstream, Answer) {
    let upstream = Upstream::doing(steps).await;
    let gated = Gated::before(&upstream).await;
    let answer = gated
        .chat_with(user("Hi"), json!({"stream": true}), &[])
        .await;
    (upstream, answer)
}

#[tokio::test]
async fn a_clean_stream_passes() {
    let pieces = [
        delta(json!({"role": "assistant", "content": ""})),
        content("Hel"),
        content("lo there."),
        end("length"),
    ];
    let (upstream, answer) = streamed(whole(&pieces)).await;
    let said = heard(&answer, 0);
    assert_eq!(said.content, "Hello there.");
    assert_eq!(said.reason.as_deref(), Some("length"));
    assert!(said.done);
    assert_eq!(said.pretil, Value::Null);
    let first: Value = serde_json::from_str(&events(&answer)[0]).unwrap();
    assert_eq!(
        first,
        json!({
            "id": answer_id(&answer), "object": "chat.completion.chunk", "created": first["created"], "model": "assistant",
            "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": null, "finish_reason": null}],
            "system_fingerprint": "fp_1",
        })
    );
    assert_eq!(answer_id(&answer), "chatcmpl-upstream");
    assert_eq!(answer.header("x-pretil-input"), "none");
    assert_eq!(upstream.one().json()["stream"], true);
}

fn answer_id(answer: &Answer) -> String {
    let first: Value = serde_json::from_str(&events(answer)[0]).unwrap();
    first["id"].as_str().unwrap().to_owned()
}

/// Pieces of an answer, what is heard, why it ends.
#[tokio::test]
async fn texts_are_judged_across_their_pieces() {
    let cases: [(&[&str], &str, &str); 5] = [
        (
            &["Ask ja", "ne@exam", "ple.com", " now"],
            "Ask {EMAIL} now",
            "stop",
        ),
        (
            &["Your booking B-1", "2345", "6."],
            "Your booking {booking}.",
            "stop",
        ),
        (&["Buy blue", "whale"], "BLOCKED_OUTPUT", "content_filter"),
        (
            &["b", "l", "u", "e", "w", "h", "a", "l", "e"],
            "BLOCKED_OUTPUT",
            "content_filter",
        ),
        (&[], "", "stop"),
    ];
    for (pieces, text, reason) in cases {
        let mut texts: Vec<_> = pieces.iter().map(|piece| content(piece)).collect();
        texts.push(end("stop"));
        let (_, answer) = streamed(whole(&texts)).await;
        let said = heard(&answer, 0);
        // Where an answer is blocked, some of its clean beginning may have been sent before.
        assert!(said.content.ends_with(text), "{pieces:?}: {said:?}");
        assert!(
            reason == "content_filter" || said.content == text,
            "{pieces:?}: {said:?}"
        );
        assert_eq!(said.reason.as_deref(), Some(reason), "{pieces:?}");
        assert!(said.done);
        for held in ["bluewhale", "jane@", "123456"] {
            assert!(!said.content.contains(held), "{said:?}");
        }
    }
}

#[tokio::test]
async fn calls_and_thoughts_are_judged_across_their_pieces() {
    let call = |piece: Value| delta(json!({"tool_calls": [piece]}));
    let begin = call(
        json!({"index": 0, "id": "c1", "type": "function", "function": {"name": "send", "arguments": ""}}),
    );
    let piece = |text: &str| call(json!({"index": 0, "function": {"arguments": text}}));
    let (_, answer) = streamed(whole(&[
        delta(json!({"reasoning_content": "I know joe@ex"})),
        delta(json!({"reasoning_content": "ample.org"})),
        begin.clone(),
        piece("{\"to\":\"jane@"),
        piece("example.com\"}"),
        call(json!({"index": 1, "id": "c2", "function": {"name": "stop", "arguments": "{}"}})),
        end("tool_calls"),
    ]))
    .await;
    let said = heard(&answer, 0);
    assert_eq!(said.reasoning, "I know {EMAIL}");
    assert_eq!(
        said.calls,
        [
            json!({"index": 0, "id": "c1", "type": "function", "function": {"name": "send", "arguments": "{\"to\":\"{EMAIL}\"}"}}),
            json!({"index": 1, "id": "c2", "type": null, "function": {"name": "stop", "arguments": "{}"}}),
        ]
    );
    assert_eq!(said.reason.as_deref(), Some("tool_calls"));
    assert_eq!(said.pretil["outputs"][0]["action"], "MASKED");
    let texts = [
        begin,
        piece("{\"q\":\"blue"),
        piece("whale\"}"),
        end("tool_calls"),
    ];
    let (_, answer) = streamed(whole(&texts)).await;
    let said = heard(&answer, 0);
    assert_eq!(
        (said.content.as_str(), said.calls.len()),
        ("BLOCKED_OUTPUT", 0)
    );
    assert_eq!(said.reason.as_deref(), Some("content_filter"));
    assert_eq!(said.pretil["outputs"][0]["action"], "BLOCKED");
}

#[tokio::test]
async fn each_answer_of_a_stream_is_judged_for_itself() {
    let piece = |index: u32, text: &str, reason: Value| {
        event(json!([{"index": index, "delta": {"content": text}, "finish_reason": reason}]))
    };
    let upstream = Upstream::doing(whole(&[
        piece(0, "fi", json!(null)),
        piece(1, "blue", json!(null)),
        piece(1, "whale", json!("stop")),
        piece(0, "ne", json!("stop")),
        "data: [DONE]\n\n".to_owned(),
    ]))
    .await;
    let gated = Gated::before(&upstream).await;
    let with = json!({"stream": true, "n": 2});
    let answer = gated.chat_with(user("Hi"), with, &[]).await;
    let (first, second) = (heard(&answer, 0), heard(&answer, 1));
    assert_eq!(
        (first.content.as_str(), first.reason.as_deref()),
        ("fine", Some("stop"))
    );
    assert_eq!(second.reason.as_deref(), Some("content_filter"));
    assert!(second.content.ends_with("BLOCKED_OUTPUT"));
}

#[tokio::test]
async fn usage_comes_where_it_was_asked_for() {
    let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}\n\n";
    let last = event(json!([{"index": 0, "delta": {"content": "ok"}, "finish_reason": "stop"}]));
    let texts = [last, usage.to_owned(), "data: [DONE]\n\n".to_owned()];
    for (with, count) in [
        (
            json!({"stream": true, "stream_options": {"include_usage": true}}),
            1,
        ),
        (json!({"stream": true}), 0),
    ] {
        let upstream = Upstream::doing(whole(&texts)).await;
        let gated = Gated::before(&upstream).await;
        let answer = gated.chat_with(user("Hi"), with, &[]).await;
        assert!(heard(&answer, 0).done);
        let usages = events(&answer)
            .iter()
            .filter(|it| it.contains("\"total_tokens\":3"))
            .count();
        assert_eq!(usages, count);
    }
}

#[tokio::test]
async fn a_blocked_prompt_is_a_stream_too() {
    let upstream = Upstream::answering(&saying("ok")).await;
    let gated = Gated::before(&upstream).await;
    let answer = gated
        .chat_with(user("bluewhale"), json!({"stream": true}), &[])
        .await;
    let said = heard(&answer, 0);
    assert_eq!(
        (said.content.as_str(), said.reason.as_deref()),
        ("BLOCKED_INPUT", Some("content_filter"))
    );
    assert!(said.done);
    assert_eq!(said.pretil["input"]["action"], "BLOCKED");
    assert_eq!(upstream.connections(), 0);
}

#[tokio::test]
async fn a_block_can_be_an_error_in_a_stream() {
    let upstream = Upstream::doing(whole(&[content("blue"), content("whale"), end("stop")])).await;
    let gated = Gated::with(&upstream, json!({}), json!({"on_block": "error"})).await;
    let answer = gated
        .chat_with(user("Hi"), json!({"stream": true}), &[])
        .await;
    let said = heard(&answer, 0);
    assert_eq!(said.error["code"], "content_filter");
    assert_eq!(said.error["message"], "BLOCKED_OUTPUT");
    assert_eq!((said.reason, said.done), (None, false));
    let refused = gated
        .chat_with(user("bluewhale"), json!({"stream": true}), &[])
        .await;
    assert_eq!(
        (refused.status.as_u16(), error(&refused).0.as_str()),
        (400, "content_filter")
    );
}

/// What can go wrong with a stream, and the code of the error: none of it passes what was not judged,
/// also where failures are open.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table: a row for each fault")]
async fn nothing_unjudged_passes_in_a_stream() {
    // What may be the beginning of a blocked word is held until it is known whether it is.
    let blue = || vec![content("clean, and then "), content("blue")];
    let and = |last: &str| {
        let mut texts = blue();
        texts.push(last.to_owned());
        texts
    };
    let before_the_head = |bytes: Vec<u8>| vec![Step::Send(bytes)];
    let cases = [
        (
            "stalls",
            [begun(&blue()), vec![Step::Wait]].concat(),
            "upstream_timeout",
        ),
        (
            "cut",
            [begun(&blue()), vec![closed()]].concat(),
            "upstream_broken",
        ),
        (
            "cut in an event",
            [begun(&and("data: {\"choi")), vec![closed()]].concat(),
            "upstream_broken",
        ),
        ("ends cleanly too early", whole(&blue()), "upstream_answer"),
        (
            "done too early",
            whole(&and("data: [DONE]\n\n")),
            "upstream_answer",
        ),
        (
            "garbage",
            whole(&and("data: bluewhale\n\n")),
            "upstream_answer",
        ),
        (
            "an error",
            whole(&and("data: {\"error\":{\"message\":\"bluewhale\"}}\n\n")),
            "upstream_answer",
        ),
        (
            "another shape",
            whole(&and("data: {\"output\":\"bluewhale\"}\n\n")),
            "upstream_answer",
        ),
        (
            "a wrong type",
            whole(&and(&delta(json!({"content": ["bluewhale"]})))),
            "upstream_answer",
        ),
        (
            "speech",
            whole(&and(&delta(json!({"audio": {"data": "bluewhale"}})))),
            "upstream_answer",
        ),
        (
            "far choices",
            whole(&and(&event(
                json!([{"index": 4_000_000, "delta": {"content": "x"}}]),
            ))),
            "upstream_answer",
        ),
        (
            "far calls",
            whole(&and(&delta(json!({"tool_calls": [{"index": 4_000_000}]})))),
            "upstream_answer",
        ),
        (
            "a call without a name",
            whole(&and(&(delta(
                json!({"tool_calls": [{"index": 0, "function": {"arguments": "bluewhale"}}]}),
            ) + &end("stop")))),
            "upstream_answer",
        ),
        ("nothing", whole(&[]), "upstream_answer"),
        (
            "too long",
            whole(&and(&content(&"x".repeat(70_000)))),
            "upstream_answer",
        ),
        (
            "endless",
            [
                begun(&blue()),
                vec![Step::Repeat(
                    chunk(&format!(": {}\n", "x".repeat(4000))),
                    64,
                )],
            ]
            .concat(),
            "upstream_answer",
        ),
        (
            "JSON in place of a stream",
            before_the_head(response(200, &[], &saying("bluewhale").to_string())),
            "upstream_answer",
        ),
        ("busy", before_the_head(response(429, &[], "{}")), ""),
        (
            "broken inside",
            before_the_head(response(500, &[], "bluewhale")),
            "upstream_error",
        ),
        ("black hole", vec![Step::Wait], "upstream_timeout"),
    ];
    let hurried = json!({
        "timeouts": {"first_byte": "700ms", "idle": "700ms", "total": "5s"},
        "max_response_bytes": 65536,
    });
    for (name, steps, code) in cases {
        for on_failure in ["closed", "open"] {
            let upstream = Upstream::doing(steps.clone()).await;
            let gated = Gated::with(
                &upstream,
                hurried.clone(),
                json!({"on_failure": on_failure}),
            )
            .await;
            let answer = gated
                .chat_with(user("Hi"), json!({"stream": true}), &[])
                .await;
            assert!(
                !answer.text.contains("bluewhale"),
                "{name}: {}",
                answer.text
            );
            assert!(!answer.text.contains(KEY), "{name}");
            if answer.status != 200 {
                assert_eq!(error(&answer).0, code, "{name}");
                continue;
            }
            let said = heard(&answer, 0);
            assert!(!said.content.contains("blue"), "{name}: {said:?}");
            assert_eq!(said.error["code"], code, "{name}: {}", answer.text);
            assert_eq!((said.reason, said.done), (None, false), "{name}");
        }
    }
}

/// The caller goes in the middle: the upstream sees its connection closed.
#[tokio::test]
async fn a_caller_who_leaves_a_stream_stops_the_model() {
    let upstream = Upstream::doing([begun(&[content("Hel")]), vec![Step::Wait]].concat()).await;
    let gated = Gated::before(&upstream).await;
    let body = json!({"model": "assistant", "messages": user("Hi"), "stream": true}).to_string();
    let mut stream = TcpStream::connect(gated.service.address).await.unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut byte = [0];
    assert_eq!(stream.read(&mut byte).await.unwrap(), 1);
    drop(stream);
    upstream.gone.notified().await;
}

/// A model that goes on after its answer was blocked is stopped.
#[tokio::test]
async fn a_blocked_stream_stops_the_model() {
    let last =
        event(json!([{"index": 0, "delta": {"content": "bluewhale"}, "finish_reason": "stop"}]));
    let upstream = Upstream::doing([begun(&[last]), vec![Step::Wait]].concat()).await;
    let gated = Gated::before(&upstream).await;
    let answer = gated
        .chat_with(user("Hi"), json!({"stream": true}), &[])
        .await;
    assert_eq!(heard(&answer, 0).reason.as_deref(), Some("content_filter"));
    upstream.gone.notified().await;
}

/// Text reaches the caller while the model still speaks, masked, and not what may still change.
#[tokio::test]
async fn text_goes_on_before_the_end() {
    let prose = "The parcel left the depot this morning and the driver will ring the bell twice. ";
    let said = format!("Ask jane@example.com about it. {}", prose.repeat(8));
    let pieces: Vec<_> = said
        .as_bytes()
        .chunks(7)
        .map(|piece| content(std::str::from_utf8(piece).unwrap()))
        .collect();
    let upstream = Upstream::doing([begun(&pieces), vec![Step::Wait]].concat()).await;
    let gated = Gated::before(&upstream).await;
    let body = json!({"model": "assistant", "messages": user("Hi"), "stream": true}).to_string();
    let mut stream = TcpStream::connect(gated.service.address).await.unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let (mut heard, mut buffer) = (String::new(), [0; 4096]);
    while !heard.contains("{EMAIL}") {
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "{heard}");
        heard += &String::from_utf8_lossy(&buffer[..read]);
    }
    assert!(!heard.contains("jane@"), "{heard}");
    drop(stream);
    upstream.gone.notified().await;
}
