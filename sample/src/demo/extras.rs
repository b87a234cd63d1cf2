//! The parts of the larger sample groups besides members and messages: admins, an announcement, mutes, a blocked account, an
//! account on the allow list, shared files.

use domain::{
    Result,
    event::Action,
    group::rules::Announcement,
    limits::{DAY_MS, MUTED_FOREVER},
};
use serde_json::json;
use store::{
    Scope,
    change::{Change, NewEvent},
    file::Upload,
    group, member,
};

use super::{event, plan::Plan};
use crate::checked;

/// The announcements of the first groups of the sample, in their languages.
const ANNOUNCEMENTS: [&str; 3] = [
    "The office is closed from 24 December to 1 January.\nOn-call stays on call; everybody else, enjoy the quiet.",
    "元旦假期：1 月 1 日放假一天。\n如需值班请提前登记。",
    "12월 25일과 1월 1일은 휴무입니다.\n당직 일정은 당직 교대 방을 확인하세요.",
];

/// Name and content of the files that the first group shares.
const FILES: [(&str, &str); 2] = [
    ("Holidays 2026.csv", "Date,Day off\n2026-12-24,Christmas Eve\n2026-12-25,Christmas Day\n2026-12-31,New Year’s Eve\n"),
    ("사무실 안내 · 办公室指南.md", "# Offices\n\n- Lisbon: Rua Nova 12\n- 深圳: 科技园 8 号楼\n- 서울: 테헤란로 21\n"),
];

/// Everything but the files. `accounts` and `groups` are the keys in the plan's order.
pub(super) async fn add(change: &mut Change<'_>, plan: &Plan, accounts: &[i64], groups: &[i64]) -> Result<()> {
    let now = change.at();
    let (mut roles, mut announced, mut mutes, mut blocks, mut allowed) = (vec![], vec![], vec![], vec![], vec![]);
    let (mut admins, mut listed) = (vec![], vec![]);
    for ((room, &key), text) in plan.rooms.iter().zip(groups).zip(ANNOUNCEMENTS) {
        // The groups are months old, and nothing happens in the future.
        let at = now - DAY_MS;
        let announcement = checked("announcement", Announcement::parse(text))?;
        group::rows::set_announcement(change.db(), key, &announcement, at).await?;
        announced.push(changed(&room.group_id, at, json!({ "announcement": "" }), json!({ "announcement": text })));
        let name = |person: usize| plan.people[person].username.as_str();
        // The first member is the owner.
        let mut members = room.members.iter().skip(1).map(|(person, _)| *person);
        for person in members.by_ref().take(2) {
            admins.push((key, accounts[person]));
            let (before, after) = (json!({ "role": "Member" }), json!({ "username": name(person), "role": "Admin" }));
            roles.push(changed(&room.group_id, at, before, after));
        }
        for (person, until) in members.by_ref().take(2).zip([now + 7 * DAY_MS, MUTED_FOREVER]) {
            listed.push((key, "mute", accounts[person], at, Some(until)));
            mutes.push(event(&room.group_id, at, json!({ "username": name(person), "muted_until": until })));
        }
        for person in members.take(1) {
            listed.push((key, "allow", accounts[person], at, None));
            allowed.push(event(&room.group_id, at, json!({ "username": name(person) })));
        }
        let stranger = (0..plan.people.len()).find(|person| room.members.iter().all(|(member, _)| member != person));
        if let Some(person) = stranger {
            listed.push((key, "block", accounts[person], at, None));
            blocks.push(event(&room.group_id, at, json!({ "username": name(person) })));
        }
    }
    member::rows::make_admins(change.db(), &admins).await?;
    member::rows::insert_listed(change.db(), &listed).await?;
    change.events_of(Action::GroupAnnounce, announced).await?;
    change.events_of(Action::MemberRole, roles).await?;
    change.events_of(Action::MemberMute, mutes).await?;
    change.events_of(Action::MemberAllow, allowed).await?;
    change.events_of(Action::MemberBlock, blocks).await
}

fn changed(target: &str, at: i64, before: serde_json::Value, after: serde_json::Value) -> NewEvent {
    NewEvent { before: Some(before), ..event(target, at, after) }
}

/// Shares the files, once the groups exist: each is a change of its own, as every file is.
pub(super) async fn share(scope: Scope<'_>) -> Result<()> {
    let first = group::rows::first_id(scope.store, scope.app).await?;
    let Some(group_id) = first else { return Ok(()) };
    for (name, content) in FILES {
        let mut upload = Upload::begin(scope, &group_id).await?;
        upload.write(content.as_bytes()).await?;
        upload.finish(name).await?;
    }
    Ok(())
}
