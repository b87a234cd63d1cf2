//! The sample app that an empty server shows: about 300 accounts and 60 groups in three scripts. Names are in `people.rs`, groups
//! and sentences in `talk.rs`, the random choices in `plan.rs` and `draws.rs`, roles, lists and files in `extras.rs`; this module writes
//! everything into the database, in one transaction, with its events.

pub(crate) mod draws;
mod extras;
pub(crate) mod people;
mod plan;
pub(crate) mod talk;

use domain::{
    Caller, Error, Permission, Result,
    account::{AccountType, checked::CheckedProfile, rules::Username},
    application::{AppId, Application, NewApplicationInput, rules::NewApplication},
    event::Action,
    group::{
        GroupType,
        rules::{GroupId, GroupName, Introduction},
    },
    limits::HOUR_MS,
    member::MemberRole,
    message::{
        SenderType,
        rules::{MessageText, Sender},
    },
};
use plan::{Person, Plan, Room};
use serde_json::{Value, json};
use store::{
    Scope, Store, account,
    change::{Change, ChangeSpec, NewEvent},
    db::AppTable,
    group, in_change, member, message,
};

use crate::checked;

/// The operator who sends messages in the sample.
const OPERATOR: &str = "admin";

/// Loads the sample app `demo/chat`; [`domain::Code::Taken`] at `app_name` when the app exists already.
pub async fn load(store: &Store) -> Result<Application> {
    let caller = Caller::system();
    let app =
        in_change!(ChangeSpec::of_server(store, &caller, Permission::Write, Action::ApplicationCreate, "demo/chat"), |change| {
            fill(change).await
        })?;
    match extras::share(Scope::new(store, &caller, app)).await {
        // A disk without room for files is no reason to refuse the sample.
        Err(Error::Storage(fault)) => tracing::warn!(?fault, "the sample app came without its shared files"),
        shared => shared?,
    }
    store::application::get(Scope::new(store, &caller, app)).await
}

async fn fill(change: &mut Change<'_>) -> Result<AppId> {
    let plan = plan::draw(change.at());
    let input = NewApplicationInput { display_name: "Demo Chat".into(), org_name: "demo".into(), app_name: "chat".into() };
    let first = plan.people.iter().map(|person| person.created_at).min().unwrap_or(change.at());
    let app = store::application::create_in(change, &NewApplication::parse(&input)?, first - HOUR_MS).await?;
    change.set_app(app);
    let accounts = add_accounts(change, app, &plan).await?;
    let groups = add_groups(change, app, &plan, &accounts).await?;
    add_members(change, app, &plan, &accounts, &groups).await?;
    add_messages(change, app, &plan, &groups).await?;
    extras::add(change, &plan, &accounts, &groups).await?;
    Ok(app)
}

fn event(target: &str, at: i64, after: Value) -> NewEvent {
    NewEvent { target: target.to_owned(), after: Some(after), at: Some(at), ..NewEvent::default() }
}

/// The keys of the accounts, in the plan's order.
async fn add_accounts(change: &mut Change<'_>, app: AppId, plan: &Plan) -> Result<Vec<i64>> {
    let kind = |admin| if admin { AccountType::Admin } else { AccountType::General };
    let first = change.app_keys(app, AppTable::Account, plan.people.len()).await?;
    let keys: Vec<i64> = (first..).take(plan.people.len()).collect();
    let row = |(person, &key): (&Person, &i64)| {
        let username = checked("username", Username::parse(&person.username))?.into();
        let profile = CheckedProfile::new(person.profile.clone())?;
        Ok(account::rows::row(&username, kind(person.admin), &profile, Some(person.created_at), Some(key)))
    };
    let rows = plan.people.iter().zip(&keys).map(row).collect::<Result<Vec<_>>>()?;
    let at = change.at();
    account::rows::insert_rows(change.transaction(), app, at, &rows).await?;
    let events = plan.people.iter().map(|person| {
        let after =
            json!({ "username": person.username, "type": kind(person.admin), "nickname": person.profile.nickname, "image": "" });
        event(&person.username, person.created_at, after)
    });
    change.events_of(Action::AccountCreate, events.collect()).await?;
    Ok(keys)
}

