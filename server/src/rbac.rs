//! The rights that the portal needs in the cluster, as manifests.

use std::fmt::Write as _;

/// API group, resources, verbs, why.
const RULES: &[(&str, &[&str], &[&str], &str)] = &[
    ("apps", &["deployments", "statefulsets", "daemonsets", "replicasets", "controllerrevisions"], READ, "apps and their revisions"),
    ("batch", &["jobs", "cronjobs"], READ, "jobs"),
    ("", &["pods", "services", "events", "configmaps", "persistentvolumeclaims", "endpoints"], READ, "what belongs to an app"),
    ("discovery.k8s.io", &["endpointslices"], READ, "what is behind a service"),
    ("networking.k8s.io", &["ingresses"], READ, "how an app is reached"),
    ("autoscaling", &["horizontalpodautoscalers"], READ, "who else sets the replicas"),
    ("", &["pods/log"], &["get"], "logs"),
    ("", &["resourcequotas", "limitranges"], READ, "why a pod is refused"),
    ("metrics.k8s.io", &["pods"], &["get", "list"], "CPU and memory"),
    ("", &["secrets"], &["get", "list", "watch", "create", "update", "patch", "delete"], "secrets; values are never shown"),
    ("apps", &["deployments", "statefulsets", "daemonsets"], &["create", "update", "patch", "delete"], "create, restart, roll back, delete"),
    ("apps", &["deployments/scale", "statefulsets/scale"], &["get", "update", "patch"], "scale"),
    ("batch", &["jobs", "cronjobs"], &["create", "update", "patch", "delete"], "suspend, delete"),
    ("", &["services"], &["create", "update", "patch", "delete"], "the service of a new app"),
    ("networking.k8s.io", &["ingresses"], &["create", "update", "patch", "delete"], "the ingress of a new app"),
];

const READ: &[&str] = &["get", "list", "watch"];

fn rules(extra: &[(&str, &[&str], &[&str], &str)]) -> String {
    let list = |items: &[&str]| items.iter().map(|i| format!("\"{i}\"")).collect::<Vec<_>>().join(", ");
    let mut out = String::from("rules:\n");
    for (group, resources, verbs, why) in RULES.iter().chain(extra) {
        let _ = writeln!(out, "  - apiGroups: [\"{group}\"] # {why}\n    resources: [{}]\n    verbs: [{}]", list(resources), list(verbs));
    }
    out
}

/// Role and RoleBinding for one namespace; `own/account` is the portal's service account.
#[must_use]
pub fn namespaced(namespace: &str, own: &str, account: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: quayside\n  namespace: {namespace}\n{}---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: quayside\n  namespace: {namespace}\n\
         roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: quayside\n\
         subjects:\n  - kind: ServiceAccount\n    name: {account}\n    namespace: {own}\n",
        rules(&[])
    )
}

/// ClusterRole and ClusterRoleBinding for all namespaces, which then are discovered.
#[must_use]
pub fn cluster_wide(own: &str, account: &str) -> String {
    let discover: &[(&str, &[&str], &[&str], &str)] = &[("", &["namespaces"], READ, "discover namespaces"), ("", &["nodes"], READ, "why no node takes a pod")];
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: quayside\n{}---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: quayside\n\
         roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: quayside\n\
         subjects:\n  - kind: ServiceAccount\n    name: {account}\n    namespace: {own}\n",
        rules(discover)
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn manifests_hold_the_printed_rights() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |name: &str| std::fs::read_to_string(root.join("deploy").join(name)).unwrap();
        assert!(read("namespaced.yaml").contains(&super::namespaced("team-a", "quayside", "quayside")));
        assert!(read("cluster-wide.yaml").contains(&super::cluster_wide("quayside", "quayside")));
    }
}
