//! Who did what.

use super::FakeStore;
use crate::ports::*;
use async_trait::async_trait;
use domain::audit::{AuditOutcome, AuditRow};
use domain::operation::OperationId;
use domain::{Namespace, TeamName, UnixMs};

impl FakeStore {
    /// Adds an entry, whose number is its place.
    pub(super) fn add_entry(&self, entry: &NewAudit) -> i64 {
        let mut audit = self.audit.lock().unwrap();
        audit.push(entry.clone());
        audit.len() as i64
    }

    /// The newest entries before `before` that are wanted and no intents that have an end.
    fn rows(&self, before: Option<i64>, limit: u32, wanted: impl Fn(&AuditRow) -> bool) -> Vec<AuditRow> {
        let audit = self.audit.lock().unwrap();
        let row = |(n, e): (usize, &NewAudit)| AuditRow {
            id: n as i64 + 1,
            at: e.at,
            actor: e.actor.clone(),
            address: e.address.clone(),
            action: e.deed.act.slug().into(),
            target: e.deed.target.to_string(),
            outcome: e.outcome,
            detail: e.detail.clone(),
            deed: Some(e.deed.clone()),
        };
        let has_no_end = |row: &AuditRow| audit.iter().all(|e| e.intent != Some(row.id));
        let all = audit.iter().enumerate().map(row).rev();
        all.filter(|row| before.is_none_or(|before| row.id < before) && wanted(row) && has_no_end(row)).take(limit as usize).collect()
    }
}

#[async_trait]
impl AuditLog for FakeStore {
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64> {
        self.takes_writes()?;
        self.end_by_entry(entry);
        Ok(self.add_entry(entry))
    }

    async fn newest_audit(&self) -> StoreResult<i64> {
        Ok(self.audit.lock().unwrap().len() as i64)
    }

    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64> {
        self.takes_writes()?;
        // In the order of everybody who takes both.
        let operations = self.operations.lock().unwrap();
        let mut audit = self.audit.lock().unwrap();
        let is_open = |id: i64| audit.iter().all(|e| e.intent != Some(id)) && !operations.contains_key(&OperationId(id));
        let open: Vec<i64> = (1..=last).filter(|id| audit[*id as usize - 1].outcome == AuditOutcome::Intent && is_open(*id)).collect();
        for id in &open {
            let end = NewAudit { at, outcome: AuditOutcome::Unknown, detail: detail.into(), intent: Some(*id), ..audit[*id as usize - 1].clone() };
            audit.push(end);
        }
        Ok(open.len() as u64)
    }

    async fn audit_rows(&self, before: Option<i64>, filter: &str, limit: u32) -> StoreResult<Vec<AuditRow>> {
        let filter = filter.to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&filter);
        let wanted = |row: &AuditRow| holds(&row.actor) || holds(&row.action) || holds(&row.target) || row.outcome.slug() == filter;
        Ok(self.rows(before, limit, wanted))
    }

    async fn team_activity(&self, team: &TeamName, namespaces: &[Namespace], before: Option<i64>, limit: u32) -> StoreResult<Vec<AuditRow>> {
        let member = format!("{team}: ");
        let of_team = |row: &AuditRow| row.action.starts_with("team.") && (row.target == team.as_str() || row.target.starts_with(&member));
        let lies_in = |row: &AuditRow| row.deed.as_ref().and_then(|deed| deed.target.namespace()).is_some_and(|n| namespaces.contains(n));
        Ok(self.rows(before, limit, |row| of_team(row) || lies_in(row)))
    }
}
