//! Who reads a list or a page.

use super::value::opt_text;
use crate::account::Role;
use crate::view::{OwnTeams, Reader};
use crate::{Namespace, TeamName};
use serde_json::Value;

pub(super) fn reader(v: &Value) -> Option<Reader> {
    Some(Reader { role: role(v)?, team: opt_text(v, "team").and_then(|t| TeamName::parse(t).ok()) })
}

/// The role under the key `role`; `None` for one that this page does not know.
#[must_use]
pub fn role(v: &Value) -> Option<Role> {
    Role::from_slug(v["role"].as_str()?)
}

pub(super) fn own_teams(v: &Value) -> OwnTeams {
    let own = |(namespace, team): (&String, &Value)| Some((Namespace::parse(namespace).ok()?, TeamName::parse(team.as_str()?).ok()?));
    v.as_object().into_iter().flatten().filter_map(own).collect()
}
