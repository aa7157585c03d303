//! Changing apps. Every change is an operation: it leaves an intent and a result in the audit table, also where the cluster refuses,
//! and is waited for after its answer.

use crate::access::Operator;
use crate::apps::Apps;
use crate::confirm::confirmed;
use crate::deleted::Deleted;
use crate::error::{Failure, Outcome, sent};
use crate::index::Index;
use crate::observe::Observer;
use crate::operations::{Calls, Changed, Operations, version};
use crate::pace::Pace;
use crate::ports::{Clock, ClusterError, ClusterResult, Recovery, Remains, Workloads};
use domain::audit::Act;
use domain::facts::{AppFacts, PortalAction, PortalChange};
use domain::form::{Field, Finding, NumberWrong, RequestWrong};
use domain::kubernetes::Away;
use domain::operation::{OperationId, Version, Work};
use domain::problem::{AppProblem, LookAt};
use domain::{Action, AppId, describe, english};
use std::future::Future;
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
    pub(crate) operations: Arc<Operations>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Changes {
    /// The app, where it exists and it can be done to it.
    fn allowed(&self, operator: &Operator<'_>, app: &AppId, action: Action) -> Outcome<Arc<AppFacts>> {
        // Not `app.kind` alone: a deployment that is held cannot be held again, a finished job not be suspended.
        let facts = self.index.facts(operator.namespace(), app)?;
        self.observer.touch(app);
        match describe::actions(&facts).remove(&action) {
            Some(None) => Ok(facts),
            Some(Some(why)) => Err(Failure::told(AppProblem::ActionRefused { why })),
            None => Err(Failure::told(AppProblem::ActionUnsupported { kind: app.kind, action })),
        }
    }

    /// A change that is to be told as this person's; a controller numbers the revision that it makes one above the newest.
    fn change(&self, operator: &Operator<'_>, action: PortalAction, newest: Option<u64>) -> PortalChange {
        let (at, by) = (self.clock.now(), operator.actor().user.display.clone());
        PortalChange { at, by, action, revision: newest.map(|n| n + 1), operation: None }
    }

    /// Runs a change of one call.
    async fn one_call<F>(
        &self,
        operator: &Operator<'_>,
        act: Act,
        app: &AppId,
        work: Work,
        call: impl FnOnce(OperationId) -> F + Send + 'static,
    ) -> Outcome<Changed>
    where
        F: Future<Output = ClusterResult<Version>> + Send + 'static,
    {
        self.pace.count(operator.actor().user.id)?;
        let change = move |id| {
            let call = call(id);
            async move { sent(LookAt::App, call.await).map_or_else(Calls::Failed, |version| Calls::Made((), version)) }
        };
        self.operations.run(operator.actor(), act, app.clone(), work, change).await
    }

    /// Starts all pods anew.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app))]
    pub async fn restart(&self, operator: &Operator<'_>, app: &AppId) -> Outcome<Changed> {
        let facts = self.allowed(operator, app, Action::Restart)?;
        let change = self.change(operator, PortalAction::Restart, facts.workload.revision);
        let work = Work::Restart { before: version(&facts), at: change.at };
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let call = move |operation| async move { workloads.restart(&id, &PortalChange { operation: Some(operation), ..change }).await };
        self.one_call(operator, Act::RestartApp, app, work, call).await
    }

    /// Sets the number of replicas.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, replicas))]
    pub async fn scale(&self, operator: &Operator<'_>, app: &AppId, replicas: u32) -> Outcome<Changed> {
        if replicas > MAX_REPLICAS {
            let wrong = RequestWrong::Replicas(NumberWrong::OutOfRange { least: 0, most: MAX_REPLICAS });
            return Err(Finding::new(Field::Replicas, wrong).into());
        }
        let facts = self.allowed(operator, app, Action::Scale)?;
        let from = facts.workload.replicas.wanted;
        let work = Work::Scale { before: version(&facts), from, to: replicas };
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let call = move |_| async move { workloads.scale(&id, replicas).await };
        self.one_call(operator, Act::Scale { from, to: replicas }, app, work, call).await
    }

    /// Holds or resumes a rollout, a job or a schedule.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, paused))]
    pub async fn set_paused(&self, operator: &Operator<'_>, app: &AppId, paused: bool) -> Outcome<Changed> {
        let action = if paused { Action::Pause } else { Action::Resume };
        let facts = self.allowed(operator, app, action)?;
        let work = Work::Pause { before: version(&facts), paused };
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let call = move |_| async move { workloads.set_paused(&id, paused).await };
        let act = if paused { Act::PauseApp } else { Act::ResumeApp };
        self.one_call(operator, act, app, work, call).await
    }

    /// Goes back to a revision.
    ///
    /// # Errors
    /// Where there is no such app or revision, it is in force already, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, revision))]
    pub async fn rollback(&self, operator: &Operator<'_>, app: &AppId, revision: u64) -> Outcome<Changed> {
        let facts = self.allowed(operator, app, Action::RollBack)?;
        let revisions = self.apps.revisions(&operator.viewer(), app).await?;
        let wanted = revisions.iter().find(|r| r.number == revision).ok_or_else(|| Failure::told(AppProblem::RevisionNotFound { revision }))?;
        if wanted.current {
            return Err(Failure::told(AppProblem::RevisionCurrent { revision }));
        }
        let newest = revisions.first().map(|r| r.number);
        let change = self.change(operator, PortalAction::Rollback { to: revision }, newest);
        let work = Work::RollBack { before: version(&facts), to: revision };
        let (id, workloads) = (app.clone(), self.workloads.clone());
        let call = move |operation| async move { workloads.rollback(&id, revision, &PortalChange { operation: Some(operation), ..change }).await };
        self.one_call(operator, Act::RollBack { to: revision }, app, work, call).await
    }

    /// Deletes an app; the person has typed its name. Tells what of it could not be deleted along with it.
    ///
    /// # Errors
    /// Where the typed name is another one, there is no such app, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app))]
    pub async fn delete(&self, operator: &Operator<'_>, app: &AppId, confirm: &str) -> Outcome<Changed<Option<String>>> {
        let facts = self.allowed(operator, app, Action::Delete)?;
        confirmed(confirm, app.name.as_str())?;
        self.pace.count(operator.actor().user.id)?;
        let (id, by, at) = (app.clone(), operator.actor().user.display.clone(), self.clock.steady());
        let Version { uid, generation } = version(&facts);
        // Without them the deletion could not be finished if it were cut off.
        let looked = tokio::time::timeout(SOON, self.recovery.created_with(app)).await;
        let pieces = looked.unwrap_or_else(|_| Err(ClusterError::Away(Away::Silent(SOON.as_secs(), None))))?;
        let work = Work::Delete { uid: uid.clone(), pieces };
        let (workloads, deleted) = (self.workloads.clone(), self.deleted.clone());
        let done = move |_| async move {
            deleted.remember(&id, &by, at);
            let result = sent(LookAt::App, workloads.delete(&id).await).map(|remains| still_there(&id, &remains));
            if result.is_err() {
                deleted.forget(&id, at);
            }
            match result {
                Ok(left) => Calls::Made(left, Version { uid, generation }),
                Err(Failure::Unanswered(..)) => Calls::Cut(result),
                Err(failure) => Calls::Failed(failure),
            }
        };
        self.operations.run(operator.actor(), Act::DeleteApp, app.clone(), work, done).await
    }
}

#[cfg(test)]
mod tests;
