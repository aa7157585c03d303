//! Links that keep what has to be kept: the base path, and the marks of a page shown inside another portal.

/// Makes links for the pages and, in the browser, for the islands in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Base path, empty for the root.
    pub base: String,
    /// `embed=1&theme=dark`, where the page is shown inside another portal.
    pub keep: String,
}

impl Links {
    /// A page or resource below the base path; `path` starts with a slash and may have a query.
    #[must_use]
    pub fn to(&self, path: &str) -> String {
        let join = match (self.keep.as_str(), path.contains('?')) {
            ("", _) => "",
            (_, true) => "&",
            (_, false) => "?",
        };
        format!("{}{path}{join}{}", self.base, self.keep)
    }

    /// The same with a query.
    #[must_use]
    pub fn with(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        self.to(&format!("{path}{}", query(pairs)))
    }
}

/// `?a=b&c=d`, or nothing.
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        out.push(if out.is_empty() { '?' } else { '&' });
        encode_into(&mut out, key);
        out.push('=');
        encode_into(&mut out, value);
    }
    out
}

/// One value for a query: all but unreserved characters as `%XX`.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

fn encode_into(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b':' | b'/' | b',') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
}

/// The decoded pairs of a query, with or without its question mark.
#[must_use]
pub fn decode(query: &str) -> Vec<(String, String)> {
    let pairs = query.trim_start_matches('?').split('&').filter(|p| !p.is_empty());
    pairs.map(|p| p.split_once('=').unwrap_or((p, ""))).map(|(k, v)| (decode_one(k), decode_one(v))).collect()
}

fn decode_one(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                i += 2;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_follow_the_base_path_and_stay_embedded() {
        let plain = Links { base: "/team/portal".into(), keep: String::new() };
        assert_eq!(plain.to("/apps"), "/team/portal/apps");
        let inside = Links { base: String::new(), keep: "embed=1".into() };
        assert_eq!(inside.to("/apps"), "/apps?embed=1");
        assert_eq!(inside.with("/apps", &[("q", "a&b c")]), "/apps?q=a%26b%20c&embed=1");
    }

    #[test]
    fn what_was_encoded_comes_back() {
        for text in ["", "a+b", "ä €", "100 %", "<script>", "a=b&c"] {
            assert_eq!(decode(&query(&[("k", text)])), [("k".to_owned(), text.to_owned())]);
        }
        assert_eq!(decode("?x&y=%zz"), [("x".to_owned(), String::new()), ("y".to_owned(), "%zz".to_owned())]);
    }
}
