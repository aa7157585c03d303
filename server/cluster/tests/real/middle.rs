//! A plain HTTP server between a portal and the API server, which can answer some questions itself and end all
//! streams.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::IntoResponse;
use futures::StreamExt;
use http::{Response, StatusCode};
use kube::Client;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// Says what to answer to a path with its query; `None` asks the API server.
type Rule = Box<dyn FnMut(&str) -> Option<Response<Body>> + Send>;

#[derive(Clone)]
struct State {
    upstream: Client,
    rule: Arc<Mutex<Rule>>,
    streams: watch::Sender<()>,
}

pub(crate) struct Middle {
    state: State,
    pub(crate) kubeconfig: tempfile::NamedTempFile,
}

impl Middle {
    pub(crate) async fn start(upstream: Client) -> Self {
        let state = State { upstream, rule: Arc::new(Mutex::new(Box::new(|_| None))), streams: watch::Sender::new(()) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let of = |name: &str, what: serde_json::Value| json!([{"name": "a", (name): what}]);
        let server = format!("http://{}", listener.local_addr().unwrap());
        let config = json!({"current-context": "a", "contexts": of("context", json!({"cluster": "a", "user": "a"})),
            "clusters": of("cluster", json!({"server": server})), "users": of("user", json!({}))});
        let kubeconfig = tempfile::NamedTempFile::new().unwrap();
        serde_json::to_writer(kubeconfig.as_file(), &config).unwrap();
        let serve = state.clone();
        let router = Router::new().fallback(move |request: Request| answer(serve.clone(), request));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { state, kubeconfig }
    }

    /// From now on answers by this rule.
    pub(crate) fn rule(&self, rule: impl FnMut(&str) -> Option<Response<Body>> + Send + 'static) {
        *self.state.rule.lock().unwrap() = Box::new(rule);
    }

    /// Ends all streams that are open.
    pub(crate) fn cut(&self) {
        self.state.streams.send_replace(());
    }
}

/// An answer of the API server that is a failure.
pub(crate) fn status(code: u16, reason: &str) -> Response<Body> {
    let body = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": reason, "reason": reason, "code": code});
    (StatusCode::from_u16(code).unwrap(), body.to_string()).into_response()
}

/// A watch whose version is too old.
pub(crate) fn expired() -> Response<Body> {
    let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "too old resource version", "reason": "Expired", "code": 410});
    format!("{}\n", json!({"type": "ERROR", "object": status})).into_response()
}

async fn answer(state: State, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().unwrap().to_string();
    let ruled = (state.rule.lock().unwrap())(&path);
    if let Some(answer) = ruled {
        return answer;
    }
    let mut end = state.streams.subscribe();
    let mut onward = http::Request::builder().method(head.method).uri(path);
    if let Some(kind) = head.headers.get(http::header::CONTENT_TYPE) {
        onward = onward.header(http::header::CONTENT_TYPE, kind);
    }
    if let Some(kind) = head.headers.get(http::header::ACCEPT) {
        onward = onward.header(http::header::ACCEPT, kind);
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec();
    match state.upstream.send(onward.body(body.into()).unwrap()).await {
        Ok(response) => response.map(|body| {
            let stream = Body::new(body).into_data_stream();
            Body::from_stream(stream.take_until(async move { end.changed().await }))
        }),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}
