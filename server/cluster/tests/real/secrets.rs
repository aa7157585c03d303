//! Secrets.

use crate::common::in_space;
use domain::kubernetes::{Object, Refused, Resource};
use domain::secret::{SecretForm, SecretKind, SecretSpec, SecretText, SecretValue};
use domain::{KeyName, SecretName};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{ConfigMap, Pod, Secret};
use kube::api::PostParams;
use serde_json::json;
use service::ports::{ClusterError, ClusterSecrets};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_key_is_replaced_and_the_others_stay() {
    in_space("secret", |space| async move {
        let name = SecretName::parse("es").unwrap();
        let key = |k: &str| KeyName::parse(k).unwrap();
        let value = |v: &[u8]| SecretValue::from(v.to_vec());
        let data = [(key("user"), value(b"a")), (key("binary"), value(&[0, 255, 10]))].into();
        let spec = SecretSpec { namespace: space.ns.clone(), name: name.clone(), kind: SecretKind::Opaque, data };
        space.cluster.create_secret(&spec).await.unwrap();
        assert!(matches!(space.cluster.create_secret(&spec).await, Err(ClusterError::Exists(_))));
        let version = space.cluster.secret(&space.ns, &name).await.unwrap().resource_version;
        let changes = [(key("user"), Some(value(b"b"))), (key("new"), Some(value(b"")))].into();
        space.cluster.change_secret(&space.ns, &name, &changes, &version).await.unwrap();
        let late = space.cluster.change_secret(&space.ns, &name, &[(key("user"), None)].into(), &version).await;
        assert!(matches!(late, Err(ClusterError::Changed(_))), "somebody else was first");
        let stored = space.cluster.secret(&space.ns, &name).await.unwrap();
        let seen: Vec<_> = stored.data.iter().map(|(k, v)| (k.as_str(), v.expose())).collect();
        assert_eq!(seen, [("binary", [0, 255, 10].as_slice()), ("new", b""), ("user", b"b")]);
        assert_eq!((stored.kind.as_str(), stored.managed_by.as_deref(), stored.immutable), ("Opaque", None, false));
        space.cluster.change_secret(&space.ns, &name, &[(key("new"), None)].into(), &stored.resource_version).await.unwrap();
        assert_eq!(space.cluster.secret(&space.ns, &name).await.unwrap().data.len(), 2);

        let helm: Secret =
            serde_json::from_value(json!({"metadata": {"name": "sh.helm.release.v1.a.v1"}, "type": "helm.sh/release.v1", "stringData": {"release": "x"}}))
                .unwrap();
        space.api::<Secret>().create(&PostParams::default(), &helm).await.unwrap();
        let mut names = Vec::new();
        assert!(!space.cluster.secrets(&space.ns, &mut |s| names.push(s.name)).await.unwrap());
        assert_eq!(names, ["es"]);
        let keys = space.cluster.secret_keys(&space.ns).await.unwrap();
        assert_eq!(keys.items.iter().map(|k| (k.name.as_str(), k.keys.join(" "))).collect::<Vec<_>>(), [("es", "binary user".to_owned())]);
        space.cluster.delete_secret(&space.ns, &name).await.unwrap();
        let gone = space.cluster.secret(&space.ns, &name).await.err().map(|e| e.to_string());
        assert_eq!(gone, Some(format!("Secret es doesn't exist in {}.", space.ns)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn a_secret_that_cannot_change_says_so() {
    in_space("fixed", |space| async move {
        let fixed: Secret = serde_json::from_value(
            json!({"metadata": {"name": "fixed", "labels": {"app.kubernetes.io/managed-by": "Helm"}}, "immutable": true, "stringData": {"a": "x"}}),
        )
        .unwrap();
        space.api::<Secret>().create(&PostParams::default(), &fixed).await.unwrap();
        let name = SecretName::parse("fixed").unwrap();
        let stored = space.cluster.secret(&space.ns, &name).await.unwrap();
        assert_eq!((stored.immutable, stored.managed_by.as_deref()), (true, Some("Helm")));
        let value = SecretValue::from(b"canary-value".to_vec());
        let changes = [(KeyName::parse("a").unwrap(), Some(value))].into();
        let refused = space.cluster.change_secret(&space.ns, &name, &changes, &stored.resource_version).await.unwrap_err();
        assert_eq!(refused, ClusterError::Refused(Refused::Immutable(Object::of(Resource::Secrets, &space.ns, "fixed"))));
        let map: ConfigMap = serde_json::from_value(json!({"metadata": {"name": "app"}, "data": {"URL": "x"}, "binaryData": {"bin": "AA=="}})).unwrap();
        space.api::<ConfigMap>().create(&PostParams::default(), &map).await.unwrap();
        let maps = space.cluster.config_maps(&space.ns).await.unwrap();
        assert_eq!(maps.items.iter().map(|m| (m.name.as_str(), m.keys.join(" "))).collect::<Vec<_>>(), [("app", "URL bin".to_owned())]);
    })
    .await;
}

fn base64(bytes: &[u8]) -> String {
    serde_json::to_value(ByteString(bytes.to_vec())).unwrap().as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the cluster"]
async fn an_image_is_pulled_with_a_registry_secret_however_its_server_was_typed() {
    in_space("pull", |space| async move {
        let servers = ["registry.local:5000", "https://registry.local:5000/v2/", "registry.local:5000/v2", "http://registry.local:5000/"];
        for (n, server) in servers.into_iter().enumerate() {
            let form = SecretForm {
                name: format!("pull-{n}"),
                kind: SecretKind::DockerRegistry,
                entries: Vec::new(),
                server: server.to_owned(),
                username: "team".to_owned(),
                password: Some(SecretText::new("only-for-tests".to_owned())),
                email: String::new(),
                certificate: String::new(),
                private_key: None,
            };
            space.cluster.create_secret(&form.parse(space.ns.clone(), |_| None, base64).ok().unwrap()).await.unwrap();
            // Always: what another pod has pulled would be taken without asking the registry.
            let container = json!({"name": "main", "image": "registry.local:5000/apps/sample:1", "imagePullPolicy": "Always"});
            let spec = json!({"imagePullSecrets": [{"name": format!("pull-{n}")}], "terminationGracePeriodSeconds": 0, "containers": [container]});
            let pod: Pod = serde_json::from_value(json!({"metadata": {"name": format!("pull-{n}")}, "spec": spec})).unwrap();
            space.api::<Pod>().create(&PostParams::default(), &pod).await.unwrap();
        }
        for (n, server) in servers.into_iter().enumerate() {
            let runs = |pod: Option<&Pod>| pod.and_then(|p| p.status.as_ref()?.phase.as_deref()) == Some("Running");
            let name = format!("pull-{n}");
            let running = kube::runtime::wait::await_condition(space.api::<Pod>(), &name, runs);
            assert!(tokio::time::timeout(crate::common::DEADLINE, running).await.is_ok(), "with {server}");
        }
    })
    .await;
}
