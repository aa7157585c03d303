//! Kills at random points of creations, on a real cluster: `QS_TEST_KUBECONFIG` names its kubeconfig.

use crate::interrupted::owner;
use crate::support::http::Client;
use crate::support::process::Portal;
use serde_json::Value;
use service::ports::AuditLog;
use sqlx::Row as _;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const KILLS: u32 = 20;
/// The API server can make what it was asked for within this time.
const LATE: Duration = Duration::from_secs(65);
const FORM: &str = r#"{"name":"NAME","image":"registry.k8s.io/pause:3.10","replicas":"0","memoryLimit":"64Mi",
    "ports":[{"name":"http","port":"8080"}],"service":"ClusterIP","ingressHost":"NAME.example.org"}"#;

pub(super) fn kubeconfig() -> String {
    std::env::var("QS_TEST_KUBECONFIG").expect("QS_TEST_KUBECONFIG names a kubeconfig")
}

pub(super) fn kubectl(args: &[&str]) -> String {
    let done = Command::new("kubectl").args(["--kubeconfig", &kubeconfig()]).args(args).output().unwrap();
    assert!(done.status.success(), "kubectl {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A namespace that goes with the test.
pub(super) struct Space(pub(super) String);

impl Space {
    fn new(what: &str) -> Self {
        let name = format!("{what}-{}", std::process::id());
        kubectl(&["create", "namespace", &name]);
        Self(name)
    }

    /// Kinds of the objects by the name of their app, and those that still have the mark of a creation.
    pub(super) fn objects(&self) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
        let all: Value = serde_json::from_str(&kubectl(&["-n", &self.0, "get", "services,ingresses,deployments", "-o", "json"])).unwrap();
        let (mut found, mut marked) = (BTreeMap::<String, Vec<String>>::new(), Vec::new());
        for object in all["items"].as_array().unwrap() {
            let (kind, name) = (object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
            found.entry(name.to_owned()).or_default().push(kind.to_owned());
            if kind != "Deployment" && object["metadata"]["annotations"].get("quayside/attempt").is_some() {
                marked.push(format!("{kind} {name}"));
            }
        }
        found.values_mut().for_each(|kinds| kinds.sort());
        (found, marked)
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // Not one that panics: this may be the end of a test that failed.
        let _ = Command::new("kubectl").args(["--kubeconfig", &kubeconfig(), "delete", "namespace", &self.0, "--wait=false"]).output();
    }
}

/// Outcomes of `app.create` by the name of the app, the first one first.
async fn outcomes(database: &Path) -> BTreeMap<String, Vec<String>> {
    let store = store::SqliteStore::open(database).await.unwrap();
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for row in store.audit_rows(None, "app.create", 1000).await.unwrap().into_iter().rev() {
        all.entry(row.target.rsplit('/').next().unwrap().to_owned()).or_default().push(row.outcome.slug().to_owned());
    }
    all
}

pub(super) async fn is_sound(database: &Path) {
    let pool = sqlx::sqlite::SqlitePool::connect(&format!("sqlite://{}", database.display())).await.unwrap();
    let said: String = sqlx::query("PRAGMA integrity_check").fetch_one(&pool).await.unwrap().get(0);
    assert_eq!(said, "ok");
}

pub(super) struct Run {
    pub(super) folder: tempfile::TempDir,
    pub(super) space: Space,
}

impl Run {
    /// In a namespace and a folder of its own.
    pub(super) fn new(what: &str) -> Self {
        let run = Self { folder: tempfile::tempdir().unwrap(), space: Space::new(what) };
        std::fs::copy(kubeconfig(), run.folder.path().join("kubeconfig")).unwrap();
        run
    }

    pub(super) fn database(&self) -> PathBuf {
        self.folder.path().join("q.db")
    }

    pub(super) fn start(&self) -> Portal {
        Portal::started(Portal::command_in(self.folder.path(), &self.database(), 0, &self.space.0))
    }

    pub(super) fn path(&self) -> String {
        format!("/api/v1/namespaces/{}/apps", self.space.0)
    }

    async fn create(&self, admin: &Client, name: &str) {
        admin.json("POST", &self.path(), &FORM.replace("NAME", name)).await.expect(201);
    }

    /// Sends a creation, kills the portal so much later, and starts it again.
    async fn killed(&self, portal: &mut Portal, admin: &mut Client, name: &str, after: Duration) {
        let under_way = admin.open("POST", &self.path(), Some(("application/json", FORM.replace("NAME", name).as_bytes()))).await;
        tokio::time::sleep(after).await;
        portal.kill();
        drop(under_way);
        is_sound(&self.database()).await;
        *portal = self.start();
        admin.address = portal.address;
        let ended = async {
            while outcomes(&self.database()).await.get(name).is_some_and(|o| o.iter().any(|outcome| outcome == "intent")) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), ended).await.unwrap_or_else(|_| panic!("the creation of {name} has no end"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the cluster, and long"]
async fn twenty_kills_in_creations_leave_all_or_nothing_each_with_its_outcome() {
    let run = Run::new("kills");
    let mut portal = run.start();
    let mut admin = owner(&portal, &run.space.0).await;
    run.create(&admin, "first").await;
    let begun = Instant::now();
    run.create(&admin, "second").await;
    // The index has a new app within some milliseconds; most of the time before is that of the calls.
    let whole = begun.elapsed();

    let (mut seed, mut ends) = (std::process::id(), BTreeMap::<String, u32>::new());
    for n in 0..KILLS {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (name, after) = (format!("app-{n}"), whole.mul_f64(f64::from(seed >> 8) / f64::from(1 << 24)));
        run.killed(&mut portal, &mut admin, &name, after).await;
        let outcome = outcomes(&run.database()).await.remove(&name).unwrap_or_default();
        let there = run.space.objects().0.remove(&name).unwrap_or_default();
        let is_right = match outcome.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["done"] => there == ["Deployment", "Ingress", "Service"],
            // It was killed before it had begun.
            ["failed"] | [] => there.is_empty(),
            _ => false,
        };
        assert!(is_right, "killed after {after:?} of {whole:?}: {outcome:?} and {there:?}");
        println!("killed after {after:?} of {whole:?}: {outcome:?}, {} objects", there.len());
        *ends.entry(outcome.first().cloned().unwrap_or_default()).or_default() += 1;
        if there.is_empty() {
            run.create(&admin, &name).await;
        }
    }
    println!("{ends:?}");
    tokio::time::sleep(LATE).await;
    let (there, marked) = run.space.objects();
    assert_eq!(there.len(), KILLS as usize + 2, "{there:?}");
    assert!(there.values().all(|kinds| kinds == &["Deployment", "Ingress", "Service"]), "{there:?}");
    assert_eq!(marked, [""; 0]);
    portal.kill();
    is_sound(&run.database()).await;
}
