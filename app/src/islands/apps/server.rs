//! On the server the list stands still.

use super::Model;
use crate::links::Links;

pub(super) fn wire(_model: Model) {}

pub(super) fn links() -> Links {
    Links::default()
}
