//! Seals for sentences about what was just done: the page that tells one is found by its address, and a stranger can make an
//! address. What has a seal was written by the portal for this session.

use crate::access::capability::Actor;
use crate::own_key::OwnKey;
use crate::token::same;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;

/// Bytes of a seal, of the 32 that the HMAC has. An address has it in hex, as twice as many characters.
const SEAL: usize = 16;

/// Makes seals.
pub struct Seals {
    key: Arc<OwnKey>,
}

impl Seals {
    pub(crate) fn new(key: Arc<OwnKey>) -> Self {
        Self { key }
    }

    /// The seal of a text for the session of this person.
    #[must_use]
    pub fn seal(&self, actor: &Actor, text: &str) -> String {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(self.key.bytes()) else { return String::new() };
        // The key has other uses, but in none of them a text begins with a zero byte.
        let mac = mac.chain_update([0]).chain_update(actor.token_hash).chain_update(text);
        hex::encode(&mac.finalize().into_bytes()[..SEAL])
    }

    /// Whether the text was sealed for the session of this person.
    #[must_use]
    pub fn holds(&self, actor: &Actor, text: &str, seal: &str) -> bool {
        seal.len() == SEAL * 2 && same(self.seal(actor, text).as_bytes(), seal.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use crate::portal::fake::*;
    use domain::account::Role;

    #[tokio::test]
    async fn a_seal_holds_for_one_text_and_one_session() {
        let fake = Fake::new().await;
        let (ann, mut elsewhere) = (actor(Role::Viewer), actor(Role::Viewer));
        elsewhere.token_hash = [1; 32];
        let seal = fake.portal.seals.seal(&ann, "/teams?done=deleted");
        assert!(fake.portal.seals.holds(&ann, "/teams?done=deleted", &seal));
        assert!(!fake.portal.seals.holds(&ann, "/teams?done=created", &seal));
        assert!(!fake.portal.seals.holds(&elsewhere, "/teams?done=deleted", &seal));
        assert!(!fake.portal.seals.holds(&ann, "/teams?done=deleted", "") && !fake.portal.seals.holds(&ann, "/teams?done=deleted", &seal[1..]));
    }
}
