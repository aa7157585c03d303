//! Signing in and out, and a person's own sessions.

use crate::access::Actor;
use crate::access_changes::{AccessSignal, Concerned};
use crate::audit::{Audit, Entry};
use crate::authenticate::Authenticator;
use crate::error::{Failure, Outcome};
use crate::limiter::Limiter;
use crate::origin::Origin;
use crate::pace::Pace;
use crate::password::{Passwords, Whose};
use crate::ports::{self, Clock, NewSession, Rng, StoreError, Users};
use crate::storage::Storage;
use crate::tasks::to_its_end;
use crate::token;
use domain::Username;
use domain::account::{Me, SessionInfo, User};
use domain::audit::{Act, AuditOutcome, Target};
use domain::problem::{AccountProblem, SignInProblem};
use domain::secret::SecretText;
use std::sync::Arc;
use tokio_util::task::TaskTracker;

/// A session that was just started.
pub struct SignedIn {
    /// The token for the cookie. It is nowhere else.
    pub token: SecretText,
    /// Who.
    pub me: Arc<Me>,
}

fn wrong() -> Failure {
    Failure::told(SignInProblem::WrongCredentials)
}

/// Begins and ends sessions.
pub struct Sessions {
    pub(crate) users: Arc<dyn Users>,
    pub(crate) rows: Arc<dyn ports::Sessions>,
    pub(crate) storage: Arc<Storage>,
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) access_changes: Arc<AccessSignal>,
    pub(crate) tasks: TaskTracker,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

impl Sessions {
    /// Starts a session.
    ///
    /// # Errors
    /// `WrongCredentials` in the same words for a wrong name, a wrong password and a disabled user; `TooMany` with the time to wait.
    pub async fn sign_in(self: &Arc<Self>, name: &str, password: SecretText, origin: &Origin) -> Outcome<SignedIn> {
        let name = name.trim().to_lowercase();
        let found = match Username::parse(name.as_str()) {
            Ok(known) => self.users.user_by_name(&known).await?,
            Err(_) => None,
        };
        let familiar = self.limiter.is_familiar(&name, &origin.address).await?;
        let budgets = self.limiter.budgets(&name, &origin.address, familiar);
        let turn = self.limiter.may_try(&budgets).await?;
        let whose = if familiar { Whose::Known } else { Whose::Strangers };
        let checked = self.passwords.check(whose, found.as_ref().map(|(_, phc)| phc.as_str()), password).await?;
        let (user, phc) = match found {
            Some((user, phc)) if checked.right && !user.disabled => (user, phc),
            other => {
                let counted = self.limiter.count_failure(&budgets, turn).await;
                // What was typed is kept only where it is a name: people type passwords into that field.
                let target = other.map_or(Target::UnknownUser, |(user, _)| Target::User(user.name));
                self.audit.refused("", origin, Act::WrongCredentials, target);
                return Err(counted.err().unwrap_or_else(wrong));
            }
        };
        self.limiter.forget_failures(&budgets).await;
        self.limiter.make_familiar(&name, &origin.address).await;
        drop(turn);
        // A session leaves entries as a change does.
        self.pace.count(user.id)?;
        let (sessions, origin) = (Arc::clone(self), origin.clone());
        to_its_end(&self.tasks, async move {
            let _held = sessions.passwords.hold_stored().await;
            match sessions.users.user_by_id(user.id).await? {
                Some((now, stored)) if stored == phc && !now.disabled => {}
                // Changed or disabled while this one was being checked.
                _ => return Err(wrong()),
            }
            if let Some(phc) = checked.rehashed {
                sessions.users.set_password(user.id, &phc).await?;
            }
            sessions.start(user, &origin).await
        })
        .await
    }

