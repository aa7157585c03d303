//! The port, call by call; the SQL is in the files beside this one.

use crate::open::SqliteStore;
use async_trait::async_trait;
use domain::account::{AuditRow, Member, Role, SessionInfo, Team, User};
use domain::draft::DraftOf;
use domain::operation::{Interruption, Work};
use domain::{AppId, Namespace, TeamName, UnixMs, Username};
use service::ports::{NewAudit, NewSession, Operation, PodSeries, Sample, SessionRow, Store, StoreResult, StoredDraft, TeamState, Tries, UserState};

#[async_trait]
impl Store for SqliteStore {
    async fn check_writable(&self) -> StoreResult<()> {
        self.write_everywhere().await
    }
    async fn key(&self, name: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]> {
        self.find_or_keep_key(name, fresh).await
    }
    async fn count_users(&self) -> StoreResult<u64> {
        self.user_count().await
    }
    async fn create_first_admin(&self, name: &Username, display: &str, phc: &str, now: UnixMs) -> StoreResult<User> {
        self.insert_user(name, display, phc, true, now, true).await
    }
    async fn create_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs) -> StoreResult<User> {
        self.insert_user(name, display, phc, admin, now, false).await
    }
    async fn users(&self) -> StoreResult<Vec<User>> {
        self.all_users().await
    }
    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>> {
        self.find_user_by_name(name).await
    }
    async fn user_by_id(&self, id: i64) -> StoreResult<Option<(User, String)>> {
        self.find_user_by_id(id).await
    }
    async fn set_password(&self, id: i64, phc: &str) -> StoreResult<()> {
        self.store_password(id, phc).await
    }
    async fn update_user(&self, id: i64, from: Option<&UserState>, to: &UserState) -> StoreResult<()> {
        self.change_user(id, from, to).await
    }
    async fn create_session(&self, session: &NewSession) -> StoreResult<u64> {
        self.insert_session(session).await
    }
    async fn session(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SessionRow>> {
        self.find_session(token_hash).await
    }
    async fn touch_session(&self, id: i64, now: UnixMs) -> StoreResult<()> {
        self.note_use(id, now).await
    }
    async fn end_session(&self, user_id: i64, id: i64) -> StoreResult<()> {
        self.remove_session(user_id, id).await
    }
    async fn end_sessions(&self, user_id: i64, except: Option<i64>) -> StoreResult<()> {
        self.remove_sessions(user_id, except).await
    }
    async fn sessions(&self, user_id: i64) -> StoreResult<Vec<SessionInfo>> {
        self.list_sessions(user_id).await
    }
    async fn date_back(&self, now: UnixMs) -> StoreResult<()> {
        self.bring_back_to(now).await
    }
    async fn prune_sessions(&self, idle_before: UnixMs, created_before: UnixMs) -> StoreResult<u64> {
        self.remove_old_sessions(idle_before, created_before).await
    }
    async fn teams(&self) -> StoreResult<Vec<Team>> {
        self.all_teams().await
    }
    async fn create_team(&self, name: &TeamName, namespaces: &[Namespace]) -> StoreResult<i64> {
        self.insert_team(name, namespaces).await
    }
    async fn update_team(&self, id: i64, from: Option<&TeamState>, to: &TeamState) -> StoreResult<()> {
        self.change_team(id, from, to).await
    }
    async fn delete_team(&self, id: i64) -> StoreResult<()> {
        self.remove_team(id).await
    }
    async fn set_member(&self, team_id: i64, user_id: i64, role: Option<Role>) -> StoreResult<()> {
        self.put_member(team_id, user_id, role).await
    }
    async fn members(&self, team_id: i64) -> StoreResult<Vec<Member>> {
        self.members_of(team_id).await
    }
    async fn roles_of(&self, user_id: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>> {
        self.user_roles(user_id).await
    }
    async fn tries(&self, key: &str) -> StoreResult<Tries> {
        self.find_tries(key).await
    }
    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()> {
        self.put_tries(key, tries).await
    }
    async fn clear_tries(&self, key: &str) -> StoreResult<()> {
        self.forget_tries(key).await
    }
    async fn clear_tries_from(&self, beginning: &str) -> StoreResult<()> {
        self.forget_tries_from(beginning).await
    }
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64> {
        self.insert_audit(entry).await
    }
    async fn newest_audit(&self) -> StoreResult<i64> {
        self.newest_entry().await
    }
    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64> {
        self.end_open_intents(last, at, detail).await
    }
    async fn begin_operation(&self, intent: &NewAudit, user_id: i64, work: &Work) -> StoreResult<i64> {
        self.insert_operation(intent, user_id, work).await
    }
    async fn operations(&self) -> StoreResult<Vec<Operation>> {
        self.all_operations().await
    }
    async fn undo_operation(&self, id: i64) -> StoreResult<()> {
        self.mark_undo(id).await
    }
    async fn settle_operation(&self, end: &NewAudit, told: &Interruption) -> StoreResult<()> {
        self.end_operation(end, told).await
    }
    async fn dismiss_operation(&self, user_id: i64, id: i64) -> StoreResult<()> {
        self.remove_operation(user_id, id).await
    }
    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64> {
        self.remove_old_operations(before).await
    }
    async fn audit_rows(&self, before: Option<i64>, filter: &str, limit: u32) -> StoreResult<Vec<AuditRow>> {
        self.find_audit(before, filter, limit).await
    }
    async fn team_activity(&self, team: &TeamName, namespaces: &[Namespace], before: Option<i64>, limit: u32) -> StoreResult<Vec<AuditRow>> {
        self.find_activity(team, namespaces, before, limit).await
    }
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()> {
        self.insert_samples(samples).await
    }
    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>> {
        self.read_series(app, from, to, step_ms).await
    }
    async fn usage_history(&self, from: UnixMs, step_ms: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>> {
        self.sum_usage(from, step_ms).await
    }
    async fn prune_samples(&self, before: UnixMs, after: UnixMs) -> StoreResult<u64> {
        self.remove_samples(before, after).await
    }
    async fn draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<Option<StoredDraft>> {
        self.find_draft(user_id, form, namespace).await
    }
    async fn keep_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>> {
        self.put_draft(user_id, form, namespace, draft).await
    }
    async fn discard_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<()> {
        self.forget_draft(user_id, form, namespace).await
    }
    async fn prune_drafts(&self, before: UnixMs) -> StoreResult<u64> {
        self.remove_old_drafts(before).await
    }
}
