//! The audit table on a real file: what is kept, found and pushed out, and what becomes of entries of earlier portals.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::audit::{Act, AuditOutcome, Deed, RoleLack, Target};
use domain::english::audit::words;
use domain::{AppId, Namespace, TeamName, UnixMs};
use service::ports::{AuditLog, NewAudit};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use store::SqliteStore;
use tempfile::TempDir;

async fn fresh() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, store)
}

/// The file beside the store; it is made where it is missing.
async fn file(folder: &TempDir) -> SqlitePool {
    SqlitePoolOptions::new().max_connections(1).connect(&format!("sqlite://{}?mode=rwc", folder.path().join("q.db").display())).await.unwrap()
}

async fn fill(folder: &TempDir, sql: &'static str) {
    let file = file(folder).await;
    sqlx::query(sql).execute(&file).await.unwrap();
    file.close().await;
}

/// The restart of an app in namespace web.
fn restart(actor: &str, app: &str, outcome: AuditOutcome, intent: Option<i64>) -> NewAudit {
    let target = Target::App(AppId::parse(&format!("web/deployment/{app}")).unwrap());
    let text = String::new;
    NewAudit { at: UnixMs(1), actor: actor.into(), address: text(), deed: Deed::new(Act::RestartApp, target), outcome, detail: text(), intent }
}

