//! Containers that cannot be made or started.

use super::ProbeKind;
use crate::{Bytes, UnixMs};
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
    /// It may not run as root, and its image does.
    ImageIsRoot {
        /// The image as the pod names it.
        image: String,
    },
    /// It may not run as root, and its image names a user, which may be root.
    UserNotNumeric {
        /// The user, where it is told.
        user: Option<String>,
    },
    /// Neither the template nor the image has a command.
    NoCommand,
    /// The command is not in the image.
    CommandMissing {
        /// The command.
        command: String,
    },
    /// The command may not be executed.
    CommandDenied {
        /// The command.
        command: String,
    },
    /// Its program is for another processor.
    WrongArchitecture,
    /// Its memory limit is too small to start at all.
    MemoryTooSmall {
        /// The limit, where the template tells it.
        limit: Option<Bytes>,
    },
    /// The kubelet cannot describe it to the runtime.
    Configuration {
        /// The kubelet's words.
        said: String,
    },
    /// The runtime cannot make it.
    Creation {
        /// The runtime's words.
        said: String,
    },
    /// The runtime cannot start it.
    Runtime {
        /// The runtime's words.
        said: String,
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

/// How far a pod has come that starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartStage {
    /// The scheduler has not looked at it.
    Scheduling {
        /// Since when it waits.
        since: UnixMs,
    },
    /// Scheduling gates hold it back.
    Gated {
        /// The gates, where they are told.
        gates: Vec<String>,
    },
    /// Its node pulls an image.
    Pulling {
        /// Since when.
        since: UnixMs,
        /// That is longer than the largest images take.
        slow: bool,
    },
    /// Its containers are ready, and it is not.
    Unmarked {
        /// Readiness gates that are not set; none where it is not them that are missing. Empty where nothing tells which.
        gates: Option<Vec<String>>,
        /// It has been there for long.
        late: bool,
    },
    /// Nothing more is known.
    Begun {
        /// Since when it is there.
        since: UnixMs,
        /// That is long.
        late: bool,
    },
}

/// A probe and what it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedProbe {
    /// Which of the container's probes.
    pub kind: ProbeKind,
    /// What it asks: `GET /healthy on 8080`; empty where that is not known.
    pub what: String,
}
