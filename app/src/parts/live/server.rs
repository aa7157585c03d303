//! On the server an erased view is an erased view.

use leptos::prelude::*;

/// An erased view.
pub type Live = AnyView;

/// Erases the type of a view that shows in live parts.
pub trait IntoLive {
    /// The erased view.
    fn into_live(self) -> Live;
}

impl<T: IntoView + 'static> IntoLive for T {
    fn into_live(self) -> Live {
        self.into_any()
    }
}
