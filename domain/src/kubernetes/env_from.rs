//! Keys of secrets and config maps that can't become variables of a container (`pkg/kubelet/kubelet_pods.go`).

use super::words::EventReason;
use crate::facts::Event;
use crate::text::between;

/// Keys that the kubelet left out of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysSkipped<'a> {
    /// They are of a secret, and else of a config map.
    pub secret: bool,
    /// The name of that object.
    pub name: &'a str,
    /// The keys; never empty.
    pub keys: Vec<&'a str>,
}

impl<'a> KeysSkipped<'a> {
    /// Reads an event, such as `Keys [a-b, c.d] from the EnvFrom secret web/shop were skipped since …`; `None` where it is about
    /// something else.
    #[must_use]
    pub fn of(event: &'a Event) -> Option<Self> {
        if event.reason != EventReason::KeysSkipped {
            return None;
        }
        let keys: Vec<_> = between(&event.message, "Keys [", "]")?.split([',', ' ']).filter(|k| !k.is_empty()).collect();
        let (_, rest) = event.message.split_once("from the EnvFrom ")?;
        let (kind, rest) = rest.split_once(' ')?;
        let object = rest.split_once(' ').map_or(rest, |(object, _)| object);
        let name = object.rsplit('/').next().unwrap_or(object);
        (!keys.is_empty()).then_some(Self { secret: kind.eq_ignore_ascii_case("secret"), name, keys })
    }
}
