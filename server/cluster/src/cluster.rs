//! A Kubernetes cluster: the clients that ask it, and what the watches know of it. What is asked stands with its subject.

use crate::connect::Clients;
use crate::publish::Shared;
use kube::Client;
use service::ports::{World, WorldSource};
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit, watch};

/// A Kubernetes cluster.
pub struct KubeCluster {
    clients: Clients,
    shared: Arc<Shared>,
    /// No list of namespaces was given, so that cluster-scoped calls may be tried.
    discovers: bool,
    /// Turns to read a page of objects with values.
    pages: Semaphore,
}

impl KubeCluster {
    /// One with these clients and watches, of which so many pages of objects with values are read at the same time.
    pub(crate) fn new(clients: Clients, shared: Arc<Shared>, discovers: bool, pages: usize) -> Self {
        Self { clients, shared, discovers, pages: Semaphore::new(pages) }
    }

    /// Waits for a turn to read a page of secrets or config maps.
    pub(crate) async fn pages_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.pages.acquire().await.ok()
    }

    /// The client for calls that are answered at once.
    pub(crate) fn calls(&self) -> Client {
        self.clients.calls.clone()
    }

    /// The client for streams that may be silent for long.
    pub(crate) const fn patient(&self) -> &Client {
        &self.clients.logs
    }

    /// What the watches know.
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The newest world.
    pub(crate) fn newest(&self) -> Arc<World> {
        self.shared.subscribe().borrow().clone()
    }

    /// Whether calls beyond namespaces may be tried.
    pub(crate) fn sees_all(&self) -> bool {
        self.discovers && self.shared.read(|index| index.sees_all())
    }
}

impl WorldSource for KubeCluster {
    fn world(&self) -> watch::Receiver<Arc<World>> {
        self.shared.subscribe()
    }
}
