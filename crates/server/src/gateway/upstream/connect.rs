//! Connections to one model server: resolve, check every address, connect to one of them, then TLS.

use super::super::address::{Refused, Rule, admit};
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{
    future::Future,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};
use tower_service::Service;

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConnectError {
    /// The address is not one to connect to.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The name does not resolve.
    #[error("the upstream's name does not resolve")]
    Name,
    /// Nobody answers there, or not in the protocol expected.
    #[error("the upstream does not answer")]
    Failed,
    /// It took too long.
    #[error("the upstream took too long to answer")]
    Slow,
}

type Boxed<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The checked connection with TLS around it, all within the time for connecting.
#[derive(Clone)]
pub(super) struct Connector {
    encrypting: HttpsConnector<Checked>,
    within: Duration,
}

impl Connector {
    pub(super) fn new(
        rule: Rule,
        within: Duration,
        ca_file: Option<&Path>,
    ) -> Result<Self, String> {
        let checked = Checked(rule);
        let encrypting = HttpsConnectorBuilder::new()
            .with_tls_config(tls(rule.encrypted, ca_file)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(checked);
        Ok(Self { encrypting, within })
    }
}

/// Whom to trust. An upstream without TLS needs nobody.
fn tls(encrypted: bool, ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let shown = path.display();
        let unreadable = |error| format!("ca_file: {shown} holds no readable PEM: {error}");
        let certificates = CertificateDer::pem_file_iter(path).map_err(unreadable)?;
        for certificate in certificates {
            let added = roots.add(certificate.map_err(unreadable)?);
            added.map_err(|error| format!("ca_file: {shown}: {error}"))?;
        }
    } else if encrypted {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if encrypted && roots.is_empty() {
        return Err(
            "no certificate authority is known: install the system's (ca-certificates), or name \
             a PEM file with ca_file"
                .to_owned(),
        );
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = ConnectError;
    type Future = Boxed<Self::Response, ConnectError>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.encrypting.call(uri);
        let within = self.within;
        Box::pin(async move {
            match timeout(within, connecting).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(error)) => Err(reason(&error)),
                Err(_) => Err(ConnectError::Slow),
            }
        })
    }
}

/// The reason of the inner connector, if it is one.
fn reason(error: &BoxError) -> ConnectError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
    while let Some(inner) = cause {
        if let Some(reason) = inner.downcast_ref::<ConnectError>() {
            return *reason;
        }
        cause = inner.source();
    }
    ConnectError::Failed
}

/// Connects to addresses that the rule admits.
#[derive(Clone)]
struct Checked(Rule);

impl Service<Uri> for Checked {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Boxed<Self::Response, ConnectError>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(connect(self.0, uri))
    }
}

async fn connect(rule: Rule, uri: Uri) -> Result<TokioIo<TcpStream>, ConnectError> {
    let host = uri.host().ok_or(ConnectError::Name)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri
        .port_u16()
        .unwrap_or(if rule.encrypted { 443 } else { 80 });
    let addresses = tokio::net::lookup_host((host, port)).await;
    let addresses = addresses.map_err(|_| ConnectError::Name)?;
    for address in admit(addresses, rule)? {
        if let Ok(stream) = TcpStream::connect(address).await {
            // Without it small pieces wait; that is all.
            let _ = stream.set_nodelay(true);
            return Ok(TokioIo::new(stream));
        }
    }
    Err(ConnectError::Failed)
}
