//! Where a person was last, kept by their browser, for each person apart.

use super::dom;
use domain::search::{Place, PlaceKind, remember};

fn storage() -> Option<(web_sys::Storage, String)> {
    let storage = dom::window()?.local_storage().ok().flatten()?;
    Some((storage, format!("quayside.recent.{}", dom::root("data-user"))))
}

/// The last places, newest first; none where the browser keeps nothing.
#[must_use]
pub(super) fn places() -> Vec<Place> {
    let stored = storage().and_then(|(storage, key)| storage.get_item(&key).ok().flatten());
    stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Keeps where the page is, if it is an app or a secret.
pub(super) fn visit() {
    let Some(place) = Place::at(&dom::root("data-place")).filter(|p| matches!(p.kind, PlaceKind::App | PlaceKind::Secret)) else { return };
    let mut places = places();
    remember(&mut places, place);
    if let (Some((storage, key)), Ok(text)) = (storage(), serde_json::to_string(&places)) {
        let _ = storage.set_item(&key, &text);
    }
}
