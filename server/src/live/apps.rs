//! What a page has of lists and apps, and the difference to what there is.

use super::wire::{Frame, text};
use axum::extract::ws::Utf8Bytes;
use domain::view::{AppDetail, AppRow, ClusterHealth};
use domain::{AppId, Namespace};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A list as the page has it; rows that did not change keep their `Arc`.
pub(super) struct ListTopic {
    pub(super) namespace: Option<Namespace>,
    sent: Option<(BTreeMap<AppId, Arc<AppRow>>, ClusterHealth)>,
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
    pub(super) fn frame(&mut self, id: u32, rows: Vec<Arc<AppRow>>, health: &ClusterHealth) -> Option<Utf8Bytes> {
        let now: BTreeMap<AppId, Arc<AppRow>> = rows.iter().map(|row| (row.id.clone(), row.clone())).collect();
        let Some((before, health_before)) = self.sent.replace((now, health.clone())) else {
            return text(&Frame::Apps { id, rows: &rows, health });
        };
        let set: Vec<Arc<AppRow>> = rows.into_iter().filter(|row| !before.get(&row.id).is_some_and(|old| Arc::ptr_eq(old, row) || old == row)).collect();
        let (now, _) = self.sent.as_ref()?;
        let gone: Vec<AppId> = before.keys().filter(|id| !now.contains_key(*id)).cloned().collect();
        let health = Some(health).filter(|h| **h != health_before);
        if set.is_empty() && gone.is_empty() && health.is_none() {
            return None;
        }
        text(&Frame::AppsDelta { id, set: &set, gone: &gone, health })
    }
}

/// An app as the page has it.
pub(super) struct AppTopic {
    pub(super) app: AppId,
    sent: Option<(Option<AppDetail>, ClusterHealth)>,
}

impl AppTopic {
    pub(super) fn new(app: AppId) -> Self {
        Self { app, sent: None }
    }

    /// Forgets what the page has.
    pub(super) fn forget(&mut self) {
        self.sent = None;
    }

    /// The frame that brings the page up to date; `None` where it is.
    pub(super) fn frame(&mut self, id: u32, detail: Option<AppDetail>, health: &ClusterHealth) -> Option<Utf8Bytes> {
        let same = self.sent.as_ref().is_some_and(|(d, h)| *d == detail && h == health);
        if same {
            return None;
        }
        let frame = text(&Frame::App { id, detail: detail.as_ref(), health });
        self.sent = Some((detail, health.clone()));
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::live::ServerFrame;
    use domain::status::{Status, Word};
    use domain::view::Usage;
    use domain::{Kind, UnixMs, WorkloadName};

    fn row(name: &str, ready: u32) -> Arc<AppRow> {
        Arc::new(AppRow {
            id: AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(name).unwrap() },
            team: None,
            release: None,
            status: Status { word: Word::Running, reason: String::new(), sentence: String::new(), since: None, evidence: vec![] },
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
    fn first_the_whole_then_only_what_changed_and_after_forgetting_the_whole_again() {
        let health = ClusterHealth::default();
        let (a, b) = (row("a", 1), row("b", 1));
        let mut topic = ListTopic::new(None);
        assert!(matches!(read(topic.frame(7, vec![a.clone(), b.clone()], &health)), Some(ServerFrame::Apps { id: 7, rows, .. }) if rows.len() == 2));
        assert!(topic.frame(7, vec![a.clone(), b], &health).is_none());
        let b2 = row("b", 0);
        assert!(
            matches!(read(topic.frame(7, vec![a.clone(), b2.clone()], &health)), Some(ServerFrame::AppsDelta { set, gone, health: None, .. }) if set == vec![(*b2).clone()] && gone.is_empty())
        );
        assert!(
            matches!(read(topic.frame(7, vec![a.clone()], &health)), Some(ServerFrame::AppsDelta { set, gone, .. }) if set.is_empty() && gone == vec![b2.id.clone()])
        );
        topic.forget();
        assert!(matches!(read(topic.frame(7, vec![a], &health)), Some(ServerFrame::Apps { rows, .. }) if rows.len() == 1));
    }
}
