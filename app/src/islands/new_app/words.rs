//! What the form says about itself.

/// The title above all errors.
#[must_use]
pub fn summary(errors: usize, end: &str) -> String {
    let number = match errors {
        1 => return format!("One field needs a change before {end}:"),
        2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        n => n.to_string(),
    };
    format!("{number} fields need a change before {end}:")
}
