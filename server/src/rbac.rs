//! The rights that the portal needs in the cluster, as manifests.

use std::fmt::Write as _;

/// API group, resources, verbs, why. What the portal does and nothing else: the tests of the portal as a pod compare it
/// with what the API server's audit log has of it.
const RULES: &[(&str, &[&str], &[&str], &str)] = &[
    ("apps", &["deployments", "statefulsets", "daemonsets"], READ, "apps"),
    ("apps", &["replicasets"], FOLLOW, "revisions of deployments"),
    ("apps", &["controllerrevisions"], &["list"], "revisions of stateful sets and daemon sets"),
    ("batch", &["jobs", "cronjobs"], READ, "jobs"),
    ("", &["services"], READ, "endpoints of an app"),
    ("networking.k8s.io", &["ingresses"], READ, "public endpoints"),
    ("", &["pods", "events", "persistentvolumeclaims"], FOLLOW, "what belongs to an app"),
    ("", &["pods"], &["get", "delete"], "pods that no workload owns"),
    ("autoscaling", &["horizontalpodautoscalers"], FOLLOW, "what scales an app"),
    ("networking.k8s.io", &["networkpolicies"], FOLLOW, "what restricts its connections"),
    ("discovery.k8s.io", &["endpointslices"], FOLLOW, "pods behind a service"),
    ("", &["configmaps"], &["get", "list"], "references of a new app"),
    ("", &["resourcequotas"], &["list"], "whether a new app fits"),
    ("", &["pods/log"], &["get"], "logs"),
    ("metrics.k8s.io", &["pods"], &["list"], "CPU and memory"),
    ("", &["secrets"], &["get", "list", "create", "patch", "delete"], "secrets; their values are never shown"),
    ("apps", &["deployments"], &["create", "update"], "create, roll back"),
    ("apps", &["deployments", "statefulsets", "daemonsets"], &["patch", "delete"], "restart, pause, roll back, delete"),
    ("apps", &["deployments/scale", "statefulsets/scale"], &["patch"], "scale"),
    ("batch", &["jobs", "cronjobs"], &["patch", "delete"], "suspend, delete"),
    ("", &["services"], &["create", "patch", "delete"], "the service of a new app"),
    ("networking.k8s.io", &["ingresses"], &["create", "patch", "delete"], "the ingress of a new app"),
    ("", &["pods"], &["create"], "dry runs that check quotas; no pod is created"),
];

const READ: &[&str] = &["get", "list", "watch"];
const FOLLOW: &[&str] = &["list", "watch"];

type Rule<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a str);

fn rules(extra: &[Rule<'_>]) -> String {
    let all: Vec<_> = RULES.iter().chain(extra).copied().collect();
    written(&all)
}

fn written(rules: &[Rule<'_>]) -> String {
    let list = |items: &[&str]| items.iter().map(|i| format!("\"{i}\"")).collect::<Vec<_>>().join(", ");
    let mut out = String::from("rules:\n");
    for (group, resources, verbs, why) in rules {
        let _ = writeln!(out, "  - apiGroups: [\"{group}\"] # {why}\n    resources: [{}]\n    verbs: [{}]", list(resources), list(verbs));
    }
    out
}

/// Kinds of the whole cluster that a remark may need.
const CLUSTER_KINDS: Rule<'_> = ("networking.k8s.io", &["ingressclasses"], &["list"], "check the class of an ingress");

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
    let discover: &[Rule<'_>] = &[("", &["namespaces"], FOLLOW, "discover namespaces"), CLUSTER_KINDS];
    bound_to_cluster("quayside", &rules(discover), own, account)
}

/// ClusterRole and ClusterRoleBinding for a portal of listed namespaces that may also read kinds of the whole cluster
/// (`QUAYSIDE_CLUSTER_SCOPED`). It is optional: without it these are not remarked.
#[must_use]
pub fn cluster_kinds(own: &str, account: &str) -> String {
    bound_to_cluster("quayside-cluster-kinds", &written(&[CLUSTER_KINDS]), own, account)
}

fn bound_to_cluster(name: &str, rules: &str, own: &str, account: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}\n{rules}---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: {name}\n\
         roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: {name}\n\
         subjects:\n  - kind: ServiceAccount\n    name: {account}\n    namespace: {own}\n"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn manifests_hold_the_printed_rights() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
        let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
        let role = super::namespaced("team-a", "quayside", "quayside");
        assert_eq!(read("namespace.yaml").split_once("---\n").unwrap().1, role, "quayside rbac --namespace team-a");
        assert!(read("namespaced.yaml").ends_with(&role));
        assert!(read("cluster-kinds.yaml").ends_with(&super::cluster_kinds("quayside", "quayside")), "quayside rbac --cluster-kinds");
        assert!(read("cluster-wide.yaml").ends_with(&super::cluster_wide("quayside", "quayside")), "quayside rbac");
    }
}
