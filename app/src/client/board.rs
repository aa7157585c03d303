//! Topics without a socket: the API's answers as the frames that the socket would have sent.

use super::api;
use domain::live::{ServerFrame, Topic, read};
use domain::view::ClusterHealth;
use domain::{Code, ProblemDetails};
use serde_json::Value;

fn unreadable() -> ProblemDetails {
    ProblemDetails::new(Code::Internal, "answer_unreadable", "Couldn't read the portal's answer. Reload the page.")
}

async fn get(path: &str) -> Result<Value, ProblemDetails> {
    let text = api::look(path).await?;
    read::value(&text).ok_or_else(unreadable)
}

/// The present state of a topic; logs cannot be polled.
///
/// # Errors
/// What the API answered.
pub async fn poll(id: u32, topic: Topic) -> Result<Option<ServerFrame>, ProblemDetails> {
    match topic {
        Topic::Apps { namespace: Some(namespace) } => list(id, &format!("/api/v1/namespaces/{namespace}/apps")).await.map(Some),
        Topic::Apps { namespace: None } => list(id, "/api/v1/apps").await.map(Some),
        Topic::App { app } => match get(&app.api_path()).await {
            Ok(answer) => {
                let detail = read::detail(&answer).ok_or_else(unreadable)?;
                Ok(Some(ServerFrame::App { id, detail: Some(Box::new(detail)), health: read::health(&answer["health"]) }))
            }
            Err(problem) if problem.code == Code::NotFound => Ok(Some(ServerFrame::App { id, detail: None, health: ClusterHealth::default() })),
            Err(problem) => Err(problem),
        },
        // A log is not polled; this tells whether the portal is there.
        Topic::Logs { .. } => api::look("/up").await.map(|_| None),
    }
}

async fn list(id: u32, path: &str) -> Result<ServerFrame, ProblemDetails> {
    let (mut rows, mut next) = (Vec::new(), String::new());
    loop {
        let more = if next.is_empty() { String::new() } else { format!("&continue={}", crate::links::encode(&next)) };
        let page = get(&format!("{path}?limit=5000{more}")).await?;
        rows.extend(read::rows(&page, "items"));
        next = read::text(&page, "continue");
        if next.is_empty() {
            return Ok(ServerFrame::Apps { id, rows, health: read::health(&page["health"]) });
        }
    }
}
