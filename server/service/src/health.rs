//! Whether the portal itself can work.

use crate::portal::Portal;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A probe waits no longer for the database.
const WAIT: Duration = Duration::from_secs(2);

/// An answer stands for this long: anybody may ask, and each look takes the database's one place for writing.
const STANDS: Duration = Duration::from_secs(1);

/// The last look, and when it was.
pub(crate) type LastLook = Mutex<Option<(Instant, Result<(), String>)>>;

impl Portal {
    /// Whether the work in the background goes on and the database takes a write now. Of the cluster it says nothing: a
    /// cluster that is away is shown on the pages, and is no reason to start the portal anew. Many that ask at once share
    /// one look.
    ///
    /// # Errors
    /// One sentence for the operator, without insides.
    pub async fn healthy(&self) -> Result<(), String> {
        if self.stands_still() {
            return Err("The portal's own work in the background has ended; the log says why. Start the portal anew.".to_owned());
        }
        let mut last = self.last_look().lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < STANDS
        {
            return answer.clone();
        }
        let answer = self.try_database().await;
        *last = Some((Instant::now(), answer.clone()));
        answer
    }

    async fn try_database(&self) -> Result<(), String> {
        match tokio::time::timeout(WAIT, self.store().check_writable()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the database takes no write");
                Err("The database takes no write; the log says why.".to_owned())
            }
            Err(_) => Err(format!("The database took no write for {} s; another process may hold it.", WAIT.as_secs())),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::portal::fake::*;
    use std::sync::atomic::Ordering::SeqCst;
    use tokio_util::sync::CancellationToken;

    #[tokio::test]
    async fn a_portal_whose_work_in_the_background_has_a_fault_is_not_healthy() {
        let fake = Fake::new().await;
        assert_eq!(fake.portal.healthy().await, Ok(()));
        fake.cluster.usage_panics.store(true, SeqCst);
        fake.portal.run(CancellationToken::new()).await;
        assert!(fake.portal.healthy().await.unwrap_err().contains("Start the portal anew"));
    }

    #[tokio::test]
    async fn a_portal_that_is_stopped_has_no_fault() {
        let fake = Fake::new().await;
        let stop = CancellationToken::new();
        stop.cancel();
        fake.portal.run(stop).await;
        assert_eq!(fake.portal.healthy().await, Ok(()));
    }
}
