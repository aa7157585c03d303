//! Passwords: rules for new ones, hashing off the async threads, and the same cost for known and unknown users.

use crate::error::{Failure, Outcome};
use crate::ports::Rng;
use crate::settings::Settings;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::form::{AccountWrong, Field, Finding, PasswordWrong};
use domain::problem::{FaultProblem, LimitProblem};
use domain::secret::SecretText;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use subtle::ConstantTimeEq;
use tokio::sync::{Mutex, MutexGuard, OnceCell, OwnedSemaphorePermit, Semaphore};

/// Shortest new password in characters (NIST SP 800-63B-4 asks for 15 where it is the only factor, 8 otherwise).
const MIN_CHARS: usize = 12;
/// Longest password in bytes; enough for any passphrase, and a bound on what is hashed.
const MAX_BYTES: usize = 1024;
/// People of one kind who may wait for a hash at once; more are sent away with a sentence.
const MAX_WAITING: usize = 64;

/// Whose password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Of somebody who is signed in, or who comes from where the account has signed in before.
    Known,
    /// Of anybody who has found the sign-in page.
    Strangers,
}

/// Where passwords wait for a thread to be hashed on. Strangers have a queue of their own and leave a thread free, so that
/// a flood of them holds up nobody who is known. Where there is one thread only, whoever is known waits for one stranger.
struct Hashing {
    threads: Arc<Semaphore>,
    for_strangers: Arc<Semaphore>,
    known_waiting: Arc<Semaphore>,
    strangers_waiting: Arc<Semaphore>,
}

/// A thread that may be used; given back when it is dropped.
type Thread = [Option<OwnedSemaphorePermit>; 3];

impl Hashing {
    fn new(at_once: usize) -> Self {
        let permits = |count: usize| Arc::new(Semaphore::new(count.max(1)));
        Self {
            threads: permits(at_once),
            for_strangers: permits(at_once.saturating_sub(1)),
            known_waiting: permits(MAX_WAITING),
            strangers_waiting: permits(MAX_WAITING),
        }
    }

    async fn thread(&self, whose: Whose) -> Outcome<Thread> {
        let busy = || Failure::told(LimitProblem::SignInsAtOnce);
        let queue = if whose == Whose::Strangers { &self.strangers_waiting } else { &self.known_waiting };
        let waiting = Arc::clone(queue).try_acquire_owned().map_err(|_| busy())?;
        let among_strangers = match whose {
            Whose::Strangers => Some(Arc::clone(&self.for_strangers).acquire_owned().await.map_err(|_| busy())?),
            Whose::Known => None,
        };
        let thread = Arc::clone(&self.threads).acquire_owned().await.map_err(|_| busy())?;
        Ok([Some(waiting), among_strangers, Some(thread)])
    }
}

/// Whether a password may be set.
///
/// # Errors
/// The first rule that it breaks, at the field `field`.
pub(crate) fn check_new(field: Field, password: &SecretText, name: &str) -> Result<(), Finding> {
    broken_rule(password.expose(), name).map_or(Ok(()), |rule| Err(Finding::new(field, AccountWrong::Password(rule))))
}

fn broken_rule(text: &str, name: &str) -> Option<PasswordWrong> {
    let length = text.chars().count();
    if length < MIN_CHARS {
        return Some(PasswordWrong::TooShort { least: MIN_CHARS, now: length });
    }
    if text.len() > MAX_BYTES {
        return Some(PasswordWrong::TooLong(MAX_BYTES));
    }
    let lower = text.to_lowercase();
    let distinct = lower.chars().collect::<std::collections::BTreeSet<_>>().len();
    let plain = ["password", "passwort", "quayside", "123456", "qwertz", "qwerty", "letmein"];
    let rest = plain.iter().fold(lower.replace(name, ""), |text, word| text.replace(word, ""));
    (distinct < 5 || rest.chars().count() < 6).then_some(PasswordWrong::EasyToGuess)
}

/// What a hash costs with argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    fn of(settings: &Settings) -> Self {
        Self { memory_kib: settings.argon2_memory_kib, passes: settings.argon2_passes, lanes: settings.argon2_lanes }
    }

    fn hasher(self) -> Result<Argon2<'static>, argon2::Error> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

