//! People's own accounts, and users as portal admins manage them.

use crate::access::{Actor, PortalAdmin};
use crate::access_changes::{AccessSignal, Concerned};
use crate::audit::Audit;
use crate::error::{Failure, Outcome};
use crate::limiter::Limiter;
use crate::password::{self, Passwords, Whose};
use crate::ports::{Clock, Sessions, StoreError, UserState, Users};
use domain::Username;
use domain::account::User;
use domain::audit::{Act, NewUserKind, PasswordSetBy, Target};
use domain::form::{AccountWrong, Field, Finding};
use domain::problem::AccountProblem;
use domain::secret::SecretText;
use std::sync::Arc;

/// Longest name that people read, in characters.
const MAX_DISPLAY: usize = 64;

/// The name that people read; the sign-in name where none is given.
fn display_name(text: &str, name: &str) -> Result<String, Finding> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(name.to_owned());
    }
    if text.chars().count() > MAX_DISPLAY || domain::invisible::any(text) {
        return Err(Finding::new(Field::Display, AccountWrong::Display(MAX_DISPLAY)));
    }
    Ok(text.to_owned())
}

/// A new user in which every field is right.
pub(crate) struct NewUser {
    pub(crate) name: Username,
    pub(crate) display: String,
    pub(crate) password: SecretText,
}

impl NewUser {
    /// Tells all that is wrong with the fields at once; `taken` says that somebody has the name, if that is known.
    pub(crate) fn parse(name: &str, display: &str, password: SecretText, taken: Option<Finding>) -> Outcome<Self> {
        let name = name.trim();
        let display = display_name(display, name);
        let secret = password::check_new(Field::Password, &password, name);
        let name = Username::parse(name).map_err(|e| Finding::new(Field::Name, e)).and_then(|name| taken.map_or(Ok(name), Err));
        match (name, display, secret) {
            (Ok(name), Ok(display), Ok(())) => Ok(Self { name, display, password }),
            (name, display, secret) => Err(Failure::fields([name.err(), display.err(), secret.err()].into_iter().flatten())),
        }
    }
}

fn name_taken(name: &Username) -> Finding {
    Finding::new(Field::Name, AccountWrong::NameTaken(name.clone()))
}

/// People's own accounts, and users as portal admins manage them.
pub struct Accounts {
    users: Arc<dyn Users>,
    sessions: Arc<dyn Sessions>,
    passwords: Arc<Passwords>,
    limiter: Arc<Limiter>,
    audit: Arc<Audit>,
    access_changes: Arc<AccessSignal>,
    clock: Arc<dyn Clock>,
}

impl Accounts {
    pub(crate) fn new(
        users: Arc<dyn Users>,
        sessions: Arc<dyn Sessions>,
        passwords: Arc<Passwords>,
        limiter: Arc<Limiter>,
        audit: Arc<Audit>,
        access_changes: Arc<AccessSignal>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { users, sessions, passwords, limiter, audit, access_changes, clock }
    }

