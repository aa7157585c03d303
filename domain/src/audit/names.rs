//! A list of names that an audit entry keeps.

use serde::{Deserialize, Serialize};

/// Most bytes of all names of a list, so that no entry is large.
const MOST: usize = 480;

/// Names of keys or namespaces, as many of them as an entry has room for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The first of them.
    names: Vec<String>,
    /// How many more there were.
    #[serde(default, skip_serializing_if = "is_zero")]
    left_out: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Names {
    /// Takes the names that an entry has room for.
    #[must_use]
    pub fn of<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> Self {
        let (mut kept, mut size) = (Self::default(), 0);
        for name in all {
            size += name.as_ref().len();
            if size <= MOST {
                kept.names.push(name.as_ref().to_owned());
            } else {
                kept.left_out += 1;
            }
        }
        kept
    }

    /// Whether there were none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty() && self.left_out == 0
    }

    /// Those that are kept.
    #[must_use]
    pub fn kept(&self) -> &[String] {
        &self.names
    }

    /// How many more there were.
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_keeps_what_there_is_room_for_and_counts_the_rest() {
        let all: Vec<String> = (0..200).map(|n| format!("namespace-{n:03}")).collect();
        let names = Names::of(&all);
        assert_eq!((names.kept().len(), names.left_out()), (36, 164));
        assert!(Names::of::<&str>([]).is_empty() && !Names::of(["x".repeat(500)]).is_empty());
    }
}
