//! English: what the status line says after a change.

use crate::shape::done::DoneWords;

pub(super) const WORDS: DoneWords = DoneWords {
    group_added: |id| format!("Group {id} added."),
    group_saved: "Group saved.",
    groups_deleted: |n, number| format!("{number} {}", if n == 1 { "group deleted." } else { "groups deleted." }),
    members_added: |n, number| format!("{number} {}", if n == 1 { "member added." } else { "members added." }),
    members_deleted: |n, number| format!("{number} {}", if n == 1 { "member deleted." } else { "members deleted." }),
    messages_sent: |n, number| format!("Message sent to {number} {}.", if n == 1 { "group" } else { "groups" }),
    account_created: "Account created.",
    account_saved: "Account saved.",
    accounts_deleted: |n, number| format!("{number} {}", if n == 1 { "account deleted." } else { "accounts deleted." }),
    app_created: "App created.",
    app_saved: "Settings saved.",
    role_changed: "Role changed.",
    operator_disabled: "Operator disabled.",
    operator_enabled: "Operator enabled.",
    password_changed: "Password changed. Your other sessions have ended.",
    session_ended: "Session ended.",
    sessions_ended: "Your other sessions have ended.",
    not_done: |n, number| format!("{number} {} not done", if n == 1 { "item was" } else { "items were" }),
    download_list: "Download this list",
};
