//! What a page has of lists and apps, and the difference to what there is.

use super::wire::{Frame, text};
use axum::extract::ws::Utf8Bytes;
use domain::live::changed_pods;
use domain::problem::AccessProblem;
use domain::view::SharedApp;
use domain::{AppId, Namespace};
use service::access::Actor;
use service::observe::OpenApp;
use service::projection::{AppChanges, AppNow, ListReader};
use service::{Failure, Outcome, Portal};
use std::collections::BTreeMap;

/// A list, and what its page has of it.
#[derive(Default)]
pub(super) struct ListTopic {
    /// The one namespace of the list; `None` for all that the person may see.
    pub(super) namespace: Option<Namespace>,
    pub(super) reader: ListReader,
}

impl ListTopic {
    /// Follows what this person may see now.
    ///
    /// # Errors
    /// Where that is nothing: an empty list would tell somebody without a namespace that there are no apps.
    pub(super) fn follow(&mut self, portal: &Portal, actor: &Actor) -> Outcome<()> {
        let (projections, me) = (portal.app_list.projections(), actor.me());
        let mut wanted = BTreeMap::new();
        match &self.namespace {
            Some(namespace) => drop(wanted.insert(namespace.clone(), projections.namespace(&portal.access.viewer(actor, namespace)?))),
            None if !me.admin && me.namespaces.is_empty() => return Err(Failure::told(AccessProblem::NoNamespaceLeft)),
            None => {
                let all = projections.names().borrow().clone();
                let mine = me.namespaces.iter().map(|access| &access.namespace).filter(|_| !me.admin);
                for namespace in mine.chain(all.iter().filter(|_| me.admin)) {
                    // One that has just gone is not worth a word.
                    if let Ok(viewer) = portal.access.viewer(actor, namespace) {
                        wanted.insert(namespace.clone(), projections.namespace(&viewer));
                    }
                }
            }
        }
        self.reader.follow(wanted);
        Ok(())
    }
}

/// An app as the page has it.
pub(super) struct AppTopic {
    pub(super) app: AppId,
    sent: Option<Sent>,
    changes: AppChanges,
    /// What the page has was judged from this.
    judged: Option<AppNow>,
    _open: Option<OpenApp>,
}

/// What a page has of its app.
enum Sent {
    Gone,
    Here(Box<SharedApp>),
}

impl AppTopic {
    pub(super) fn new(app: AppId, changes: AppChanges, open: Option<OpenApp>) -> Self {
        Self { app, sent: None, changes, judged: None, _open: open }
    }

    /// Forgets what the page has.
    pub(super) fn forget(&mut self) {
        self.sent = None;
        self.judged = None;
    }

    /// Tells when the page may lack something.
    pub(super) fn changes(&self) -> AppChanges {
        self.changes.clone()
    }

    /// Whether the page may lack something: the app or its usage are others than when it was judged.
    pub(super) fn may_lack(&mut self) -> bool {
        let now = self.changes.borrow_and_update().clone();
        let same = self.judged == now && self.sent.is_some();
        self.judged = now;
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
