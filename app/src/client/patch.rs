//! Makes elements say what fresh markup says. What is the same stays the same node, so that focus, selection and an open
//! menu survive, and the browser lays out only what changed.

use super::dom;
use wasm_bindgen::JsCast as _;
use web_sys::{DocumentFragment, Element, HtmlTemplateElement, Node};

/// What a person sets on an element and no markup takes away.
const KEPT: [&str; 2] = ["open", "style"];

/// The nodes of some markup that one of our own functions has written.
#[must_use]
pub fn parse(markup: &str) -> Option<DocumentFragment> {
    let template = dom::document()?.create_element("template").ok()?.unchecked_into::<HtmlTemplateElement>();
    template.set_inner_html(markup);
    Some(template.content())
}

/// What stands inside of an element.
pub fn inner(element: &Element, markup: &str) {
    if let Some(fresh) = parse(markup) {
        children(element, &fresh);
    }
}

/// An element as a whole; the markup is one element.
pub fn whole(element: &Node, markup: &str) {
    if let Some(fresh) = parse(markup).and_then(|f| f.first_child()) {
        node(element, &fresh);
    }
}

fn node(old: &Node, new: &Node) {
    if old.node_type() != new.node_type() || old.node_name() != new.node_name() {
        if let Some(parent) = old.parent_node() {
            let _ = parent.replace_child(new, old);
        }
    } else if old.node_type() == Node::ELEMENT_NODE {
        attributes(old.unchecked_ref(), new.unchecked_ref());
        children(old, new);
    } else {
        let text = new.node_value();
        if old.node_value() != text {
            old.set_node_value(text.as_deref());
        }
    }
}

fn attributes(old: &Element, new: &Element) {
    let names = new.get_attribute_names();
    for name in names.iter().filter_map(|n| n.as_string()) {
        let value = new.get_attribute(&name);
        if old.get_attribute(&name) != value {
            let _ = old.set_attribute(&name, &value.unwrap_or_default());
        }
    }
    let there = old.get_attribute_names();
    if there.length() != names.length() {
        for name in there.iter().filter_map(|n| n.as_string()).filter(|n| !new.has_attribute(n) && !KEPT.contains(&n.as_str())) {
            let _ = old.remove_attribute(&name);
        }
    }
}

fn children(old: &Node, new: &Node) {
    let (mut here, mut next) = (old.first_child(), new.first_child());
    while let Some(fresh) = next {
        // Asked before it moves.
        next = fresh.next_sibling();
        match here {
            Some(known) => {
                here = known.next_sibling();
                node(&known, &fresh);
            }
            None => {
                here = None;
                let _ = old.append_child(&fresh);
            }
        }
    }
    while let Some(extra) = here {
        here = extra.next_sibling();
        let _ = old.remove_child(&extra);
    }
}
