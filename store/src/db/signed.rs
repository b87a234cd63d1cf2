//! Cursors of the REST APIs: a position in one list, signed, so that only cursors of this server are accepted, and each only for
//! its list. Their content is no secret, but of no use to clients.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Code, Error, Result};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::Store;

/// How many bytes of the signature a cursor has: 128 bits.
const TAG: usize = 16;

/// A position as text that is safe in a URL. `list` names the list that it belongs to, including the app.
fn seal_cursor(store: &Store, list: &str, place: &impl Serialize) -> Result<String> {
    let place = serde_json::to_vec(place).map_err(|error| Error::Internal(error.to_string()))?;
    let tag = signed(store, list, &place)?.finalize().into_bytes();
    Ok(URL_SAFE_NO_PAD.encode([&tag[..TAG], &place].concat()))
}

/// The position in a cursor; [`Code::Malformed`] at `cursor` for any text that [`seal_cursor`] did not make for this list.
fn open_cursor<T: DeserializeOwned>(store: &Store, list: &str, cursor: &str) -> Result<T> {
    let malformed = || Error::field("cursor", Code::Malformed);
    // Padding and blanks come from clients that encode what needs no encoding.
    let bytes = URL_SAFE_NO_PAD.decode(cursor.trim().trim_end_matches('=')).map_err(|_| malformed())?;
    let (tag, place) = bytes.split_at_checked(TAG).ok_or_else(malformed)?;
    signed(store, list, place)?.verify_truncated_left(tag).map_err(|_| malformed())?;
    serde_json::from_slice(place).map_err(|_| malformed())
}

/// The position that a cursor means; `None` without a cursor. [`Code::Malformed`] at `cursor` for a text that this server did not
/// make for this list.
pub fn opened_cursor(store: &Store, list: &str, cursor: Option<&str>) -> Result<Option<(i64, i64)>> {
    cursor.map(|cursor| open_cursor(store, list, cursor)).transpose()
}

/// Cuts rows that were fetched with one more than `limit` down to the page, and answers the cursor of the next page if there is
/// one.
pub fn next_cursor<T>(
    store: &Store,
    list: &str,
    rows: &mut Vec<T>,
    limit: u32,
    place: impl Fn(&T) -> (i64, i64),
) -> Result<Option<String>> {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    rows.last().filter(|_| more).map(|row| seal_cursor(store, list, &place(row))).transpose()
}

fn signed(store: &Store, list: &str, place: &[u8]) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&store.cursor_key).map_err(|error| Error::Internal(error.to_string()))?;
    mac.update(list.as_bytes());
    mac.update(&[0]);
    mac.update(place);
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_our_own_cursors_for_this_list_are_taken_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let cursor = seal_cursor(&store, "groups 1", &(17, "ab")).expect("a cursor");
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')), "{cursor}");
        let open = |list: &str, text: &str| open_cursor::<(i64, String)>(&store, list, text);
        assert_eq!(open("groups 1", &cursor), Ok((17, "ab".to_owned())));
        assert_eq!(open("groups 1", &format!("{cursor}==")), Ok((17, "ab".to_owned())));
        let malformed = Err(Error::field("cursor", Code::Malformed));
        assert_eq!(open("groups 2", &cursor), malformed, "another list");
        for at in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(open("groups 1", &changed), malformed, "{changed}");
        }
        for text in ["", "x", "....", &cursor[..20], "ZWPxmQ"] {
            assert_eq!(open("groups 1", text), malformed, "{text}");
        }
    }
}
