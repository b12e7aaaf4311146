//! Model servers: a client for each, with its own key, limits and connections.
//!
//! A call can only go where the configuration says: a request chooses among the operator's models,
//! never an address. Redirects are answers that are not understood. The key goes to that one server,
//! and nothing that the caller sent as a header goes anywhere.

mod body;
mod connect;

pub(crate) use body::AnswerBody;
pub(crate) use connect::ConnectError;

use super::{
    address::Rule,
    config::{Fault, KeySource, UpstreamConfig},
};
use bytes::Bytes;
use connect::Connector;
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use http_body_util::Full;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use std::{
    error::Error as _,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::Semaphore,
    time::{timeout, timeout_at},
};

/// Time that a connection without a call is kept.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// Longest key.
const MAX_KEY_BYTES: u64 = 16 * 1024;

/// Why there is no answer, or not all of it. `Display` names no address, path or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpstreamError {
    /// As many calls as are allowed are under way.
    #[error("the upstream has no call to spare")]
    Busy,
    /// There is no connection.
    #[error("no connection to the upstream: {0}")]
    Connect(#[from] ConnectError),
    /// It did not begin to answer in time.
    #[error("the upstream did not begin to answer in time")]
    Slow,
    /// It stopped in the middle for too long.
    #[error("the upstream stopped in the middle of its answer")]
    Stalled,
    /// All of it took too long.
    #[error("the upstream's answer took too long")]
    Late,
    /// It is longer than allowed.
    #[error("the upstream's answer is too long")]
    TooLong,
    /// The connection broke before or in the answer.
    #[error("the connection to the upstream broke")]
    Broken,
}

/// A model server.
pub(crate) struct Upstream {
    pub(crate) name: String,
    config: UpstreamConfig,
    client: Client<Connector, Full<Bytes>>,
    authorization: Option<HeaderValue>,
    /// What of the key and the address must not show in any text that reaches a caller.
    secrets: Vec<String>,
    places: Arc<Semaphore>,
}

/// The beginning of an answer, and the rest to be read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: AnswerBody,
}

impl Upstream {
    /// A client for the server that `config` describes.
    ///
    /// # Errors
    ///
    /// The key or the certificates are not where they should be.
    pub(crate) fn open(
        name: &str,
        config: UpstreamConfig,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Fault> {
        let fault = |message: String| Fault::of_upstream(name, message);
        let key = config.api_key.as_ref();
        let key = key.map(|source| read_key(source, environment)).transpose();
        let key = key.map_err(fault)?;
        let authorization = key.as_deref().map(bearer).transpose().map_err(fault)?;
        let rule = Rule {
            private: config.allow_private_addresses,
            encrypted: config.base_url.encrypted,
        };
        let connector = Connector::new(rule, config.timeouts.connect.0, config.ca_file.as_deref());
        let connector = connector.map_err(fault)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .pool_max_idle_per_host(config.max_connections)
            .build(connector);
        let mut secrets = vec![config.base_url.authority.to_string()];
        secrets.push(config.base_url.authority.host().to_owned());
        secrets.extend(key);
        Ok(Self {
            name: name.to_owned(),
            places: Arc::new(Semaphore::new(config.max_connections)),
            client,
            authorization,
            secrets,
            config,
        })
    }

    pub(crate) fn config(&self) -> &UpstreamConfig {
        &self.config
    }

    /// Whether `text` shows the key or where the server is.
    pub(crate) fn shows_secret(&self, text: &str) -> bool {
        let shown = |secret: &String| text.contains(secret.as_str());
        // Servers quote keys with their middle left out.
        let quoted = self.secrets.last().filter(|_| self.authorization.is_some());
        let beginning = quoted.and_then(|key| key.get(..8));
        self.secrets.iter().any(shown) || beginning.is_some_and(|begun| text.contains(begun))
    }

    /// Sends `body` to `path` below the base URL and waits for the beginning of the answer. Dropped,
    /// it closes the connection, and so does its answer: the server learns that nobody waits.
    pub(crate) async fn post(&self, path: &str, body: Bytes) -> Result<Answer, UpstreamError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| UpstreamError::Busy)?;
        let timeouts = self.config.timeouts;
        let deadline = Instant::now() + timeouts.total.0;
        let request = self.request(path, body)?;
        let began = timeout(timeouts.first_byte.0, self.client.request(request));
        let response = match timeout_at(deadline.into(), began).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(error))) => return Err(unanswered(&error)),
            Ok(Err(_)) => return Err(UpstreamError::Slow),
            Err(_) => return Err(UpstreamError::Late),
        };
        let (head, body) = response.into_parts();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: AnswerBody::new(
                body,
                deadline,
                timeouts.idle.0,
                self.config.max_response_bytes,
                place,
            ),
        })
    }

    fn request(&self, path: &str, body: Bytes) -> Result<Request<Full<Bytes>>, UpstreamError> {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        let base = &self.config.base_url;
        let uri = Uri::builder()
            .scheme(if base.encrypted { "https" } else { "http" })
            .authority(base.authority.clone())
            .path_and_query(format!("{}{path}", base.path))
            .build();
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri.map_err(|_| UpstreamError::Broken)?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("application/json, text/event-stream"),
        );
        // Nothing may grow behind the limit on an answer's length.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("pretil/", env!("CARGO_PKG_VERSION"))),
        );
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        Ok(request)
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Upstream({:?})", self.name)
    }
}

/// Why a request was not answered: the connector's own reason, where it has one.
fn unanswered(error: &hyper_util::client::legacy::Error) -> UpstreamError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(reason) = inner.downcast_ref::<ConnectError>() {
            return UpstreamError::Connect(*reason);
        }
        cause = inner.source();
    }
    if error.is_connect() {
        return UpstreamError::Connect(ConnectError::Failed);
    }
    UpstreamError::Broken
}

fn read_key(
    source: &KeySource,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    use std::io::Read;
    let key = match source {
        KeySource::Env(name) => environment(name).ok_or_else(|| {
            format!("api_key: the environment variable {name} is not set: set it to the key")
        })?,
        KeySource::File(path) => {
            let shown = path.display();
            let file = std::fs::File::open(path)
                .map_err(|error| format!("api_key: {shown} cannot be opened: {error}"))?;
            let mut key = String::new();
            file.take(MAX_KEY_BYTES)
                .read_to_string(&mut key)
                .map_err(|error| format!("api_key: {shown} cannot be read: {error}"))?;
            key
        }
    };
    let key = key.trim();
    if key.is_empty() {
        return Err("api_key: the place that is named holds no key".to_owned());
    }
    Ok(key.to_owned())
}

fn bearer(key: &str) -> Result<HeaderValue, String> {
    let value = HeaderValue::try_from(format!("Bearer {key}"));
    let mut value = value.map_err(|_| "api_key: the key holds characters that no key has")?;
    value.set_sensitive(true);
    Ok(value)
}