impl From<Params> for Cost {
    fn from(params: Params) -> Self {
        Self { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() }
    }
}

/// Blocks (1 KiB) that are reserved for a hash, used or not. The C library gives back at once what is larger than 32 MiB;
/// anything smaller it keeps for the thread that asked, which after a few sign-ins is 100 MiB and more.
const RESERVED: usize = 33 * 1024;

fn hash_into(argon: &Argon2<'_>, password: &SecretText, salt: &[u8], out: &mut [u8]) -> Result<(), argon2::Error> {
    let blocks = argon.params().block_count();
    let mut memory = Vec::with_capacity(blocks.max(RESERVED));
    memory.resize(blocks, Block::new());
    argon.hash_password_into_with_memory(password.expose().as_bytes(), salt, out, &mut memory)
}

/// A new hash as a PHC string.
fn phc(argon: &Argon2<'_>, password: &SecretText, salt: &[u8]) -> Result<String, String> {
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    hash_into(argon, password, salt, &mut out).map_err(|e| e.to_string())?;
    let salt = Salt::new(salt).map_err(|e| e.to_string())?;
    let hash = Output::new(&out).map_err(|e| e.to_string())?;
    let params = ParamsString::try_from(argon.params()).map_err(|e| e.to_string())?;
    Ok(PasswordHash { algorithm: Algorithm::Argon2id.ident(), version: Some(Version::V0x13.into()), params, salt: Some(salt), hash: Some(hash) }.to_string())
}

/// Hashes a password with the configured cost, on the thread that asks.
///
/// # Errors
/// The cost is not possible.
pub(crate) fn hash_now(settings: &Settings, rng: &dyn Rng, password: &SecretText) -> Outcome<String> {
    let argon = Cost::of(settings).hasher().map_err(|e| internal(&e.to_string()))?;
    phc(&argon, password, &salt(rng)).map_err(|e| internal(&e))
}

fn salt(rng: &dyn Rng) -> [u8; 16] {
    let mut salt = [0; 16];
    rng.fill(&mut salt);
    salt
}

/// Whether the password is the one of a PHC string, and the cost it was hashed with; nothing where the string is none.
fn matches(phc: &str, password: &SecretText) -> Option<(bool, Cost)> {
    let stored = PasswordHash::new(phc).ok()?;
    let (salt, hash) = (stored.salt.as_ref()?, stored.hash.as_ref()?);
    let params = Params::try_from(&stored).ok()?;
    let version = stored.version.map_or(Ok(Version::V0x13), Version::try_from).ok()?;
    let argon = Argon2::new(Algorithm::try_from(stored.algorithm.as_str()).ok()?, version, params.clone());
    let mut out = vec![0; hash.len()];
    hash_into(&argon, password, salt.as_ref(), &mut out).ok()?;
    Some((bool::from(out.as_slice().ct_eq(hash.as_bytes())), params.into()))
}

/// What came of a check.
pub(crate) struct Checked {
    /// The password is right.
    pub(crate) right: bool,
    /// A new hash to store, because the configured cost has changed since the old one was made.
    pub(crate) rehashed: Option<String>,
}

/// Hashes and checks passwords.
pub struct Passwords {
    rng: Arc<dyn Rng>,
    cost: Cost,
    hashing: Hashing,
    /// Passwords hashed or checked.
    hashes: AtomicU64,
    /// A hash of no password, checked where there is no such user, so that both cost the same time.
    decoy: OnceCell<String>,
    /// See [`Passwords::hold_stored`].
    stored: Mutex<()>,
}

impl Passwords {
    pub(crate) fn new(rng: Arc<dyn Rng>, settings: &Settings) -> Self {
        let hashing = Hashing::new(settings.hashes_at_once);
        Self { rng, cost: Cost::of(settings), hashing, hashes: AtomicU64::new(0), decoy: OnceCell::new(), stored: Mutex::new(()) }
    }

