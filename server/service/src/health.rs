//! Whether the portal itself can work.

use crate::portal::Portal;
use std::time::Duration;

/// A probe waits no longer for the database.
const WAIT: Duration = Duration::from_secs(2);

impl Portal {
    /// Whether the database takes a write now. Of the cluster it says nothing: a cluster that is away is shown on the pages,
    /// and is no reason to start the portal anew.
    ///
    /// # Errors
    /// One sentence for the operator, without insides.
    pub async fn healthy(&self) -> Result<(), String> {
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
