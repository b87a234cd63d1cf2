//! The accounts that a group is made with: its owner and those who are members from the start.

use std::collections::HashSet;

use domain::{
    Code, Error, FieldError, Result,
    application::AppId,
    member::{Spelling, rules::admission},
    page::{Reason, Refusal},
};
use sqlx::SqliteConnection;

use super::member::{NO_GROUP, named};

/// One of them.
pub(super) struct Founder {
    pub key: i64,
    pub username: String,
    /// What forbids it to join any group.
    refused: Option<Reason>,
}

pub(super) struct Founders {
    pub owner: Option<Founder>,
    /// The owner not among them, each once.
    pub members: Vec<Founder>,
    /// Fields that name somebody who does not exist.
    pub unknown: Vec<FieldError>,
}

impl Founders {
    pub async fn find(
        db: &mut SqliteConnection,
        app: AppId,
        owner: Option<&str>,
        members: &[String],
        spelling: Spelling,
    ) -> Result<Self> {
        let names: Vec<String> = owner.map(str::to_owned).into_iter().chain(members.iter().cloned()).collect();
        let mut found = Self { owner: None, members: Vec::new(), unknown: Vec::new() };
        if names.is_empty() {
            return Ok(found);
        }
        let known = named(db, app, NO_GROUP, &names, spelling).await?;
        let mut seen = HashSet::new();
        let mut founder = |name: &str| {
            let account = known.get(name)?;
            let refused = admission(Some(account.standing), 0, u32::MAX).err();
            Some((seen.insert(account.key), Founder { key: account.key, username: account.username.clone(), refused }))
        };
        let missing = |field: &str, names: Vec<String>| FieldError { field: field.to_owned(), code: Code::NotRegistered(names) };
        if let Some(name) = owner {
            match founder(name) {
                Some((_, owner)) => found.owner = Some(owner),
                None => found.unknown.push(missing("owner", vec![name.to_owned()])),
            }
        }
        let mut strangers = Vec::new();
        for name in members {
            match founder(name) {
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

    /// Why the group cannot be made with them, when it has room for so many; `None` for the room: nobody becomes a member.
    pub fn refusal(&self, max: Option<u32>) -> Option<Error> {
        let max = max?;
        let all = self.owner.iter().chain(&self.members);
        let refused = |founder: &Founder| Some(Refusal { id: founder.username.clone(), reason: founder.refused? });
        let refusals: Vec<Refusal> = all.clone().filter_map(refused).collect();
        if !refusals.is_empty() {
            return Some(Error::Refused(refusals));
        }
        let over = all.skip(max as usize).map(|founder| Refusal { id: founder.username.clone(), reason: Reason::GroupFull });
        let over: Vec<Refusal> = over.collect();
        (!over.is_empty()).then_some(Error::Refused(over))
    }
}
