//! How many sockets there may be.

use crate::state::App;
use crate::web::Refusal;
use domain::problem::LimitProblem;
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sockets of one session.
const PER_SESSION: usize = 20;
/// Sockets of one person, over all sessions.
const PER_USER: usize = 60;
/// Sockets of all.
const IN_ALL: usize = 2000;

/// A user's number and a session's.
type Owner = (i64, i64);

/// The open sockets.
#[derive(Debug, Default)]
pub struct Sockets(Mutex<HashMap<Owner, usize>>);

/// An open socket's place; dropping it gives it back.
pub struct Seat {
    app: App,
    owner: Owner,
}

impl Sockets {
    /// Takes a place.
    ///
    /// # Errors
    /// Where there is none.
    pub fn admit(app: &App, owner: Owner) -> Result<Seat, Refusal> {
        let mut open = app.sockets.lock();
        let all: usize = open.values().sum();
        let user: usize = open.iter().filter(|((user, _), _)| *user == owner.0).map(|(_, n)| n).sum();
        let own = open.get(&owner).copied().unwrap_or_default();
        if own >= PER_SESSION || user >= PER_USER || all >= IN_ALL {
            return Err(Refusal::new(if all >= IN_ALL { LimitProblem::ConnectionsOfPortal } else { LimitProblem::ConnectionsOfPerson }));
        }
        open.insert(owner, own + 1);
        app.numbers.sockets.fetch_add(1, Relaxed);
        drop(open);
        Ok(Seat { app: app.clone(), owner })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Owner, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.app.numbers.sockets.fetch_sub(1, Relaxed);
        let mut open = self.app.sockets.lock();
        if let Some(own) = open.get_mut(&self.owner) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.owner);
            }
        }
    }
}
