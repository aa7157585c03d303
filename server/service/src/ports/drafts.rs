//! Forms that are not sent yet.

use super::StoreResult;
use async_trait::async_trait;
use domain::draft::DraftOf;
use domain::{Namespace, UnixMs};

/// A draft of a form as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDraft {
    /// When it was last changed.
    pub changed: UnixMs,
    /// The form as JSON, 64 KiB at most, without secret values.
    pub body: String,
}

/// Forms that are not sent yet. Each call is atomic.
#[async_trait]
pub trait Drafts: Send + Sync + 'static {
    /// A user's draft of a form in a namespace.
    async fn draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<Option<StoredDraft>>;
    /// Keeps a draft in place of the one before, and tells when that one was changed; of a user's drafts the newest 20 are kept.
    async fn keep_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>>;
    /// Throws a draft away, if it is there.
    async fn discard_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<()>;
    /// Removes drafts that were last changed before `before`.
    async fn prune_drafts(&self, before: UnixMs) -> StoreResult<u64>;
}
