//! Signing in and out, the first set-up, and who a token belongs to.

use crate::access::Actor;
use crate::access_changes::Concerned;
use crate::accounts::NewUser;
use crate::audit::Entry;
use crate::error::{Failure, Outcome};
use crate::limiter::Budgets;
use crate::origin::Origin;
use crate::password::Whose;
use crate::portal::Portal;
use crate::ports::{NewSession, SessionRow, Steady, StoreError};
use crate::tasks::to_its_end;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Username;
use domain::account::{Me, Role, User};
use domain::audit::{Act, AuditOutcome, NewUserKind, Target};
use domain::form::{AccountWrong, Field, Finding};
use domain::problem::SignInProblem;
use domain::secret::SecretText;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// A session's last use is written at most this often.
const TOUCH_MS: i64 = 60_000;
/// And a request waits no longer for that.
const TOUCH_WAIT: std::time::Duration = std::time::Duration::from_millis(250);

/// A session that was just started.
pub struct SignedIn {
    /// The token for the cookie. It is nowhere else.
    pub token: SecretText,
    /// Who.
    pub me: Me,
}

fn unauthenticated() -> Failure {
    Failure::told(SignInProblem::SessionInvalid)
}

fn wrong() -> Failure {
    Failure::told(SignInProblem::WrongCredentials)
}

fn set_up_already() -> Failure {
    Failure::told(SignInProblem::SetUpAlready)
}

/// Compares without telling by its time where the difference is.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Bytes of randomness in a token.
const TOKEN: usize = 32;

