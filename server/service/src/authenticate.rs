//! Who a token belongs to, and which roles that person has now.

use crate::access::Actor;
use crate::error::{Failure, Outcome};
use crate::namespaces::Namespaces;
use crate::origin::Origin;
use crate::ports::{Clock, SessionRow, Sessions, Steady, Teams};
use crate::settings::Settings;
use crate::storage::Storage;
use crate::token;
use domain::account::Role;
use domain::problem::SignInProblem;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A session's last use is written at most this often.
const TOUCH_MS: i64 = 60_000;
/// And a request waits no longer for that.
const TOUCH_WAIT: Duration = Duration::from_millis(250);

fn unauthenticated() -> Failure {
    Failure::told(SignInProblem::SessionInvalid)
}

/// Finds who is signed in.
pub struct Authenticator {
    sessions: Arc<dyn Sessions>,
    teams: Arc<dyn Teams>,
    storage: Arc<Storage>,
    namespaces: Arc<Namespaces>,
    clock: Arc<dyn Clock>,
    /// A session ends when it was not used for this long, in milliseconds.
    idle_ms: i64,
    /// And this long after sign-in, used or not.
    absolute_ms: i64,
}

impl Authenticator {
    pub(crate) fn new(
        sessions: Arc<dyn Sessions>,
        teams: Arc<dyn Teams>,
        storage: Arc<Storage>,
        namespaces: Arc<Namespaces>,
        clock: Arc<dyn Clock>,
        settings: &Settings,
    ) -> Self {
        let (idle_ms, absolute_ms) = (settings.session_idle_ms, settings.session_absolute_ms);
        Self { sessions, teams, storage, namespaces, clock, idle_ms, absolute_ms }
    }

    /// Who a token belongs to.
    ///
    /// # Errors
    /// `Unauthenticated` where there is no such session, it is past a limit, or its user is disabled.
    pub async fn authenticate(&self, token: &str, origin: &Origin) -> Outcome<Actor> {
        self.actor_of(token::hash(token), origin, true).await
    }

    /// Like [`Self::authenticate`], for what a page asks by itself: it does not count as use of the session.
    ///
    /// # Errors
    /// Those of [`Self::authenticate`].
    pub async fn authenticate_unused(&self, token: &str, origin: &Origin) -> Outcome<Actor> {
        self.actor_of(token::hash(token), origin, false).await
    }

    /// The same person now, or that there is none any more. For sockets, after
    /// [`AccessSignal::of`](crate::access_changes::AccessSignal::of). A look of the portal's own: it does not count as use of
    /// the session, or a page left open would keep it for ever.
    ///
    /// # Errors
    /// `Unauthenticated` where the session has ended meanwhile.
    pub async fn recheck(&self, actor: &Actor) -> Outcome<Actor> {
        self.actor_of(actor.token_hash, &actor.origin, false).await
    }

    /// The person did something over an open socket.
    ///
    /// # Errors
    /// `Unauthenticated` where the session has ended meanwhile.
    pub async fn note_use(&self, actor: &Actor) -> Outcome<()> {
        self.actor_of(actor.token_hash, &actor.origin, true).await.map(drop)
    }

    /// The person of the session that is kept under this hash; `used` where that counts as use of the session.
    pub(crate) async fn actor_of(&self, token_hash: [u8; 32], origin: &Origin, used: bool) -> Outcome<Actor> {
        if self.storage.kept.has_ended(&token_hash) {
            return Err(unauthenticated());
        }
        let Some(SessionRow { id, user, created, last_seen }) = self.sessions.session(&token_hash).await? else {
            return Err(unauthenticated());
        };
        let now = self.clock.steady();
        let (unused, age) = (now.since(Steady::from(last_seen)), now.since(Steady::from(created)));
        if user.disabled || unused > self.idle_ms || age > self.absolute_ms {
            return Err(unauthenticated());
        }
        if used && unused >= TOUCH_MS {
            // Neither a session that ends right now nor a database that is locked is a reason to fail.
            let _not_noted = tokio::time::timeout(TOUCH_WAIT, self.sessions.touch_session(id, now.date())).await;
        }
        let mut roles = BTreeMap::new();
        if user.admin {
            roles.extend(self.namespaces.known().into_iter().map(|n| (n, (None, Role::Owner))));
        }
        for (team, namespace, role) in self.teams.roles_of(user.id).await?.into_iter().filter(|(_, ns, _)| self.namespaces.is_served(ns)) {
            let entry = roles.entry(namespace).or_insert((Some(team.clone()), role));
            let stronger = role > entry.1 || (role == entry.1 && entry.0.is_none());
            if stronger {
                *entry = (Some(team), role);
            }
        }
        if user.admin {
            for (_, role) in roles.values_mut() {
                *role = Role::Owner;
            }
        }
        Ok(Actor::new(user, id, token_hash, origin.clone(), roles))
    }
}
