//! Ends of the process at random points of all changes of apps, and of the waits for them, on a real cluster: `QS_TEST_KUBECONFIG`
//! names its kubeconfig.

use super::kills::{Run, is_sound, kubectl};
use crate::interrupted::owner;
use crate::support::http::Client;
use crate::support::process::Portal;
use domain::operation::{ChangeAction, Operation, State};
use domain::{AppId, Namespace};
use serde_json::Value;
use service::ports::{AuditLog as _, OperationQuery, Operations as _};
use std::process::Command;
use std::time::{Duration, Instant};

/// Ends of the process.
const ENDS: usize = 50;
/// A rollout, or a deletion that is said not to be made, takes no longer.
const LONGEST: Duration = Duration::from_secs(180);
const FORM: &str = r#"{"name":"NAME","image":"registry.k8s.io/pause:3.10","replicas":"1","memoryLimit":"64Mi",
    "ports":[{"name":"http","port":"8080"}],"service":"ClusterIP","ingressHost":"NAME.example.org"}"#;

/// How the process ends.
#[derive(Clone, Copy)]
enum How {
    Killed,
    Asked,
}

/// What the cluster has of a deployment.
#[derive(Debug)]
struct There {
    replicas: Option<u64>,
    paused: bool,
    restarted: bool,
    is_deleting: bool,
}

struct Changes {
    run: Run,
    portal: Portal,
    admin: Client,
    /// Where the random numbers are.
    seed: u32,
}

impl Changes {
    async fn start(what: &str) -> Self {
        let run = Run::new(what);
        let portal = run.start();
        let admin = owner(&portal, &run.space.0).await;
        Self { run, portal, admin, seed: std::process::id() }
    }

    /// A part of this time.
    fn part_of(&mut self, time: Duration) -> Duration {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        time.mul_f64(f64::from(self.seed >> 8) / f64::from(1 << 24))
    }

