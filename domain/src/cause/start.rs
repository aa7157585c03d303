//! Containers that cannot be made or started.

use serde::{Deserialize, Serialize};

/// Why a container cannot be made or started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartWhy {
    /// A whole volume is mounted where the image has a file.
    MountOverFile {
        /// The path in the container.
        path: String,
        /// The volume's name in the pod.
        volume: String,
    },
    /// A directory is mounted over a file or a file over a directory.
    MountMixed {
        /// The path in the container.
        path: String,
    },
    /// A mount has no place to stand, because that lies within something that is read-only.
    MountPointReadOnly {
        /// The path in the container.
        path: String,
    },
    /// The part of a volume that is asked for cannot be prepared.
    SubPath {
        /// The volume's name in the pod.
        volume: String,
    },
    /// The command is a directory.
    CommandIsDirectory {
        /// The path that should be a program.
        command: String,
    },
    /// It may not run as root, and its own settings say that it does.
    UserIsRoot,
    /// The image has no such user.
    UserUnknown {
        /// The user, where it is told.
        user: Option<String>,
    },
    /// Its working directory cannot be entered.
    WorkDir {
        /// The directory's path in the container.
        path: String,
        /// It is there, and the user may not enter it.
        denied: bool,
    },
    /// The node lacks a security profile.
    ProfileMissing {
        /// Which part of the kernel would read it.
        kind: ProfileKind,
        /// The profile's name, without its folder.
        profile: String,
    },
    /// The node's disk is full.
    DiskFull,
    /// The node is slow: an attempt that it made before is not over, or this one took too long.
    NodeSlow,
}

/// A kind of security profile that a node has on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// Which system calls a container may make.
    Seccomp,
    /// What a program may read, write and execute.
    AppArmor,
}
