//! Topics without a socket: the API's answers as the frames that the socket would have sent.

use super::api;
use domain::Namespace;
use domain::Problem;
use domain::account::NamespaceAccess;
use domain::live::{ServerFrame, Topic};
use domain::view::{AppDetail, AppList, AppRow, ClusterHealth};
use serde::Deserialize;

#[derive(Deserialize)]
struct Namespaces {
    items: Vec<NamespaceAccess>,
}

fn health() -> ClusterHealth {
    ClusterHealth { ready: true, ..ClusterHealth::default() }
}

/// The present state of a topic; logs cannot be polled.
///
/// # Errors
/// What the API answered.
pub async fn poll(id: u32, topic: Topic) -> Result<Option<ServerFrame>, Problem> {
    Ok(match topic {
        Topic::Apps { namespace: Some(namespace) } => Some(ServerFrame::Apps { id, rows: rows(&namespace).await?, health: health() }),
        Topic::Apps { namespace: None } => {
            let all: Namespaces = api::call("GET", "/api/v1/namespaces", None).await?;
            let mut found = Vec::new();
            for access in all.items {
                found.extend(rows(&access.namespace).await?);
            }
            Some(ServerFrame::Apps { id, rows: found, health: health() })
        }
        Topic::App { app } => {
            let detail: AppDetail = api::call("GET", &app.api_path(), None).await?;
            Some(ServerFrame::App { id, detail: Some(Box::new(detail)), health: health() })
        }
        Topic::Logs { .. } => None,
    })
}

async fn rows(namespace: &Namespace) -> Result<Vec<AppRow>, Problem> {
    let (mut found, mut next) = (Vec::new(), None::<String>);
    loop {
        let query = next.as_deref().map(|n| format!("&continue={}", crate::links::encode(n))).unwrap_or_default();
        let page: AppList = api::call("GET", &format!("/api/v1/namespaces/{namespace}/apps?limit=500{query}"), None).await?;
        found.extend(page.items);
        next = page.next;
        if next.is_none() {
            return Ok(found);
        }
    }
}
