//! One watch of one resource: a list, then its changes; slim forms go into the index.
//!
//! A list is gathered aside and put in place at once when it is complete, so that what was deleted while nobody
//! looked goes, and nobody sees half a list. Objects are read one at a time as their bytes come ([`crate::json`]). A watch
//! goes on from the last version that it saw after an end of the stream, and lists anew after 410 Gone.

use crate::errors::{chain, kind_of};
use crate::index::{Index, Scope, WatchId};
use crate::json::{self, Change, Object};
use crate::publish::Shared;
use crate::slim::{self, Came, LIMITS, Watched, What};
use domain::kubernetes::api::ApiRefusal;
use domain::kubernetes::{Lack, Right, Verb};
use domain::{Namespace, english};
use kube::{Client, Error};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Objects per page of a list.
const PAGE: u32 = 500;
/// Between two tries of what the portal may not do: at first soon, because an API server that has just started
/// does not know its rules yet.
const FORBIDDEN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(30));
/// First and longest wait after another failure.
const WAIT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

/// What all watches need.
#[derive(Clone)]
pub(crate) struct Watches {
    /// Client for calls.
    pub(crate) client: Client,
    /// Where the objects go.
    pub(crate) shared: Arc<Shared>,
    /// So that hundreds of watches do not list at the same moment.
    pub(crate) lists: Arc<Semaphore>,
}

struct Watch {
    id: WatchId,
    shared: Arc<Shared>,
    lists: Arc<Semaphore>,
    /// All changes up to this one are in the index; `None` before the first list and where a new one is needed.
    version: Option<String>,
    failures: u32,
    refused: bool,
    token: CancellationToken,
}

impl Watches {
    /// Watches a resource until the token ends.
    pub(crate) async fn run<K: Watched>(self, scope: Scope, token: CancellationToken) {
        let Self { client, shared, lists } = self;
        let mut watch = Watch { id: (K::WHAT, scope), shared, lists, version: None, failures: 0, refused: false, token: token.clone() };
        let mut alive = watch.shared.alive.subscribe();
        loop {
            let wait = tokio::select! {
                () = token.cancelled() => return,
                // The server was away and this watch has heard nothing of it: its connection may be half open.
                () = came_back(&mut alive) => {
                    watch.version = None;
                    continue;
                }
                ended = watch.turn::<K>(&client) => match ended {
                    Ok(()) => continue,
                    Err(error) => watch.failure(&error),
                },
            };
            tokio::select! {
                () = token.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
                // The server is back: do not sit out the rest of the wait.
                () = came_back(&mut alive), if !watch.refused => {}
            }
            if watch.refused {
                // A watch that goes on says nothing; a new list tells that the portal may look again.
                watch.version = None;
            }
        }
    }
}

/// Waits until the server answers again after it was away.
async fn came_back(alive: &mut tokio::sync::watch::Receiver<bool>) {
    while alive.changed().await.is_ok() {
        if *alive.borrow_and_update() {
            return;
        }
    }
    std::future::pending().await
}

impl Watch {
    /// Changes the index unless the watch has ended: what a namespace that is forgotten still had to say must not
    /// bring it back.
    fn change(&self, change: impl FnOnce(&mut Index)) {
        self.shared.change(|index| {
            if !self.token.is_cancelled() {
                change(index);
            }
        });
    }

    /// A list, or the changes since the last one until the server ends the answer. It can be given up at any moment.
    async fn turn<K: Watched>(&mut self, client: &Client) -> kube::Result<()> {
        let path = match &self.id.1 {
            Scope::All => K::url_path(&(), None),
            Scope::One(namespace) => K::url_path(&(), Some(namespace.as_str())),
        };
        match self.version.take() {
            None => self.list::<K>(client, &path).await,
            Some(version) => {
                let path = json::watch_path(&path, &version);
                self.version = Some(version);
                json::watch(client, &path, K::RULE, LIMITS, |change| self.take::<K>(change)).await?;
                if self.shared.read(|index| index.wants_list(&self.id)) {
                    self.version = None;
                }
                Ok(())
            }
        }
    }

