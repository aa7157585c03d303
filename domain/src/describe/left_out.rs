//! Objects that are not kept, or of which only the name is known.

use super::text::clip;
use crate::Bytes;
use crate::facts::{LeftOut, Limit, Unread, Workload};
use crate::status::{Status, Word};

/// Most characters of a name in these sentences.
const NAME: usize = 80;

fn size(bytes: Bytes) -> String {
    const KIB: u64 = 1024;
    if bytes.0.is_multiple_of(KIB * KIB) { format!("{} MiB", bytes.0 / KIB / KIB) } else { format!("{} KiB", bytes.0 / KIB) }
}

/// Which objects are not shown, and why.
pub(crate) fn sentence(left: &LeftOut) -> String {
    let (namespace, name) = (&left.namespace, clip(&left.such_as, NAME));
    let which = match left.count {
        1 => format!("The {} {name} in {namespace}", left.one),
        n => format!("{n} {} in {namespace}, such as {name},", left.many),
    };
    let (is, isnt, it) = if left.count == 1 { ("is", "isn't", "it") } else { ("are", "aren't", "them") };
    match left.limit {
        Limit::Object { most } => format!("{which} {is} too large to show: the portal reads at most {} per object.", size(most)),
        Limit::Namespace { most, of_all } => format!(
            "{which} {isnt} shown: the portal keeps at most {} of {} per namespace ({} of all objects). Delete what you no longer need, or raise QUAYSIDE_NAMESPACE_MEMORY to see {it}.",
            size(most),
            left.many,
            size(of_all)
        ),
    }
}

/// Says why nothing is known of a workload but its name; `None` where more is known.
pub(crate) fn status(workload: &Workload) -> Option<Status> {
    let kind = workload.id.kind.words();
    let (reason, sentence) = match workload.unread? {
        Unread::TooLarge { most } => (
            "too large to read",
            format!(
                "This {kind} is larger than the {} the portal reads per object, so only its name is known. Remove what makes it so large, such as long annotations or lists with thousands of entries.",
                size(most)
            ),
        ),
        Unread::NotReadable => ("can't be read", format!("The portal can't read this {kind}, so only its name is known. The portal's log names the fields.")),
    };
    Some(Status { word: Word::Unknown, code: None, reason: reason.into(), sentence, since: None, evidence: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Namespace;

    #[test]
    fn what_is_left_out_is_told_with_its_limit_and_a_way_out() {
        let told = |count, limit| {
            let namespace = Namespace::parse("team-a").unwrap();
            sentence(&LeftOut { one: "pod", many: "pods", namespace, count, such_as: "web-1".into(), limit })
        };
        let object = Limit::Object { most: Bytes(256 * 1024) };
        let namespace = Limit::Namespace { most: Bytes(7 * 1024 * 1024), of_all: Bytes(16 * 1024 * 1024) };
        assert_eq!(told(1, object), "The pod web-1 in team-a is too large to show: the portal reads at most 256 KiB per object.");
        assert_eq!(told(3, object), "3 pods in team-a, such as web-1, are too large to show: the portal reads at most 256 KiB per object.");
        assert_eq!(
            told(1204, namespace),
            "1204 pods in team-a, such as web-1, aren't shown: the portal keeps at most 7 MiB of pods per namespace (16 MiB of all objects). Delete what you no longer need, or raise QUAYSIDE_NAMESPACE_MEMORY to see them."
        );
    }
}
