//! What is said to whoever may not do something.

use crate::problem::AccessProblem;

pub(super) fn sentence(problem: &AccessProblem) -> String {
    match problem {
        AccessProblem::PortalAdminsOnly => "Only portal admins can do this. Ask one of them.".to_owned(),
        AccessProblem::TeamOwnersOnly => "Only team owners and portal admins can do this.".to_owned(),
        AccessProblem::RoleTooWeak { namespace, has, needs } => {
            format!("Your role in {namespace} is {}; this needs {}. Ask a team owner.", has.slug(), needs.slug())
        }
        AccessProblem::NoRole { namespace } => {
            format!("You have no access to namespace {namespace}. Ask a portal admin to add it to one of your teams.")
        }
        AccessProblem::NamespaceNotFound { namespace } => format!("Namespace {namespace} doesn't exist, or the portal can't see it."),
        AccessProblem::NamespaceNotServed { namespace } => {
            format!("This portal doesn't serve namespace {namespace}. Its operator can add it to QUAYSIDE_NAMESPACES.")
        }
        AccessProblem::ViewerEverywhere => "You're a viewer in all your namespaces. Ask a team owner for the operator role.".to_owned(),
        AccessProblem::NoNamespaceLeft => {
            "You're no longer on a team with a namespace. Ask a portal admin to add you to one, then reload this page.".to_owned()
        }
    }
}
