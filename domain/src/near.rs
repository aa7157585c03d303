//! Which app is meant by a service, an ingress or an autoscaler that leads nowhere.
//!
//! A service that selects no pods belongs to no app, so no app's page would report it. The rules look for the app that its author
//! most likely meant, and report nothing if that isn't clear: labels that controllers put on single pods (who
//! leads, who follows) and services of parts that are not installed select nothing in healthy clusters.

use crate::facts::{Labels, Service};

/// Keys, without their prefix, whose value names the app. Others, such as the release or its version, are shared by many.
const IDENTIFYING: [&str; 6] = ["app", "name", "k8s-app", "app-name", "application", "run"];

/// Most pairs of a selector that were meant to be those of an app and are others.
pub const DIFFER: usize = 4;

/// Longest name that a name of the cluster can have.
const LONGEST: usize = 253;

/// Whether two names differ by a slip of the hand: by two letters at most, in names long enough for that. Names that
/// differ by their numbers alone mean different things.
#[must_use]
pub fn slip(a: &str, b: &str) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    let most = if short >= 6 { 2 } else { 1 };
    if short < 3 || long > LONGEST || long - short > most {
        return false;
    }
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    is_within(a, b, most) && letters(a) != letters(b)
}

/// Whether one text becomes the other by so many letters to insert, remove, replace or swap. Only places that so many
/// can reach are compared, and it ends where they do not suffice any more: names are written by whoever is watched.
fn is_within(a: &str, b: &str, most: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let beyond = most + 1;
    let mut before: Vec<usize> = vec![beyond; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).map(|j| j.min(beyond)).collect();
    let mut row = before.clone();
    for i in 1..=a.len() {
        let (from, to) = (i.saturating_sub(most), (i + most).min(b.len()));
        // The rows are used again: what stands beside the band is of a row long before.
        if let Some(left) = from.checked_sub(1) {
            row[left] = beyond;
        }
        if to < b.len() {
            row[to + 1] = beyond;
        }
        for j in from..=to {
            row[j] = if j == 0 {
                i.min(beyond)
            } else {
                let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let swapped = if swapped { before[j - 2] + 1 } else { beyond };
                replaced.min(last[j] + 1).min(row[j - 1] + 1).min(swapped).min(beyond)
            };
        }
        // No later row has less than this one.
        if row[from..=to].iter().all(|d| *d == beyond) {
            return false;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()] <= most
}

/// Whether `longer` is `shorter` with something behind it: `shop-service` and `shop`.
#[must_use]
pub fn extends(longer: &str, shorter: &str) -> bool {
    longer.strip_prefix(shorter).is_some_and(|rest| rest.starts_with('-'))
}

/// How likely `name` means the app: equal, a slip, with a suffix.
#[must_use]
pub fn named(name: &str, app: &str) -> Option<u32> {
    if name == app {
        Some(100)
    } else if slip(name, app) {
        Some(60)
    } else if extends(name, app) {
        // Of `shop` and `shop-admin`, `shop-admin-ingress` means the longer.
        Some(20 + u32::try_from(app.len().min(30)).unwrap_or(0))
    } else {
        None
    }
}

/// A pair of a selector that pods do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs<'a> {
    /// The label key, with its prefix.
    pub key: &'a str,
    /// What the selector asks for.
    pub wants: &'a str,
    /// What the pods have under that key.
    pub has: Option<&'a str>,
}

/// The pairs of a selector that these labels do not fulfil.
#[must_use]
pub fn differing<'a>(selector: &'a Labels, labels: &'a Labels) -> Vec<Differs<'a>> {
    let other = selector.iter().filter(|(k, v)| labels.get(*k) != Some(v));
    other.map(|(k, v)| Differs { key: k, wants: v, has: labels.get(k).map(String::as_str) }).collect()
}

/// How likely a service whose selector no pod fulfils was meant for the pods with these labels; `None` where it was not.
#[must_use]
pub fn service(service: &Service, app: &str, labels: &Labels) -> Option<u32> {
    let differs = differing(&service.selector, labels);
    if differs.is_empty() || differs.len() > DIFFER || differs.iter().any(|d| on_purpose(d, &service.name, labels)) {
        return None;
    }
    let short = |key: &str| key.rsplit('/').next().unwrap_or(key).to_ascii_lowercase();
    let shared = service.selector.len() - differs.len();
    let identified = service.selector.iter().any(|(k, v)| labels.get(k) == Some(v) && IDENTIFYING.contains(&short(k).as_str()));
    let slipped = || differs.iter().all(|d| d.has.is_some_and(|has| slip(has, d.wants)));
    let likely = named(&service.name, app).unwrap_or(0);
    (identified || slipped()).then(|| likely + 10 * u32::try_from(shared.min(10)).unwrap_or(0) + u32::from(identified))
}

