//! Why a name was refused. The sentences, and with them `Display`, stand in `english::form`.

/// A name that was refused: which name it was to be, and the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    /// Which name.
    pub what: What,
    /// The rule that the text breaks.
    pub rule: NameRule,
}

impl std::error::Error for NameError {}

/// Which name a text was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A namespace.
    Namespace,
    /// A workload of the cluster.
    Workload,
    /// An app that the portal creates.
    App,
    /// A secret.
    Secret,
    /// A config map.
    ConfigMap,
    /// A key of a secret or config map.
    Key,
    /// An environment variable.
    Variable,
    /// The name of a container port.
    Port,
    /// An image reference.
    Image,
    /// The name with which a person signs in.
    User,
    /// A team.
    Team,
    /// The host of an ingress.
    Host,
    /// The path of an ingress or of a probe.
    Path,
    /// An ingress class.
    IngressClass,
    /// The path under which the portal is served.
    BasePath,
}

/// A rule that a name breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// It is empty.
    Empty,
    /// It is too long; lengths in bytes, which are characters wherever the other rules are kept.
    TooLong {
        /// Most characters.
        most: usize,
        /// What it has.
        now: usize,
    },
    /// It has a character that these names cannot have.
    Has(char),
    /// It does not start and end with a letter or digit.
    Ends,
    /// One of its parts between dots does not start and end with a letter or digit.
    PartEnds,
    /// It starts with a digit.
    DigitFirst,
    /// It starts with a digit, and the service of the app, which gets the same name, cannot.
    LetterFirst,
    /// It is a single dot.
    Dot,
    /// It starts with two dots.
    TwoDots,
    /// It has two dashes in a row.
    TwoDashes,
    /// It has no letter.
    NoLetter,
    /// It has more characters than these, or a blank at an end.
    LongOrPadded(usize),
    /// It has a line break or a character that nobody sees.
    Invisible,
    /// It does not start with a slash.
    NoSlash,
    /// It does not start with a slash, or ends with one.
    NoSlashOrLast,
    /// It has more characters than these, or a part between slashes that is empty, `.` or `..`.
    Segments(usize),
    /// It is no image reference.
    Image(ImageRule),
}

/// A rule that an image reference breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageRule {
    /// It starts like an address of the web.
    Scheme,
    /// Its digest is none.
    Digest,
    /// This tag is none.
    Tag(String),
    /// This registry host is none.
    Host(String),
    /// A part between slashes is empty.
    EmptyPart,
    /// A part has capitals; the part without them.
    Capitals(String),
    /// This part has characters that it cannot have, or has them at an end.
    Part(String),
}

/// Why a port was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortError {
    /// This text is no number from 1 to 65535.
    NotANumber(String),
    /// It is 0.
    Zero,
}

impl std::error::Error for PortError {}
