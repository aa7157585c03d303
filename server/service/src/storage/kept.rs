//! What waits in memory for a store that takes no write: sessions that were signed out, audit entries of what has been done or
//! refused, and samples, which all wait here until they are written. Bounded; what has no room is counted, or refused where it
//! must not be lost.

use crate::ports::{NewAudit, Sample};
use domain::audit::AuditOutcome;
use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Sessions; less than 1 MB.
const MAX_SESSIONS: usize = 10_000;
/// Entries; about 1 MB.
const MAX_ENTRIES: usize = 1000;
/// Samples: 100 pods for 50 minutes; about 5 MB.
const MAX_SAMPLES: usize = 20_000;
/// Samples that go to the store in one transaction.
const AT_ONCE: usize = 2_000;

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

    pub(super) fn some_samples(&self) -> Vec<Sample> {
        let mut samples = locked(&self.samples);
        let count = samples.len().min(AT_ONCE);
        samples.drain(..count).collect()
    }

    pub(super) fn put_back(&self, some: Vec<Sample>) {
        let mut samples = locked(&self.samples);
        for sample in some.into_iter().rev() {
            samples.push_front(sample);
        }
        let over = samples.len().saturating_sub(MAX_SAMPLES);
        samples.drain(..over);
        self.samples_lost.fetch_add(over as u64, Relaxed);
    }

    /// Whether anything waits but samples.
    pub(super) fn any(&self) -> bool {
        !locked(&self.sessions).is_empty() || !locked(&self.entries).is_empty()
    }

    /// The sessions whose end waits, by the hashes of their tokens.
    pub(super) fn session_ends(&self) -> Vec<[u8; 32]> {
        locked(&self.sessions).iter().copied().collect()
    }

    /// The store has heard of the end of this session.
    pub(super) fn session_is_ended(&self, token_hash: &[u8; 32]) {
        locked(&self.sessions).remove(token_hash);
    }

    /// The oldest entry.
    pub(super) fn oldest_entry(&self) -> Option<NewAudit> {
        locked(&self.entries).front().cloned()
    }

    /// The store has this entry, which was the oldest.
    pub(super) fn entry_is_written(&self, entry: &NewAudit) {
        let mut entries = locked(&self.entries);
        // A flood may have pushed it out meanwhile.
        if entries.front() == Some(entry) {
            entries.pop_front();
        }
    }

    /// How much waits, and how much was lost.
    pub(super) fn numbers(&self) -> KeptNumbers {
        KeptNumbers {
            entries: locked(&self.entries).len() as u64,
            entries_lost: self.entries_lost.load(Relaxed),
            samples: locked(&self.samples).len() as u64,
            samples_lost: self.samples_lost.load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::id;
    use domain::UnixMs;
    use domain::audit::{Act, Deed, Target};

    fn entry(outcome: AuditOutcome, session: i64) -> NewAudit {
        let (text, deed) = (String::new, Deed::new(Act::EndSession, Target::SessionNumber(session)));
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
}
