//! Users.

use super::{Store, promises, username};
use crate::ports::{StoreError, UserState};
use domain::UnixMs;
use std::sync::Arc;

promises![
    a_first_admin_is_made_only_where_there_is_no_user,
    of_racing_set_ups_one_makes_an_admin,
    a_name_is_given_once,
    users_are_listed_by_name_and_found_with_their_hash,
    a_new_hash_is_in_place_of_the_old_one,
    a_change_of_a_user_that_was_changed_meanwhile_is_refused,
    the_last_admin_can_neither_be_disabled_nor_demoted,
];

fn state(display: &str, admin: bool, disabled: bool) -> UserState {
    UserState { display: display.into(), admin, disabled }
}

async fn a_first_admin_is_made_only_where_there_is_no_user(store: Arc<dyn Store>) {
    assert_eq!(store.count_users().await.unwrap(), 0);
    let mara = store.create_first_admin(&username("mara"), "Mara", "phc", UnixMs(7)).await.unwrap();
    assert!(mara.admin && !mara.disabled);
    assert_eq!((mara.created, mara.last_seen), (UnixMs(7), None));
    assert!(matches!(store.create_first_admin(&username("ilse"), "Ilse", "phc", UnixMs(8)).await, Err(StoreError::Exists)));
    assert_eq!(store.count_users().await.unwrap(), 1);
}

async fn of_racing_set_ups_one_makes_an_admin(store: Arc<dyn Store>) {
    let tries = ["mara", "ilse", "tomas", "jonas"].map(|who| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.create_first_admin(&username(who), who, "phc", UnixMs(1)).await.is_ok() })
    });
    let mut made = 0;
    for task in tries {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!((made, store.count_users().await.unwrap()), (1, 1));
}

async fn a_name_is_given_once(store: Arc<dyn Store>) {
    store.create_user(&username("ilse"), "Ilse", "phc", false, UnixMs(1)).await.unwrap();
    assert!(matches!(store.create_user(&username("ilse"), "Other", "phc", true, UnixMs(1)).await, Err(StoreError::Exists)));
}

async fn users_are_listed_by_name_and_found_with_their_hash(store: Arc<dyn Store>) {
    let mara = store.create_user(&username("mara"), "Mara", "phc of mara", false, UnixMs(1)).await.unwrap();
    let ilse = store.create_user(&username("ilse"), "Ilse", "phc of ilse", true, UnixMs(2)).await.unwrap();
    assert_eq!(store.users().await.unwrap(), [ilse.clone(), mara.clone()]);
    assert_eq!(store.user_by_name(&username("ilse")).await.unwrap(), Some((ilse, "phc of ilse".into())));
    assert_eq!(store.user_by_id(mara.id).await.unwrap(), Some((mara, "phc of mara".into())));
    assert_eq!(store.user_by_name(&username("nobody")).await.unwrap(), None);
    assert_eq!(store.user_by_id(99).await.unwrap(), None);
}

async fn a_new_hash_is_in_place_of_the_old_one(store: Arc<dyn Store>) {
    let mara = store.create_user(&username("mara"), "Mara", "old", false, UnixMs(1)).await.unwrap();
    store.set_password(mara.id, "new").await.unwrap();
    assert_eq!(store.user_by_id(mara.id).await.unwrap().unwrap().1, "new");
    assert!(matches!(store.set_password(99, "new").await, Err(StoreError::Missing)));
}

async fn a_change_of_a_user_that_was_changed_meanwhile_is_refused(store: Arc<dyn Store>) {
    store.create_first_admin(&username("mara"), "Mara", "phc", UnixMs(1)).await.unwrap();
    let ilse = store.create_user(&username("ilse"), "Ilse", "phc", false, UnixMs(1)).await.unwrap().id;
    let seen = state("Ilse", false, false);
    store.update_user(ilse, Some(&seen), &state("Ilse", true, false)).await.unwrap();
    // Another admin has the page from before and only wants to change the name.
    assert!(matches!(store.update_user(ilse, Some(&seen), &state("Ilse B.", false, false)).await, Err(StoreError::Changed)));
    let now = store.user_by_id(ilse).await.unwrap().unwrap().0;
    assert!(now.admin && now.display == "Ilse");
    store.update_user(ilse, None, &state("Ilse B.", false, true)).await.unwrap();
    let now = store.user_by_id(ilse).await.unwrap().unwrap().0;
    assert_eq!((now.display.as_str(), now.admin, now.disabled), ("Ilse B.", false, true));
    assert!(matches!(store.update_user(99, Some(&seen), &seen).await, Err(StoreError::Missing)));
}

async fn the_last_admin_can_neither_be_disabled_nor_demoted(store: Arc<dyn Store>) {
    let admin = store.create_first_admin(&username("mara"), "Mara", "phc", UnixMs(1)).await.unwrap().id;
    let off = store.create_user(&username("ilse"), "Ilse", "phc", true, UnixMs(1)).await.unwrap().id;
    store.update_user(off, None, &state("Ilse", true, true)).await.unwrap();
    for to in [state("Mara", false, false), state("Mara", true, true)] {
        assert!(matches!(store.update_user(admin, None, &to).await, Err(StoreError::Exists)));
    }
    let now = store.user_by_id(admin).await.unwrap().unwrap().0;
    assert!(now.admin && !now.disabled);
}