/// A pair that healthy services ask for although no pod of the template has it: a label that is put on single pods, or
/// the part that the service is named after, which is not installed.
fn on_purpose(d: &Differs<'_>, service: &str, labels: &Labels) -> bool {
    match d.has {
        None => !labels.keys().any(|key| slip(key, d.key)),
        Some(_) => service == d.wants || service.split('-').any(|part| part == d.wants) || service.ends_with(&format!("-{}", d.wants)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn asks(name: &str, pairs: &[(&str, &str)]) -> Service {
        Service {
            name: name.into(),
            kind: "ClusterIP".into(),
            cluster_ip: None,
            external: Vec::new(),
            ports: Vec::new(),
            selector: labels(pairs),
            ready_endpoints: 0,
            unready_endpoints: 0,
            matches: false,
            headless: false,
            uid: String::new(),
            changed: None,
            created: crate::UnixMs(0),
        }
    }

    #[test]
    fn a_slip_is_a_letter_or_two() {
        assert!(slip("shop", "shpo") && slip("shop", "shopp") && slip("payments", "paymnets") && slip("tier", "teir"));
        assert!(!slip("shop", "shop") && !slip("v1", "v2") && !slip("db-1", "db-2") && !slip("shop", "store") && !slip("redis", "rabbit"));
    }

    /// Letters to insert, remove, replace or swap, by the whole table.
    fn distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] =
                    if i == 0 || j == 0 { i + j } else { (d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1])).min(d[i - 1][j] + 1).min(d[i][j - 1] + 1) };
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    d[i][j] = d[i][j].min(d[i - 2][j - 2] + 1);
                }
            }
        }
        d[a.len()][b.len()]
    }

    #[test]
    fn the_band_finds_what_the_whole_table_finds() {
        let all: Vec<String> =
            (0..=6_u32).flat_map(|len| (0..1 << len).map(move |n| (0..len).map(|k| if (n >> k) & 1 == 0 { 'a' } else { 'b' }).collect())).collect();
        let words = ["payments", "paymnets", "apyments", "paymentss", "yments", "pay-ments", "ab-payment", "sh\u{f6}p", "shop"].map(String::from);
        for (a, b) in all.iter().chain(&words).flat_map(|a| all.iter().chain(&words).map(move |b| (a, b))) {
            for most in 1..=2 {
                assert_eq!(is_within(a, b, most), distance(a, b) <= most, "{a} {b} {most}");
            }
        }
    }

    #[test]
    fn long_names_that_differ_are_no_slip_of_one_another() {
        let (a, b) = ("a".repeat(253), "b".repeat(253));
        assert!(!slip(&a, &b));
        assert!(slip(&a, &format!("{}b", "a".repeat(252))));
    }

    #[test]
    fn a_service_that_asks_for_another_version_is_the_apps() {
        let pods = labels(&[("app", "a"), ("version", "v1")]);
        assert!(service(&asks("a-service", &[("app", "a"), ("version", "v2")]), "a", &pods).is_some());
        assert!(service(&asks("front", &[("app", "a"), ("version", "v2")]), "a", &pods).is_some());
        assert!(service(&asks("a-service", &[("app", "a"), ("verison", "v1")]), "a", &pods).is_some(), "a slip in the key");
        let shop = labels(&[("app", "shop")]);
        assert!(service(&asks("shop-service", &[("app", "shpo")]), "shop", &shop).is_some(), "a slip in the value");
        assert!(service(&asks("db", &[("app", "db")]), "shop", &shop).is_none(), "another app that is not there");
        let differs = |many: usize| {
            let of = |value: &str| (0..many).map(|n| (format!("k{n}"), value.to_owned())).chain([("app".to_owned(), "a".to_owned())]).collect::<Labels>();
            service(&Service { selector: of("x"), ..asks("front", &[]) }, "a", &of("y")).is_some()
        };
        assert!(differs(DIFFER) && !differs(DIFFER + 1), "nobody slips so often");
    }

    #[test]
    fn services_of_leaders_followers_and_parts_that_are_not_installed_accuse_nobody() {
        let pods = labels(&[("app.kubernetes.io/name", "vault"), ("app.kubernetes.io/instance", "v"), ("component", "server")]);
        let standby = asks("vault-standby", &[("app.kubernetes.io/name", "vault"), ("vault-active", "false")]);
        assert_eq!(service(&standby, "vault", &pods), None);
        let read = asks("loki-read", &[("app.kubernetes.io/name", "loki"), ("component", "read")]);
        let single = labels(&[("app.kubernetes.io/name", "loki"), ("component", "single-binary")]);
        assert_eq!(service(&read, "loki", &single), None);
        let sibling = asks("x-db", &[("app.kubernetes.io/instance", "x"), ("app.kubernetes.io/name", "db")]);
        assert_eq!(service(&sibling, "x-web", &labels(&[("app.kubernetes.io/instance", "x"), ("app.kubernetes.io/name", "web")])), None);
    }

    #[test]
    fn the_longer_name_is_meant() {
        assert!(named("shop-admin-ingress", "shop-admin") > named("shop-admin-ingress", "shop"));
        assert!(named("shop", "shop") > named("shpo", "shop"));
        assert_eq!(named("basket", "shop"), None);
    }
}
