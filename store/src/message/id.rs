//! The ids of messages that clients get: digits, up to 63 bits, which need neither a column nor an index
//! (`docs/adr/0014-keys.md`).
//!
//! An id is unique in its app, as everything is that the path of an app gives. It has the number of the group in the app, not the
//! group's key, and the number of the message in the group. So it is the same whenever it is asked for, rises within a group, leads back
//! to its message, and stays what it is on another engine and when an app moves to another server, where its key is another one.

use domain::{Error, Result};
use rand::Rng;

use crate::db::{AppTable, number};

/// The bits of the message's number in its group.
const SEQ_BITS: u32 = 32;
/// The bit above both numbers: the message is stored nowhere.
const NOWHERE: i64 = 1 << 62;

// Both numbers together stay below that bit.
const _: () = assert!(AppTable::Group.max_number() < NOWHERE >> SEQ_BITS);

/// The id of a message, from its group's key and its number in the group.
pub(super) fn stored(group_key: i64, seq: i64) -> Result<String> {
    if group_key < 0 || number(group_key) > AppTable::Group.max_number() || seq >> SEQ_BITS != 0 {
        return Err(Error::Internal(format!("no id for message {seq} of the group with the key {group_key}")));
    }
    Ok((number(group_key) << SEQ_BITS | seq).to_string())
}

/// An id that no stored message has, now or later.
pub(super) fn stored_nowhere(random: &mut impl Rng) -> String {
    (NOWHERE | random.random_range(0..NOWHERE)).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::application::AppId;

    use super::*;
    use crate::db::{MAX_APP, range};

    const LAST_SEQ: i64 = (1 << SEQ_BITS) - 1;

    fn key(app: i64, number: i64) -> i64 {
        range(AppId::of_row(app)).0 + number
    }

    #[test]
    fn no_two_messages_of_an_app_have_the_same_id() {
        let numbers = [1, 2, 3, 1 << 16, (1 << 29) + 7, AppTable::Group.max_number()];
        let seqs = [1, 2, 3, 1 << 16, 1 << 31, LAST_SEQ];
        let mut seen = HashSet::new();
        for number in numbers {
            for seq in seqs {
                let id: i64 = stored(key(7, number), seq).expect("an id").parse().expect("digits, a signed number of 64 bits");
                assert!(id > 0 && id < NOWHERE && seen.insert(id), "{number} {seq}");
                // It leads back to its message.
                assert_eq!((id >> SEQ_BITS, id & LAST_SEQ), (number, seq));
            }
        }
        assert_eq!(seen.len(), numbers.len() * seqs.len());
    }

    #[test]
    fn an_id_stays_when_the_app_has_another_key() {
        assert_eq!(stored(key(1, 17), 5).expect("an id"), (17_i64 * 4_294_967_296 + 5).to_string());
        assert_eq!(stored(key(1, 17), 5), stored(key(MAX_APP, 17), 5));
    }

    #[test]
    fn what_is_stored_nowhere_has_an_id_of_its_own() {
        let mut random = rand::rng();
        for _ in 0..1_000 {
            let id: i64 = stored_nowhere(&mut random).parse().expect("a signed number of 64 bits");
            assert!(id >= NOWHERE);
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_an_error_and_no_other_messages_id() {
        for (group_key, seq) in
            [(key(1, 1), LAST_SEQ + 1), (key(1, 1), -1), (key(1, AppTable::Group.max_number() + 1), 1), (-1, 1)]
        {
            assert!(stored(group_key, seq).is_err(), "{group_key} {seq}");
        }
    }
}
