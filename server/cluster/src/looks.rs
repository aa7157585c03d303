//! Which app is looked at next, where apps are looked at one by one: namespaces go in turns, so that one with many apps to
//! look at, or with apps that change all the time, keeps no other waiting.

use domain::facts::AppFacts;
use domain::turns::Turns;
use domain::{AppId, Namespace};
use service::ports::World;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// An app that is to be looked at again is so after this.
pub(crate) const AGAIN: Duration = Duration::from_secs(60);

/// An app that is to be looked at, and in which state: in another one it is looked at anew.
pub(crate) type Wanted<S> = (AppId, S);

/// The state of an app in a world; `None` where it is not to be looked at.
pub(crate) fn state_of<S>(world: &World, id: &AppId, state: impl Fn(&AppFacts) -> Option<S>) -> Option<S> {
    state(world.namespaces.get(&id.namespace)?.apps.get(id)?)
}

/// The apps of a world that are to be looked at. However many they are, each has its turn: what bounds the work is the pace.
pub(crate) fn wanted<S>(world: &World, state: impl Fn(&AppFacts) -> Option<S>) -> impl Iterator<Item = Wanted<S>> {
    let all = world.namespaces.values().flat_map(|apps| apps.apps.values());
    all.filter_map(move |facts| state(facts).map(|state| (facts.workload.id.clone(), state)))
}

/// When an app that was looked at is so again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// After [`AGAIN`], also where its state stays the same.
    Later,
    /// Only when it is in another state.
    OnChange,
}

struct Look<S> {
    state: S,
    at: Instant,
    repeat: Repeat,
}

/// The last look at each wanted app, and which namespace's turn is next.
pub(crate) struct Looks<S> {
    looked: HashMap<AppId, Look<S>>,
    turns: Turns<Namespace>,
}

impl<S: Clone + PartialEq> Looks<S> {
    pub(crate) fn new() -> Self {
        Self { looked: HashMap::new(), turns: Turns::default() }
    }

    /// Forgets those that are not wanted any more, and tells which.
    pub(crate) fn forget(&mut self, is_wanted: impl Fn(&AppId) -> bool) -> Vec<AppId> {
        let gone: Vec<AppId> = self.looked.keys().filter(|id| !is_wanted(id)).cloned().collect();
        for id in &gone {
            self.looked.remove(id);
        }
        gone
    }

    /// The next one: of the namespace that had least, the app that was not looked at for longest.
    pub(crate) fn next(&self, wanted: impl Iterator<Item = Wanted<S>>) -> Option<Wanted<S>> {
        let is_due = |(id, state): &Wanted<S>| {
            self.looked.get(id).is_none_or(|look| look.state != *state || (look.repeat == Repeat::Later && look.at.elapsed() >= AGAIN))
        };
        wanted.filter(is_due).min_by_key(|(id, _)| (self.turns.place_of(&id.namespace), self.looked.get(id).map(|look| look.at)))
    }

    /// An app was looked at in this state, which took so long.
    pub(crate) fn record(&mut self, (id, state): &Wanted<S>, repeat: Repeat, took: Duration) {
        self.turns.charge(id.namespace.clone(), took);
        self.looked.insert(id.clone(), Look { state: state.clone(), at: Instant::now(), repeat });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;
    use crate::slim::Watched as _;
    use domain::{Kind, UnixMs, WorkloadName};
    use k8s_openapi::api::apps::v1::Deployment;
    use serde_json::json;
    use std::sync::Arc;

    const PACE: Duration = Duration::from_secs(2);

    fn id(namespace: &str, name: &str) -> AppId {
        AppId { namespace: Namespace::parse(namespace).unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() }
    }

    /// So many namespaces, each with a deployment that is held.
    fn world(namespaces: usize) -> Arc<World> {
        let mut index = Index::new(1 << 24);
        for n in 0..namespaces {
            let namespace = Namespace::parse(format!("team-{n:03}")).unwrap();
            let meta = json!({"name": "shop", "namespace": namespace.as_str(), "uid": format!("u{n}")});
            let held: Deployment = serde_json::from_value(json!({"metadata": meta, "spec": {"paused": true, "selector": {}, "template": {}}})).unwrap();
            index.apply(&namespace, held.slim(&namespace).unwrap());
        }
        index.publish(UnixMs(0)).unwrap()
    }

    fn held(facts: &AppFacts) -> Option<i64> {
        facts.workload.paused.then_some(facts.workload.generation)
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_namespaces_there_are_each_is_looked_at_and_none_is_forgotten_while_it_is_held() {
        let (world, mut looks) = (world(250), Looks::new());
        for n in 0..250 {
            assert_eq!(looks.forget(|id| state_of(&world, id, held).is_some()), [], "{n}");
            let one = looks.next(wanted(&world, held)).unwrap();
            looks.record(&one, Repeat::OnChange, PACE);
        }
        assert_eq!(looks.next(wanted(&world, held)), None, "each has been looked at");
        assert_eq!(state_of(&world, &id("team-000", "other"), held), None);
        let few = self::world(249);
        assert_eq!(looks.forget(|id| state_of(&few, id, held).is_some()), [id("team-249", "shop")]);
    }

    #[tokio::test(start_paused = true)]
    async fn apps_that_change_all_the_time_keep_none_of_another_namespace_waiting_and_none_of_their_own() {
        let mut looks = Looks::new();
        let noisy = |state: u32| (0..90).map(move |n| (id("noisy", &format!("app-{n:02}")), state));
        let mut order = Vec::new();
        for state in 0..100 {
            let mut wanted: Vec<Wanted<u32>> = noisy(state).collect();
            if state >= 5 {
                wanted.push((id("web", "shop"), 1));
            }
            assert_eq!(looks.forget(|id| wanted.iter().any(|(w, _)| w == id)), []);
            let one = looks.next(wanted.into_iter()).unwrap();
            looks.record(&one, Repeat::OnChange, PACE);
            tokio::time::advance(PACE).await;
            order.push(one.0);
        }
        let at = order.iter().position(|id| id.name.as_str() == "shop").unwrap();
        assert!((5..=6).contains(&at), "{at}");
        let mut names: Vec<_> = order.iter().map(|id| id.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 91, "each of them has been looked at");
    }

    #[tokio::test(start_paused = true)]
    async fn an_app_is_looked_at_once_in_each_state_and_again_after_a_while_where_that_is_wanted() {
        let mut looks = Looks::new();
        let shop = |state: u32| (id("web", "shop"), state);
        looks.record(&shop(1), Repeat::OnChange, PACE);
        assert_eq!(looks.next([shop(1)].into_iter()), None);
        assert!(looks.next([shop(2)].into_iter()).is_some());
        looks.record(&shop(1), Repeat::Later, PACE);
        assert_eq!(looks.next([shop(1)].into_iter()), None);
        tokio::time::advance(AGAIN).await;
        assert!(looks.next([shop(1)].into_iter()).is_some());
        assert_eq!(looks.forget(|_| false), [id("web", "shop")]);
    }
}
