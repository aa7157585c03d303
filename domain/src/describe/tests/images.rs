//! Images that nodes do not pull, with the texts of containerd 2.1, CRI-O 1.34 and the kubelet.

use super::*;

fn pull(reason: &str, message: &str) -> AppFacts {
    let mut pod = waiting("aaaaa", reason, message);
    pod.containers[0].image = "shop:2".into();
    app(1, vec![pod])
}

#[test]
fn what_only_some_runtimes_say_of_an_image_is_told() {
    says(
        &pull(
            "ErrImagePull",
            "short-name \"shop:2\" did not resolve to an alias and no unqualified-search registries are defined in \"/etc/containers/registries.conf\"",
        ),
        Word::Failing,
        "image without registry",
        "shop:2 names no registry, and node node-1 doesn't search any for such names. Write the registry's host in front of it, such as docker.io/library/shop:2.",
    );
    let several = |image: &str| {
        let mut facts = pull("ErrImagePull", &format!("short name mode is enforcing, but image name {image} returns ambiguous list"));
        Arc::make_mut(&mut facts.pods[0]).containers[0].image = image.into();
        told(&facts)
    };
    let (word, reason, sentence) = several("shop:2");
    assert_eq!((word, reason.as_str()), (Word::Failing, "image without registry"));
    assert_eq!(
        sentence,
        "Can't pull the image of container main: shop:2 names no registry, and node node-1 searches several, so it doesn't choose. Write the registry's host in front of it, such as docker.io/library/shop:2."
    );
    assert!(several("team/shop:2").2.ends_with("such as docker.io/team/shop:2."), "{}", several("team/shop:2").2);
    says(
        &pull(
            "ErrImagePull",
            "rpc error: code = Unknown desc = failed to pull and unpack image \"docker.io/library/shop:2\": not implemented: media type \"application/vnd.docker.distribution.manifest.v1+prettyjws\" is no longer supported since containerd v2.1, please rebuild the image as \"application/vnd.docker.distribution.manifest.v2+json\" or \"application/vnd.oci.image.manifest.v1+json\"",
        ),
        Word::Failing,
        "image format too old",
        "(schema 1), which node node-1 no longer supports. Rebuild it. If you can't, convert it with skopeo copy --format v2s2.",
    );
    says(&pull("ErrImagePull", "pull QPS exceeded"), Word::Progressing, "node pulls too often", "node node-1 has reached its own limit of pulls per second.");
}

#[test]
fn an_absent_image_that_may_not_be_pulled_is_told() {
    says(
        &pull("ErrImageNeverPull", "Container image \"shop:2\" is not present with pull policy of Never"),
        Word::Failing,
        "image not on the node",
        "shop:2 isn't on node node-1, and the pull policy is Never. Load the image onto the node, or set the pull policy to IfNotPresent.",
    );
}
