//! English: the tabs of a group: overview, settings, announcement.

use crate::shape::group_tabs::GroupTabWords;

pub(super) const WORDS: GroupTabWords = GroupTabWords {
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
    edit_announcement: "Edit announcement",
    announcement_help: "Empty takes the announcement away.",
    announced_at: "Changed",
    no_announcement: "No announcement yet.",
    settings_saved: "Settings saved.",
    announced: "Announcement saved.",
};
