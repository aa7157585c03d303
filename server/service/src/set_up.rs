//! The first user of a portal that has none.

use crate::accounts::NewUser;
use crate::audit::{Audit, Entry};
use crate::error::{Failure, Outcome};
use crate::limiter::Limiter;
use crate::origin::Origin;
use crate::password::Passwords;
use crate::ports::{Clock, StoreError, Users};
use crate::sessions::{Sessions, SignedIn};
use crate::tasks::to_its_end;
use crate::token;
use domain::account::User;
use domain::audit::{Act, AuditOutcome, NewUserKind, Target};
use domain::form::{AccountWrong, Field, Finding};
use domain::problem::SignInProblem;
use domain::secret::SecretText;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::task::TaskTracker;

fn done_already() -> Failure {
    Failure::told(SignInProblem::SetUpAlready)
}

/// Makes the first user.
pub struct SetUp {
    users: Arc<dyn Users>,
    sessions: Arc<Sessions>,
    passwords: Arc<Passwords>,
    limiter: Arc<Limiter>,
    audit: Arc<Audit>,
    tasks: TaskTracker,
    clock: Arc<dyn Clock>,
    /// The one-time token for the first user, only while there is none.
    token: Mutex<Option<SecretText>>,
}

impl SetUp {
    pub(crate) fn new(
        users: Arc<dyn Users>,
        sessions: Arc<Sessions>,
        passwords: Arc<Passwords>,
        limiter: Arc<Limiter>,
        audit: Arc<Audit>,
        tasks: TaskTracker,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { users, sessions, passwords, limiter, audit, tasks, clock, token: Mutex::new(None) }
    }

    fn slot(&self) -> MutexGuard<'_, Option<SecretText>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody can sign in yet.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn is_needed(&self) -> Outcome<bool> {
        Ok(self.users.count_users().await? == 0)
    }

    /// The one-time token for the first user, for the log. The same one until it is used or the portal restarts.
    #[must_use]
    pub fn token(&self) -> String {
        self.slot().get_or_insert_with(|| self.sessions.new_token()).expose().to_owned()
    }

    /// Makes user `admin` with this password where there is no user at all. Does nothing otherwise.
    ///
    /// # Errors
    /// The password breaks a rule, or those of the store.
    pub async fn ensure_admin(&self, secret: SecretText) -> Outcome<()> {
        if !self.is_needed().await? {
            return Ok(());
        }
        self.make_first_admin(NewUser::parse("admin", "Admin", secret, None)?, &Origin::default()).await.map(drop)
    }

    /// Makes the first user with the token from the log and signs in.
    ///
    /// # Errors
    /// The token is wrong or used, a field breaks a rule, or another set-up was first.
    pub async fn make_first_user(self: &Arc<Self>, token: &str, name: &str, display: &str, password: SecretText, origin: &Origin) -> Outcome<SignedIn> {
        let budgets = self.limiter.budgets_of_address(&origin.address);
        let turn = self.limiter.may_try(&budgets).await?;
        if !self.is_needed().await? {
            return Err(done_already());
        }
        let right = self.slot().as_ref().is_some_and(|t| token::same(t.expose().as_bytes(), token.trim().as_bytes()));
        if !right {
            self.limiter.count_failure(&budgets, turn).await?;
            self.audit.refused("", origin, Act::WrongSetUpToken, Target::Portal);
            return Err(Finding::new(Field::Token, AccountWrong::SetUpToken).into());
        }
        let new = NewUser::parse(name, display, password, None)?;
        let (this, origin) = (Arc::clone(self), origin.clone());
        to_its_end(&self.tasks, async move {
            let user = this.make_first_admin(new, &origin).await?;
            *this.slot() = None;
            this.sessions.start(user, &origin).await
        })
        .await
    }

    async fn make_first_admin(&self, new: NewUser, origin: &Origin) -> Outcome<User> {
        let NewUser { name, display, password } = new;
        let phc = self.passwords.hash(password).await?;
        let user = self.users.create_first_admin(&name, &display, &phc, self.clock.now()).await.map_err(|error| match error {
            StoreError::Exists => done_already(),
            other @ (StoreError::Missing | StoreError::Changed | StoreError::Unwritable(..) | StoreError::Broken(_)) => other.into(),
        })?;
        let act = Act::CreateUser { kind: NewUserKind::FirstAdmin };
        self.audit.record_end(Entry::new(name.as_str(), origin, act, Target::User(name.clone()), AuditOutcome::Done)).await;
        Ok(user)
    }
}
