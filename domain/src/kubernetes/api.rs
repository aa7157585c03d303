//! What kind of answer of the API server it is, where it is no success.

/// What the API server refuses with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiRefusal {
    /// It does not know who asks.
    Credentials,
    /// No rule gives the right to do this. A quota or an admission rule answers 403 too, and is none of these.
    Rbac,
    /// The namespace is missing.
    NamespaceMissing,
    /// The object, or the resource, is missing.
    Missing,
    /// There is an object of that name.
    Exists,
    /// The object is not any more what was expected of it.
    Changed,
    /// The version from which a watch or a list should go on is too old.
    Expired,
    /// The secret or config map is marked as immutable.
    Immutable,
    /// Another reason, of which only its text tells.
    Said,
    /// It is in trouble itself, or what stands before it is.
    Away,
}

/// Reads an answer by its HTTP status, the `reason` and the whole `message` of its `Status`, and the `kind` in its details, as
/// far as it has them.
#[must_use]
pub fn refusal(status: u16, reason: &str, text: &str, kind: Option<&str>) -> ApiRefusal {
    match status {
        401 => ApiRefusal::Credentials,
        403 if is_rbac(text) => ApiRefusal::Rbac,
        404 if kind == Some("namespaces") => ApiRefusal::NamespaceMissing,
        404 => ApiRefusal::Missing,
        409 if reason == "AlreadyExists" => ApiRefusal::Exists,
        409 => ApiRefusal::Changed,
        410 => ApiRefusal::Expired,
        422 if text.contains(IMMUTABLE) => ApiRefusal::Immutable,
        400..=499 => ApiRefusal::Said,
        _ => ApiRefusal::Away,
    }
}

/// `ValidateSecretUpdate` and `ValidateConfigMapUpdate` in `pkg/apis/core/validation/validation.go`.
const IMMUTABLE: &str = "field is immutable when `immutable` is set";

/// `forbiddenMessage` in `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`.
fn is_rbac(text: &str) -> bool {
    text.contains(" cannot ") && text.contains("resource \"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_the_api_server_is_understood() {
        let answers = [
            // Recorded from 1.34.
            (
                403,
                "Forbidden",
                r#"deployments.apps "kpow" is forbidden: User "system:serviceaccount:portal:portal" cannot patch resource "deployments" in API group "apps" in the namespace "web""#,
                Some("deployments"),
                ApiRefusal::Rbac,
            ),
            // With the reason of the authorizer behind it, which the handler appends (1.29 to 1.34).
            (
                403,
                "Forbidden",
                r#"pods is forbidden: User "portal" cannot list resource "pods" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "quayside" not found"#,
                Some("pods"),
                ApiRefusal::Rbac,
            ),
            // plugin/pkg/admission/resourcequota.
            (
                403,
                "Forbidden",
                r#"pods "a" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4"#,
                Some("pods"),
                ApiRefusal::Said,
            ),
            (401, "Unauthorized", "Unauthorized", None, ApiRefusal::Credentials),
            (404, "NotFound", r#"namespaces "web" not found"#, Some("namespaces"), ApiRefusal::NamespaceMissing),
            (404, "NotFound", r#"secrets "registry" not found"#, Some("secrets"), ApiRefusal::Missing),
            (404, "NotFound", "the server could not find the requested resource", None, ApiRefusal::Missing),
            (409, "AlreadyExists", r#"secrets "registry" already exists"#, Some("secrets"), ApiRefusal::Exists),
            // staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go, OptimisticLockErrorMsg.
            (
                409,
                "Conflict",
                r#"Operation cannot be fulfilled on deployments.apps "shop": the object has been modified; please apply your changes to the latest version and try again"#,
                Some("deployments"),
                ApiRefusal::Changed,
            ),
            (410, "Expired", "too old resource version: 1 (2)", None, ApiRefusal::Expired),
            // A secret with `immutable: true`, whose data is patched.
            (
                422,
                "Invalid",
                "Secret \"frozen\" is invalid: data: Forbidden: field is immutable when `immutable` is set",
                Some("Secret"),
                ApiRefusal::Immutable,
            ),
            // pkg/apis/apps/validation: the selector of a deployment. It is no matter of the whole object.
            (
                422,
                "Invalid",
                r#"Deployment.apps "shop" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable"#,
                Some("deployments"),
                ApiRefusal::Said,
            ),
            (429, "TooManyRequests", "the server has received too many requests", None, ApiRefusal::Said),
            (503, "ServiceUnavailable", "etcdserver: leader changed", None, ApiRefusal::Away),
        ];
        for (status, reason, text, kind, told) in answers {
            assert_eq!(refusal(status, reason, text, kind), told, "{status} {text}");
        }
    }
}
