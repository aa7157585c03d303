//! Changes of several calls: what is kept of them from their intent to their end.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::audit::{Act, AuditOutcome, Deed, Target};
use domain::operation::{Ending, Interruption, Piece, Work};
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use service::ports::{AuditLog, NewAudit, Operations, StoreError};
use store::SqliteStore;
use tempfile::TempDir;

fn shop() -> AppId {
    AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse("shop").unwrap() }
}

fn work() -> Work {
    Work::Create { app: shop(), mark: "1-a".into(), pieces: vec![Piece::Service, Piece::Deployment] }
}

fn entry(at: i64, outcome: AuditOutcome, intent: Option<i64>) -> NewAudit {
    NewAudit {
        at: UnixMs(at),
        actor: "ilse".into(),
        address: "10.0.0.1".into(),
        deed: Deed { act: Act::CreateApp { image: "web:1".into() }, target: Target::App(shop()) },
        outcome,
        detail: String::new(),
        intent,
    }
}

async fn fresh() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn an_operation_is_there_from_its_intent_to_its_end() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&entry(5, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
    store.undo_operation(id).await.unwrap();
    // A second opening finds the file as a killed process leaves it.
    let again = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    let found = again.operations().await.unwrap().remove(0);
    assert_eq!((found.id, found.user_id, found.work, found.undo, found.told), (id, 3, work(), true, None));
    assert_eq!(found.intent, entry(5, AuditOutcome::Intent, None));
    store.audit(&entry(6, AuditOutcome::Done, Some(id))).await.unwrap();
    assert!(store.operations().await.unwrap().is_empty());
    assert!(matches!(store.undo_operation(id).await, Err(StoreError::Missing)));
}

#[tokio::test]
async fn what_is_to_be_told_of_an_operation_stays_until_its_person_has_seen_it_or_it_is_old() {
    let (_folder, store) = fresh().await;
    let told = Interruption { app: shop(), ending: Ending::Undone { removed: vec![Piece::Service], left: vec![] } };
    let mut ids = Vec::new();
    for at in [5, 50] {
        let id = store.begin_operation(&entry(at, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
        assert!(matches!(store.dismiss_operation(3, id).await, Err(StoreError::Missing)), "it has no end yet");
        store.settle_operation(&entry(at + 1, AuditOutcome::Failed, Some(id)), &told).await.unwrap();
        ids.push(id);
    }
    assert_eq!(store.audit_rows(None, "", 10).await.unwrap().len(), 2, "each intent is seen by its end");
    assert_eq!(store.operations().await.unwrap()[0].told, Some(told));
    assert!(matches!(store.dismiss_operation(4, ids[0]).await, Err(StoreError::Missing)), "it is told to another");
    store.dismiss_operation(3, ids[0]).await.unwrap();
    assert_eq!(store.prune_operations(UnixMs(50)).await.unwrap(), 0);
    assert_eq!(store.prune_operations(UnixMs(51)).await.unwrap(), 1);
}

#[tokio::test]
async fn what_has_no_end_comes_first_and_a_person_keeps_twenty_that_have_one() {
    let (_folder, store) = fresh().await;
    let told = Interruption { app: shop(), ending: Ending::Deleted };
    let mut ids = Vec::new();
    for at in 0..22 {
        let id = store.begin_operation(&entry(at, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
        store.settle_operation(&entry(at, AuditOutcome::Done, Some(id)), &told).await.unwrap();
        ids.push(id);
    }
    let of_another = store.begin_operation(&entry(30, AuditOutcome::Intent, None), 4, &work()).await.unwrap();
    store.settle_operation(&entry(30, AuditOutcome::Done, Some(of_another)), &told).await.unwrap();
    let open = store.begin_operation(&entry(31, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
    let found: Vec<_> = store.operations().await.unwrap().into_iter().map(|o| o.id).collect();
    let expected: Vec<_> = [open].into_iter().chain(ids.into_iter().skip(2)).chain([of_another]).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_operation_that_cannot_be_read_keeps_no_other_from_its_end() {
    let (folder, store) = fresh().await;
    let strange = store.begin_operation(&entry(5, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
    let other = store.begin_operation(&entry(6, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
    let path = folder.path().join("q.db");
    let file = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(&format!("sqlite://{}", path.display())).await.unwrap();
    sqlx::query("UPDATE operation SET work = '{\"rename\":{}}' WHERE id = ?").bind(strange).execute(&file).await.unwrap();
    let found: Vec<_> = store.operations().await.unwrap().into_iter().map(|o| o.id).collect();
    assert_eq!(found, [other]);
}

#[tokio::test]
async fn an_operation_that_a_portal_without_codes_began_has_its_act_from_its_work() {
    let (folder, store) = fresh().await;
    let id = store.begin_operation(&entry(5, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
    let file = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(&format!("sqlite://{}", folder.path().join("q.db").display())).await.unwrap();
    sqlx::query("UPDATE audit SET args = NULL, detail = 'image web:1' WHERE id = ?").bind(id).execute(&file).await.unwrap();
    assert_eq!(store.operations().await.unwrap()[0].intent, entry(5, AuditOutcome::Intent, None));
}

#[tokio::test]
async fn a_start_ends_the_intents_before_it_that_have_no_end_and_no_operation() {
    let (_folder, store) = fresh().await;
    assert_eq!(store.newest_audit().await.unwrap(), 0);
    let ended = store.audit(&entry(1, AuditOutcome::Intent, None)).await.unwrap();
    store.audit(&entry(2, AuditOutcome::Done, Some(ended))).await.unwrap();
    let open = store.audit(&entry(3, AuditOutcome::Intent, None)).await.unwrap();
    let operation = store.begin_operation(&entry(4, AuditOutcome::Intent, None), 3, &work()).await.unwrap();
    let last = store.newest_audit().await.unwrap();
    let later = store.audit(&entry(5, AuditOutcome::Intent, None)).await.unwrap();
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 1);
    assert_eq!(store.end_intents(last, UnixMs(9), "not seen").await.unwrap(), 0);
    let rows = store.audit_rows(None, "", 10).await.unwrap();
    assert_eq!((rows[0].outcome, rows[0].detail.as_str(), rows[0].at), (AuditOutcome::Unknown, "not seen", UnixMs(9)));
    assert_eq!(rows[0].deed, Some(entry(3, AuditOutcome::Intent, None).deed), "the end says what it is the end of");
    let intents: Vec<_> = rows.iter().filter(|row| row.outcome == AuditOutcome::Intent).map(|row| row.id).collect();
    assert_eq!(intents, [later, operation]);
    assert!(rows.iter().all(|row| row.id != open));
}
