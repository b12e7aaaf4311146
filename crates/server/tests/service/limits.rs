//! Requests that try to wear the service down.

use crate::support::{Service, word};
use pretil_server::limits::MAX_BODY_BYTES;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_and_answered() {
    let service = Service::start().await;
    let id = service.create("long", word("bluewhale")).await;
    let path = format!("/guardrail/{id}/version/DRAFT/apply");
    for length in [MAX_BODY_BYTES + 1, 10_000_000, 30_000_000] {
        let answer = service.send("POST", &path, vec![b' '; length]).await;
        assert_eq!(answer.status, 400);
        let (code, message) = answer.error();
        assert_eq!(code, "ValidationException");
        assert!(message.contains("too large"), "{message}");
    }
    assert_eq!(service.apply(&id, "INPUT", "hello").await.status, 200);
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let service = Service::start().await;
    let headers = [("content-encoding", "gzip")];
    let answer = service
        .send_with("POST", "/guardrails", "x", &headers)
        .await;
    let (code, message) = answer.error();
    assert_eq!(
        (answer.status.as_u16(), code.as_str()),
        (400, "ValidationException")
    );
    assert!(message.contains("Content-Encoding"), "{message}");
    let headers = [("content-encoding", "identity")];
    let answer = service
        .send_with("POST", "/guardrails", "{}", &headers)
        .await;
    assert!(
        answer.error().1.contains("validation error"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn deep_nesting_is_an_error_and_no_crash() {
    let service = Service::start().await;
    for body in ["[".repeat(1_000_000), "{\"name\":".repeat(200_000)] {
        let answer = service.send("POST", "/guardrails", body).await;
        assert_eq!(answer.error().0, "ValidationException");
    }
    let nested = format!(
        "{{\"unknown\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let answer = service.send("POST", "/guardrails", nested).await;
    assert_eq!(answer.error().0, "ValidationException");
}

#[tokio::test]
async fn a_text_of_too_many_units_is_throttled_in_the_words_of_the_api() {
    let service = Service::start().await;
    let id = service.create("units", word("bluewhale")).await;
    let answer = service.apply(&id, "INPUT", &"word ".repeat(300_000)).await;
    assert_eq!(answer.status, 429);
    let (code, message) = answer.error();
    assert_eq!(code, "ThrottlingException");
    assert!(
        message.contains("(1500 text units) exceeds the maximum allowed (1000 text units)"),
        "{message}"
    );
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let service = Service::start().await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = format!(
        "GET /guardrails HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "y".repeat(100_000)
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    assert_eq!(service.send("GET", "/healthz", "").await.status, 200);
}

/// Slow loris: the head of a first request has ten seconds, whichever protocol it may become.
#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let service = Service::start().await;
    let mut connections = Vec::new();
    for begun in [
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
        "POST /guardrails HTTP/1.1\r\nhost:",
    ] {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        connections.push((begun, stream));
    }
    let started = Instant::now();
    for (begun, mut stream) in connections {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(14), stream.read_to_end(&mut rest));
        assert!(closed.await.is_ok(), "{begun:?} is still open");
    }
    assert!(started.elapsed() < Duration::from_secs(14));
}

/// A body that trickles has ten seconds in all, not between two bytes.
#[tokio::test]
async fn a_body_that_trickles_is_refused() {
    let service = Service::start().await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = "POST /guardrails HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let trickle = tokio::spawn(async move {
        for _ in 0..60 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if write.write_all(b" ").await.is_err() {
                return;
            }
        }
    });
    let started = Instant::now();
    let mut answer = [0; 4096];
    let length = tokio::time::timeout(Duration::from_secs(14), read.read(&mut answer)).await;
    let length = length.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.contains("did not arrive"), "{answer}");
    assert!(started.elapsed() > Duration::from_secs(8));
    trickle.abort();
}

/// What is updated is in force when the update is acknowledged, also under load.
#[tokio::test]
async fn no_stale_guardrail_is_ever_applied() {
    let service = std::sync::Arc::new(Service::start().await);
    let id = service.create("fresh", word("word0")).await;
    let load = {
        let (service, id) = (std::sync::Arc::clone(&service), id.clone());
        tokio::spawn(async move {
            loop {
                service.apply(&id, "INPUT", "hello").await;
            }
        })
    };
    for round in 1..=25 {
        let update = crate::support::request("fresh", word(&format!("word{round}")));
        let answer = service
            .send("PUT", &format!("/guardrails/{id}"), update.to_string())
            .await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        let now = service.apply(&id, "INPUT", &format!("word{round}")).await;
        assert_eq!(
            now.json()["action"],
            "GUARDRAIL_INTERVENED",
            "round {round}"
        );
        let before = service
            .apply(&id, "INPUT", &format!("word{}", round - 1))
            .await;
        assert_eq!(before.json()["action"], json!("NONE"), "round {round}");
    }
    load.abort();
}
