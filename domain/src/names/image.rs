//! References of images: the rule, and their short form for lists.

use super::{ImageRef, ImageRule, NameError, NameRule, What, fail};

fn broken(rule: ImageRule) -> Result<(), NameError> {
    fail(What::Image, NameRule::Image(rule))
}

// The grammar of distribution/reference, without its rarely used corners.
pub(super) fn image(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return fail(What::Image, NameRule::Empty);
    }
    if text.len() > 512 {
        return fail(What::Image, NameRule::TooLong { most: 512, now: text.len() });
    }
    if let Some(c) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return fail(What::Image, NameRule::Has(c));
    }
    if text.contains("://") {
        return broken(ImageRule::Scheme);
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest {
        let ok = digest.strip_prefix("sha256:").is_some_and(|h| h.len() == 64 && h.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        if !ok {
            return broken(ImageRule::Digest);
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
            return broken(ImageRule::Tag(tag.to_owned()));
        }
    }
    let mut parts = path.split('/').collect::<Vec<_>>();
    // The first part is a registry host where it has a dot or a port, or is localhost.
    if parts.len() > 1 && (parts[0].contains(['.', ':']) || parts[0] == "localhost") {
        let (host, port) = parts[0].split_once(':').unwrap_or((parts[0], "1"));
        let host_ok =
            host.split('.').all(|l| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        if !host_ok || port.parse::<u16>().is_err() {
            return broken(ImageRule::Host(parts[0].to_owned()));
        }
        parts.remove(0);
    }
    for part in parts {
        if part.is_empty() {
            return broken(ImageRule::EmptyPart);
        }
        if part.bytes().any(|b| b.is_ascii_uppercase()) {
            return broken(ImageRule::Capitals(part.to_lowercase()));
        }
        let edge = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let ok =
            part.bytes().all(|b| edge(b) || matches!(b, b'.' | b'_' | b'-')) && part.bytes().next().is_some_and(edge) && part.bytes().last().is_some_and(edge);
        if !ok {
            return broken(ImageRule::Part(part.to_owned()));
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

/// Splits any image text, valid or not, into a short name and its tag or short digest; `1.2@sha256:01234567` where it has
/// both.
#[must_use]
pub fn short_image(image: &str) -> (&str, &str) {
    let (rest, digest) = image.split_once('@').map_or((image, ""), |(r, d)| (r, d));
    let name = rest.rsplit('/').next().unwrap_or(rest);
    match (name.split_once(':'), digest) {
        (Some((name, tag)), "") => (name, tag),
        (Some((name, tag)), digest) => {
            let from = rest.len() - tag.len();
            let to = rest.len() + 1 + SHORT_DIGEST.min(digest.len());
            (name, image.get(from..to).unwrap_or(tag))
        }
        (None, "") => (name, "latest"),
        (None, digest) => (name, digest.get(..SHORT_DIGEST).unwrap_or(digest)),
    }
}

/// Characters of a short digest: `sha256:` and eight digits.
const SHORT_DIGEST: usize = 15;

/// The whole image with its digest cut short, for sentences: `registry.example.org/team/app:1.2@sha256:01234567`.
#[must_use]
pub fn told_image(image: &str) -> String {
    match image.split_once('@') {
        Some((rest, digest)) if digest.len() > SHORT_DIGEST => format!("{rest}@{}", digest.get(..SHORT_DIGEST).unwrap_or(digest)),
        _ => image.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_by_digest_keeps_its_host_its_tag_and_enough_of_the_digest() {
        let digest = format!("sha256:0123456789{}", "a".repeat(54));
        let both = format!("registry.example.org:5000/team/app:1.2@{digest}");
        assert_eq!(short_image(&both), ("app", "1.2@sha256:01234567"));
        assert_eq!(told_image(&both), "registry.example.org:5000/team/app:1.2@sha256:01234567");
        assert_eq!(short_image(&format!("team/app@{digest}")), ("app", "sha256:01234567"));
        assert_eq!(short_image("registry:5000/team/app:1.2"), ("app", "1.2"));
        assert_eq!((short_image("app:1@"), short_image("a:b@ä"), told_image("a@ä").as_str()), (("app", "1"), ("a", "b@ä"), "a@ä"));
    }
}
