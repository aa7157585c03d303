//! Tokens: what a browser sends to show whose session it is, and what the log shows for the first set-up.

use crate::ports::Rng;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::secret::SecretText;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of randomness in a token.
const BYTES: usize = 32;

/// Whether a text has the form of a session's token; another one need not be looked up.
#[must_use]
pub fn may_be_token(text: &str) -> bool {
    text.len() == (BYTES * 4).div_ceil(3) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Compares without telling by its time where the difference is.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Under which a session is kept; the token itself is never stored.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A new token.
pub(crate) fn random(rng: &dyn Rng) -> SecretText {
    let mut bytes = zeroize::Zeroizing::new([0; BYTES]);
    rng.fill(bytes.as_mut());
    SecretText::new(URL_SAFE_NO_PAD.encode(bytes.as_ref()))
}
