//! The database as use cases meet it: whether it takes a write, and what waits in memory until it does.

mod kept;

pub use kept::KeptNumbers;

use crate::ports::{AuditLog, Database, Samples, Sessions, StoreError, StoreResult};
use domain::storage::StorageTrouble;
use kept::Kept;
use std::sync::Arc;
use tokio::sync::watch;

/// Whether the database takes a write, and what waits for it.
pub struct Storage {
    database: Arc<dyn Database>,
    sessions: Arc<dyn Sessions>,
    audit_log: Arc<dyn AuditLog>,
    samples: Arc<dyn Samples>,
    /// Why the database takes no write, as far as is known.
    trouble: watch::Sender<Option<StorageTrouble>>,
    /// What waits for it.
    pub(crate) kept: Kept,
}

impl Storage {
    pub(crate) fn new(database: Arc<dyn Database>, sessions: Arc<dyn Sessions>, audit_log: Arc<dyn AuditLog>, samples: Arc<dyn Samples>) -> Self {
        Self { database, sessions, audit_log, samples, trouble: watch::Sender::default(), kept: Kept::default() }
    }

    /// Passes on what the store has said, and remembers where it takes no write.
    pub(crate) fn noted<T>(&self, said: StoreResult<T>) -> StoreResult<T> {
        if let Err(StoreError::Unwritable(trouble, _)) = &said {
            self.trouble.send_if_modified(|now| now.replace(*trouble) != Some(*trouble));
        }
        said
    }

    /// Why the database takes no write, as far as is known now.
    #[must_use]
    pub fn trouble(&self) -> Option<StorageTrouble> {
        *self.trouble.borrow()
    }

    /// A signal whenever the database takes no write any more, takes none for another reason, or takes one again.
    pub(crate) fn trouble_changes(&self) -> watch::Receiver<Option<StorageTrouble>> {
        self.trouble.subscribe()
    }

    /// Whether the database takes a write now, on every connection that writes.
    ///
    /// # Errors
    /// Why it takes none.
    pub(crate) async fn check(&self) -> StoreResult<()> {
        self.noted(self.database.check_writable().await)?;
        self.trouble.send_if_modified(|trouble| trouble.take().is_some());
        Ok(())
    }

    /// How much waits for the database.
    #[must_use]
    pub fn kept_numbers(&self) -> KeptNumbers {
        self.kept.numbers()
    }

    /// Whether anything but samples waits for the database.
    pub(crate) fn is_behind(&self) -> bool {
        self.kept.any()
    }

    /// Gives the database the ends of sessions that wait; whether it has taken all of them. One caller at a time.
    pub(crate) async fn save_session_ends(&self) -> bool {
        for token_hash in self.kept.session_ends() {
            let ended = async {
                // By its token: the number of a session that has gone meanwhile may be another one's.
                let Some(session) = self.sessions.session(&token_hash).await? else { return Ok(()) };
                match self.sessions.end_session(session.user.id, session.id).await {
                    Ok(()) | Err(StoreError::Missing) => Ok(()),
                    Err(error) => Err(error),
                }
            };
            if let Err(error) = self.noted(ended.await) {
                tracing::warn!(%error, "sessions that have ended still wait for the database");
                return false;
            }
            self.kept.session_is_ended(&token_hash);
        }
        true
    }

    /// Gives the database the audit entries that wait. One caller at a time; stops where it does not take them.
    pub(crate) async fn save_entries(&self) {
        while let Some(entry) = self.kept.oldest_entry() {
            if let Err(error) = self.noted(self.audit_log.audit(&entry).await) {
                tracing::warn!(%error, "audit entries still wait for the database");
                return;
            }
            self.kept.entry_is_written(&entry);
        }
    }

    /// Gives the database the samples that wait. One caller at a time; stops where it does not take them.
    pub(crate) async fn save_samples(&self) {
        loop {
            let some = self.kept.some_samples();
            if some.is_empty() {
                return;
            }
            if let Err(error) = self.noted(self.samples.add_samples(&some).await) {
                tracing::warn!(%error, samples = some.len(), "samples wait in memory for the database; charts show a gap until then");
                self.kept.put_back(some);
                return;
            }
        }
    }
}
