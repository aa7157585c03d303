//! The portal's own secret.

use crate::ports::{Database, Rng, StoreResult};
use zeroize::Zeroizing;

/// Its name in the store.
const NAME: &str = "fingerprint";

/// What nobody else knows: it goes into fingerprints of secret values, into seals and into the limiter's keys.
pub(crate) struct OwnKey(Zeroizing<[u8; 32]>);

impl OwnKey {
    /// Reads it from the store, where it is made at the first start.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn read(database: &dyn Database, rng: &dyn Rng) -> StoreResult<Self> {
        let mut fresh = [0; 32];
        rng.fill(&mut fresh);
        Ok(Self(Zeroizing::new(database.key(NAME, fresh).await?)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
