//! API calls of an app that Kubernetes refuses, as its log tells them, and the role that would allow them.
//!
//! The text is that of `apimachinery` (`errors.NewForbidden`) around that of the authorizer; Go, Java, Python and Rust
//! clients all print it. A log can say anything, so nothing of it gets into a role that is not a plain name, no call of
//! another namespace's account is answered, and none that would hand over more than a read or a write of objects.

use crate::{Namespace, WorkloadName};
use serde::{Deserialize, Serialize};

/// A call that was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Forbidden {
    /// Namespace of the service account.
    pub account_namespace: Namespace,
    /// Name of the service account.
    pub account: String,
    /// `get`, `list`, …
    pub verb: String,
    /// `pods`, `pods/log`, …
    pub resource: String,
    /// API group; empty for the core one.
    pub group: String,
    /// Where; `None` in the whole cluster.
    pub namespace: Option<Namespace>,
}

/// Verbs that a role may offer. `bind`, `escalate`, `impersonate` and `*` hand over rights, so they are not among them.
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

impl Forbidden {
    /// Finds `User "system:serviceaccount:NS:NAME" cannot VERB resource "RESOURCE" in API group "GROUP" in the namespace
    /// "NS"`, or `at the cluster scope`, in a line.
    #[must_use]
    pub fn find(line: &str) -> Option<Self> {
        let line = line.replace("\\\"", "\"");
        let rest = line.split_once("User \"system:serviceaccount:")?.1;
        let (user, rest) = rest.split_once("\" cannot ")?;
        let (namespace, account) = user.split_once(':')?;
        let (verb, rest) = rest.split_once(" resource \"")?;
        let (resource, rest) = rest.split_once('"')?;
        let (group, rest) = rest.strip_prefix(" in API group \"")?.split_once('"')?;
        let scope = rest.trim_start();
        let place = match scope.strip_prefix("in the namespace \"") {
            Some(name) => Some(Namespace::parse(name.split_once('"')?.0).ok()?),
            None if scope.starts_with("at the cluster scope") => None,
            None => return None,
        };
        // All of them are DNS names, as those of workloads are.
        let plain = |text: &str| WorkloadName::parse(text).is_ok();
        let (kind, part) = resource.split_once('/').unwrap_or((resource, "x"));
        let fits = VERBS.contains(&verb) && [account, kind, part].into_iter().all(plain) && (group.is_empty() || plain(group));
        fits.then(|| {
            Some(Self {
                account_namespace: Namespace::parse(namespace).ok()?,
                account: account.to_owned(),
                verb: verb.to_owned(),
                resource: resource.to_owned(),
                group: group.to_owned(),
                namespace: place,
            })
        })?
    }

    /// `list pods`, `get leases of coordination.k8s.io`.
    #[must_use]
    pub fn call(&self) -> String {
        if self.group.is_empty() { format!("{} {}", self.verb, self.resource) } else { format!("{} {} of {}", self.verb, self.resource, self.group) }
    }

    /// Whether a role may be offered at all: an app that may not read secrets or change rights may be refused on purpose. And a
    /// line is written by anybody, so what is offered reads only, or takes part in an election of leaders, and stays in the
    /// account's own namespace or the cluster's own objects; never a way into a pod.
    #[must_use]
    pub fn may_be_offered(&self) -> bool {
        let reads = matches!(self.verb.as_str(), "get" | "list" | "watch");
        let elects =
            matches!(self.verb.as_str(), "create" | "update" | "patch") && matches!(self.resource.as_str(), "leases" | "events") && self.namespace.is_some();
        let at_home = self.namespace.as_ref().is_none_or(|namespace| *namespace == self.account_namespace);
        self.group != "rbac.authorization.k8s.io" && !self.resource.contains('/') && self.resource != "secrets" && at_home && (reads || elects)
    }

