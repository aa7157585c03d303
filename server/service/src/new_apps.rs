//! Making apps: what the form offers, the check of a form, and the creation.

use crate::access::Operator;
use crate::drafts::Drafts;
use crate::error::{Failure, Outcome, sent};
use crate::index::Index;
use crate::operations::{Calls, Changed, Operations, pieces};
use crate::pace::Pace;
use crate::ports::{Clock, ClusterSecrets, Creations, NotCreated, Recovery, Rng};
use crate::readings::Readings;
use domain::audit::Act;
use domain::draft::DraftOf;
use domain::facts::{PortalAction, PortalChange};
use domain::form::{Field, Finding};
use domain::operation::Work;
use domain::problem::{AppProblem, LookAt};
use domain::spec::AppForm;
use domain::view::Plan;
use domain::{AppId, Kind, Namespace, WorkloadName, english};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

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

/// Namespaces whose objects may be named to this person.
fn visible(operator: &Operator<'_>) -> BTreeSet<Namespace> {
    operator.actor().me().namespaces.iter().map(|access| access.namespace.clone()).collect()
}

/// Makes apps.
pub struct NewApps {
    pub(crate) index: Arc<Index>,
    pub(crate) readings: Arc<Readings>,
    pub(crate) creations: Arc<dyn Creations>,
    pub(crate) recovery: Arc<dyn Recovery>,
    /// Names and keys that a form may refer to.
    pub(crate) secrets: Arc<dyn ClusterSecrets>,
    pub(crate) operations: Arc<Operations>,
    pub(crate) drafts: Arc<Drafts>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

impl NewApps {
    /// A mark that no other creation has: the time, by which other portals see how old it is, and two parts, of which the
    /// second is on the deployment alone.
    fn new_mark(&self) -> String {
        let mut bytes = [0; 32];
        self.rng.fill(&mut bytes);
        let (all, own) = bytes.split_at(16);
        format!("{}-{}-{}", self.clock.now().0, hex::encode(all), hex::encode(own))
    }

    /// Lets the API server check a new app, and adds what would work but is unwise; nothing is created.
    ///
    /// # Errors
    /// The fields that need a change, or that the cluster does not answer.
    pub async fn dry_run(&self, operator: &Operator<'_>, form: &AppForm) -> Outcome<Plan> {
        let spec = form.parse(operator.namespace().clone()).map_err(Failure::fields)?;
        let _reading = self.readings.turn(operator.actor()).await?;
        let mut found = self.creations.dry_run(&spec, &visible(operator)).await?;
        found.checks.extend(domain::spec::advice(&spec));
        found.checks.sort_by_key(|c| std::cmp::Reverse(c.outcome as u8));
        Ok(Plan { checks: found.checks.into_iter().map(english::check::view).collect(), yaml: found.yaml })
    }

    /// Creates an app.
    ///
    /// # Errors
    /// The fields that need a change, or why the cluster refused; then nothing is created.
    pub async fn create(&self, operator: &Operator<'_>, form: &AppForm) -> Outcome<Changed<AppId>> {
        let spec = form.parse(operator.namespace().clone()).map_err(Failure::fields)?;
        let name = WorkloadName::parse(spec.name.as_str()).map_err(|e| Finding::new(Field::Name, e))?;
        let app = AppId { namespace: spec.namespace.clone(), kind: Kind::Deployment, name };
        let actor = operator.actor();
        self.pace.count(actor.user.id)?;
        let act = Act::CreateApp { image: spec.image.to_string() };
        let change = PortalChange { at: self.clock.now(), by: actor.user.display.clone(), action: PortalAction::Create, revision: Some(1), operation: None };
        let (visible, mark, pieces) = (visible(operator), self.new_mark(), pieces(&spec));
        let work = Work::Create { mark: mark.clone(), pieces: pieces.clone() };
        self.operations.settle_earlier(&app).await?;
        let (creations, recovery) = (self.creations.clone(), self.recovery.clone());
        let done = move |operation| async move {
            let change = PortalChange { operation: Some(operation), ..change };
            match creations.create(&spec, &visible, &change, &mark).await {
                Ok(id) => match recovery.finish_creation(&id, &mark, &pieces).await {
                    Ok(Some(version)) => Calls::Made(id, version),
                    Ok(None) | Err(_) => Calls::Cut(Ok(id)),
                },
                Err(NotCreated::ChecksFailed(checks)) => Calls::Failed(Failure::told(AppProblem::ChecksFailed(checks))),
                Err(NotCreated::Cluster { error, begun: true }) => Calls::Cut(sent(LookAt::App, Err(error))),
                Err(NotCreated::Cluster { error, begun: false }) => Calls::Failed(error.into()),
            }
        };
        let made = self.operations.run(actor, act, app, work, done).await?;
        self.until_seen(&made.answer).await;
        if let Err(error) = self.drafts.discard(operator, DraftOf::NewApp).await {
            tracing::warn!(%error, "the draft of an app that was created stays");
        }
        Ok(made)
    }

    /// Waits a moment until the index has a new app, so that its page is there when the person comes to it.
    async fn until_seen(&self, app: &AppId) {
        let mut world = self.index.changes();
        let seen = world.wait_for(|world| world.namespaces.get(&app.namespace).is_some_and(|n| n.apps.contains_key(app)));
        if tokio::time::timeout(SEEN, seen).await.is_err() {
            tracing::debug!(%app, "the index does not have the new app yet");
        }
    }

    /// What the form for a new app offers: names and keys, no values.
    ///
    /// # Errors
    /// Where the cluster refuses or does not answer.
    pub async fn choices(&self, operator: &Operator<'_>) -> Outcome<FormChoices> {
        let _reading = self.readings.turn(operator.actor()).await?;
        let namespace = operator.namespace();
        let (secrets, maps) = tokio::try_join!(self.secrets.secret_keys(namespace), self.secrets.config_maps(namespace))?;
        let cut = secrets.cut || maps.cut;
        let secrets = secrets.items.into_iter().map(|s| (s.name, s.kind, s.keys)).collect();
        let config_maps = maps.items.into_iter().map(|m| (m.name, m.keys)).collect();
        Ok(FormChoices { secrets, config_maps, cut })
    }
}

#[cfg(test)]
mod tests;
