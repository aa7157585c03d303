//! Drafts in the database.

#![allow(clippy::unwrap_used, missing_docs)]

use domain::draft::DraftOf;
use domain::{Namespace, UnixMs, Username};
use service::ports::{Drafts, StoredDraft, Users};
use store::SqliteStore;

fn draft(changed: i64) -> StoredDraft {
    StoredDraft { changed: UnixMs(changed), body: format!("{{\"n\":{changed}}}") }
}

fn namespace(n: i64) -> Namespace {
    Namespace::parse(format!("space-{n}")).unwrap()
}

#[tokio::test]
async fn of_a_persons_drafts_the_newest_twenty_stay_and_nobody_elses_go() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("portal.db")).await.unwrap();
    let name = |n: &str| Username::parse(n).unwrap();
    let ann = store.create_user(&name("ann"), "Ann", "x", false, UnixMs(1)).await.unwrap().id;
    let ben = store.create_user(&name("ben"), "Ben", "x", false, UnixMs(1)).await.unwrap().id;
    store.keep_draft(ben, DraftOf::NewApp, &namespace(1), &draft(0)).await.unwrap();
    for n in 1..=25 {
        store.keep_draft(ann, DraftOf::NewApp, &namespace(n), &draft(n)).await.unwrap();
    }
    assert_eq!(store.draft(ann, DraftOf::NewApp, &namespace(5)).await.unwrap(), None);
    assert_eq!(store.draft(ann, DraftOf::NewApp, &namespace(6)).await.unwrap(), Some(draft(6)));
    assert_eq!(store.draft(ben, DraftOf::NewApp, &namespace(1)).await.unwrap(), Some(draft(0)));

    assert_eq!(store.keep_draft(ann, DraftOf::NewSecret, &namespace(6), &draft(89)).await.unwrap(), None, "each form has its own");
    assert_eq!(store.keep_draft(ann, DraftOf::NewApp, &namespace(6), &draft(90)).await.unwrap(), None, "the twenty-first has pushed it out");
    assert_eq!(store.keep_draft(ann, DraftOf::NewApp, &namespace(6), &draft(91)).await.unwrap(), Some(UnixMs(90)));
    assert_eq!(store.draft(ann, DraftOf::NewApp, &namespace(6)).await.unwrap(), Some(draft(91)), "the newer text stands in place of the older");
    assert_eq!(store.prune_drafts(UnixMs(25)).await.unwrap(), 18);
    assert_eq!(store.draft(ann, DraftOf::NewApp, &namespace(25)).await.unwrap(), Some(draft(25)));
}
