//! The forms of secrets.

use crate::form::{CertificateWrong, LoginWrong, PemFault, PrivateKeyWrong, RegistryWrong, SecretWrong, StoredWrong};

/// What is said of a field of a secret; never a value or a part of one.
#[must_use]
pub fn secret(wrong: &SecretWrong) -> String {
    match wrong {
        SecretWrong::NoKind => "Choose a secret type.".to_owned(),
        SecretWrong::NoKeys => "Add at least one key.".to_owned(),
        SecretWrong::TooManyKeys { most, now } => format!("Use at most {most} keys ({now} now)."),
        SecretWrong::KeyTwice(key) => format!("Key {key} is listed twice. Remove one."),
        SecretWrong::BrokenFile(key) => format!("The file for key {key} is incomplete (broken base64). Choose it again."),
        SecretWrong::TooLarge { most, now } => format!("Secrets can hold at most {most} bytes ({now} now). Split it."),
        SecretWrong::Registry(wrong) => registry(wrong).to_owned(),
        SecretWrong::Login(wrong) => login(wrong).to_owned(),
        SecretWrong::Certificate(wrong) => certificate(wrong),
        SecretWrong::PrivateKey(wrong) => private_key(wrong),
        SecretWrong::Stored(wrong) => stored(wrong),
    }
}

const fn registry(wrong: &RegistryWrong) -> &'static str {
    match wrong {
        RegistryWrong::NoHost => "Enter the registry host, such as registry.example.org.",
        RegistryWrong::Host => "This isn't a registry host. Enter it as image names start with it, such as registry.example.org:5000.",
        RegistryWrong::NoUser => "Enter the registry username.",
        RegistryWrong::UserHasColon => "Registry usernames can't contain a colon.",
        RegistryWrong::NoPassword => "Enter the registry password or token.",
        RegistryWrong::Email => "Enter a valid email address, or leave it empty.",
        RegistryWrong::DockerConfig => {
            "This isn't a Docker config.json. It needs JSON with \"auths\" and the credentials of each registry host in it, as docker login writes it."
        }
    }
}

const fn login(wrong: &LoginWrong) -> &'static str {
    match wrong {
        LoginWrong::NoUser => "Enter the username.",
        LoginWrong::UserHasColon => "Basic authentication usernames can't contain a colon.",
        LoginWrong::NoPassword => "Enter the password.",
    }
}

fn certificate(wrong: &CertificateWrong) -> String {
    match wrong {
        CertificateWrong::Missing => "Paste the certificate in PEM format.".to_owned(),
        CertificateWrong::Broken(fault) => format!("{} Copy it again, from the first BEGIN line to the last END line.", broken(*fault)),
        CertificateWrong::HasPrivateKey => "This contains a private key. Move it to the private key field.".to_owned(),
        CertificateWrong::NoCertificate => {
            "This isn't a PEM certificate. It should start with -----BEGIN CERTIFICATE-----; convert .der or .p12 files with openssl.".to_owned()
        }
        CertificateWrong::Swapped => "The certificate and the private key are swapped. Swap them back.".to_owned(),
    }
}

fn private_key(wrong: &PrivateKeyWrong) -> String {
    match wrong {
        PrivateKeyWrong::Missing => "Paste the private key in PEM format.".to_owned(),
        PrivateKeyWrong::Broken(fault) => format!("{} Copy it again, from the BEGIN line to the END line.", broken(*fault)),
        PrivateKeyWrong::Encrypted => "This private key is encrypted, and an ingress can't ask for a passphrase. Decrypt it with openssl pkey.".to_owned(),
        PrivateKeyWrong::Several => "This contains more than one private key. Keep the one that matches the certificate.".to_owned(),
        PrivateKeyWrong::NoPrivateKey => "This isn't a PEM private key. It should start with a line such as -----BEGIN PRIVATE KEY-----.".to_owned(),
        PrivateKeyWrong::OfAnotherCertificate => "The private key doesn't match the certificate. In a chain, the server certificate comes first.".to_owned(),
    }
}

fn broken(fault: PemFault) -> String {
    let why = match fault {
        PemFault::Nested => "a block starts inside another",
        PemFault::EmptyBlock => "a block is empty",
        PemFault::LabelsDiffer => "a block's BEGIN and END lines differ",
        PemFault::EndWithoutBegin => "an END line has no BEGIN line",
        PemFault::NotBase64 => "a block contains characters that aren't base64",
        PemFault::NoEnd => "the last block has no END line",
    };
    format!("This PEM text is broken: {why}.")
}

fn stored(wrong: &StoredWrong) -> String {
    match wrong {
        StoredWrong::KeyTaken { secret, key } => format!("Secret {secret} already has key {key}. Choose another name, or use Replace next to {key}."),
        StoredWrong::TooManyAtOnce(most) => format!("Change at most {most} keys at once."),
        StoredWrong::NotBase64 => "This isn't base64.".to_owned(),
        StoredWrong::NoValue => "Enter a value or choose a file.".to_owned(),
        StoredWrong::NoRoom { others, left, new } => {
            format!("Secrets can hold at most 1 MiB. The other keys take {others} bytes, which leaves {left}; you set {new} bytes.")
        }
        StoredWrong::Value(key, wrong) => format!("{key}: {}", secret(wrong)),
    }
}
