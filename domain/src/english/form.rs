//! What is said beside a field that needs a change. Of the rooms of sentences this is the one that the browser needs while
//! a form is filled.

mod name;
mod quantity;

pub use name::{name, port};
pub use quantity::quantity;
