//! What is said of the body of a request.

use crate::problem::{BodyProblem, Sent};

pub(super) fn sentence(problem: &BodyProblem) -> String {
    match problem {
        BodyProblem::NotAForm => "Send the form as application/x-www-form-urlencoded or multipart/form-data.".to_owned(),
        BodyProblem::NotSentAsJson => "Send the body as application/json.".to_owned(),
        BodyProblem::NotJson => "The body isn't JSON.".to_owned(),
        BodyProblem::OtherShape => "The body doesn't match the API description.".to_owned(),
        BodyProblem::FieldMissing { name } => format!("The field {name:?} is missing."),
        BodyProblem::FieldUnknown => "The body has an unknown field. The API description lists the fields of this request.".to_owned(),
        BodyProblem::TooManyFields { most } => format!("Forms can have at most {most} fields."),
        BodyProblem::TooLarge { what } => format!("{} is too large. Send less at once.", subject(*what)),
        BodyProblem::Incomplete { what } => format!("{} didn't arrive completely. Send it again.", subject(*what)),
        BodyProblem::Slow { limit_s } => {
            format!("The request took longer than {limit_s} seconds to arrive. Nothing was done. Send it again.")
        }
        BodyProblem::DraftTooLong => "This form is too long to save as a draft. You can still submit it.".to_owned(),
    }
}

const fn subject(what: Sent) -> &'static str {
    match what {
        Sent::Form => "This form",
        Sent::Request => "This request",
    }
}
