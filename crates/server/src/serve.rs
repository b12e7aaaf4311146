//! The listener: HTTP/1.1 and HTTP/2 with prior knowledge on one port, and a shutdown that
//! finishes what was accepted.

use crate::{app::App, limits, router};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

/// Serves `app` on `listener` until `shutdown` completes, and then until every accepted request
/// is answered or [`limits::SHUTDOWN_GRACE`] is over.
///
/// # Errors
///
/// Only if the listener is broken for good. A connection that fails is its own affair.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let builder = connection_builder();
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(limits::MAX_CONNECTIONS));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = &mut shutdown => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: those in use have to be closed first.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        spawn_connection(&builder, &graceful, stream, place, Arc::clone(&app));
    }
    drop(listener);
    app.begin_shutdown();
    if timeout(limits::SHUTDOWN_GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("connections were cut that did not finish in time");
    }
    Ok(())
}

/// Waits for a free place, then for a connection.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(connections).acquire_owned().await;
    let place = place.map_err(|_| io::Error::other("the connection limit is gone"))?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

fn connection_builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_DEADLINE)
        .max_headers(limits::MAX_HEADERS)
        .max_buf_size(limits::MAX_HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits::KEEP_ALIVE)
        .keep_alive_timeout(limits::KEEP_ALIVE)
        .max_concurrent_streams(limits::MAX_STREAMS)
        .max_header_list_size(limits::MAX_HEADER_LIST_BYTES)
        .max_pending_accept_reset_streams(limits::MAX_PENDING_RESETS)
        .initial_stream_window_size(limits::STREAM_WINDOW_BYTES)
        .initial_connection_window_size(limits::CONNECTION_WINDOW_BYTES);
    builder
}

fn spawn_connection(
    builder: &Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    app: Arc<App>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a socket option could not be set");
    }
    let met = Arc::new(AtomicBool::new(false));
    let service = {
        let met = Arc::clone(&met);
        service_fn(move |request: hyper::Request<Incoming>| {
            met.store(true, Ordering::Relaxed);
            let app = Arc::clone(&app);
            async move { Ok::<_, Infallible>(router::respond(app, request).await) }
        })
    };
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        let _place = place;
        let mut connection = pin!(connection);
        // hyper's own deadline begins when it knows which protocol is spoken; a connection that
        // never says so much would stay for ever.
        let result = match timeout(limits::FIRST_REQUEST_DEADLINE, &mut connection).await {
            Ok(result) => result,
            Err(_) if !met.load(Ordering::Relaxed) => return,
            Err(_) => connection.await,
        };
        if let Err(error) = result {
            tracing::debug!(error = %error, "a connection ended early");
        }
    });
}
