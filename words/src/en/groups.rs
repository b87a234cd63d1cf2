//! English: groups: their list and dialogs, and what the page of one begins with.

use super::plural;
use crate::shape::groups::GroupWords;

pub(super) const WORDS: GroupWords = GroupWords {
    title: "Group Management",
    lead: "The groups of this app: add, look into, message and delete them.",
    add_group: "Add Group",
    delete_groups: "Delete Groups",
    delete_group: "Delete group",
    send_messages: "Send Messages",
    disband: "Delete",
    filter_groups: "Filter groups",
    search_groups: "Search group ID or name",
    all_types: "All types",
    group_id: "Group ID",
    group_name: "Group Name",
    group_owner: "Group Owner",
    group_owner_id: "Group Owner ID",
    group_type: "Group Type",
    type_column: "Type",
    type_work: "Work",
    type_public: "Public",
    type_meeting: "Meeting",
    type_av: "Audio-video",
    no_member_list: "No member list",
    no_owner: "No owner",
    no_groups: "No groups yet.",
    no_groups_help: "Add the first one, with or without an owner.",
    group_name_help: "A Chinese or Korean character takes three bytes.",
    owner_help: "Optional. The username of a registered account.",
    group_type_help: "Audio-video groups keep no member list. The type cannot be changed later.",
    custom_group_id: "Custom group ID",
    custom_id_help: "Optional. Printable ASCII, not beginning with @TGS#. Without one, Roster gives an ID.",
    delete_one_group: |name, members, messages| {
        format!(
            "Delete group “{name}” with {} and {}?",
            plural(members, "member", "members"),
            plural(messages, "message", "messages")
        )
    },
    delete_many_groups: |groups, members, messages| {
        format!(
            "Delete {} with {} and {}?",
            plural(groups, "group", "groups"),
            plural(members, "member", "members"),
            plural(messages, "message", "messages")
        )
    },
    delete_groups_warning: "All information of a deleted group is gone and cannot be recovered. The accounts stay.",
    confirm_delete_group: "Delete group",
    confirm_delete_groups: |number| format!("Delete {number} groups"),
    group_details: "Group Details",
    basic_information: "Basic information",
    edit_group: "Edit group",
    group_introduction: "Group introduction",
    members_of_max: |n, max| format!("{n} of at most {max}"),
};
