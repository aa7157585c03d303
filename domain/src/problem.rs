//! Every failure that a person is told, as a code with typed arguments. [`crate::english::problem`] says it in words;
//! nothing reads those words back.

mod access;
mod account;
mod app;
mod body;
mod cluster;
mod fault;
mod limit;
mod log;
mod request;
mod secret;
mod sign_in;
mod storage;
mod web_socket;

pub use access::AccessProblem;
pub use account::AccountProblem;
pub use app::{AppProblem, Deletion};
pub use body::{BodyProblem, Sent};
pub use cluster::{ClusterProblem, LookAt};
pub use fault::FaultProblem;
pub use limit::LimitProblem;
pub use log::LogProblem;
pub use request::{Cookie, LargeCookies, RequestProblem};
pub use secret::{SecretProblem, Versions};
pub use sign_in::SignInProblem;
pub use storage::StorageProblem;
pub use web_socket::WebSocketProblem;

use crate::error::{Code, FIELDS_INVALID};
use crate::form::Finding;

/// A failure and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The person may not do it.
    Access(AccessProblem),
    /// It doesn't fit a user, or one of a user's sessions.
    Account(AccountProblem),
    /// It doesn't fit an app.
    App(AppProblem),
    /// The body of a request can't be read.
    Body(BodyProblem),
    /// The cluster didn't do what was asked.
    Cluster(ClusterProblem),
    /// The portal has a fault of its own.
    Fault(FaultProblem),
    /// Fields of a form need a change.
    Form(Vec<Finding>),
    /// Too many or too much at once.
    Limit(LimitProblem),
    /// There is no such log.
    Log(LogProblem),
    /// The request can't be answered: its address, its headers or its time.
    Request(RequestProblem),
    /// It doesn't fit a secret.
    Secret(SecretProblem),
    /// The person isn't signed in.
    SignIn(SignInProblem),
    /// The database doesn't take it.
    Storage(StorageProblem),
    /// The request can't become a WebSocket.
    WebSocket(WebSocketProblem),
}

impl Problem {
    /// What kind of failure it is.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Access(problem) => problem.code(),
            Self::Account(problem) => problem.code(),
            Self::App(problem) => problem.code(),
            Self::Body(problem) => problem.code(),
            Self::Cluster(problem) => problem.code(),
            Self::Fault(_) => Code::Internal,
            Self::Form(_) => Code::Invalid,
            Self::Limit(_) => Code::TooMany,
            Self::Log(_) => Code::NotFound,
            Self::Request(problem) => problem.code(),
            Self::Secret(problem) => problem.code(),
            Self::SignIn(problem) => problem.code(),
            Self::Storage(problem) => problem.code(),
            Self::WebSocket(_) => Code::Invalid,
        }
    }

    /// The stable name of the finer cause, another one for each variant of each subject.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Access(problem) => problem.reason(),
            Self::Account(problem) => problem.reason(),
            Self::App(problem) => problem.reason(),
            Self::Body(problem) => problem.reason(),
            Self::Cluster(problem) => problem.reason(),
            Self::Fault(problem) => problem.reason(),
            Self::Form(_) => FIELDS_INVALID,
            Self::Limit(problem) => problem.reason(),
            Self::Log(problem) => problem.reason(),
            Self::Request(problem) => problem.reason(),
            Self::Secret(problem) => problem.reason(),
            Self::SignIn(problem) => problem.reason(),
            Self::Storage(problem) => problem.reason(),
            Self::WebSocket(problem) => problem.reason(),
        }
    }

    /// The HTTP status: that of the code, unless HTTP has a finer one.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        let finer = match self {
            Self::Body(problem) => problem.http_status(),
            Self::Request(problem) => problem.http_status(),
            Self::WebSocket(problem) => Some(problem.http_status()),
            Self::Access(_)
            | Self::Account(_)
            | Self::App(_)
            | Self::Cluster(_)
            | Self::Fault(_)
            | Self::Form(_)
            | Self::Limit(_)
            | Self::Log(_)
            | Self::Secret(_)
            | Self::SignIn(_)
            | Self::Storage(_) => None,
        };
        match finer {
            Some(status) => status,
            None => self.code().http_status(),
        }
    }

    /// Seconds until a new try makes sense, where that is known.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Limit(problem) => problem.retry_after_s(),
            Self::Storage(problem) => problem.retry_after_s(),
            Self::Access(_)
            | Self::Account(_)
            | Self::App(_)
            | Self::Body(_)
            | Self::Cluster(_)
            | Self::Fault(_)
            | Self::Form(_)
            | Self::Log(_)
            | Self::Request(_)
            | Self::Secret(_)
            | Self::SignIn(_)
            | Self::WebSocket(_) => None,
        }
    }

    /// The field of the form beside which the same sentence stands.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Secret(problem) => problem.field(),
            Self::Access(_)
            | Self::Account(_)
            | Self::App(_)
            | Self::Body(_)
            | Self::Cluster(_)
            | Self::Fault(_)
            | Self::Form(_)
            | Self::Limit(_)
            | Self::Log(_)
            | Self::Request(_)
            | Self::SignIn(_)
            | Self::Storage(_)
            | Self::WebSocket(_) => None,
        }
    }
}

impl From<Finding> for Problem {
    fn from(found: Finding) -> Self {
        Self::Form(vec![found])
    }
}

impl From<Vec<Finding>> for Problem {
    fn from(found: Vec<Finding>) -> Self {
        Self::Form(found)
    }
}

macro_rules! of_subjects {
    ($($variant:ident($subject:ty)),* $(,)?) => {
        $(impl From<$subject> for Problem {
            fn from(problem: $subject) -> Self {
                Self::$variant(problem)
            }
        })*
    };
}

of_subjects!(
    Access(AccessProblem),
    Account(AccountProblem),
    App(AppProblem),
    Body(BodyProblem),
    Cluster(ClusterProblem),
    Fault(FaultProblem),
    Limit(LimitProblem),
    Log(LogProblem),
    Request(RequestProblem),
    Secret(SecretProblem),
    SignIn(SignInProblem),
    Storage(StorageProblem),
    WebSocket(WebSocketProblem),
);
