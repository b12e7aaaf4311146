//! A small client of our own API: HTTP/1.1 without TLS, one connection per call.

use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use http::{Method, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{fmt, time::Duration};
use tokio::net::TcpStream;

/// Longest wait for a whole answer. An answer takes milliseconds.
const DEADLINE: Duration = Duration::from_secs(30);

/// Longest answer: a page of 1,000 guardrails, or a guardrail with 10,000 words.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What may stand unencoded in a path segment or a query value (RFC 3986, "unreserved").
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes a path segment or a query value.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A client of one server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    host: String,
    port: u16,
    base: String,
}

/// The body of an error.
#[derive(Deserialize)]
struct ErrorBody {
    message: String,
}

/// The server said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `ValidationException` …
    pub(crate) code: String,
    message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

impl Client {
    /// A client of the server at `endpoint`, an `http://` URL.
    pub(crate) fn new(endpoint: &str) -> Result<Self> {
        let uri: Uri = endpoint
            .parse()
            .with_context(|| format!("{endpoint} is no URL"))?;
        if uri.scheme_str() != Some("http") {
            bail!("{endpoint}: only http:// is supported");
        }
        let host = uri
            .host()
            .ok_or_else(|| anyhow!("{endpoint} names no host"))?;
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(80),
            base: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// A request without a body.
    pub(crate) async fn get<Reply: DeserializeOwned>(&self, path: &str) -> Result<Reply> {
        self.send(Method::GET, path, Bytes::new(), &[]).await
    }

    /// A DELETE.
    pub(crate) async fn delete<Reply: DeserializeOwned>(&self, path: &str) -> Result<Reply> {
        self.send(Method::DELETE, path, Bytes::new(), &[]).await
    }

    /// A POST of `body` as JSON.
    pub(crate) async fn post<Reply: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Reply> {
        let body = serde_json::to_vec(body)?.into();
        self.send(Method::POST, path, body, headers).await
    }

    /// A PUT of `body` as JSON.
    pub(crate) async fn put<Reply: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Reply> {
        let body = serde_json::to_vec(body)?.into();
        self.send(Method::PUT, path, body, &[]).await
    }

    async fn send<Reply: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Reply> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::HOST, format!("{}:{}", self.host, self.port));
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for &(name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body))?;
        let answered = tokio::time::timeout(DEADLINE, self.exchange(request)).await;
        let (status, code, body) =
            answered.map_err(|_| anyhow!("the server does not answer"))??;
        if status.is_success() {
            return serde_json::from_slice(&body).context("the server's answer is not understood");
        }
        let message = serde_json::from_slice(&body).map_or_else(
            |_| format!("the server answered {status}"),
            |body: ErrorBody| body.message,
        );
        Err(Refusal { code, message }.into())
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(http::StatusCode, String, Bytes)> {
        let at = (self.host.as_str(), self.port);
        let stream = TcpStream::connect(at).await.with_context(|| {
            format!(
                "no server answers at {}:{} (start one with `pretil serve`)",
                self.host, self.port
            )
        })?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // Ends with the exchange; what goes wrong in it shows in the exchange itself.
        tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        let status = response.status();
        let code = response.headers().get("x-amzn-errortype");
        let code = code
            .and_then(|value| value.to_str().ok())
            .unwrap_or("error");
        let code = code.split(':').next().unwrap_or(code).to_owned();
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect();
        let body = body.await.map_err(|error| anyhow!("{error}"))?.to_bytes();
        Ok((status, code, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        let client = Client::new("http://127.0.0.1:8787/").unwrap();
        assert_eq!(
            (client.host.as_str(), client.port, client.base.as_str()),
            ("127.0.0.1", 8787, "")
        );
        let client = Client::new("http://[::1]:90/base/").unwrap();
        assert_eq!(
            (client.host.as_str(), client.port, client.base.as_str()),
            ("::1", 90, "/base")
        );
        assert!(Client::new("https://127.0.0.1").is_err());
        assert!(Client::new("127.0.0.1:80").is_err());
    }

    #[test]
    fn an_arn_is_encoded_with_its_slash() {
        assert_eq!(encoded("arn:aws:x/y-1"), "arn%3Aaws%3Ax%2Fy-1");
    }
}
