//! Whether the portal itself can work, and whether its database takes what it has to record.

use crate::ports::StoreError;
use crate::storage::Storage;
use domain::storage::StorageTrouble;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A probe waits no longer for the database. A look that takes longer goes on, and the next probe hears of it.
const WAIT: Duration = Duration::from_secs(2);

/// An answer stands for this long: anybody may ask, and each look takes the database's one place for writing.
const STANDS: Duration = Duration::from_secs(1);

/// How the portal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// All works.
    Well,
    /// Something lies outside of the portal that no restart mends; it works on as well as it can.
    Hindered(StorageTrouble),
    /// A restart mends it.
    Broken(Fault),
}

/// What a restart mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A job of the portal's own in the background has ended.
    StandsStill,
    /// The portal's connections to the database do not work.
    Connections,
}

/// Looks whether the portal can work.
pub struct HealthCheck {
    storage: Arc<Storage>,
    /// A job in the background has ended before its time.
    stands_still: AtomicBool,
    looks: Mutex<Looks>,
}

/// The last look at the database and the one that is under way.
#[derive(Default)]
struct Looks {
    last: Option<(Instant, Health)>,
    under_way: Option<Shared<BoxFuture<'static, Health>>>,
}

impl HealthCheck {
    pub(crate) fn new(storage: Arc<Storage>) -> Self {
        Self { storage, stands_still: AtomicBool::new(false), looks: Mutex::default() }
    }

    /// Some of what people see is not kept up to date any more.
    pub(crate) fn stand_still(&self) {
        self.stands_still.store(true, Ordering::Relaxed);
    }

    /// Whether all work in the background goes on, and whether the database takes a write now, on every connection that
    /// writes. Of the cluster it says nothing: a cluster that is away is shown on the pages, and is no reason to start the
    /// portal anew. Many that ask at once share one look.
    pub async fn check(self: &Arc<Self>) -> Health {
        if self.stands_still.load(Ordering::Relaxed) {
            return Health::Broken(Fault::StandsStill);
        }
        let look = {
            let mut looks = self.looks();
            match &looks.last {
                Some((at, health)) if at.elapsed() < STANDS => return *health,
                _ => looks.under_way.get_or_insert_with(|| self.begin_look()).clone(),
            }
        };
        // It may wait for another process, or for a disk that hangs: a restart would wait as well.
        tokio::time::timeout(WAIT, look).await.unwrap_or(Health::Hindered(StorageTrouble::Held))
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_look(self: &Arc<Self>) -> Shared<BoxFuture<'static, Health>> {
        let check = Arc::clone(self);
        let look = tokio::spawn(async move {
            let health = check.look().await;
            *check.looks() = Looks { last: Some((Instant::now(), health)), under_way: None };
            health
        });
        look.map(|ended| ended.unwrap_or(Health::Broken(Fault::Connections))).boxed().shared()
    }

    async fn look(&self) -> Health {
        match self.storage.check().await {
            Ok(()) => Health::Well,
            Err(StoreError::Unwritable(trouble, error)) => {
                tracing::warn!(error, trouble = trouble.slug(), "the database takes no write");
                Health::Hindered(trouble)
            }
            Err(error) => {
                tracing::error!(%error, "the connections to the database do not work");
                Health::Broken(Fault::Connections)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use std::sync::atomic::Ordering::SeqCst;
    use tokio_util::sync::CancellationToken;
    use tokio_util::task::AbortOnDropHandle;

    #[tokio::test(start_paused = true)]
    async fn a_portal_whose_work_in_the_background_has_a_fault_is_not_healthy_and_the_rest_of_it_goes_on() {
        let fake = Fake::new().await;
        assert_eq!(fake.portal.health.check().await, Health::Well);
        fake.cluster.usage_panics.store(true, SeqCst);
        let portal = fake.portal.clone();
        let _run = AbortOnDropHandle::new(tokio::spawn(async move { portal.run(CancellationToken::new()).await }));
        // The clock is paused: it goes on only when no task has anything left to do.
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(fake.portal.health.check().await, Health::Broken(Fault::StandsStill));
        fake.cluster.show([Arc::new(app("shop", Vec::new()))]);
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(fake.portal.app_list.board().borrow().row(&id("web", "shop")).is_some(), "the list still follows the cluster");
    }

    #[tokio::test]
    async fn a_portal_that_is_stopped_has_no_fault() {
        let fake = Fake::new().await;
        let stop = CancellationToken::new();
        stop.cancel();
        fake.portal.run(stop).await;
        assert_eq!(fake.portal.health.check().await, Health::Well);
    }

    #[tokio::test]
    async fn a_full_disk_is_no_reason_to_restart_and_is_forgotten_when_there_is_room() {
        let fake = Fake::new().await;
        for trouble in StorageTrouble::ALL {
            fake.store.set_trouble(Some(trouble));
            assert_eq!((fake.portal.health.look().await, fake.portal.storage.trouble()), (Health::Hindered(trouble), Some(trouble)));
        }
        fake.store.set_trouble(None);
        assert_eq!((fake.portal.health.look().await, fake.portal.storage.trouble()), (Health::Well, None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_does_not_answer_holds_up_no_probe_and_is_asked_once() {
        let fake = Fake::new().await;
        let answers = Arc::new(tokio::sync::Notify::new());
        *fake.store.hangs.lock().unwrap() = Some(answers.clone());
        for _ in 0..3 {
            assert_eq!(fake.portal.health.check().await, Health::Hindered(StorageTrouble::Held));
        }
        let look = fake.portal.health.looks().under_way.clone().expect("one look is under way");
        *fake.store.hangs.lock().unwrap() = None;
        answers.notify_waiters();
        assert_eq!(look.await, Health::Well);
        assert_eq!(fake.portal.health.check().await, Health::Well);
    }
}
