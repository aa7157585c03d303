//! What a page has of lists and apps, and the difference to what there is.

use super::wire::{Frame, text};
use axum::extract::ws::Utf8Bytes;
use domain::live::changed_pods;
use domain::view::{AppRow, SharedApp};
use domain::{AppId, Namespace};
use service::apps::{Moment, SharedRows};
use service::observe::OpenApp;
use std::sync::Arc;

/// A list as the page has it, ordered by identity; rows that did not change keep their `Arc`.
pub(super) struct ListTopic {
    pub(super) namespace: Option<Namespace>,
    sent: Option<SharedRows>,
}

impl ListTopic {
    pub(super) fn new(namespace: Option<Namespace>) -> Self {
        Self { namespace, sent: None }
    }

    /// Forgets what the page has: the next frame is the whole list.
    pub(super) fn forget(&mut self) {
        self.sent = None;
    }

    /// The frame that brings the page up to date; `None` where it is.
    pub(super) fn frame(&mut self, id: u32, now: SharedRows) -> Option<Utf8Bytes> {
        let frame = match &self.sent {
            Some(before) if before.teams == now.teams => {
                let (set, gone) = difference(&before.rows, &now.rows);
                if set.is_empty() && gone.is_empty() {
                    return None;
                }
                text(&Frame::AppsDelta { id, set: &set, gone: &gone })
            }
            // Rows that did not change are shown with another team.
            Some(_) | None => text(&Frame::Apps { id, teams: &now.teams, rows: &now.rows }),
        };
        self.sent = Some(now);
        frame
    }
}

/// What is new or says something else, and what is gone. Both lists are ordered by identity, so one walk is enough: it is
/// made for every open list at every change of the cluster.
fn difference(before: &[Arc<AppRow>], now: &[Arc<AppRow>]) -> (Vec<Arc<AppRow>>, Vec<AppId>) {
    let (mut set, mut gone) = (Vec::new(), Vec::new());
    let mut old = before.iter().peekable();
    for row in now {
        while let Some(missing) = old.next_if(|o| o.id < row.id) {
            gone.push(missing.id.clone());
        }
        let same = old.next_if(|o| o.id == row.id);
        if !same.is_some_and(|o| Arc::ptr_eq(o, row) || o == row) {
            set.push(row.clone());
        }
    }
    gone.extend(old.map(|o| o.id.clone()));
    (set, gone)
}

/// An app as the page has it.
pub(super) struct AppTopic {
    pub(super) app: AppId,
    sent: Option<Sent>,
    /// What the page has was judged from this.
    judged: Option<Moment>,
    _open: Option<OpenApp>,
}

/// What a page has of its app.
enum Sent {
    Gone,
    Here(Box<SharedApp>),
}

impl AppTopic {
    pub(super) fn new(app: AppId, open: Option<OpenApp>) -> Self {
        Self { app, sent: None, judged: None, _open: open }
    }

    /// Forgets what the page has.
    pub(super) fn forget(&mut self) {
        self.sent = None;
        self.judged = None;
    }

    /// Whether the page may lack something: the app or its usage are others than when it was judged.
    pub(super) fn may_lack(&mut self, moment: Option<Moment>) -> bool {
        let same = self.judged == moment && self.sent.is_some();
        self.judged = moment;
        !same
    }

    /// The frame that tells that there is no such app; `None` where the page knows.
    pub(super) fn gone(&mut self, id: u32) -> Option<Utf8Bytes> {
        match self.sent.replace(Sent::Gone) {
            Some(Sent::Gone) => None,
            Some(Sent::Here(_)) | None => text(&Frame::App { id, page: None }),
        }
    }

