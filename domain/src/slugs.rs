//! Enums that are one word on the wire or in a path.

/// An enum, its variants' words, and how they are read: a table instead of what serde would generate, which is larger in
/// the browser.
macro_rules! slugs {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $slug:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its word.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// What a word means.
            #[must_use]
            pub fn from_slug(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.slug() == text)
            }
        }
    };
}

pub(crate) use slugs;
