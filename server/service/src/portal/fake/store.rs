//! A store in memory, which keeps the promises of the ports as [`crate::contract`] has them.

mod accounts;
mod audit_log;
mod operations;
mod others;
mod samples;
mod teams;

use crate::ports::*;
use accounts::FakeSession;
use domain::account::{Team, User};
use domain::operation::OperationId;
use domain::storage::StorageTrouble;
use others::FakeDraft;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub(crate) struct FakeStore {
    drafts: Mutex<Vec<FakeDraft>>,
    keys: Mutex<BTreeMap<String, [u8; 32]>>,
    sessions: Mutex<Vec<FakeSession>>,
    pub(crate) audit: Mutex<Vec<NewAudit>>,
    pub(crate) operations: Mutex<BTreeMap<OperationId, Unsettled>>,
    pub(crate) samples: Mutex<Vec<Sample>>,
    pub(crate) teams: Mutex<Vec<Team>>,
    /// Users and the hashes of their passwords.
    pub(crate) people: Mutex<Vec<(User, String)>>,
    /// Writes of tries.
    pub(crate) counted: AtomicUsize,
    pub(crate) tries: Mutex<BTreeMap<String, Tries>>,
    /// It takes no write.
    pub(crate) trouble: Mutex<Option<StorageTrouble>>,
    /// It answers no health check until this is notified.
    pub(crate) hangs: Mutex<Option<Arc<tokio::sync::Notify>>>,
}

impl FakeStore {
    pub(crate) fn set_trouble(&self, trouble: Option<StorageTrouble>) {
        *self.trouble.lock().unwrap() = trouble;
    }

    fn takes_writes(&self) -> StoreResult<()> {
        match *self.trouble.lock().unwrap() {
            Some(trouble) => Err(StoreError::Unwritable(trouble, "on purpose".into())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    async fn fresh() -> ((), Arc<dyn contract::Store>) {
        ((), Arc::new(FakeStore::default()))
    }

    #[tokio::test]
    async fn it_keeps_the_promises_of_all_ports() {
        contract::attempts(fresh).await;
        contract::audit_log(fresh).await;
        contract::database(fresh).await;
        contract::drafts(fresh).await;
        contract::operations(fresh).await;
        contract::samples(fresh).await;
        contract::sessions(fresh).await;
        contract::teams(fresh).await;
        contract::users(fresh).await;
    }
}
