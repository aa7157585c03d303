//! What is true of every page.

use super::pages::{page_after, pages};
use super::{frame, text};
use crate::page::{Frame, Page};
use crate::render;

// What stands in tags outside of quoted values.
fn names_of_attributes(html: &str) -> String {
    let (mut out, mut tag, mut quote) = (String::new(), false, false);
    for c in html.chars() {
        match c {
            '<' if !tag => tag = true,
            '>' if tag && !quote => tag = false,
            '"' if tag => quote = !quote,
            c if tag && !quote => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn hostile_text_never_becomes_html() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        assert!(!html.contains("<script>"), "{path} lets a script through");
        assert!(!names_of_attributes(&html).contains("onload"), "{path} lets a quote end an attribute");
        assert!(!html.contains("href=\"javascript:"), "{path} links to a script");
        assert!(html.contains("&lt;script&gt;"), "{path} does not show the text at all");
    }
}

#[test]
fn every_page_has_one_heading_one_main_and_a_title() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert_eq!(html.matches("<main").count(), 1, "{path}");
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\""), "{path}");
        assert!(html.contains(" – Quayside</title>"), "{path}: {}", &html[..html.len().min(900)]);
    }
}

#[test]
fn links_stay_below_the_base_path_and_embedded() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        for attribute in ["href=\"/", "action=\"/", "src=\"/"] {
            for rest in html.split(attribute).skip(1) {
                assert!(rest.starts_with("team/portal/"), "{path} leaves the base path: {attribute}{}", &rest[..rest.len().min(40)]);
            }
        }
    }
    let inside = render(
        &frame("/apps?embed=1"),
        &page_after(Some(&Page::SetUp { token: String::new(), name: String::new(), display: String::new(), problem: None })).unwrap().1,
    );
    assert!(!inside.contains("class=\"rail\"") && inside.contains("/team/portal/apps/web/deployment/kpow?embed=1"));
}

#[test]
fn ids_are_not_used_twice() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        let html = html.split_once("</svg></div>").map_or(html.as_str(), |(_, rest)| rest);
        let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|r| r.split('"').next()).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
        assert!(twice.is_empty(), "{path}: {twice:?}");
    }
}

/// The forms of a page, each from its tag to its end.
fn forms(html: &str) -> impl Iterator<Item = &str> {
    html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next())
}

#[test]
fn every_form_of_an_embedded_page_leads_to_an_embedded_page() {
    for (path, page) in pages() {
        let html = render(&Frame { embed: true, ..frame(&path) }, &page);
        // A dialog's form only closes it.
        for form in forms(&html).filter(|f| !f.contains("method=\"dialog\"")) {
            let head = form.split('>').next().unwrap();
            let keeps = head.contains("embed=1") || form.contains("name=\"embed\" value=\"1\"");
            assert!(keeps || head.contains("/theme") || head.contains("/signin") || head.contains("/setup"), "{path}: {form}");
        }
    }
}

#[test]
fn what_a_form_lacks_is_said_by_the_page_and_not_by_the_browser() {
    for (path, page) in pages() {
        let html = render(&frame(&path), &page);
        for form in forms(&html).filter(|f| f.contains(" required")) {
            assert!(form.split('>').next().unwrap().contains("novalidate"), "{path}: {form}");
        }
    }
}

#[test]
fn a_link_cannot_bring_words_of_its_own() {
    for (path, page) in pages() {
        let path = format!("{path}{}done=Your+session+ended&problem=Your+session+ended", if path.contains('?') { '&' } else { '?' });
        assert!(!text(&render(&frame(&path), &page)).contains("Your session ended"), "{path}");
    }
}
