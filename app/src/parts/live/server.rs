//! On the server an erased view is an erased view.

use leptos::prelude::*;

/// Erases the type of a view that shows in live parts.
pub trait IntoLive {
    /// The erased view.
    fn into_live(self) -> AnyView;
}

impl<T: IntoView + 'static> IntoLive for T {
    fn into_live(self) -> AnyView {
        self.into_any()
    }
}
