//! Secrets in every text of an app that comes from the cluster: the whole portal, on an API server made by hand, shows none
//! of them in any page, answer of the API, frame of the socket, or line of its log.

use crate::support::http::Client;
use crate::support::socket::{Heard, Socket};
use crate::support::{log, portal_on, until};
use axum::body::Body;
use axum::response::Response;
use domain::live::{ClientFrame, Topic};
use domain::{AppId, Kind, Namespace, WorkloadName};
use futures::{StreamExt as _, stream};
use http::{Method, Uri};
use quayside::start::Running;
use serde_json::{Value, json};
use std::sync::Arc;

/// All planted secrets begin so.
const MARK: &str = "planted";
const HIDDEN: &str = "(hidden)";

/// The ways in which a secret gives itself away in a text. Each app has the next one in each of its fields.
const FORMS: [&str; 11] = [
    "failed with DB_PASSWORD={s} in the way",
    "cannot reach postgres://ann:{s}@db:5432/shop",
    "app --password {s} --mode fast",
    r#"{"password":"{s}","mode":"fast"}"#,
    r#"[{"name":"DB_PASSWORD","value":"{s}"}]"#,
    "- name: DB_PASSWORD\n  value: {s}\n",
    "password: |\n  {s}\nmode: fast\n",
    "sh -c \"curl -u ann:{s} http://shop/\"",
    "<password>{s}</password>",
    "Authorization: Bearer {s}",
    "redis-cli -a {s} ping",
];

/// Gives out secrets, each in the next form.
struct Planter {
    app: String,
    given: usize,
}

impl Planter {
    fn secret(&mut self) -> String {
        self.given += 1;
        format!("{MARK}{:03}x7", self.given)
    }

    fn text(&mut self) -> String {
        let secret = self.secret();
        let first = usize::from(*self.app.as_bytes().last().unwrap());
        FORMS[(first + self.given) % FORMS.len()].replace("{s}", &secret)
    }

