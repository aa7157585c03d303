//! Words that Kubernetes writes in a field: one enum for each field, and `Other` for a word that no rule asks for.

mod condition;
mod container;
mod event;
mod kind;
mod network;
mod node;
mod pod;
mod storage;

pub use condition::{ConditionReason, ConditionType};
pub use container::{EndReason, ImageWait, WaitReason};
pub use event::EventReason;
pub use kind::ObjectKind;
pub use network::{Protocol, ServiceType};
pub use node::LabelOperator;
pub use pod::{PodPhase, PodReason};
pub use storage::ClaimPhase;

/// Reads and writes an enum as the word that stands in the field. It needs `From<String>` and `word`.
macro_rules! as_word {
    ($name:ident) => {
        impl $name {
            /// Reads the word.
            #[must_use]
            pub fn of(word: &str) -> Self {
                Self::from(word.to_owned())
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                Self::of(word)
            }
        }

        impl From<Option<String>> for $name {
            fn from(word: Option<String>) -> Self {
                Self::from(word.unwrap_or_default())
            }
        }

        impl Default for $name {
            /// No word.
            fn default() -> Self {
                Self::from(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

/// An enum with one variant for each word that a rule asks for. Behind a semicolon may stand one for all words that begin alike,
/// which holds the whole word.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $variant:ident = $word:literal,)+
        $(; $(#[$begun:meta])* $prefixed:ident = $prefix:literal)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            $($(#[$begun])* $prefixed(String),)?
            /// Another word: it is shown and never compared.
            Other(String),
        }

        impl $name {
            /// As Kubernetes writes it.
            #[must_use]
            pub fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    $(Self::$prefixed(word) => word,)?
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)+
                    $(begun if begun.starts_with($prefix) => Self::$prefixed(word),)?
                    _ => Self::Other(word),
                }
            }
        }

        $crate::kubernetes::words::as_word!($name);
    };
}

use {as_word, words};

#[cfg(test)]
mod tests {
    use super::{PodPhase, PodReason, WaitReason};

    #[test]
    fn every_word_is_written_as_it_was_read() {
        for word in ["Running", "", "Sleeping"] {
            assert_eq!(PodPhase::of(word).word(), word);
        }
        for word in ["", "OutOfcpu", "Shutdown", "NodeShutdown", "Tired"] {
            assert_eq!(PodReason::of(word).word(), word);
        }
        for word in ["", "ErrImagePull", "CrashLoopBackOff", "Thinking"] {
            let json = serde_json::to_string(&WaitReason::of(word)).unwrap();
            assert_eq!(json, format!("{word:?}"));
            assert_eq!(serde_json::from_str::<WaitReason>(&json).unwrap(), WaitReason::of(word));
        }
    }
}
