//! Changing apps. Every change leaves an intent and a result in the audit table, also where the cluster refuses.

use crate::access::Operator;
use crate::apps::Apps;
use crate::audit::Audit;
use crate::confirm::confirmed;
use crate::deleted::Deleted;
use crate::error::{Failure, Outcome, sent};
use crate::index::Index;
use crate::observe::Observer;
use crate::operations::{Calls, Operations};
use crate::pace::Pace;
use crate::ports::{Clock, ClusterError, Recovery, Remains, Workloads};
use domain::audit::{Act, Target};
use domain::facts::{PortalAction, PortalChange};
use domain::form::{Field, Finding, NumberWrong, RequestWrong};
use domain::kubernetes::Away;
use domain::operation::Work;
use domain::problem::{AppProblem, LookAt};
use domain::{Action, AppId, describe, english};
use std::sync::Arc;
use std::time::Duration;

/// Most replicas that one may ask for; the form for a new app has the same limit.
const MAX_REPLICAS: u32 = 1000;

/// Longest wait for what is looked up before a deletion.
const SOON: Duration = Duration::from_secs(5);

/// What of a deleted app is there still, and why; nothing where all of it is gone.
fn still_there(app: &AppId, remains: &Remains) -> Option<String> {
    let pieces = remains.pieces.iter().map(|(piece, why)| english::cluster::not_deleted(*piece, app.name.as_str(), &why.to_string()));
    let told: Vec<_> = english::still_held(&remains.finalizers).into_iter().chain(pieces).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// Changes apps that are there.
pub struct Changes {
    pub(crate) index: Arc<Index>,
    pub(crate) apps: Arc<Apps>,
    pub(crate) observer: Arc<Observer>,
    pub(crate) deleted: Arc<Deleted>,
    pub(crate) workloads: Arc<dyn Workloads>,
    pub(crate) recovery: Arc<dyn Recovery>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) operations: Arc<Operations>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Changes {
    /// Checks that the app exists and that it can be done to it.
    fn allowed(&self, operator: &Operator<'_>, app: &AppId, action: Action) -> Outcome<()> {
        // Not `app.kind` alone: a deployment that is held cannot be held again, a finished job not be suspended.
        let facts = self.index.facts(operator.namespace(), app)?;
        self.observer.touch(app);
        match describe::actions(&facts).remove(&action) {
            Some(None) => Ok(()),
            Some(Some(why)) => Err(Failure::told(AppProblem::ActionRefused { why })),
            None => Err(Failure::told(AppProblem::ActionUnsupported { kind: app.kind, action })),
        }
    }

    /// A change that is to be told as this person's; a controller numbers the revision that it makes one above the newest.
    fn change(&self, operator: &Operator<'_>, action: PortalAction, newest: Option<u64>) -> PortalChange {
        PortalChange { at: self.clock.now(), by: operator.actor().user.display.clone(), action, revision: newest.map(|n| n + 1) }
    }

    /// Starts all pods anew.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app))]
    pub async fn restart(&self, operator: &Operator<'_>, app: &AppId) -> Outcome<()> {
        self.allowed(operator, app, Action::Restart)?;
        let newest = self.index.facts(operator.namespace(), app)?.workload.revision;
        let change = self.change(operator, PortalAction::Restart, newest);
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let done = async move { sent(LookAt::App, workloads.restart(&id, &change).await) };
        self.audit.audited(operator.actor(), Act::RestartApp, Target::App(app.clone()), done).await
    }

    /// Sets the number of replicas.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, replicas))]
    pub async fn scale(&self, operator: &Operator<'_>, app: &AppId, replicas: u32) -> Outcome<()> {
        if replicas > MAX_REPLICAS {
            let wrong = RequestWrong::Replicas(NumberWrong::OutOfRange { least: 0, most: MAX_REPLICAS });
            return Err(Finding::new(Field::Replicas, wrong).into());
        }
        self.allowed(operator, app, Action::Scale)?;
        let before = self.index.facts(operator.namespace(), app)?.workload.replicas.wanted;
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let done = async move { sent(LookAt::App, workloads.scale(&id, replicas).await) };
        self.audit.audited(operator.actor(), Act::Scale { from: before, to: replicas }, Target::App(app.clone()), done).await
    }

    /// Holds or resumes a rollout, a job or a schedule.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, paused))]
    pub async fn set_paused(&self, operator: &Operator<'_>, app: &AppId, paused: bool) -> Outcome<()> {
        let action = if paused { Action::Pause } else { Action::Resume };
        self.allowed(operator, app, action)?;
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let done = async move { sent(LookAt::App, workloads.set_paused(&id, paused).await) };
        let act = if paused { Act::PauseApp } else { Act::ResumeApp };
        self.audit.audited(operator.actor(), act, Target::App(app.clone()), done).await
    }

    /// Goes back to a revision.
    ///
    /// # Errors
    /// Where there is no such app or revision, it is in force already, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, revision))]
    pub async fn rollback(&self, operator: &Operator<'_>, app: &AppId, revision: u64) -> Outcome<()> {
        self.allowed(operator, app, Action::RollBack)?;
        let revisions = self.apps.revisions(&operator.viewer(), app).await?;
        let wanted = revisions.iter().find(|r| r.number == revision).ok_or_else(|| Failure::told(AppProblem::RevisionNotFound { revision }))?;
        if wanted.current {
            return Err(Failure::told(AppProblem::RevisionCurrent { revision }));
        }
        let newest = revisions.first().map(|r| r.number);
        let change = self.change(operator, PortalAction::Rollback { to: revision }, newest);
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let done = async move { sent(LookAt::App, workloads.rollback(&id, revision, &change).await) };
        self.audit.audited(operator.actor(), Act::RollBack { to: revision }, Target::App(app.clone()), done).await
    }

    /// Deletes an app; the person has typed its name. Tells what of it could not be deleted along with it.
    ///
    /// # Errors
    /// Where the typed name is another one, there is no such app, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app))]
    pub async fn delete(&self, operator: &Operator<'_>, app: &AppId, confirm: &str) -> Outcome<Option<String>> {
        self.allowed(operator, app, Action::Delete)?;
        confirmed(confirm, app.name.as_str())?;
        self.pace.count(operator.actor().user.id)?;
        let (id, by, at) = (app.clone(), operator.actor().user.display.clone(), self.clock.steady());
        let uid = self.index.facts(operator.namespace(), app)?.workload.uid.clone();
        // Without them the deletion could not be finished if it were cut off.
        let looked = tokio::time::timeout(SOON, self.recovery.created_with(app)).await;
        let pieces = looked.unwrap_or_else(|_| Err(ClusterError::Away(Away::Silent(SOON.as_secs(), None))))?;
        let work = Work::Delete { uid, pieces };
        let (workloads, deleted) = (self.workloads.clone(), self.deleted.clone());
        let done = async move {
            deleted.remember(&id, &by, at);
            let result = sent(LookAt::App, workloads.delete(&id).await).map(|remains| still_there(&id, &remains));
            if result.is_err() {
                deleted.forget(&id, at);
            }
            if matches!(result, Err(Failure::Unanswered(..))) { Calls::Cut(result) } else { Calls::Ended(result) }
        };
        self.operations.operated(operator.actor(), Act::DeleteApp, app.clone(), work, done).await
    }
}

#[cfg(test)]
mod tests;
