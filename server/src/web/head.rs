//! The size of a request's head. Cookies of other programs under the same host are what makes it large.

use domain::Bytes;
use domain::problem::{Cookie, LargeCookies, RequestProblem};
use http::{HeaderMap, header};

/// Bytes that all headers may have together.
pub const MOST: usize = 64 * 1024;
/// Cookies that are named.
const NAMED: usize = 3;
/// Characters of a cookie's name that are said again.
const SAID: usize = 40;

/// What to say where the headers are too large: which cookies to delete, because a browser sends them again each time.
#[must_use]
pub fn too_large(headers: &HeaderMap, host: &str) -> Option<RequestProblem> {
    let all: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if all <= MOST {
        return None;
    }
    let mut cookies: Vec<(&[u8], usize)> = headers
        .get_all(header::COOKIE)
        .into_iter()
        .flat_map(|line| line.as_bytes().split(|b| *b == b';'))
        .map(|pair| (pair.trim_ascii().split(|b| *b == b'=').next().unwrap_or_default(), pair.len()))
        .collect();
    cookies.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let sum: usize = cookies.iter().map(|(_, size)| size).sum();
    let bytes = |size: usize| Bytes(size as u64);
    let largest = || cookies.iter().take(NAMED).map(|(name, size)| Cookie { name: clean(name), size: bytes(*size) }).collect();
    let cookies = (sum * 2 > all).then(|| LargeCookies { host: host.to_owned(), largest: largest() });
    Some(RequestProblem::HeadersTooLarge { size: bytes(all), most: bytes(MOST), cookies })
}

fn clean(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().filter(|c| c.is_ascii_graphic()).take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language;
    use http::HeaderValue;

    fn told(cookie: &str) -> Option<String> {
        let headers = [(header::COOKIE, HeaderValue::from_str(cookie).unwrap())].into_iter().collect();
        too_large(&headers, "portal.example.org").map(|problem| Language::English.problem(&problem.into()).detail)
    }

    #[test]
    fn the_largest_cookies_are_named_and_their_values_are_not() {
        assert_eq!(told("a=1; b=2"), None);
        let cookie = format!("small=1; grafana={}; other={}; tiny=2", "v".repeat(100 * 1024), "w".repeat(50 * 1024));
        assert_eq!(
            told(&cookie).unwrap(),
            "The headers of this request take 150 Ki B; the portal accepts at most 64 Ki B. Most of that is cookies. Largest: grafana (100 Ki B), other (50 Ki B), small (7 B). \
             Delete the cookies of portal.example.org in your browser and try again."
                .replace("Ki B", "Ki")
        );
    }
}
