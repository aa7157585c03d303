//! What has to be kept: users, sessions, teams, tries, audit entries and samples.

use async_trait::async_trait;
use domain::account::{AuditRow, Member, Role, SessionInfo, Team, User};
use domain::draft::DraftOf;
use domain::operation::{Interruption, Work};
use domain::storage::StorageTrouble;
use domain::{AppId, Namespace, TeamName, UnixMs, Username};

/// The store did not do what was asked. The text is for the operator's log, never for the wire.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something by that name exists already.
    #[error("already exists")]
    Exists,
    /// No such row.
    #[error("no such row")]
    Missing,
    /// Somebody else has changed it meanwhile.
    #[error("changed meanwhile")]
    Changed,
    /// The database takes no write for a reason that lies outside of the portal.
    #[error("database, {trouble}: {1}", trouble = .0.slug())]
    Unwritable(StorageTrouble, String),
    /// The portal's way to the database is broken.
    #[error("database: {0}")]
    Broken(String),
}

/// Result of a store call.
pub type StoreResult<T> = Result<T, StoreError>;

/// What an admin may change of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserState {
    /// The name that people read.
    pub display: String,
    /// Manages the portal.
    pub admin: bool,
    /// May not sign in.
    pub disabled: bool,
}

/// What an admin may change of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamState {
    /// The name by which people know it.
    pub name: TeamName,
    /// Its namespaces, by name, each once.
    pub namespaces: Vec<Namespace>,
}

/// A session as it is found by its token's hash.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Row.
    pub id: i64,
    /// Its user.
    pub user: User,
    /// Start.
    pub created: UnixMs,
    /// Last request (kept to the minute, to save writes).
    pub last_seen: UnixMs,
}

/// A new session.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the token; the token itself is never stored.
    pub token_hash: [u8; 32],
    /// Its user.
    pub user_id: i64,
    /// Start.
    pub created: UnixMs,
    /// Address it came from.
    pub address: String,
    /// Browser, 200 characters at most.
    pub agent: String,
}

/// A new audit entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// The portal's time of the entry.
    pub at: UnixMs,
    /// Who; empty where nobody was signed in.
    pub actor: String,
    /// From which address.
    pub address: String,
    /// What.
    pub action: String,
    /// On what.
    pub target: String,
    /// `intent`, `done`, `refused`, `failed`, `unknown`.
    pub outcome: String,
    /// One sentence.
    pub detail: String,
    /// The entry with the intent that this one ends.
    pub intent: Option<i64>,
}

/// A change of several calls, as it is kept from before the first of them until its end is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The number of its intent in the audit table.
    pub id: i64,
    /// Number of the person who started it.
    pub user_id: i64,
    /// What it makes or deletes.
    pub work: Work,
    /// It is to be undone, whatever else is found of it from now on.
    pub undo: bool,
    /// Its end, where the portal had to find that out by itself. It is told to the person who started the change.
    pub told: Option<Interruption>,
    /// The audit entry that was written before its first call.
    pub intent: NewAudit,
}

/// One measured use of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When, on a step of 15 s.
    pub at: UnixMs,
    /// App that the pod belongs to.
    pub app: AppId,
    /// Name of the pod that was measured.
    pub pod: String,
    /// CPU in thousandths of a core.
    pub cpu_milli: u32,
    /// Memory in bytes.
    pub memory_bytes: u64,
}

/// What was measured of one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSeries {
    /// Name of the pod that was measured.
    pub pod: String,
    /// The steps in which anything was measured, newest first.
    pub points: Vec<Point>,
}

/// What was measured of a pod in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The step's start: a multiple of the step.
    pub at: UnixMs,
    /// Mean, in thousandths of a core.
    pub cpu_milli: u32,
    /// The highest, in bytes, so that a spike on the way to the limit shows.
    pub memory_bytes: u64,
}

