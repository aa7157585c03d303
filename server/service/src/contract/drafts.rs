//! Forms that are not sent yet.

use super::{Store, add_user, namespace, promises};
use crate::ports::StoredDraft;
use domain::UnixMs;
use domain::draft::DraftOf;
use std::sync::Arc;

promises![a_draft_is_kept_by_person_form_and_namespace, of_a_persons_drafts_the_newest_twenty_stay_and_nobody_elses_go];

fn draft(changed: i64) -> StoredDraft {
    StoredDraft { changed: UnixMs(changed), body: format!("{{\"n\":{changed}}}") }
}

async fn a_draft_is_kept_by_person_form_and_namespace(store: Arc<dyn Store>) {
    let (ann, ben) = (add_user(&*store, "ann").await, add_user(&*store, "ben").await);
    let (web, data) = (namespace("web"), namespace("data"));
    for (n, (user, form, place)) in
        [(ann, DraftOf::NewApp, &web), (ann, DraftOf::NewApp, &data), (ann, DraftOf::NewSecret, &web), (ben, DraftOf::NewApp, &web)].into_iter().enumerate()
    {
        assert_eq!(store.keep_draft(user, form, place, &draft(n as i64)).await.unwrap(), None, "each has its own");
    }
    assert_eq!(store.keep_draft(ann, DraftOf::NewApp, &web, &draft(9)).await.unwrap(), Some(UnixMs(0)));
    assert_eq!(store.draft(ann, DraftOf::NewApp, &web).await.unwrap(), Some(draft(9)), "the newer text stands in place of the older");
    for _ in 0..2 {
        store.discard_draft(ann, DraftOf::NewApp, &web).await.unwrap();
    }
    assert_eq!(store.draft(ann, DraftOf::NewApp, &web).await.unwrap(), None);
    assert_eq!(store.draft(ben, DraftOf::NewApp, &web).await.unwrap(), Some(draft(3)));
    assert_eq!(store.prune_drafts(UnixMs(3)).await.unwrap(), 2);
    assert_eq!(store.draft(ben, DraftOf::NewApp, &web).await.unwrap(), Some(draft(3)));
}

async fn of_a_persons_drafts_the_newest_twenty_stay_and_nobody_elses_go(store: Arc<dyn Store>) {
    let (ann, ben) = (add_user(&*store, "ann").await, add_user(&*store, "ben").await);
    let space = |n: i64| namespace(&format!("space-{n}"));
    store.keep_draft(ben, DraftOf::NewApp, &space(1), &draft(0)).await.unwrap();
    for n in 1..=25 {
        store.keep_draft(ann, DraftOf::NewApp, &space(n), &draft(n)).await.unwrap();
    }
    assert_eq!(store.draft(ann, DraftOf::NewApp, &space(5)).await.unwrap(), None);
    assert_eq!(store.draft(ann, DraftOf::NewApp, &space(6)).await.unwrap(), Some(draft(6)));
    assert_eq!(store.draft(ben, DraftOf::NewApp, &space(1)).await.unwrap(), Some(draft(0)));
}
