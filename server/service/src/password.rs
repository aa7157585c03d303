//! Passwords: rules for new ones, hashing off the async threads, and the same cost for known and unknown users.

use crate::error::{Failure, Outcome};
use crate::portal::{Portal, Settings};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::secret::SecretText;
use domain::{Code, FieldError, Username};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::MutexGuard;

/// Shortest new password in characters (NIST SP 800-63B-4 asks for 15 where it is the only factor, 8 otherwise).
const MIN_CHARS: usize = 12;
/// Longest password in bytes; enough for any passphrase, and a bound on what is hashed.
const MAX_BYTES: usize = 1024;
/// People who may wait for a hash at once; more are sent away with a sentence.
const MAX_WAITING: usize = 64;

/// Whether a password may be set.
///
/// # Errors
/// One sentence for the field `field`.
pub(crate) fn check_new(field: &str, password: &SecretText, name: &Username) -> Outcome<()> {
    let text = password.expose();
    let says = |sentence: String| Err(Failure::fields(vec![FieldError::new(field, sentence)]));
    let length = text.chars().count();
    if length < MIN_CHARS {
        return says(format!("A password has at least {MIN_CHARS} characters; this one has {length}. A sentence of four words is a good one."));
    }
    if text.len() > MAX_BYTES {
        return says(format!("A password has at most {MAX_BYTES} bytes."));
    }
    let lower = text.to_lowercase();
    let distinct = lower.chars().collect::<std::collections::BTreeSet<_>>().len();
    let plain = ["password", "passwort", "quayside", "123456", "qwertz", "qwerty", "letmein"];
    let rest = plain.iter().fold(lower.replace(name.as_str(), ""), |text, word| text.replace(word, ""));
    if distinct < 5 || rest.chars().count() < 6 {
        return says("This password is too easy to guess. Use words that have nothing to do with the name or each other.".to_owned());
    }
    Ok(())
}

fn hasher(settings: &Settings) -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(settings.argon2_memory_kib, settings.argon2_passes, settings.argon2_lanes, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What came of a check.
pub(crate) struct Checked {
    /// The password is right.
    pub(crate) right: bool,
    /// A new hash to store, because the configured cost has changed since the old one was made.
    pub(crate) rehashed: Option<String>,
}

impl Portal {
    /// Held from the last look at a stored password to what follows from it: a new session, a new hash, the end of
    /// sessions. Without it a sign-in with the old password could outlive the change of it. Held for some writes, never
    /// while a password is hashed.
    pub(crate) async fn hold_stored_passwords(&self) -> MutexGuard<'_, ()> {
        self.stored_passwords().lock().await
    }

    /// Hashes a password with the configured cost.
    ///
    /// # Errors
    /// Too many are waiting, or the cost is not possible.
    pub(crate) async fn hash_password(&self, password: SecretText) -> Outcome<String> {
        let argon = hasher(self.settings()).map_err(|e| internal(&e.to_string()))?;
        let mut salt = [0; 16];
        self.rng().fill(&mut salt);
        self.hashing_thread(move || argon.hash_password_with_salt(password.expose().as_bytes(), &salt).map(|h| h.to_string()).map_err(|e| e.to_string()))
            .await?
            .map_err(|e| internal(&e))
    }

    /// Checks a password against a stored hash; without one, against a decoy of the same cost, and says no.
    ///
    /// # Errors
    /// Too many are waiting.
    pub(crate) async fn check_password(&self, phc: Option<&str>, password: SecretText) -> Outcome<Checked> {
        if password.expose().len() > MAX_BYTES {
            return Ok(Checked { right: false, rehashed: None });
        }
        let known = phc.is_some();
        // Made for everybody, so that the first unknown name costs no more than a known one.
        let decoy = self.decoy().get_or_try_init(|| self.hash_password(SecretText::new("no password at all".to_owned()))).await?;
        let phc = phc.unwrap_or(decoy).to_owned();
        let argon = hasher(self.settings()).map_err(|e| internal(&e.to_string()))?;
        let wanted = argon.params().clone();
        let again = password.clone();
        let (matches, outdated) = self
            .hashing_thread(move || match PasswordHash::new(&phc) {
                Ok(hash) => {
                    let outdated = Params::try_from(&hash)
                        .map_or(true, |p| p.m_cost() != wanted.m_cost() || p.t_cost() != wanted.t_cost() || p.p_cost() != wanted.p_cost());
                    (argon.verify_password(password.expose().as_bytes(), &hash).is_ok(), outdated)
                }
                Err(_) => (false, false),
            })
            .await?;
        let right = known && matches;
        let rehashed = if right && outdated { Some(self.hash_password(again).await?) } else { None };
        Ok(Checked { right, rehashed })
    }

    /// How many passwords were hashed or checked since the start of the portal, for its own metrics.
    #[must_use]
    pub fn hashes_computed(&self) -> u64 {
        self.hashes().load(Ordering::Relaxed)
    }

    // A hash takes tens of milliseconds and megabytes: a few at a time, on threads where nothing else waits.
    async fn hashing_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
        let busy = || Failure::told(Code::TooMany, "Many people are signing in right now. Try again in a few seconds.");
        let waiting = Arc::clone(self.hashing_queue()).try_acquire_owned().map_err(|_| busy())?;
        let permit = Arc::clone(self.hashing()).acquire_owned().await.map_err(|_| busy())?;
        self.hashes().fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            let _held = (waiting, permit);
            work()
        });
        done.await.map_err(|e| internal(&e.to_string()))
    }
}

/// Size of the queue in front of the hashing threads.
pub(crate) const QUEUE: usize = MAX_WAITING;

fn internal(details: &str) -> Failure {
    tracing::error!(details, "a password could not be hashed");
    Failure::told(Code::Internal, "The portal could not check the password. Try again in a moment.")
}