/// State of the limiter for one key (an account or an address).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Failed tries in the window.
    pub failed: u32,
    /// Start of the window.
    pub since: UnixMs,
    /// No try before this moment.
    pub blocked_until: UnixMs,
}

/// A draft of a form as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDraft {
    /// When it was last changed.
    pub changed: UnixMs,
    /// The form as JSON, 64 KiB at most, without secret values.
    pub body: String,
}

/// Everything that is kept. All calls are atomic; a kill between two of them loses neither.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Writes on every connection that writes and reads on one that reads (for `/healthy`).
    async fn check_writable(&self) -> StoreResult<()>;
    /// A key kept under `name`, made by `make` on first use (fingerprint key, …).
    async fn key(&self, name: &str, fresh: [u8; 32]) -> StoreResult<[u8; 32]>;

    /// Number of users.
    async fn count_users(&self) -> StoreResult<u64>;
    /// Makes the first user, an admin, only if there is none at all; `Exists` otherwise. Two racing calls make one.
    async fn create_first_admin(&self, name: &Username, display: &str, phc: &str, now: UnixMs) -> StoreResult<User>;
    /// Makes a user.
    async fn create_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs) -> StoreResult<User>;
    /// All users by name, 10,000 at most.
    async fn users(&self) -> StoreResult<Vec<User>>;
    /// A user and the password's PHC string.
    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>>;
    /// A user and the password's PHC string.
    async fn user_by_id(&self, id: i64) -> StoreResult<Option<(User, String)>>;
    /// Stores a new hash.
    async fn set_password(&self, id: i64, phc: &str) -> StoreResult<()>;
    /// Changes display name, admin and disabled. `Missing` if there is no such user; `Changed` if it is not as in `from`;
    /// `Exists` if it would leave no enabled admin.
    async fn update_user(&self, id: i64, from: Option<&UserState>, to: &UserState) -> StoreResult<()>;

    /// Keeps a session.
    async fn create_session(&self, session: &NewSession) -> StoreResult<u64>;
    /// Finds a session by its token's hash; its user may be disabled.
    async fn session(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SessionRow>>;
    /// Notes that a session was used.
    async fn touch_session(&self, id: i64, now: UnixMs) -> StoreResult<()>;
    /// Ends a session of this user.
    async fn end_session(&self, user_id: i64, id: i64) -> StoreResult<()>;
    /// Ends all sessions of a user but one.
    async fn end_sessions(&self, user_id: i64, except: Option<i64>) -> StoreResult<()>;
    /// Sessions of a user, newest first.
    async fn sessions(&self, user_id: i64) -> StoreResult<Vec<SessionInfo>>;
    /// Sessions and tries from after `now`, which a clock that was set ahead has left, begin now: their time is as long as
    /// it was, and ends.
    async fn date_back(&self, now: UnixMs) -> StoreResult<()>;
    /// Removes sessions that are past their limits.
    async fn prune_sessions(&self, idle_before: UnixMs, created_before: UnixMs) -> StoreResult<u64>;

    /// All teams with namespaces and members.
    async fn teams(&self) -> StoreResult<Vec<Team>>;
    /// Makes a team.
    async fn create_team(&self, name: &TeamName, namespaces: &[Namespace]) -> StoreResult<i64>;
    /// Renames a team and sets its namespaces. `Missing` if there is no such team; `Changed` if it is not as in `from`;
    /// `Exists` if the name is taken.
    async fn update_team(&self, id: i64, from: Option<&TeamState>, to: &TeamState) -> StoreResult<()>;
    /// Removes a team; its people stay.
    async fn delete_team(&self, id: i64) -> StoreResult<()>;
    /// Sets a member's role, or takes the member out.
    async fn set_member(&self, team_id: i64, user_id: i64, role: Option<Role>) -> StoreResult<()>;
    /// Members of a team.
    async fn members(&self, team_id: i64) -> StoreResult<Vec<Member>>;
    /// The roles of a user: team, namespace, role.
    async fn roles_of(&self, user_id: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>>;

    /// Tries under a key.
    async fn tries(&self, key: &str) -> StoreResult<Tries>;
    /// Keeps tries under a key; keys untouched for a day are pruned, 50,000 are kept at most (oldest go first).
    async fn set_tries(&self, key: &str, tries: Tries) -> StoreResult<()>;
    /// Forgets the tries under a key.
    async fn clear_tries(&self, key: &str) -> StoreResult<()>;
    /// Forgets failed tries on every key that begins so.
    async fn clear_tries_from(&self, beginning: &str) -> StoreResult<()>;

    /// Adds an audit entry; durable when it returns. An entry that ends an intent ends its operation as well.
    async fn audit(&self, entry: &NewAudit) -> StoreResult<i64>;
    /// The number of the newest audit entry; 0 where there is none.
    async fn newest_audit(&self) -> StoreResult<i64>;
    /// Ends as `unknown` all intents up to `last` that have no end and no operation, and says how many there were.
    async fn end_intents(&self, last: i64, at: UnixMs, detail: &str) -> StoreResult<u64>;

    /// Adds the intent of an operation and the operation itself: both or neither. Gives back their number.
    async fn begin_operation(&self, intent: &NewAudit, user_id: i64, work: &Work) -> StoreResult<i64>;
    /// The operations, oldest first, 1,000 at most.
    async fn operations(&self) -> StoreResult<Vec<Operation>>;
    /// Notes that an operation is to be undone; durable when it returns.
    async fn undo_operation(&self, id: i64) -> StoreResult<()>;
    /// Adds the end of an operation, and keeps what is to be told of it: both or neither.
    async fn settle_operation(&self, end: &NewAudit, told: &Interruption) -> StoreResult<()>;
    /// Forgets what was to be told of an operation to this user. `Missing` where there is no such thing.
    async fn dismiss_operation(&self, user_id: i64, id: i64) -> StoreResult<()>;
    /// Forgets what was to be told of operations that began before `before`.
    async fn prune_operations(&self, before: UnixMs) -> StoreResult<u64>;
    /// Audit entries older than `before` (all with `None`), newest first; `filter` is matched as text in actor, action,
    /// target and outcome.
    async fn audit_rows(&self, before: Option<i64>, filter: &str, limit: u32) -> StoreResult<Vec<AuditRow>>;

    /// What was done and refused in these namespaces and to this team, older than `before` (all with `None`), newest first.
    async fn team_activity(&self, team: &TeamName, namespaces: &[Namespace], before: Option<i64>, limit: u32) -> StoreResult<Vec<AuditRow>>;

    /// Adds samples in one transaction.
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()>;
    /// Use of an app's pods since `from` and before `to` in steps of `step_ms`, whatever was measured within a step taken
    /// together; of more than 400,000 points the newest.
    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>>;
    /// Per app, sums over its pods since `from` in steps of `step_ms`: app, step's start, CPU, memory (means in a step).
    async fn usage_history(&self, from: UnixMs, step_ms: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>>;
    /// Removes samples older than `before`, and those from after `after`, which a clock that was set ahead has left.
    async fn prune_samples(&self, before: UnixMs, after: UnixMs) -> StoreResult<u64>;

    /// A user's draft of a form in a namespace.
    async fn draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<Option<StoredDraft>>;
    /// Keeps a draft in place of the one before, and tells when that one was changed; of a user's drafts the newest 20 are kept.
    async fn keep_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace, draft: &StoredDraft) -> StoreResult<Option<UnixMs>>;
    /// Throws a draft away, if it is there.
    async fn discard_draft(&self, user_id: i64, form: DraftOf, namespace: &Namespace) -> StoreResult<()>;
    /// Removes drafts that were last changed before `before`.
    async fn prune_drafts(&self, before: UnixMs) -> StoreResult<u64>;
}
