//! Finding a place by a few letters: what a query fits, how well, and where a person was last.

use crate::status::Word;
use crate::{Action, AppId, Kind, Namespace, SecretName, Tab, WorkloadName};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use serde::{Deserialize, Serialize};

/// Characters that a query may have; what comes after them is not read.
pub const MAX_QUERY: usize = 100;
/// Places that a search answers with.
pub const MAX_PLACES: usize = 20;
/// Places that a browser remembers.
pub const MAX_RECENT: usize = 8;

/// What stands at a place. The order is the one of equally good hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// An app.
    App,
    /// The apps of a namespace.
    Namespace,
    /// The page of a secret.
    Secret,
    /// A page of the portal itself, such as Teams.
    Page,
}

/// Somewhere to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What stands there.
    pub kind: PlaceKind,
    /// Its name, which is what a search goes by.
    pub title: String,
    /// What tells it from others of that name: `deployment in web`.
    pub detail: String,
    /// The page, below the base path.
    pub path: String,
    /// The status of an app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
}

impl Place {
    /// An app.
    #[must_use]
    pub fn app(id: &AppId, word: Option<Word>) -> Self {
        let detail = format!("{} in {}", id.kind.words(), id.namespace);
        Self { kind: PlaceKind::App, title: id.name.to_string(), detail, path: id.path(), word }
    }

    /// The apps of a namespace.
    #[must_use]
    pub fn namespace(namespace: &Namespace) -> Self {
        let path = format!("/apps/{namespace}");
        Self { kind: PlaceKind::Namespace, title: namespace.to_string(), detail: "namespace".into(), path, word: None }
    }

    /// The page of a secret.
    #[must_use]
    pub fn secret(namespace: &Namespace, name: &str) -> Self {
        let path = format!("/secrets/{namespace}/{name}");
        Self { kind: PlaceKind::Secret, title: name.to_owned(), detail: format!("secret in {namespace}"), path, word: None }
    }

    /// A page of the portal itself.
    #[must_use]
    pub fn page(title: &str, path: &str) -> Self {
        Self { kind: PlaceKind::Page, title: title.to_owned(), detail: "page".into(), path: path.to_owned(), word: None }
    }

    /// What stands at a path below the base, if it is an app (on any of its tabs), a namespace or a secret.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["apps", namespace] => Namespace::parse(*namespace).ok().map(|n| Self::namespace(&n)),
            ["apps", namespace, kind, name, ..] => {
                let (namespace, kind) = (Namespace::parse(*namespace).ok()?, Kind::from_slug(kind)?);
                Some(Self::app(&AppId { namespace, kind, name: WorkloadName::parse(*name).ok()? }, None))
            }
            ["secrets", namespace, name] => {
                let (namespace, name) = (Namespace::parse(*namespace).ok()?, SecretName::parse(*name).ok()?);
                Some(Self::secret(&namespace, name.as_str()))
            }
            _ => None,
        }
    }
}

