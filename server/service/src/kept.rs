//! What waits in memory for a store that takes no write: sessions that were signed out, audit entries of what has been done or
//! refused, and samples, which all wait here until they are written. Bounded; what has no room is counted, or refused where it
//! must not be lost.

use crate::health::Health;
use crate::jobs::Job;
use crate::portal::Portal;
use crate::ports::{NewAudit, Sample, StoreError};
use async_trait::async_trait;
use domain::audit::AuditOutcome;
use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Sessions; less than 1 MB.
const MAX_SESSIONS: usize = 10_000;
/// Entries; about 1 MB.
const MAX_ENTRIES: usize = 1000;
/// Samples: 100 pods for 50 minutes; about 5 MB.
const MAX_SAMPLES: usize = 20_000;
/// Samples that go to the store in one transaction.
const AT_ONCE: usize = 2_000;
/// While something is wrong or waits, the database is looked at this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// All that waits.
#[derive(Default)]
pub(crate) struct Kept {
    /// Sessions that have ended and are still in the store, by the hashes of their tokens.
    sessions: Mutex<HashSet<[u8; 32]>>,
    entries: Mutex<VecDeque<NewAudit>>,
    samples: Mutex<VecDeque<Sample>>,
    samples_came: Arc<Notify>,
    entries_lost: AtomicU64,
    samples_lost: AtomicU64,
}

/// How much waits, and how much was lost since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptNumbers {
    /// Audit entries that wait.
    pub entries: u64,
    /// Audit entries that had no room.
    pub entries_lost: u64,
    /// Samples that wait.
    pub samples: u64,
    /// Samples that had no room.
    pub samples_lost: u64,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    /// Keeps the end of a session; whether there was room.
    pub(crate) fn session_end(&self, token_hash: [u8; 32]) -> bool {
        let mut sessions = locked(&self.sessions);
        let fits = sessions.len() < MAX_SESSIONS;
        if fits {
            sessions.insert(token_hash);
        }
        fits
    }

    /// Whether a session has ended that the store still has.
    pub(crate) fn has_ended(&self, token_hash: &[u8; 32]) -> bool {
        locked(&self.sessions).contains(token_hash)
    }

    /// Keeps an entry. Where there is no room an older refusal makes some: what was done is worth more.
    pub(crate) fn entry(&self, entry: NewAudit) {
        let mut entries = locked(&self.entries);
        if entries.len() >= MAX_ENTRIES {
            self.entries_lost.fetch_add(1, Relaxed);
            match entries.iter().position(|e| e.outcome == AuditOutcome::Refused) {
                Some(oldest) if entry.outcome != AuditOutcome::Refused => drop(entries.remove(oldest)),
                _ => {
                    let (action, outcome) = (entry.deed.act.slug(), entry.outcome.slug());
                    tracing::error!(action, target = %entry.deed.target, outcome, actor = entry.actor, "an audit entry is lost");
                    return;
                }
            }
        }
        entries.push_back(entry);
    }

    /// Keeps samples; the oldest go first.
    pub(crate) fn samples(&self, new: Vec<Sample>) {
        let mut samples = locked(&self.samples);
        samples.extend(new);
        let over = samples.len().saturating_sub(MAX_SAMPLES);
        samples.drain(..over);
        self.samples_lost.fetch_add(over as u64, Relaxed);
        self.samples_came.notify_one();
    }

    /// Tells one who waits that there are samples.
    pub(crate) fn samples_came(&self) -> Arc<Notify> {
        self.samples_came.clone()
    }

    fn some_samples(&self) -> Vec<Sample> {
        let mut samples = locked(&self.samples);
        let count = samples.len().min(AT_ONCE);
        samples.drain(..count).collect()
    }

    fn put_back(&self, some: Vec<Sample>) {
        let mut samples = locked(&self.samples);
        for sample in some.into_iter().rev() {
            samples.push_front(sample);
        }
        let over = samples.len().saturating_sub(MAX_SAMPLES);
        samples.drain(..over);
        self.samples_lost.fetch_add(over as u64, Relaxed);
    }

    /// Whether anything waits but samples.
    fn any(&self) -> bool {
        !locked(&self.sessions).is_empty() || !locked(&self.entries).is_empty()
    }
}

impl Portal {
    /// How much waits for the store.
    #[must_use]
    pub fn kept_numbers(&self) -> KeptNumbers {
        let kept = self.kept();
        KeptNumbers {
            entries: locked(&kept.entries).len() as u64,
            entries_lost: kept.entries_lost.load(Relaxed),
            samples: locked(&kept.samples).len() as u64,
            samples_lost: kept.samples_lost.load(Relaxed),
        }
    }

    /// Whether anything but samples waits for the store.
    fn is_behind(&self) -> bool {
        self.kept().any() || self.unsaved().any()
    }

    /// Gives the store all that it has not taken but samples, the ended sessions and the failed sign-ins first. One caller at a
    /// time; stops where the store does not take something.
    pub(crate) async fn catch_up(&self) {
        if !self.end_kept_sessions().await || !self.save_tries().await {
            return;
        }
        loop {
            let Some(entry) = locked(&self.kept().entries).front().cloned() else { break };
            if let Err(error) = self.noted(self.store().audit(&entry).await) {
                tracing::warn!(%error, "audit entries still wait for the database");
                return;
            }
            let mut entries = locked(&self.kept().entries);
            // A flood may have pushed it out meanwhile.
            if entries.front() == Some(&entry) {
                entries.pop_front();
            }
        }
    }

