//! What the page of an app knows: a pure fold over the frames of one topic.

use super::ServerFrame;
use crate::view::{AppDetail, ClusterHealth, PodRow, Reader, SharedApp};
use crate::{Language, ProblemDetails};
use std::collections::HashMap;

/// One [`super::Topic::App`], as the server last told it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AppState {
    /// The topic's number; frames of other topics change nothing.
    pub topic: u32,
    /// Who reads it; `None` as long as the app is.
    pub reader: Option<Reader>,
    /// The app as this reader sees it; `None` before the first frame and where it is gone.
    pub detail: Option<Box<AppDetail>>,
    /// How the portal stands to the cluster.
    pub health: ClusterHealth,
    /// The topic cannot be had, or no longer.
    pub denied: Option<ProblemDetails>,
}

impl AppState {
    /// Nothing known yet.
    #[must_use]
    pub fn new(topic: u32) -> Self {
        Self { topic, ..Self::default() }
    }

    /// Takes a frame; the names of the pods that are new, gone or say something else. `None` where the frame is of another
    /// topic or changes nothing of a page that is there.
    pub fn apply(&mut self, frame: ServerFrame) -> Option<Vec<String>> {
        match frame {
            ServerFrame::Health { health } => {
                let changes = self.health != health && self.detail.is_some();
                self.health = health;
                changes.then(Vec::new)
            }
            ServerFrame::App { id, page } if id == self.topic => {
                let (reader, detail) = page
                    .map(|page| {
                        let SharedApp { reader, detail } = *page;
                        let detail = Box::new(detail.read_by(&reader, Language::English));
                        (reader, detail)
                    })
                    .unzip();
                let before = std::mem::replace(&mut self.detail, detail);
                (self.reader, self.denied) = (reader, None);
                let (before, now) = (before.map(|d| d.pods).unwrap_or_default(), self.detail.as_ref().map_or(&[][..], |d| &d.pods));
                Some(differing(&before, now))
            }
            ServerFrame::AppDelta { id, detail, pods, order } if id == self.topic => {
                let before = self.detail.take()?.pods;
                let mut detail = Box::new(detail.read_by(self.reader.as_ref()?, Language::English));
                detail.pods = merged(before.clone(), pods, order.as_deref());
                let changed = differing(&before, &detail.pods);
                self.detail = Some(detail);
                Some(changed)
            }
            ServerFrame::Denied { id, problem } if id == self.topic => {
                // What this person may no longer see leaves the page at once.
                let gone = self.detail.take().map(|d| d.pods).unwrap_or_default();
                self.denied = Some(problem);
                Some(differing(&gone, &[]))
            }
            ServerFrame::Hello { .. }
            | ServerFrame::Apps { .. }
            | ServerFrame::AppsDelta { .. }
            | ServerFrame::App { .. }
            | ServerFrame::AppDelta { .. }
            | ServerFrame::LogSource { .. }
            | ServerFrame::LogNote { .. }
            | ServerFrame::Stale { .. }
            | ServerFrame::Denied { .. }
            | ServerFrame::Ping { .. }
            | ServerFrame::Bye { .. } => None,
        }
    }
}

/// The pods of a page as a change makes them: `set` are new or say something else, `order` names all of them where any came,
/// went or moved.
fn merged(before: Vec<PodRow>, set: Vec<PodRow>, order: Option<&[String]>) -> Vec<PodRow> {
    let mut set: HashMap<String, PodRow> = set.into_iter().map(|p| (p.name.clone(), p)).collect();
    let Some(order) = order else {
        return before.into_iter().map(|p| set.remove(&p.name).unwrap_or(p)).collect();
    };
    let mut kept: HashMap<String, PodRow> = before.into_iter().map(|p| (p.name.clone(), p)).collect();
    order.iter().filter_map(|name| set.remove(name).or_else(|| kept.remove(name))).collect()
}

/// Pods that a page with `before` has to hear of to have `now`.
#[must_use]
pub fn changed_pods<'a>(before: &[PodRow], now: &'a [PodRow]) -> (Vec<&'a PodRow>, Option<Vec<String>>) {
    let known: HashMap<&str, &PodRow> = before.iter().map(|p| (p.name.as_str(), p)).collect();
    let set = now.iter().filter(|p| known.get(p.name.as_str()) != Some(p)).collect();
    let same_order = before.iter().map(|p| &p.name).eq(now.iter().map(|p| &p.name));
    (set, (!same_order).then(|| now.iter().map(|p| p.name.clone()).collect()))
}

