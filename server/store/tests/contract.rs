//! The promises of the ports, kept on a real file. What only a file can show is in the other tests.
#![allow(clippy::unwrap_used, missing_docs)]

use service::contract::{self, Store};
use std::sync::Arc;
use store::SqliteStore;
use tempfile::TempDir;

async fn fresh() -> (TempDir, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
    (folder, Arc::new(store))
}

macro_rules! kept {
    ($($port:ident)+) => {
        $(#[tokio::test]
        async fn $port() {
            contract::$port(fresh).await;
        })+
    };
}

kept!(attempts audit_log database drafts operations samples sessions teams users);
