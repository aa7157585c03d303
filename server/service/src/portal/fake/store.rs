//! A store in memory; what no test of this room asks of it is not there.

use crate::ports::*;
use async_trait::async_trait;
use domain::account::{Member, Role, SessionInfo, Team, User};
use domain::audit::{AuditOutcome, AuditRow};
use domain::draft::DraftOf;
use domain::operation::{Interruption, Work};
use domain::storage::StorageTrouble;
use domain::{AppId, Namespace, TeamName, UnixMs, Username};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub(crate) struct FakeStore {
    pub(crate) draft: Mutex<Option<StoredDraft>>,
    pub(crate) audit: Mutex<Vec<NewAudit>>,
    pub(crate) operations: Mutex<BTreeMap<i64, Operation>>,
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

fn unused<T>() -> StoreResult<T> {
    Err(StoreError::Broken("not in this test".into()))
}

#[async_trait]
impl Users for FakeStore {
    async fn count_users(&self) -> StoreResult<u64> {
        unused()
    }

    async fn create_first_admin(&self, _: &Username, _: &str, _: &str, _: UnixMs) -> StoreResult<User> {
        unused()
    }

    async fn create_user(&self, _: &Username, _: &str, _: &str, _: bool, _: UnixMs) -> StoreResult<User> {
        unused()
    }

    async fn users(&self) -> StoreResult<Vec<User>> {
        unused()
    }

    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>> {
        Ok(self.people.lock().unwrap().iter().find(|(user, _)| user.name == *name).cloned())
    }

    async fn user_by_id(&self, _: i64) -> StoreResult<Option<(User, String)>> {
        unused()
    }

    async fn set_password(&self, _: i64, _: &str) -> StoreResult<()> {
        unused()
    }

    async fn update_user(&self, _: i64, _: Option<&UserState>, _: &UserState) -> StoreResult<()> {
        unused()
    }
}

#[async_trait]
impl Sessions for FakeStore {
    async fn create_session(&self, _: &NewSession) -> StoreResult<u64> {
        unused()
    }

    async fn session(&self, _: &[u8; 32]) -> StoreResult<Option<SessionRow>> {
        unused()
    }

    async fn touch_session(&self, _: i64, _: UnixMs) -> StoreResult<()> {
        unused()
    }

    async fn end_session(&self, _: i64, _: i64) -> StoreResult<()> {
        unused()
    }

    async fn end_sessions(&self, _: i64, _: Option<i64>) -> StoreResult<()> {
        unused()
    }

    async fn sessions(&self, _: i64) -> StoreResult<Vec<SessionInfo>> {
        unused()
    }

    async fn prune_sessions(&self, _: UnixMs, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
}

#[async_trait]
impl Teams for FakeStore {
    async fn teams(&self) -> StoreResult<Vec<Team>> {
        Ok(self.teams.lock().unwrap().clone())
    }

    async fn create_team(&self, _: &TeamName, _: &[Namespace]) -> StoreResult<i64> {
        unused()
    }

    async fn update_team(&self, _: i64, _: Option<&TeamState>, _: &TeamState) -> StoreResult<()> {
        unused()
    }

    async fn delete_team(&self, _: i64) -> StoreResult<()> {
        unused()
    }

    async fn set_member(&self, _: i64, _: i64, _: Option<Role>) -> StoreResult<()> {
        unused()
    }

    async fn members(&self, _: i64) -> StoreResult<Vec<Member>> {
        unused()
    }

    async fn roles_of(&self, _: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>> {
        unused()
    }
}

#[async_trait]
impl Attempts for FakeStore {
    async fn tries(&self, key: &str) -> StoreResult<Tries> {
        Ok(self.tries.lock().unwrap().get(key).copied().unwrap_or_default())
    }

    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()> {
        self.takes_writes()?;
        self.tries.lock().unwrap().insert(key.to_owned(), tries);
        self.counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn clear_tries(&self, key: &str) -> StoreResult<()> {
        self.takes_writes()?;
        self.tries.lock().unwrap().remove(key);
        Ok(())
    }

    async fn clear_tries_from(&self, _: &str) -> StoreResult<()> {
        unused()
    }
}

#[async_trait]
impl AuditLog for FakeStore {
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64> {
        self.takes_writes()?;
        if let Some(intent) = entry.intent {
            self.operations.lock().unwrap().remove(&intent);
        }
        let mut audit = self.audit.lock().unwrap();
        audit.push(entry.clone());
        Ok(audit.len() as i64)
    }

    async fn newest_audit(&self) -> StoreResult<i64> {
        Ok(self.audit.lock().unwrap().len() as i64)
    }

    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64> {
        self.takes_writes()?;
        let (mut audit, operations) = (self.audit.lock().unwrap(), self.operations.lock().unwrap());
        let is_open = |id: i64| audit.iter().all(|e| e.intent != Some(id)) && !operations.contains_key(&id);
        let open: Vec<i64> = (1..=last).filter(|id| audit[*id as usize - 1].outcome == AuditOutcome::Intent && is_open(*id)).collect();
        for id in &open {
            let end = NewAudit { at, outcome: AuditOutcome::Unknown, detail: detail.into(), intent: Some(*id), ..audit[*id as usize - 1].clone() };
            audit.push(end);
        }
        Ok(open.len() as u64)
    }

    async fn audit_rows(&self, _: Option<i64>, _: &str, _: u32) -> StoreResult<Vec<AuditRow>> {
        unused()
    }

    async fn team_activity(&self, _: &TeamName, _: &[Namespace], _: Option<i64>, _: u32) -> StoreResult<Vec<AuditRow>> {
        unused()
    }
}

#[async_trait]
impl Operations for FakeStore {
    async fn begin_operation(&self, intent: &NewAudit, user_id: i64, work: &Work) -> StoreResult<i64> {
        let id = self.audit(intent).await?;
        let operation = Operation { id, user_id, work: work.clone(), undo: false, told: None, intent: intent.clone() };
        self.operations.lock().unwrap().insert(id, operation);
        Ok(id)
    }

    async fn operations(&self) -> StoreResult<Vec<Operation>> {
        Ok(self.operations.lock().unwrap().values().cloned().collect())
    }

    async fn undo_operation(&self, id: i64) -> StoreResult<()> {
        self.takes_writes()?;
        self.operations.lock().unwrap().get_mut(&id).ok_or(StoreError::Missing)?.undo = true;
        Ok(())
    }

    async fn settle_operation(&self, end: &NewAudit, told: &Interruption) -> StoreResult<()> {
        self.takes_writes()?;
        self.audit.lock().unwrap().push(end.clone());
        self.operations.lock().unwrap().get_mut(&end.intent.unwrap()).ok_or(StoreError::Missing)?.told = Some(told.clone());
        Ok(())
    }

    async fn dismiss_operation(&self, user_id: i64, id: i64) -> StoreResult<()> {
        self.takes_writes()?;
        let mut operations = self.operations.lock().unwrap();
        if operations.get(&id).is_none_or(|o| o.user_id != user_id || o.told.is_none()) {
            return Err(StoreError::Missing);
        }
        operations.remove(&id);
        Ok(())
    }

    async fn prune_operations(&self, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
}

#[async_trait]
impl Samples for FakeStore {
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()> {
        self.takes_writes()?;
        self.samples.lock().unwrap().extend_from_slice(samples);
        Ok(())
    }

    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>> {
        let mut pods = BTreeMap::<String, BTreeMap<i64, (u32, u32, u64)>>::new();
        for s in self.samples.lock().unwrap().iter().filter(|s| s.app == *app && s.at >= from && s.at < to) {
            let cell = pods.entry(s.pod.clone()).or_default().entry(s.at.0 / step_ms * step_ms).or_default();
            *cell = (cell.0 + 1, cell.1 + s.cpu_milli, cell.2.max(s.memory_bytes));
        }
        let point = |(at, (count, cpu, memory_bytes))| Point { at: UnixMs(at), cpu_milli: cpu / count, memory_bytes };
        Ok(pods.into_iter().map(|(pod, cells)| PodSeries { pod, points: cells.into_iter().rev().map(point).collect() }).collect())
    }

    async fn usage_history(&self, _: UnixMs, _: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>> {
        Ok(Vec::new())
    }

    async fn prune_samples(&self, _: UnixMs, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
    }
}

#[async_trait]
impl Drafts for FakeStore {
    async fn draft(&self, _: i64, _: DraftOf, _: &Namespace) -> StoreResult<Option<StoredDraft>> {
        Ok(self.draft.lock().unwrap().clone())
    }

    async fn keep_draft(&self, _: i64, _: DraftOf, _: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>> {
        Ok(self.draft.lock().unwrap().replace(draft.clone()).map(|before| before.changed))
    }

    async fn discard_draft(&self, _: i64, _: DraftOf, _: &Namespace) -> StoreResult<()> {
        *self.draft.lock().unwrap() = None;
        Ok(())
    }

    async fn prune_drafts(&self, _: UnixMs) -> StoreResult<u64> {
        Ok(0)
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

    async fn key(&self, _: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]> {
        Ok(fresh)
    }

    async fn date_back(&self, _: UnixMs) -> StoreResult<()> {
        self.takes_writes()
    }
}