async fn add_groups(change: &mut Change<'_>, app: AppId, plan: &Plan, accounts: &[i64]) -> Result<Vec<i64>> {
    let first = change.app_keys(app, AppTable::Group, plan.rooms.len()).await?;
    let keys: Vec<i64> = (first..).take(plan.rooms.len()).collect();
    let row = |(room, &key): (&Room, &i64)| {
        let introduction = checked("introduction", Introduction::parse(room.introduction))?.into();
        let row = group::rows::NewRow {
            group_id: &checked("group_id", GroupId::parse(&room.group_id))?,
            group_type: room.group_type,
            name: &checked("name", GroupName::parse(room.name))?.into(),
            introduction: Some(&introduction),
            owner: room.owner.map(|owner| accounts[owner]),
            max_member_count: None,
            created_at: Some(room.created_at),
            key: Some(key),
            next_message: room.messages.len() as u64 + 1,
        };
        Ok(row.row())
    };
    let rows = plan.rooms.iter().zip(&keys).map(row).collect::<Result<Vec<_>>>()?;
    let at = change.at();
    group::rows::insert_rows(change.transaction(), app, at, &rows).await?;
    let made = |group_id: &str, name: &str, group_type: GroupType, owner: Option<usize>, at: i64| {
        let owner = owner.map(|owner| plan.people[owner].username.as_str());
        event(group_id, at, json!({ "group_id": group_id, "name": name, "type": group_type, "owner": owner }))
    };
    let rooms = plan.rooms.iter().map(|room| made(&room.group_id, room.name, room.group_type, room.owner, room.created_at));
    let passed =
        plan.passed.iter().map(|room| made(&room.group_id, room.name, room.group_type, Some(room.owner), room.created_at));
    // Deleted groups were never in the table: the log cannot look their names up.
    let passed = passed.zip(&plan.passed).map(|(event, room)| NewEvent { name: Some(room.name.to_owned()), ..event });
    change.events_of(Action::GroupCreate, rooms.chain(passed).collect()).await?;
    let deleted = plan.passed.iter().map(|room| {
        let owner = plan.people[room.owner].username.as_str();
        NewEvent {
            target: room.group_id.clone(),
            name: Some(room.name.to_owned()),
            before: Some(json!({ "group_id": room.group_id, "name": room.name, "owner": owner, "member_count": 1 })),
            at: Some(room.deleted_at),
            ..NewEvent::default()
        }
    });
    change.events_of(Action::GroupDelete, deleted.collect()).await?;
    Ok(keys)
}

async fn add_members(change: &mut Change<'_>, app: AppId, plan: &Plan, accounts: &[i64], groups: &[i64]) -> Result<()> {
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (room, &group) in plan.rooms.iter().zip(groups) {
        for &(person, joined_at) in &room.members {
            let role = if Some(person) == room.owner { MemberRole::Owner } else { MemberRole::Member };
            // Messages are in order of time, so that the last one found is the latest.
            let spoke = room.messages.iter().rev().find(|message| message.0 == Some(person)).map(|message| message.2);
            rows.push((group, accounts[person], role, Some(joined_at), spoke));
            if role == MemberRole::Member {
                let after = json!({ "username": plan.people[person].username, "role": role });
                events.push(event(&room.group_id, joined_at, after));
            }
        }
    }
    let at = change.at();
    member::rows::insert_rows(change.transaction(), app, at, &rows).await?;
    change.events_of(Action::MemberAdd, events).await
}

async fn add_messages(change: &mut Change<'_>, app: AppId, plan: &Plan, groups: &[i64]) -> Result<()> {
    let (mut texts, mut events) = (Vec::new(), Vec::new());
    for message in plan.rooms.iter().flat_map(|room| &room.messages) {
        texts.push(checked("text", MessageText::parse(message.1))?);
    }
    let (mut rows, mut texts) = (Vec::with_capacity(texts.len()), texts.iter());
    for (room, &group) in plan.rooms.iter().zip(groups) {
        for ((seq, &(person, _, sent_at)), text) in (1_u64..).zip(&room.messages).zip(texts.by_ref()) {
            let (sender_type, sender) = match person {
                Some(person) => (SenderType::Account, plan.people[person].username.as_str()),
                None => (SenderType::Operator, OPERATOR),
            };
            let sender = checked("sender", Sender::parse(sender))?;
            rows.push(message::rows::NewRow { group, seq, sender_type, sender, text, sent_at });
            let length = text.as_str().chars().count();
            events.push(event(&room.group_id, sent_at, json!({ "seq": seq, "length": length })));
        }
    }
    message::rows::insert_rows(change.transaction(), app, &rows).await?;
    change.events_of(Action::MessageSend, events).await
}
