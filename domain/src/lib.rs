//! What the portal talks about: names, facts, statuses, forms and the words of the wire.
//!
//! This room may compute and parse. It may not read a file, a socket or a clock, and it knows no other
//! room: time comes in as [`UnixMs`], randomness not at all. It compiles to wasm, so the browser and the
//! server run the very same rules.

// A test names what it is about.
#![cfg_attr(test, allow(clippy::wildcard_enum_match_arm))]

pub mod account;
pub mod action;
pub mod audit;
pub mod cause;
pub mod check;
pub mod describe;
pub mod dotenv;
pub mod draft;
pub mod english;
pub mod error;
pub mod facts;
pub mod form;
pub mod invisible;
pub mod kubernetes;
pub mod language;
pub mod live;
pub mod log;
pub mod metrics;
pub mod names;
pub mod near;
pub mod operation;
pub mod problem;
pub mod quantity;
pub mod reach;
pub mod redact;
pub mod remark;
pub mod search;
pub mod secret;
pub mod setting;
mod slugs;
pub mod spec;
pub mod status;
mod steady;
pub mod storage;
pub mod story;
pub mod tab;
mod text;
pub mod time;
pub mod tone;
pub mod turns;
pub mod verdict;
pub mod view;
pub mod way;

pub use action::{Action, ActionNote, ActionRefusal};
pub use error::{Code, FieldError, ProblemDetails};
pub use language::Language;
pub use names::*;
pub use problem::Problem;
pub use quantity::{Bytes, MilliCpu};
pub use steady::Steady;
pub use tab::Tab;
pub use time::UnixMs;
pub use tone::Tone;
