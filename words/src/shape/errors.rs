//! What was wrong, and what to do.

use domain::page::Reason;

pub struct ErrorWords {
    pub several: fn(u64) -> String,
    pub bad_address: &'static str,
    pub not_found_application: &'static str,
    pub not_found_account: &'static str,
    pub not_found_group: &'static str,
    pub not_found_other: &'static str,
    pub not_found_export: &'static str,
    pub not_found_link: &'static str,
    pub unauthenticated: &'static str,
    pub forbidden: &'static str,
    pub sign_in_refused: &'static str,
    pub throttled: fn(u64) -> String,
    pub no_member_list: &'static str,
    pub last_owner: &'static str,
    pub oneself: &'static str,
    pub already_set_up: &'static str,
    pub changed_meanwhile: &'static str,
    pub busy: &'static str,
    pub internal: &'static str,
    pub disk_full: &'static str,
    pub disk_read_only: &'static str,
    pub transport: &'static str,
    pub bad_request: &'static str,
    pub required: &'static str,
    pub too_many_bytes: fn(String, String) -> String,
    pub too_many_chars: fn(String, String) -> String,
    pub too_few_chars: fn(String, String) -> String,
    pub not_printable_ascii: &'static str,
    pub not_username: &'static str,
    pub not_app_key: &'static str,
    pub reserved_prefix: &'static str,
    pub reserved_name: &'static str,
    pub dots_only: &'static str,
    pub nul_character: &'static str,
    pub control_character: &'static str,
    pub blank: &'static str,
    pub not_http_url: &'static str,
    pub not_date: &'static str,
    pub not_time: &'static str,
    pub not_number: fn(String, String) -> String,
    pub not_choice: &'static str,
    pub taken: &'static str,
    pub not_registered: fn(String) -> String,
    pub too_many_admins: fn(String) -> String,
    pub too_many_items: fn(String, String) -> String,
    pub count_mismatch: fn(String) -> String,
    pub wrong_password: &'static str,
    pub common_password: &'static str,
    pub mismatch: &'static str,
    pub malformed: &'static str,
    pub reason_not_registered: &'static str,
    pub reason_already_member: &'static str,
    pub reason_group_full: &'static str,
    pub reason_owner: &'static str,
    pub gone: &'static str,
    pub reason_not_member: &'static str,
    pub reason_blocked: &'static str,
    pub reason_too_many_groups: &'static str,
    pub reason_too_many_admins: &'static str,
    pub reason_not_admin: &'static str,
    pub reason_not_blocked: &'static str,
    /// The same of somebody: who, why.
    pub refused: fn(&str, Reason) -> String,
    /// So many more were refused.
    pub refused_more: fn(u64, String) -> String,
    pub hidden_character: &'static str,
    pub mixed_scripts: &'static str,
    pub not_address: fn(&str) -> String,
    pub grant_off: &'static str,
}

impl ErrorWords {
    /// Why a row of an import cannot become a membership; the reasons that imports know otherwise are not asked for.
    pub fn barred(&self, reason: Reason) -> String {
        let text = match reason {
            Reason::Blocked => self.reason_blocked,
            Reason::TooManyGroups => self.reason_too_many_groups,
            Reason::TooManyAdmins => self.reason_too_many_admins,
            Reason::NotMember
            | Reason::NotRegistered
            | Reason::AlreadyMember
            | Reason::GroupFull
            | Reason::Owner
            | Reason::NotAdmin
            | Reason::NotBlocked => self.reason_not_member,
        };
        text.to_owned()
    }
}
