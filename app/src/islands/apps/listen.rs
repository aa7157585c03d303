//! What a person does with the list: type, click, go back.

use super::{For, List, Shared, address};
use crate::client::dom;
use crate::links::decode;
use crate::list::Listing;
use domain::Kind;
use domain::live::ListQuery;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement, MouseEvent, SubmitEvent};

/// Listens for as long as the page lives.
pub(super) fn listen(list: &Shared) {
    let l = Rc::clone(list);
    dom::on("input", move |event: Event| {
        if let Some(field) = dom::closest(&event, "[data-filter]").and_then(|f| f.dyn_into::<HtmlInputElement>().ok()) {
            let text = field.value();
            show(&mut l.borrow_mut(), |listing| listing.but(|q| q.text = text), false);
        }
    });
    let l = Rc::clone(list);
    dom::on("click", move |event: MouseEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) && event.button() == 0;
        if let Some(link) = dom::closest(&event, "a[data-list]").filter(|_| plain && l.borrow().page.is_some()) {
            event.prevent_default();
            let href = link.get_attribute("href").unwrap_or_default();
            let pairs = decode(href.split_once('?').map_or("", |(_, q)| q));
            // Going back leads to another list and not to one with another group open.
            let entry = !link.has_attribute("data-fold");
            close_menu(&link);
            show(&mut l.borrow_mut(), |listing| Listing::new(listing.namespace.clone(), &pairs), entry);
            // The link to all that need attention is gone with them; the way back takes its place.
            if !link.is_connected()
                && let Some(back) = dom::find("[data-part=attention] a[data-list]")
            {
                let _ = back.focus();
            }
        }
    });
    let l = Rc::clone(list);
    dom::on("submit", move |event: SubmitEvent| {
        let Some(form) = dom::closest(&event, "form[data-tools]").filter(|_| l.borrow().page.is_some()) else { return };
        event.prevent_default();
        let value = |name: &str| {
            let field = form.query_selector(&format!("[name={name}]")).ok().flatten()?;
            js_sys::Reflect::get(&field, &JsValue::from_str("value")).ok()?.as_string()
        };
        let group = value("group").unwrap_or_default();
        let group = ListQuery::from_pairs(&[("group".to_owned(), group)]).group;
        let kinds = value("kind").and_then(|k| Kind::from_slug(&k)).into_iter().collect();
        let text = value("q").unwrap_or_default();
        let other = |listing: &Listing| {
            listing.but(|q| {
                if q.group != group {
                    q.collapsed.clear();
                }
                q.group = group;
                q.kinds = kinds;
                q.text = text;
            })
        };
        show(&mut l.borrow_mut(), other, true);
    });
    for event in ["popstate", "pageshow"] {
        let l = Rc::clone(list);
        dom::on_window(event, move |_: Event| {
            let mut l = l.borrow_mut();
            let there = Listing::new(l.listing.namespace.clone(), &address());
            if l.listing != there {
                l.listing = there;
                l.around(For::Person);
            }
        });
    }
}

/// A choice from a menu closes it, and the focus goes back to what opened it.
fn close_menu(link: &HtmlElement) {
    let Some(menu) = link.closest("details.drop[open]").ok().flatten() else { return };
    let _ = menu.remove_attribute("open");
    if let Some(opener) = menu.query_selector("summary").ok().flatten().and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
        let _ = opener.focus();
    }
}

fn show(list: &mut List, other: impl FnOnce(&Listing) -> Listing, entry: bool) {
    list.listing = other(&list.listing);
    write_address(&list.listing, entry);
    list.around(For::Person);
}

/// The address follows what is shown: a new entry of the history for a click, the same one while typing.
pub(super) fn write_address(listing: &Listing, entry: bool) {
    let url = dom::links().to(&listing.path());
    if let Some(history) = dom::window().and_then(|w| w.history().ok()) {
        let _ =
            if entry { history.push_state_with_url(&JsValue::NULL, "", Some(&url)) } else { history.replace_state_with_url(&JsValue::NULL, "", Some(&url)) };
    }
}

/// The fields say what is shown; their attributes alone would not, once somebody has used them.
pub(super) fn fill_tools(listing: &Listing) {
    let q = &listing.query;
    if let Some(field) = dom::find("[data-filter]").and_then(|f| f.dyn_into::<HtmlInputElement>().ok())
        && field.value() != q.text
    {
        field.set_value(&q.text);
    }
    let kind = q.kinds.first().map_or("", |k| k.slug());
    let group = crate::list::group_slug(q.group);
    for (name, value) in [("kind", kind), ("group", group)] {
        if let Some(select) = dom::find(&format!("[data-tools] select[name={name}]")).and_then(|s| s.dyn_into::<HtmlSelectElement>().ok())
            && select.value() != value
        {
            select.set_value(value);
        }
    }
}
