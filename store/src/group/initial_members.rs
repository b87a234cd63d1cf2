//! The accounts that a group is created with: its owner and its first members.

use crate::db::Conn;
use std::collections::HashSet;

use domain::{
    Code, Error, FieldError, Result,
    application::AppId,
    member::{UsernameMatch, rules::admission},
    page::{Reason, Refusal},
};

use super::member::{NO_GROUP, find_named};

/// One of them.
pub(super) struct InitialMember {
    pub key: i64,
    pub username: String,
    /// The rule that forbids it to join any group.
    refused: Option<Reason>,
}

pub(super) struct InitialMembers {
    pub owner: Option<InitialMember>,
    /// Without the owner, each once.
    pub members: Vec<InitialMember>,
    /// Errors of the fields that name an account that does not exist.
    pub unknown: Vec<FieldError>,
}

impl InitialMembers {
    pub async fn find(
        db: &mut Conn,
        app: AppId,
        owner: Option<&str>,
        members: &[String],
        username_match: UsernameMatch,
    ) -> Result<Self> {
        let names: Vec<String> = owner.map(str::to_owned).into_iter().chain(members.iter().cloned()).collect();
        let mut found = Self { owner: None, members: Vec::new(), unknown: Vec::new() };
        if names.is_empty() {
            return Ok(found);
        }
        let known = find_named(db, app, NO_GROUP, &names, username_match).await?;
        let mut seen = HashSet::new();
        let mut initial_member = |name: &str| {
            let account = known.get(name)?;
            let refused = admission(Some(account.standing), 0, u32::MAX).err();
            Some((seen.insert(account.key), InitialMember { key: account.key, username: account.username.clone(), refused }))
        };
        let missing = |field: &str, names: Vec<String>| FieldError { field: field.to_owned(), code: Code::NotRegistered(names) };
        if let Some(name) = owner {
            match initial_member(name) {
                Some((_, owner)) => found.owner = Some(owner),
                None => found.unknown.push(missing("owner", vec![name.to_owned()])),
            }
        }
        let mut strangers = Vec::new();
        for name in members {
            match initial_member(name) {
                Some((true, member)) => found.members.push(member),
                Some((false, _)) => {}
                None => strangers.push(name.clone()),
            }
        }
        if !strangers.is_empty() {
            found.unknown.push(missing("members", strangers));
        }
        Ok(found)
    }

    /// Why the group cannot be created with them, when it may have `max` members; `None`: the group keeps no member list, so they
    /// do not become members.
    pub fn refusal(&self, max: Option<u32>) -> Option<Error> {
        let max = max?;
        let all = self.owner.iter().chain(&self.members);
        let refused = |initial_member: &InitialMember| {
            Some(Refusal { id: initial_member.username.clone(), reason: initial_member.refused? })
        };
        let refusals: Vec<Refusal> = all.clone().filter_map(refused).collect();
        if !refusals.is_empty() {
            return Some(Error::Refused(refusals));
        }
        let over = all
            .skip(max as usize)
            .map(|initial_member| Refusal { id: initial_member.username.clone(), reason: Reason::GroupFull });
        let over: Vec<Refusal> = over.collect();
        (!over.is_empty()).then_some(Error::Refused(over))
    }
}
