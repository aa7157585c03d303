//! What serde says of JSON whose shape is not the one that is asked for; it has no types for that.

use domain::problem::BodyProblem;

/// Reads serde's text. It may hold values that were sent (`invalid type: string "…"`), so only its words about names pass.
pub(super) fn problem(text: &str) -> BodyProblem {
    let quoted = |after: &str| text.split_once(after).and_then(|(_, rest)| rest.split_once('`')).map(|(name, _)| name.chars().take(64).collect::<String>());
    if let Some(name) = quoted("missing field `") {
        return BodyProblem::FieldMissing { name };
    }
    if text.contains("unknown field `") {
        return BodyProblem::FieldUnknown;
    }
    BodyProblem::OtherShape
}
