//! References of images: the rule, and their short form for lists.

use super::{ImageRef, NameError, fail};

// The grammar of distribution/reference, without its rarely used corners.
pub(super) fn image(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return fail("Name the image, such as registry.example.org/team/app:1.2.");
    }
    if text.len() > 512 {
        return fail("An image reference has at most 512 characters.");
    }
    if let Some(c) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return fail(format!("{c:?} cannot stand in an image reference. Remove it."));
    }
    if text.contains("://") {
        return fail("An image reference has no https:// in front. Start with the registry's host.");
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest {
        let ok = digest.strip_prefix("sha256:").is_some_and(|h| h.len() == 64 && h.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        if !ok {
            return fail("A digest is sha256: and 64 hexadecimal digits.");
        }
    }
    let slash = rest.rfind('/').map_or(0, |i| i + 1);
    let (path, tag) = match rest[slash..].split_once(':') {
        Some((name, tag)) => (format!("{}{name}", &rest[..slash]), Some(tag)),
        None => (rest.to_owned(), None),
    };
    if let Some(tag) = tag {
        let head = tag.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        let tail = tag.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        if !head || !tail || tag.len() > 128 {
            return fail(format!("{tag:?} is not a tag. A tag has letters, digits, dots, dashes and underscores, 128 at most."));
        }
    }
    let mut parts = path.split('/').collect::<Vec<_>>();
    // The first part is a registry host where it has a dot or a port, or is localhost.
    if parts.len() > 1 && (parts[0].contains(['.', ':']) || parts[0] == "localhost") {
        let (host, port) = parts[0].split_once(':').unwrap_or((parts[0], "1"));
        let host_ok =
            host.split('.').all(|l| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        if !host_ok || port.parse::<u16>().is_err() {
            return fail(format!("{:?} is not a registry host.", parts[0]));
        }
        parts.remove(0);
    }
    for part in parts {
        if part.is_empty() {
            return fail("The image name has an empty part. Remove the double or trailing slash.");
        }
        if part.bytes().any(|b| b.is_ascii_uppercase()) {
            return fail(format!("An image name has no capitals: write {:?}.", part.to_lowercase()));
        }
        let edge = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let ok =
            part.bytes().all(|b| edge(b) || matches!(b, b'.' | b'_' | b'-')) && part.bytes().next().is_some_and(edge) && part.bytes().last().is_some_and(edge);
        if !ok {
            return fail(format!("{part:?} cannot stand in an image name. Use lower case letters, digits, dots, dashes and underscores."));
        }
    }
    Ok(())
}

impl ImageRef {
    /// The last part of the name and its tag or short digest, for lists: `loklak_server`, `2.10.0`.
    #[must_use]
    pub fn short(&self) -> (&str, &str) {
        short_image(&self.0)
    }
}

/// Splits any image text, valid or not, into a short name and its tag or short digest.
#[must_use]
pub fn short_image(image: &str) -> (&str, &str) {
    let (rest, digest) = image.split_once('@').map_or((image, ""), |(r, d)| (r, d));
    let name = rest.rsplit('/').next().unwrap_or(rest);
    match (name.split_once(':'), digest) {
        (Some((name, tag)), _) => (name, tag),
        (None, "") => (name, "latest"),
        (None, digest) => (name, digest.get(..15).unwrap_or(digest)),
    }
}
