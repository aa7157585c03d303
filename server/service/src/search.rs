//! Finding apps, namespaces, secrets and pages by a few letters.

use crate::access::{Actor, Authorizer};
use crate::apps::Apps;
use crate::error::Outcome;
use crate::readings::Readings;
use crate::secret_names::SecretNames;
use domain::Namespace;
use domain::search::{Fit, Place, tabs_of_apps};
use futures::StreamExt as _;
use std::sync::Arc;

/// Namespaces whose secrets are searched; who may see more finds secrets of the others from within them.
const MAX_NAMESPACES: usize = 20;
/// Namespaces whose secrets are read at once.
const AT_ONCE: usize = 4;

/// Finds what a person may see by a few letters.
pub struct Search {
    access: Arc<Authorizer>,
    apps: Arc<Apps>,
    readings: Arc<Readings>,
    secret_names: SecretNames,
}

impl Search {
    pub(crate) fn new(access: Arc<Authorizer>, apps: Arc<Apps>, readings: Arc<Readings>, secret_names: SecretNames) -> Self {
        Self { access, apps, readings, secret_names }
    }

    /// The places that fit best, of those that the actor may see. `here` is where the person is: its places come first
    /// among equals, and its secrets are always searched.
    ///
    /// # Errors
    /// `TooMany`, where the person has too many readings under way.
    pub async fn find(&self, actor: &Actor, query: &str, here: Option<&Namespace>) -> Outcome<Vec<Place>> {
        let me = actor.me();
        let mut namespaces: Vec<_> = me.namespaces.iter().map(|n| n.namespace.clone()).collect();
        let rows = self.apps.list(actor).rows;
        let secrets = if query.trim().is_empty() { Vec::new() } else { self.secret_places(actor, &namespaces, here).await? };
        let apps = || rows.iter().map(|row| Place::app(&row.id, Some(row.status.word)));
        let spaces = namespaces.drain(..).map(|n| Place::namespace(&n));
        let found = Fit::new(query).best(apps().chain(spaces).chain(secrets).chain(pages(me.admin)), here);
        // Who types what is wanted of an app beside its name means that app.
        Ok(if found.is_empty() { tabs_of_apps(query, apps(), here) } else { found })
    }

    async fn secret_places(&self, actor: &Actor, namespaces: &[Namespace], here: Option<&Namespace>) -> Outcome<Vec<Place>> {
        let _reading = self.readings.turn(actor).await?;
        let near = here.into_iter().filter(|here| namespaces.contains(here));
        let others = namespaces.iter().filter(|n| Some(*n) != here);
        let read = |namespace: Namespace| async move {
            let Ok(viewer) = self.access.viewer(actor, &namespace) else { return Vec::new() };
            self.secret_names.of(&viewer).await.iter().map(|name| Place::secret(&namespace, name)).collect()
        };
        let all = near.chain(others).take(MAX_NAMESPACES).cloned().collect::<Vec<_>>();
        Ok(futures::stream::iter(all).map(read).buffered(AT_ONCE).collect::<Vec<Vec<_>>>().await.into_iter().flatten().collect())
    }
}

/// The portal's own pages.
fn pages(admin: bool) -> impl Iterator<Item = Place> {
    let all = [
        ("Apps", "/apps"),
        ("Under way", "/operations"),
        ("Secrets", "/secrets"),
        ("New app", "/new-app"),
        ("New secret", "/new-secret"),
        ("Teams", "/teams"),
        ("Account", "/account"),
    ];
    let admins = [("Users", "/users"), ("Audit", "/audit")];
    all.into_iter().chain(admins.into_iter().filter(move |_| admin)).map(|(title, path)| Place::page(title, path))
}

#[cfg(test)]
mod tests {
    use crate::portal::fake::*;
    use crate::ports::StoredSecret;
    use domain::UnixMs;
    use domain::account::Role;
    use domain::search::MAX_QUERY;
    use std::collections::BTreeMap;

    const LONGER_MS: i64 = 20_000;

    fn make_secret(fake: &Fake, name: &str) {
        let stored = StoredSecret {
            name: name.into(),
            resource_version: "1".into(),
            kind: "Opaque".into(),
            changed: None,
            created: UnixMs(START),
            data: BTreeMap::new(),
            managed_by: None,
            immutable: false,
        };
        fake.cluster.secrets.lock().unwrap().insert(name.into(), stored);
    }

    async fn titles(fake: &Fake, query: &str) -> Vec<String> {
        fake.portal.search.find(&actor(Role::Viewer), query, None).await.unwrap().into_iter().map(|p| p.title).collect()
    }

    #[tokio::test]
    async fn secrets_are_found_by_name_and_read_once_for_some_seconds() {
        let fake = Fake::new().await;
        make_secret(&fake, "orders-db");
        assert_eq!(titles(&fake, "ordb").await, ["orders-db"]);
        make_secret(&fake, "orders-db-2");
        assert_eq!(titles(&fake, "ordb").await, ["orders-db"], "what was just read is not read at each letter");
        fake.clock.advance(LONGER_MS);
        assert_eq!(titles(&fake, "ordb").await, ["orders-db", "orders-db-2"]);
        fake.clock.advance(-10 * LONGER_MS);
        make_secret(&fake, "orders-db-3");
        assert_eq!(titles(&fake, "ordb").await.len(), 3, "a clock that is set back keeps nothing fresh");
    }

    #[tokio::test]
    async fn pages_of_admins_are_for_admins() {
        let fake = Fake::new().await;
        assert!(titles(&fake, "audit").await.is_empty());
        let found = fake.portal.search.find(&admin(), "audit", None).await.unwrap();
        assert_eq!(found[0].path, "/audit");
    }

    #[tokio::test]
    async fn a_query_without_letters_reads_no_secrets_and_a_long_one_is_cut() {
        let fake = Fake::new().await;
        make_secret(&fake, "orders-db");
        assert!(!titles(&fake, "  ").await.contains(&"orders-db".to_owned()));
        assert!(titles(&fake, &"z".repeat(MAX_QUERY * 10)).await.is_empty());
    }
}