/// Says how well texts fit a query. Its words may stand anywhere and in any order, each with letters left out
/// (`anm wrk` fits `anomalia-machina-worker`).
pub struct Fit {
    pattern: Pattern,
    /// The query's words, each by itself and in small letters.
    words: Vec<(Pattern, String)>,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Fit {
    /// Reads a query; an empty one fits everything equally.
    #[must_use]
    pub fn new(query: &str) -> Self {
        let query: String = query.chars().take(MAX_QUERY).collect();
        let pattern = |text: &str| Pattern::new(text, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        Self {
            pattern: pattern(&query),
            words: query.split_whitespace().map(|word| (pattern(word), word.to_lowercase())).collect(),
            matcher: Matcher::new(Config::DEFAULT),
            letters: Vec::new(),
        }
    }

    /// How well `text` fits; `None` where it does not.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(text, &mut self.letters), &mut self.matcher)
    }

    /// The best of the places, best first, [`MAX_PLACES`] at most. Places in `here` come first among equals.
    #[must_use]
    pub fn best(&mut self, places: impl Iterator<Item = Place>, here: Option<&Namespace>) -> Vec<Place> {
        let near = here.map(|n| (format!("/apps/{n}/"), format!("/secrets/{n}/")));
        let mut hits: Vec<_> = places
            .filter_map(|place| {
                let is_near = near.as_ref().is_some_and(|(apps, secrets)| place.path.starts_with(apps) || place.path.starts_with(secrets));
                Some((self.place(&place)?, is_near, place))
            })
            .collect();
        hits.sort_by(|(a_score, a_near, a), (b_score, b_near, b)| {
            (b_score, b_near).cmp(&(a_score, a_near)).then_with(|| (a.kind, a.title.len(), &a.title, &a.path).cmp(&(b.kind, b.title.len(), &b.title, &b.path)))
        });
        hits.truncate(MAX_PLACES);
        hits.into_iter().map(|(_, _, place)| place).collect()
    }

    // A hit in the name counts more than one that needs the namespace or the kind. Those have to be typed as they are: with
    // letters left out, "lok" would fit "deployment in kube-system".
    fn place(&mut self, place: &Place) -> Option<u32> {
        if let Some(score) = self.score(&place.title) {
            return Some(score.saturating_mul(2));
        }
        let detail = place.detail.to_lowercase();
        let Self { words, matcher, letters, .. } = self;
        let scores = words.iter().map(|(pattern, word)| {
            let in_title = pattern.score(Utf32Str::new(&place.title, letters), matcher);
            in_title.or_else(|| detail.contains(word.as_str()).then_some(0))
        });
        scores.sum()
    }
}

/// The tab that a person means who types this word beside an app's name: `logs lok`, `restart shop`. Actions stand on the
/// app's first tab, and the way back to a revision on the tab that is found as `history`.
fn tab_meant(word: &str) -> Option<Tab> {
    let of_action = |action| match action {
        Action::Delete | Action::Pause | Action::Restart | Action::Resume | Action::Scale => Some(Tab::Overview),
        Action::RollBack => None,
    };
    Tab::from_slug(word).or_else(|| of_action(Action::from_slug(word)?))
}

/// The apps that a query means by letters of their name and a word for a tab or an action, each at that tab, best first:
/// `logs lok` finds the logs of `loklak-server`, and `logs` or `lok` alone finds nothing.
#[must_use]
pub fn tabs_of_apps(query: &str, apps: impl Iterator<Item = Place>, here: Option<&Namespace>) -> Vec<Place> {
    let query: String = query.chars().take(MAX_QUERY).collect::<String>().to_lowercase();
    let wanted = query.split_whitespace().find_map(|word| Some((word, tab_meant(word)?)));
    let Some((name, tab)) = wanted else { return Vec::new() };
    let rest: Vec<&str> = query.split_whitespace().filter(|word| *word != name).collect();
    if rest.is_empty() {
        return Vec::new();
    }
    let on = |place: Place| match tab.slug() {
        Some(slug) => Place { path: format!("{}/{slug}", place.path), detail: format!("{slug} of {}", place.detail), ..place },
        None => place,
    };
    Fit::new(&rest.join(" ")).best(apps, here).into_iter().map(on).collect()
}

/// Puts a place in front of those that were visited before.
pub fn remember(recent: &mut Vec<Place>, place: Place) {
    recent.retain(|p| p.path != place.path);
    recent.insert(0, place);
    recent.truncate(MAX_RECENT);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apps(names: &[&str]) -> Vec<Place> {
        names.iter().map(|name| Place::at(&format!("/apps/{name}")).unwrap()).collect()
    }

    fn found(query: &str, places: &[Place]) -> Vec<String> {
        Fit::new(query).best(places.iter().cloned(), None).into_iter().map(|p| p.title).collect()
    }

    #[test]
    fn letters_may_be_left_out_and_words_stand_in_any_order() {
        let places = apps(&["data/deployment/anomalia-machina", "data/deployment/anomalia-machina-worker", "web/deployment/shop"]);
        assert_eq!(found("anm wrk", &places), ["anomalia-machina-worker"]);
        assert_eq!(found("worker anomalia", &places), ["anomalia-machina-worker"]);
        assert_eq!(found("ANOM", &places), ["anomalia-machina", "anomalia-machina-worker"], "the shorter name first");
        assert_eq!(found("shop web", &places), ["shop"], "the namespace counts too");
        assert_eq!(found("zebra", &places), Vec::<String>::new());
        assert_eq!(found("anom dep", &places), ["anomalia-machina", "anomalia-machina-worker"], "and the kind");
        assert_eq!(found("lok", &apps(&["kube-system/deployment/coredns"])), Vec::<String>::new(), "with no letter left out");
    }

    #[test]
    fn a_name_fits_better_than_a_namespace_and_what_is_near_comes_first() {
        let places = apps(&["shop/deployment/cart", "web/deployment/shop"]);
        assert_eq!(found("shop", &places), ["shop", "cart"]);
        let two = apps(&["a/deployment/api", "b/deployment/api"]);
        let near = Fit::new("api").best(two.into_iter(), Some(&Namespace::parse("b").unwrap()));
        assert_eq!(near[0].path, "/apps/b/deployment/api");
    }

    #[test]
    fn an_app_is_found_with_what_is_wanted_of_it_beside_its_name() {
        let places = apps(&["web/deployment/loklak-server", "web/deployment/shop"]);
        let found = |query: &str| tabs_of_apps(query, places.iter().cloned(), None).into_iter().map(|p| (p.path, p.detail)).collect::<Vec<_>>();
        let logs = [("/apps/web/deployment/loklak-server/logs".to_owned(), "logs of deployment in web".to_owned())];
        assert_eq!(found("logs lok"), logs);
        assert_eq!(found("Lok Logs"), logs);
        assert_eq!(found("restart sho"), [("/apps/web/deployment/shop".to_owned(), "deployment in web".to_owned())]);
        assert!(found("logs").is_empty() && found("lok").is_empty() && found("logs zebra").is_empty());
    }

    #[test]
    fn an_empty_query_fits_all_and_a_long_one_costs_no_more_than_its_limit() {
        let many: Vec<_> = (0..50).map(|n| Place::page(&format!("page {n}"), &format!("/{n}"))).collect();
        assert_eq!(found("", &many).len(), MAX_PLACES);
        assert!(found(&"x".repeat(100_000), &many).is_empty());
    }

    #[test]
    fn a_path_tells_what_stands_there() {
        let logs = Place::at("/apps/web/deployment/shop/logs?follow=true").unwrap();
        assert_eq!((logs.kind, logs.title.as_str(), logs.detail.as_str()), (PlaceKind::App, "shop", "deployment in web"));
        assert_eq!(Place::at("/secrets/web/db").unwrap().detail, "secret in web");
        assert_eq!(Place::at("/apps/web").unwrap().kind, PlaceKind::Namespace);
        for nothing in ["/", "/apps", "/teams", "/apps/We b/deployment/x", "/apps/web/zebra/x", "/secrets/web"] {
            assert_eq!(Place::at(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_last_place_comes_first_and_none_stands_twice() {
        let mut recent = Vec::new();
        for n in 0..MAX_RECENT + 3 {
            remember(&mut recent, Place::page(&n.to_string(), &format!("/{n}")));
        }
        remember(&mut recent, Place::page("5", "/5"));
        assert_eq!((recent.len(), recent[0].title.as_str()), (MAX_RECENT, "5"));
        assert_eq!(recent.iter().filter(|p| p.title == "5").count(), 1);
    }
}