    /// Address and body of a change.
    fn request(&self, action: ChangeAction, name: &str) -> (String, String) {
        let at = |change: &str| format!("{}/deployment/{name}{change}", self.run.path());
        match action {
            ChangeAction::Create => (self.run.path(), FORM.replace("NAME", name)),
            ChangeAction::Delete => (format!("{}?confirm={name}", at("")), String::new()),
            ChangeAction::Pause => (at("/pause"), String::new()),
            ChangeAction::Restart => (at("/restart"), String::new()),
            ChangeAction::Resume => (at("/resume"), String::new()),
            ChangeAction::RollBack => (at("/rollback"), r#"{"revision":1}"#.to_owned()),
            ChangeAction::Scale => (at("/scale"), r#"{"replicas":2}"#.to_owned()),
        }
    }

    async fn change(&self, action: ChangeAction, name: &str) {
        let (path, body) = self.request(action, name);
        let reply = self.admin.json(if action == ChangeAction::Delete { "DELETE" } else { "POST" }, &path, &body).await;
        assert!(reply.status < 300, "{action:?} of {name}: {} {}", reply.status, reply.body);
    }

    /// Makes the app that is to be changed, as it has to be before.
    async fn prepare(&self, action: ChangeAction, name: &str) {
        if action == ChangeAction::Create {
            return;
        }
        self.change(ChangeAction::Create, name).await;
        self.until_ended(name).await;
        match action {
            ChangeAction::Resume => self.change(ChangeAction::Pause, name).await,
            ChangeAction::RollBack => self.change(ChangeAction::Restart, name).await,
            ChangeAction::Create | ChangeAction::Delete | ChangeAction::Pause | ChangeAction::Restart | ChangeAction::Scale => return,
        }
        self.until_ended(name).await;
    }

    /// Operations on an app, the newest first.
    async fn operations(&self, name: &str) -> Vec<Operation> {
        let store = store::SqliteStore::open(&self.run.database()).await.unwrap();
        let namespace = Namespace::parse(&self.run.space.0).unwrap();
        let app = AppId::parse(&format!("{namespace}/deployment/{name}")).unwrap();
        store.operations(&OperationQuery { namespaces: vec![namespace], app: Some(app), limit: 10, ..OperationQuery::default() }).await.unwrap()
    }

    async fn until_ended(&self, name: &str) {
        let ended = async {
            while self.operations(name).await.iter().any(Operation::is_open) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(LONGEST, ended).await.unwrap_or_else(|_| panic!("a change of {name} has no end"));
    }

    /// Sends a change, ends the process so much later, and starts it again.
    async fn cut(&mut self, action: ChangeAction, name: &str, after: Duration, how: How) {
        let (path, body) = self.request(action, name);
        let method = if action == ChangeAction::Delete { "DELETE" } else { "POST" };
        let under_way = self.admin.open(method, &path, Some(("application/json", body.as_bytes()))).await;
        tokio::time::sleep(after).await;
        match how {
            How::Killed => self.portal.kill(),
            How::Asked => {
                let begun = Instant::now();
                assert!(Command::new("kill").arg(self.portal.process.id().to_string()).status().unwrap().success());
                self.portal.process.wait().unwrap();
                assert!(begun.elapsed() < Duration::from_secs(11), "it does not wait for what is waited for");
            }
        }
        drop(under_way);
        is_sound(&self.run.database()).await;
        self.portal = self.run.start();
        self.admin.address = self.portal.address;
        self.until_ended(name).await;
    }

    fn there(&self, name: &str) -> Option<There> {
        let found = kubectl(&["-n", &self.run.space.0, "get", "deployments", name, "--ignore-not-found", "-o", "json"]);
        let found: Value = serde_json::from_str(&found).ok()?;
        let template = &found["spec"]["template"]["metadata"]["annotations"];
        Some(There {
            replicas: found["spec"]["replicas"].as_u64(),
            paused: found["spec"]["paused"].as_bool().unwrap_or(false),
            restarted: template.get("kubectl.kubernetes.io/restartedAt").is_some(),
            is_deleting: found["metadata"]["deletionTimestamp"].is_string(),
        })
    }

    /// Whether the app is as its newest operation says.
    async fn check(&self, action: ChangeAction, name: &str, after: Duration) {
        let newest = self.operations(name).await.into_iter().next().filter(|newest| newest.action() == action);
        let (state, there) = (newest.as_ref().map(|newest| newest.state), self.there(name));
        let is_as_asked = there.as_ref().map_or(action == ChangeAction::Delete, |there| match action {
            ChangeAction::Create => true,
            ChangeAction::Delete => there.is_deleting,
            ChangeAction::Pause => there.paused,
            ChangeAction::Resume => !there.paused,
            ChangeAction::Restart => there.restarted,
            ChangeAction::RollBack => !there.restarted,
            ChangeAction::Scale => there.replicas == Some(2),
        });
        let is_right = match state {
            Some(State::Succeeded) => is_as_asked,
            // It was cut before it had begun, or what was made of it is taken back.
            None | Some(State::TakenBack | State::Failed) => !is_as_asked,
            Some(State::Accepted | State::Checking | State::Applying | State::Waiting | State::Unknown) => false,
        };
        let verdict = newest.and_then(|newest| newest.verdict);
        assert!(is_right, "{action:?} cut after {after:?}: {state:?}, {verdict:?} and {there:?}");
        println!("{action:?} cut after {after:?}: {state:?}, {:?}", verdict.map(|end| end.code.code()));
    }

    /// Each intent has its end, and no object has the mark of a creation.
    async fn nothing_is_left(&self) {
        let store = store::SqliteStore::open(&self.run.database()).await.unwrap();
        let without_end = store.audit_rows(None, "intent", 1_000).await.unwrap();
        assert!(without_end.is_empty(), "{without_end:?}");
        let (there, marked) = self.run.space.objects();
        assert_eq!(marked, [""; 0]);
        assert!(there.values().all(|kinds| kinds == &["Deployment", "Ingress", "Service"]), "{there:?}");
    }
}

async fn cut_at_random(what: &str, how: How) {
    let mut changes = Changes::start(what).await;
    let begun = Instant::now();
    changes.change(ChangeAction::Create, "first").await;
    let calls = begun.elapsed();
    changes.until_ended("first").await;
    let whole = begun.elapsed();
    for (n, action) in ChangeAction::ALL.iter().copied().cycle().take(ENDS).enumerate() {
        let name = format!("app-{n}");
        changes.prepare(action, &name).await;
        // Half of them while the calls are made, the others while it is waited.
        let after = changes.part_of(if n % 2 == 0 { calls } else { whole });
        changes.cut(action, &name, after, how).await;
        changes.check(action, &name, after).await;
        if changes.there(&name).is_some_and(|there| !there.is_deleting) {
            changes.change(ChangeAction::Delete, &name).await;
        }
    }
    changes.nothing_is_left().await;
    changes.portal.kill();
    is_sound(&changes.run.database()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the cluster, and long"]
async fn fifty_kills_in_all_changes_leave_each_with_an_end_that_is_so() {
    cut_at_random("killed", How::Killed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the cluster, and long"]
async fn fifty_ends_on_request_in_all_changes_leave_each_with_an_end_that_is_so() {
    cut_at_random("asked", How::Asked).await;
}
