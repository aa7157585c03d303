//! How many sockets there may be.

use crate::state::App;
use crate::web::Refusal;
use domain::{Code, Problem};
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sockets of one session.
const PER_SESSION: usize = 20;
/// Sockets of all.
const IN_ALL: usize = 2000;

/// The open sockets, by session.
#[derive(Debug, Default)]
pub struct Sockets(Mutex<HashMap<i64, usize>>);

/// An open socket's place; dropping it gives it back.
pub struct Seat {
    app: App,
    session: i64,
}

impl Sockets {
    /// Takes a place.
    ///
    /// # Errors
    /// Where there is none.
    pub fn admit(app: &App, session: i64) -> Result<Seat, Refusal> {
        let mut open = app.sockets.lock();
        let all: usize = open.values().sum();
        let own = open.entry(session).or_default();
        if *own >= PER_SESSION || all >= IN_ALL {
            let sentence = if all >= IN_ALL {
                "The portal holds as many live connections as it can."
            } else {
                "This session holds as many live connections as it may. Close some pages."
            };
            return Err(Problem { retry_after_s: Some(15), ..Problem::new(Code::TooMany, sentence) }.into());
        }
        *own += 1;
        app.numbers.sockets.fetch_add(1, Relaxed);
        drop(open);
        Ok(Seat { app: app.clone(), session })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.app.numbers.sockets.fetch_sub(1, Relaxed);
        let mut open = self.app.sockets.lock();
        if let Some(own) = open.get_mut(&self.session) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.session);
            }
        }
    }
}
