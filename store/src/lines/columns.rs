//! The SQL of every column that can be exported.

use domain::export::{Column, ExportList};

/// The key of a column and the SQL of its value.
type Sql = (&'static str, &'static str);

/// The SQL of a column's value; the table of the list is `t`.
pub fn sql(list: ExportList, column: &Column) -> &'static str {
    let all = of(list);
    // Each list has all its columns here, which the compiler checks below.
    all.iter().find(|(key, _)| *key == column.key).map_or("NULL", |(_, sql)| sql)
}

const fn of(list: ExportList) -> &'static [Sql] {
    match list {
        ExportList::Accounts => ACCOUNTS,
        ExportList::Groups => GROUPS,
        ExportList::Members => MEMBERS,
        ExportList::Messages => MESSAGES,
        ExportList::Events => EVENTS,
    }
}

const _: () = {
    let mut list = 0;
    while list < ExportList::ALL.len() {
        assert!(ExportList::ALL[list].is_whole(of(ExportList::ALL[list])), "a column of an export has no SQL");
        list += 1;
    }
};

const ACCOUNTS: &[Sql] = &[
    ("username", "t.username"),
    ("type", "t.type"),
    ("nickname", "t.nickname"),
    ("gender", "t.gender"),
    ("birthday", "t.birthday"),
    ("location", "t.location"),
    ("self_signature", "t.self_signature"),
    ("allow_type", "t.allow_type"),
    ("language", "t.language"),
    ("image", "t.image"),
    ("msg_settings", "t.msg_settings"),
    ("admin_forbid_type", "t.admin_forbid_type"),
    ("level", "t.level"),
    ("role", "t.role"),
    ("created_at", "t.created_at"),
];

/// The owner's account is `o`.
const GROUPS: &[Sql] = &[
    ("group_id", "t.group_id"),
    ("name", "t.name"),
    ("type", "t.type"),
    ("owner", "o.username"),
    ("introduction", "t.introduction"),
    ("member_count", "CASE WHEN t.type = 'AVChatRoom' THEN NULL ELSE t.member_count END"),
    ("max_member_count", "t.max_member_count"),
    ("message_count", "t.message_count"),
    ("created_at", "t.created_at"),
];

/// The account is `a`.
const MEMBERS: &[Sql] = &[
    ("group_id", "(SELECT g.group_id FROM \"group\" g WHERE g.id = t.group_key)"),
    ("username", "a.username"),
    ("nickname", "a.nickname"),
    ("role", "t.role"),
    ("joined_at", "t.joined_at"),
    ("last_spoke_at", "t.last_spoke_at"),
];

const MESSAGES: &[Sql] = &[
    ("group_id", "(SELECT g.group_id FROM \"group\" g WHERE g.id = t.group_key)"),
    ("seq", "t.seq"),
    ("sender_type", "t.sender_type"),
    ("sender", "t.sender"),
    ("text", "t.text"),
    ("sent_at", "t.sent_at"),
];

const EVENTS: &[Sql] = &[
    ("id", "t.id"),
    ("at", "t.at"),
    ("scope", "CASE t.app_id WHEN 0 THEN 'server' ELSE 'app' END"),
    ("actor", "t.actor"),
    ("operator", "CASE WHEN t.actor = 'anonymous' THEN '' ELSE t.operator END"),
    ("through", "t.through"),
    ("action", "t.action"),
    ("target", "t.target"),
    ("target_name", "t.target_name"),
    ("outcome", "t.outcome"),
    ("before", "t.state_before"),
    ("after", "t.state_after"),
    ("address", "t.address"),
];
