//! The languages that the portal speaks. Rules give codes with typed arguments; this is where they become sentences, and the
//! only way to do so: the modules of a language are private.
//!
//! A second language is a folder beside `english` with the same functions, and one arm in `spoken!`.

#[cfg(feature = "pseudo-locale")]
mod pseudo;

use crate::action::{ActionNote, ActionRefusal};
use crate::audit::{AuditOutcome, AuditRow, Deed};
use crate::check::{Check, CheckCode};
use crate::english::{self, audit::EntryWords};
use crate::error::{FieldError, ProblemDetails};
use crate::facts::{ContainerState, Ended};
use crate::form::{AppWrong, Finding};
use crate::kubernetes::{Lack, NotAllowed};
use crate::live::LogNote;
use crate::metrics::{Mark, Marked};
use crate::names::AppId;
use crate::operation::{Ending, Interruption, Piece};
use crate::problem::Problem;
use crate::reach::Reach;
use crate::remark::Remark;
use crate::setting::Setting;
use crate::status::Status;
use crate::story::Step;
use crate::time::UnixMs;
use crate::verdict::Verdict;
use crate::view::{CheckView, Endpoint, Happening, Plan, RemarkRow, Remedy, SettingLine};
use std::borrow::Cow;

/// A language that the portal speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// English with each finished sentence in ⟦brackets⟧, for tests: a word outside of them has not come through here.
    #[cfg(feature = "pseudo-locale")]
    Pseudo,
}

/// Calls a function of the modules of a language.
macro_rules! spoken {
    ($language:expr, $($function:ident)::+ ($($argument:expr),*)) => {
        match $language {
            Language::English => english::$($function)::+($($argument),*),
            #[cfg(feature = "pseudo-locale")]
            Language::Pseudo => pseudo::Bracketed::bracketed(english::$($function)::+($($argument),*)),
        }
    };
}

impl Language {
    /// As pages and `Content-Language` name it (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            #[cfg(feature = "pseudo-locale")]
            Self::Pseudo => "en-XA",
        }
    }

    /// A failure, as the API and the pages tell it.
    #[must_use]
    pub fn problem(self, problem: &Problem) -> ProblemDetails {
        spoken!(self, problem::problem(problem))
    }

    /// What is wrong with a form, beside its fields.
    #[must_use]
    pub fn form(self, found: &[Finding]) -> Vec<FieldError> {
        spoken!(self, form::told(found))
    }

    /// What is wrong with the form of an app, beside its fields.
    #[must_use]
    pub fn app_form(self, found: &[Finding<AppWrong>]) -> Vec<FieldError> {
        spoken!(self, form::told_of_app(found))
    }

    /// Stands beside the field of a secret in a restored draft.
    #[must_use]
    pub fn type_again(self) -> Cow<'static, str> {
        spoken!(self, form::type_again())
    }

    /// A check of a new app.
    #[must_use]
    pub fn check(self, check: Check) -> CheckView {
        spoken!(self, check::view(check))
    }

    /// A check in one line of whole sentences, such as beside a field.
    #[must_use]
    pub fn check_in_one_line(self, code: &CheckCode) -> String {
        spoken!(self, check::sentence(code))
    }

    /// What stands above the checks of a new app; nothing where some would be refused, as they say it themselves.
    #[must_use]
    pub fn plan(self, plan: &Plan) -> Cow<'static, str> {
        spoken!(self, check::verdict(plan))
    }

    /// The button of a remedy.
    #[must_use]
    pub fn remedy(self, remedy: &Remedy) -> String {
        spoken!(self, remedy::button(remedy))
    }

    /// What the portal can't show, and why.
    #[must_use]
    pub fn lack(self, lack: &Lack) -> String {
        spoken!(self, cluster::lack(lack))
    }

    /// What the portal may not do.
    #[must_use]
    pub fn not_allowed(self, why: &NotAllowed) -> String {
        spoken!(self, cluster::not_allowed(why))
    }

    /// A part of a deleted app that is still there.
    #[must_use]
    pub fn not_deleted(self, piece: Piece, name: &str, why: &str) -> String {
        spoken!(self, cluster::not_deleted(piece, name, why))
    }

    /// What holds a deleted object.
    #[must_use]
    pub fn still_held(self, finalizers: &[String]) -> Option<String> {
        spoken!(self, still_held(finalizers))
    }

    /// How a change ended that the portal had to look at again after a restart, for the audit.
    #[must_use]
    pub fn ending(self, ending: &Ending) -> String {
        spoken!(self, operation::detail(ending))
    }

    /// A change that was interrupted, for the one who asked for it.
    #[must_use]
    pub fn interruption(self, told: &Interruption) -> String {
        spoken!(self, operation::sentence(told))
    }

    /// An entry of the audit.
    #[must_use]
    pub fn audit_entry(self, row: &AuditRow) -> EntryWords {
        spoken!(self, audit::words(row))
    }

    /// What an entry of the audit says beside action, target and outcome.
    #[must_use]
    pub fn audit_detail(self, deed: &Deed, outcome: AuditOutcome, also: &str) -> String {
        spoken!(self, audit::detail(deed, outcome, also))
    }

    /// The same for the export, of an entry that may have no deed.
    #[must_use]
    pub fn exported_detail(self, row: &AuditRow) -> String {
        spoken!(self, audit::exported_detail(row))
    }

    /// How a change ended, as the audit lists it.
    #[must_use]
    pub fn audit_outcome(self, outcome: AuditOutcome) -> Cow<'static, str> {
        spoken!(self, audit::outcome(outcome))
    }

    /// A note between the lines of a log.
    #[must_use]
    pub fn log_note(self, note: &LogNote, now: UnixMs) -> String {
        spoken!(self, log::note(note, now))
    }

    /// A mark on a chart: so many times that at that moment.
    #[must_use]
    pub fn chart_mark(self, at: UnixMs, marked: &Marked, times: usize) -> Mark {
        spoken!(self, mark::mark(at, marked, times))
    }

    /// How an app or a pod is, and what to do.
    #[must_use]
    pub fn status(self, verdict: &Verdict, now: UnixMs) -> Status {
        spoken!(self, status(verdict, now))
    }

    pub(crate) fn step(self, step: &Step, now: UnixMs) -> Happening {
        spoken!(self, story::step(step, now))
    }

    pub(crate) fn remark(self, remark: &Remark, app: &AppId, now: UnixMs) -> RemarkRow {
        spoken!(self, remark::row(remark, app, now))
    }

    pub(crate) fn endpoint(self, reach: &Reach) -> Endpoint {
        spoken!(self, endpoint::endpoint(reach))
    }

    /// Stands beside each action, for a viewer.
    pub(crate) fn viewers_cannot(self) -> Cow<'static, str> {
        spoken!(self, action::viewers_cannot())
    }

    pub(crate) fn action_refusal(self, why: &ActionRefusal) -> String {
        spoken!(self, action::refusal(why))
    }

    pub(crate) fn action_note(self, note: &ActionNote) -> String {
        spoken!(self, action::note(note))
    }

    pub(crate) fn setting(self, setting: &Setting) -> SettingLine {
        spoken!(self, setting::line(setting))
    }

    pub(crate) fn container_state(self, state: &ContainerState, sidecar: bool, now: UnixMs) -> String {
        spoken!(self, container::state(state, sidecar, now))
    }

    pub(crate) fn container_ended(self, ended: &Ended, now: UnixMs) -> String {
        spoken!(self, container::ended(ended, now))
    }
}
