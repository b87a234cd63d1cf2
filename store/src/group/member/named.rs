//! The accounts that a request names: what they are, their state in the group, and the outcome for each.

use std::collections::{HashMap, HashSet};

use domain::{
    Result,
    account::rules::folded,
    application::AppId,
    limits,
    member::{MemberOutcome, MemberRole, UsernameMatch, rules::AccountInGroup},
    page::Reason,
};

use crate::db::{self, Conn, OrFault, decode_enum, decode_int, query_as, sql};

/// The key of a group that does not exist yet: no account is a member of it.
pub const NO_GROUP: i64 = 0;

/// An account that a request names.
#[derive(Debug, Clone)]
pub struct NamedAccount {
    /// The account's key.
    pub key: i64,
    /// The registered spelling; the request may have another one.
    pub username: String,
    /// The state of the account in the group.
    pub standing: AccountInGroup,
}

/// Finds accounts by the names of a request, with their state in `group` (a key, or [`NO_GROUP`]). The map has the names of the
/// request; names without an account are missing.
pub async fn find_named(
    db: &mut Conn,
    app: AppId,
    group: i64,
    names: &[String],
    username_match: UsernameMatch,
) -> Result<HashMap<String, NamedAccount>> {
    let mut asked = names.to_vec();
    if username_match == UsernameMatch::ExactOrLowercase {
        asked.extend(names.iter().map(|name| folded(name)));
    }
    let found: Vec<(i64, String, Option<String>, bool, i64)> = query_as(sql!(
        "SELECT a.id, a.username,
                (SELECT m.role FROM member m WHERE m.group_key = $3 AND m.account_key = a.id),
                EXISTS (SELECT 1 FROM group_listed l WHERE l.group_key = $3 AND l.list = 'block' AND l.account_key = a.id),
                (SELECT count(*) FROM (SELECT 1 FROM member o WHERE o.account_key = a.id LIMIT $4) AS found)
         FROM @items($2) @join account a ON a.app_id = $1 AND a.username = item.value"
    ))
    .bind(app.key())
    .bind(db::json(&asked)?)
    .bind(group)
    .bind(limits::GROUPS_PER_ACCOUNT)
    .fetch_all(db)
    .await
    .or_fault()?;
    let account = |(key, username, role, blocked, groups): (i64, String, Option<String>, bool, i64)| {
        let role = role.map(|role| decode_enum(&role, MemberRole::parse)).transpose()?;
        let standing = AccountInGroup { role, blocked, groups: decode_int(groups)? };
        Ok((username.clone(), NamedAccount { key, username, standing }))
    };
    let found: HashMap<String, NamedAccount> = found.into_iter().map(account).collect::<Result<_>>()?;
    let of = |name: &String| {
        let otherwise = || found.get(&folded(name)).filter(|_| username_match == UsernameMatch::ExactOrLowercase);
        Some((name.clone(), found.get(name).or_else(otherwise)?.clone()))
    };
    Ok(names.iter().filter_map(of).collect())
}

/// The outcome for each name, and the accounts that no rule refuses. Two spellings of one name are one account, which is reported
/// once.
pub(super) fn treat<'a>(
    names: &[String],
    known: &'a HashMap<String, NamedAccount>,
    mut verdict: impl FnMut(Option<AccountInGroup>) -> std::result::Result<(), Reason>,
) -> (Vec<MemberOutcome>, Vec<&'a NamedAccount>) {
    let (mut outcomes, mut accepted) = (Vec::with_capacity(names.len()), Vec::new());
    let mut seen = HashSet::new();
    for name in names {
        let account = known.get(name);
        if account.is_some_and(|account| !seen.insert(account.key)) {
            continue;
        }
        let result = verdict(account.map(|account| account.standing));
        if result.is_ok() {
            accepted.extend(account);
        }
        outcomes.push(MemberOutcome { username: account.map_or(name, |account| &account.username).clone(), result });
    }
    (outcomes, accepted)
}
