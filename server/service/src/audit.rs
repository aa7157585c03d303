//! Who did what: one entry before a change, one after it, one per refusal. A change to which no answer came ends as
//! `unknown`.

mod entry;
mod recent;

pub(crate) use entry::{Entry, ended, not_made, why_failed};

use crate::access::capability::{Actor, PortalAdmin};
use crate::error::Outcome;
use crate::origin::Origin;
use crate::pace::Pace;
use crate::ports::{AuditLog, Clock, NewAudit, StoreResult};
use crate::storage::Storage;
use crate::tasks::to_its_end;
use domain::audit::{Act, AuditOutcome, AuditRow, Deed, Target};
use futures::FutureExt as _;
use recent::{News, RecentRefusals};
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use tokio_util::task::TaskTracker;

/// Entries on one page.
pub const PAGE: u32 = 100;

/// Writes the audit table.
pub struct Audit {
    log: Arc<dyn AuditLog>,
    storage: Arc<Storage>,
    pace: Arc<Pace>,
    clock: Arc<dyn Clock>,
    tasks: TaskTracker,
    recent: RecentRefusals,
}

impl Audit {
    pub(crate) fn new(log: Arc<dyn AuditLog>, storage: Arc<Storage>, pace: Arc<Pace>, clock: Arc<dyn Clock>, tasks: TaskTracker) -> Self {
        Self { log, storage, pace, clock, tasks, recent: RecentRefusals::default() }
    }

    /// Writes an intent, does the change, and writes how it ended. A change that cannot be recorded is not made.
    ///
    /// Once begun it goes on to its end, also where nobody waits for the answer any more.
    ///
    /// # Errors
    /// Those of the change, or of the store; or the person has made too many changes.
    pub(crate) async fn audited<T: Send + 'static>(
        self: &Arc<Self>,
        actor: &Actor,
        act: Act,
        target: Target,
        change: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Outcome<T> {
        self.pace.count(actor.user.id)?;
        let intent = Entry::new(actor.user.name.as_str(), &actor.origin, act, target, AuditOutcome::Intent);
        let audit = Arc::clone(self);
        to_its_end(&self.tasks, async move {
            let number = audit.write(&intent.clone().at(audit.clock.now())).await.map_err(|error| not_made(error.into()))?;
            let result = AssertUnwindSafe(change).catch_unwind().await;
            audit.record_end(ended(&result, intent.ending(Some(number)))).await;
            result.unwrap_or_else(|fault| resume_unwind(fault))
        })
        .await
    }

    /// Records that something was refused, at most once a minute for the same person, act and target.
    ///
    /// Written in the background: a refusal must not wait for the disk, must not be a way to keep it busy, and must not
    /// tell by its time whether it was written, because that depends on what was refused.
    pub fn refused(self: &Arc<Self>, actor: &str, origin: &Origin, act: Act, target: Target) {
        let Some(entry) = self.news_of(Entry::new(actor, origin, act, target, AuditOutcome::Refused)) else { return };
        let audit = Arc::clone(self);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.tasks.spawn_on(async move { audit.write_refusal(entry).await }, &runtime);
        }
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn write(&self, entry: &NewAudit) -> StoreResult<i64> {
        self.storage.noted(self.log.audit(entry).await)
    }

    /// The number of the newest entry; 0 where there is none.
    pub(crate) async fn newest(&self) -> StoreResult<i64> {
        self.log.newest_audit().await
    }