fn differing(before: &[PodRow], now: &[PodRow]) -> Vec<String> {
    let known: HashMap<&str, &PodRow> = before.iter().map(|p| (p.name.as_str(), p)).collect();
    let there: HashMap<&str, &PodRow> = now.iter().map(|p| (p.name.as_str(), p)).collect();
    let set = now.iter().filter(|p| known.get(p.name.as_str()) != Some(p));
    let gone = before.iter().filter(|p| !there.contains_key(p.name.as_str()));
    set.chain(gone).map(|p| p.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Role;
    use crate::status::{Status, Word};
    use crate::view::{AppRow, Bounds, Usage};
    use crate::{Action, AppId, Code, Kind, Namespace, TeamName, UnixMs, WorkloadName};
    use proptest::prelude::*;

    fn status() -> Status {
        Status { word: Word::Running, code: None, reason: String::new(), sentence: String::new(), since: None, evidence: vec![] }
    }

    fn pod(name: &str, restarts: u32) -> PodRow {
        PodRow {
            name: name.into(),
            status: status(),
            ready: 1,
            containers: vec![],
            restarts,
            cpu: None,
            memory: None,
            bounds: Bounds::default(),
            node: None,
            ip: None,
            created: UnixMs(0),
        }
    }

    fn detail(pods: Vec<PodRow>) -> Box<AppDetail> {
        let row = AppRow {
            id: AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("kpow").unwrap() },
            team: None,
            release: None,
            status: status(),
            remarks: vec![],
            ready: 1,
            wanted: 1,
            pips: vec![],
            images: vec![],
            restarts: 0,
            usage: Usage::default(),
            created: UnixMs(0),
            changed: None,
        };
        Box::new(AppDetail {
            row,
            story: vec![],
            pods,
            events: vec![],
            endpoints: vec![],
            actions: [].into(),
            notes: [].into(),
            paused: false,
            revision: None,
            settings: vec![],
            references: vec![],
            still_runs: vec![],
            last_lines: None,
            next: None,
        })
    }

    fn page(reader: Reader, detail: AppDetail) -> ServerFrame {
        ServerFrame::App { id: 3, page: Some(Box::new(SharedApp { reader, detail })) }
    }

    fn whole(pods: Vec<PodRow>) -> ServerFrame {
        page(Reader { role: Role::Viewer, team: None }, *detail(pods))
    }

    fn delta(before: &[PodRow], now: &[PodRow]) -> ServerFrame {
        let (set, order) = changed_pods(before, now);
        ServerFrame::AppDelta { id: 3, detail: detail(vec![]), pods: set.into_iter().cloned().collect(), order }
    }

    #[test]
    fn only_pods_that_say_something_else_are_sent_and_told() {
        let before = vec![pod("a", 0), pod("b", 0)];
        let now = vec![pod("a", 0), pod("b", 1)];
        assert!(matches!(delta(&before, &now), ServerFrame::AppDelta { pods, order: None, .. } if pods == [pod("b", 1)]));
        let mut state = AppState::new(3);
        assert_eq!(state.apply(whole(before.clone())), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(state.apply(delta(&before, &now)), Some(vec!["b".to_owned()]));
        assert_eq!(state.detail.as_ref().map(|d| &d.pods), Some(&now));
        assert_eq!(state.apply(ServerFrame::Stale { id: 3 }), None);
        assert_eq!(state.apply(ServerFrame::App { id: 4, page: None }), None, "another topic");
        assert_eq!(state.apply(whole(vec![pod("b", 1)])), Some(vec!["a".to_owned()]), "after a lost connection only the difference is told too");
        let no = ServerFrame::Denied { id: 3, problem: ProblemDetails::new(Code::Forbidden, "no_role_in_namespace", "Your role here was revoked.") };
        assert_eq!(state.apply(no), Some(vec!["b".to_owned()]));
        assert!(state.detail.is_none() && state.denied.is_some());
        assert_eq!(state.apply(delta(&now, &before)), None, "a change of what is not known says nothing");
    }

    #[test]
    fn a_change_is_read_by_the_reader_of_the_whole_before_it() {
        let restart = |frame: &mut Box<AppDetail>| frame.actions = [(Action::Restart, None)].into();
        let told = |role, team: Option<&str>| {
            let mut state = AppState::new(3);
            let reader = Reader { role, team: team.map(|t| TeamName::parse(t).unwrap()) };
            let mut first = detail(vec![]);
            restart(&mut first);
            state.apply(page(reader, *first));
            let first = state.detail.clone().unwrap();
            let mut next = detail(vec![]);
            restart(&mut next);
            next.row.team = TeamName::parse("Another").ok();
            state.apply(ServerFrame::AppDelta { id: 3, detail: next, pods: vec![], order: None });
            let next = state.detail.unwrap();
            assert_eq!(first.actions, next.actions);
            (next.actions[&Action::Restart].is_none(), next.row.team.map(|t| t.to_string()))
        };
        assert_eq!(told(Role::Viewer, Some("Web")), (false, Some("Web".into())));
        assert_eq!(told(Role::Operator, None), (true, Some("Another".into())));
    }

    #[test]
    fn a_page_that_is_there_hears_of_the_cluster_and_one_that_is_not_keeps_it_for_later() {
        let away = || ServerFrame::Health { health: ClusterHealth { away_since: Some(UnixMs(5)), ..ClusterHealth::default() } };
        let mut state = AppState::new(3);
        assert_eq!(state.apply(away()), None);
        assert_eq!(state.health.away_since, Some(UnixMs(5)));
        state.apply(whole(vec![pod("a", 0)]));
        assert_eq!(state.apply(away()), None, "it knows");
        assert_eq!(state.apply(ServerFrame::Health { health: ClusterHealth::default() }), Some(vec![]));
        assert_eq!(state.health.away_since, None);
    }

    proptest! {
        #[test]
        fn a_change_makes_of_any_pods_any_others(before in proptest::collection::btree_map("[a-e]", 0_u32..2, 0..5), now in proptest::collection::btree_map("[a-g]", 0_u32..2, 0..7), turned in any::<bool>()) {
            let before: Vec<_> = before.iter().map(|(name, n)| pod(name, *n)).collect();
            let mut now: Vec<_> = now.iter().map(|(name, n)| pod(name, *n)).collect();
            if turned {
                now.reverse();
            }
            let mut state = AppState::new(3);
            state.apply(whole(before.clone()));
            state.apply(delta(&before, &now));
            prop_assert_eq!(&state.detail.unwrap().pods, &now);
        }
    }
}
