//! On the server the list stands still.

use domain::Namespace;

pub(super) fn wire(_: Option<Namespace>, _: bool) {}
