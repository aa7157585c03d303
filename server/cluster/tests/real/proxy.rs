//! A door to the API server that a test can shut: refuse connections, cut them, or let them hang half open.

use kube::config::Kubeconfig;
use serde_json::json;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    /// Connections are cut and new ones refused.
    Shut,
    /// Connections stay, but nothing passes; with the number of connections that hang.
    Hanging(usize),
}

pub(crate) struct Proxy {
    pub(crate) door: watch::Sender<Door>,
    pub(crate) kubeconfig: tempfile::NamedTempFile,
    count: Arc<std::sync::atomic::AtomicUsize>,
}

impl Proxy {
    pub(crate) async fn start(kubeconfig: Kubeconfig) -> Self {
        let mut config = kubeconfig;
        let cluster = config.clusters[0].cluster.as_mut().unwrap();
        let server: http::Uri = cluster.server.take().unwrap().parse().unwrap();
        let upstream = format!("{}:{}", server.host().unwrap(), server.port_u16().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        cluster.server = Some(format!("https://{}", listener.local_addr().unwrap()));
        cluster.tls_server_name = Some(server.host().unwrap().to_owned());
        let file = tempfile::NamedTempFile::new().unwrap();
        serde_json::to_writer(file.as_file(), &json!(config)).unwrap();
        let door = watch::Sender::new(Door::Open);
        let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        tokio::spawn(accept(listener, upstream, door.clone(), count.clone()));
        Self { door, kubeconfig: file, count }
    }

    /// All connections that exist hang from now on; new ones pass.
    pub(crate) fn hang(&self) {
        self.door.send_replace(Door::Hanging(self.count.load(std::sync::atomic::Ordering::SeqCst)));
    }
}

async fn accept(listener: TcpListener, upstream: String, door: watch::Sender<Door>, count: Arc<std::sync::atomic::AtomicUsize>) {
    while let Ok((inner, _)) = listener.accept().await {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let (upstream, mut door) = (upstream.clone(), door.subscribe());
        tokio::spawn(async move {
            let open = |d: &Door| *d != Door::Shut;
            if !open(&door.borrow()) {
                return;
            }
            let Ok(outer) = TcpStream::connect(upstream).await else { return };
            let (inner_read, inner_write) = inner.into_split();
            let (outer_read, outer_write) = outer.into_split();
            let (there, back) = (door.clone(), door.clone());
            tokio::select! {
                _ = door.wait_for(|d| !open(d)) => {}
                () = copy(inner_read, outer_write, number, there) => {}
                () = copy(outer_read, inner_write, number, back) => {}
            }
        });
    }
}

async fn copy(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, number: usize, mut door: watch::Receiver<Door>) {
    let mut buffer = vec![0; 65_536];
    loop {
        let Ok(n @ 1..) = from.read(&mut buffer).await else { return };
        // A connection that hangs does so for good, as after a router lost its state.
        let passes = door.wait_for(|d| !matches!(d, Door::Hanging(before) if number < *before)).await.is_ok();
        if !passes || to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
    }
}
