//! How the portal stands to the cluster.

use super::value::{flag, some, texts};
use crate::UnixMs;
use crate::storage::{StorageNotice, StorageTrouble};
use crate::view::ClusterHealth;
use serde_json::Value;

/// How the portal stands to the cluster.
#[must_use]
pub fn health(v: &Value) -> ClusterHealth {
    ClusterHealth {
        ready: flag(v, "ready"),
        away_since: some(v, "away_since").and_then(Value::as_i64).map(UnixMs),
        refusals: texts(v, "refusals"),
        metrics: v["metrics"].as_bool(),
        storage: some(v, "storage").and_then(storage),
    }
}

fn storage(v: &Value) -> Option<StorageNotice> {
    Some(StorageNotice { trouble: StorageTrouble::from_slug(v["trouble"].as_str()?)?, admin: flag(v, "admin") })
}
