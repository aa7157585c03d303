//! Which namespaces are watched, and how: one watch per resource for the whole cluster where the portal may,
//! one per namespace otherwise. With a list of namespaces from the configuration no cluster-scoped call is made.

use crate::errors::chain;
use crate::index::Scope;
use crate::json::{self, Change, Limits, METADATA, Object, Rule};
use crate::slim::{Watched, What, moment};
use crate::watch::Watches;
use domain::kubernetes::{Lack, Unwatched};
use domain::{Namespace, UnixMs};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{Event, PersistentVolumeClaim, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::ListParams;
use kube::core::PartialObjectMeta;
use kube::{Api, Error};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two tries of what the portal may not do.
const FORBIDDEN: Duration = Duration::from_secs(30);
/// Between two tries while the server does not answer.
const AWAY: Duration = Duration::from_secs(1);
/// Most namespaces that are watched one by one.
const NAMESPACES: usize = 500;
const PATH: &str = "/api/v1/namespaces";
/// Namespaces per page of their list.
const PAGE: u32 = 500;
/// Of a namespace only the name is wanted.
static NAMES: Rule = Rule::Only(&[("metadata", METADATA)]);
const LIMITS: Limits = Limits { object: 16 * 1024, text: 512, elements: 10 };

/// Watches until the token ends.
pub(crate) async fn run(watches: Watches, namespaces: Option<Vec<Namespace>>, token: CancellationToken) {
    match namespaces {
        Some(list) => {
            for namespace in list {
                watches.shared.change(|index| index.declare(&namespace));
                watches.everything(&Scope::One(namespace), &token);
            }
            watches.shared.change(|index| index.settle());
        }
        None => discover(watches, token).await,
    }
}

impl Watches {
    /// Starts the watches of all resources in a scope.
    fn everything(&self, scope: &Scope, token: &CancellationToken) {
        self.one::<Deployment>(scope, token);
        self.one::<StatefulSet>(scope, token);
        self.one::<DaemonSet>(scope, token);
        self.one::<ReplicaSet>(scope, token);
        self.one::<Job>(scope, token);
        self.one::<CronJob>(scope, token);
        self.one::<Pod>(scope, token);
        self.one::<Service>(scope, token);
        self.one::<EndpointSlice>(scope, token);
        self.one::<Ingress>(scope, token);
        self.one::<PersistentVolumeClaim>(scope, token);
        self.one::<Event>(scope, token);
        self.one::<HorizontalPodAutoscaler>(scope, token);
        self.one::<NetworkPolicy>(scope, token);
    }

    fn one<K: Watched>(&self, scope: &Scope, token: &CancellationToken) {
        // Under the index's lock: whoever ends the token forgets the namespace after that, so that no list is awaited
        // that never comes.
        let goes_on = self.shared.change(|index| {
            let goes_on = !token.is_cancelled();
            if goes_on {
                index.await_list((K::WHAT, scope.clone()));
            }
            goes_on
        });
        if goes_on {
            self.shared.keep("watch", self.clone().run::<K>(scope.clone(), token.clone()));
        }
    }

    /// Watches a namespace as soon as the portal may see its pods. Most namespaces that are discovered one by one
    /// are not the portal's; those cost one question now and then.
    async fn when_allowed(self, namespace: Namespace, token: CancellationToken) {
        let pods: Api<PartialObjectMeta<Pod>> = Api::namespaced(self.client.clone(), namespace.as_str());
        let scope = Scope::One(namespace);
        loop {
            let wait = match pods.list(&ListParams::default().limit(1)).await {
                Ok(_) => return self.everything(&scope, &token),
                Err(Error::Api(status)) if status.code == 403 => {
                    self.shared.change(|index| index.listed(&(What::Pods, scope.clone())));
                    FORBIDDEN
                }
                Err(_) => {
                    self.shared.doubt.notify_one();
                    AWAY
                }
            };
            tokio::select! {
                () = token.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Whether the portal may list pods of all namespaces; asked until there is an answer.
    async fn may_see_all(&self, token: &CancellationToken) -> Option<bool> {
        let pods: Api<PartialObjectMeta<Pod>> = Api::all(self.client.clone());
        loop {
            let answer = match pods.list(&ListParams::default().limit(1)).await {
                Ok(_) => Some(true),
                Err(Error::Api(status)) if status.code == 403 => Some(false),
                Err(Error::Api(status)) if status.code == 401 => {
                    self.shared.change(|index| index.refuse(Lack::Credentials));
                    None
                }
                Err(_) => {
                    self.shared.doubt.notify_one();
                    None
                }
            };
            if answer.is_some() {
                self.shared.change(|index| index.permit(&Lack::Credentials));
                return answer;
            }
            tokio::select! {
                () = token.cancelled() => return None,
                () = tokio::time::sleep(AWAY) => {}
            }
        }
    }
}

/// Since when a namespace is being deleted.
fn ending(namespace: Object<'_>) -> Option<UnixMs> {
    #[derive(Deserialize)]
    struct Deleted {
        metadata: ObjectMeta,
    }
    let read: Deleted = serde_json::from_slice(namespace.json).ok()?;
    moment(read.metadata.deletion_timestamp.as_ref())
}

async fn discover(watches: Watches, token: CancellationToken) {
    let Some(all) = watches.may_see_all(&token).await else { return };
    if all {
        watches.shared.change(|index| index.see_all());
        watches.everything(&Scope::All, &token);
    }
    let mut known = Known { one_by_one: !all, tokens: BTreeMap::new(), beyond: BTreeSet::new() };
    let mut version = None;
    loop {
        let wait = tokio::select! {
            () = token.cancelled() => return,
            ended = known.follow(&watches, &mut version, &token) => match ended {
                Ok(()) => continue,
                Err(Error::Api(status)) if status.code == 410 => {
                    version = None;
                    continue;
                }
                Err(error) => failure(&watches, &error, all),
            },
        };
        tokio::select! {
            () = token.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

fn failure(watches: &Watches, error: &Error, all: bool) -> Duration {
    if matches!(error, Error::Api(status) if status.code == 403) {
        watches.shared.change(|index| {
            // With pods of all namespaces in sight, the names come with the objects.
            if all {
                index.name(None);
            } else {
                index.refuse(Lack::Namespaces);
            }
            index.settle();
        });
        return FORBIDDEN;
    }
    tracing::debug!(error = chain(error), "the watch of namespaces failed");
    watches.shared.doubt.notify_one();
    AWAY
}

struct Known {
    one_by_one: bool,
    tokens: BTreeMap<Namespace, CancellationToken>,
    /// Those for which there was no room.
    beyond: BTreeSet<Namespace>,
}

impl Known {
    /// A list of all namespaces, or the changes since the last one until the server ends the answer.
    async fn follow(&mut self, watches: &Watches, version: &mut Option<String>, token: &CancellationToken) -> kube::Result<()> {
        let name = |object: Object<'_>| Namespace::parse(object.identity.name.as_str()).ok();
        let Some(from) = version.clone() else {
            let (mut list, mut endings) = (BTreeSet::new(), Vec::new());
            let add = |object: Object<'_>| {
                list.extend(name(object));
                endings.extend(name(object).map(|ns| (ns, ending(object))));
            };
            let listed = json::pages(&watches.client, PATH, PAGE, &NAMES, LIMITS, add).await?;
            self.replace(watches, list, token);
            watches.shared.change(|index| endings.iter().for_each(|(ns, at)| index.set_ending(ns, *at)));
            *version = Some(listed);
            return Ok(());
        };
        let change = |change: Change<'_>| {
            let (Change::Applied(object) | Change::Deleted(object) | Change::Bookmark(object)) = change;
            if !object.identity.version.is_empty() {
                *version = Some(object.identity.version.clone());
            }
            match change {
                Change::Applied(object) => name(object).into_iter().for_each(|ns| {
                    self.add(watches, ns.clone(), token);
                    watches.shared.change(|index| index.set_ending(&ns, ending(object)));
                }),
                Change::Deleted(object) => name(object).into_iter().for_each(|ns| self.remove(watches, &ns, token)),
                Change::Bookmark(_) => {}
            }
        };
        json::watch(&watches.client, &json::watch_path(PATH, &from), &NAMES, LIMITS, change).await
    }

    fn replace(&mut self, watches: &Watches, list: BTreeSet<Namespace>, token: &CancellationToken) {
        // First, so that the room of those that are gone is not given to others that are gone.
        self.beyond.retain(|ns| list.contains(ns));
        let gone: Vec<_> = self.tokens.keys().filter(|ns| !list.contains(*ns)).cloned().collect();
        gone.iter().for_each(|ns| self.remove(watches, ns, token));
        self.tell_beyond(watches);
        list.into_iter().for_each(|ns| self.add(watches, ns, token));
        watches.shared.change(|index| {
            index.name(Some(self.tokens.keys().cloned().collect()));
            index.permit(&Lack::Namespaces);
            index.settle();
        });
    }

    fn add(&mut self, watches: &Watches, namespace: Namespace, token: &CancellationToken) {
        if self.tokens.contains_key(&namespace) {
            return;
        }
        if self.one_by_one && self.tokens.len() >= NAMESPACES {
            self.beyond.insert(namespace);
            return self.tell_beyond(watches);
        }
        let own = token.child_token();
        watches.shared.change(|index| index.declare(&namespace));
        if self.one_by_one {
            // So that the portal is not ready before it has looked into the namespace.
            watches.shared.change(|index| index.await_list((What::Pods, Scope::One(namespace.clone()))));
            watches.shared.keep("first look into a namespace", watches.clone().when_allowed(namespace.clone(), own.clone()));
        }
        self.tokens.insert(namespace, own);
    }

    fn remove(&mut self, watches: &Watches, namespace: &Namespace, token: &CancellationToken) {
        if self.beyond.remove(namespace) {
            self.tell_beyond(watches);
        }
        if let Some(own) = self.tokens.remove(namespace) {
            own.cancel();
            watches.shared.change(|index| index.forget(namespace));
            if let Some(next) = self.beyond.pop_first() {
                self.add(watches, next, token);
                self.tell_beyond(watches);
            }
        }
    }

    /// Nobody should look for an app that is not watched.
    fn tell_beyond(&self, watches: &Watches) {
        let unwatched = self.beyond.first().map(|first| Unwatched { first: first.clone(), count: self.beyond.len(), most: NAMESPACES });
        watches.shared.change(|index| index.set_unwatched(unwatched));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::publish::Shared;
    use crate::scripted::{Answer, server};
    use std::sync::Arc;
    use tokio::sync::Semaphore;

    fn watches() -> Watches {
        let (client, _) = server(|_| Answer::Status(403, "Forbidden", "no".into()));
        Watches { client, shared: Arc::new(Shared::new(1 << 24)), lists: Arc::new(Semaphore::new(1)) }
    }

    fn ns(n: usize) -> Namespace {
        Namespace::parse(format!("ns-{n:04}")).unwrap()
    }

    fn refusals(watches: &Watches) -> Vec<String> {
        watches
            .shared
            .change(|index| index.publish(clock::now()))
            .map_or_else(|| panic!("nothing changed"), |w| w.lacks.iter().map(domain::english::cluster::lack).collect())
    }

    #[tokio::test]
    async fn namespaces_beyond_the_bound_are_told_and_take_the_room_of_others() {
        let (watches, token) = (watches(), CancellationToken::new());
        let mut known = Known { one_by_one: true, tokens: BTreeMap::new(), beyond: BTreeSet::new() };
        known.replace(&watches, (0..NAMESPACES + 2).map(ns).collect(), &token);
        assert_eq!(known.tokens.len(), NAMESPACES);
        let told = refusals(&watches);
        assert!(told[0].starts_with("2 namespaces, such as ns-0500, aren't shown"), "{told:?}");
        known.remove(&watches, &ns(3), &token);
        assert!(known.tokens.contains_key(&ns(NAMESPACES)) && known.tokens.len() == NAMESPACES);
        assert!(refusals(&watches)[0].starts_with("Namespace ns-0501 isn't shown"));
        known.remove(&watches, &ns(NAMESPACES + 1), &token);
        assert!(refusals(&watches).is_empty());
        known.add(&watches, ns(9000), &token);
        known.replace(&watches, [ns(1), ns(2)].into(), &token);
        assert!(refusals(&watches).is_empty() && known.tokens.len() == 2 && known.beyond.is_empty());
        token.cancel();
    }

    #[tokio::test]
    async fn a_namespace_that_went_while_it_was_looked_at_is_not_waited_for() {
        let (watches, token) = (watches(), CancellationToken::new());
        let mut known = Known { one_by_one: true, tokens: BTreeMap::new(), beyond: BTreeSet::new() };
        known.add(&watches, ns(1), &token);
        let own = known.tokens[&ns(1)].clone();
        known.remove(&watches, &ns(1), &token);
        // As if the question about its pods were answered only now.
        watches.everything(&Scope::One(ns(1)), &own);
        watches.shared.change(|index| index.settle());
        let world = watches.shared.change(|index| index.publish(clock::now())).unwrap();
        assert!(world.health.ready && world.namespaces.is_empty());
    }
}
