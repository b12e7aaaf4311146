//! `pretil serve`, and starting a service for the demo.

use crate::{
    arguments::{LogFormat, ServeArguments, ServiceArguments},
    gateway_file,
};
use anyhow::{Context, Result, anyhow, bail};
use pretil_server::{
    app::{App, Settings},
    caller::is_region,
    clock::SystemClock,
    gateway::Gateway,
};
use pretil_store::{AccountId, Store};
use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::Path,
    sync::Arc,
};
use tokio::{net::TcpListener, signal::unix::SignalKind};
use tracing_subscriber::EnvFilter;

pub(crate) async fn run(arguments: &ServeArguments) -> Result<()> {
    log_to_stderr(arguments.log_format, "info");
    let gateway = arguments.config.as_deref().map(gateway_file::open);
    let gateway = gateway.transpose()?.unwrap_or_default();
    // Before the ready line: who reads it may tell the process to end at once.
    let stopped = stop_signal()?;
    let listener = listen(&arguments.listen, arguments.insecure).await?;
    let settings = settings(&arguments.service)?;
    let app = open(&arguments.data_dir, settings, gateway).await?;
    let address = listener.local_addr()?;
    // The one line that says "ready": scripts wait for it.
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "pretil {} is ready on http://{address}, data in {}",
        env!("CARGO_PKG_VERSION"),
        arguments.data_dir.display()
    )?;
    out.flush()?;
    drop(out);
    pretil_server::serve::serve(listener, app, stopped).await?;
    Ok(())
}

/// Opens the store and makes the service over it.
pub(crate) async fn open(
    data_dir: &Path,
    settings: Settings,
    gateway: Gateway,
) -> Result<Arc<App>> {
    let store = Store::open(data_dir).await?;
    let detectors = pretil_models::detectors();
    let app = App::new(store, detectors, Arc::new(SystemClock), settings);
    Ok(Arc::new(app.with_gateway(gateway)))
}

/// Checks what the service calls itself.
pub(crate) fn settings(arguments: &ServiceArguments) -> Result<Settings> {
    let account = AccountId::new(&arguments.account);
    if !is_region(&arguments.region) {
        bail!("--region: {} is no region", arguments.region);
    }
    Ok(Settings {
        account: account.map_err(|_| anyhow!("--account: an account id has twelve digits"))?,
        region: arguments.region.clone(),
        strict_aws: arguments.strict_aws,
    })
}

/// Listens at `address`; only on loopback unless `insecure`.
pub(crate) async fn listen(address: &str, insecure: bool) -> Result<TcpListener> {
    let addresses = tokio::net::lookup_host(address).await;
    let addresses: Vec<SocketAddr> = addresses
        .with_context(|| format!("{address} is no address to listen on"))?
        .collect();
    let exposed = addresses.iter().any(|address| !address.ip().is_loopback());
    if exposed && !insecure {
        return Err(anyhow!(
            "refusing to listen on {address}: it is reachable from other machines, and this build \
             does not authenticate its callers; listen on 127.0.0.1, or pass --insecure if \
             everyone who can connect may do everything"
        ));
    }
    TcpListener::bind(addresses.as_slice())
        .await
        .with_context(|| format!("cannot listen on {address}"))
}

/// Completes when the process is told to end.
pub(crate) fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::unix::signal(SignalKind::interrupt())?;
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Sends log lines to standard error, from `level` up unless `PRETIL_LOG` says otherwise.
pub(crate) fn log_to_stderr(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_env("PRETIL_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.compact().init(),
        LogFormat::Json => lines.json().init(),
    }
    pretil_server::telemetry::log_panics_without_content();
}
