//! How often somebody may try a password: per account and address together, per address, and per account.
//!
//! Delays grow and end; nobody is locked out for good. A person who comes from an address from which this account
//! has signed in before has a budget of his own, so strangers cannot block him. Names that do not exist share
//! a bounded number of keys, so made-up names fill nothing. Tries from one address, and tries of strangers on one
//! account, are looked at one after the other: many at the same moment would else all pass before the first is counted.

use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::{Store, Tries};
use domain::time::short;
use domain::{Code, Problem, UnixMs};
use sha2::{Digest, Sha256};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// Failed tries are forgotten after this time without one.
const WINDOW_MS: i64 = 30 * 60_000;
/// Longest wait.
const MAX_WAIT_MS: i64 = 15 * 60_000;
/// Longest wait for an account that strangers try from many addresses: its owner may be at a new one as well.
const ACCOUNT_WAIT_MS: i64 = 30_000;
/// How long an address counts as one from which the account signs in.
const FAMILIAR_MS: i64 = 30 * 86_400_000;
/// That is noted anew after this time, to save writes.
const FAMILIAR_AGAIN_MS: i64 = 86_400_000;
/// Tries that may wait for their turn in one lane.
const MAX_WAITING: usize = 32;
/// Lanes per kind. Two addresses that share one only wait for each other.
const LANES: usize = 256;

/// One budget: a key and how many failures it takes without a wait.
struct Budget {
    key: String,
    free: u32,
    /// Longest wait, in milliseconds.
    longest: i64,
}

/// The budgets that a try counts against.
pub(crate) struct Budgets {
    all: Vec<Budget>,
    /// The key that a success clears, where there is one.
    own: Option<String>,
    /// Whose turn it is: the address, or where the account is at home the two together, so that no stranger is in the way.
    place: String,
    /// The account, where strangers try it.
    account: Option<String>,
}

// 1,024 buckets per kind: enough that strangers seldom meet, and a bound whatever is made up. Keyed, or somebody could
// look for names that share a bucket with another and see from it which names exist.
fn bucket(key: &Key, text: &str) -> String {
    let digest = Sha256::new().chain_update(b"limiter").chain_update(key).chain_update(text.as_bytes()).finalize();
    format!("{:03x}", u16::from_be_bytes([digest[0], digest[1]]) & 0x3ff)
}

/// The portal's own secret.
type Key = [u8; 32];

impl Budgets {
    /// `account` is the user's number, `None` where the name does not exist; `familiar`: it has signed in from here before.
    pub(crate) fn new(key: &Key, account: Option<i64>, name: &str, address: &str, familiar: bool) -> Self {
        let address = bucket_address(key, address);
        let (who, own) = match account {
            Some(id) => (id.to_string(), format!("pair {id} {address}")),
            None => (format!("?{}", bucket(key, name)), format!("pair ?{}", bucket(key, &format!("{name} {address}")))),
        };
        let mut all = vec![Budget { key: own.clone(), free: 5, longest: MAX_WAIT_MS }];
        let mut strangers = None;
        if !familiar {
            let key = format!("account {who}");
            all.push(Budget { key: format!("address {address}"), free: 30, longest: MAX_WAIT_MS });
            all.push(Budget { key: key.clone(), free: 50, longest: ACCOUNT_WAIT_MS });
            strangers = Some(key);
        }
        let place = if familiar { own.clone() } else { address };
        Self { all, own: Some(own), place, account: strangers }
    }

    /// For what belongs to no account, such as the set-up token: no stranger may use up the budget of another.
    pub(crate) fn of_address(key: &Key, address: &str) -> Self {
        let address = bucket_address(key, address);
        Self { all: vec![Budget { key: format!("address {address}"), free: 30, longest: MAX_WAIT_MS }], own: None, place: address, account: None }
    }
}

// IPv6 users own at least a /64, so that is what counts as one address.
fn bucket_address(key: &Key, address: &str) -> String {
    match address.parse::<std::net::IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(std::net::IpAddr::V6(v6)) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}", s[0], s[1], s[2], s[3])
        }
        Ok(v4) => v4.to_string(),
        Err(_) => bucket(key, address),
    }
}

