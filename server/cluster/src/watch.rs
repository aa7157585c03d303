//! One watch of one resource: kube's watcher brings lists and changes, slim forms go into the index.
//!
//! A list is gathered aside and put in place at once when it is complete, so that what was deleted while nobody
//! looked goes, and nobody sees half a list. The watcher itself goes on after an end of the stream and lists
//! anew after 410 Gone.

use crate::connect::WATCH_S;
use crate::errors::{Ask, CREDENTIALS_REFUSED, chain, is_rbac};
use crate::fault::contained;
use crate::index::{Index, Scope, WatchId};
use crate::lenient::Lenient;
use crate::publish::Shared;
use crate::slim::{self, Slim, Watched, What};
use domain::Namespace;
use futures::StreamExt;
use kube::runtime::watcher::{self, Event};
use kube::{Api, Client, Error, Resource as _, ResourceExt as _};
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Objects per page of a list; a page is held in full before it is slimmed.
const PAGE: u32 = 100;
/// Between two tries of what the portal may not do: at first soon, because an API server that has just started
/// does not know its rules yet.
const FORBIDDEN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(30));
/// First and longest wait after another failure.
const WAIT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

/// Key of the sentence that the API server does not know who the portal is.
const CREDENTIALS: &str = "credentials";

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
    /// A list in the making.
    list: Vec<(Namespace, Slim)>,
    listing: Option<OwnedSemaphorePermit>,
    failures: u32,
    refused: bool,
    token: CancellationToken,
}

