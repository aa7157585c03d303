//! The way back in for whoever holds the database, where nobody is left who could set a password.

use crate::audit::Entry;
use crate::error::{Failure, Outcome};
use crate::limiter;
use crate::origin::Origin;
use crate::own_key::OwnKey;
use crate::password;
use crate::ports::{Attempts, AuditLog, Clock, Database, Rng, Sessions, Users};
use crate::settings::Settings;
use domain::Username;
use domain::audit::{Act, AuditOutcome, PasswordSetBy, Target};
use domain::problem::AccountProblem;
use domain::secret::SecretText;

/// Who stands in the audit table. No user can have this name: it has a space.
const ACTOR: &str = "command line";
/// No letters that are read for others; 32 of them, so that a byte chooses evenly.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Groups of five letters: 100 bits in all.
const GROUPS: usize = 4;
/// Most portal admins that are named where there is no such user.
const ADMINS_NAMED: usize = 5;

/// Gives a user a random password and ends all of the user's sessions. Pages that are open in a running portal see it
/// within a minute.
///
/// # Errors
/// There is no such user, or the user is disabled; those of the store.
pub async fn reset_password<S>(store: &S, clock: &dyn Clock, rng: &dyn Rng, settings: &Settings, name: &str) -> Outcome<SecretText>
where
    S: Users + Sessions + Attempts + AuditLog + Database,
{
    let name = name.trim().to_lowercase();
    let found = match Username::parse(&name) {
        Ok(name) => store.user_by_name(&name).await?,
        Err(_) => None,
    };
    let Some((user, _)) = found else {
        let admins = store.users().await?.into_iter().filter(|u| u.admin && !u.disabled).map(|u| u.name).take(ADMINS_NAMED).collect();
        return Err(Failure::told(AccountProblem::UserNotFound { name, admins }));
    };
    if user.disabled {
        return Err(Failure::told(AccountProblem::UserDisabled { name }));
    }
    let fresh = random(rng);
    let phc = password::hash_now(settings, rng, &fresh)?;
    let (act, target) = (Act::SetPassword { by: PasswordSetBy::CommandLine }, Target::User(user.name.clone()));
    let entry = |outcome, intent| Entry::new(ACTOR, &Origin::default(), act.clone(), target.clone(), outcome).ending(intent);
    let intent = store.audit(&entry(AuditOutcome::Intent, None).at(clock.now())).await?;
    // In this order for the same reason as where an admin does it: a kill in between leaves fewer sessions. A portal that
    // runs beside it may have let somebody in with the old password meanwhile, so they are ended once more.
    store.end_sessions(user.id, None).await?;
    store.set_password(user.id, &phc).await?;
    store.end_sessions(user.id, None).await?;
    // Whoever has lost a password has just tried others.
    let key = OwnKey::read(store, rng).await?;
    limiter::forget_account(store, &key, user.name.as_str()).await?;
    store.audit(&entry(AuditOutcome::Done, Some(intent)).at(clock.now())).await?;
    Ok(fresh)
}

fn random(rng: &dyn Rng) -> SecretText {
    let mut bytes = zeroize::Zeroizing::new([0; GROUPS * 5]);
    rng.fill(bytes.as_mut_slice());
    let letters: Vec<String> = bytes.chunks(5).map(|five| five.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect()).collect();
    SecretText::new(letters.join("-"))
}
