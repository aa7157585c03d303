//! Who did what: one entry before a change, one after it, one per refusal. A change to which no answer came ends as
//! `unknown`.

use crate::access::{Actor, PortalAdmin};
use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::{ClusterError, NewAudit, Steady, StoreError};
use crate::sessions::Origin;
use crate::tasks::to_its_end;
use domain::audit::{Act, AuditOutcome, AuditRow, Deed, Target};
use domain::english::problem::problem as words_of;
use domain::problem::StorageProblem;
use domain::{UnixMs, english};
use futures::FutureExt as _;
use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Mutex;

/// Entries on one page.
pub const PAGE: u32 = 100;
/// Longest text kept of actor, address and detail, in characters.
const MAX_TEXT: usize = 500;
/// The same refusal of the same person is written once in this time.
const QUIET_MS: i64 = 60_000;
/// Different refusals of one person (or, where nobody is signed in, one address) that are written in this time.
const MAX_PER_PERSON: usize = 60;
/// People remembered for that; more of them share one place.
const MAX_PEOPLE: usize = 1024;

/// An entry before it has its time.
#[derive(Clone)]
pub(crate) struct Entry {
    actor: String,
    address: String,
    deed: Deed,
    outcome: AuditOutcome,
    /// What the deed does not say.
    detail: String,
    /// The entry that this one ends.
    intent: Option<i64>,
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

impl Entry {
    pub(crate) fn new(actor: &str, origin: &Origin, act: Act, target: Target, outcome: AuditOutcome) -> Self {
        Self { actor: short(actor), address: short(&origin.address), deed: Deed { act, target }, outcome, detail: String::new(), intent: None }
    }

    /// The end of the change whose intent is `intent`.
    pub(crate) fn ending(self, intent: Option<i64>) -> Self {
        Self { intent, ..self }
    }

    pub(crate) fn at(self, at: UnixMs) -> NewAudit {
        let Self { actor, address, deed, outcome, detail, intent } = self;
        NewAudit { at, actor, address, deed, outcome, detail, intent }
    }
}

/// Remembers which refusals were just written, so that a loop of refused requests does not fill the table, and so
/// that a flood of different ones by one person hides nobody else's.
#[derive(Default)]
pub(crate) struct RecentRefusals {
    people: Mutex<HashMap<String, HashMap<u64, Steady>>>,
    hasher: RandomState,
}

/// What becomes of a refusal.
#[derive(Debug, PartialEq, Eq)]
enum News {
    Write,
    /// The first one too many: that there are more is written instead.
    AndMore,
    Quiet,
}

impl RecentRefusals {
    fn look_at(&self, entry: &Entry, now: Steady) -> News {
        let mut people = self.people.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_recent = |at: &Steady| now.since(*at) < QUIET_MS;
        let mut who = if entry.actor.is_empty() { entry.address.as_str() } else { entry.actor.as_str() };
        if !people.contains_key(who) && people.len() >= MAX_PEOPLE {
            people.retain(|_, seen| seen.values().any(is_recent));
            if people.len() >= MAX_PEOPLE {
                who = "";
            }
        }
        let seen = people.entry(who.to_owned()).or_default();
        let key = self.hasher.hash_one((entry.deed.act.slug(), &entry.deed.target));
        if seen.get(&key).is_some_and(is_recent) {
            return News::Quiet;
        }
        if seen.len() >= MAX_PER_PERSON {
            seen.retain(|_, at| is_recent(at));
        }
        match seen.len() {
            n if n < MAX_PER_PERSON => {
                seen.insert(key, now);
                News::Write
            }
            MAX_PER_PERSON => {
                // Takes the last place for as long as the others are recent.
                seen.insert(self.hasher.hash_one("and more"), now);
                News::AndMore
            }
            _ => News::Quiet,
        }
    }
}

/// What the table may say of a failure: what the person was told, and nothing of the portal's insides.
fn told(failure: &Failure) -> Cow<'_, str> {
    match failure {
        Failure::Told(problem) => words_of(problem).detail.into(),
        Failure::Store(StoreError::Unwritable(trouble, _)) => trouble.sentence().into(),
        Failure::Store(StoreError::Missing | StoreError::Exists | StoreError::Changed | StoreError::Broken(_)) => {
            "The database refused it. The portal's log says why.".into()
        }
        Failure::Cluster(ClusterError::Away(_)) => "The cluster didn't answer.".into(),
        Failure::Unanswered(..) => "The cluster didn't answer. It may have been done.".into(),
        Failure::Cluster(ClusterError::Missing(what)) => english::cluster::missing(what).into(),
        Failure::Cluster(ClusterError::Exists(object)) => english::cluster::exists(object).into(),
        Failure::Cluster(ClusterError::Changed(object)) => english::cluster::changed(object).into(),
        Failure::Cluster(ClusterError::Refused(why)) => english::cluster::refused(why).into(),
        Failure::Cluster(ClusterError::NotAllowed(why)) => english::cluster::not_allowed(why).into(),
    }
}

