//! Containers that cannot be made or started, with the texts of runc 1.1 to 1.3, containerd 1.7 to 2.1 and the kubelet.

use super::*;

const RUNC: &str =
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";

/// A container that runc could not start.
fn start_error(message: &str) -> AppFacts {
    app(1, vec![crashing("aaaaa", Ended { message: format!("{RUNC}{message}: unknown"), ..end(128, "StartError") })])
}

fn create_error(reason: &str, message: &str) -> AppFacts {
    app(1, vec![waiting("aaaaa", reason, message)])
}

#[test]
fn a_volume_over_a_file_and_a_mount_within_a_read_only_one_are_told() {
    let mount = |path: &str, rest: &str| {
        start_error(&format!(
            "error during container init: error mounting \"/var/lib/kubelet/pods/df57/volumes/kubernetes.io~configmap/settings\" to rootfs at \"{path}\": {rest}"
        ))
    };
    let over = mount(
        "/etc/nginx/nginx.conf",
        "mount src=/var/lib/kubelet/pods/df57/volumes/kubernetes.io~configmap/settings, dst=/etc/nginx/nginx.conf, dstFd=/proc/thread-self/fd/11, flags=MS_BIND|MS_REC: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type",
    );
    says(
        &over,
        Word::Failing,
        "mounted over a file",
        "Container main can't start: volume settings, a directory, is mounted at /etc/nginx/nginx.conf, where the image has a file. Restarted 4 times",
    );
    assert_eq!(status(&over, NOW).code.as_deref(), Some("cannot_start"));
    let within = mount(
        "/etc/app/conf.d",
        "create mountpoint for /etc/app/conf.d mount: make mountpoint \"/etc/app/conf.d\": mkdirat /run/containerd/io.containerd.runtime.v2.task/k8s.io/1f/rootfs/etc/app/conf.d: read-only file system",
    );
    says(&within, Word::Failing, "mount point is read-only", "mount point /etc/app/conf.d can't be created, because the directory above it is read-only.");
}

#[test]
fn a_file_over_a_directory_is_not_told_as_a_directory_over_a_file() {
    let socket = start_error(
        "error during container init: error mounting \"/var/run/docker.sock\" to rootfs at \"/var/run/docker.sock\": mount src=/var/run/docker.sock, dst=/var/run/docker.sock, dstFd=/proc/thread-self/fd/11, flags=MS_BIND|MS_REC: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type",
    );
    says(
        &socket,
        Word::Failing,
        "file and directory mixed",
        "Container main can't start: what is mounted at /var/run/docker.sock and what the image has there don't match: one is a directory, the other a file. Restarted 4 times",
    );
    assert!(told(&socket).2.ends_with("Mount a file over a file, and a directory over a directory."), "{}", told(&socket).2);
}

#[test]
fn what_the_runtime_says_of_a_start_is_told_by_its_kind() {
    says(&start_error("exec: \"/app\": is a directory"), Word::Failing, "command is a directory", "its command /app is a directory in the image.");
    says(
        &start_error("container init was OOM-killed (memory limit too low?)"),
        Word::Failing,
        "can't start",
        "its memory limit of 64 Mi may be too small even for that.",
    );
    says(
        &start_error("error during container init: write /proc/self/fd/6: no space left on device"),
        Word::Failing,
        "node disk is full",
        "Container main can't start: its node has no disk space left.",
    );
    for limit in ["mkdir /sys/fs/cgroup/memory/kubepods/pod1: no space left on device", "inotify_add_watch /etc/app: no space left on device"] {
        let quoted = format!("Container main can't start. The runtime says: unable to start container process: {limit}.");
        says(&start_error(limit), Word::Failing, "can't start", &quoted);
    }
}

#[test]
fn users_and_directories_that_the_image_lacks_are_named() {
    says(
        &start_error("chdir to cwd (\"/home/app\") set in config.json failed: permission denied"),
        Word::Failing,
        "bad working directory",
        "its working directory /home/app can't be entered by the user it runs as.",
    );
    says(
        &start_error("chdir to cwd (\"/srv/shop\") set in config.json failed: no such file or directory"),
        Word::Failing,
        "bad working directory",
        "its working directory /srv/shop isn't in the image.",
    );
    says(
        &create_error("CreateContainerError", "unable to find user shop: no matching entries in passwd file"),
        Word::Failing,
        "user not in the image",
        "Container main can't start: its image has no user shop. Add the user to the image",
    );
    says(
        &create_error(
            "CreateContainerError",
            "failed to create containerd container: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: no users found",
        ),
        Word::Failing,
        "user not in the image",
        "its image doesn't have the user that it should run as.",
    );
}

#[test]
fn what_the_kubelet_says_before_it_asks_the_runtime_is_told_by_its_kind() {
    says(
        &create_error("CreateContainerConfigError", "failed to prepare subPath for volumeMount \"data\" of container \"main\""),
        Word::Failing,
        "subPath fails",
        "its node can't prepare the subPath that it mounts from volume data.",
    );
    says(
        &create_error("CreateContainerConfigError", "container's runAsUser breaks non-root policy (pod: \"shop-new-aaaaa_web(u)\", container: main)"),
        Word::Failing,
        "runs as root",
        "must not run as root (runAsNonRoot), but its own runAsUser is 0. Set runAsUser to a number above 0. Only if the app can't run without root",
    );
    says(
        &create_error(
            "CreateContainerError",
            "failed to create containerd container: cannot load seccomp profile \"/var/lib/kubelet/seccomp/profiles/audit.json\": open /var/lib/kubelet/seccomp/profiles/audit.json: no such file or directory",
        ),
        Word::Failing,
        "no seccomp profile",
        "its node doesn't have seccomp profile profiles/audit.json. Correct the profile's name, or ask an administrator to put it on the nodes. If",
    );
    says(
        &create_error(
            "CreateContainerError",
            "failed to create containerd container: failed to generate apparmor spec opts: apparmor profile not found k8s-deny-write",
        ),
        Word::Failing,
        "no AppArmor profile",
        "its node doesn't have AppArmor profile k8s-deny-write.",
    );
}

#[test]
fn a_node_that_is_too_slow_to_make_a_container_tries_again() {
    for said in [
        "context deadline exceeded",
        "failed to reserve container name \"main_shop-new-aaaaa_web_u_0\": name \"main_shop-new-aaaaa_web_u_0\" is reserved for \"b3b9\"",
    ] {
        says(
            &create_error("CreateContainerError", said),
            Word::Progressing,
            "node is slow",
            "Its node couldn't create container main in time, and may still be busy with an earlier attempt. It tries again by itself.",
        );
    }
}

#[test]
fn an_init_container_that_is_killed_for_memory_is_named_as_one() {
    let mut pod = unready("aaaaa");
    let mut init = crashing("aaaaa", end(137, "OOMKilled")).containers.remove(0);
    (init.name, init.init) = ("migrate".into(), true);
    pod.containers[0].state = ContainerState::Waiting { reason: "PodInitializing".into(), message: String::new() };
    pod.containers.insert(0, init);
    pod.phase = "Pending".into();
    let facts = change(app(1, vec![pod]), |w| w.containers.insert(0, ContainerSpec { name: "migrate".into(), init: true, ..spec() }));
    says(
        &facts,
        Word::Failing,
        "killed at 64 Mi limit",
        "Init container migrate was killed at its 64 Mi memory limit after 12 min, 2 min ago (OOMKilled, exit 137)",
    );
}
