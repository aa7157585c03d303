//! The accept loop: connections to requests, with limits, until the soft end.

use crate::lifecycle::Life;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// Connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// Time for the head of a request; also ends idle connections. Longer than nginx keeps one (60 s), so that the
/// proxy is the one that closes.
const HEAD: Duration = Duration::from_secs(75);

/// Serves until `life.soft` is cancelled; open connections finish by themselves or at `life.hard`.
pub async fn serve(listener: TcpListener, router: Router, life: Life) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (stream, peer) = tokio::select! {
            () = life.soft.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files, or the client has gone again.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let (router, inner) = (router.clone(), life.clone());
        life.tasks.spawn(async move {
            connection(stream, peer, router, inner).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, life: Life) {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let mut told = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, %peer, "a connection broke");
                }
                return;
            }
            () = life.soft.cancelled(), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
            () = life.hard.cancelled() => return,
        }
    }
}