    async fn list<K: Watched>(&mut self, client: &Client, path: &str) -> kube::Result<()> {
        let _turn = self.lists.clone().acquire_owned().await;
        let mut list = self.shared.read(|index| index.list(K::WHAT));
        let add = |object: Object<'_>| {
            let identity = object.identity;
            let Ok(namespace) = Namespace::parse(identity.namespace.as_str()) else { return };
            match slim::slim::<K>(&namespace, object) {
                Came::Kept(slim) => list.add(&namespace, slim),
                Came::Large => list.leave(&namespace, &identity.name),
                Came::Nothing => {}
            }
        };
        let version = json::pages(client, path, PAGE, K::RULE, LIMITS, add).await?;
        self.failures = 0;
        let (id, refused) = (self.id.clone(), std::mem::take(&mut self.refused));
        self.change(|index| {
            index.reset(id.0, &id.1, list);
            index.listed(&id);
            if refused {
                permit(index, &id, None);
            }
        });
        self.version = Some(version);
        Ok(())
    }

    /// Takes a change into the index.
    fn take<K: Watched>(&mut self, change: Change<'_>) {
        self.failures = 0;
        let (Change::Applied(Object { identity, .. }) | Change::Deleted(Object { identity, .. }) | Change::Bookmark(Object { identity, .. })) = change;
        if !identity.version.is_empty() {
            self.version = Some(identity.version.clone());
        }
        let Ok(namespace) = Namespace::parse(identity.namespace.as_str()) else { return };
        let came = match change {
            Change::Bookmark(_) => return,
            Change::Deleted(_) => Came::Nothing,
            Change::Applied(object) => slim::slim::<K>(&namespace, object),
        };
        self.change(|index| match came {
            Came::Kept(slim) => index.apply(&namespace, slim),
            Came::Large => index.leave(&namespace, K::WHAT, &identity.name),
            // As in a list: what it was before is not what it is now.
            Came::Nothing => index.delete(&namespace, K::WHAT, &identity.name),
        });
    }

    /// Notes a failure and tells how long to wait before the next try.
    fn failure(&mut self, error: &Error) -> Duration {
        let answer = if let Error::Api(status) = error { Some(kind_of(status)) } else { None };
        match answer {
            Some(ApiRefusal::Expired) => {
                self.version = None;
                return Duration::ZERO;
            }
            // What is no matter of rights is none of a namespace, and is told once.
            Some(ApiRefusal::Credentials) => return self.refuse(Lack::Credentials),
            Some(ApiRefusal::Missing | ApiRefusal::NamespaceMissing) => return self.refuse(unknown(self.id.0)),
            Some(ApiRefusal::Rbac) => return self.refuse(right(&self.id)),
            Some(ApiRefusal::Exists | ApiRefusal::Changed | ApiRefusal::Immutable | ApiRefusal::Said) => {}
            // A load balancer whose API server is gone answers too.
            Some(ApiRefusal::Away) | None => self.shared.doubt.notify_one(),
        }
        tracing::debug!(resource = %self.id.0.resource(), error = chain(error), "a watch failed");
        if matches!(error, Error::SerdeError(_)) {
            tracing::warn!(resource = %self.id.0.resource(), "an answer to a watch cannot be read; what is shown of it stays as it was");
        }
        self.failures = (self.failures + 1).min(10);
        (WAIT.0 * 2u32.pow(self.failures - 1)).min(WAIT.1)
    }

    fn refuse(&mut self, lack: Lack) -> Duration {
        let known = std::mem::replace(&mut self.refused, true);
        if !known {
            tracing::warn!("{}", english::cluster::lack(&lack));
        }
        self.change(|index| {
            permit(index, &self.id, Some(&lack));
            index.refuse(lack);
            index.listed(&self.id);
        });
        if known { FORBIDDEN.1 } else { FORBIDDEN.0 }
    }
}

/// Takes back what was told of a watch before, but for what still holds.
fn permit(index: &mut Index, id: &WatchId, but: Option<&Lack>) {
    for lack in [right(id), unknown(id.0), Lack::Credentials].iter().filter(|lack| Some(*lack) != but) {
        index.permit(lack);
    }
}

/// The API server does not know these objects.
const fn unknown(what: What) -> Lack {
    Lack::Unknown(what.resource())
}

/// The portal may not watch this.
fn right((what, scope): &WatchId) -> Lack {
    let namespace = match scope {
        Scope::All => None,
        Scope::One(namespace) => Some(namespace.clone()),
    };
    Lack::Right(Right { namespace, resource: what.resource(), verb: Verb::ListAndWatch })
}

#[cfg(test)]
mod tests;