    /// Held from the last look at a stored password to what follows from it: a new session, a new hash, the end of
    /// sessions. Without it a sign-in with the old password could outlive the change of it. Held for some writes, never
    /// while a password is hashed.
    pub(crate) async fn hold_stored(&self) -> MutexGuard<'_, ()> {
        self.stored.lock().await
    }

    /// Hashes a password with the configured cost.
    ///
    /// # Errors
    /// Too many are waiting, or the cost is not possible.
    pub(crate) async fn hash(&self, password: SecretText) -> Outcome<String> {
        self.hash_on(Whose::Known, password).await
    }

    async fn hash_on(&self, whose: Whose, password: SecretText) -> Outcome<String> {
        let argon = self.cost.hasher().map_err(|e| internal(&e.to_string()))?;
        let salt = salt(self.rng.as_ref());
        self.on_thread(whose, move || phc(&argon, &password, &salt)).await?.map_err(|e| internal(&e))
    }

    /// Checks a password against a stored hash; without one, against a decoy of the same cost, and says no.
    ///
    /// # Errors
    /// Too many are waiting.
    pub(crate) async fn check(&self, whose: Whose, phc: Option<&str>, password: SecretText) -> Outcome<Checked> {
        if password.expose().len() > MAX_BYTES {
            return Ok(Checked { right: false, rehashed: None });
        }
        let known = phc.is_some();
        // Made for everybody, so that the first unknown name costs no more than a known one.
        let decoy = self.decoy.get_or_try_init(|| self.hash_on(whose, SecretText::new("no password at all".to_owned()))).await?;
        let phc = phc.unwrap_or(decoy).to_owned();
        let again = password.clone();
        let (fits, cost) = self.on_thread(whose, move || matches(&phc, &password)).await?.unzip();
        let right = known && fits == Some(true);
        let outdated = cost.is_some_and(|cost| cost != self.cost);
        let rehashed = if right && outdated { Some(self.hash_on(whose, again).await?) } else { None };
        Ok(Checked { right, rehashed })
    }

    /// How many passwords were hashed or checked since the start of the portal. What a try costs is told by it: a test cannot measure time.
    #[must_use]
    pub fn hashes_computed(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    // A hash takes tens of milliseconds and megabytes: a few at a time, on threads where nothing else waits.
    async fn on_thread<T: Send + 'static>(&self, whose: Whose, work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
        let thread = self.hashing.thread(whose).await?;
        self.hashes.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            let _held = thread;
            work()
        });
        done.await.map_err(|e| internal(&e.to_string()))
    }
}

fn internal(details: &str) -> Failure {
    tracing::error!(details, "a password could not be hashed");
    Failure::told(FaultProblem::PasswordNotChecked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::FakeRng;
    use domain::Code;
    use std::sync::mpsc;
    use std::time::Duration;

    #[tokio::test]
    async fn a_flood_of_strangers_holds_up_nobody_who_is_known() {
        for at_once in [2, 3] {
            let passwords = Arc::new(Passwords::new(Arc::new(FakeRng), &Settings { hashes_at_once: at_once, ..Settings::default() }));
            let (begun, mut threads) = tokio::sync::mpsc::unbounded_channel();
            let mut gates = Vec::new();
            let flood: Vec<_> = (0..MAX_WAITING)
                .map(|_| {
                    let ((gate, closed), begun, passwords) = (mpsc::channel::<()>(), begun.clone(), passwords.clone());
                    gates.push(gate);
                    let work = move || {
                        begun.send(()).unwrap();
                        let _ = closed.recv();
                    };
                    tokio::spawn(async move { passwords.on_thread(Whose::Strangers, work).await })
                })
                .collect();
            threads.recv().await.unwrap();
            while passwords.hashing.strangers_waiting.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            let refused = passwords.on_thread(Whose::Strangers, || ()).await.unwrap_err().problem();
            assert_eq!(refused.code, Code::TooMany, "the queue of strangers is full");
            for _ in 0..3 {
                let known = tokio::time::timeout(Duration::from_secs(5), passwords.on_thread(Whose::Known, || 7)).await;
                assert_eq!(known.expect("no stranger is in the way").unwrap(), 7);
            }
            drop(gates);
            for one in flood {
                one.await.unwrap().unwrap();
            }
        }
    }
}
