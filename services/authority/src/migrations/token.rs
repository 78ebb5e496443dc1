//! What an operator's request has to carry.

use std::hint::black_box;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// What a request has to carry, as `Authorization: Bearer <token>`: never in a URL, which logs keep.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// `None` for an empty text: it would let everyone in.
    pub(crate) fn new(text: String) -> Option<Self> {
        (!text.trim().is_empty()).then_some(Self(text))
    }

    pub(super) fn is_in(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(AUTHORIZATION).map(|said| said.as_bytes());
        let said = said.and_then(|said| said.strip_prefix(b"Bearer "));
        said.is_some_and(|said| is_same(self.0.as_bytes(), said))
    }
}

/// Takes as long for any text of a length, so that the time says nothing about where two differ.
fn is_same(token: &[u8], said: &[u8]) -> bool {
    let mut differs = u8::from(token.len() != said.len());
    for (at, byte) in said.iter().enumerate() {
        let expected = token.get(at % token.len().max(1)).copied();
        differs |= black_box(expected.unwrap_or_default() ^ byte);
    }
    black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_token_is_the_same() {
        assert!(is_same(b"secret", b"secret"));
        for wrong in ["", "s", "secre", "secrets", "Secret", "secretsecret"] {
            assert!(!is_same(b"secret", wrong.as_bytes()), "{wrong}");
        }
        assert!(Token::new("  ".to_owned()).is_none());
    }
}
