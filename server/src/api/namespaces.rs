//! `GET /api/v1/namespaces`: what this person may see.

use super::list::piece;
use super::ok;
use crate::web::{Answer, Signed};

/// The namespaces, with team and role.
pub async fn list(signed: Signed) -> Answer {
    ok(&piece(&signed, signed.actor.me().namespaces.clone(), |n| n.namespace.to_string())?)
}