/// What the table says of why a change failed.
pub(crate) fn why_failed(failure: &Failure) -> String {
    short(&told(failure))
}

/// The end of a change that came to this result, from the entry of its intent.
pub(crate) fn ended<T>(result: &std::thread::Result<Outcome<T>>, intent: Entry) -> Entry {
    match result {
        Ok(Ok(_)) => Entry { outcome: AuditOutcome::Done, ..intent },
        Ok(Err(error @ Failure::Unanswered(..))) => Entry { outcome: AuditOutcome::Unknown, detail: why_failed(error), ..intent },
        Ok(Err(error)) => Entry { outcome: AuditOutcome::Failed, detail: why_failed(error), ..intent },
        Err(_) => Entry { outcome: AuditOutcome::Unknown, detail: "Something went wrong in the portal. Its log has the details.".to_owned(), ..intent },
    }
}

/// A change whose intent the store does not take.
#[allow(clippy::wildcard_enum_match_arm, reason = "all others are passed on as they are")]
pub(crate) fn not_made(failure: Failure) -> Failure {
    match failure {
        Failure::Store(StoreError::Unwritable(trouble, text)) => {
            tracing::error!(text, "a change was refused, because it could not be recorded");
            Failure::told(StorageProblem::NotRecorded { trouble })
        }
        other => other,
    }
}

impl Portal {
    /// Writes an intent, does the change, and writes how it ended. A change that cannot be recorded is not made.
    ///
    /// Once begun it goes on to its end, also where nobody waits for the answer any more.
    ///
    /// # Errors
    /// Those of the change, or of the store; or the person has made too many changes.
    pub(crate) async fn audited<T, F>(&self, actor: &Actor, act: Act, target: Target, change: impl FnOnce(Self) -> F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        self.pace.count(actor.user.id)?;
        let intent = Entry::new(actor.user.name.as_str(), &actor.origin, act, target, AuditOutcome::Intent);
        let (portal, change) = (self.clone(), change(self.clone()));
        to_its_end(&self.tasks, async move {
            let number = portal.record(intent.clone()).await.map_err(not_made)?;
            let result = AssertUnwindSafe(change).catch_unwind().await;
            portal.record_end(ended(&result, intent.ending(Some(number)))).await;
            result.unwrap_or_else(|fault| resume_unwind(fault))
        })
        .await
    }

