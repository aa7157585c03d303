//! What is read and rendered in full for one page: YAML, configuration, history, differences, charts, the check of a form.
//! Each costs the API server some calls or the database some work, and the portal up to a quarter of a second, so one
//! person has a few at once and the others wait.

use crate::access::Actor;
use crate::error::{Failure, Outcome};
use domain::problem::LimitProblem;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Readings of one person that are under way.
const AT_ONCE: usize = 4;
/// Readings of one person that are under way or wait for that.
const IN_ALL: usize = 20;
/// People remembered before those who read nothing are forgotten.
const MAX_PEOPLE: usize = 256;

/// The places of one person.
struct Places {
    in_all: Arc<Semaphore>,
    at_once: Arc<Semaphore>,
}

impl Default for Places {
    fn default() -> Self {
        Self { in_all: Arc::new(Semaphore::new(IN_ALL)), at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Readings under way, by the user's number.
#[derive(Default)]
pub(crate) struct Readings(Mutex<HashMap<i64, Weak<Places>>>);

/// A reading that is under way.
pub(crate) struct Reading {
    _permits: [OwnedSemaphorePermit; 2],
    /// Kept for those who come meanwhile.
    _places: Arc<Places>,
}

impl Readings {
    fn of(&self, user_id: i64) -> Arc<Places> {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = people.get(&user_id).and_then(Weak::upgrade) {
            return places;
        }
        if people.len() >= MAX_PEOPLE {
            people.retain(|_, places| places.strong_count() > 0);
        }
        let places = Arc::new(Places::default());
        people.insert(user_id, Arc::downgrade(&places));
        places
    }

    /// Waits for the person's turn to read.
    ///
    /// # Errors
    /// `TooMany`, where too many wait already.
    pub(crate) async fn turn(&self, actor: &Actor) -> Outcome<Reading> {
        let busy = || Failure::told(LimitProblem::PagesAtOnce);
        let places = self.of(actor.user.id);
        let place = Arc::clone(&places.in_all).try_acquire_owned().map_err(|_| busy())?;
        let turn = Arc::clone(&places.at_once).acquire_owned().await.map_err(|_| busy())?;
        Ok(Reading { _permits: [turn, place], _places: places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::fake::*;
    use domain::Code;
    use domain::account::Role;
    use domain::metrics::Range;
    use futures::FutureExt as _;

    #[tokio::test]
    async fn one_person_reads_a_few_at_once_some_wait_and_the_rest_is_sent_away() {
        let readings = Readings::default();
        let (ann, mut ben) = (actor(Role::Viewer), actor(Role::Viewer));
        ben.user.id = 2;
        let mut under_way = Vec::new();
        for _ in 0..AT_ONCE {
            under_way.push(readings.turn(&ann).await.unwrap());
        }
        let mut waiting: Vec<_> = (AT_ONCE..IN_ALL).map(|_| Box::pin(readings.turn(&ann))).collect();
        assert!(waiting.iter_mut().all(|one| one.now_or_never().is_none()));
        assert_eq!(readings.turn(&ann).await.err().unwrap().problem().code, Code::TooMany);
        assert!(readings.turn(&ben).await.is_ok(), "others read on");
        under_way.pop();
        assert!(waiting.remove(0).await.is_ok(), "and the next one has its turn");
    }

    #[tokio::test]
    async fn secrets_charts_and_what_a_form_offers_are_read_in_turn_too() {
        let fake = Fake::new().await;
        let ann = actor(Role::Operator);
        let operator = fake.portal.access.operator(&ann, &namespace("web")).unwrap();
        let (viewer, name) = (operator.viewer(), domain::SecretName::parse("tls").unwrap());
        let mut under_way = Vec::new();
        for _ in 0..AT_ONCE {
            under_way.push(fake.portal.apps.readings.turn(&ann).await.unwrap());
        }
        assert!(fake.portal.secrets.list(&viewer).now_or_never().is_none());
        assert!(fake.portal.secrets.detail(&viewer, &name).now_or_never().is_none());
        assert!(fake.portal.new_apps.choices(&operator).now_or_never().is_none());
        assert!(fake.portal.metrics.chart(&viewer, &id("web", "shop"), Range::default()).now_or_never().is_none());
        under_way.clear();
        assert!(fake.portal.secrets.list(&viewer).now_or_never().is_some());
    }

    #[tokio::test]
    async fn people_who_read_nothing_are_forgotten() {
        let readings = Readings::default();
        let mut ann = actor(Role::Viewer);
        for user in 0..10_000 {
            ann.user.id = user;
            readings.turn(&ann).await.unwrap();
        }
        assert!(readings.0.lock().unwrap().len() <= MAX_PEOPLE);
    }
}
