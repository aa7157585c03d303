//! Failed attempts to sign in.

use super::{Store, promises};
use crate::ports::Tries;
use domain::UnixMs;
use std::sync::Arc;

promises![tries_are_kept_by_key_until_they_are_cleared, tries_are_forgotten_after_a_day_unless_they_last_longer];

const DAY: i64 = 86_400_000;

fn tries(since: i64, blocked_until: i64) -> Tries {
    Tries { failed: 1, since: UnixMs(since), blocked_until: UnixMs(blocked_until) }
}

async fn tries_are_kept_by_key_until_they_are_cleared(store: Arc<dyn Store>) {
    assert_eq!(store.tries("pair a_b").await.unwrap(), Tries::default());
    for key in ["pair a_b", "pair a_b home", "pair aXb", "address"] {
        store.set_tries(key, tries(1, 2)).await.unwrap();
    }
    let more = Tries { failed: 6, ..tries(5, 9) };
    store.set_tries("address", more).await.unwrap();
    assert_eq!(store.tries("address").await.unwrap(), more);
    store.clear_tries_from("pair a_b").await.unwrap();
    let mut left = Vec::new();
    for key in ["pair a_b", "pair a_b home", "pair aXb", "address"] {
        left.push(store.tries(key).await.unwrap().failed);
    }
    assert_eq!(left, [0, 0, 1, 6], "a key is text and no pattern");
    store.clear_tries("address").await.unwrap();
    store.clear_tries("address").await.unwrap();
    assert_eq!(store.tries("address").await.unwrap(), Tries::default());
}

async fn tries_are_forgotten_after_a_day_unless_they_last_longer(store: Arc<dyn Store>) {
    store.set_tries("old", tries(0, 0)).await.unwrap();
    store.set_tries("lasting", tries(0, 30 * DAY)).await.unwrap();
    store.set_tries("new", tries(DAY + 1, 0)).await.unwrap();
    assert_eq!(store.tries("old").await.unwrap(), Tries::default());
    assert_eq!(store.tries("lasting").await.unwrap().failed, 1);
    store.set_tries("later", tries(31 * DAY + 1, 0)).await.unwrap();
    assert_eq!(store.tries("lasting").await.unwrap(), Tries::default());
}
