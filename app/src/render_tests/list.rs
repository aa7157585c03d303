//! The list of apps.

use super::{NOW, frame, row, text, unquoted};
use crate::page::Page;
use crate::render;
use domain::Namespace;
use domain::account::{NamespaceAccess, Role};
use domain::status::{Status, Word};
use domain::view::{AppRow, ClusterHealth};
use std::sync::Arc;

#[test]
fn the_list_says_what_needs_attention_and_shows_numbers() {
    let html = render(
        &frame("/apps"),
        &Page::Apps { namespace: None, rows: vec![Arc::new(row("kpow", Word::Failing)), Arc::new(row("ecr", Word::Running))], stayed: None },
    );
    let said = text(&html);
    for part in ["Needs attention", "1 of 2 apps", "It fails.", "2 min ago", "0/1", "212m", "41 d", "26 min"] {
        assert!(said.contains(part), "{part} is missing");
    }
    assert!(html.contains("/logs?pod=p-1&amp;container=c&amp;previous=true&amp;at=1790000000000"));
    assert!(html.contains("nonce=\"n0nce\"") && html.contains("const js=\"/team/portal/pkg/q.1.js\""));
}

fn list(path: &str, rows: Vec<AppRow>) -> String {
    render(&frame(path), &Page::Apps { namespace: None, rows: rows.into_iter().map(Arc::new).collect(), stayed: None })
}

#[test]
fn the_newest_trouble_is_told_first_and_one_link_leads_to_all_of_it() {
    let rows = || {
        (0..7).map(|n| AppRow {
            status: Status { since: Some(NOW.plus(-1000 * n)), ..row("x", Word::Failing).status },
            ..row(&format!("app-{}", 6 - n), Word::Failing)
        })
    };
    let html = list("/apps", rows().collect());
    let panel = html.split("class=\"attn\"").nth(1).unwrap().split("</section>").next().unwrap();
    let told: Vec<_> = panel.split("mono font-medium\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(told, ["app-6", "app-5", "app-4", "app-3", "app-2"], "the one that fails for longest is behind the link");
    assert!(text(&format!("<body>{panel}")).contains("7 of 7 apps") && panel.contains(">2 more<"), "{panel}");
    let all = "/apps?status=failing,degraded,unknown&amp;group=none";
    assert!(panel.contains(&format!("href=\"/team/portal{all}\"")), "{panel}");

    let html = list(&all.replace("&amp;", "&"), rows().chain([row("well", Word::Running)]).collect());
    assert_eq!(html.matches("data-row=").count(), 7, "the list is all of them");
    assert_eq!(html.matches("It fails.").count(), 7, "and none is told twice");
    assert!(html.contains("href=\"/team/portal/apps\">Show all apps</a>"));
}

#[test]
fn a_collapsed_group_shows_its_head_and_no_row() {
    let mut other = row("shop", Word::Degraded);
    other.id.namespace = Namespace::parse("mqtt").unwrap();
    let html = list("/apps?collapsed=web", vec![row("kpow", Word::Failing), row("ecr", Word::Running), other]);
    let group = |name: &str| html.split(&format!("data-group=\"{name}\"")).nth(1).unwrap().split("</tbody>").next().unwrap().to_owned();
    let web = group("web");
    assert!(!web.contains("data-row") && web.contains("aria-expanded=\"false\"") && web.contains("href=\"/team/portal/apps\""), "{web}");
    let said = text(&format!("<body>{web}"));
    assert!(said.contains("web2 apps") && said.contains("Failing 1") && said.contains("Running 1"), "{said}");
    let mqtt = group("mqtt");
    assert!(
        mqtt.contains("data-row") && mqtt.contains("aria-expanded=\"true\"") && mqtt.contains("href=\"/team/portal/apps?collapsed=mqtt&amp;collapsed=web\""),
        "{mqtt}"
    );
}

#[test]
fn an_empty_list_says_why() {
    let said = |path: &str, rows| text(&render(&frame(path), &Page::Apps { namespace: Namespace::parse("web").ok(), rows, stayed: None }));
    assert!(said("/apps/web", vec![]).contains("No apps in web"));
    let mut away = frame("/apps/web");
    away.health = ClusterHealth { away_since: Some(NOW.plus(-180_000)), ready: true, ..ClusterHealth::default() };
    assert!(text(&render(&away, &Page::Apps { namespace: None, rows: vec![], stayed: None })).contains("The cluster hasn't responded for 3 min."));
}

#[test]
fn who_may_create_nothing_is_told_why_and_who_can_change_it() {
    let web = Namespace::parse("web").unwrap();
    let page = |role| {
        let mut frame = frame("/apps/web");
        if let Some(me) = &mut frame.me {
            Arc::make_mut(me).namespaces = vec![NamespaceAccess { namespace: web.clone(), team: None, role }];
        }
        unquoted(&render(&frame, &Page::Apps { namespace: Some(web.clone()), rows: Vec::new(), stayed: None }))
    };
    let refused = "New app isn't available: Needs the operator role. Ask a team owner.";
    assert!(page(Role::Viewer).contains(refused));
    assert!(!page(Role::Viewer).contains("/new-app/web\""));
    assert!(!page(Role::Operator).contains(refused));
    assert!(page(Role::Operator).contains("/new-app/web\""));
}

/// How long it takes is a number to look at: `cargo test --release -p quayside-app --features ssr a_list_of_five -- --nocapture`.
#[test]
fn a_list_of_five_hundred_apps_has_a_row_for_each() {
    let rows: Vec<_> = (0..500).map(|i| Arc::new(row(&format!("app-{i}"), if i % 50 == 0 { Word::Failing } else { Word::Running }))).collect();
    let page = Page::Apps { namespace: None, rows, stayed: None };
    let f = frame("/apps");
    let mut times: Vec<_> = (0..9)
        .map(|_| {
            let begin = std::time::Instant::now();
            let html = render(&f, &page);
            (begin.elapsed(), html.len(), html.matches("data-row").count())
        })
        .collect();
    times.sort();
    println!("500 apps: {:?}, {} bytes", times[4].0, times[4].1);
    assert_eq!(times[4].2, 500);
}
