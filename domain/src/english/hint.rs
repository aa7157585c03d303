//! What to do about an error line.

use super::text::clip;
use crate::log::Hint;

/// The remedy for what a line says; nothing where its words are of its program alone.
pub(crate) fn remedy(line: &str) -> String {
    Hint::of(line).as_ref().map(words).unwrap_or_default()
}

/// The same for a line of an app that works. Whoever sends it requests can choose what it logs, so nothing that widens is advised.
pub(crate) fn remedy_while_running(line: &str) -> String {
    Hint::of(line).filter(|hint| !hint.widens()).as_ref().map(words).unwrap_or_default()
}

fn words(hint: &Hint) -> String {
    let say = match hint {
        Hint::ReadOnlyDisk => "It writes to a read-only file system. Mount a writable volume there, such as an emptyDir.",
        Hint::LowPort => "Only root can open ports below 1024. Use a higher port, or add the NET_BIND_SERVICE capability.",
        Hint::PortTaken => "Another process already uses that port. Containers in a pod share their ports.",
        Hint::AddressElsewhere => "It listens on an address that isn't the pod's. If others are to reach it, let it listen on 0.0.0.0 or ::.",
        Hint::FileWatches => {
            "The node can't watch more files. Turn off file watching. If the app needs it, ask an administrator to raise the node's fs.inotify limits."
        }
        Hint::OpenFiles => "It has too many files or connections open. Look for a leak. If there is none, raise its limit on open files.",
        Hint::Threads => {
            "It can't start more threads. Look for a leak, or use fewer. If it needs them all, ask an administrator to raise the limit on process IDs per pod."
        }
        Hint::DiskFull => "Free space on that disk, or enlarge the volume.",
        Hint::HostUnknown => "Check the name and namespace of the service it calls, and that the cluster's DNS is reachable.",
        Hint::Certificate => {
            "Check that it connects to the right host. Renew the other side's certificate if it has expired, or let the app trust its authority if that's your own."
        }
        Hint::Refused => "Check that what it connects to is running, and that the host and port are right.",
        Hint::TimedOut => "Check that what it connects to is running and reachable.",
        Hint::SignIn => "Check the username and password it uses.",
        Hint::Connections => "Use smaller connection pools or fewer replicas. If the server has room for more, raise its limit on connections.",
        Hint::NotLetIn => "Check that this host, user, and database are meant to connect; if so, allow them in the server's access rules.",
        Hint::NoToken => "The pod has no token of its service account. Set automountServiceAccountToken: true if it needs the Kubernetes API.",
        Hint::DataNotEmpty => "Check what is in its data directory first. If that's only lost+found, point the data directory at a subdirectory of the volume.",
        Hint::DataOfOther => "Another version wrote the data. Use the image of that version. If you migrate the data instead, back it up first.",
        Hint::LibcTooOld => "The program needs a newer C library than the image has. Build it on the same base image, or use a newer one.",
        Hint::TableMissing => "Run the database migrations.",
        Hint::DatabaseMissing => "Create that database, or correct its name.",
        Hint::HeapFull => "Raise the program's heap size, and the memory limit with it.",
        Hint::VariableMissing(name) => return format!("Set env {}.", clip(name, 60)),
        Hint::ModuleMissing => "Add what is missing to the image.",
        Hint::ArgumentUnknown => "Correct its arguments.",
        Hint::InterpreterMissing => "The image lacks that file's interpreter or loader. Check its first line, its line endings, and the libc it was built for.",
        Hint::NotExecutable => "Make the file executable in the image (chmod +x).",
        Hint::FileMissing => "Check the path, and that the image or a volume has the file.",
        Hint::NotPermitted => "Check the user it runs as (runAsUser, fsGroup), its capabilities, and the file's permissions.",
    };
    say.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_rights_are_widened_on_a_condition() {
        for hint in [
            Hint::AddressElsewhere,
            Hint::FileWatches,
            Hint::OpenFiles,
            Hint::Threads,
            Hint::Certificate,
            Hint::Connections,
            Hint::NotLetIn,
            Hint::NoToken,
            Hint::DataNotEmpty,
            Hint::DataOfOther,
        ] {
            let told = words(&hint);
            assert!(hint.widens() && (told.contains("If ") || told.contains(" if ")), "{told}");
        }
    }

    #[test]
    fn another_data_directory_is_advised_only_where_nothing_is_left_behind() {
        let told = remedy("initdb: error: directory \"/var/lib/postgresql/data\" exists but is not empty");
        assert_eq!(told, "Check what is in its data directory first. If that's only lost+found, point the data directory at a subdirectory of the volume.");
    }
}