    /// Gives the store the samples that wait. One caller at a time; stops where the store does not take them.
    pub(crate) async fn save_samples(&self) {
        loop {
            let some = self.kept().some_samples();
            if some.is_empty() {
                return;
            }
            if let Err(error) = self.noted(self.store().add_samples(&some).await) {
                tracing::warn!(%error, samples = some.len(), "samples wait in memory for the database; charts show a gap until then");
                self.kept().put_back(some);
                return;
            }
        }
    }

    /// Whether all of them have ended in the store as well.
    async fn end_kept_sessions(&self) -> bool {
        let waiting: Vec<_> = locked(&self.kept().sessions).iter().copied().collect();
        for token_hash in waiting {
            let ended = async {
                // By its token: the number of a session that has gone meanwhile may be another one's.
                let Some(session) = self.store().session(&token_hash).await? else { return Ok(()) };
                match self.store().end_session(session.user.id, session.id).await {
                    Ok(()) | Err(StoreError::Missing) => Ok(()),
                    Err(error) => Err(error),
                }
            };
            if let Err(error) = self.noted(ended.await) {
                tracing::warn!(%error, "sessions that have ended still wait for the database");
                return false;
            }
            locked(&self.kept().sessions).remove(&token_hash);
        }
        true
    }
}

/// Looks again while the database takes no write, and gives it then what has waited.
pub(crate) struct CatchUp {
    portal: Portal,
}

impl CatchUp {
    pub(crate) fn new(portal: &Portal) -> Self {
        Self { portal: portal.clone() }
    }
}

#[async_trait]
impl Job for CatchUp {
    fn name(&self) -> &'static str {
        "catch up"
    }

    fn period(&self) -> Duration {
        LOOK_AGAIN
    }

    async fn run_once(&mut self) {
        let portal = &self.portal;
        if (portal.storage().is_some() || portal.is_behind()) && portal.healthy().await == Health::Well {
            portal.catch_up().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::{Fake, id};
    use domain::UnixMs;
    use domain::audit::{Act, Deed, Target};

    fn entry(outcome: AuditOutcome, session: i64) -> NewAudit {
        let (text, deed) = (String::new, Deed { act: Act::EndSession, target: Target::SessionNumber(session) });
        NewAudit { at: UnixMs(0), actor: text(), address: text(), deed, outcome, detail: text(), intent: None }
    }

    #[test]
    fn the_end_of_a_session_is_kept_up_to_a_bound_and_never_in_place_of_another() {
        let kept = Kept::default();
        let hash = |n: usize| {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&n.to_le_bytes());
            hash
        };
        assert!((0..MAX_SESSIONS).all(|n| kept.session_end(hash(n))));
        assert!(!kept.session_end(hash(MAX_SESSIONS)));
        assert!(kept.has_ended(&hash(0)) && !kept.has_ended(&hash(MAX_SESSIONS)) && kept.any());
    }

    #[test]
    fn refusals_make_room_for_what_was_done_and_what_is_lost_is_counted() {
        let kept = Kept::default();
        (0..MAX_ENTRIES as i64).for_each(|n| kept.entry(entry(AuditOutcome::Refused, n)));
        kept.entry(entry(AuditOutcome::Refused, 9999));
        kept.entry(entry(AuditOutcome::Done, 5000));
        let entries = locked(&kept.entries);
        let (first, last) = (&entries.front().unwrap().deed.target, &entries.back().unwrap().deed.target);
        assert_eq!((entries.len(), first, last), (MAX_ENTRIES, &Target::SessionNumber(1), &Target::SessionNumber(5000)));
        assert_eq!(kept.entries_lost.load(Relaxed), 2);
    }

    #[test]
    fn the_oldest_samples_make_room_for_the_newest() {
        let kept = Kept::default();
        let sample = |at| Sample { at: UnixMs(at), app: id("web", "shop"), pod: "p".into(), cpu_milli: 0, memory_bytes: 0 };
        kept.samples((0..MAX_SAMPLES as i64 + 10).map(sample).collect());
        let some = kept.some_samples();
        assert_eq!((some.len(), some[0].at), (AT_ONCE, UnixMs(10)));
        kept.samples((0..100).map(sample).collect());
        kept.put_back(some);
        assert_eq!((locked(&kept.samples).len(), kept.samples_lost.load(Relaxed)), (MAX_SAMPLES, 110));
    }

    #[tokio::test]
    async fn what_has_waited_is_given_to_the_store_once_however_often_the_job_runs() {
        let fake = Fake::new().await;
        fake.portal.kept().entry(entry(AuditOutcome::Done, 1));
        let mut job = CatchUp::new(&fake.portal);
        job.run_once().await;
        job.run_once().await;
        assert_eq!((fake.store.audit.lock().unwrap().len(), fake.portal.kept_numbers().entries), (1, 0));
    }
}
