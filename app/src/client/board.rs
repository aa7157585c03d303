//! Topics without a socket: the API's answers as the frames that the socket would have sent.

use super::api;
use crate::wire;
use domain::live::{ServerFrame, Topic};
use domain::view::{AppRow, ClusterHealth};
use domain::{Code, Problem};

fn health() -> ClusterHealth {
    ClusterHealth { ready: true, ..ClusterHealth::default() }
}

async fn get(path: &str) -> Result<wire::Value, Problem> {
    let text = api::text("GET", path, None).await?;
    wire::value(&text).ok_or_else(|| Problem::new(Code::Internal, "The portal's answer could not be read. Load the page again."))
}

/// The present state of a topic; logs cannot be polled.
///
/// # Errors
/// What the API answered.
pub async fn poll(id: u32, topic: Topic) -> Result<Option<ServerFrame>, Problem> {
    let namespaces = match topic {
        Topic::Apps { namespace: Some(namespace) } => vec![namespace.to_string()],
        Topic::Apps { namespace: None } => wire::namespaces(&get("/api/v1/namespaces?limit=500").await?),
        Topic::App { app } => {
            let detail = wire::detail(&get(&app.api_path()).await?);
            return Ok(Some(ServerFrame::App { id, detail: detail.map(Box::new), health: health() }));
        }
        Topic::Logs { .. } => return Ok(None),
    };
    let mut found = Vec::new();
    for namespace in namespaces {
        rows(&namespace, &mut found).await?;
    }
    Ok(Some(ServerFrame::Apps { id, rows: found, health: health() }))
}

async fn rows(namespace: &str, found: &mut Vec<AppRow>) -> Result<(), Problem> {
    let mut next = String::new();
    loop {
        let more = if next.is_empty() { String::new() } else { format!("&continue={}", crate::links::encode(&next)) };
        let page = get(&format!("/api/v1/namespaces/{namespace}/apps?limit=500{more}")).await?;
        found.extend(wire::rows(&page, "items"));
        next = wire::text(&page, "continue");
        if next.is_empty() {
            return Ok(());
        }
    }
}
