#![doc = "The UI."]
/// Wakes.
#[cfg(feature = "hydrate")]
pub fn wake() {}
