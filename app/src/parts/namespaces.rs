//! The namespace that a form is for, and the others to choose from.

use crate::icons::icon;
use domain::Namespace;
use leptos::prelude::*;

/// Opens a menu of namespaces; `to` is the address of the form for each.
#[must_use]
pub fn namespace_menu(namespace: &Namespace, namespaces: &[Namespace], to: impl Fn(&Namespace) -> String) -> AnyView {
    let all = namespaces
        .iter()
        .map(|n| view! { <a href=to(n) aria-current=(n == namespace).then_some("true")><span class="trunc mono">{n.to_string()}</span></a> })
        .collect_view();
    view! {
        <details class="drop">
            <summary class="crumb" aria-label=format!("Namespace: {namespace}. Change")><b class="mono trunc">{namespace.to_string()}</b>{icon("chevrons-up-down")}</summary>
            <div class="pop menu" role="group" aria-label="Namespaces">{all}</div>
        </details>
    }
    .into_any()
}
