//! Paths that may be gone to: never another site's, never out of the base path.

/// `next` if it is a path of this portal below its base, else the start page.
#[must_use]
pub fn next_or_start(next: &str) -> &str {
    if is_local(next) { next } else { "/apps" }
}

/// One slash in front, printable ASCII, nothing that a browser would read as a host (`//`, `\`) or walk up with.
#[must_use]
pub fn is_local(path: &str) -> bool {
    let plain = path.len() <= 2000 && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let end = path.find(['?', '#']).unwrap_or(path.len());
    plain && path.starts_with('/') && !tricky(&path[..end])
}

/// Paths that no link of the portal has: empty or dot segments, encoded slashes, dots, backslashes or controls.
#[must_use]
pub fn tricky(path: &str) -> bool {
    if path.contains("//") || path.contains('\\') || path.split('/').any(|s| s == "." || s == "..") {
        return true;
    }
    path.as_bytes().windows(3).any(|w| {
        w[0] == b'%' && {
            let high = (w[1] as char).to_digit(16);
            let low = (w[2] as char).to_digit(16);
            match (high, low) {
                (Some(h), Some(l)) => matches!((h * 16 + l) as u8, b'/' | b'\\' | b'.' | b'%' | 0..=31 | 127),
                _ => true,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_never_leads_to_another_site() {
        for evil in [
            "//evil",
            "/\\evil",
            "\\evil",
            "https://evil",
            "evil",
            "",
            "/a//b",
            "/%2fevil",
            "/%5Cevil",
            "/..//evil",
            "/../x",
            "/a\nb",
            "/\t/evil",
            "/ä",
            "javascript:alert(1)",
            "/.%2e/x",
        ] {
            assert_eq!(next_or_start(evil), "/apps", "{evil:?}");
        }
        for good in ["/apps", "/apps/web?q=a%2Fb&x=//y", "/", "/apps/web/deployment/a.b/logs?at=1#end"] {
            assert_eq!(next_or_start(good), good);
        }
    }

    #[test]
    fn tricks_in_paths_are_seen() {
        for path in ["/a/b/..%2f", "//", "/a/../b", "/a/%2e%2e/b", "/a%00", "/a%zz", "/a\\b", "/%252e"] {
            assert!(tricky(path), "{path}");
        }
        for path in ["/", "/a/bc", "/apps/web/deployment/a.b-c", "/x%20y", "/a/...", "/.well-known"] {
            assert!(!tricky(path), "{path}");
        }
    }
}