    /// Ends as `unknown` the intents up to `last` that nobody will end any more, and says how many there were.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn end_intents(&self, last: i64, detail: &str) -> StoreResult<u64> {
        self.storage.noted(self.log.end_intents(last, self.clock.now(), detail).await)
    }

    /// Records what has been done. Where the store does not take it the entry waits in memory until it does.
    pub(crate) async fn record_end(&self, entry: Entry) {
        self.record_end_as(entry.at(self.clock.now())).await;
    }

    /// The same for an entry with its time.
    pub(crate) async fn record_end_as(&self, entry: NewAudit) {
        if let Err(error) = self.write(&entry).await {
            let (action, outcome) = (entry.deed.act.slug(), entry.outcome.slug());
            tracing::error!(%error, action, target = %entry.deed.target, outcome, "what was done is recorded later");
            self.storage.kept.entry(entry);
        }
    }

    fn news_of(&self, entry: Entry) -> Option<Entry> {
        match self.recent.look_at(&entry, self.clock.steady()) {
            News::Write => Some(entry),
            News::AndMore => Some(Entry { deed: Deed { target: Target::More, ..entry.deed }, ..entry }),
            News::Quiet => None,
        }
    }

    async fn write_refusal(&self, entry: Entry) {
        let entry = entry.at(self.clock.now());
        if let Err(error) = self.write(&entry).await {
            tracing::warn!(%error, "a refusal is recorded later");
            self.storage.kept.entry(entry);
        }
    }

    /// The newest entries, or those before `before`; of a change that has ended only its end.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn rows(&self, _admin: &PortalAdmin<'_>, before: Option<i64>, filter: &str) -> Outcome<Vec<AuditRow>> {
        Ok(self.log.audit_rows(before, filter.trim(), PAGE).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use domain::Code;
    use domain::account::Role;
    use domain::audit::RoleLack;
    use domain::storage::StorageTrouble;

    fn in_namespace(name: &str) -> Target {
        Target::Namespace { namespace: namespace(name), request: None }
    }

    fn shop() -> Target {
        Target::App(id("web", "shop"))
    }

    #[tokio::test]
    async fn a_change_goes_on_to_its_end_where_its_request_is_given_up() {
        let fake = Fake::new().await;
        let (begun, mut seen) = tokio::sync::watch::channel(false);
        let (go, gate) = tokio::sync::oneshot::channel::<()>();
        let (portal, ann) = (fake.portal.clone(), actor(Role::Operator));
        let request = tokio::spawn(async move {
            let change = async move {
                begun.send_replace(true);
                gate.await.unwrap();
                Ok(())
            };
            portal.audit.audited(&ann, Act::RestartApp, shop(), change).await
        });
        seen.wait_for(|begun| *begun).await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_eq!(fake.audited(), ["app.restart intent "]);
        go.send(()).unwrap();
        fake.portal.tasks.close();
        tokio::time::timeout(std::time::Duration::from_secs(5), fake.portal.tasks.wait()).await.expect("the end waits for the change");
        assert_eq!(fake.audited(), ["app.restart intent ", "app.restart done "]);
    }

    #[tokio::test]
    async fn a_change_that_panics_has_an_end_too() {
        let fake = Fake::new().await;
        let (portal, ann) = (fake.portal.clone(), actor(Role::Operator));
        let (never, gone) = tokio::sync::oneshot::channel::<Outcome<()>>();
        drop(never);
        let request = tokio::spawn(async move { portal.audit.audited(&ann, Act::RestartApp, shop(), async { gone.await.unwrap() }).await });
        assert!(request.await.unwrap_err().is_panic());
        assert!(fake.audited()[1].starts_with("app.restart unknown Something went wrong in the portal"), "{:?}", fake.audited());
    }

    #[tokio::test]
    async fn the_end_of_the_process_waits_for_a_refusal_that_is_written_in_the_background() {
        let fake = Fake::new().await;
        assert!(fake.portal.access.operator(&actor(Role::Viewer), &namespace("web")).is_err());
        assert!(fake.audited().is_empty(), "nobody waited for it");
        fake.portal.tasks.close();
        fake.portal.tasks.wait().await;
        assert_eq!(fake.audited().len(), 1);
    }

    #[tokio::test]
    async fn a_change_that_cannot_be_recorded_is_not_made_and_one_that_is_under_way_is_recorded_later() {
        let fake = Fake::new().await;
        let ann = actor(Role::Operator);
        fake.store.set_trouble(Some(StorageTrouble::Full));
        let never = fake.portal.audit.audited(&ann, Act::PauseApp, shop(), async { panic!("it must not be made") as Outcome<()> }).await;
        let problem = never.unwrap_err().problem();
        assert_eq!((problem.code, problem.status), (Code::DatabaseAway, 503));
        assert_eq!(problem.detail, "The disk of the portal's database is full. The change couldn't be recorded, so it wasn't made.");
        assert_eq!(fake.portal.storage.trouble(), Some(StorageTrouble::Full));

        fake.store.set_trouble(None);
        let store = fake.store.clone();
        let filled = async move {
            store.set_trouble(Some(StorageTrouble::Full));
            Ok(())
        };
        fake.portal.audit.audited(&ann, Act::Scale { from: 1, to: 2 }, shop(), filled).await.unwrap();
        fake.portal.audit.refused("ann", &Origin::default(), Act::NeedsNamespace(RoleLack::NoAccess), in_namespace("data"));
        fake.portal.tasks.close();
        fake.portal.tasks.wait().await;
        assert_eq!(fake.audited(), ["app.scale intent from 1 to 2 replicas"]);
        fake.store.set_trouble(None);
        fake.catch_up().catch_up().await;
        assert_eq!(fake.audited(), ["app.scale intent from 1 to 2 replicas", "app.scale done from 1 to 2 replicas", "namespace.role refused no access"]);
        assert_eq!(fake.store.audit.lock().unwrap()[1].intent, Some(1), "and the end still belongs to its intent");
    }
}