/// A store that was made by the migrations before `version` and filled by these statements, then brought up to date.
async fn migrated_from(version: i64, statements: &[&'static str]) -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let all = sqlx::migrate!("../../migrations");
    let old = sqlx::migrate::Migrator::with_migrations(all.iter().filter(|m| m.version < version).cloned().collect());
    let file = file(&folder).await;
    old.run(&file).await.unwrap();
    for statement in statements {
        sqlx::query(*statement).execute(&file).await.unwrap();
    }
    file.close().await;
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn an_audit_table_from_before_unknown_ends_keeps_its_rows_and_takes_them() {
    let (_folder, store) = migrated_from(3, &["INSERT INTO audit VALUES (41, 7, 'ilse', 'a', 'app.scale', 'x', 'done', 'd')"]).await;
    assert_eq!(store.audit(&restart("", "shop", AuditOutcome::Unknown, None)).await.unwrap(), 42);
    let rows = store.audit_rows(None, "", 9).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|r| (r.id, r.outcome, r.actor.as_str())).collect();
    assert_eq!(rows, [(42, AuditOutcome::Unknown, ""), (41, AuditOutcome::Done, "ilse")]);
}

#[tokio::test]
async fn entries_from_before_the_codes_stay_as_they_are_and_a_team_still_finds_them() {
    let (folder, store) = migrated_from(
        11,
        &[
            "INSERT INTO audit VALUES (1, 7, 'ilse', 'a', 'app.scale', 'web/deployment/shop', 'done', 'from 1 to 2 replicas', NULL)",
            "INSERT INTO audit VALUES (2, 7, 'ilse', 'a', 'namespace.role', 'web: GET /api/v1/namespaces/web/apps', 'refused', 'no access', NULL)",
            "INSERT INTO audit VALUES (3, 7, 'ilse', 'a', 'secret.set', 'data/secret/db', 'done', 'key a', NULL)",
            "INSERT INTO audit VALUES (4, 7, 'ilse', 'a', 'user.create', 'web', 'done', 'user', NULL)",
            "INSERT INTO audit VALUES (5, 7, 'ilse', 'a', 'team.member', 'Web: ilse', 'done', 'owner', NULL)",
        ],
    )
    .await;
    store.audit(&restart("ilse", "shop", AuditOutcome::Done, None)).await.unwrap();
    let seen = store.team_activity(&TeamName::parse("Web").unwrap(), &[Namespace::parse("web").unwrap()], None, 9).await.unwrap();
    let told: Vec<_> = seen.iter().map(|row| (row.id, words(row).sentence)).collect();
    let expected = [
        (6, "Restarted shop in web"),
        (5, "Made ilse owner of Web"),
        (2, "Refused: access web: GET /api/v1/namespaces/web/apps"),
        (1, "Scaled shop in web from 1 to 2 replicas"),
    ];
    assert_eq!(told, expected.map(|(id, sentence)| (id, sentence.to_owned())));
    let request: (String, String) = sqlx::query_as("SELECT namespace, request FROM audit WHERE id = 2").fetch_one(&file(&folder).await).await.unwrap();
    assert_eq!(request, ("web".to_owned(), "GET /api/v1/namespaces/web/apps".to_owned()));
}

#[tokio::test]
async fn refusals_that_were_not_listed_belong_to_no_namespace_not_even_one_of_that_name() {
    let (_folder, store) =
        migrated_from(11, &["INSERT INTO audit VALUES (1, 7, 'ilse', 'a', 'namespace.role', 'more', 'refused', 'more requests', NULL)"]).await;
    let seen = store.team_activity(&TeamName::parse("Web").unwrap(), &[Namespace::parse("more").unwrap()], None, 9).await.unwrap();
    assert!(seen.is_empty(), "{seen:?}");
}

#[tokio::test]
async fn an_entry_with_an_act_of_another_version_is_told_by_its_code() {
    let (folder, store) = fresh().await;
    let id = store.audit(&restart("ilse", "shop", AuditOutcome::Done, None)).await.unwrap();
    let put = r#"UPDATE audit SET action = 'app.paint', args = '{"act":{"paint":{"in":"red"}},"target":"portal"}' WHERE id = ?"#;
    sqlx::query(put).bind(id).execute(&file(&folder).await).await.unwrap();
    let row = store.audit_rows(None, "", 9).await.unwrap().remove(0);
    assert_eq!((row.deed.as_ref(), words(&row).sentence.as_str()), (None, "Did app.paint shop in web"));
}

#[tokio::test]
async fn a_refused_request_is_kept_with_its_namespace_and_path_apart() {
    let (folder, store) = fresh().await;
    let target = Target::Namespace { namespace: Namespace::parse("web").unwrap(), request: Some("GET /api/v1/namespaces/web/apps".into()) };
    let deed = Deed::new(Act::NeedsNamespace(RoleLack::NoAccess), target);
    let id = store.audit(&NewAudit { deed, ..restart("dora", "shop", AuditOutcome::Refused, None) }).await.unwrap();
    let kept: (String, String) = sqlx::query_as("SELECT namespace, request FROM audit WHERE id = ?").bind(id).fetch_one(&file(&folder).await).await.unwrap();
    assert_eq!(kept, ("web".to_owned(), "GET /api/v1/namespaces/web/apps".to_owned()));
}

#[tokio::test]
async fn the_audit_table_keeps_its_newest_half_million() {
    let (folder, store) = fresh().await;
    fill(
        &folder,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500999)
         INSERT INTO audit SELECT i, 0, 'person ' || (i % 10), '', 'x', '', 'done', '', NULL, NULL, NULL, NULL FROM n",
    )
    .await;
    assert_eq!(store.audit(&restart("ilse", "shop", AuditOutcome::Done, None)).await.unwrap(), 501_000);
    let oldest: Vec<_> = store.audit_rows(Some(1_003), "", 9).await.unwrap().into_iter().map(|r| r.id).collect();
    assert_eq!(oldest, [1_002, 1_001]);
}

#[tokio::test]
async fn the_entries_of_one_person_push_out_none_of_others() {
    let (folder, store) = fresh().await;
    fill(
        &folder,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 101999)
         INSERT INTO audit SELECT i + 600000, 0, iif(i = 1, 'ilse', 'busy'), '', 'x', '', 'done', '', NULL, NULL, NULL, NULL FROM n",
    )
    .await;
    assert_eq!(store.audit(&restart("busy", "shop", AuditOutcome::Done, None)).await.unwrap(), 702_000);
    let oldest: Vec<_> = store.audit_rows(Some(602_003), "", 9).await.unwrap().into_iter().map(|r| (r.id, r.actor)).collect();
    assert_eq!(oldest, [(602_002, "busy".to_owned()), (602_001, "busy".to_owned()), (600_001, "ilse".to_owned())]);
}
