//! Users and their sessions.

use super::FakeStore;
use crate::ports::*;
use async_trait::async_trait;
use domain::account::{SessionInfo, User};
use domain::{UnixMs, Username};

const MAX_USERS: usize = 10_000;
const MAX_SESSIONS: usize = 100;

/// A session of a [`FakeStore`].
pub(crate) struct FakeSession {
    id: i64,
    pub(super) last_seen: UnixMs,
    pub(super) made: NewSession,
}

impl FakeStore {
    fn add_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs, only_first: bool) -> StoreResult<User> {
        self.takes_writes()?;
        let mut people = self.people.lock().unwrap();
        if people.iter().any(|(user, _)| only_first || user.name == *name) {
            return Err(StoreError::Exists);
        }
        let id = people.iter().map(|(user, _)| user.id).max().unwrap_or(0) + 1;
        let user = User { id, name: name.clone(), display: display.into(), admin, disabled: false, created: now, last_seen: None };
        people.push((user.clone(), phc.into()));
        Ok(user)
    }
}

#[async_trait]
impl Users for FakeStore {
    async fn count_users(&self) -> StoreResult<u64> {
        Ok(self.people.lock().unwrap().len() as u64)
    }

    async fn create_first_admin(&self, name: &Username, display: &str, phc: &str, now: UnixMs) -> StoreResult<User> {
        self.add_user(name, display, phc, true, now, true)
    }

    async fn create_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs) -> StoreResult<User> {
        self.add_user(name, display, phc, admin, now, false)
    }

    async fn users(&self) -> StoreResult<Vec<User>> {
        let mut users: Vec<User> = self.people.lock().unwrap().iter().map(|(user, _)| user.clone()).collect();
        users.sort_by(|a, b| a.name.cmp(&b.name));
        users.truncate(MAX_USERS);
        Ok(users)
    }

    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>> {
        Ok(self.people.lock().unwrap().iter().find(|(user, _)| user.name == *name).cloned())
    }

    async fn user_by_id(&self, id: i64) -> StoreResult<Option<(User, String)>> {
        Ok(self.people.lock().unwrap().iter().find(|(user, _)| user.id == id).cloned())
    }

    async fn set_password(&self, id: i64, phc: &str) -> StoreResult<()> {
        self.takes_writes()?;
        let mut people = self.people.lock().unwrap();
        let (_, before) = people.iter_mut().find(|(user, _)| user.id == id).ok_or(StoreError::Missing)?;
        phc.clone_into(before);
        Ok(())
    }

    async fn update_user(&self, id: i64, from: Option<&UserState>, to: &UserState) -> StoreResult<()> {
        self.takes_writes()?;
        let mut people = self.people.lock().unwrap();
        let at = people.iter().position(|(user, _)| user.id == id).ok_or(StoreError::Missing)?;
        let user = &people[at].0;
        if from.is_some_and(|from| *from != UserState { display: user.display.clone(), admin: user.admin, disabled: user.disabled }) {
            return Err(StoreError::Changed);
        }
        let is_other_admin = |(n, (user, _)): (usize, &(User, String))| n != at && user.admin && !user.disabled;
        if !(to.admin && !to.disabled || people.iter().enumerate().any(is_other_admin)) {
            return Err(StoreError::Exists);
        }
        let user = &mut people[at].0;
        (user.display, user.admin, user.disabled) = (to.display.clone(), to.admin, to.disabled);
        Ok(())
    }
}

#[async_trait]
impl Sessions for FakeStore {
    async fn create_session(&self, session: &NewSession) -> StoreResult<u64> {
        self.takes_writes()?;
        let mut people = self.people.lock().unwrap();
        let (user, _) = people.iter_mut().find(|(user, _)| user.id == session.user_id).ok_or_else(|| StoreError::Broken("no such user".into()))?;
        user.last_seen = Some(session.created);
        let mut sessions = self.sessions.lock().unwrap();
        let id = sessions.iter().map(|s| s.id).max().unwrap_or(0) + 1;
        sessions.push(FakeSession { id, last_seen: session.created, made: session.clone() });
        let mut own: Vec<(UnixMs, i64)> = sessions.iter().filter(|s| s.made.user_id == session.user_id).map(|s| (s.last_seen, s.id)).collect();
        own.sort_by_key(|key| std::cmp::Reverse(*key));
        let too_many: Vec<i64> = own.into_iter().skip(MAX_SESSIONS).map(|(_, id)| id).collect();
        sessions.retain(|s| !too_many.contains(&s.id));
        Ok(too_many.len() as u64)
    }

    async fn session(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SessionRow>> {
        let (people, sessions) = (self.people.lock().unwrap(), self.sessions.lock().unwrap());
        let Some(found) = sessions.iter().find(|s| s.made.token_hash == *token_hash) else { return Ok(None) };
        let user = people.iter().find(|(user, _)| user.id == found.made.user_id);
        Ok(user.map(|(user, _)| SessionRow { id: found.id, user: user.clone(), created: found.made.created, last_seen: found.last_seen }))
    }

    async fn touch_session(&self, id: i64, now: UnixMs) -> StoreResult<()> {
        self.takes_writes()?;
        let mut sessions = self.sessions.lock().unwrap();
        sessions.iter_mut().find(|s| s.id == id).ok_or(StoreError::Missing)?.last_seen = now;
        Ok(())
    }

    async fn end_session(&self, user_id: i64, id: i64) -> StoreResult<()> {
        self.takes_writes()?;
        let mut sessions = self.sessions.lock().unwrap();
        let at = sessions.iter().position(|s| s.id == id && s.made.user_id == user_id).ok_or(StoreError::Missing)?;
        sessions.remove(at);
        Ok(())
    }

    async fn end_sessions(&self, user_id: i64, except: Option<i64>) -> StoreResult<()> {
        self.takes_writes()?;
        self.sessions.lock().unwrap().retain(|s| s.made.user_id != user_id || Some(s.id) == except);
        Ok(())
    }

    async fn sessions(&self, user_id: i64) -> StoreResult<Vec<SessionInfo>> {
        let info = |s: &FakeSession| SessionInfo {
            id: s.id,
            current: false,
            created: s.made.created,
            last_seen: s.last_seen,
            address: s.made.address.clone(),
            agent: s.made.agent.clone(),
        };
        let mut own: Vec<SessionInfo> = self.sessions.lock().unwrap().iter().filter(|s| s.made.user_id == user_id).map(info).collect();
        own.sort_by_key(|s| std::cmp::Reverse((s.last_seen, s.id)));
        Ok(own)
    }

    async fn prune_sessions(&self, idle_before: UnixMs, created_before: UnixMs) -> StoreResult<u64> {
        self.takes_writes()?;
        let mut sessions = self.sessions.lock().unwrap();
        let before = sessions.len();
        sessions.retain(|s| s.last_seen >= idle_before && s.made.created >= created_before);
        Ok((before - sessions.len()) as u64)
    }
}
