//! Texts for wrong values in the API's style: English, lower case, the field as the wire names it, like the sentences that Easemob
//! documents. The console's sentences are for people at a form and must not be used here.

use domain::{
    Code, FieldError,
    error::Conflict,
    page::{Reason, Refusal},
};

/// A field by its name on the wire; the domain calls some of them as the console does.
fn on_the_wire(field: &str) -> &str {
    match field {
        "group_id" => "groupid",
        "name" => "groupname",
        "introduction" => "description",
        "max_member_count" => "maxusers",
        "members_only" => "membersonly",
        "allow_invites" => "allowinvites",
        "users" => "usernames",
        field => field,
    }
}

/// What is wrong with one field.
pub fn rule(field: &str, code: &Code) -> String {
    let field = on_the_wire(field);
    match code {
        Code::Required => format!("{field} must be provided"),
        Code::Blank => format!("{field} can't be empty"),
        Code::TooManyChars { .. } | Code::TooManyBytes { .. } if field == "avatar" => "avatar length is too big".to_owned(),
        Code::TooManyChars { max, .. } | Code::TooManyBytes { max, .. } => {
            format!("{field} length is more than max limit : {max}")
        }
        Code::TooFewChars { min, .. } => format!("{field} length is less than min limit : {min}"),
        Code::TooManyItems { max, .. } => format!("{field} size is more than max limit : {max}"),
        Code::NotNumber { min, max } if *max == i64::MAX => format!("{field} must be a whole number from {min} up"),
        Code::NotNumber { min, max } => format!("{field} must be a whole number from {min} to {max}"),
        Code::NotRegistered(names) => format!("username {} doesn't exist!", names.join(", ")),
        Code::Taken => format!("{field} already exists!"),
        Code::ReservedPrefix => format!("{field} must not begin with @TGS#"),
        Code::ControlCharacter | Code::NulCharacter | Code::HiddenCharacter | Code::MixedScripts | Code::NotPrintableAscii => {
            format!("{field} holds illegal characters")
        }
        Code::FileTooLarge { max } | Code::GroupFilesFull { max } | Code::AppFilesFull { max } => {
            format!("{field} size is more than max limit : {max}")
        }
        Code::NotUsername
        | Code::NotAppKey
        | Code::ReservedName
        | Code::DotsOnly
        | Code::NotHttpUrl
        | Code::NotDate
        | Code::NotTime
        | Code::NotFuture
        | Code::NotAddress(_)
        | Code::NotChoice
        | Code::NotWord { .. }
        | Code::Refused(_)
        | Code::TooManyAdmins { .. }
        | Code::CountMismatch { .. }
        | Code::WrongPassword
        | Code::CommonPassword
        | Code::Mismatch
        | Code::Malformed
        | Code::File(_)
        | Code::NotSize
        | Code::RowsExist { .. } => format!("{field} is not legal"),
    }
}

/// The same of several.
pub fn rules(fields: &[FieldError]) -> String {
    fields.iter().map(|broken| rule(&broken.field, &broken.code)).collect::<Vec<_>>().join(", ")
}

/// Why an operation on several users was refused where the call has no sentence of its own for it: the first of them.
pub fn refused(refusals: &[Refusal]) -> String {
    let Some(Refusal { id, reason }) = refusals.first() else { return "forbidden operation".to_owned() };
    match reason {
        Reason::NotRegistered => format!("username {id} doesn't exist!"),
        Reason::NotMember => format!("users [{id}] are not members of this group!"),
        Reason::Owner => "forbidden operation on group owner!".to_owned(),
        Reason::AlreadyMember => format!("user: {id} already in group"),
        Reason::GroupFull => "members size is greater than max user size !".to_owned(),
        Reason::Blocked => format!("user: {id} is in the block list of the group"),
        Reason::NotBlocked => format!("user: {id} is not in the block list of the group"),
        Reason::TooManyGroups => format!("user {id} has joined too many groups!"),
        Reason::TooManyAdmins => "the group has too many admins !".to_owned(),
        Reason::NotAdmin => format!("user:{id} is not admin of the group"),
    }
}

/// What the state of things forbids.
pub fn conflict(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::NoMemberList => "groups of this type keep no members",
        Conflict::ChangedMeanwhile => "somebody changed this meanwhile, please try again",
        _ => "the state does not allow this operation",
    }
}

#[cfg(test)]
mod tests {
    use domain::operator::Language;
    use words::{LanguageWords, code_sentence};

    use super::*;

    #[test]
    fn the_api_never_speaks_as_the_console() {
        let codes = [
            Code::Required,
            Code::Blank,
            Code::TooManyBytes { max: 5, actual: 6 },
            Code::TooManyChars { max: 5, actual: 6 },
            Code::TooManyItems { max: 5, actual: 6 },
            Code::TooFewChars { min: 5, actual: 4 },
            Code::NotNumber { min: 1, max: 2000 },
            Code::NotNumber { min: 1, max: i64::MAX },
            Code::NotRegistered(vec!["amy".into()]),
            Code::Taken,
            Code::ReservedPrefix,
            Code::ControlCharacter,
            Code::NulCharacter,
            Code::Malformed,
            Code::NotChoice,
        ];
        for code in codes {
            let told = rule("max_member_count", &code);
            assert!(!told.contains("max_member_count") && !told.contains('_'), "{told}");
            assert!(!told.contains(&code_sentence(Language::En.strings(), &code)), "{told}");
            // No full stops and no thousands commas: clients compare.
            assert!(!told.ends_with('.') && told.is_ascii(), "{told}");
        }
        assert_eq!(rule("avatar", &Code::TooManyChars { max: 1024, actual: 1025 }), "avatar length is too big");
        assert_eq!(rule("maxusers", &Code::NotNumber { min: 1, max: 2000 }), "maxusers must be a whole number from 1 to 2000");
        assert_eq!(rule("group_id", &Code::ReservedPrefix), "groupid must not begin with @TGS#");
        let fields = [
            FieldError { field: "name".into(), code: Code::Blank },
            FieldError { field: "desc".into(), code: Code::TooManyChars { max: 512, actual: 600 } },
        ];
        assert_eq!(rules(&fields), "groupname can't be empty, desc length is more than max limit : 512");
    }
}
