//! Browsers in which an operator has signed in before: each keeps a cookie that it is recognised by, so that strangers who use up
//! the attempts at a name do not lock its operator out (OWASP, «device cookies»). The cookie does not sign anybody in: it only
//! says whose attempts count separately. Nothing is stored; the cookie is signed, and bound to the operator and the version of
//! the password.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Error, Result, limits, operator::rules::name_key};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngCore;
use sha2::Sha256;

use super::{by_id, wanted};
use crate::{
    Store,
    db::{OrFault, now, query_scalar},
};

/// Bytes of the signature.
const TAG: usize = 32;
/// Bytes of what is signed: operator, version of the password, time, browser.
const SIGNED: usize = 8 + 8 + 8 + 16;

/// Identifies one browser of one operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceId([u8; 16]);

/// The browser, if the cookie was made for the operator of that name within [`limits::DEVICE_KNOWN_MS`], and the operator may
/// sign in and still has the same password.
pub async fn known_device(store: &Store, name: &str, cookie: &str) -> Result<Option<DeviceId>> {
    let Some((tag, signed)) = opened(cookie) else { return Ok(None) };
    if mac(store, &signed).await?.verify_slice(&tag).is_err() {
        return Ok(None);
    }
    let (operator, rest) = split(&signed);
    let (version, rest) = split(rest);
    let (made_at, device) = split(rest);
    let age = now() - made_at;
    let row = by_id(store.reader(), operator).await?;
    let fits = row.is_some_and(|row| {
        row.disabled == 0
            && row.password_hash.is_some()
            && row.password_version == version
            && name_key(&row.name) == name_key(name)
    });
    let device = device.try_into().ok().map(DeviceId);
    Ok(device.filter(|_| fits && (0..=limits::DEVICE_KNOWN_MS).contains(&age)))
}

/// A cookie for a browser in which the operator has just signed in, or chosen a password; `known`: the browser, if it was known
/// before. [`domain::error::Entity::Operator`] not found.
pub async fn device_cookie(store: &Store, operator: i64, known: Option<DeviceId>) -> Result<String> {
    let row = wanted(&mut store.read().await?, operator).await?;
    let DeviceId(device) = known.unwrap_or_else(|| {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        DeviceId(bytes)
    });
    let numbers = [operator, row.password_version, now()].map(i64::to_be_bytes);
    let signed = [numbers.as_flattened(), &device].concat();
    let tag = mac(store, &signed).await?.finalize().into_bytes();
    Ok(URL_SAFE_NO_PAD.encode([tag.as_slice(), &signed].concat()))
}

/// The signature and the signed bytes.
fn opened(cookie: &str) -> Option<([u8; TAG], [u8; SIGNED])> {
    // Longer texts need no decoding.
    let bytes = Some(cookie)
        .filter(|cookie| cookie.len() <= 2 * (TAG + SIGNED))
        .and_then(|cookie| URL_SAFE_NO_PAD.decode(cookie).ok())?;
    let (tag, signed) = bytes.split_at_checked(TAG)?;
    Some((tag.try_into().ok()?, signed.try_into().ok()?))
}

/// The number at the beginning, and the rest.
fn split(bytes: &[u8]) -> (i64, &[u8]) {
    match bytes.split_first_chunk() {
        Some((number, rest)) => (i64::from_be_bytes(*number), rest),
        None => (0, &[]),
    }
}

async fn mac(store: &Store, signed: &[u8]) -> Result<Hmac<Sha256>> {
    let key: Vec<u8> =
        query_scalar("SELECT key FROM server_key WHERE name = 'device'").fetch_one(store.reader()).await.or_fault()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| Error::Internal(error.to_string()))?;
    mac.update(signed);
    Ok(mac)
}
