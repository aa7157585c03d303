//! Small pieces that pages and islands share. Each is a plain function from values to a view; none fetches.

mod action;
#[cfg(feature = "ssr")]
mod again;
mod banner;
mod dotenv;
#[cfg(feature = "ssr")]
mod draft;
mod evidence;
mod field;
mod live;
#[cfg(feature = "ssr")]
mod namespaces;
mod remark;
mod spark;
mod status;
mod text;
mod usage;

pub use action::{Act, To, act, act_open, confirm, copy, new_one};
#[cfg(feature = "ssr")]
pub use again::{Again, refusal};
pub use banner::{banner, done, empty, problem, signed_out, summary};
pub use dotenv::{dotenv, dotenv_button};
#[cfg(feature = "ssr")]
pub use draft::{discard, draft_state, restored};
pub use evidence::{commands, evidence_links, secret_link};
pub use field::{Field, checkbox, error_of, field, kept, select, text_field};
pub use live::{IntoLive, Live};
#[cfg(feature = "ssr")]
pub use namespaces::namespace_menu;
pub use remark::remarks;
pub use status::{pill, pips, status, tone, word_glyph};
pub use text::{age, aged, aging, ago, as_text, clock, count, day, image, is_quick, kind_short, mid, moment, set_zone, time};
pub use usage::Use;
