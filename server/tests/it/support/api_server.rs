//! An API server in memory, for portals that are processes of their own: objects that are listed, read, created, marked and
//! deleted, and calls that are held for as long as a test wants.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// Calls that get no answer.
#[derive(Clone, Copy)]
pub struct Held {
    pub method: &'static str,
    /// How their path ends.
    pub end: &'static str,
    /// They are carried out all the same.
    pub is_made: bool,
}

#[derive(Default)]
struct Inner {
    /// The objects that it has, by their paths.
    objects: Mutex<BTreeMap<String, Value>>,
    versions: AtomicU64,
    /// The calls that are held.
    held: Mutex<Option<Held>>,
    /// A call is held.
    reached: watch::Sender<bool>,
}

/// The server; it ends with the test's runtime.
pub struct ApiServer {
    inner: Arc<Inner>,
    address: SocketAddr,
}

impl ApiServer {
    pub async fn start(folder: &Path) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { inner: Arc::default(), address: listener.local_addr().unwrap() };
        let router = axum::Router::new().fallback(answer).with_state(server.inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        super::process::write_kubeconfig(folder, server.address);
        server
    }

    /// Puts an object there.
    pub fn put(&self, path: &str, object: Value) {
        self.inner.objects.lock().unwrap().insert(path.to_owned(), object);
    }

    /// Takes an object away.
    pub fn remove(&self, path: &str) {
        self.inner.objects.lock().unwrap().remove(path);
    }

    /// Paths of all objects.
    pub fn paths(&self) -> Vec<String> {
        self.inner.objects.lock().unwrap().keys().cloned().collect()
    }

    pub fn object(&self, path: &str) -> Option<Value> {
        self.inner.objects.lock().unwrap().get(path).cloned()
    }

    /// Calls of this method whose path ends so get no answer and do nothing, until they are let go.
    pub fn hold(&self, method: &'static str, end: &'static str) {
        self.hold_those(Held { method, end, is_made: false });
    }

    /// The same, and some of them do what they are to do.
    pub fn hold_those(&self, held: Held) {
        *self.inner.held.lock().unwrap() = Some(held);
        self.inner.reached.send_replace(false);
    }

    /// Waits until a call is held.
    pub async fn reached(&self) {
        let mut reached = self.inner.reached.subscribe();
        tokio::time::timeout(std::time::Duration::from_secs(20), reached.wait_for(|reached| *reached)).await.expect("the call comes").unwrap();
    }

    /// Holds no more calls.
    pub fn let_go(&self) {
        *self.inner.held.lock().unwrap() = None;
    }
}

fn reply(code: u16, json: &Value) -> Response {
    Response::builder().status(code).header("content-type", "application/json").body(Body::from(json.to_string())).unwrap()
}

fn refusal(code: u16, reason: &str) -> Response {
    reply(code, &json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": reason, "reason": reason, "code": code}))
}

async fn answer(State(server): State<Arc<Inner>>, request: Request) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let held = *server.held.lock().unwrap();
    let Some(held) = held.filter(|held| held.method == method && path.ends_with(held.end) && !is_dry(&query)) else {
        return carried_out(&server, &method, &path, &query, body);
    };
    if held.is_made {
        carried_out(&server, &method, &path, &query, body);
    }
    server.reached.send_replace(true);
    std::future::pending().await
}

fn is_dry(query: &str) -> bool {
    query.contains("dryRun=All")
}

fn carried_out(server: &Inner, method: &str, path: &str, query: &str, body: Value) -> Response {
    if path == "/version" {
        return reply(
            200,
            &json!({"major": "1", "minor": "36", "gitVersion": "v1.36.0", "gitCommit": "", "gitTreeState": "", "buildDate": "",
            "goVersion": "", "compiler": "", "platform": ""}),
        );
    }
    let is_list = path.split_once("/namespaces/").is_some_and(|(_, rest)| rest.split('/').count() == 2);
    let mut objects = server.objects.lock().unwrap();
    match method {
        "GET" if query.contains("watch=true") => {
            Response::builder().body(Body::from_stream(futures::stream::pending::<Result<bytes::Bytes, std::convert::Infallible>>())).unwrap()
        }
        "GET" if is_list => {
            let items: Vec<_> = objects.iter().filter(|(at, _)| at.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))).map(|(_, o)| o).collect();
            reply(200, &json!({"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items}))
        }
        "GET" => objects.get(path).map_or_else(|| refusal(404, "NotFound"), |object| reply(200, object)),
        "POST" if is_dry(query) => reply(201, &body),
        "POST" => {
            let at = format!("{path}/{}", body["metadata"]["name"].as_str().unwrap_or_default());
            if objects.contains_key(&at) {
                return refusal(409, "AlreadyExists");
            }
            let (mut object, version) = (body, server.versions.fetch_add(1, SeqCst).to_string());
            object["metadata"]["uid"] = format!("uid-{version}").into();
            object["metadata"]["resourceVersion"] = version.into();
            let manager = query.split('&').find_map(|pair| pair.strip_prefix("fieldManager=")).unwrap_or("unknown");
            object["metadata"]["managedFields"] = json!([{"manager": manager, "operation": "Update"}]);
            objects.insert(at, object.clone());
            reply(201, &object)
        }
        "PATCH" => {
            let (of, is_scale) = path.strip_suffix("/scale").map_or((path, false), |of| (of, true));
            let Some(object) = objects.get_mut(of) else { return refusal(404, "NotFound") };
            let only = &body["metadata"]["resourceVersion"];
            if !only.is_null() && *only != object["metadata"]["resourceVersion"] {
                return refusal(409, "Conflict");
            }
            for (key, value) in body["metadata"]["annotations"].as_object().into_iter().flatten() {
                object["metadata"]["annotations"][key] = value.clone();
            }
            if let Some(annotations) = object["metadata"]["annotations"].as_object_mut() {
                annotations.retain(|_, value| !value.is_null());
            }
            for (key, value) in body["spec"].as_object().into_iter().flatten() {
                object["spec"][key] = value.clone();
                object["metadata"]["generation"] = (object["metadata"]["generation"].as_i64().unwrap_or(0) + 1).into();
            }
            object["metadata"]["resourceVersion"] = format!("patched-{}", server.versions.fetch_add(1, SeqCst)).into();
            if is_scale {
                return reply(200, &json!({"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": object["metadata"], "spec": body["spec"]}));
            }
            reply(200, object)
        }
        "DELETE" => {
            let is_other = |object: &Value, field: &str| !body["preconditions"][field].is_null() && body["preconditions"][field] != object["metadata"][field];
            match objects.get(path) {
                None => refusal(404, "NotFound"),
                Some(object) if is_other(object, "uid") || is_other(object, "resourceVersion") => refusal(409, "Conflict"),
                Some(_) => reply(200, &objects.remove(path).unwrap_or_default()),
            }
        }
        _ => refusal(405, "MethodNotAllowed"),
    }
}