    /// The frame that brings the page up to date; `None` where it is.
    pub(super) fn frame(&mut self, id: u32, mut now: SharedApp) -> Option<Utf8Bytes> {
        let frame = match &self.sent {
            Some(Sent::Here(before)) if **before == now => return None,
            Some(Sent::Here(before)) if before.reader == now.reader => {
                let pods = std::mem::take(&mut now.detail.pods);
                let (set, order) = changed_pods(&before.detail.pods, &pods);
                let frame = text(&Frame::AppDelta { id, detail: &now.detail, pods: &set, order: order.as_deref() });
                now.detail.pods = pods;
                frame
            }
            // What may be done is another for this reader than it was.
            Some(Sent::Here(_) | Sent::Gone) | None => text(&Frame::App { id, page: Some(&now) }),
        };
        self.sent = Some(Sent::Here(Box::new(now)));
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::live::ServerFrame;
    use domain::status::{Status, Word};
    use domain::view::{OwnTeams, Usage};
    use domain::{Kind, TeamName, UnixMs, WorkloadName};

    fn row(name: &str, ready: u32) -> Arc<AppRow> {
        Arc::new(AppRow {
            id: AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() },
            team: None,
            release: None,
            status: Status { word: Word::Running, code: None, reason: String::new(), sentence: String::new(), since: None, evidence: vec![] },
            remarks: vec![],
            ready,
            wanted: 1,
            pips: vec![],
            images: vec![],
            restarts: 0,
            usage: Usage::default(),
            created: UnixMs(0),
            changed: None,
        })
    }

    fn read(frame: Option<Utf8Bytes>) -> Option<ServerFrame> {
        frame.map(|f| serde_json::from_str(&f).unwrap())
    }

    #[test]
    fn apps_that_come_and_go_between_others_are_told_one_by_one() {
        let all = ["a", "b", "c", "d", "e"].map(|n| row(n, 1));
        let pick = |names: &str| all.iter().filter(|r| names.contains(r.id.name.as_str())).cloned().collect::<Vec<_>>();
        for before in ["", "a", "abcde", "bd", "ace", "e"] {
            for now in ["", "a", "abcde", "bd", "ace", "e"] {
                let (set, gone) = difference(&pick(before), &pick(now));
                let names = |ids: Vec<&AppId>| ids.iter().map(|i| i.name.as_str()).collect::<String>();
                assert_eq!(names(set.iter().map(|r| &r.id).collect()), now.replace(|c| before.contains(c), ""), "new from {before} to {now}");
                assert_eq!(names(gone.iter().collect()), before.replace(|c| now.contains(c), ""), "gone from {before} to {now}");
            }
        }
    }

    #[test]
    fn first_the_whole_then_only_what_changed_and_after_forgetting_the_whole_again() {
        let shared = |rows: &[&Arc<AppRow>]| SharedRows { rows: rows.iter().map(|r| (*r).clone()).collect(), teams: OwnTeams::new() };
        let (a, b) = (row("a", 1), row("b", 1));
        let mut topic = ListTopic::new(None);
        assert!(matches!(read(topic.frame(7, shared(&[&a, &b]))), Some(ServerFrame::Apps { id: 7, rows, .. }) if rows.len() == 2));
        assert!(topic.frame(7, shared(&[&a, &b])).is_none());
        let b2 = row("b", 0);
        assert!(
            matches!(read(topic.frame(7, shared(&[&a, &b2]))), Some(ServerFrame::AppsDelta { set, gone, .. }) if set == vec![(*b2).clone()] && gone.is_empty())
        );
        assert!(matches!(read(topic.frame(7, shared(&[&a]))), Some(ServerFrame::AppsDelta { set, gone, .. }) if set.is_empty() && gone == vec![b2.id.clone()]));
        let own = OwnTeams::from([(Namespace::parse("web").unwrap(), TeamName::parse("Web").unwrap())]);
        let renamed = SharedRows { teams: own.clone(), ..shared(&[&a]) };
        assert!(
            matches!(read(topic.frame(7, renamed)), Some(ServerFrame::Apps { teams, rows, .. }) if teams == own && rows.len() == 1),
            "another team is shown of rows that are the same"
        );
        topic.forget();
        assert!(matches!(read(topic.frame(7, shared(&[&a]))), Some(ServerFrame::Apps { rows, .. }) if rows.len() == 1));
    }
}
