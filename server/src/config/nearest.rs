//! The known name that a mistyped one is nearest to.

/// Most letters that may be wrong.
const MOST_WRONG: usize = 3;

/// The name that may be meant. None where less than half of what was typed would be left of it.
pub(super) fn nearest(typed: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let most = MOST_WRONG.min(typed.len() / 2);
    let near = names.map(|name| (strsim::osa_distance(&name, typed), name)).filter(|(distance, _)| *distance <= most);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}
