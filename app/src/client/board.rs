//! Topics without a socket: the API's answers as the frames that the socket would have sent.

use super::api;
use domain::live::{ServerFrame, Topic, read};
use domain::view::{OwnTeams, Reader, SharedApp};
use domain::{Code, ProblemDetails};
use serde_json::Value;

fn unreadable() -> ProblemDetails {
    ProblemDetails::new(Code::Internal, "answer_unreadable", "Couldn't read the portal's answer. Reload the page.")
}

async fn get(path: &str) -> Result<Value, ProblemDetails> {
    let text = api::look(path).await?;
    read::value(&text).ok_or_else(unreadable)
}

/// The present state of a topic, and how the portal stands to the cluster; nothing of a log, which cannot be polled.
///
/// # Errors
/// What the API answered.
pub async fn poll(id: u32, topic: Topic) -> Result<Vec<ServerFrame>, ProblemDetails> {
    match topic {
        Topic::Apps { namespace: Some(namespace) } => list(id, &format!("/api/v1/namespaces/{namespace}/apps")).await,
        Topic::Apps { namespace: None } => list(id, "/api/v1/apps").await,
        Topic::App { app } => match get(&app.api_path()).await {
            Ok(answer) => {
                let detail = read::detail(&answer).ok_or_else(unreadable)?;
                // The answer names the reader's own team already.
                let reader = Reader { role: read::role(&answer).ok_or_else(unreadable)?, team: None };
                Ok(vec![health(&answer), ServerFrame::App { id, page: Some(Box::new(SharedApp { reader, detail })) }])
            }
            Err(problem) if problem.code == Code::NotFound => Ok(vec![ServerFrame::App { id, page: None }]),
            Err(problem) => Err(problem),
        },
        // A log is not polled; this tells whether the portal is there.
        Topic::Logs { .. } => api::look("/up").await.map(|_| Vec::new()),
    }
}

fn health(answer: &Value) -> ServerFrame {
    ServerFrame::Health { health: read::health(&answer["health"]) }
}

async fn list(id: u32, path: &str) -> Result<Vec<ServerFrame>, ProblemDetails> {
    let (mut rows, mut next) = (Vec::new(), String::new());
    loop {
        let more = if next.is_empty() { String::new() } else { format!("&continue={}", crate::links::encode(&next)) };
        let page = get(&format!("{path}?limit=5000{more}")).await?;
        rows.extend(read::rows(&page, "items"));
        next = read::text(&page, "continue");
        if next.is_empty() {
            return Ok(vec![health(&page), ServerFrame::Apps { id, teams: OwnTeams::new(), rows }]);
        }
    }
}