/// Whether a text has the form of a session's token; another one need not be looked up.
#[must_use]
pub fn may_be_token(text: &str) -> bool {
    text.len() == (TOKEN * 4).div_ceil(3) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Portal {
    /// Starts a session.
    ///
    /// # Errors
    /// `WrongCredentials` in the same words for a wrong name, a wrong password and a disabled user; `TooMany` with the time to wait.
    pub async fn sign_in(&self, name: &str, password: SecretText, origin: &Origin) -> Outcome<SignedIn> {
        let name = name.trim().to_lowercase();
        let found = match Username::parse(name.as_str()) {
            Ok(known) => self.store().user_by_name(&known).await?,
            Err(_) => None,
        };
        let familiar = self.is_familiar(&name, &origin.address).await?;
        let budgets = Budgets::new(self.own_key.bytes(), &name, &origin.address, familiar);
        let turn = self.may_try(&budgets).await?;
        let whose = if familiar { Whose::Known } else { Whose::Strangers };
        let checked = self.check_password(whose, found.as_ref().map(|(_, phc)| phc.as_str()), password).await?;
        let (user, phc) = match found {
            Some((user, phc)) if checked.right && !user.disabled => (user, phc),
            other => {
                let counted = self.count_failure(&budgets, turn).await;
                // What was typed is kept only where it is a name: people type passwords into that field.
                let target = other.map_or(Target::UnknownUser, |(user, _)| Target::User(user.name));
                self.audit.refused("", origin, Act::WrongCredentials, target);
                return Err(counted.err().unwrap_or_else(wrong));
            }
        };
        self.forget_failures(&budgets).await;
        self.make_familiar(&name, &origin.address).await;
        drop(turn);
        // A session leaves entries as a change does.
        self.pace.count(user.id)?;
        let (portal, origin) = (self.clone(), origin.clone());
        to_its_end(&self.tasks, async move {
            let _held = portal.hold_stored_passwords().await;
            match portal.store().user_by_id(user.id).await? {
                Some((now, stored)) if stored == phc && !now.disabled => {}
                // Changed or disabled while this one was being checked.
                _ => return Err(wrong()),
            }
            if let Some(phc) = checked.rehashed {
                portal.store().set_password(user.id, &phc).await?;
            }
            portal.start_session(user, &origin).await
        })
        .await
    }

    /// Who a token belongs to.
    ///
    /// # Errors
    /// `Unauthenticated` where there is no such session, it is past a limit, or its user is disabled.
    pub async fn authenticate(&self, token: &str, origin: &Origin) -> Outcome<Actor> {
        self.actor_of(hash(token), origin, true).await
    }

    /// Like [`Portal::authenticate`], for what a page asks by itself: it does not count as use of the session.
    ///
    /// # Errors
    /// Those of [`Portal::authenticate`].
    pub async fn authenticate_unused(&self, token: &str, origin: &Origin) -> Outcome<Actor> {
        self.actor_of(hash(token), origin, false).await
    }

    /// The same person now, or that there is none any more. For sockets, after [`AccessSignal::of`](crate::access_changes::AccessSignal::of). A look of the
    /// portal's own: it does not count as use of the session, or a page left open would keep it for ever.
    ///
    /// # Errors
    /// `Unauthenticated` where the session has ended meanwhile.
    pub async fn recheck(&self, actor: &Actor) -> Outcome<Actor> {
        self.actor_of(actor.token_hash, &actor.origin, false).await
    }

    /// The person did something over an open socket.
    ///
    /// # Errors
    /// `Unauthenticated` where the session has ended meanwhile.
    pub async fn note_use(&self, actor: &Actor) -> Outcome<()> {
        self.actor_of(actor.token_hash, &actor.origin, true).await.map(drop)
    }

    /// Ends this session. Where the store takes no write its end waits in memory, and its token is good for nothing meanwhile.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sign_out(&self, actor: &Actor) -> Outcome<()> {
        let (portal, user, session, token_hash) = (self.clone(), actor.user.id, actor.session_id, actor.token_hash);
        let entry = Entry::new(actor.user.name.as_str(), &actor.origin, Act::SignOut, Target::OwnSession, AuditOutcome::Done);
        to_its_end(&self.tasks, async move {
            match portal.storage.noted(portal.store().end_session(user, session).await) {
                // Ended in another window already, which is what was asked for.
                Ok(()) | Err(StoreError::Missing) => {}
                Err(StoreError::Unwritable(..)) if portal.storage.kept.session_end(token_hash) => {
                    tracing::warn!("a session has ended; the database hears of it later");
                }
                Err(error) => return Err(error.into()),
            }
            portal.access_changes.tell(Concerned::Session(session));
            portal.audit.record_end(entry).await;
            Ok(())
        })
        .await
    }

    /// Ends the session that a browser had before it signed in anew; nobody would find it again to end it.
    pub async fn leave_behind(&self, before: Option<&Actor>) {
        let Some(actor) = before else { return };
        if let Err(error) = self.sign_out(actor).await {
            tracing::warn!(%error, "the session before a new one could not be ended");
        }
    }

    /// Whether nobody can sign in yet.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn needs_set_up(&self) -> Outcome<bool> {
        Ok(self.store().count_users().await? == 0)
    }

    /// The one-time token for the first user, for the log. The same one until it is used or the portal restarts.
    #[must_use]
    pub fn set_up_token(&self) -> Option<String> {
        let mut slot = self.set_up_slot().lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let token = slot.get_or_insert_with(|| self.new_token());
        Some(token.expose().to_owned())
    }

    /// Makes user `admin` with this password where there is no user at all. Does nothing otherwise.
    ///
    /// # Errors
    /// The password breaks a rule, or those of the store.
    pub async fn ensure_admin(&self, secret: SecretText) -> Outcome<()> {
        if !self.needs_set_up().await? {
            return Ok(());
        }
        self.make_first_admin(NewUser::parse("admin", "Admin", secret, None)?, &Origin::default()).await.map(drop)
    }

    /// Makes the first user with the token from the log and signs in.
    ///
    /// # Errors
    /// The token is wrong or used, a field breaks a rule, or another set-up was first.
    pub async fn set_up(&self, token: &str, name: &str, display: &str, password: SecretText, origin: &Origin) -> Outcome<SignedIn> {
        let budgets = Budgets::of_address(self.own_key.bytes(), &origin.address);
        let turn = self.may_try(&budgets).await?;
        if !self.needs_set_up().await? {
            return Err(set_up_already());
        }
        let right = {
            let slot = self.set_up_slot().lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            slot.as_ref().is_some_and(|t| same(t.expose().as_bytes(), token.trim().as_bytes()))
        };
        if !right {
            self.count_failure(&budgets, turn).await?;
            self.audit.refused("", origin, Act::WrongSetUpToken, Target::Portal);
            return Err(Finding::new(Field::Token, AccountWrong::SetUpToken).into());
        }
        let new = NewUser::parse(name, display, password, None)?;
        let (portal, origin) = (self.clone(), origin.clone());
        to_its_end(&self.tasks, async move {
            let user = portal.make_first_admin(new, &origin).await?;
            *portal.set_up_slot().lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
            portal.start_session(user, &origin).await
        })
        .await
    }

    async fn make_first_admin(&self, new: NewUser, origin: &Origin) -> Outcome<User> {
        let NewUser { name, display, password } = new;
        let phc = self.hash_password(password).await?;
        let user = self.store().create_first_admin(&name, &display, &phc, self.now()).await.map_err(|error| match error {
            StoreError::Exists => set_up_already(),
            other @ (StoreError::Missing | StoreError::Changed | StoreError::Unwritable(..) | StoreError::Broken(_)) => other.into(),
        })?;
        let act = Act::CreateUser { kind: NewUserKind::FirstAdmin };
        self.audit.record_end(Entry::new(name.as_str(), origin, act, Target::User(name.clone()), AuditOutcome::Done)).await;
        Ok(user)
    }

    /// To be called by what goes on to its end: between the session and its entry nothing may stop.
    async fn start_session(&self, user: User, origin: &Origin) -> Outcome<SignedIn> {
        let token = self.new_token();
        let token_hash = hash(token.expose());
        let session = NewSession {
            token_hash,
            user_id: user.id,
            created: self.steady().date(),
            address: origin.address.clone(),
            agent: origin.agent.chars().take(200).collect(),
        };
        if self.storage.noted(self.store().create_session(&session).await)? > 0 {
            // A person's oldest sessions make room for the newest; their pages hear of it.
            self.access_changes.tell(Concerned::user(user.id));
        }
        self.audit.record_end(Entry::new(user.name.as_str(), origin, Act::SignIn, Target::OwnSession, AuditOutcome::Done)).await;
        let actor = self.actor_of(token_hash, origin, false).await?;
        Ok(SignedIn { token, me: actor.me() })
    }

    fn new_token(&self) -> SecretText {
        let mut bytes = zeroize::Zeroizing::new([0; TOKEN]);
        self.rng().fill(bytes.as_mut());
        SecretText::new(URL_SAFE_NO_PAD.encode(bytes.as_ref()))
    }

    async fn actor_of(&self, token_hash: [u8; 32], origin: &Origin, used: bool) -> Outcome<Actor> {
        if self.storage.kept.has_ended(&token_hash) {
            return Err(unauthenticated());
        }
        let Some(SessionRow { id, user, created, last_seen }) = self.store().session(&token_hash).await? else {
            return Err(unauthenticated());
        };
        let (now, settings) = (self.steady(), self.settings());
        let (unused, age) = (now.since(Steady::from(last_seen)), now.since(Steady::from(created)));
        if user.disabled || unused > settings.session_idle_ms || age > settings.session_absolute_ms {
            return Err(unauthenticated());
        }
        if used && unused >= TOUCH_MS {
            // Neither a session that ends right now nor a database that is locked is a reason to fail.
            let _not_noted = tokio::time::timeout(TOUCH_WAIT, self.store().touch_session(id, now.date())).await;
        }
        let mut roles = BTreeMap::new();
        if user.admin {
            roles.extend(self.namespaces.known().into_iter().map(|n| (n, (None, Role::Owner))));
        }
        for (team, namespace, role) in self.store().roles_of(user.id).await?.into_iter().filter(|(_, ns, _)| self.namespaces.is_served(ns)) {
            let entry = roles.entry(namespace).or_insert((Some(team.clone()), role));
            let stronger = role > entry.1 || (role == entry.1 && entry.0.is_none());
            if stronger {
                *entry = (Some(team), role);
            }
        }
        if user.admin {
            for (_, role) in roles.values_mut() {
                *role = Role::Owner;
            }
        }
        Ok(Actor { user, session_id: id, token_hash, origin: origin.clone(), roles })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::portal::fake::*;
    use std::sync::atomic::Ordering::SeqCst;

    #[tokio::test]
    async fn a_wrong_password_waits_for_the_same_writes_whether_or_not_there_is_such_a_user() {
        let fake = Fake::with(Settings { argon2_memory_kib: 64, argon2_passes: 1, ..Settings::default() }).await;
        let phc = fake.portal.hash_password(SecretText::new("the right one of ann".to_owned())).await.unwrap();
        fake.store.people.lock().unwrap().push((actor(Role::Viewer).user, phc));
        for (n, name) in ["nobody", "ann", "no-one", "ann"].into_iter().enumerate() {
            let (tries, entries) = (fake.store.counted.load(SeqCst), fake.audited().len());
            let refused = fake.portal.sign_in(name, SecretText::new("a guess".to_owned()), &Origin::default()).await;
            assert!(refused.is_err());
            assert_eq!(fake.store.counted.load(SeqCst) - tries, 3, "{name}");
            assert_eq!(fake.audited().len(), entries, "the audit entry of {name} is not waited for");
            fake.portal.tasks.close();
            fake.portal.tasks.wait().await;
            assert_eq!(fake.audited().len(), (n + 1).min(2), "only the first of each kind is written in a minute");
        }
    }
}
