//! How often somebody may try a password: per account and address together, per address, and per account.
//!
//! Delays grow and end; nobody is locked out for good. A person who comes from an address from which this account
//! has signed in before has a budget of his own, so strangers cannot block him. Names that do not exist share
//! a bounded number of keys, so made-up names fill nothing.

use crate::error::{Failure, Outcome};
use crate::portal::Portal;
use crate::ports::Tries;
use domain::time::short;
use domain::{Code, Problem, UnixMs};
use sha2::{Digest, Sha256};

/// Failed tries are forgotten after this time without one.
const WINDOW_MS: i64 = 30 * 60_000;
/// Longest wait.
const MAX_WAIT_MS: i64 = 15 * 60_000;

/// One budget: a key and how many failures it takes without a wait.
struct Budget {
    key: String,
    free: u32,
}

/// The budgets that a try counts against.
pub(crate) struct Budgets(Vec<Budget>);

fn bucket(text: &str) -> String {
    // 1,024 buckets per kind: enough that strangers seldom meet, and a bound whatever is made up.
    let digest = Sha256::digest(text.as_bytes());
    format!("{:03x}", u16::from_be_bytes([digest[0], digest[1]]) & 0x3ff)
}

impl Budgets {
    /// `account` is the user's number, `None` where the name does not exist; `familiar`: it has signed in from here before.
    pub(crate) fn new(account: Option<i64>, name: &str, address: &str, familiar: bool) -> Self {
        let who = account.map_or_else(|| format!("?{}", bucket(name)), |id| id.to_string());
        let mut budgets = vec![Budget { key: format!("pair {who} {}", bucket_address(address)), free: 5 }];
        if !familiar {
            budgets.push(Budget { key: format!("address {}", bucket_address(address)), free: 30 });
            budgets.push(Budget { key: format!("account {who}"), free: 50 });
        }
        Self(budgets)
    }

    pub(crate) fn pair(&self) -> Option<&str> {
        self.0.first().map(|b| b.key.as_str())
    }
}

// IPv6 users own at least a /64, so that is what counts as one address.
fn bucket_address(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(v6)) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}", s[0], s[1], s[2], s[3])
        }
        Ok(v4) => v4.to_string(),
        Err(_) => bucket(address),
    }
}

/// After `failed` failures with `free` of them free: 2 s, 4 s, 8 s … up to the longest.
fn wait_ms(failed: u32, free: u32) -> i64 {
    match failed.checked_sub(free) {
        None | Some(0) => 0,
        Some(over) => (1000_i64 << over.min(20)).min(MAX_WAIT_MS),
    }
}

impl Portal {
    /// Whether a try may be made now.
    ///
    /// # Errors
    /// `TooMany`, with how long to wait.
    pub(crate) async fn may_try(&self, budgets: &Budgets) -> Outcome<()> {
        let now = self.now();
        let mut until = UnixMs(0);
        for budget in &budgets.0 {
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

    /// Counts a failure against every budget.
    pub(crate) async fn count_failure(&self, budgets: &Budgets) -> Outcome<()> {
        let now = self.now();
        for budget in &budgets.0 {
            let before = self.store().tries(&budget.key).await?;
            let failed = if now.since(before.since.max(before.blocked_until)) > WINDOW_MS { 1 } else { before.failed.saturating_add(1) };
            let tries = Tries { failed, since: now, blocked_until: now.plus(wait_ms(failed, budget.free)) };
            self.store().set_tries(&budget.key, tries).await?;
        }
        Ok(())
    }

    /// After a success only the person's own budget starts anew: knowing one password frees no guessing of others.
    pub(crate) async fn forget_failures(&self, budgets: &Budgets) -> Outcome<()> {
        if let Some(pair) = budgets.pair() {
            self.store().clear_tries(pair).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        assert_eq!([1, 5, 6, 7, 8].map(|n| wait_ms(n, 5)), [0, 0, 2000, 4000, 8000]);
        assert_eq!(wait_ms(u32::MAX, 5), MAX_WAIT_MS);
    }

    #[test]
    fn made_up_names_share_a_bounded_number_of_keys() {
        let keys: std::collections::BTreeSet<_> = (0..20_000).filter_map(|n| Budgets::new(None, &format!("name-{n}"), "10.0.0.1", false).pair().map(str::to_owned)).collect();
        assert!(keys.len() <= 1024);
    }

    #[test]
    fn an_ipv6_user_cannot_change_the_address_within_his_network() {
        let key = |a| Budgets::new(Some(1), "ilse", a, false).pair().map(str::to_owned);
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    }
}