fn familiar_key(key: &Key, user_id: i64, address: &str) -> String {
    format!("familiar {user_id} {}", bucket_address(key, address))
}

/// After `failed` failures with some of them free: 2 s, 4 s, 8 s … up to the longest.
fn wait_ms(failed: u32, budget: &Budget) -> i64 {
    match failed.checked_sub(budget.free) {
        None | Some(0) => 0,
        Some(over) => (1000_i64 << over.min(20)).min(budget.longest),
    }
}

/// Forgets what was tried on an account, from wherever.
pub(crate) async fn forget_account(store: &dyn Store, user_id: i64) -> Outcome<()> {
    store.clear_tries(&format!("account {user_id}")).await?;
    Ok(store.clear_tries_from(&format!("pair {user_id} ")).await?)
}

/// Where tries wait for each other.
#[derive(Default)]
struct Lane {
    turn: Mutex<()>,
    waiting: AtomicUsize,
}

impl Lane {
    async fn turn(&self) -> Outcome<MutexGuard<'_, ()>> {
        let _place = Place::take(&self.waiting)?;
        Ok(self.turn.lock().await)
    }
}

/// A place in the queue of a lane; given back also where the request is given up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Outcome<Self> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= MAX_WAITING {
            let problem = Problem::new(Code::TooMany, "Too many tries at the same moment. Try again in a few seconds.");
            return Err(Failure::Told(Problem { retry_after_s: Some(2), ..problem }));
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The queues of a portal.
pub(crate) struct Queues {
    by_address: Vec<Lane>,
    by_account: Vec<Lane>,
    at_home: Vec<Lane>,
    /// Other lanes in each process, so that nobody can choose whom he shares one with.
    hasher: RandomState,
}

impl Queues {
    pub(crate) fn new() -> Self {
        let lanes = || std::iter::repeat_with(Lane::default).take(LANES).collect();
        Self { by_address: lanes(), by_account: lanes(), at_home: lanes(), hasher: RandomState::new() }
    }

    fn lane<'a>(&self, lanes: &'a [Lane], key: &str) -> &'a Lane {
        let place = self.hasher.hash_one(key) % lanes.len() as u64;
        &lanes[usize::try_from(place).unwrap_or_default()]
    }
}

/// A try that may be made. While it is held, no other of the same address is looked at.
pub(crate) struct Turn<'a> {
    _place: MutexGuard<'a, ()>,
    _account: Option<MutexGuard<'a, ()>>,
}

