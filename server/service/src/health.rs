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
    /// Whether the database takes a write now. Of the cluster it says nothing: a cluster that is away is shown on the pages,
    /// and is no reason to start the portal anew. Many that ask at once share one look.
    ///
    /// # Errors
    /// One sentence for the operator, without insides.
    pub async fn healthy(&self) -> Result<(), String> {
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