    /// Records that something was refused, at most once a minute for the same person, act and target.
    ///
    /// Written in the background: a refusal must not wait for the disk, must not be a way to keep it busy, and must not
    /// tell by its time whether it was written, because that depends on what was refused.
    pub fn refused(&self, actor: &str, origin: &Origin, act: Act, target: Target) {
        let Some(entry) = self.news_of(Entry::new(actor, origin, act, target, AuditOutcome::Refused)) else { return };
        let portal = self.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.tasks.spawn_on(async move { portal.write_refusal(entry).await }, &runtime);
        }
    }

    async fn record(&self, entry: Entry) -> Outcome<i64> {
        Ok(self.storage.noted(self.store().audit(&entry.at(self.now())).await)?)
    }

    /// Records what has been done. Where the store does not take it the entry waits in memory until it does.
    pub(crate) async fn record_end(&self, entry: Entry) {
        self.record_end_as(entry.at(self.now())).await;
    }

    /// The same for an entry with its time.
    pub(crate) async fn record_end_as(&self, entry: NewAudit) {
        if let Err(error) = self.storage.noted(self.store().audit(&entry).await) {
            let (action, outcome) = (entry.deed.act.slug(), entry.outcome.slug());
            tracing::error!(%error, action, target = %entry.deed.target, outcome, "what was done is recorded later");
            self.storage.kept.entry(entry);
        }
    }

    fn news_of(&self, entry: Entry) -> Option<Entry> {
        match self.recent_refusals().look_at(&entry, self.steady()) {
            News::Write => Some(entry),
            News::AndMore => Some(Entry { deed: Deed { target: Target::More, ..entry.deed }, ..entry }),
            News::Quiet => None,
        }
    }

    async fn write_refusal(&self, entry: Entry) {
        let entry = entry.at(self.now());
        if let Err(error) = self.storage.noted(self.store().audit(&entry).await) {
            tracing::warn!(%error, "a refusal is recorded later");
            self.storage.kept.entry(entry);
        }
    }

    /// The newest entries, or those before `before`; of a change that has ended only its end.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn audit_rows(&self, _admin: &PortalAdmin<'_>, before: Option<i64>, filter: &str) -> Outcome<Vec<AuditRow>> {
        Ok(self.store().audit_rows(before, filter.trim(), PAGE).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catch_up::CatchUp;
    use crate::portal::fake::*;
    use domain::Code;
    use domain::account::Role;
    use domain::audit::RoleLack;
    use domain::kubernetes::Away;
    use domain::storage::StorageTrouble;

    fn in_namespace(name: &str) -> Target {
        Target::Namespace { namespace: namespace(name), request: None }
    }

    fn refusal(actor: &str, name: &str) -> Entry {
        Entry::new(actor, &Origin::default(), Act::NeedsNamespace(RoleLack::NoAccess), in_namespace(name), AuditOutcome::Refused)
    }

    fn shop() -> Target {
        Target::App(id("web", "shop"))
    }

    #[test]
    fn more_people_than_remembered_share_one_place() {
        let recent = RecentRefusals::default();
        for n in 0..5 * MAX_PEOPLE {
            recent.look_at(&refusal(&format!("user-{n}"), &format!("web-{n}")), Steady(1));
        }
        assert!(recent.people.lock().unwrap().len() <= MAX_PEOPLE + 1);
        assert_eq!(recent.look_at(&refusal("late", "data"), Steady(QUIET_MS + 1)), News::Write, "and a minute later there is room again");
    }

    #[tokio::test]
    async fn a_change_goes_on_to_its_end_where_its_request_is_given_up() {
        let fake = Fake::new().await;
        let (begun, mut seen) = tokio::sync::watch::channel(false);
        let (go, gate) = tokio::sync::oneshot::channel::<()>();
        let (portal, ann) = (fake.portal.clone(), actor(Role::Operator));
        let request = tokio::spawn(async move {
            let change = |_| async move {
                begun.send_replace(true);
                gate.await.unwrap();
                Ok(())
            };
            portal.audited(&ann, Act::RestartApp, shop(), change).await
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
        let request = tokio::spawn(async move { portal.audited(&ann, Act::RestartApp, shop(), |_| async { gone.await.unwrap() }).await });
        assert!(request.await.unwrap_err().is_panic());
        assert!(fake.audited()[1].starts_with("app.restart unknown Something went wrong in the portal"), "{:?}", fake.audited());
    }

    #[tokio::test]
    async fn the_end_of_the_process_waits_for_a_refusal_that_is_written_in_the_background() {
        let fake = Fake::new().await;
        assert!(fake.portal.operator(&actor(Role::Viewer), &namespace("web")).is_err());
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
        let never = fake.portal.audited(&ann, Act::PauseApp, shop(), |_| async { panic!("it must not be made") as Outcome<()> }).await;
        let problem = never.unwrap_err().problem();
        assert_eq!((problem.code, problem.status), (Code::DatabaseAway, 503));
        assert_eq!(problem.detail, "The disk of the portal's database is full. The change couldn't be recorded, so it wasn't made.");
        assert_eq!(fake.portal.storage.trouble(), Some(StorageTrouble::Full));

        fake.store.set_trouble(None);
        let store = fake.store.clone();
        let filled = |_| async move {
            store.set_trouble(Some(StorageTrouble::Full));
            Ok(())
        };
        fake.portal.audited(&ann, Act::Scale { from: 1, to: 2 }, shop(), filled).await.unwrap();
        fake.portal.refused("ann", &Origin::default(), Act::NeedsNamespace(RoleLack::NoAccess), in_namespace("data"));
        fake.portal.tasks.close();
        fake.portal.tasks.wait().await;
        assert_eq!(fake.audited(), ["app.scale intent from 1 to 2 replicas"]);
        fake.store.set_trouble(None);
        CatchUp::new(&fake.portal).catch_up().await;
        assert_eq!(fake.audited(), ["app.scale intent from 1 to 2 replicas", "app.scale done from 1 to 2 replicas", "namespace.role refused no access"]);
        assert_eq!(fake.store.audit.lock().unwrap()[1].intent, Some(1), "and the end still belongs to its intent");
    }

    #[test]
    fn what_the_table_says_of_a_failure_has_no_insides() {
        let broken = Failure::Store(crate::ports::StoreError::Broken("disk I/O error at page 7".into()));
        let away = Failure::Cluster(ClusterError::Away(Away::Connection("connect to 10.1.2.3:6443".into())));
        assert!(!told(&broken).contains("page 7") && !told(&away).contains("10.1.2.3"));
    }
}
