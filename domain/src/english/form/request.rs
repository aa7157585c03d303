//! Changes of apps, and parameters of requests.

use super::app::number;
use crate::form::RequestWrong;

/// What is said of a field of a change, or of a parameter of a request.
#[must_use]
pub fn request(wrong: &RequestWrong) -> String {
    match wrong {
        RequestWrong::NotConfirmed(name) => format!("Type {name} to delete it. Nothing was deleted."),
        RequestWrong::Replicas(wrong) => number(wrong),
        RequestWrong::NoReplicas => "Enter the number of replicas, such as 3.".to_owned(),
        RequestWrong::NoRevision => "Enter the number of the revision.".to_owned(),
        RequestWrong::NotText => "This isn't text. Upload it as a file.".to_owned(),
        RequestWrong::UnknownParameter { name, known } => unknown(name, known),
        RequestWrong::ParameterTwice(name) => format!("{name} is given twice. Give it once."),
        RequestWrong::NotWhole { name, least, most } => format!("{name} must be a whole number from {least} to {most}."),
        RequestWrong::NotASwitch(name) => format!("{name} must be true or false."),
        RequestWrong::TooManyLines(most) => format!("tailLines can be at most {most}. Leave it out for the whole log."),
        RequestWrong::NoName(name) => format!("Enter a {name}, or leave it out for all of them."),
        RequestWrong::NameTooLong { name, most } => format!("{name} can have at most {most} characters."),
        RequestWrong::NotAnApp => "Name an app by namespace/kind/name, such as web/deployment/shop.".to_owned(),
        RequestWrong::NotAName(name) => format!("This isn't a valid {name} name."),
        RequestWrong::WindowWithoutEnd => "Set to as well: the end of the window.".to_owned(),
        RequestWrong::WindowWithoutStart => "Set from as well: the start of the window.".to_owned(),
        RequestWrong::Window => "Must be between a minute and a day after from, and before the year 10000.".to_owned(),
    }
}

fn unknown(name: &str, known: &[String]) -> String {
    match known {
        [] => format!("This address takes no query parameters; remove {name}."),
        [only] => format!("Unknown query parameter {name}. This address takes {only}."),
        [all @ .., last] => format!("Unknown query parameter {name}. This address takes {} and {last}.", all.join(", ")),
    }
}
