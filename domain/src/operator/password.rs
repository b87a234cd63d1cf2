//! Password hashes: Argon2id with OWASP's parameters, off the async threads, and few at a time because each takes 19 MiB.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Salt, SaltString},
};
use rand::RngCore;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{Error, Result, limits};

/// Hashes under way at once.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Stands in for the hash of somebody who does not exist, so that the time of an answer tells nothing.
static DUMMY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password").ok());

/// OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String> {
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    rand::rng().fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(internal)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(internal)?.to_string())
}

fn fits_now(password: &str, hash: Option<&str>) -> bool {
    let Some(parsed) = hash.or(DUMMY.as_deref()).and_then(|hash| PasswordHash::new(hash).ok()) else { return false };
    let fits = argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &parsed).is_ok());
    fits && hash.is_some()
}

/// The hash of a new password, in PHC form.
pub(crate) async fn hash(password: &str) -> Result<String> {
    let _place = PLACES.acquire().await.map_err(internal)?;
    let password = password.to_owned();
    spawn_blocking(move || hash_now(&password)).await.map_err(internal)?
}

/// Whether the password fits; always the same work, also without a hash.
pub(crate) async fn fits(password: &str, hash: Option<String>) -> Result<bool> {
    let _place = PLACES.acquire().await.map_err(internal)?;
    // No password is longer, so what is longer only costs time.
    let password: String = password.chars().take(limits::PASSWORD_MAX_CHARS + 1).collect();
    spawn_blocking(move || fits_now(&password, hash.as_deref())).await.map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> Error {
    tracing::error!(%error, "hashing a password failed");
    Error::Internal(error.to_string())
}
