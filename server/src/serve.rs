//! The accept loop: connections to requests, with limits, until the soft end.

use crate::client_connection::{Cut, Line};
use crate::lifecycle::Life;
use crate::unread_body::Arriving;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::{HeaderValue, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// Connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// Connections at once from one address, unless it is a trusted proxy: one client must not take every place.
const FROM_ONE: usize = 512;
/// How often the log tells that an address has too many connections.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// Time for the head of a request; also ends idle connections. Longer than nginx keeps one (60 s), so that the
/// proxy is the one that closes.
const HEAD: Duration = Duration::from_secs(75);

/// Bytes of a request's head that are read. More than it may have, so that there is an answer that says why.
const BUFFER: usize = 192 * 1024;

/// Open connections by network.
#[derive(Default)]
struct Peers(Mutex<HashMap<IpAddr, usize>>);

/// One counted connection; the count goes down when it ends.
struct Counted {
    peers: Arc<Peers>,
    address: IpAddr,
}

/// What counts as one address: IPv6 users own at least a /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => IpAddr::from((v6.to_bits() >> 64 << 64).to_be_bytes()),
        v4 => v4,
    }
}

impl Peers {
    /// Nothing where the address has all that one may have.
    fn count(self: &Arc<Self>, address: IpAddr) -> Option<Counted> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        (*count < FROM_ONE).then(|| {
            *count += 1;
            Counted { peers: self.clone(), address }
        })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Serves until `life.soft` is cancelled; open connections finish by themselves or at `life.hard`.
pub async fn serve(listener: TcpListener, router: Router, proxies: Vec<IpNet>, life: Life) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let peers = Arc::new(Peers::default());
    let mut told = None::<Instant>;
    loop {
        let place = tokio::select! {
            () = life.soft.cancelled() => return,
            place = places.clone().acquire_owned() => place,
        };
        let Ok(place) = place else { return };
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
        let address = peer.ip().to_canonical();
        let proxy = proxies.iter().any(|net| net.contains(&address));
        let counted = if proxy { None } else { peers.count(network(address)) };
        if counted.is_none() && !proxy {
            if told.is_none_or(|at| at.elapsed() > TELL_EVERY) {
                told = Some(Instant::now());
                tracing::warn!(%peer, "an address has {FROM_ONE} connections open, and more are closed. If it is a proxy, name it in trusted_proxies");
            }
            continue;
        }
        let (router, inner) = (router.clone(), life.clone());
        life.tasks.spawn(async move {
            connection(stream, peer, router, inner).await;
            drop((place, counted));
        });
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, life: Life) {
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let (for_requests, tasks) = (cut.clone(), life.tasks.clone());
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(for_requests.clone());
        answered(router.clone(), request, tasks.clone())
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(Line::new(stream, cut.clone())), service).with_upgrades());
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
            () = cut.done() => return,
            () = life.hard.cancelled() => return,
        }
    }
}

/// Answers a request. Where nobody has read its body to the end, the connection ends with the answer, and the rest of the
/// body is thrown away meanwhile.
async fn answered(router: Router, request: hyper::Request<Incoming>, tasks: TaskTracker) -> Result<Response, Infallible> {
    let waits = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let (body, rest) = Arriving::new(body);
    let mut response = router.oneshot(hyper::Request::from_parts(parts, Body::new(body))).await?;
    if let Some(unread) = rest.take() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        tasks.spawn(unread.discard(waits));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_user_is_one_with_all_of_a_64() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn one_address_cannot_take_every_place_and_gets_its_own_back() {
        let (peers, here, there) = (Arc::new(Peers::default()), IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let mut open: Vec<_> = std::iter::from_fn(|| peers.count(here)).collect();
        assert_eq!(open.len(), FROM_ONE);
        assert!(peers.count(there).is_some(), "others are let in");
        open.pop();
        assert!(peers.count(here).is_some());
        open.clear();
        assert!(peers.0.lock().unwrap().is_empty(), "nothing is remembered of those that went");
    }
}
