//! The process itself: killed in the middle of changes and started again on the same database, and its command for a lost
//! password.

use crate::support::http::{Client, encode};
use crate::support::process::{Portal, silent_api_server};
use crate::support::{PASSWORD, cookie};
use service::ports::{AuditLog, Users};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

const USERS: usize = 40;

/// The outcomes of each change of the audit table, the first one first.
async fn audited(store: &dyn AuditLog, action: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for row in store.audit_rows(None, action, 1000).await.unwrap().into_iter().rev() {
        all.entry(row.target).or_default().push(row.outcome.slug().to_owned());
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_changes_leaves_nothing_half_made_and_the_audit_table_tells_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let mut portal = Portal::start(folder.path());
    let mut admin = Client::new(portal.address);
    let signed_in = admin.form("/signin", &format!("name=admin&password={}", encode(PASSWORD))).await;
    admin.cookie = Some(cookie(signed_in.expect(303)));
    admin.form("/teams/create", "name=Web&namespaces=web").await.expect(303);
    admin.form("/teams/1/member", "user=admin&role=owner").await.expect(303);

    let app = r#"{"name":"shop","image":"web:1","memoryLimit":"64Mi"}"#;
    let mut under_way = vec![admin.open("POST", "/api/v1/namespaces/web/apps", Some(("application/json", app.as_bytes()))).await];
    for n in 0..USERS {
        let form = format!("name=user{n}&display=U&password={}", encode(PASSWORD));
        under_way.push(admin.open("POST", "/users/create", Some(("application/x-www-form-urlencoded", form.as_bytes()))).await);
    }
    let store = store::SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    let some_are_made = async {
        while store.users().await.unwrap().len() < 4 || audited(&store, "app.create").await.is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), some_are_made).await.expect("changes begin");
    portal.kill();
    drop((under_way, store));

    let portal = Portal::start(folder.path());
    admin.address = portal.address;
    assert_eq!(admin.get("/api/v1/session").await.expect(200).json()["name"], "admin", "the session outlives the kill");
    let store = store::SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    assert_eq!(audited(&store, "app.create").await["web/deployment/shop"], ["intent"], "while the API server is silent nobody knows its end");
    let all_ended = async {
        while audited(&store, "user.create").await.values().flatten().any(|outcome| outcome == "intent") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all_ended).await.expect("the start ends what it finds");
    let (changes, users) = (audited(&store, "user.create").await, store.users().await.unwrap());
    for (name, outcomes) in changes.iter().filter(|(name, _)| *name != "admin") {
        let made = users.iter().any(|user| user.name.as_str() == name);
        assert!(made || outcomes == &["unknown"], "{name} is {outcomes:?} and not there");
    }
    for user in users.iter().filter(|user| user.name.as_str() != "admin") {
        let outcomes = &changes[user.name.as_str()];
        assert!(outcomes == &["unknown"] || outcomes == &["done"], "{} is there and {outcomes:?}", user.name);
        let form = format!("name={}&password={}", user.name, encode(PASSWORD));
        Client::new(portal.address).form("/signin", &form).await.expect(303);
    }
    // What was not made can be made now.
    let missing = (0..USERS).map(|n| format!("user{n}")).find(|name| users.iter().all(|user| user.name.as_str() != name)).expect("some were not made");
    admin.form("/users/create", &format!("name={missing}&display=U&password={}", encode(PASSWORD))).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_password_is_replaced_beside_a_running_portal_and_ends_the_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let portal = Portal::start(folder.path());
    let mut admin = Client::new(portal.address);
    let signed_in = admin.form("/signin", &format!("name=admin&password={}", encode(PASSWORD))).await;
    admin.cookie = Some(cookie(signed_in.expect(303)));
    let reset = |database: &str, name: &str| {
        let database = folder.path().join(database);
        let done = Command::new(env!("CARGO_BIN_EXE_quayside")).env_clear().arg("--database").arg(database).args(["reset-password", name]).output().unwrap();
        (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };

    assert_eq!(reset("q.db", "nobody"), (String::new(), "quayside: No user nobody. Portal admins are: admin.\n".to_owned()));
    let (_, error) = reset("other.db", "admin");
    assert!(error.contains("No database") && !folder.path().join("other.db").exists(), "{error}");
    admin.get("/api/v1/session").await.expect(200);

    let sign_in = async |password: &str| Client::new(portal.address).form("/signin", &format!("name=admin&password={}", encode(password))).await;
    for _ in 0..6 {
        sign_in("not this one at all").await;
    }
    sign_in(PASSWORD).await.expect(429);
    let (said, error) = reset("q.db", "Admin");
    let fresh = said.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_else(|| panic!("{said}{error}"));
    admin.get("/api/v1/session").await.expect(401);
    sign_in(fresh).await.expect(303);
    sign_in(PASSWORD).await.expect(401);
    let store = store::SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    let row = store.audit_rows(None, "user.password", 10).await.unwrap().remove(0);
    assert_eq!((row.actor.as_str(), row.target.as_str(), row.outcome.slug()), ("command line", "admin", "done"));
    assert!(!format!("{row:?}").contains(fresh), "{row:?}");

    admin.cookie = Some(cookie(sign_in(fresh).await.expect(303)));
    admin.form("/users/create", &format!("name=ben&display=Ben&password={}", encode(PASSWORD))).await.expect(303);
    let ben = store.users().await.unwrap().into_iter().find(|user| user.name.as_str() == "ben").unwrap();
    admin.form(&format!("/users/{}", ben.id), "display=Ben&disabled=on").await.expect(303);
    assert!(reset("q.db", "ben").1.contains("ben is disabled"));
}
