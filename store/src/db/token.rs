//! Secrets: at least 144 random bits, safe in a URL. Of those that grant access only the SHA-256 is stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// A new secret and its hash.
pub fn new_token() -> (String, [u8; 32]) {
    let token = random_text::<32>(b"");
    let hash = token_hash(&token);
    (token, hash)
}

/// `N` random bytes after a beginning, in URL-safe Base64 without padding. The beginning appears as fixed letters when its length
/// is a multiple of three.
pub fn random_text<const N: usize>(beginning: &[u8]) -> String {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode([beginning, &bytes].concat())
}

/// The SHA-256 of a secret, which is what the database stores.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
