//! Tries, drafts, and the database as a whole.

use super::FakeStore;
use crate::ports::*;
use async_trait::async_trait;
use domain::draft::DraftOf;
use domain::{Namespace, UnixMs};
use std::sync::atomic::Ordering;

const MAX_KEYS: usize = 50_000;
const MAX_DRAFTS: usize = 20;
const DAY_MS: i64 = 86_400_000;

/// A draft of a [`FakeStore`].
pub(crate) struct FakeDraft {
    user_id: i64,
    form: DraftOf,
    namespace: Namespace,
    draft: StoredDraft,
}

impl FakeDraft {
    fn is(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> bool {
        self.user_id == user_id && self.form == form && self.namespace == *namespace
    }
}

#[async_trait]
impl Attempts for FakeStore {
    async fn tries(&self, key: &str) -> StoreResult<Tries> {
        Ok(self.tries.lock().unwrap().get(key).copied().unwrap_or_default())
    }

    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()> {
        self.takes_writes()?;
        let last = |tries: &Tries| tries.since.max(tries.blocked_until);
        let mut all = self.tries.lock().unwrap();
        all.insert(key.to_owned(), tries);
        all.retain(|_, other| last(other) >= tries.since.plus(-DAY_MS));
        while all.len() > MAX_KEYS
            && let Some(oldest) = all.iter().min_by_key(|(_, tries)| last(tries)).map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
        self.counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn clear_tries(&self, key: &str) -> StoreResult<()> {
        self.takes_writes()?;
        self.tries.lock().unwrap().remove(key);
        Ok(())
    }

    async fn clear_tries_from(&self, beginning: &str) -> StoreResult<()> {
        self.takes_writes()?;
        self.tries.lock().unwrap().retain(|key, _| !key.starts_with(beginning));
        Ok(())
    }
}

#[async_trait]
impl Drafts for FakeStore {
    async fn draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<Option<StoredDraft>> {
        let drafts = self.drafts.lock().unwrap();
        Ok(drafts.iter().find(|kept| kept.is(user_id, form, namespace)).map(|kept| kept.draft.clone()))
    }

    async fn keep_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>> {
        self.takes_writes()?;
        let mut drafts = self.drafts.lock().unwrap();
        let before = drafts.iter().position(|kept| kept.is(user_id, form, namespace)).map(|at| drafts.remove(at).draft.changed);
        drafts.push(FakeDraft { user_id, form, namespace: namespace.clone(), draft: draft.clone() });
        while drafts.iter().filter(|kept| kept.user_id == user_id).count() > MAX_DRAFTS
            && let Some(oldest) = drafts.iter().filter(|kept| kept.user_id == user_id).map(|kept| kept.draft.changed).min()
            && let Some(at) = drafts.iter().position(|kept| kept.user_id == user_id && kept.draft.changed == oldest)
        {
            drafts.remove(at);
        }
        Ok(before)
    }

    async fn discard_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<()> {
        self.takes_writes()?;
        self.drafts.lock().unwrap().retain(|kept| !kept.is(user_id, form, namespace));
        Ok(())
    }

    async fn prune_drafts(&self, before: UnixMs) -> StoreResult<u64> {
        self.takes_writes()?;
        let mut drafts = self.drafts.lock().unwrap();
        let all = drafts.len();
        drafts.retain(|kept| kept.draft.changed >= before);
        Ok((all - drafts.len()) as u64)
    }
}

#[async_trait]
impl Database for FakeStore {
    async fn check_writable(&self) -> StoreResult<()> {
        let hangs = self.hangs.lock().unwrap().clone();
        if let Some(hangs) = hangs {
            hangs.notified().await;
        }
        self.takes_writes()
    }

    async fn key(&self, name: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]> {
        Ok(*self.keys.lock().unwrap().entry(name.to_owned()).or_insert(fresh))
    }

    async fn date_back(&self, now: UnixMs) -> StoreResult<()> {
        self.takes_writes()?;
        for session in self.sessions.lock().unwrap().iter_mut() {
            session.made.created = session.made.created.min(now);
            session.last_seen = session.last_seen.min(now);
        }
        for tries in self.tries.lock().unwrap().values_mut().filter(|tries| tries.since > now) {
            tries.blocked_until = now.plus(tries.blocked_until.since(tries.since).max(0));
            tries.since = now;
        }
        Ok(())
    }
}
