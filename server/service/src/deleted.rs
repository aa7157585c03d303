//! Who deleted which app through this portal since it started, for those who come to the app's page afterwards. The
//! record that stays is the audit table.

use crate::ports::Steady;
use domain::AppId;
use domain::problem::Deletion as Told;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most deletions that are remembered; the oldest go first.
const MOST: usize = 500;

struct Deletion {
    app: AppId,
    by: String,
    at: Steady,
}

/// The newest deletions, oldest first.
#[derive(Default)]
pub(crate) struct Deleted(Mutex<VecDeque<Deletion>>);

impl Deleted {
    fn all(&self) -> MutexGuard<'_, VecDeque<Deletion>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a deletion that is about to be made: the watch can tell of it before the API server's answer comes.
    pub(crate) fn remember(&self, app: &AppId, by: &str, at: Steady) {
        let mut all = self.all();
        all.push_back(Deletion { app: app.clone(), by: by.to_owned(), at });
        if all.len() > MOST {
            all.pop_front();
        }
    }

    /// Forgets a deletion that was not made.
    pub(crate) fn forget(&self, app: &AppId, at: Steady) {
        self.all().retain(|d| d.app != *app || d.at != at);
    }

    /// Who deleted the newest app of this name, and how long ago.
    pub(crate) fn told(&self, app: &AppId, now: Steady) -> Option<Told> {
        let all = self.all();
        let last = all.iter().rev().find(|d| d.app == *app)?;
        Some(Told { by: last.by.clone(), ago_ms: now.since(last.at) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::id;

    #[test]
    fn the_newest_deletion_of_a_name_is_told_and_the_oldest_are_forgotten() {
        let (deleted, shop) = (Deleted::default(), id("web", "shop"));
        let told = || deleted.told(&shop, Steady(180_000));
        assert_eq!(told(), None);
        deleted.remember(&shop, "Ann", Steady(0));
        deleted.remember(&shop, "Ilse", Steady(60_000));
        assert_eq!(told(), Some(Told { by: "Ilse".into(), ago_ms: 120_000 }));
        deleted.forget(&shop, Steady(60_000));
        assert_eq!(told(), Some(Told { by: "Ann".into(), ago_ms: 180_000 }));
        (0..MOST).for_each(|n| deleted.remember(&id("web", &format!("app-{n}")), "Ann", Steady(1)));
        assert_eq!(told(), None);
    }
}