impl Watches {
    /// Watches a resource until the token ends. `api` has to cover `scope`.
    pub(crate) async fn run<K>(self, api: Api<Lenient<K>>, scope: Scope, token: CancellationToken)
    where
        K: Watched + kube::Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + 'static,
    {
        let id = (K::WHAT, scope);
        let mut watch =
            Watch { id, shared: self.shared, lists: self.lists, list: Vec::new(), listing: None, failures: 0, refused: false, token: token.clone() };
        let start = || watcher::watcher(api.clone(), watcher::Config::default().timeout(WATCH_S).page_size(PAGE)).boxed();
        let mut stream = start();
        let mut alive = watch.shared.alive.subscribe();
        loop {
            let wait = tokio::select! {
                () = token.cancelled() => return,
                // The server was away and this watch has heard nothing of it: its connection may be half open.
                () = came_back(&mut alive) => {
                    watch.drop_list();
                    stream = start();
                    continue;
                }
                item = stream.next() => match item {
                    Some(Ok(event)) => {
                        watch.event(event).await;
                        continue;
                    }
                    Some(Err(error)) => watch.failure(error),
                    None => return,
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
                watch.drop_list();
                stream = start();
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

    /// Gives up a list in the making, and with it the permit: who asked for a second one while it holds the first
    /// would wait for itself.
    fn drop_list(&mut self) {
        self.listing = None;
        self.list = Vec::new();
    }

    async fn event<K: Watched + kube::Resource<DynamicType = ()>>(&mut self, event: Event<Lenient<K>>) {
        match event {
            Event::Init => {
                self.drop_list();
                self.listing = tokio::select! {
                    () = self.token.cancelled() => None,
                    permit = self.lists.clone().acquire_owned() => permit.ok(),
                };
            }
            Event::InitApply(object) => self.list.extend(slim(object)),
            Event::InitDone => {
                self.listing = None;
                let list = std::mem::take(&mut self.list);
                let (id, refused) = (self.id.clone(), std::mem::take(&mut self.refused));
                self.failures = 0;
                self.change(|index| {
                    index.reset(id.0, &id.1, list);
                    index.listed(&id);
                    if refused {
                        permit(index, &id, None);
                    }
                });
            }
            Event::Apply(object) => {
                self.failures = 0;
                let (namespace, name) = (slim::namespace(object.meta()), object.name_any());
                match (slim(object), namespace) {
                    (Some((namespace, object)), _) => self.change(|index| index.apply(&namespace, object)),
                    // As in a list: what it was before is not what it is now.
                    (None, Some(namespace)) => self.change(|index| index.delete(&namespace, self.id.0, &name)),
                    (None, None) => {}
                }
            }
            Event::Delete(object) => {
                if let Some(namespace) = slim::namespace(object.meta()) {
                    self.change(|index| index.delete(&namespace, self.id.0, &object.name_any()));
                }
            }
        }
    }

    /// Notes a failure and tells how long to wait before the next try.
    fn failure(&mut self, error: watcher::Error) -> Duration {
        self.drop_list();
        let status = match &error {
            watcher::Error::InitialListFailed(Error::Api(s)) | watcher::Error::WatchStartFailed(Error::Api(s)) | watcher::Error::WatchFailed(Error::Api(s)) => {
                Some(s)
            }
            watcher::Error::WatchError(s) => Some(s),
            _ => None,
        };
        match status {
            Some(s) if s.code == 410 => return Duration::ZERO,
            Some(s) if s.code == 401 || s.code == 404 || is_rbac(s) => {
                return self.refuse(s.code);
            }
            // A load balancer whose API server is gone answers too.
            Some(s) if s.code < 500 => {}
            _ => self.shared.doubt.notify_one(),
        }
        tracing::debug!(resource = self.id.0.resource(), error = chain(&error), "a watch failed");
        if let watcher::Error::InitialListFailed(Error::SerdeError(_)) | watcher::Error::WatchFailed(Error::SerdeError(_)) = error {
            tracing::warn!(resource = self.id.0.resource(), "an answer to a watch cannot be read; what is shown of it stays as it was");
        }
        self.failures = (self.failures + 1).min(10);
        (WAIT.0 * 2u32.pow(self.failures - 1)).min(WAIT.1)
    }

    fn refuse(&mut self, code: u16) -> Duration {
        let (what, scope) = &self.id;
        let namespace = match scope {
            Scope::All => None,
            Scope::One(ns) => Some(ns),
        };
        // What is no matter of rights is none of a namespace, and is told once.
        let (key, sentence) = match code {
            401 => (CREDENTIALS.to_owned(), CREDENTIALS_REFUSED.to_owned()),
            404 => (unknown(*what), format!("The API server knows no {}; they are not shown.", what.resource())),
            _ => (key(&self.id), Ask { verb: "list and watch", resource: what.resource(), namespace, name: "" }.forbidden()),
        };
        let known = std::mem::replace(&mut self.refused, true);
        if !known {
            tracing::warn!("{sentence}");
        }
        self.change(|index| {
            permit(index, &self.id, Some(&key));
            index.refuse(key, sentence);
            index.listed(&self.id);
        });
        if known { FORBIDDEN.1 } else { FORBIDDEN.0 }
    }
}

/// Takes back what was told of a watch before, but for what still holds.
fn permit(index: &mut Index, id: &WatchId, but: Option<&String>) {
    for key in [key(id), unknown(id.0), CREDENTIALS.to_owned()].iter().filter(|key| Some(*key) != but) {
        index.permit(key);
    }
}

/// Key of the sentence that the API server does not know these objects.
fn unknown(what: What) -> String {
    format!("{} unknown", what.resource())
}

/// Key of a refusal for lack of rights: the namespace stands behind an @.
fn key((what, scope): &WatchId) -> String {
    match scope {
        Scope::All => what.resource().to_owned(),
        Scope::One(ns) => format!("{}@{ns}", what.resource()),
    }
}

fn slim<K: Watched + kube::Resource<DynamicType = ()>>(object: Lenient<K>) -> Option<(Namespace, Slim)> {
    let object = object.into_object()?;
    let namespace = slim::namespace(object.meta())?;
    let object = contained(object.name_any(), || object.slim(&namespace))??;
    Some((namespace, object))
}

#[cfg(test)]
mod tests;
