//! What can be wrong with a secret. No argument is a value or a part of one.

use super::into;
use crate::KeyName;

/// What is wrong with a field of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretWrong {
    /// No type of secret was chosen.
    NoKind,
    /// It has no key.
    NoKeys,
    /// It has too many keys.
    TooManyKeys {
        /// Most keys.
        most: usize,
        /// Keys that there are.
        now: usize,
    },
    /// The key stands there already.
    KeyTwice(KeyName),
    /// The uploaded file of the key did not arrive whole.
    BrokenFile(KeyName),
    /// All values together are too long.
    TooLarge {
        /// Most bytes.
        most: usize,
        /// Bytes that there are.
        now: usize,
    },
    /// Credentials of a registry.
    Registry(RegistryWrong),
    /// User and password of basic authentication.
    Login(LoginWrong),
    /// A certificate.
    Certificate(CertificateWrong),
    /// A private key.
    PrivateKey(PrivateKeyWrong),
    /// A change of a secret that is there.
    Stored(StoredWrong),
}

/// What is wrong with the credentials of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryWrong {
    /// There is no host.
    NoHost,
    /// The host is none.
    Host,
    /// There is no user.
    NoUser,
    /// The user's name has a colon.
    UserHasColon,
    /// There is no password.
    NoPassword,
    /// The e-mail address is none.
    Email,
    /// It is no `config.json` of Docker with credentials.
    DockerConfig,
}

/// What is wrong with user and password of basic authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginWrong {
    /// There is no user.
    NoUser,
    /// The user's name has a colon.
    UserHasColon,
    /// There is no password.
    NoPassword,
}

/// What is wrong with a certificate in PEM form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateWrong {
    /// There is none.
    Missing,
    /// Its form is broken.
    Broken(PemFault),
    /// There is a private key in it.
    HasPrivateKey,
    /// It is something else.
    NoCertificate,
    /// It is the private key, and the certificate stands in the field for that.
    Swapped,
}

/// What is wrong with a private key in PEM form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateKeyWrong {
    /// There is none.
    Missing,
    /// Its form is broken.
    Broken(PemFault),
    /// It is encrypted.
    Encrypted,
    /// There are several.
    Several,
    /// It is something else.
    NoPrivateKey,
    /// It is the key of another certificate.
    OfAnotherCertificate,
}

/// What is wrong with the form of a PEM text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemFault {
    /// A block starts inside another.
    Nested,
    /// A block has nothing in it.
    EmptyBlock,
    /// BEGIN and END of a block have other labels.
    LabelsDiffer,
    /// An END has no BEGIN before it.
    EndWithoutBegin,
    /// A block has characters that are no base64.
    NotBase64,
    /// The last block has no END.
    NoEnd,
}

/// Why a secret that is there cannot be changed as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredWrong {
    /// It has the key already.
    KeyTaken {
        /// The secret.
        secret: String,
        /// The key that is taken.
        key: KeyName,
    },
    /// More keys are to be changed at once than can be; the most.
    TooManyAtOnce(usize),
    /// The value is no base64.
    NotBase64,
    /// There is neither a value nor a file.
    NoValue,
    /// The new values have no room beside the others.
    NoRoom {
        /// Bytes of the others.
        others: usize,
        /// Bytes that are left.
        left: usize,
        /// Bytes of the new values.
        new: usize,
    },
    /// The value of this key is not what the secret's type wants.
    Value(KeyName, Box<SecretWrong>),
}

into! {
    RegistryWrong => SecretWrong::Registry,
    LoginWrong => SecretWrong::Login,
    CertificateWrong => SecretWrong::Certificate,
    PrivateKeyWrong => SecretWrong::PrivateKey,
    StoredWrong => SecretWrong::Stored,
}

impl SecretWrong {
    /// The code, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoKind => "secret_no_kind",
            Self::NoKeys => "secret_no_keys",
            Self::TooManyKeys { .. } => "secret_too_many_keys",
            Self::KeyTwice(_) => "secret_key_twice",
            Self::BrokenFile(_) => "secret_broken_file",
            Self::TooLarge { .. } => "secret_too_large",
            Self::Registry(RegistryWrong::NoHost) => "registry_no_host",
            Self::Registry(RegistryWrong::Host) => "registry_host",
            Self::Registry(RegistryWrong::NoUser) => "registry_no_user",
            Self::Registry(RegistryWrong::UserHasColon) => "registry_user_has_colon",
            Self::Registry(RegistryWrong::NoPassword) => "registry_no_password",
            Self::Registry(RegistryWrong::Email) => "registry_email",
            Self::Registry(RegistryWrong::DockerConfig) => "registry_docker_config",
            Self::Login(LoginWrong::NoUser) => "login_no_user",
            Self::Login(LoginWrong::UserHasColon) => "login_user_has_colon",
            Self::Login(LoginWrong::NoPassword) => "login_no_password",
            Self::Certificate(CertificateWrong::Missing) => "certificate_missing",
            Self::Certificate(CertificateWrong::Broken(_)) => "certificate_broken",
            Self::Certificate(CertificateWrong::HasPrivateKey) => "certificate_has_private_key",
            Self::Certificate(CertificateWrong::NoCertificate) => "certificate_is_none",
            Self::Certificate(CertificateWrong::Swapped) => "certificate_swapped",
            Self::PrivateKey(PrivateKeyWrong::Missing) => "private_key_missing",
            Self::PrivateKey(PrivateKeyWrong::Broken(_)) => "private_key_broken",
            Self::PrivateKey(PrivateKeyWrong::Encrypted) => "private_key_encrypted",
            Self::PrivateKey(PrivateKeyWrong::Several) => "private_key_several",
            Self::PrivateKey(PrivateKeyWrong::NoPrivateKey) => "private_key_is_none",
            Self::PrivateKey(PrivateKeyWrong::OfAnotherCertificate) => "private_key_of_another_certificate",
            Self::Stored(StoredWrong::KeyTaken { .. }) => "secret_key_taken",
            Self::Stored(StoredWrong::TooManyAtOnce(_)) => "secret_too_many_at_once",
            Self::Stored(StoredWrong::NotBase64) => "secret_not_base64",
            Self::Stored(StoredWrong::NoValue) => "secret_no_value",
            Self::Stored(StoredWrong::NoRoom { .. }) => "secret_no_room",
            Self::Stored(StoredWrong::Value(_, wrong)) => wrong.code(),
        }
    }
}
