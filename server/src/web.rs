//! What stands around every handler: where a request came from, who sends it, and what each answer carries.

pub mod access_guard;
pub mod bearer;
pub mod body;
pub mod context;
pub mod cookies;
pub mod cross_site;
pub mod cx;
pub mod front;
pub mod gate;
pub mod head;
pub mod headers;
pub mod local_path;
pub mod log_query;
pub mod query;
pub mod refusal;
mod serde_text;
pub mod switch;

pub use access_guard::AccessGuard;
pub use bearer::bearer_token;
pub use context::Context;
pub use cx::{About, Cx, Signed};
pub use refusal::{Answer, Refusal};
pub use switch::switch;
