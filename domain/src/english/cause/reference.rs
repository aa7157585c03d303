//! Secrets, config maps and keys that are not there.

use super::subject;
use crate::cause::Who;
use crate::english::Words;
use crate::english::text::{REASON, and, clip};
use crate::facts::MissingReference;

/// What kind of object it is.
const fn kind(secret: bool) -> &'static str {
    if secret { "secret" } else { "config map" }
}

/// One reference that leads to nothing. `needs` is the key that an object that does not exist is asked for.
pub(super) fn one(who: &Who, missing: &MissingReference, needs: Option<&str>) -> Words {
    let (subject, what, name) = (subject(who), kind(missing.secret), clip(&missing.name, 80));
    let how = if missing.how.is_empty() { String::new() } else { format!(" ({})", clip(&missing.how, 80)) };
    let (reason, sentence, advice) = match &missing.key {
        Some(key) => {
            let key = clip(key, 80);
            (
                format!("{what} key missing"),
                format!("{subject} is waiting: {what} {name} has no key {key}{how}"),
                format!("Add key {key} to {what} {name}, or correct the key in the app."),
            )
        }
        None => {
            let key = needs.map_or_else(String::new, |k| format!(" with key {}", clip(k, 80)));
            (format!("no {what} {name}"), format!("{subject} is waiting: {what} {name} doesn't exist{how}"), format!("Create {what} {name}{key}."))
        }
    };
    // A name that does not fit is worth less than what is wrong with it.
    let reason = if reason.chars().count() > REASON { format!("{what} missing") } else { reason };
    Words::new(reason, sentence, advice)
}

/// A key that a volume asks for, of an object that is not known.
pub(super) fn of_volume(who: &Who, volume: Option<&str>, key: &str) -> Words {
    let volume = volume.map_or_else(String::new, |v| format!(" of volume {}", clip(v, 60)));
    let key = clip(key, 80);
    Words::new(
        "volume key missing",
        format!("{} is waiting: the secret or config map{volume} has no key {key}", subject(who)),
        format!("Add key {key}, or correct the key in the volume."),
    )
}

/// Several references that lead to nothing.
pub(super) fn several(who: &Who, missing: &[MissingReference]) -> Words {
    let one = |m: &MissingReference| {
        let (kind, name) = (kind(m.secret), clip(&m.name, 80));
        let how = if m.how.is_empty() { String::new() } else { format!(" ({})", clip(&m.how, 80)) };
        match &m.key {
            Some(key) => format!("{kind} {name} has no key {}{how}", clip(key, 80)),
            None => format!("{kind} {name} doesn't exist{how}"),
        }
    };
    let all: Vec<_> = missing.iter().map(one).collect();
    let n = u32::try_from(missing.len()).unwrap_or(u32::MAX);
    let objects: std::collections::BTreeSet<_> = missing.iter().map(|m| (m.secret, &m.name)).collect();
    let names: Vec<_> = objects.iter().map(|(secret, name)| format!("{} {}", kind(*secret), clip(name, 80))).collect();
    Words::new(
        format!("{n} references missing"),
        format!("{} is waiting for {n} missing references: {}", subject(who), and(&all, 6)),
        format!("Create or complete {}.", and(&names, 4)),
    )
}
