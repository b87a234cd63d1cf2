//! From the codes of the domain to sentences: the one table for all pages.

use domain::{
    Code, Error,
    error::{Conflict, Entity, StorageFault},
    page::{Reason, Refusal},
};

use super::Strings;
use crate::number::{number, signed, size};

/// What is wrong with one field.
pub fn code_sentence(t: &Strings, code: &Code) -> String {
    let e = &t.errors;
    let n = |n: usize| number(n as u64);
    let text: &str = match code {
        Code::TooManyBytes { max, actual } => return (e.too_many_bytes)(n(*max), n(*actual)),
        Code::TooManyChars { max, actual } => return (e.too_many_chars)(n(*max), n(*actual)),
        Code::TooFewChars { min, actual } => return (e.too_few_chars)(n(*min), n(*actual)),
        Code::NotNumber { min, max } => return (e.not_number)(signed(*min), signed(*max)),
        Code::NotRegistered(names) => return (e.not_registered)(names.join(", ")),
        Code::TooManyAdmins { max } => return (e.too_many_admins)(number((*max).into())),
        Code::TooManyItems { max, actual } => return (e.too_many_items)(n(*max), n(*actual)),
        Code::NotAddress(word) => return (t.errors.not_address)(word),
        Code::Refused(refusals) => return refused_sentences(t, refusals),
        Code::CountMismatch { expected } => return (e.count_mismatch)(number(*expected)),
        Code::FileTooLarge { max } => return (t.files.file_too_large)(max / (1024 * 1024)),
        Code::GroupFilesFull { max } => return (t.quotas.group_files_full)(size(*max)),
        Code::AppFilesFull { max } => return (t.quotas.app_files_full)(size(*max)),
        Code::NotSize => t.quotas.not_size,
        Code::File(problem) => return (t.imports.problem)(problem),
        Code::RowsExist { rows } => return (t.imports.rows_exist)(*rows),
        Code::Required => e.required,
        Code::NotPrintableAscii => e.not_printable_ascii,
        Code::NotUsername => e.not_username,
        Code::NotAppKey => e.not_app_key,
        Code::ReservedPrefix => e.reserved_prefix,
        Code::ReservedName => e.reserved_name,
        Code::DotsOnly => e.dots_only,
        Code::NulCharacter => e.nul_character,
        Code::ControlCharacter => e.control_character,
        Code::HiddenCharacter => t.errors.hidden_character,
        Code::MixedScripts => t.errors.mixed_scripts,
        Code::Blank => e.blank,
        Code::NotHttpUrl => e.not_http_url,
        Code::NotDate => e.not_date,
        Code::NotTime => e.not_time,
        Code::NotFuture => t.mutes.not_future,
        // Imports, where there are such words, say what would be right.
        Code::NotChoice | Code::NotWord { .. } => e.not_choice,
        Code::Taken => e.taken,
        Code::WrongPassword => e.wrong_password,
        Code::CommonPassword => e.common_password,
        Code::Mismatch => e.mismatch,
        Code::Malformed => e.malformed,
    };
    text.to_owned()
}

/// What is wrong with a request as a whole.
pub fn error_sentence(t: &Strings, error: &Error) -> String {
    let e = &t.errors;
    let text: &str = match error {
        Error::Throttled { retry_after_s } => return (e.throttled)(*retry_after_s),
        Error::Invalid(fields) => return fields.first().map_or(String::new(), |field| code_sentence(t, &field.code)),
        Error::NotFound(entity) => match entity {
            Entity::Application => e.not_found_application,
            Entity::Archive => t.retention.not_found,
            Entity::Account => e.not_found_account,
            Entity::Group => e.not_found_group,
            Entity::Export => e.not_found_export,
            Entity::Import => t.imports.not_found,
            Entity::File => t.files.not_found,
            Entity::SetupLink => e.not_found_link,
            Entity::Credential | Entity::Operator | Entity::Event | Entity::Session | Entity::View | Entity::Job => {
                e.not_found_other
            }
        },
        Error::Unauthenticated => e.unauthenticated,
        Error::Forbidden => e.forbidden,
        Error::SignInRefused => e.sign_in_refused,
        Error::Conflict(conflict) => match conflict {
            Conflict::NoMemberList => e.no_member_list,
            Conflict::LastOwner => e.last_owner,
            Conflict::Oneself => e.oneself,
            Conflict::AlreadySetUp => e.already_set_up,
            Conflict::ChangedMeanwhile => e.changed_meanwhile,
            Conflict::GrantOff => t.errors.grant_off,
            Conflict::RowExists => t.imports.stopped,
        },
        Error::Refused(refusals) => return refused_sentences(t, refusals),
        Error::Busy => e.busy,
        Error::Storage(StorageFault::Full) => e.disk_full,
        Error::Storage(StorageFault::ReadOnly) => e.disk_read_only,
        Error::Internal(_) => e.internal,
    };
    text.to_owned()
}

/// Who was refused and why, the first few of them.
fn refused_sentences(t: &Strings, refusals: &[Refusal]) -> String {
    const FIRST: usize = 5;
    let more = refusals.len().saturating_sub(FIRST) as u64;
    let more = (more > 0).then(|| (t.errors.refused_more)(more, number(more)));
    let said = refusals.iter().take(FIRST).map(|refusal| (t.errors.refused)(&refusal.id, refusal.reason));
    said.chain(more).collect::<Vec<_>>().join(" ")
}

/// Why one item of a batch was refused, beside its name.
pub fn reason_sentence(t: &Strings, reason: Reason) -> &'static str {
    match reason {
        Reason::NotRegistered => t.errors.reason_not_registered,
        Reason::AlreadyMember => t.errors.reason_already_member,
        Reason::GroupFull => t.errors.reason_group_full,
        Reason::Owner => t.errors.reason_owner,
        Reason::NotMember => t.errors.reason_not_member,
        Reason::Blocked => t.errors.reason_blocked,
        Reason::TooManyGroups => t.errors.reason_too_many_groups,
        Reason::TooManyAdmins => t.errors.reason_too_many_admins,
        Reason::NotAdmin => t.errors.reason_not_admin,
        Reason::NotBlocked => t.errors.reason_not_blocked,
    }
}
