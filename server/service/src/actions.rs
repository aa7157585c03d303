//! Changing apps. Every change leaves an intent and a result in the audit table, also where the cluster refuses.

use crate::access::Operator;
use crate::error::{Failure, Outcome, sent};
use crate::operations::{Calls, pieces};
use crate::portal::Portal;
use crate::ports::{ClusterError, NotCreated, Remains};
use domain::audit::{Act, Target};
use domain::draft::DraftOf;
use domain::facts::{PortalAction, PortalChange};
use domain::form::{Field, Finding, NumberWrong, RequestWrong};
use domain::kubernetes::Away;
use domain::operation::Work;
use domain::problem::{AppProblem, LookAt};
use domain::spec::AppForm;
use domain::view::Plan;
use domain::{Action, AppId, Kind, Namespace, WorkloadName, describe, english};
use std::collections::BTreeSet;
use std::time::Duration;

/// Most replicas that one may ask for; the form for a new app has the same limit.
const MAX_REPLICAS: u32 = 1000;

/// Longest wait for what is looked up before a deletion.
const SOON: Duration = Duration::from_secs(5);
/// Longest wait until the index has a new app.
const SEEN: Duration = Duration::from_secs(2);

/// What the form for a new app offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormChoices {
    /// Secrets: name, type, keys.
    pub secrets: Vec<(String, String, Vec<String>)>,
    /// Config maps: name, keys.
    pub config_maps: Vec<(String, Vec<String>)>,
    /// There are more secrets or config maps; one that is not listed can still be typed.
    pub cut: bool,
}