    /// A template with secrets wherever a person may write one.
    fn template(&mut self) -> Value {
        json!({
            "metadata": {"labels": {"app": self.app}, "annotations": {"example.org/note": self.text(), "example.org/api-token": self.secret()}},
            "spec": {
                "containers": [{
                    "name": "app",
                    "image": self.text(),
                    "command": ["sh", "-c", self.text()],
                    "args": ["--db-password", self.secret(), format!("--api-key={}", self.secret()), self.text()],
                    "env": [
                        {"name": "DB_PASSWORD", "value": self.secret()},
                        {"name": "NOTE", "value": self.text()},
                        {"name": "HARMLESS", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "db-password"}}},
                        {"name": "MORE", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "note"}}},
                        {"name": "OTHER", "valueFrom": {"secretKeyRef": {"name": "shop-db", "key": "password"}}},
                    ],
                    "volumeMounts": [{"name": "repo", "mountPath": format!("/repo?token={}", self.secret())}],
                    "livenessProbe": {"exec": {"command": ["sh", "-c", self.text()]}},
                    "readinessProbe": {"httpGet": {"path": format!("/ready?token={}", self.secret()), "port": 80, "httpHeaders": [{"name": "X-Team", "value": self.secret()}]}},
                    "startupProbe": {"exec": {"command": ["redis-cli", "-a", self.secret(), "ping"]}},
                }],
                "volumes": [
                    {"name": "repo", "gitRepo": {"repository": format!("https://ann:{}@git.example.org/a", self.secret())}},
                    {"name": "share", "csi": {"driver": "nas", "volumeAttributes": {"password": self.secret(), "note": self.text()}}},
                ],
            },
        })
    }

    fn condition(&mut self, kind: &str) -> Value {
        json!({"type": kind, "status": "False", "reason": self.text(), "message": self.text(), "lastTransitionTime": "2026-11-21T05:04:03Z"})
    }

    fn deployment(&mut self) -> Value {
        let original = json!({"spec": {"env": [{"name": "DB_PASSWORD", "value": self.secret()}], "note": self.text()}}).to_string();
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {
                "name": self.app, "namespace": "web", "uid": self.app, "generation": 2, "creationTimestamp": "2026-11-21T05:04:03Z", "labels": {"app": self.app},
                "annotations": {
                    "deployment.kubernetes.io/revision": "2", "kubernetes.io/change-cause": self.text(), "meta.helm.sh/release-name": self.text(),
                    "kapp.k14s.io/original": original, "banzaicloud.com/last-applied": json!({"twice": original}).to_string(), "example.org/list": self.text(),
                },
                "managedFields": [{"manager": self.text(), "operation": "Update", "time": "2026-11-21T05:04:03Z", "fieldsType": "FieldsV1", "fieldsV1": {}}],
            },
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": self.app}}, "template": self.template()},
            "status": {"observedGeneration": 2, "replicas": 2, "unavailableReplicas": 2,
                "conditions": [self.condition("Progressing"), self.condition("ReplicaFailure"), self.condition("Available")]},
        })
    }

    fn replica_set(&mut self, revision: u32) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {
                "name": format!("{}-{revision}", self.app), "namespace": "web", "uid": format!("{}-{revision}", self.app), "creationTimestamp": "2026-11-21T05:04:03Z",
                "labels": {"app": self.app, "pod-template-hash": revision.to_string()},
                "annotations": {"deployment.kubernetes.io/revision": revision.to_string(), "kubernetes.io/change-cause": self.text()},
                "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": self.app, "uid": self.app, "controller": true}],
            },
            "spec": {"replicas": if revision == 2 { 2 } else { 0 }, "selector": {"matchLabels": {"app": self.app}}, "template": self.template()},
        })
    }

    fn pod(&mut self, n: usize) -> Value {
        let state = match n {
            0 => json!({"waiting": {"reason": "CrashLoopBackOff", "message": self.text()}}),
            1 => json!({"waiting": {"reason": self.text(), "message": self.text()}}),
            2 => json!({"waiting": {"reason": "ImagePullBackOff", "message": format!("Back-off pulling image: {}", self.text())}}),
            3 => json!({"waiting": {"reason": "CreateContainerConfigError", "message": self.text()}}),
            _ => json!({"terminated": {"exitCode": 3, "reason": self.text(), "message": self.text()}}),
        };
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": format!("{}-2-{n}", self.app), "namespace": "web", "uid": format!("{}-2-{n}", self.app), "creationTimestamp": "2026-11-21T05:04:03Z",
                "labels": {"app": self.app, "pod-template-hash": "2"},
                "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("{}-2", self.app), "uid": format!("{}-2", self.app), "controller": true}],
            },
            "spec": {"containers": [{"name": "app", "image": self.text()}]},
            "status": {
                "phase": "Running", "reason": self.text(), "message": self.text(),
                "conditions": [self.condition("Ready"), self.condition("PodScheduled"), self.condition("ContainersReady")],
                "containerStatuses": [{
                    "name": "app", "ready": false, "restartCount": 3, "image": self.text(), "imageID": "", "state": state,
                    "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "message": self.text(), "finishedAt": "2026-11-21T05:04:03Z"}},
                }],
            },
        })
    }

    fn event(&mut self, kind: &str, name: &str, reason: Option<&str>) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"name": format!("{name}.{}", self.given), "namespace": "web"},
            "involvedObject": {"kind": kind, "name": name, "uid": name, "namespace": "web"},
            "type": "Warning", "reason": reason.map_or_else(|| self.text(), str::to_owned), "message": self.text(), "count": 4,
            "firstTimestamp": "2026-11-21T05:04:03Z", "lastTimestamp": "2026-11-21T05:04:03Z", "source": {"component": self.text()},
        })
    }
}

/// What the API server has.
#[derive(Default)]
struct Objects {
    deployments: Vec<Value>,
    replica_sets: Vec<Value>,
    pods: Vec<Value>,
    events: Vec<Value>,
    services: Vec<Value>,
    ingresses: Vec<Value>,
    config_maps: Vec<Value>,
    secrets: Vec<Value>,
    refusal: String,
}

