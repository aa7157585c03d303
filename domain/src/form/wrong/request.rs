//! What can be wrong with a change of an app and with the parameters of a request.

use super::NumberWrong;

/// What is wrong with a field of a change, or with a parameter of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestWrong {
    /// What is to be deleted is called this, and something else was typed.
    NotConfirmed(String),
    /// The number of replicas is out of bounds.
    Replicas(NumberWrong),
    /// There is no number of replicas.
    NoReplicas,
    /// There is no number of a revision.
    NoRevision,
    /// A field of a form is no text.
    NotText,
    /// The address takes no parameter of this name.
    UnknownParameter {
        /// The name, cut.
        name: String,
        /// Names that it takes.
        known: Vec<String>,
    },
    /// A parameter is given twice; its name, cut.
    ParameterTwice(String),
    /// A parameter is no whole number within bounds.
    NotWhole {
        /// Its name.
        name: String,
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// A parameter is neither on nor off; its name.
    NotASwitch(String),
    /// More lines of a log are asked for than can be; the most.
    TooManyLines(u32),
    /// A pod or container is asked for without a name; the parameter.
    NoName(String),
    /// The name of a pod or container is too long.
    NameTooLong {
        /// The parameter.
        name: String,
        /// Most characters.
        most: usize,
    },
    /// No pod or container can have the name; the parameter.
    NotAName(String),
    /// The parameter does not name an app.
    NotAnApp,
    /// A window of time has a start and no end.
    WindowWithoutEnd,
    /// A window of time has an end and no start.
    WindowWithoutStart,
    /// A window of time is too short, too long or too late.
    Window,
}

impl RequestWrong {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotConfirmed(_) => "not_confirmed",
            Self::Replicas(wrong) => wrong.code(),
            Self::NoReplicas => "no_replicas",
            Self::NoRevision => "no_revision",
            Self::NotText => "not_text",
            Self::UnknownParameter { .. } => "unknown_parameter",
            Self::ParameterTwice(_) => "parameter_twice",
            Self::NotWhole { .. } => "parameter_not_whole",
            Self::NotASwitch(_) => "parameter_not_a_switch",
            Self::TooManyLines(_) => "too_many_lines",
            Self::NoName(_) => "parameter_no_name",
            Self::NameTooLong { .. } => "parameter_name_too_long",
            Self::NotAName(_) => "parameter_not_a_name",
            Self::NotAnApp => "parameter_not_an_app",
            Self::WindowWithoutEnd => "window_without_end",
            Self::WindowWithoutStart => "window_without_start",
            Self::Window => "window",
        }
    }
}
