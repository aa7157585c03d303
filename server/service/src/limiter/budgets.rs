//! The budgets that tries count against, and the keys under which they are kept.

use crate::quota::Waits;
use sha2::{Digest, Sha256};

/// Longest wait.
pub(super) const MAX_WAIT_MS: i64 = 15 * 60_000;
/// Longest wait for an account that strangers try from many addresses: its owner may be at a new one as well.
const ACCOUNT_WAIT_MS: i64 = 30_000;

/// One budget: a key and what failures on it cost.
pub(super) struct Budget {
    pub(super) key: String,
    pub(super) waits: Waits,
}

const OWN: Waits = Waits { free: 5, longest_ms: MAX_WAIT_MS };
const OF_ADDRESS: Waits = Waits { free: 30, longest_ms: MAX_WAIT_MS };
const OF_ACCOUNT: Waits = Waits { free: 50, longest_ms: ACCOUNT_WAIT_MS };

/// The budgets that a try counts against.
pub(crate) struct Budgets {
    pub(super) all: Vec<Budget>,
    /// Those that would slow a stranger. They keep nobody out who is at home here; but a wrong password is answered as a
    /// stranger's would be, or the answers would tell which of the names are at home.
    pub(super) aside: Vec<Budget>,
    /// The key that a success clears, where there is one.
    pub(super) own: Option<String>,
    /// Whose turn it is: the address, or where the account is at home the two together, so that no stranger is in the way.
    pub(super) place: String,
    /// The account, where strangers try it.
    pub(super) account: Option<String>,
}

/// What stands for a text in a key: as long for every text, and nobody can find two texts that share it.
fn digest(key: &Key, text: &str) -> String {
    hex::encode(&Sha256::new().chain_update(b"limiter").chain_update(key).chain_update(text.as_bytes()).finalize()[..16])
}

/// The portal's own secret.
pub(super) type Key = [u8; 32];

impl Budgets {
    /// `name` is what was typed, whether there is such a user or not; `familiar`: it has signed in from here before.
    pub(super) fn new(key: &Key, name: &str, address: &str, familiar: bool) -> Self {
        let (who, address) = (digest(key, name), network(key, address));
        let (own, account) = (format!("pair {who} {address}"), format!("account {who}"));
        let mut all = vec![Budget { key: own.clone(), waits: OWN }];
        let mut aside = vec![Budget { key: format!("address {address}"), waits: OF_ADDRESS }, Budget { key: account.clone(), waits: OF_ACCOUNT }];
        if !familiar {
            all.append(&mut aside);
        }
        let place = if familiar { own.clone() } else { address };
        Self { all, aside, own: Some(own), place, account: (!familiar).then_some(account) }
    }

    /// For whoever is signed in and gives the own password once more.
    pub(super) fn of_person(key: &Key, name: &str, address: &str) -> Self {
        Self { aside: Vec::new(), ..Self::new(key, name, address, true) }
    }

    /// For what belongs to no account, such as the set-up token: no stranger may use up the budget of another.
    pub(super) fn of_address(key: &Key, address: &str) -> Self {
        let address = network(key, address);
        Self { all: vec![Budget { key: format!("address {address}"), waits: OF_ADDRESS }], aside: Vec::new(), own: None, place: address, account: None }
    }
}

// IPv6 users own at least a /64, so that is what counts as one address.
fn network(key: &Key, address: &str) -> String {
    match address.parse::<std::net::IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(std::net::IpAddr::V6(v6)) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}", s[0], s[1], s[2], s[3])
        }
        Ok(v4) => v4.to_string(),
        Err(_) => digest(key, address),
    }
}

/// The key under which it is kept that the account signs in from this address.
pub(super) fn familiar(key: &Key, name: &str, address: &str) -> String {
    format!("familiar {} {}", digest(key, name), network(key, address))
}

/// The key of the account's budget for strangers, and how the keys begin of its budgets from each address.
pub(super) fn of_account(key: &Key, name: &str) -> [String; 2] {
    let who = digest(key, name);
    [format!("account {who}"), format!("pair {who} ")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_keep_an_account_shut_for_half_a_minute_at_most() {
        let stranger = Budgets::new(&[0; 32], "ann", "10.0.0.9", false);
        let waits: Vec<_> = stranger.all.iter().map(|budget| (budget.key.split(' ').next().unwrap(), budget.waits.after(u32::MAX))).collect();
        assert_eq!(waits, [("pair", MAX_WAIT_MS), ("address", MAX_WAIT_MS), ("account", 30_000)]);
    }

    #[test]
    fn no_name_shares_a_budget_with_another_and_all_keys_are_short() {
        let own = |name: &str| Budgets::new(&[7; 32], name, "10.0.0.1", false).own.unwrap();
        let names: std::collections::BTreeSet<_> = (0..40_000).map(|n| own(&format!("name-{n}"))).collect();
        assert_eq!(names.len(), 40_000);
        assert_eq!(own(&"x".repeat(100_000)).len(), own("ann").len());
    }

    #[test]
    fn an_ipv6_user_cannot_change_the_address_within_his_network() {
        let key = |a| Budgets::new(&[7; 32], "ilse", a, false).own;
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:10.0.0.1"), key("10.0.0.1"), "one address in two ways of writing");
        assert_ne!(key("::ffff:10.0.0.1"), key("::ffff:10.0.0.2"));
    }
}
