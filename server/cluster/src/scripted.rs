//! An API server that answers as a test says, without a network.

use crate::cluster::KubeCluster;
use crate::connect::Clients;
use crate::publish::Shared;
use crate::start::{OF_NAMESPACE, PAGES_AT_ONCE};
use axum::body::Body;
use futures::{StreamExt, stream};
use http::{Request, Response};
use kube::Client;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Value,
}

impl Asked {
    /// The value of a parameter of the query, as it stands there.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    pub(crate) fn is_watch(&self) -> bool {
        matches!(self.word("watch"), Some("true" | "1"))
    }

    /// Name of the object, or of the resource of a list.
    pub(crate) fn last(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

pub(crate) enum Answer {
    Json(Value),
    Status(u16, &'static str, String),
    /// The lines of a watch, which then stays open.
    Watch(Vec<Value>),
    /// Nothing, for ever.
    Silence,
    /// Nothing for a while, then that.
    Late(Duration, Box<Self>),
}

impl Answer {
    pub(crate) fn list(items: Vec<Value>) -> Self {
        Self::piece(items, None)
    }

    pub(crate) fn piece(items: Vec<Value>, more: Option<&str>) -> Self {
        Self::Json(json!({"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1", "continue": more}, "items": items}))
    }

    pub(crate) fn missing() -> Self {
        Self::Status(404, "NotFound", "not found".into())
    }

    async fn response(self) -> Response<Body> {
        let of = |code: u16, body: Body| Response::builder().status(code).header("content-type", "application/json").body(body).unwrap();
        match self {
            Self::Json(json) => of(200, json.to_string().into()),
            Self::Status(code, reason, message) => {
                let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code});
                of(code, status.to_string().into())
            }
            Self::Watch(lines) => {
                let lines = stream::iter(lines.into_iter().map(|l| Ok::<_, Infallible>(format!("{l}\n"))));
                of(200, Body::from_stream(lines.chain(stream::pending())))
            }
            Self::Silence => std::future::pending().await,
            Self::Late(after, answer) => {
                tokio::time::sleep(after).await;
                Box::pin(answer.response()).await
            }
        }
    }
}

/// A client of the server, and all that it was asked.
pub(crate) fn server(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> (Client, Arc<Mutex<Vec<Asked>>>) {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let (answer, log) = (Arc::new(answer), asked.clone());
    let service = tower::service_fn(move |request: Request<kube::client::Body>| {
        let (answer, log) = (answer.clone(), log.clone());
        async move {
            let (head, body) = request.into_parts();
            let bytes = body.collect_bytes().await.unwrap();
            let asked = Asked {
                method: head.method.to_string(),
                path: head.uri.path().to_owned(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                body: serde_json::from_slice(&bytes).unwrap_or_default(),
            };
            log.lock().unwrap().push(asked.clone());
            Ok::<_, Infallible>(answer(&asked).response().await)
        }
    });
    (Client::new(service, "default"), asked)
}

/// A portal's view of such a server, without watches.
pub(crate) fn cluster(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> (KubeCluster, Arc<Mutex<Vec<Asked>>>) {
    let (client, asked) = server(answer);
    let clients = Clients { calls: client.clone(), logs: client };
    (KubeCluster::new(clients, Arc::new(Shared::new(OF_NAMESPACE)), false, PAGES_AT_ONCE), asked)
}