/// What of a deleted app is there still, and why; nothing where all of it is gone.
fn still_there(app: &AppId, remains: &Remains) -> Option<String> {
    let pieces = remains.pieces.iter().map(|(piece, why)| english::cluster::not_deleted(*piece, app.name.as_str(), &why.to_string()));
    let told: Vec<_> = english::still_held(&remains.finalizers).into_iter().chain(pieces).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// Whether the person typed the name of what is to be deleted.
pub(crate) fn confirmed(typed: &str, name: &str) -> Outcome<()> {
    if typed.trim() == name {
        return Ok(());
    }
    Err(Finding::new(Field::Confirm, RequestWrong::NotConfirmed(name.to_owned())).into())
}

/// Namespaces whose objects may be named to this person.
fn visible(operator: &Operator<'_>) -> BTreeSet<Namespace> {
    operator.actor().roles.keys().cloned().collect()
}

impl Portal {
    /// A mark that no other creation has: the time, by which other portals see how old it is, and two parts, of which the
    /// second is on the deployment alone.
    fn new_mark(&self) -> String {
        let mut bytes = [0; 32];
        self.rng().fill(&mut bytes);
        let (all, own) = bytes.split_at(16);
        format!("{}-{}-{}", self.now().0, hex::encode(all), hex::encode(own))
    }

    /// Checks that the app exists and that it can be done to it.
    fn allowed(&self, operator: &Operator<'_>, app: &AppId, action: Action) -> Outcome<()> {
        // Not `app.kind` alone: a deployment that is held cannot be held again, a finished job not be suspended.
        let facts = self.facts(operator.namespace(), app)?;
        self.touch_app(app);
        match describe::actions(&facts, operator.viewer().role()).remove(&action) {
            Some(None) => Ok(()),
            Some(Some(why)) => Err(Failure::told(AppProblem::ActionRefused { why })),
            None => Err(Failure::told(AppProblem::ActionUnsupported { kind: app.kind, action })),
        }
    }

    /// A change that is to be told as this person's; a controller numbers the revision that it makes one above the newest.
    fn change(&self, operator: &Operator<'_>, action: PortalAction, newest: Option<u64>) -> PortalChange {
        PortalChange { at: self.now(), by: operator.actor().user.display.clone(), action, revision: newest.map(|n| n + 1) }
    }

    /// Starts all pods anew.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app))]
    pub async fn restart(&self, operator: &Operator<'_>, app: &AppId) -> Outcome<()> {
        self.allowed(operator, app, Action::Restart)?;
        let newest = self.facts(operator.namespace(), app)?.workload.revision;
        let change = self.change(operator, PortalAction::Restart, newest);
        let id = app.clone();
        let done = |portal: Self| async move { sent(LookAt::App, portal.cluster().restart(&id, &change).await) };
        self.audited(operator.actor(), Act::RestartApp, Target::App(app.clone()), done).await
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
        let before = self.facts(operator.namespace(), app)?.workload.replicas.wanted;
        let id = app.clone();
        let done = |portal: Self| async move { sent(LookAt::App, portal.cluster().scale(&id, replicas).await) };
        self.audited(operator.actor(), Act::Scale { from: before, to: replicas }, Target::App(app.clone()), done).await
    }

    /// Holds or resumes a rollout, a job or a schedule.
    ///
    /// # Errors
    /// Where there is no such app, its kind does not allow it, or the cluster refuses.
    #[tracing::instrument(skip_all, fields(%app, paused))]
    pub async fn set_paused(&self, operator: &Operator<'_>, app: &AppId, paused: bool) -> Outcome<()> {
        let action = if paused { Action::Pause } else { Action::Resume };
        self.allowed(operator, app, action)?;
        let id = app.clone();
        let done = |portal: Self| async move { sent(LookAt::App, portal.cluster().set_paused(&id, paused).await) };
        let act = if paused { Act::PauseApp } else { Act::ResumeApp };
        self.audited(operator.actor(), act, Target::App(app.clone()), done).await
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
        let id = app.clone();
        let done = |portal: Self| async move { sent(LookAt::App, portal.cluster().rollback(&id, revision, &change).await) };
        self.audited(operator.actor(), Act::RollBack { to: revision }, Target::App(app.clone()), done).await
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
        let (id, by, at) = (app.clone(), operator.actor().user.display.clone(), self.steady());
        let uid = self.facts(operator.namespace(), app)?.workload.uid.clone();
        // Without them the deletion could not be finished if it were cut off.
        let looked = tokio::time::timeout(SOON, self.cluster().created_with(app)).await;
        let pieces = looked.unwrap_or_else(|_| Err(ClusterError::Away(Away::Silent(SOON.as_secs(), None))))?;
        let work = Work::Delete { app: app.clone(), uid, pieces };
        let done = |portal: Self| async move {
            portal.deleted().remember(&id, &by, at);
            let result = sent(LookAt::App, portal.cluster().delete(&id).await).map(|remains| still_there(&id, &remains));
            if result.is_err() {
                portal.deleted().forget(&id, at);
            }
            if matches!(result, Err(Failure::Unanswered(..))) { Calls::Cut(result) } else { Calls::Ended(result) }
        };
        self.operations.operated(operator.actor(), Act::DeleteApp, Target::App(app.clone()), work, done(self.clone())).await
    }

    /// Lets the API server check a new app, and adds what would work but is unwise; nothing is created.
    ///
    /// # Errors
    /// The fields that need a change, or that the cluster does not answer.
    pub async fn dry_run(&self, operator: &Operator<'_>, form: &AppForm) -> Outcome<Plan> {
        let spec = form.parse(operator.namespace().clone()).map_err(Failure::fields)?;
        let _reading = self.reading(operator.actor()).await?;
        let mut found = self.cluster().dry_run(&spec, &visible(operator)).await?;
        found.checks.extend(domain::spec::advice(&spec));
        found.checks.sort_by_key(|c| std::cmp::Reverse(c.outcome as u8));
        Ok(Plan { checks: found.checks.into_iter().map(english::check::view).collect(), yaml: found.yaml })
    }

    /// Creates an app.
    ///
    /// # Errors
    /// The fields that need a change, or why the cluster refused; then nothing is created.
    pub async fn create_app(&self, operator: &Operator<'_>, form: &AppForm) -> Outcome<AppId> {
        let spec = form.parse(operator.namespace().clone()).map_err(Failure::fields)?;
        let name = WorkloadName::parse(spec.name.as_str()).map_err(|e| Finding::new(Field::Name, e))?;
        let app = AppId { namespace: spec.namespace.clone(), kind: Kind::Deployment, name };
        self.pace.count(operator.actor().user.id)?;
        let (act, target) = (Act::CreateApp { image: spec.image.to_string() }, Target::App(app.clone()));
        let (visible, change) = (visible(operator), self.change(operator, PortalAction::Create, Some(0)));
        let (mark, pieces) = (self.new_mark(), pieces(&spec));
        let work = Work::Create { app: app.clone(), mark: mark.clone(), pieces: pieces.clone() };
        self.operations.settle_earlier(&app).await?;
        let done = |portal: Self| async move {
            match portal.cluster().create(&spec, &visible, &change, &mark).await {
                Ok(id) => match portal.cluster().finish_creation(&id, &mark, &pieces).await {
                    Ok(true) => Calls::Ended(Ok(id)),
                    _ => Calls::Cut(Ok(id)),
                },
                Err(NotCreated::ChecksFailed(checks)) => Calls::Ended(Err(Failure::told(AppProblem::ChecksFailed(checks)))),
                Err(NotCreated::Cluster { error, begun: true }) => Calls::Cut(sent(LookAt::App, Err(error))),
                Err(NotCreated::Cluster { error, begun: false }) => Calls::Ended(Err(error.into())),
            }
        };
        let id = self.operations.operated(operator.actor(), act, target, work, done(self.clone())).await?;
        self.until_seen(&id).await;
        if let Err(error) = self.drafts.discard(operator, DraftOf::NewApp).await {
            tracing::warn!(%error, "the draft of an app that was created stays");
        }
        Ok(id)
    }

    /// Waits a moment until the index has a new app, so that its page is there when the person comes to it.
    async fn until_seen(&self, app: &AppId) {
        let mut world = self.cluster().world();
        let seen = world.wait_for(|world| world.namespaces.get(&app.namespace).is_some_and(|n| n.apps.contains_key(app)));
        if tokio::time::timeout(SEEN, seen).await.is_err() {
            tracing::debug!(%app, "the index does not have the new app yet");
        }
    }

    /// What the form for a new app offers: names and keys, no values.
    ///
    /// # Errors
    /// Where the cluster refuses or does not answer.
    pub async fn form_choices(&self, operator: &Operator<'_>) -> Outcome<FormChoices> {
        let _reading = self.reading(operator.actor()).await?;
        let namespace = operator.namespace();
        let (secrets, maps) = tokio::try_join!(self.cluster().secret_keys(namespace), self.cluster().config_maps(namespace))?;
        let cut = secrets.cut || maps.cut;
        let secrets = secrets.items.into_iter().map(|s| (s.name, s.kind, s.keys)).collect();
        let config_maps = maps.items.into_iter().map(|m| (m.name, m.keys)).collect();
        Ok(FormChoices { secrets, config_maps, cut })
    }
}

#[cfg(test)]
mod tests;
