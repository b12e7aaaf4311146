//! HTTP/1.1 and HTTP/2 on one port, and the end of a service.

use crate::support::{Answer, Service, request, word};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use pretil_server::evaluation::EvaluationPool;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn http_2_with_prior_knowledge_on_the_same_port() {
    let service = Service::start().await;
    let created = service
        .send_http2("POST", "/guardrails", &request("h2", word("bluewhale")))
        .await;
    assert_eq!(created.status, 202, "{}", created.text);
    let id = created.json()["guardrailId"].as_str().unwrap().to_owned();
    let body = json!({"source": "INPUT", "content": [{"text": {"text": "a bluewhale"}}]});
    let path = format!("/guardrail/{id}/version/DRAFT/apply");
    let over_2 = service.send_http2("POST", &path, &body).await;
    let over_1 = service.post(&path, &body).await;
    assert_eq!(over_2.json()["action"], "GUARDRAIL_INTERVENED");
    assert_eq!(over_2.json()["outputs"], over_1.json()["outputs"]);
    let missing = service
        .send_http2("GET", "/guardrails/zzzzzzzzzzzz", &json!({}))
        .await;
    assert_eq!(missing.error().0, "ResourceNotFoundException");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let service = Service::start().await;
    let stream = TcpStream::connect(service.address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let request = http::Request::get("/guardrails").header("host", "x");
        let request = request.body(Full::new(bytes::Bytes::new())).unwrap();
        let answer = Answer::of(sender.send_request(request).await.unwrap()).await;
        assert_eq!(answer.status, 200);
        ids.push(answer.header("x-amzn-requestid").to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3, "every request has an id of its own");
}

/// An accepted request is answered although the service was told to end meanwhile.
#[tokio::test]
async fn a_shutdown_finishes_what_was_accepted() {
    let mut service = Service::start().await;
    let id = service.create("shutdown", word("bluewhale")).await;
    let body = json!({"source": "INPUT", "content": [{"text": {"text": "a bluewhale"}}]});
    let body = body.to_string();
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let (first, rest) = body.split_at(10);
    let head = format!(
        "POST /guardrail/{id}/version/DRAFT/apply HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{first}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    service.begin_stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        TcpStream::connect(service.address).await.is_err(),
        "nothing new is accepted"
    );
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("GUARDRAIL_INTERVENED"), "{answer}");
    service.stopped().await;
}

/// Idle connections do not hold a shutdown up.
#[tokio::test]
async fn a_shutdown_does_not_wait_for_the_idle() {
    let mut service = Service::start().await;
    let _silent = TcpStream::connect(service.address).await.unwrap();
    let mut idle = TcpStream::connect(service.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut some = [0; 64];
    assert!(idle.read(&mut some).await.unwrap() > 0);
    let started = Instant::now();
    service.begin_stop();
    service.stopped().await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

/// More than the pool takes is refused at once, with a time to try again.
#[tokio::test]
async fn overload_is_refused_fast() {
    let pool = EvaluationPool::new(0, 1, Duration::from_millis(300));
    let service = Service::start_with(pool).await;
    // No core ever comes free here: even a compilation has to wait and is refused in the end.
    let body = request("overload", word("bluewhale")).to_string();
    let (first, second) = tokio::join!(service.send("POST", "/guardrails", body.clone()), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let started = Instant::now();
        let answer = service.send("POST", "/guardrails", body.clone()).await;
        (answer, started.elapsed())
    });
    let (second, elapsed) = second;
    for answer in [&first, &second] {
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), "1");
        let (code, message) = answer.error();
        assert_eq!(code, "ThrottlingException");
        // LiteLLM takes these words for a text that is too long, and would split it.
        for word in ["text unit", "too long", "too large", "exceeds the maximum"] {
            assert!(!message.to_lowercase().contains(word));
        }
    }
    assert!(elapsed < Duration::from_millis(150), "{elapsed:?}");
}
