//! The database as a whole.

use super::{Store, add_user, promises};
use crate::ports::{NewSession, Tries};
use domain::UnixMs;
use std::sync::Arc;

promises![a_fresh_store_can_be_written, the_first_key_of_a_name_stays, what_a_clock_that_was_set_ahead_has_left_begins_now];

async fn a_fresh_store_can_be_written(store: Arc<dyn Store>) {
    store.check_writable().await.unwrap();
    store.check_writable().await.unwrap();
}

async fn the_first_key_of_a_name_stays(store: Arc<dyn Store>) {
    assert_eq!(store.key("own", [1; 32]).await.unwrap(), [1; 32]);
    assert_eq!(store.key("own", [2; 32]).await.unwrap(), [1; 32]);
    assert_eq!(store.key("other", [3; 32]).await.unwrap(), [3; 32]);
}

async fn what_a_clock_that_was_set_ahead_has_left_begins_now(store: Arc<dyn Store>) {
    let ann = add_user(&*store, "ann").await;
    for n in [1, 2] {
        let session = NewSession { token_hash: [n; 32], user_id: ann, created: UnixMs(400 * i64::from(n)), address: String::new(), agent: String::new() };
        store.create_session(&session).await.unwrap();
    }
    store.set_tries("pair", Tries { failed: 7, since: UnixMs(800), blocked_until: UnixMs(804) }).await.unwrap();
    store.date_back(UnixMs(500)).await.unwrap();
    let mut begin = Vec::new();
    for n in [1, 2] {
        let session = store.session(&[n; 32]).await.unwrap().unwrap();
        begin.push((session.created.0, session.last_seen.0));
    }
    assert_eq!(begin, [(400, 400), (500, 500)]);
    assert_eq!(store.tries("pair").await.unwrap(), Tries { failed: 7, since: UnixMs(500), blocked_until: UnixMs(504) });
}
