//! Ends an answer that goes on for long when its reader may no longer read it.

use crate::client_connection::{Cut, LAST_WORDS, LOOK_AGAIN};
use crate::state::App;
use domain::Namespace;
use service::Failure;
use service::access::Actor;
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Longest time between two looks at what the reader may. Limits of a session's age change nothing; they are seen by looking.
const LOOK: Duration = Duration::from_secs(60);

/// Watches a reader's right to see a namespace, for as long as it lives.
pub struct AccessGuard {
    end: CancellationToken,
    _stop: DropGuard,
}

impl Default for AccessGuard {
    /// One that ends nothing.
    fn default() -> Self {
        Self::of(CancellationToken::new())
    }
}

impl AccessGuard {
    /// Watches from now on. A reader that has stopped would not notice the end and keep what is under way, so a moment later
    /// `cut` cuts the connection.
    #[must_use]
    pub fn new(app: &App, actor: &Actor, namespace: &Namespace, cut: Cut) -> Self {
        let end = app.life.soft.child_token();
        app.life.tasks.spawn(watch(app.clone(), actor.clone(), namespace.clone(), end.clone(), cut));
        Self::of(end)
    }

    fn of(end: CancellationToken) -> Self {
        Self { _stop: end.clone().drop_guard(), end }
    }

    /// Waits until the session ends, the role is taken away, or the server is to end.
    pub async fn ended(&self) {
        self.end.cancelled().await;
    }
}

async fn watch(app: App, actor: Actor, namespace: Namespace, end: CancellationToken, cut: Cut) {
    let mut changes = app.portal.access_changes.of(&actor);
    let look = async || {
        let actor = app.portal.authenticator.recheck(&actor).await?;
        app.portal.access.viewer(&actor, &namespace).map(|_| ())
    };
    loop {
        let mut next = LOOK;
        // The first look is for what has changed before anybody listened.
        match look().await {
            Ok(()) => {}
            // A database that is busy ends nobody's answer; the next look comes soon.
            Err(Failure::Store(error)) => {
                tracing::warn!(%error, "the reader of a long answer could not be looked at again");
                next = LOOK_AGAIN;
            }
            Err(_) => {
                end.cancel();
                tokio::time::sleep(LAST_WORDS).await;
                return cut.now();
            }
        }
        tokio::select! {
            () = end.cancelled() => return,
            alive = changes.changed() => if !alive { return },
            () = tokio::time::sleep(next) => {}
        }
    }
}
