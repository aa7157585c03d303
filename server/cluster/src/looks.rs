//! Which app is looked at next, where apps are looked at one by one: namespaces go in turns, so that one with many apps to
//! look at, or with apps that change all the time, keeps no other waiting.

use domain::facts::AppFacts;
use domain::turns::Turns;
use domain::{AppId, Namespace};
use service::ports::World;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Most apps that are looked at.
const APPS: usize = 100;
/// An app that is to be looked at again is so after this.
pub(crate) const AGAIN: Duration = Duration::from_secs(60);

/// An app that is to be looked at, and in which state: in another one it is looked at anew.
pub(crate) type Wanted<S> = (AppId, S);

/// The apps of a world that are to be looked at. Where they are too many, each namespace has its share.
pub(crate) fn wanted<S>(world: &World, state: impl Fn(&Arc<AppFacts>) -> Option<S>) -> Vec<Wanted<S>> {
    let of = |facts: &Arc<AppFacts>| state(facts).map(|state| (facts.workload.id.clone(), state));
    shares(world.namespaces.values().map(|apps| apps.apps.values().filter_map(of).take(APPS).collect()))
}

/// The first of each, then the second of each, and so on.
fn shares<T>(of_each: impl Iterator<Item = Vec<T>>) -> Vec<T> {
    let mut all: Vec<(usize, T)> = of_each.flat_map(|own| own.into_iter().enumerate()).collect();
    all.sort_by_key(|(nth, _)| *nth);
    all.into_iter().take(APPS).map(|(_, one)| one).collect()
}

struct Look<S> {
    state: S,
    at: Instant,
    /// It is to be looked at again, also where its state stays the same.
    again: bool,
}

/// What was looked at.
pub(crate) struct Looks<S> {
    looked: HashMap<AppId, Look<S>>,
    turns: Turns<Namespace>,
}

impl<S: Clone + PartialEq> Looks<S> {
    pub(crate) fn new() -> Self {
        Self { looked: HashMap::new(), turns: Turns::default() }
    }

    /// Forgets those that are not wanted any more, and tells which.
    pub(crate) fn forget(&mut self, wanted: &[Wanted<S>]) -> Vec<AppId> {
        let gone: Vec<AppId> = self.looked.keys().filter(|id| wanted.iter().all(|(w, _)| w != *id)).cloned().collect();
        for id in &gone {
            self.looked.remove(id);
        }
        gone
    }

    /// The next one: of the namespace that had least, the app that was not looked at for longest.
    pub(crate) fn next<'a>(&self, wanted: &'a [Wanted<S>]) -> Option<&'a Wanted<S>> {
        let is_due = |(id, state): &&Wanted<S>| self.looked.get(id).is_none_or(|look| look.state != *state || (look.again && look.at.elapsed() >= AGAIN));
        wanted.iter().filter(is_due).min_by_key(|(id, _)| (self.turns.of(&id.namespace), self.looked.get(id).map(|look| look.at)))
    }

    /// An app was looked at in this state, which took so long.
    pub(crate) fn looked(&mut self, (id, state): &Wanted<S>, again: bool, took: Duration) {
        self.turns.had(id.namespace.clone(), took);
        self.looked.insert(id.clone(), Look { state: state.clone(), at: Instant::now(), again });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Kind, WorkloadName};

    const PACE: Duration = Duration::from_secs(2);

    fn id(namespace: &str, name: &str) -> AppId {
        AppId { namespace: Namespace::parse(namespace).unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() }
    }

    #[test]
    fn of_too_many_each_namespace_has_its_share() {
        let of = |namespace: &'static str, many: usize| (0..many).map(|n| (namespace, n)).collect::<Vec<_>>();
        let all = shares([of("a", 500), of("b", 3), of("c", 1)].into_iter());
        assert_eq!(all.len(), APPS);
        assert_eq!(all[..4], [("a", 0), ("b", 0), ("c", 0), ("a", 1)]);
        assert_eq!(all.iter().filter(|(namespace, _)| *namespace != "a").count(), 4);
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
            assert_eq!(looks.forget(&wanted), []);
            let one = looks.next(&wanted).unwrap().clone();
            looks.looked(&one, false, PACE);
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
        let wanted = [(id("web", "shop"), 1)];
        looks.looked(&wanted[0], false, PACE);
        assert_eq!(looks.next(&wanted), None);
        assert!(looks.next(&[(id("web", "shop"), 2)]).is_some());
        looks.looked(&wanted[0], true, PACE);
        assert_eq!(looks.next(&wanted), None);
        tokio::time::advance(AGAIN).await;
        assert!(looks.next(&wanted).is_some());
        assert_eq!(looks.forget(&[]), [id("web", "shop")]);
    }
}
