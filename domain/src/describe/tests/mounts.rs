//! Volumes that cannot be attached or mounted, with the texts of the kubelet, of `mount` and of the attach-detach controller.

use super::*;

fn fails(reason: &str, message: &str) -> AppFacts {
    let mut facts = app(1, vec![waiting("aaaaa", "ContainerCreating", "")]);
    facts.events = vec![event("Pod", "shop-new-aaaaa", reason, message)];
    facts
}

/// What `mount` said, as the kubelet repeats it.
fn mounting(fs: &str, output: &str) -> AppFacts {
    fails(
        "FailedMount",
        &format!(
            "MountVolume.SetUp failed for volume \"data\" : mount failed: exit status 32 Mounting command: mount Mounting arguments: -t {fs} 10.0.0.9:/srv /var/lib/kubelet/pods/u/volumes/kubernetes.io~nfs/data Output: {output}"
        ),
    )
}

#[test]
fn a_volume_that_another_pod_uses_names_it_and_the_rollout_that_waits_for_itself() {
    let text = "Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) shop-old-bbbbb";
    let other = fails("FailedAttachVolume", text);
    says(
        &other,
        Word::Failing,
        "volume in use elsewhere",
        "Pod aaaaa is waiting: its volume is still used by pod shop-old-bbbbb on another node. Run it on the same node, or use a volume that several nodes can mount.",
    );
    let before = Pod { name: "shop-old-bbbbb".into(), owner: Some("shop-old".into()), ..old(ready("bbbbb")) };
    let rolls = AppFacts { events: other.events, ..app(1, vec![waiting("aaaaa", "ContainerCreating", ""), before]) };
    says(&rolls, Word::Degraded, "volume in use elsewhere", "still used by pod shop-old-bbbbb on another node.");
    assert!(told(&rolls).2.contains("Set the update strategy to Recreate") && !told(&rolls).2.contains("delete"), "{}", told(&rolls).2);
    let unnamed = "Multi-Attach error for volume \"pvc-1\" Volume is already exclusively attached to one node and can't be attached to another";
    says(
        &fails("FailedAttachVolume", unnamed),
        Word::Failing,
        "volume in use elsewhere",
        "its volume is still attached to another node. It is detached when no pod on that node uses it any more. If that node is down, ask an administrator to remove it.",
    );
}

#[test]
fn only_an_old_pod_of_the_app_itself_is_to_be_deleted_for_its_volume() {
    let named = |names: &str, pod: Pod| {
        let mut facts = app(1, vec![waiting("aaaaa", "ContainerCreating", ""), pod]);
        let text = format!("Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) {names}");
        facts.events = vec![event("Pod", "shop-new-aaaaa", "FailedAttachVolume", &text)];
        let advice = mount(&facts.pods[0], &facts);
        (advice.contains("delete"), advice.contains("Recreate"), advice.contains("Run it on the same node"))
    };
    let going = || Pod { deleting: Some(ago(MIN)), ..old(ready("bbbbb")) };
    assert_eq!(named("shop-new-bbbbb", going()), (true, false, false));
    assert_eq!(named("shop-new-bbbbb", old(ready("bbbbb"))), (false, true, false));
    assert_eq!(named("shop-new-bbbbb", ready("bbbbb")), (false, false, true), "it is as new");
    assert_eq!(named("shop-new-bbbbb, ledger-0", going()), (false, false, true), "another app's pod");
    assert_eq!(named("ledger-0", old(ready("bbbbb"))), (false, false, true));
    assert_eq!(named("shop-new-bbbbb, c and 1 pod(s) in different namespaces", going()), (false, false, true));
}

/// What is advised to a pod that waits for its volume.
fn mount(pod: &Pod, facts: &AppFacts) -> String {
    let trouble = crate::describe::config::mount(pod, facts, NOW).unwrap();
    crate::english::cause(&trouble.cause, NOW).advice
}

