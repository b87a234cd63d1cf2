//! Members of a group, their roles, and who owns it.

use domain::member::MemberAction;

pub struct MemberWords {
    pub members: &'static str,
    pub member_management: &'static str,
    pub av_no_members: &'static str,
    pub search_members: &'static str,
    pub add_member: &'static str,
    pub delete_members: &'static str,
    pub delete_member: &'static str,
    pub delete_members_question: fn(u64, String) -> String,
    pub delete_members_help: &'static str,
    pub join_time: &'static str,
    pub last_speak_time: &'static str,
    pub role: &'static str,
    pub owner: &'static str,
    pub admin: &'static str,
    pub member: &'static str,
    pub owner_cannot_be_deleted: &'static str,
    pub no_members: &'static str,
    pub pages: &'static str,
    pub delete_members_confirm: fn(u64, String) -> String,
    pub all_roles: &'static str,
    pub actions: &'static str,
    pub owner_stays: &'static str,
    /// What is done, as a button says it.
    pub work: fn(MemberAction) -> &'static str,
    pub work_question: fn(MemberAction, u64, String) -> String,
    /// Of one account, or else of many.
    pub work_help: fn(MemberAction, bool) -> &'static str,
    pub work_done: fn(MemberAction, u64, String) -> String,
    pub transfer: &'static str,
    pub transfer_one: &'static str,
    /// Group, new owner.
    pub transfer_question: fn(String, String) -> String,
    /// Owner so far, new owner.
    pub transfer_help: fn(String, String) -> String,
    pub transfer_unowned: fn(String) -> String,
    pub transferred: fn(String) -> String,
    pub members_help: &'static str,
    pub find_member: &'static str,
    pub no_action: &'static str,
}