    /// A role and its binding as YAML, for an administrator to apply; only for an account of the app's own namespace.
    #[must_use]
    pub fn role(&self, app: &WorkloadName, namespace: &Namespace) -> Option<String> {
        if self.account_namespace != *namespace || !self.may_be_offered() {
            return None;
        }
        let name: String = format!("{app}-{}-{}", self.verb, self.resource.replace(['/', '.'], "-")).chars().take(63).collect();
        let name = name.trim_end_matches(['-', '.']);
        let (kind, binding) = if self.namespace.is_some() { ("Role", "RoleBinding") } else { ("ClusterRole", "ClusterRoleBinding") };
        // Cluster-wide names are shared with everybody, so they name the namespace too.
        let name = if self.namespace.is_some() { name.to_owned() } else { format!("{namespace}-{name}") };
        let place = self.namespace.as_ref().map_or_else(String::new, |n| format!(", namespace: \"{n}\""));
        Some(format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: {name}{place}}}\nrules:\n- apiGroups: [\"{}\"]\n  resources: [\"{}\"]\n  verbs: [\"{}\"]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {binding}\nmetadata: {{name: {name}{place}}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {kind}, name: {name}}}\nsubjects:\n- {{kind: ServiceAccount, name: \"{}\", namespace: \"{}\"}}\n",
            self.group, self.resource, self.verb, self.account, self.account_namespace
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = r#"E1121 05:04:03.1 1 reflector.go:1] failed to list *v1.Pod: pods is forbidden: User "system:serviceaccount:web:default" cannot list resource "pods" in API group "" in the namespace "web""#;

    fn names(namespace: &str) -> (WorkloadName, Namespace) {
        (WorkloadName::parse("shop").unwrap(), Namespace::parse(namespace).unwrap())
    }

    #[test]
    fn a_refused_call_becomes_a_role_for_the_account_of_the_app() {
        let found = Forbidden::find(LINE).unwrap();
        assert_eq!(found.call(), "list pods");
        let (app, web) = names("web");
        let role = found.role(&app, &web).unwrap();
        assert!(role.contains("kind: Role\nmetadata: {name: shop-list-pods, namespace: \"web\"}"), "{role}");
        assert!(role.contains("- {kind: ServiceAccount, name: \"default\", namespace: \"web\"}"), "{role}");
        assert_eq!(found.role(&app, &names("data").1), None, "an account of another namespace");
    }

    #[test]
    fn a_call_in_the_whole_cluster_needs_a_cluster_role() {
        let line = r#"leases.coordination.k8s.io "x" is forbidden: User \"system:serviceaccount:web:shop\" cannot get resource \"leases\" in API group \"coordination.k8s.io\" at the cluster scope"#;
        let found = Forbidden::find(line).unwrap();
        assert_eq!(found.call(), "get leases of coordination.k8s.io");
        let (app, web) = names("web");
        assert!(found.role(&app, &web).unwrap().contains("kind: ClusterRole\nmetadata: {name: web-shop-get-leases}\n"));
    }

    #[test]
    fn rights_secrets_and_strange_names_are_not_offered() {
        let (app, web) = names("web");
        let secrets = Forbidden::find(&LINE.replace("pods\"", "secrets\"")).unwrap();
        assert_eq!(secrets.role(&app, &web), None);
        for (from, to) in [
            ("list resource", "* resource"),
            ("list resource", "impersonate resource"),
            ("\"pods\"", "\"*\""),
            ("\"pods\"", "\"po]ds\""),
            (":default", ":de fault"),
            (":default", ":-"),
            ("\"pods\"", "\"pods/\""),
        ] {
            assert_eq!(Forbidden::find(&LINE.replace(from, to)), None, "{to}");
        }
        assert_eq!(Forbidden::find("403 Forbidden"), None);
    }

    #[test]
    fn a_line_cannot_ask_for_a_way_into_pods_for_changes_or_for_another_namespace() {
        let (app, web) = names("web");
        for (from, to) in [
            ("\"pods\"", "\"pods/exec\""),
            ("list resource", "delete resource"),
            ("list resource", "create resource"),
            ("\"pods\"", "\"pods/proxy\""),
            ("namespace \"web\"", "namespace \"payments\""),
        ] {
            let found = Forbidden::find(&LINE.replace(from, to)).unwrap();
            assert_eq!((found.may_be_offered(), found.role(&app, &web)), (false, None), "{to}");
        }
        let elects = Forbidden::find(&LINE.replace("list resource \"pods\"", "update resource \"leases\"")).unwrap();
        assert!(elects.role(&app, &web).is_some());
    }

    proptest! {
        #[test]
        fn no_line_puts_more_than_names_into_a_role(text in "\\PC{0,20}|[a-z0-9.-]{1,8}", place in 0_usize..5) {
            let part = ["default", "list", "\"pods\"", "group \"\"", "\"web\""][place];
            if let Some(role) = Forbidden::find(&LINE.replace(part, &text)).and_then(|f| f.role(&names("web").0, &names("web").1)) {
                prop_assert_eq!(role.lines().count(), 14);
            }
        }
    }
}
