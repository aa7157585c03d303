//! Asks the API server now and then whether it is there, and at once where a watch lost it.

use crate::clock;
use crate::publish::Shared;
use kube::Client;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two questions while all is well.
const CALM: Duration = Duration::from_secs(10);
/// Between two questions while it is away.
const ANXIOUS: Duration = Duration::from_secs(1);
/// Longest time for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Least time between two questions.
const APART: Duration = Duration::from_millis(200);

/// Keeps `away_since` and `version` until the token ends.
pub(crate) async fn run(client: Client, shared: Arc<Shared>, token: CancellationToken) {
    loop {
        let asked = clock::now();
        let answer = tokio::select! {
            () = token.cancelled() => return,
            answer = tokio::time::timeout(PATIENCE, client.apiserver_version()) => answer,
        };
        let alive = note(&shared, answer, asked);
        tokio::select! {
            () = token.cancelled() => return,
            () = tokio::time::sleep(if alive { CALM } else { ANXIOUS }) => {}
            () = shared.doubt.notified() => tokio::time::sleep(APART).await,
        }
    }
}

type Answer = Result<kube::Result<k8s_openapi::apimachinery::pkg::version::Info>, tokio::time::error::Elapsed>;

fn note(shared: &Shared, answer: Answer, asked: domain::UnixMs) -> bool {
    match answer {
        Ok(Ok(_)) => {}
        // The server itself or what stands before it: nobody there can say how the apps are.
        Ok(Err(kube::Error::Api(status))) if status.code >= 500 => return away(shared, asked, &format!("it answers {}", status.code)),
        // It answers, though not this question.
        Ok(Err(kube::Error::Api(_) | kube::Error::SerdeError(_))) => {}
        Ok(Err(error)) => return away(shared, asked, &crate::errors::chain(&error)),
        Err(_) => return away(shared, asked, "no answer in 5 s"),
    }
    shared.change(|index| index.health(|h| h.away_since = None));
    if turn(shared, true) {
        tracing::info!("the API server answers again");
    }
    true
}

fn away(shared: &Shared, asked: domain::UnixMs, why: &str) -> bool {
    shared.change(|index| index.health(|h| h.away_since = h.away_since.or(Some(asked))));
    if turn(shared, false) {
        tracing::warn!(why, "the API server does not answer");
    }
    false
}

// Only a turn wakes the watches.
fn turn(shared: &Shared, alive: bool) -> bool {
    shared.alive.send_if_modified(|was| std::mem::replace(was, alive) != alive)
}