#[test]
fn what_a_file_server_answers_is_told_by_its_kind() {
    says(
        &mounting("nfs", "mount.nfs: access denied by server while mounting 10.0.0.9:/srv"),
        Word::Failing,
        "volume access denied",
        "the server of volume data doesn't let the node mount 10.0.0.9:/srv. Check the path. If it's right, allow the nodes' addresses",
    );
    says(
        &mounting("nfs", "mount.nfs: mounting 10.0.0.9:/srv failed, reason given by server: No such file or directory"),
        Word::Failing,
        "volume path is missing",
        "the server of volume data has no such path.",
    );
    says(
        &mounting("ext4", "fsck found errors on device /dev/sdb but could not correct them"),
        Word::Failing,
        "volume is damaged",
        "Ask an administrator to repair it. Only if that fails, restore the volume from a backup.",
    );
    says(&mounting("nfs", "mount.nfs: Connection timed out"), Word::Failing, "volume server is silent", "the server of volume data doesn't respond.");
    says(
        &mounting("nfs", "mount.nfs: Connection refused"),
        Word::Failing,
        "volume server refuses",
        "the server of volume data refuses the connection. Check that its file service is running.",
    );
    says(
        &mounting(
            "nfs",
            "mount: /var/lib/kubelet/pods/u/volumes/kubernetes.io~nfs/data: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.",
        ),
        Word::Failing,
        "node can't mount nfs",
        "its node has no program to mount volume data (nfs). Ask an administrator to install the nfs client on the nodes.",
    );
    says(
        &mounting(
            "nfs",
            "mount: wrong fs type, bad option, bad superblock on 10.0.0.9:/srv,\n       missing codepage or helper program, or other error\n       (for several filesystems (e.g. nfs, cifs) you might\n       need a /sbin/mount.<type> helper program)",
        ),
        Word::Failing,
        "node can't mount nfs",
        "its node has no program to mount volume data (nfs).",
    );
    says(
        &fails("FailedMount", "MountVolume.SetUp failed for volume \"data\" : you might need a /sbin/mount.<type> helper program."),
        Word::Failing,
        "node can't mount volume",
        "its node has no program to mount volume data. Ask an administrator to install a program for this file system on the nodes.",
    );
    let other = mounting("nfs", "mount.nfs: requested NFS version or transport protocol is not supported");
    says(&other, Word::Failing, "volume not mounted", "for a volume (5 attempts): mount.nfs: requested NFS version or transport protocol is not supported.");
}

#[test]
fn a_disk_that_the_kernel_does_not_mount_is_no_missing_program_and_not_damaged_for_sure() {
    let device = "mount: /var/lib/kubelet/plugins/kubernetes.io/csi/ebs.csi.aws.com/5c/globalmount: wrong fs type, bad option, bad superblock on /dev/nvme1n1, missing codepage or helper program, or other error.";
    says(
        &mounting("ext4", device),
        Word::Failing,
        "volume can't be mounted",
        "Pod aaaaa is waiting: volume data can't be mounted: its file system, a mount option or the disk is wrong. Check fsType and mountOptions of its storage class; if they're right, ask an administrator to check the disk.",
    );
    says(
        &mounting("xfs", "mount: /srv: mount(2) system call failed: Structure needs cleaning."),
        Word::Failing,
        "volume is damaged",
        "the file system of volume data is damaged and can't be mounted.",
    );
    says(
        &mounting("auto", "mount: /srv: unknown filesystem type 'btrfs'."),
        Word::Failing,
        "node can't mount btrfs",
        "its node has no program to mount volume data (btrfs).",
    );
}

#[test]
fn drivers_tokens_and_paths_of_the_node_are_named() {
    says(
        &fails(
            "FailedMount",
            "MountVolume.MountDevice failed for volume \"pvc-1\" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ebs.csi.aws.com not found in the list of registered CSI drivers",
        ),
        Word::Failing,
        "storage driver missing",
        "storage driver ebs.csi.aws.com of volume pvc-1 isn't running on its node.",
    );
    says(
        &fails(
            "FailedAttachVolume",
            "AttachVolume.Attach failed for volume \"pvc-1\" : timed out waiting for external-attacher of ebs.csi.aws.com CSI driver to attach volume vol-0a",
        ),
        Word::Failing,
        "volume not attached",
        "storage driver ebs.csi.aws.com hasn't attached volume pvc-1 to its node in time.",
    );
    says(
        &fails("FailedMount", "MountVolume.SetUp failed for volume \"kube-api-access-x2c8r\" : failed to fetch token: serviceaccounts \"shop\" not found"),
        Word::Failing,
        "no token",
        "its node gets no token for service account shop, which doesn't exist. Create the service account",
    );
    says(
        &fails(
            "FailedMount",
            "MountVolume.SetUp failed for volume \"kube-api-access-x2c8r\" : failed to fetch token: serviceaccounts \"shop\" is forbidden: User \"system:node:node-1\" cannot create resource \"serviceaccounts/token\" in API group \"\" in the namespace \"web\": no relationship found between node 'node-1' and this object",
        ),
        Word::Failing,
        "no token",
        "its node isn't allowed to get a token for service account shop. It tries again by itself. If it lasts, ask an administrator",
    );
    says(
        &fails("FailedMount", "MountVolume.SetUp failed for volume \"docker\" : hostPath type check failed: /var/run/docker.sock is not a socket file"),
        Word::Failing,
        "host path doesn't fit",
        "/var/run/docker.sock on its node isn't a socket file, as hostPath volume docker requires.",
    );
}

#[test]
fn a_cache_of_the_kubelet_that_has_not_caught_up_is_no_failure() {
    let mut facts = fails("FailedMount", "MountVolume.SetUp failed for volume \"settings\" : object \"web\"/\"settings\" not registered");
    Arc::make_mut(&mut facts.events[0]).count = 1;
    assert!(!told(&facts).2.contains("not registered"), "{}", told(&facts).2);
    Arc::make_mut(&mut facts.events[0]).count = 9;
    assert!(told(&facts).2.contains("not registered"), "{}", told(&facts).2);
}
