//! Starts a service on a port of its own with a fixed clock and no model, and talks to it.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pretil_guardrail::detect::{self, Detectors, SafetyClassifier};
use pretil_server::{
    app::{App, Settings},
    caller::{DEFAULT_ACCOUNT, DEFAULT_REGION},
    clock::Clock,
    evaluation::EvaluationPool,
    gateway::Gateway,
    serve::serve,
};
use pretil_store::{AccountId, Store};
use pretil_wire::bedrock::Timestamp;
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

/// 2026-11-22T01:02:03.123456Z.
struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microseconds(1_795_309_323_123_456)
    }
}

/// Time since the test began, for the budgets of patterns.
struct Budget(Instant);

impl detect::Clock for Budget {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A running service.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
    _data_dir: tempfile::TempDir,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::start_with(EvaluationPool::of_machine()).await
    }

    pub(crate) async fn start_with(pool: EvaluationPool) -> Self {
        Self::start_with_classifier(pool, None).await
    }

    pub(crate) async fn start_with_classifier(
        pool: EvaluationPool,
        safety: Option<Arc<dyn SafetyClassifier>>,
    ) -> Self {
        Self::start_with_gateway(pool, safety, Gateway::default()).await
    }

    pub(crate) async fn start_with_gateway(
        pool: EvaluationPool,
        safety: Option<Arc<dyn SafetyClassifier>>,
        gateway: Gateway,
    ) -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let store = Store::open(&data_dir.path().join("data")).await.unwrap();
        let detectors = Detectors {
            embedder: None,
            safety,
            clock: Arc::new(Budget(Instant::now())),
            tagger: None,
            grounding: None,
        };
        let settings = Settings {
            account: AccountId::new(DEFAULT_ACCOUNT).unwrap(),
            region: DEFAULT_REGION.to_owned(),
            strict_aws: false,
        };
        let app = App::with_pool(store, detectors, Arc::new(FixedClock), settings, pool);
        let app = app.with_gateway(gateway);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Arc::new(app), async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop: Some(stop),
            task,
            _data_dir: data_dir,
        }
    }

    /// Asks for a shutdown.
    pub(crate) fn begin_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits for the end of a shutdown.
    pub(crate) async fn stopped(self) {
        self.task.await.unwrap().unwrap();
    }

    /// One request on a connection of its own, HTTP/1.1.
    pub(crate) async fn send(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send_with(method, path, body, &[]).await
    }

    pub(crate) async fn send_with(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let request = self.request(path, method, body.into(), headers);
        Answer::of(sender.send_request(request).await.unwrap()).await
    }

    /// One request on a connection of its own, HTTP/2 with prior knowledge.
    pub(crate) async fn send_http2(&self, method: &str, path: &str, body: &Value) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let executor = TokioExecutor::new();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(executor, TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        let uri = format!("http://{}{path}", self.address);
        let request = self.request(&uri, method, body.to_string().into(), &[]);
        Answer::of(sender.send_request(request).await.unwrap()).await
    }

    fn request(
        &self,
        uri: &str,
        method: &str,
        body: Bytes,
        headers: &[(&str, &str)],
    ) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(uri)
            .header("host", self.address.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Full::new(body)).unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body.to_string()).await
    }

    /// Creates a guardrail with `policies` and gives its id.
    pub(crate) async fn create(&self, name: &str, policies: Value) -> String {
        let answer = self.post("/guardrails", &request(name, policies)).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json()["guardrailId"].as_str().unwrap().to_owned()
    }

    /// Applies the draft of a guardrail to one text.
    pub(crate) async fn apply(&self, id: &str, source: &str, text: &str) -> Answer {
        let body = json!({"source": source, "content": [{"text": {"text": text}}]});
        self.post(&format!("/guardrail/{id}/version/DRAFT/apply"), &body)
            .await
    }
}

/// The body of CreateGuardrail.
pub(crate) fn request(name: &str, policies: Value) -> Value {
    let mut request = json!({
        "name": name,
        "blockedInputMessaging": "BLOCKED_INPUT",
        "blockedOutputsMessaging": "BLOCKED_OUTPUT",
    });
    let Value::Object(policies) = policies else {
        panic!("policies are an object")
    };
    request.as_object_mut().unwrap().extend(policies);
    request
}

/// A guardrail that blocks one word.
pub(crate) fn word(text: &str) -> Value {
    json!({"wordPolicyConfig": {"wordsConfig": [{"text": text}]}})
}

/// A whole response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(response: http::Response<hyper::body::Incoming>) -> Self {
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let answer = Self {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        };
        assert!(answer.headers.contains_key("x-amzn-requestid"));
        answer
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The error's code and message, in the rest-json form.
    pub(crate) fn error(&self) -> (String, String) {
        let kind = self.header("x-amzn-errortype");
        let (code, rest) = kind.split_once(':').unwrap_or_else(|| panic!("{self:?}"));
        assert_eq!(rest, "http://internal.amazon.com/coral/com.amazon.bedrock/");
        assert_eq!(self.header("content-type"), "application/json");
        let message = self.json()["message"].as_str().unwrap().to_owned();
        (code.to_owned(), message)
    }
}
