//! English: accounts: their list, their dialogs, and the page of one.

use super::plural;
use crate::shape::accounts::AccountWords;

pub(super) const WORDS: AccountWords = AccountWords {
    title: "Account Management",
    lead: "The accounts of this app: create, edit, export and delete them.",
    create_account: "Create account",
    batch_delete: "Batch Delete",
    batch_export: "Batch Export",
    filter_accounts: "Filter accounts",
    search_accounts: "Search username or nickname",
    account_type: "Account Type",
    type_general: "General",
    type_admin: "Admin",
    account_type_help: "Admins have the app’s highest permissions; an app has at most 10. The type cannot be changed later.",
    username: "Username",
    username_help: "Printable ASCII without spaces. It cannot be changed later.",
    nickname: "Nickname",
    profile_photo: "Profile Photo",
    photo_help: "Optional. An address that begins with http:// or https://.",
    no_accounts: "No accounts yet.",
    edit_account: "Edit account",
    gender: "Gender",
    gender_unset: "Not set",
    gender_female: "Female",
    gender_male: "Male",
    birth_date: "Birth Date",
    location: "Location",
    profile_language: "Language",
    number_help: "A number that your app defines.",
    signature: "What’s Up",
    friend_verification: "Friend Request Verification",
    allow_need_confirm: "Needs confirmation",
    allow_any: "Anyone may add",
    allow_deny: "Nobody may add",
    friending: "Friending",
    friending_allowed: "May send friend requests",
    friending_forbidden: "May not send friend requests",
    message_settings: "Message settings",
    messages_receive: "Receive messages",
    messages_do_not_receive: "Do not receive messages",
    level: "Level",
    role: "Role",
    delete_accounts: "Delete accounts",
    delete_accounts_question: |accounts, memberships| {
        format!(
            "Delete {} with {}?",
            plural(accounts, "account", "accounts"),
            plural(memberships, "group membership", "group memberships")
        )
    },
    delete_accounts_warning: "Data cannot be restored once deleted.",
    become_ownerless: |n, number| {
        if n == 1 {
            "1 group that they own becomes ownerless.".to_owned()
        } else {
            format!("{number} groups that they own become ownerless.")
        }
    },
    find_account: "Find an account",
    usernames: "Usernames",
    usernames_help: "Registered accounts, one or many: separated by lines, commas or spaces.",
    usernames_counted: |n| plural(n, "username", "usernames"),
    details: "Account details",
    profile: "Profile",
    its_groups: "Groups of this account",
    owned_groups: "Groups it owns",
    owned_pages: "Pages of owned groups",
    in_no_group: "It belongs to no group.",
    owns_no_group: "It owns no group.",
    latest_events: "Latest events",
    all_events: "All in the audit log",
    delete_accounts_confirm: |n, number| if n == 1 { "Delete account".to_owned() } else { format!("Delete {number} accounts") },
};
