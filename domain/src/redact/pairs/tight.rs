//! A colon without a space: `password:x` is a name and its value, `host:80` and `image:tag` are none.

use super::super::names::Sort;
use super::prose::first_word;
use super::span::Separator;

/// Whether what is behind a colon without a space is a secret and neither a port nor the tag of an image.
pub(in crate::redact) fn is_secret(text: &str, sort: Sort, separator: Separator) -> bool {
    let value = first_word(&text[separator.value..]);
    let port = value.bytes().take_while(u8::is_ascii_digit).count();
    let is_port = port > 0 && value[port..].bytes().next().is_none_or(|b| !b.is_ascii_alphanumeric());
    let path = value.starts_with('/');
    match sort {
        Sort::Password => !is_port && !path && !value.is_empty(),
        Sort::Weak | Sort::Auth | Sort::Address | Sort::Header => {
            value.len() >= 12 && !value.contains(['.', '/']) && value.bytes().any(|b| b.is_ascii_digit()) && !is_port
        }
    }
}
