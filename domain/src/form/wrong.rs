//! What can be wrong with a field, by subject. Arguments are what was read, never a secret value.

mod account;
mod app;
mod name;
mod request;
mod secret;
mod team;

pub use account::{AccountWrong, PasswordWrong};
pub use app::{AppWrong, EnvWrong, LinesWrong, NetworkWrong, NumberWrong, PortWrong, ProbeWrong, ResourcesWrong};
pub use request::RequestWrong;
pub use secret::{CertificateWrong, LoginWrong, PemFault, PrivateKeyWrong, RegistryWrong, SecretWrong, StoredWrong};
pub use team::TeamWrong;

use crate::names::NameError;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A name that breaks a rule.
    Name(NameError),
    /// A field of a new app.
    App(AppWrong),
    /// A field of a secret.
    Secret(SecretWrong),
    /// A field of a user, an account or a session.
    Account(AccountWrong),
    /// A field of a team.
    Team(TeamWrong),
    /// A field of a change of an app, or a parameter of a request.
    Request(RequestWrong),
    /// Its text was left out of the draft and has to be typed again.
    LeftOutOfDraft,
}

impl Wrong {
    /// The code, for programs: it does not change when the words do.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name(error) => error.code(),
            Self::App(wrong) => wrong.code(),
            Self::Secret(wrong) => wrong.code(),
            Self::Account(wrong) => wrong.code(),
            Self::Team(wrong) => wrong.code(),
            Self::Request(wrong) => wrong.code(),
            Self::LeftOutOfDraft => "left_out_of_draft",
        }
    }
}

/// `From` for each group within a larger one.
macro_rules! into {
    ($($inner:ty => $outer:ident::$variant:ident),+ $(,)?) => { $(
        impl From<$inner> for $outer {
            fn from(wrong: $inner) -> Self {
                Self::$variant(wrong)
            }
        }
    )+ };
}

impl From<StoredWrong> for Wrong {
    fn from(wrong: StoredWrong) -> Self {
        Self::Secret(SecretWrong::Stored(wrong))
    }
}

into! {
    NameError => Wrong::Name,
    AppWrong => Wrong::App,
    SecretWrong => Wrong::Secret,
    AccountWrong => Wrong::Account,
    TeamWrong => Wrong::Team,
    RequestWrong => Wrong::Request,
}

use into;
