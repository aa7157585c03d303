//! Alone in its process, because it counts what the whole process computes.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, missing_docs)]

mod support;

use support::{from, house, text};

#[tokio::test]
async fn known_and_unknown_users_take_the_same_path() {
    let house = house().await;
    house.portal.ensure_admin(text("four harbour words here")).await.unwrap();
    let _warm = house.portal.sign_in("admin", text("a wrong phrase"), &from("10.0.0.1")).await;
    let mut costs = Vec::new();
    for name in ["admin", "nobody", "not a name at all", "ADMIN", ""] {
        let before = house.portal.hashes_computed();
        let answer = house.portal.sign_in(name, text("a wrong phrase"), &from("10.0.0.2")).await;
        costs.push((house.portal.hashes_computed() - before, answer.err().unwrap().to_string()));
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    assert_eq!(costs[0].0, 1);
}
