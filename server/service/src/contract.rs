//! What every store must keep: the promises of the ports, each checked on an empty store. The store in memory that this room's
//! tests use and the one on a disk are checked by the same list.
#![allow(clippy::unwrap_used)]

mod attempts;
mod audit_log;
mod database;
mod drafts;
mod operations;
mod samples;
mod sessions;
mod teams;
mod users;

use crate::ports::{Attempts, AuditLog, Database, Drafts, Operations, Samples, Sessions, Teams, Users};
use domain::{AppId, Namespace, UnixMs, Username};
use futures::future::BoxFuture;
use std::sync::Arc;

/// Everything that a store implements. Promises on one port are often checked through another one.
pub trait Store: Attempts + AuditLog + Database + Drafts + Operations + Samples + Sessions + Teams + Users {}

impl<T: Attempts + AuditLog + Database + Drafts + Operations + Samples + Sessions + Teams + Users> Store for T {}

/// A promise, checked on an empty store. It panics where that does not keep it.
type Promise = fn(Arc<dyn Store>) -> BoxFuture<'static, ()>;

/// The promises of a port as a list, so that one that is not in it is a warning of the compiler.
macro_rules! promises {
    ($($promise:ident),+ $(,)?) => {
        pub(super) const PROMISES: &[super::Promise] = &[$(|store| Box::pin($promise(store))),+];
    };
}
use promises;

macro_rules! contracts {
    ($($(#[$doc:meta])* $port:ident,)+) => {
        $($(#[$doc])*
        /// `fresh` makes an empty store, and whatever has to live as long.
        pub async fn $port<Held>(fresh: impl AsyncFn() -> (Held, Arc<dyn Store>)) {
            for promise in $port::PROMISES {
                let (_held, store) = fresh().await;
                promise(store).await;
            }
        })+
    };
}

contracts! {
    /// Checks the promises of [`Attempts`](crate::ports::Attempts).
    attempts,
    /// Checks the promises of [`AuditLog`](crate::ports::AuditLog).
    audit_log,
    /// Checks the promises of [`Database`](crate::ports::Database).
    database,
    /// Checks the promises of [`Drafts`](crate::ports::Drafts).
    drafts,
    /// Checks the promises of [`Operations`](crate::ports::Operations).
    operations,
    /// Checks the promises of [`Samples`](crate::ports::Samples).
    samples,
    /// Checks the promises of [`Sessions`](crate::ports::Sessions).
    sessions,
    /// Checks the promises of [`Teams`](crate::ports::Teams).
    teams,
    /// Checks the promises of [`Users`](crate::ports::Users).
    users,
}

fn username(text: &str) -> Username {
    Username::parse(text).unwrap()
}

fn namespace(text: &str) -> Namespace {
    Namespace::parse(text).unwrap()
}

fn app(namespace: &str, name: &str) -> AppId {
    AppId::parse(&format!("{namespace}/deployment/{name}")).unwrap()
}

/// The number of a new user.
async fn add_user(store: &dyn Store, name: &str) -> i64 {
    store.create_user(&username(name), name, "phc", false, UnixMs(1)).await.unwrap().id
}