impl Portal {
    /// Waits for the turn of this try, which has to be held until its failure is counted.
    ///
    /// # Errors
    /// `TooMany`, with how long to wait.
    pub(crate) async fn may_try(&self, budgets: &Budgets) -> Outcome<Turn<'_>> {
        // Whoever has to wait anyway is told so without a turn.
        self.not_blocked(budgets).await?;
        // Always the address first, so that two tries never wait for each other.
        let queues = self.queues();
        let familiar = budgets.account.is_none() && budgets.own.is_some();
        let lanes = if familiar { &queues.at_home } else { &queues.by_address };
        let turn = Turn {
            _place: queues.lane(lanes, &budgets.place).turn().await?,
            _account: match &budgets.account {
                Some(key) => Some(queues.lane(&queues.by_account, key).turn().await?),
                None => None,
            },
        };
        self.not_blocked(budgets).await?;
        Ok(turn)
    }

    async fn not_blocked(&self, budgets: &Budgets) -> Outcome<()> {
        let now = self.now();
        let mut until = UnixMs(0);
        for budget in &budgets.all {
            until = until.max(self.store().tries(&budget.key).await?.blocked_until);
        }
        let wait = until.since(now);
        if wait <= 0 {
            return Ok(());
        }
        let seconds = u32::try_from((wait + 999) / 1000).unwrap_or(u32::MAX);
        let problem = Problem { retry_after_s: Some(seconds), ..Problem::new(Code::TooMany, format!("Too many tries. Try again in {}.", short(wait + 999))) };
        Err(Failure::Told(problem))
    }

    /// Counts a failure against every budget. Takes the turn, because the count has to be there before the next try.
    pub(crate) async fn count_failure(&self, budgets: &Budgets, turn: Turn<'_>) -> Outcome<()> {
        let now = self.now();
        for budget in &budgets.all {
            let before = self.store().tries(&budget.key).await?;
            let failed = if now.since(before.since.max(before.blocked_until)) > WINDOW_MS { 1 } else { before.failed.saturating_add(1) };
            let tries = Tries { failed, since: now, blocked_until: now.plus(wait_ms(failed, budget)) };
            self.store().set_tries(&budget.key, tries).await?;
        }
        drop(turn);
        Ok(())
    }

    /// After a success only the person's own budget starts anew: knowing one password frees no guessing of others.
    pub(crate) async fn forget_failures(&self, budgets: &Budgets) -> Outcome<()> {
        if let Some(own) = &budgets.own {
            self.store().clear_tries(own).await?;
        }
        Ok(())
    }

    /// Whether this account has signed in from here before.
    pub(crate) async fn is_familiar(&self, user_id: i64, address: &str) -> Outcome<bool> {
        Ok(self.store().tries(&familiar_key(self.own_key(), user_id, address)).await?.blocked_until > self.now())
    }

    /// Remembers that this account signs in from here. Kept in the table of tries, where a key stays until its last moment.
    pub(crate) async fn make_familiar(&self, user_id: i64, address: &str) -> Outcome<()> {
        let (key, now) = (familiar_key(self.own_key(), user_id, address), self.now());
        if now.since(self.store().tries(&key).await?.since) >= FAMILIAR_AGAIN_MS {
            self.store().set_tries(&key, Tries { failed: 0, since: now, blocked_until: now.plus(FAMILIAR_MS) }).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let budget = Budget { key: String::new(), free: 5, longest: MAX_WAIT_MS };
        assert_eq!([1, 5, 6, 7, 8].map(|n| wait_ms(n, &budget)), [0, 0, 2000, 4000, 8000]);
        assert_eq!(wait_ms(u32::MAX, &budget), MAX_WAIT_MS);
    }

    #[test]
    fn strangers_keep_an_account_shut_for_half_a_minute_at_most() {
        let stranger = Budgets::new(&[0; 32], Some(7), "ann", "10.0.0.9", false);
        let waits: Vec<_> = stranger.all.iter().map(|budget| (budget.key.split(' ').next().unwrap(), wait_ms(u32::MAX, budget))).collect();
        assert_eq!(waits, [("pair", MAX_WAIT_MS), ("address", MAX_WAIT_MS), ("account", 30_000)]);
    }

    #[test]
    fn made_up_names_share_a_bounded_number_of_keys_from_however_many_addresses() {
        let keys: std::collections::BTreeSet<_> = (0..40_000)
            .flat_map(|n| Budgets::new(&[7; 32], None, &format!("name-{n}"), &format!("10.{}.{}.1", n / 250 % 250, n % 250), false).all)
            .map(|b| b.key)
            .filter(|key| !key.starts_with("address"))
            .collect();
        assert!(keys.len() <= 2048, "{}", keys.len());
    }

    #[test]
    fn an_ipv6_user_cannot_change_the_address_within_his_network() {
        let key = |a| Budgets::new(&[7; 32], Some(1), "ilse", a, false).own;
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:10.0.0.1"), key("10.0.0.1"), "one address in two ways of writing");
        assert_ne!(key("::ffff:10.0.0.1"), key("::ffff:10.0.0.2"));
    }

    #[test]
    fn nobody_waits_in_a_queue_without_end() {
        let waiting = AtomicUsize::new(0);
        let places: Vec<_> = (0..MAX_WAITING).map(|_| Place::take(&waiting).unwrap()).collect();
        assert!(Place::take(&waiting).is_err());
        drop(places);
        assert!(Place::take(&waiting).is_ok());
    }
}