    /// Whether the person may have this new password; the current one is not looked at.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check_own_new_password(&self, actor: &Actor, new: &SecretText) -> Result<(), Finding> {
        password::check_new(Field::NewPassword, new, actor.user.name.as_str())
    }

    /// Sets a new password and ends the person's other sessions.
    ///
    /// # Errors
    /// The current password is wrong, or the new one breaks a rule.
    pub async fn change_password(self: &Arc<Self>, actor: &Actor, current: SecretText, new: SecretText) -> Outcome<()> {
        self.check_own_new_password(actor, &new)?;
        let budgets = self.limiter.budgets_of_person(actor.user.name.as_str(), &actor.origin.address);
        let turn = self.limiter.may_try(&budgets).await?;
        let (_, phc) = self.users.user_by_id(actor.user.id).await?.ok_or(StoreError::Missing)?;
        if !self.passwords.check(Whose::Known, Some(&phc), current).await?.right {
            self.limiter.count_failure(&budgets, turn).await?;
            return Err(Finding::new(Field::CurrentPassword, AccountWrong::WrongCurrentPassword).into());
        }
        self.limiter.forget_failures(&budgets).await;
        drop(turn);
        let (accounts, user, session) = (Arc::clone(self), actor.user.id, actor.session_id);
        let change = async move {
            let fresh = accounts.passwords.hash(new).await?;
            let _held = accounts.passwords.hold_stored().await;
            if accounts.users.user_by_id(user).await?.is_none_or(|(_, now)| now != phc) {
                return Err(Failure::told(AccountProblem::PasswordChangedElsewhere));
            }
            accounts.replace_password(user, &fresh, Some(session)).await
        };
        self.audit.audited(actor, Act::SetPassword { by: PasswordSetBy::Owner }, Target::User(actor.user.name.clone()), change).await
    }

    // The sessions end first: a kill in between leaves the old password and fewer sessions, never the new password
    // with sessions of the old one. The caller holds the stored passwords, so that none begins meanwhile.
    async fn replace_password(&self, user_id: i64, phc: &str, but: Option<i64>) -> Outcome<()> {
        let ended = self.sessions.end_sessions(user_id, but).await;
        self.access_changes.tell(Concerned::user(user_id));
        ended?;
        Ok(self.users.set_password(user_id, phc).await?)
    }

    /// All users.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn list(&self, _admin: &PortalAdmin<'_>) -> Outcome<Vec<User>> {
        Ok(self.users.users().await?)
    }

    /// Makes a user.
    ///
    /// # Errors
    /// A field breaks a rule, or the name is taken.
    pub async fn create(&self, admin: &PortalAdmin<'_>, name: &str, display: &str, secret: SecretText, is_admin: bool) -> Outcome<User> {
        let taken = match Username::parse(name.trim()) {
            Ok(name) => self.users.user_by_name(&name).await?.map(|_| name_taken(&name)),
            Err(_) => None,
        };
        let NewUser { name, display, password } = NewUser::parse(name, display, secret, taken)?;
        let kind = if is_admin { NewUserKind::Admin } else { NewUserKind::User };
        let target = Target::User(name.clone());
        let (users, passwords, clock) = (self.users.clone(), self.passwords.clone(), self.clock.clone());
        let change = async move {
            let phc = passwords.hash(password).await?;
            users.create_user(&name, &display, &phc, is_admin, clock.now()).await.map_err(|error| match error {
                StoreError::Exists => name_taken(&name).into(),
                other @ (StoreError::Missing | StoreError::Changed | StoreError::Unwritable(..) | StoreError::Broken(_)) => other.into(),
            })
        };
        self.audit.audited(admin.actor(), Act::CreateUser { kind }, target, change).await
    }

    /// Changes a user from what the admin has seen. Disabling ends all of the user's sessions, open sockets included.
    ///
    /// # Errors
    /// There is no such user, another admin was quicker, or no enabled admin would be left.
    pub async fn update(self: &Arc<Self>, admin: &PortalAdmin<'_>, id: i64, from: Option<UserState>, to: UserState) -> Outcome<()> {
        let (user, _) = self.users.user_by_id(id).await?.ok_or(StoreError::Missing)?;
        let to = UserState { display: display_name(&to.display, user.name.as_str())?, ..to };
        let act = Act::UpdateUser { admin: to.admin, disabled: to.disabled };
        let accounts = Arc::clone(self);
        let change = async move {
            let _held = accounts.passwords.hold_stored().await;
            accounts.users.update_user(id, from.as_ref(), &to).await.map_err(|error| match error {
                StoreError::Exists => Failure::told(AccountProblem::LastPortalAdmin),
                other @ (StoreError::Missing | StoreError::Changed | StoreError::Unwritable(..) | StoreError::Broken(_)) => other.into(),
            })?;
            // Sockets look again now; sessions of a disabled user are refused even where they could not be removed.
            accounts.access_changes.tell(Concerned::user(id));
            if to.disabled {
                accounts.sessions.end_sessions(id, None).await?;
            }
            Ok(())
        };
        self.audit.audited(admin.actor(), act, Target::User(user.name), change).await
    }

    /// Sets a user's password and ends all of the user's sessions.
    ///
    /// # Errors
    /// There is no such user, or the password breaks a rule.
    pub async fn reset_password(self: &Arc<Self>, admin: &PortalAdmin<'_>, id: i64, secret: SecretText) -> Outcome<()> {
        let (user, _) = self.users.user_by_id(id).await?.ok_or(StoreError::Missing)?;
        password::check_new(Field::Password, &secret, user.name.as_str())?;
        let accounts = Arc::clone(self);
        let change = async move {
            let phc = accounts.passwords.hash(secret).await?;
            let _held = accounts.passwords.hold_stored().await;
            accounts.replace_password(id, &phc, None).await
        };
        self.audit.audited(admin.actor(), Act::SetPassword { by: PasswordSetBy::Admin }, Target::User(user.name), change).await
    }

    /// Names of enabled portal admins, for people who need a team; 5 at most.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn admin_names(&self) -> Outcome<Vec<String>> {
        let users = self.users.users().await?;
        Ok(users.into_iter().filter(|u| u.admin && !u.disabled).map(|u| u.display).take(5).collect())
    }
}
