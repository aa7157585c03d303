//! Who has to look again at what they may, so that a sign-out of one makes nobody else ask the store.

use crate::access::capability::Actor;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Changes that a listener may be behind. One that is further behind looks again, whomever they were about.
const BEHIND: usize = 64;

/// Whose access may have changed.
#[derive(Clone, Debug)]
pub(crate) enum Concerned {
    /// Who is signed in by this session.
    Session(i64),
    /// These users, in all of their sessions.
    Users(Arc<[i64]>),
}

impl Concerned {
    pub(crate) fn user(id: i64) -> Self {
        Self::Users(Arc::new([id]))
    }
}

/// Tells sockets and logs to look again at what their people may.
pub struct AccessSignal(broadcast::Sender<Concerned>);

impl Default for AccessSignal {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }
}

/// Tells one session of the changes that concern it.
pub struct AccessChanges {
    changes: broadcast::Receiver<Concerned>,
    session: i64,
    user: i64,
}

impl AccessChanges {
    /// Waits until this person's access may have changed; `false` when the portal has ended. Nothing is lost where the
    /// wait is given up.
    pub async fn changed(&mut self) -> bool {
        loop {
            let concerns = match self.changes.recv().await {
                Ok(Concerned::Session(id)) => id == self.session,
                Ok(Concerned::Users(ids)) => ids.contains(&self.user),
                Err(broadcast::error::RecvError::Lagged(_)) => true,
                Err(broadcast::error::RecvError::Closed) => return false,
            };
            if concerns {
                return true;
            }
        }
    }
}

impl AccessSignal {
    /// Changes of this person's access from now on.
    #[must_use]
    pub fn of(&self, actor: &Actor) -> AccessChanges {
        AccessChanges { changes: self.0.subscribe(), session: actor.session_id, user: actor.user.id }
    }

    /// Tells those who listen that access may have changed.
    pub(crate) fn tell(&self, concerned: Concerned) {
        // An error means that nobody listens.
        let _ = self.0.send(concerned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use domain::account::Role;
    use futures::FutureExt as _;

    #[test]
    fn a_change_is_heard_by_those_whom_it_concerns_and_by_nobody_else() {
        let signal = AccessSignal::default();
        let listen = |user, session| {
            let mut ann = actor(Role::Viewer);
            (ann.user.id, ann.session_id) = (user, session);
            signal.of(&ann)
        };
        let mut all = [listen(1, 10), listen(1, 11), listen(2, 20), listen(3, 30)];
        let mut heard = |concerned| {
            signal.tell(concerned);
            all.each_mut().map(|one| one.changed().now_or_never().is_some())
        };
        assert_eq!(heard(Concerned::Session(11)), [false, true, false, false]);
        assert_eq!(heard(Concerned::user(1)), [true, true, false, false]);
        assert_eq!(heard(Concerned::Users(Arc::new([2, 3]))), [false, false, true, true]);
    }

    #[test]
    fn whoever_has_missed_changes_looks_again() {
        let signal = AccessSignal::default();
        let mut late = signal.of(&actor(Role::Viewer));
        for _ in 0..=BEHIND {
            signal.tell(Concerned::user(99));
        }
        assert_eq!(late.changed().now_or_never(), Some(true));
    }
}
