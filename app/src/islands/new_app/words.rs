//! What the form says about itself.

/// The title above all errors; empty without any.
#[must_use]
pub fn summary(errors: usize, end: &str) -> String {
    let number = match errors {
        0 => return String::new(),
        1 => return format!("One field needs a change before {end}:"),
        2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        n => n.to_string(),
    };
    format!("{number} fields need a change before {end}:")
}
