//! Cursors of the REST APIs: a place in one list, signed, so that only what this server gave out is taken back, and only for that
//! list. What they hold is no secret, but nobody's business.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::Store;
use crate::{Code, Error, Result};

/// Bytes of the signature that are kept: 128 bits.
const TAG: usize = 16;

/// A place as text that is safe in a URL. `list` says which list it belongs to, the app included.
pub(crate) async fn seal_cursor(store: &Store, list: &str, place: &impl Serialize) -> Result<String> {
    let place = serde_json::to_vec(place).map_err(|error| Error::Internal(error.to_string()))?;
    let tag = signed(store, list, &place).await?.finalize().into_bytes();
    Ok(URL_SAFE_NO_PAD.encode([&tag[..TAG], &place].concat()))
}

/// The place again; [`Code::Malformed`] at `cursor` for anything that [`seal_cursor`] did not give for this list.
pub(crate) async fn open_cursor<T: DeserializeOwned>(store: &Store, list: &str, cursor: &str) -> Result<T> {
    let malformed = || Error::field("cursor", Code::Malformed);
    // Padding and blanks come from clients that encode what needs no encoding.
    let bytes = URL_SAFE_NO_PAD.decode(cursor.trim().trim_end_matches('=')).map_err(|_| malformed())?;
    let (tag, place) = bytes.split_at_checked(TAG).ok_or_else(malformed)?;
    signed(store, list, place).await?.verify_truncated_left(tag).map_err(|_| malformed())?;
    serde_json::from_slice(place).map_err(|_| malformed())
}

async fn signed(store: &Store, list: &str, place: &[u8]) -> Result<Hmac<Sha256>> {
    let key = store.cursor_key.get_or_try_init(|| read_key(store)).await?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| Error::Internal(error.to_string()))?;
    mac.update(list.as_bytes());
    mac.update(&[0]);
    mac.update(place);
    Ok(mac)
}

async fn read_key(store: &Store) -> Result<[u8; 32]> {
    let key: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT key FROM server_key WHERE name = 'cursor'").fetch_optional(store.reader()).await?;
    key.and_then(|key| key.try_into().ok()).ok_or_else(|| Error::Internal("the key for cursors is missing".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_our_own_cursors_for_this_list_are_taken_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let cursor = seal_cursor(&store, "groups 1", &(17, "ab")).await.expect("a cursor");
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')), "{cursor}");
        let open = async |list: &str, text: &str| open_cursor::<(i64, String)>(&store, list, text).await;
        assert_eq!(open("groups 1", &cursor).await, Ok((17, "ab".to_owned())));
        assert_eq!(open("groups 1", &format!("{cursor}==")).await, Ok((17, "ab".to_owned())));
        let malformed = Err(Error::field("cursor", Code::Malformed));
        assert_eq!(open("groups 2", &cursor).await, malformed, "another list");
        for at in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(open("groups 1", &changed).await, malformed, "{changed}");
        }
        for text in ["", "x", "....", &cursor[..20], "ZWPxmQ"] {
            assert_eq!(open("groups 1", text).await, malformed, "{text}");
        }
    }
}