impl Objects {
    fn planted(apps: &[String]) -> Self {
        let mut all = Self::default();
        for app in apps {
            let mut p = Planter { app: app.clone(), given: 0 };
            all.deployments.push(p.deployment());
            all.replica_sets.extend([p.replica_set(1), p.replica_set(2)]);
            all.pods.extend((0..5).map(|n| p.pod(n)));
            let pod = format!("{app}-2-0");
            for reason in [Some("BackOff"), Some("Failed"), Some("Unhealthy"), Some("FailedMount"), Some("FailedScheduling"), None] {
                all.events.push(p.event("Pod", &pod, reason));
            }
            all.events.push(p.event("Deployment", app, Some("FailedCreate")));
            all.events.push(p.event("ReplicaSet", &format!("{app}-2"), Some("FailedCreate")));
            all.services.push(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": app, "namespace": "web", "uid": app},
                "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1", "selector": {"db-password": p.secret()}, "ports": [{"port": 80, "targetPort": 80}]}}));
            all.ingresses.push(json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": app, "namespace": "web", "uid": app},
                "spec": {"rules": [{"host": "a.example.org", "http": {"paths": [{"path": format!("/hook?token={}", p.secret()), "pathType": "Prefix",
                    "backend": {"service": {"name": app, "port": {"number": 80}}}}]}}]}}));
        }
        let mut p = Planter { app: "map-a".into(), given: 800 };
        all.config_maps.push(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "web"}, "data": {"db-password": p.secret(), "note": p.text()}}));
        all.secrets.push(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop-db", "namespace": "web", "labels": {"app.kubernetes.io/managed-by": p.text()}},
            "type": p.text(), "data": {"password": "cGxhbnRlZDk5OXg3"}}));
        all.refusal = format!("admission webhook \"policy.example.org\" denied the request: {}", p.text());
        all
    }

    fn answer(&self, method: &Method, uri: &Uri) -> Response {
        let json =
            |code: u16, body: &Value| Response::builder().status(code).header("content-type", "application/json").body(Body::from(body.to_string())).unwrap();
        let status = |code: u16, reason: &str, message: &str| {
            json(code, &json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code}))
        };
        if method != Method::GET {
            return status(403, "Forbidden", &self.refusal);
        }
        if uri.query().is_some_and(|q| q.contains("watch=")) {
            return Response::builder()
                .header("content-type", "application/json")
                .body(Body::from_stream(stream::pending::<Result<String, std::io::Error>>()))
                .unwrap();
        }
        let parts: Vec<&str> = uri.path().split('/').collect();
        let at = parts.iter().position(|p| *p == "web");
        let (resource, name, more) = match at.map(|at| &parts[at + 1..]) {
            Some([resource]) => (*resource, None, None),
            Some([resource, name]) => (*resource, Some(*name), None),
            Some([resource, name, more]) => (*resource, Some(*name), Some(*more)),
            _ => return status(404, "NotFound", "not found"),
        };
        if more == Some("log") {
            return status(400, "BadRequest", &self.refusal);
        }
        let items = match resource {
            "deployments" => &self.deployments,
            "replicasets" => &self.replica_sets,
            "pods" => &self.pods,
            "events" => &self.events,
            "services" => &self.services,
            "ingresses" => &self.ingresses,
            "configmaps" => &self.config_maps,
            "secrets" => &self.secrets,
            _ => &Vec::new(),
        };
        match name {
            None => json(200, &json!({"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items})),
            Some(name) => items.iter().find(|o| o["metadata"]["name"] == name).map_or_else(|| status(404, "NotFound", "not found"), |object| json(200, object)),
        }
    }
}

/// A portal on an API server that has these objects.
async fn portal(objects: Objects) -> (Running, Client, tempfile::TempDir) {
    log::catch();
    let objects = Arc::new(objects);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(move |method: Method, uri: Uri| {
        let objects = objects.clone();
        async move { objects.answer(&method, &uri) }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });

    let dir = tempfile::tempdir().unwrap();
    let kubeconfig = dir.path().join("kubeconfig");
    let of = |what: &str, value: Value| json!([{"name": "a", (what): value}]);
    let file = json!({"apiVersion": "v1", "kind": "Config", "current-context": "a", "contexts": of("context", json!({"cluster": "a", "user": "a"})),
        "clusters": of("cluster", json!({"server": server})), "users": of("user", json!({}))});
    std::fs::write(&kubeconfig, file.to_string()).unwrap();
    let more = [("namespaces", "web"), ("argon2_memory", "64"), ("argon2_iterations", "1")];
    let (running, client) = portal_on(&kubeconfig.display().to_string(), &dir, &more).await;
    let app = running.app.portal.clone();
    until("the watches are ready", || app.app_list.health(None).ready).await;
    (running, client, dir)
}

fn no_secret(what: &str, text: &str) {
    let near = text.find(MARK).map(|at| {
        let from = text[..at].char_indices().rev().nth(200).map_or(0, |(n, _)| n);
        text[from..].chars().take(260).collect::<String>()
    });
    assert_eq!(near, None, "{what} shows a secret");
    // The value of the secret in base64.
    assert!(!text.contains("cGxhbnRl"), "{what} shows the value of a secret");
}

/// Each app has the forms at other fields.
fn apps() -> Vec<String> {
    (0..FORMS.len()).map(|n| format!("shop-{}", char::from(b'a' + u8::try_from(n).unwrap()))).collect()
}

#[tokio::test]
async fn no_view_of_an_app_shows_a_secret_that_the_cluster_tells() {
    let apps = apps();
    let (running, admin, _dir) = portal(Objects::planted(&apps)).await;
    let mut board = running.app.portal.app_list.board();
    board.wait_for(|board| board.apps() == apps.len()).await.unwrap();

    let mut hides = std::collections::BTreeMap::<String, usize>::new();
    let get = quayside::routes::all()
        .into_iter()
        .map(|route| route.rule)
        .filter(|rule| rule.method == Method::GET && rule.path != "/api/v1/live" && rule.path != "/metrics");
    for rule in get {
        for app in &apps {
            let path =
                rule.path.replace("{ns}", "web").replace("{kind}", "deployment").replace("{name}", if rule.path.contains("secret") { "shop-db" } else { app });
            let asked = if path.ends_with("/history") { format!("{path}?diff=1") } else { path.clone() };
            let reply = admin.get(&asked).await;
            no_secret(&asked, &reply.whole());
            *hides.entry(rule.path.to_owned()).or_default() += reply.body.matches(HIDDEN).count();
            if !rule.path.contains("{name}") {
                break;
            }
        }
    }
    // The views did show the texts around the secrets.
    let app = "/apps/{ns}/{kind}/{name}";
    for (path, least) in [
        ("/apps".to_owned(), 1),
        (app.to_owned(), 20),
        (format!("{app}/events"), 50),
        (format!("{app}/configuration"), 100),
        (format!("{app}/history"), 100),
        (format!("{app}/yaml"), 200),
        ("/api/v1/namespaces/{ns}/apps/{kind}/{name}".into(), 50),
        ("/api/v1/apps".into(), 1),
    ] {
        assert!(hides[&path] >= least, "{path} hides {} secrets: {hides:?}", hides[&path]);
    }

    let mut socket = Socket::of(&admin).await;
    socket.say(&ClientFrame::Subscribe { id: 0, topic: Topic::Apps { namespace: None } }).await;
    for (n, app) in apps.iter().enumerate() {
        let app = AppId { namespace: Namespace::parse("web").unwrap(), kind: Kind::Deployment, name: WorkloadName::parse(app.as_str()).unwrap() };
        socket.say(&ClientFrame::Subscribe { id: u32::try_from(n + 1).unwrap(), topic: Topic::App { app } }).await;
        let frame = socket.until(|heard| if let Heard::Frame(frame) = heard { Some(serde_json::to_string(&frame).unwrap()) } else { None }).await;
        no_secret("the socket", &frame);
        socket.say(&ClientFrame::Unsubscribe { id: u32::try_from(n + 1).unwrap() }).await;
    }

    // Refusals of the API server quote what they refuse, in answers, pages, the audit table and the log.
    let api = format!("/api/v1/namespaces/web/apps/deployment/{}", apps[0]);
    for (path, body) in [
        (format!("{api}/restart"), "{}"),
        (format!("{api}/scale"), r#"{"replicas":3}"#),
        (format!("{api}/pause"), "{}"),
        ("/api/v1/namespaces/web/apps".to_owned(), r#"{"name":"other","image":"a/b:1"}"#),
        ("/api/v1/namespaces/web/apps?dryRun=true".to_owned(), r#"{"name":"other","image":"a/b:1"}"#),
        ("/api/v1/namespaces/web/secrets".to_owned(), r#"{"name":"s","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#),
    ] {
        let reply = admin.json("POST", &path, body).await;
        assert!(reply.body.contains("denied the request"), "{path}: {} {}", reply.status, reply.body);
        no_secret(&path, &reply.whole());
    }
    no_secret("a page after a refusal", &admin.form(&format!("/apps/web/deployment/{}/restart", apps[0]), "").await.whole());
    let audit = admin.get("/audit").await;
    assert!(audit.expect(200).body.contains("denied the request"), "{}", audit.body);
    no_secret("the audit table", &audit.body);
    no_secret("the portal's log", &log::text());
    drop(socket.0.next());
    running.life.soft.cancel();
    running.life.drain().await;
}
