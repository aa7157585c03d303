//! The pages, one module each.

mod account;
mod app;
mod apps;
mod audit;
pub mod logs;
pub mod metrics;
pub mod new_app;
pub mod new_secret;
mod operations;
mod refused;
pub mod secrets;
mod sign_in;
mod teams;
mod users;

use crate::page::{AppTab, Frame, Page, Part};
use domain::Tab;
use leptos::prelude::*;

/// A part of a page by itself.
pub(crate) fn part(frame: &Frame, part: &Part<'_>) -> AnyView {
    operations::part(frame, part)
}

/// The title of a page, as the tab of the browser shows it.
pub(crate) fn title(page: &Page) -> String {
    match page {
        Page::SignIn { .. } => "Sign in".into(),
        Page::SetUp { .. } => "Set up".into(),
        Page::Apps { namespace, .. } => namespace.as_ref().map_or_else(|| "Apps".into(), |n| format!("Apps in {n}")),
        Page::App { detail, tab, .. } => match tab.tab().slug() {
            Some(slug) => format!("{} {slug}", detail.row.id.name),
            None => detail.row.id.name.to_string(),
        },
        Page::Coming(app) => app.name.to_string(),
        Page::Operations(_) => "Under way".into(),
        Page::NewApp { .. } => "New app".into(),
        Page::Secrets { namespace, .. } => namespace.as_ref().map_or_else(|| "Secrets".into(), |n| format!("Secrets in {n}")),
        Page::Secret { secret, .. } => format!("Secret {}", secret.name),
        Page::NewSecret { .. } => "New secret".into(),
        Page::Account { .. } => "Account".into(),
        Page::Users { .. } => "Users".into(),
        Page::Teams { .. } => "Teams".into(),
        Page::Audit { .. } => "Audit".into(),
        Page::Activity { team, .. } => format!("Activity of {}", team.name),
        Page::NoNamespaces { .. } => "No namespaces yet".into(),
        Page::Problem(problem) => refused::title(problem).into(),
    }
}

/// Pages without anything around them.
pub(crate) fn plain(frame: &Frame, page: &Page) -> AnyView {
    match page {
        Page::SignIn { next, name, problem, ended } => sign_in::sign_in(frame, next, name, problem.as_ref(), *ended),
        Page::SetUp { token, name, display, problem } => sign_in::set_up(frame, token, name, display, problem.as_ref()),
        Page::Problem(problem) => sign_in::refused(frame, problem),
        Page::Apps { .. }
        | Page::App { .. }
        | Page::Operations(_)
        | Page::Coming(_)
        | Page::NewApp { .. }
        | Page::Secrets { .. }
        | Page::Secret { .. }
        | Page::NewSecret { .. }
        | Page::Account { .. }
        | Page::Users { .. }
        | Page::Teams { .. }
        | Page::Audit { .. }
        | Page::Activity { .. }
        | Page::NoNamespaces { .. } => ().into_any(),
    }
}

/// What stands in the main part.
pub(crate) fn content(frame: &Frame, page: &Page) -> AnyView {
    match page {
        Page::Apps { namespace, rows, stayed } => apps::view(frame, namespace.as_ref(), rows, stayed.as_ref()),
        Page::App { detail, tab: AppTab::Logs(query, lines), operation, problem } => {
            let above = app::Above { problem: problem.as_ref(), operation: operation.as_deref() };
            app::view(frame, detail, Tab::Logs, above, logs::view(frame, detail, query, lines.as_deref()))
        }
        Page::App { detail, tab, operation, problem } => {
            app::tab(frame, detail, tab, app::Above { problem: problem.as_ref(), operation: operation.as_deref() })
        }
        Page::Operations(all) => operations::view(frame, all),
        Page::Coming(app) => app::coming(frame, app),
        Page::NewApp { namespace, draft, left_out, namespaces, form, errors, plan, secrets, config_maps, incomplete } => {
            let filled = new_app::Filled { form, draft: *draft, left_out, errors, plan: plan.as_ref() };
            new_app::view(frame, namespace, namespaces, filled, new_app::Choices { secrets, config_maps, incomplete: *incomplete })
        }
        Page::Secrets { namespace, secrets, namespaces, problems, done } => {
            secrets::view(frame, namespace.as_ref(), secrets, namespaces, problems, done.as_ref())
        }
        Page::Secret { secret, may_change, done, refused } => secrets::one(frame, secret, *may_change, done.as_ref(), refused.as_ref()),
        Page::NewSecret { namespace, draft, namespaces, typed, errors } => {
            new_secret::view(frame, namespace, namespaces, new_secret::Filled { typed, draft: *draft, errors })
        }
        Page::Account { sessions, done, problem } => account::view(frame, sessions, done.as_ref(), problem.as_ref()),
        Page::Users { users, teams, done, refused } => users::view(frame, users, teams, done.as_ref(), refused.as_ref()),
        Page::Teams { teams, users, namespaces, unseen, done, refused } => {
            teams::view(frame, teams, teams::Around { users, namespaces, unseen }, done.as_ref(), refused.as_ref())
        }
        Page::Audit { rows, filter, older } => audit::view(frame, rows, filter, *older),
        Page::Activity { team, rows, older } => audit::activity(frame, team, rows, *older),
        Page::NoNamespaces { admins } => refused::no_namespaces(frame, admins),
        Page::Problem(problem) => refused::view(frame, problem),
        Page::SignIn { .. } | Page::SetUp { .. } => ().into_any(),
    }
}
