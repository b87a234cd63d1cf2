//! English: members of a group, their roles, and who owns it.

use domain::member::MemberAction;

use crate::shape::members::MemberWords;

fn members(n: u64, number: &str) -> String {
    if n == 1 { "1 member".to_owned() } else { format!("{number} members") }
}

fn accounts(n: u64, number: &str) -> String {
    if n == 1 { "1 account".to_owned() } else { format!("{number} accounts") }
}

pub(super) const WORDS: MemberWords = MemberWords {
    members: "Members",
    member_management: "Group member management",
    av_no_members: "Audio-video groups keep no member list: who watches comes and goes without being stored.",
    search_members: "Search members",
    add_member: "Add Member",
    delete_members: "Delete Members",
    delete_member: "Delete member",
    delete_members_question: |n, number| {
        if n == 1 {
            "Delete this member from the group?".to_owned()
        } else {
            format!("Delete these {number} members from the group?")
        }
    },
    delete_members_help: "They no longer belong to the group. Their accounts and messages stay.",
    join_time: "Join Time",
    last_speak_time: "Last Speak Time",
    role: "Role",
    owner: "Owner",
    admin: "Admin",
    member: "Member",
    owner_cannot_be_deleted: "The owner cannot be deleted from the group.",
    no_members: "No members yet.",
    pages: "Pages of members",
    delete_members_confirm: |n, number| if n == 1 { "Delete member".to_owned() } else { format!("Delete {number} members") },
    all_roles: "All roles",
    actions: "Actions",
    owner_stays: "The owner’s role changes when the group is transferred to another member.",
    work: |work| match work {
        MemberAction::SetAdmin => "Set as admin",
        MemberAction::UnsetAdmin => "Cancel admin",
        MemberAction::Mute => "Mute",
        MemberAction::Unmute => "Unmute",
        MemberAction::Block => "Block",
        MemberAction::Unblock => "Unblock",
        MemberAction::Allow => "Add to allow list",
        MemberAction::Disallow => "Take off allow list",
    },
    work_question: |work, n, number| match work {
        MemberAction::SetAdmin => format!(
            "Make {} admin of this group?",
            if n == 1 { "this member".to_owned() } else { format!("these {number} members") }
        ),
        MemberAction::UnsetAdmin => format!(
            "Make {} an ordinary member again?",
            if n == 1 { "this admin".to_owned() } else { format!("each of these {number} admins") }
        ),
        MemberAction::Mute => {
            format!("Mute {} in this group?", if n == 1 { "this member".to_owned() } else { format!("these {number} members") })
        }
        MemberAction::Unmute => {
            format!("Let {} speak again?", if n == 1 { "this account".to_owned() } else { format!("these {number} accounts") })
        }
        MemberAction::Block => format!(
            "Block {} from this group?",
            if n == 1 { "this member".to_owned() } else { format!("these {number} members") }
        ),
        MemberAction::Unblock => {
            format!("Take {} off the block list?", if n == 1 { "this account".to_owned() } else { accounts(n, &number) })
        }
        MemberAction::Allow => {
            format!("Put {} on the allow list?", if n == 1 { "this member".to_owned() } else { members(n, &number) })
        }
        MemberAction::Disallow => {
            format!("Take {} off the allow list?", if n == 1 { "this member".to_owned() } else { members(n, &number) })
        }
    },
    work_help: |work, one| match work {
        MemberAction::SetAdmin => "Admins manage members and mutes. A group has at most 99.",
        MemberAction::UnsetAdmin if one => "They stay a member.",
        MemberAction::UnsetAdmin => "They stay members.",
        MemberAction::Mute if one => {
            "They stay a member and read, but cannot speak until the mute ends. It stays if they leave and rejoin."
        }
        MemberAction::Mute => {
            "They stay members and read, but cannot speak until the mute ends. It stays if they leave and rejoin."
        }
        MemberAction::Unmute => "Their mute ends now.",
        MemberAction::Block => "They leave the group and cannot be added again until they are unblocked.",
        MemberAction::Unblock if one => "They do not become a member again by this, but can be added.",
        MemberAction::Unblock => "They do not become members again by this, but can be added.",
        MemberAction::Allow => "Members on the allow list may speak while everybody is muted.",
        MemberAction::Disallow => "They are muted with everybody else.",
    },
    work_done: |work, n, number| {
        let (members, accounts) = (members(n, &number), accounts(n, &number));
        match work {
            MemberAction::SetAdmin => format!("{members} made admin."),
            MemberAction::UnsetAdmin => format!("{members} no longer admin."),
            MemberAction::Mute => format!("{members} muted."),
            MemberAction::Unmute => format!("{accounts} unmuted."),
            MemberAction::Block => format!("{members} blocked."),
            MemberAction::Unblock => format!("{accounts} unblocked."),
            MemberAction::Allow => format!("{members} put on the allow list."),
            MemberAction::Disallow => format!("{members} taken off the allow list."),
        }
    },
    transfer: "Transfer ownership",
    transfer_one: "A group can be transferred to one member only.",
    transfer_question: |group, to| format!("Make {to} the owner of “{group}”?"),
    transfer_help: |from, to| {
        format!("{to} gets all rights of the owner. {from} stays as an ordinary member and loses them at once.")
    },
    transfer_unowned: |to| format!("The group has no owner. {to} gets all rights of one."),
    transferred: |to| format!("{to} owns the group now."),
    members_help: "Members of this group, one or many: separated by lines, commas or spaces.",
    find_member: "Find a member",
    no_action: "Nothing can be done here to this account: it is no member of this group any more.",
};
