//! What of a JSON value is kept.

/// What is kept of a value. In an array, of each of its elements.
#[derive(Debug)]
pub(crate) enum Rule {
    /// All of it.
    Keep,
    /// Nothing.
    Drop,
    /// All of it, but texts only up to this many bytes.
    Cut(usize),
    /// All of it; it tells which object this is.
    Note(Field),
    /// Of its fields what these entries say; all of those that they do not name.
    Within(Entries),
    /// Of its fields only those that these entries name.
    Only(Entries),
}

/// Fields by name, and what is kept of them.
type Entries = &'static [(&'static str, Rule)];

/// A field that tells which object this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Its name.
    Name,
    /// Its namespace.
    Namespace,
    /// Its uid.
    Uid,
    /// Its version.
    Version,
    /// When it was created.
    Created,
}

/// Most bytes of an annotation's value; those that the portal reads are far shorter.
const ANNOTATION: usize = 2_048;

/// Metadata of an object: without what its managers noted, which is most of it and nested as deep as anybody likes.
pub(crate) const METADATA: Rule = Rule::Within(&[
    ("name", Rule::Note(Field::Name)),
    ("namespace", Rule::Note(Field::Namespace)),
    ("uid", Rule::Note(Field::Uid)),
    ("resourceVersion", Rule::Note(Field::Version)),
    ("creationTimestamp", Rule::Note(Field::Created)),
    ("annotations", Rule::Cut(ANNOTATION)),
    ("managedFields", Rule::Within(&[("fieldsV1", Rule::Drop)])),
]);

impl Rule {
    /// What is kept of a field.
    pub(crate) fn of(&'static self, field: &[u8]) -> &'static Self {
        let find = |entries: Entries| entries.iter().find(|(name, _)| name.as_bytes() == field).map(|(_, rule)| rule);
        match self {
            Self::Within(entries) => find(entries).unwrap_or(&Self::Keep),
            Self::Only(entries) => find(entries).unwrap_or(&Self::Drop),
            Self::Cut(_) => self,
            Self::Keep | Self::Drop | Self::Note(_) => &Self::Keep,
        }
    }
}

/// How much of one object is kept, in bytes of its JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Of all of it. A larger object is [too large](super::Object::large), and only its identity is known.
    pub(crate) object: usize,
    /// Of one text; the rest of it is cut off.
    pub(crate) text: usize,
    /// Elements of one array; those behind them are left out.
    pub(crate) elements: usize,
}

impl Limits {
    /// Of an object that is kept exactly as it is, or not at all.
    pub(crate) const fn exact(object: usize) -> Self {
        Self { object, text: usize::MAX, elements: usize::MAX }
    }
}
