//! A group's tabs in English.

use domain::member::{MemberList, MemberWork};

use super::GroupPageWords;

fn members(n: u64, number: &str) -> String {
    if n == 1 { "1 member".to_owned() } else { format!("{number} members") }
}

fn accounts(n: u64, number: &str) -> String {
    if n == 1 { "1 account".to_owned() } else { format!("{number} accounts") }
}

pub const EN: GroupPageWords = GroupPageWords {
    tabs: "Parts of this group",
    overview: "Overview",
    announcement: "Announcement",
    files: "Files",
    messages: "Messages",
    lists: "Block list & mutes",
    activity: "Activity",
    in_audit_log: "Open in the audit log",
    settings: "Settings",
    edit_settings: "Group settings",
    max_members: "Member limit",
    max_members_help: |max| format!("Empty: as many as the type allows, {max}. A lower limit removes nobody."),
    public: "Can be found",
    members_only: "Joining needs approval",
    members_only_help: "The owner or an admin approves who asks to join.",
    allow_invites: "Members may invite",
    allow_invites_help: "Owner and admins may in any case.",
    invite_need_confirm: "Invited users must accept",
    custom: "Custom text",
    avatar: "Avatar",
    custom_help: "For the app’s back end; members see what the app shows of it.",
    yes: "Yes",
    no: "No",
    speaking: "Mute all",
    all_muted: "On",
    all_speak: "Off",
    mute_all: "Mute everybody",
    let_speak: "Let everybody speak",
    edit_announcement: "Edit announcement",
    announcement_help: "Empty takes the announcement away.",
    announced_at: "Changed",
    no_announcement: "No announcement yet.",
    all_roles: "All roles",
    actions: "Actions",
    owner_stays: "The owner’s role changes when the group is transferred to another member.",
    muted_until: "Muted until",
    muted_for_ever: "Muted for ever",
    for_ever: "for ever",
    work: |work| match work {
        MemberWork::SetAdmin => "Set as admin",
        MemberWork::UnsetAdmin => "Cancel admin",
        MemberWork::Mute => "Mute",
        MemberWork::Unmute => "Unmute",
        MemberWork::Block => "Block",
        MemberWork::Unblock => "Unblock",
        MemberWork::Allow => "Add to allow list",
        MemberWork::Disallow => "Take off allow list",
    },
    work_question: |work, n, number| match work {
        MemberWork::SetAdmin => format!(
            "Make {} admin of this group?",
            if n == 1 { "this member".to_owned() } else { format!("these {number} members") }
        ),
        MemberWork::UnsetAdmin => format!(
            "Make {} an ordinary member again?",
            if n == 1 { "this admin".to_owned() } else { format!("each of these {number} admins") }
        ),
        MemberWork::Mute => {
            format!("Mute {} in this group?", if n == 1 { "this member".to_owned() } else { format!("these {number} members") })
        }
        MemberWork::Unmute => {
            format!("Let {} speak again?", if n == 1 { "this account".to_owned() } else { format!("these {number} accounts") })
        }
        MemberWork::Block => format!(
            "Block {} from this group?",
            if n == 1 { "this member".to_owned() } else { format!("these {number} members") }
        ),
        MemberWork::Unblock => {
            format!("Take {} off the block list?", if n == 1 { "this account".to_owned() } else { accounts(n, &number) })
        }
        MemberWork::Allow => {
            format!("Put {} on the allow list?", if n == 1 { "this member".to_owned() } else { members(n, &number) })
        }
        MemberWork::Disallow => {
            format!("Take {} off the allow list?", if n == 1 { "this member".to_owned() } else { members(n, &number) })
        }
    },
    work_help: |work, one| match work {
        MemberWork::SetAdmin => "Admins manage members and mutes. A group has at most 99.",
        MemberWork::UnsetAdmin if one => "They stay a member.",
        MemberWork::UnsetAdmin => "They stay members.",
        MemberWork::Mute if one => {
            "They stay a member and read, but cannot speak until the mute ends. It stays if they leave and rejoin."
        }
        MemberWork::Mute => {
            "They stay members and read, but cannot speak until the mute ends. It stays if they leave and rejoin."
        }
        MemberWork::Unmute => "Their mute ends now.",
        MemberWork::Block => "They leave the group and cannot be added again until they are unblocked.",
        MemberWork::Unblock if one => "They do not become a member again by this, but can be added.",
        MemberWork::Unblock => "They do not become members again by this, but can be added.",
        MemberWork::Allow => "Members on the allow list may speak while everybody is muted.",
        MemberWork::Disallow => "They are muted with everybody else.",
    },
    work_done: |work, n, number| {
        let (members, accounts) = (members(n, &number), accounts(n, &number));
        match work {
            MemberWork::SetAdmin => format!("{members} made admin."),
            MemberWork::UnsetAdmin => format!("{members} no longer admin."),
            MemberWork::Mute => format!("{members} muted."),
            MemberWork::Unmute => format!("{accounts} unmuted."),
            MemberWork::Block => format!("{members} blocked."),
            MemberWork::Unblock => format!("{accounts} unblocked."),
            MemberWork::Allow => format!("{members} put on the allow list."),
            MemberWork::Disallow => format!("{members} taken off the allow list."),
        }
    },
    duration: "How long",
    duration_word: |word| match word {
        "10m" => "10 minutes",
        "1h" => "1 hour",
        "1d" => "1 day",
        "7d" => "7 days",
        "30d" => "30 days",
        _ => "For ever",
    },
    until_choice: "Until a date and time",
    until: "Until",
    until_utc: "Until (UTC)",
    until_help: "Only for “Until a date and time”.",
    until_utc_help: "Only for “Until a date and time”. In UTC; shown in your own time afterwards.",
    not_future: "Enter a moment that is still to come.",
    transfer: "Transfer ownership",
    transfer_one: "A group can be transferred to one member only.",
    transfer_question: |group, to| format!("Make {to} the owner of “{group}”?"),
    transfer_help: |from, to| {
        format!("{to} gets all rights of the owner. {from} stays as an ordinary member and loses them at once.")
    },
    transfer_unowned: |to| format!("The group has no owner. {to} gets all rights of one."),
    list: |list| match list {
        MemberList::Block => "Block list",
        MemberList::Mute => "Muted",
        MemberList::Allow => "Allow list",
    },
    list_help: |list| match list {
        MemberList::Block => "These accounts were removed and cannot be added until they are unblocked.",
        MemberList::Mute => {
            "These members cannot speak in the group until their mute ends. Members who leave and come back are still muted."
        }
        MemberList::Allow => "These members may speak while everybody is muted. Owner and admins may without standing here.",
    },
    nobody_listed: |list| match list {
        MemberList::Block => "Nobody is blocked.",
        MemberList::Mute => "Nobody is muted.",
        MemberList::Allow => "The allow list is empty.",
    },
    listed_at: "Since",
    members_help: "Members of this group, one or many: separated by lines, commas or spaces.",
    find_member: "Find a member",
    no_action: "Nothing can be done here to this account: it is no member of this group any more.",
    table_of: |name| format!("{name}: table"),
    shared_files: "Shared files",
    search_files: "Search file name or owner",
    upload_file: "Upload file",
    delete_files: "Delete files",
    delete_files_question: |n, number| {
        if n == 1 { "Delete this file?".to_owned() } else { format!("Delete these {number} files?") }
    },
    delete_files_confirm: |n, number| if n == 1 { "Delete file".to_owned() } else { format!("Delete {number} files") },
    no_files: "No files yet.",
    file: "File",
    file_help: |mb| format!("At most {mb} MB."),
    file_name: "Name",
    file_id: "File ID",
    file_size: "Size",
    file_owner: "Shared by",
    by_server: "The server",
    shared_at: "Shared",
    settings_saved: "Settings saved.",
    announced: "Announcement saved.",
    everybody_muted: "Everybody is muted now.",
    everybody_speaks: "Everybody may speak again.",
    transferred: |to| format!("{to} owns the group now."),
    file_shared: "File shared.",
    files_deleted: |n, number| if n == 1 { "1 file deleted.".to_owned() } else { format!("{number} files deleted.") },
};