    /// Ends this session. Where the store takes no write its end waits in memory, and its token is good for nothing meanwhile.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sign_out(self: &Arc<Self>, actor: &Actor) -> Outcome<()> {
        let (sessions, user, session, token_hash) = (Arc::clone(self), actor.user.id, actor.session_id, actor.token_hash);
        let entry = Entry::new(actor.user.name.as_str(), &actor.origin, Act::SignOut, Target::OwnSession, AuditOutcome::Done);
        to_its_end(&self.tasks, async move {
            match sessions.storage.noted(sessions.rows.end_session(user, session).await) {
                // Ended in another window already, which is what was asked for.
                Ok(()) | Err(StoreError::Missing) => {}
                Err(StoreError::Unwritable(..)) if sessions.storage.kept.session_end(token_hash) => {
                    tracing::warn!("a session has ended; the database hears of it later");
                }
                Err(error) => return Err(error.into()),
            }
            sessions.access_changes.tell(Concerned::Session(session));
            sessions.audit.record_end(entry).await;
            Ok(())
        })
        .await
    }

    /// Ends the session that a browser had before it signed in anew; nobody would find it again to end it.
    pub async fn leave_behind(self: &Arc<Self>, before: Option<&Actor>) {
        let Some(actor) = before else { return };
        if let Err(error) = self.sign_out(actor).await {
            tracing::warn!(%error, "the session before a new one could not be ended");
        }
    }

    /// The person's sessions, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn list(&self, actor: &Actor) -> Outcome<Vec<SessionInfo>> {
        let mut sessions = self.rows.sessions(actor.user.id).await?;
        for session in &mut sessions {
            session.current = session.id == actor.session_id;
        }
        Ok(sessions)
    }

    /// Ends one of the person's sessions.
    ///
    /// # Errors
    /// There is no such session of this person.
    pub async fn end(&self, actor: &Actor, id: i64) -> Outcome<()> {
        let user = actor.user.id;
        if !self.rows.sessions(user).await?.iter().any(|s| s.id == id) {
            return Err(Failure::told(AccountProblem::SessionEnded));
        }
        let (rows, access_changes) = (self.rows.clone(), self.access_changes.clone());
        let change = async move {
            rows.end_session(user, id).await?;
            access_changes.tell(Concerned::Session(id));
            Ok(())
        };
        self.audit.audited(actor, Act::EndSession, Target::SessionNumber(id), change).await
    }

    /// Ends all of the person's sessions but this one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn end_others(&self, actor: &Actor) -> Outcome<()> {
        let (user, session) = (actor.user.id, actor.session_id);
        let (rows, access_changes) = (self.rows.clone(), self.access_changes.clone());
        let change = async move {
            rows.end_sessions(user, Some(session)).await?;
            access_changes.tell(Concerned::user(user));
            Ok(())
        };
        self.audit.audited(actor, Act::EndOtherSessions, Target::OtherSessions, change).await
    }

    /// To be called by what goes on to its end: between the session and its entry nothing may stop.
    pub(crate) async fn start(&self, user: User, origin: &Origin) -> Outcome<SignedIn> {
        let token = self.new_token();
        let token_hash = token::hash(token.expose());
        let session = NewSession {
            token_hash,
            user_id: user.id,
            created: self.clock.steady().date(),
            address: origin.address.clone(),
            agent: origin.agent.chars().take(200).collect(),
        };
        if self.storage.noted(self.rows.create_session(&session).await)? > 0 {
            // A person's oldest sessions make room for the newest; their pages hear of it.
            self.access_changes.tell(Concerned::user(user.id));
        }
        self.audit.record_end(Entry::new(user.name.as_str(), origin, Act::SignIn, Target::OwnSession, AuditOutcome::Done)).await;
        let actor = self.authenticator.actor_of(token_hash, origin, false).await?;
        Ok(SignedIn { token, me: actor.me().clone() })
    }

    /// A token that nobody has.
    pub(crate) fn new_token(&self) -> SecretText {
        token::random(self.rng.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::portal::fake::*;
    use domain::account::Role;
    use std::sync::atomic::Ordering::SeqCst;

    #[tokio::test]
    async fn a_wrong_password_waits_for_the_same_writes_whether_or_not_there_is_such_a_user() {
        let fake = Fake::with(Settings { argon2_memory_kib: 64, argon2_passes: 1, ..Settings::default() }).await;
        let phc = fake.portal.passwords.hash(SecretText::new("the right one of ann".to_owned())).await.unwrap();
        fake.store.people.lock().unwrap().push((actor(Role::Viewer).user, phc));
        for (n, name) in ["nobody", "ann", "no-one", "ann"].into_iter().enumerate() {
            let (tries, entries) = (fake.store.counted.load(SeqCst), fake.audited().len());
            let refused = fake.portal.sessions.sign_in(name, SecretText::new("a guess".to_owned()), &Origin::default()).await;
            assert!(refused.is_err());
            assert_eq!(fake.store.counted.load(SeqCst) - tries, 3, "{name}");
            assert_eq!(fake.audited().len(), entries, "the audit entry of {name} is not waited for");
            fake.portal.tasks.close();
            fake.portal.tasks.wait().await;
            assert_eq!(fake.audited().len(), (n + 1).min(2), "only the first of each kind is written in a minute");
        }
    }
}
