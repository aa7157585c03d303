//! Sessions.

use super::{Store, add_user, promises};
use crate::ports::{NewSession, StoreError, UserState};
use domain::UnixMs;
use std::sync::Arc;

promises![
    a_session_is_found_by_its_hash_with_its_user,
    a_session_begins_for_a_user_who_is_there_and_is_seen_then,
    of_too_many_sessions_the_ones_unused_for_longest_end,
    a_use_is_noted,
    only_its_own_user_ends_a_session,
    ending_the_other_sessions_keeps_this_one_and_those_of_others,
    sessions_past_either_limit_are_pruned,
];

fn new(n: u8, user_id: i64, created: i64) -> NewSession {
    NewSession { token_hash: [n; 32], user_id, created: UnixMs(created), address: "10.0.0.1".into(), agent: format!("agent {n}") }
}

async fn begin(store: &dyn Store, n: u8, user_id: i64, created: i64) -> i64 {
    assert_eq!(store.create_session(&new(n, user_id, created)).await.unwrap(), 0, "nobody's session has to make room");
    store.session(&[n; 32]).await.unwrap().unwrap().id
}

async fn left(store: &dyn Store, user_id: i64) -> Vec<i64> {
    store.sessions(user_id).await.unwrap().into_iter().map(|s| s.id).collect()
}

async fn a_session_is_found_by_its_hash_with_its_user(store: Arc<dyn Store>) {
    let (ann, _ben) = (add_user(&*store, "ann").await, add_user(&*store, "ben").await);
    begin(&*store, 7, ann, 5).await;
    let disabled = UserState { display: "Ann".into(), admin: false, disabled: true };
    store.create_user(&super::username("root"), "Root", "phc", true, UnixMs(1)).await.unwrap();
    store.update_user(ann, None, &disabled).await.unwrap();
    let found = store.session(&[7; 32]).await.unwrap().unwrap();
    assert_eq!((found.user.id, found.user.disabled, found.created, found.last_seen), (ann, true, UnixMs(5), UnixMs(5)));
    assert!(store.session(&[8; 32]).await.unwrap().is_none());
    let listed = store.sessions(ann).await.unwrap().remove(0);
    assert_eq!((listed.id, listed.current, listed.address.as_str(), listed.agent.as_str()), (found.id, false, "10.0.0.1", "agent 7"));
}

async fn a_session_begins_for_a_user_who_is_there_and_is_seen_then(store: Arc<dyn Store>) {
    let ann = add_user(&*store, "ann").await;
    begin(&*store, 7, ann, 5).await;
    assert_eq!(store.user_by_id(ann).await.unwrap().unwrap().0.last_seen, Some(UnixMs(5)));
    store.create_session(&new(8, 99, 5)).await.unwrap_err();
    assert!(store.session(&[8; 32]).await.unwrap().is_none());
}

async fn of_too_many_sessions_the_ones_unused_for_longest_end(store: Arc<dyn Store>) {
    let ann = add_user(&*store, "ann").await;
    let first = begin(&*store, 0, ann, 0).await;
    let second = begin(&*store, 1, ann, 1).await;
    for n in 2..100 {
        begin(&*store, n, ann, i64::from(n)).await;
    }
    store.touch_session(first, UnixMs(500)).await.unwrap();
    assert_eq!(store.create_session(&new(100, ann, 100)).await.unwrap(), 1);
    let left = left(&*store, ann).await;
    assert!(left.len() == 100 && left[0] == first && !left.contains(&second), "{left:?}");
}

async fn a_use_is_noted(store: Arc<dyn Store>) {
    let ann = add_user(&*store, "ann").await;
    let (a, b) = (begin(&*store, 1, ann, 1).await, begin(&*store, 2, ann, 2).await);
    assert_eq!(left(&*store, ann).await, [b, a], "the newest first");
    store.touch_session(a, UnixMs(9)).await.unwrap();
    assert_eq!(left(&*store, ann).await, [a, b]);
    let found = store.session(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.created, found.last_seen), (UnixMs(1), UnixMs(9)));
    assert!(matches!(store.touch_session(99, UnixMs(9)).await, Err(StoreError::Missing)));
}

async fn only_its_own_user_ends_a_session(store: Arc<dyn Store>) {
    let (ann, ben) = (add_user(&*store, "ann").await, add_user(&*store, "ben").await);
    let id = begin(&*store, 1, ann, 1).await;
    assert!(matches!(store.end_session(ben, id).await, Err(StoreError::Missing)));
    store.end_session(ann, id).await.unwrap();
    assert!(store.session(&[1; 32]).await.unwrap().is_none());
    assert!(matches!(store.end_session(ann, id).await, Err(StoreError::Missing)));
}

async fn ending_the_other_sessions_keeps_this_one_and_those_of_others(store: Arc<dyn Store>) {
    let (ann, ben) = (add_user(&*store, "ann").await, add_user(&*store, "ben").await);
    let other = begin(&*store, 9, ben, 1).await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(begin(&*store, n, ann, i64::from(n)).await);
    }
    store.end_sessions(ann, Some(ids[1])).await.unwrap();
    assert_eq!((left(&*store, ann).await, left(&*store, ben).await), (vec![ids[1]], vec![other]));
    store.end_sessions(ann, None).await.unwrap();
    assert_eq!((left(&*store, ann).await, left(&*store, ben).await), (vec![], vec![other]));
}

async fn sessions_past_either_limit_are_pruned(store: Arc<dyn Store>) {
    let ann = add_user(&*store, "ann").await;
    let (old, _idle, fresh) = (begin(&*store, 1, ann, 10).await, begin(&*store, 2, ann, 20).await, begin(&*store, 3, ann, 20).await);
    for id in [old, fresh] {
        store.touch_session(id, UnixMs(50)).await.unwrap();
    }
    assert_eq!(store.prune_sessions(UnixMs(50), UnixMs(20)).await.unwrap(), 2);
    assert_eq!(left(&*store, ann).await, [fresh]);
}
