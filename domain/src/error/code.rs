//! The rules that the value of a field can break.

use serde::{Deserialize, Serialize};

use super::{refusal::Refusal, upload::FileProblem};

/// One field and the rule that its value breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the form field, which is the JSON key as well, such as `group_id`.
    pub field: String,
    /// The broken rule.
    pub code: Code,
}

/// The rule that the value of a field breaks. Limits come along, so that each edge can name them in its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    /// The field is empty or missing, but needs a value.
    Required,
    /// The text is longer than its limit in bytes of UTF-8, as limits of Tencent's documents count.
    TooManyBytes {
        /// The limit, bytes; a constant of [`crate::limits`].
        max: usize,
        /// Length of the text, bytes.
        actual: usize,
    },
    /// The text is longer than its limit in characters (Unicode scalar values), as limits of Easemob's documents count.
    TooManyChars {
        /// The limit, characters; a constant of [`crate::limits`].
        max: usize,
        /// Length of the text, characters.
        actual: usize,
    },
    /// The text, a password, is shorter than it must be.
    TooFewChars {
        /// The fewest characters: [`crate::limits::PASSWORD_MIN_CHARS`], or what the app asks of its accounts.
        min: usize,
        /// Length of the text, characters.
        actual: usize,
    },
    /// The text has a byte outside 0x20 to 0x7e; a custom group id allows no other (Tencent group system).
    NotPrintableAscii,
    /// A username has a character outside printable ASCII without spaces, or outside `a-z 0-9 _ . -` through the REST API.
    NotUsername,
    /// `org_name` or `app_name` has a character outside `A-Z a-z 0-9 - _`.
    NotAppKey,
    /// A custom group id begins with [`crate::limits::GROUP_ID_PREFIX`], which only ids of the server have.
    ReservedPrefix,
    /// The `org_name` is the first part of an address of the server itself; see [`crate::application::rules::RESERVED_ORGS`].
    ReservedName,
    /// The name is `.` or `..`, which no URL path can carry.
    DotsOnly,
    /// The text has the NUL character, which no page or file can carry.
    NulCharacter,
    /// A one-line field has a line break or another control character.
    ControlCharacter,
    /// The text has an invisible character, such as a zero-width space or a change of direction: two names would look alike.
    HiddenCharacter,
    /// A word has letters of several scripts that look alike, such as a Cyrillic `а` in `admin`.
    MixedScripts,
    /// The text is white space only.
    Blank,
    /// The text is no `http` or `https` URL with a host.
    NotHttpUrl,
    /// The text is no day of the calendar, written YYYY-MM-DD.
    NotDate,
    /// The text is no moment in ISO 8601; see [`crate::moment::Moment::parse`].
    NotTime,
    /// The moment has passed already, but an end has to be in the future.
    NotFuture,
    /// The text is no whole number within the bounds.
    NotNumber {
        /// The smallest number that is allowed.
        min: i64,
        /// The largest number that is allowed.
        max: i64,
    },
    /// The list of addresses has a word that is neither an address nor a network: this word, cut after
    /// [`crate::limits::ADDRESS_CHARS`].
    NotAddress(String),
    /// The word is none of the field's choices.
    NotChoice,
    /// A cell of an import file is none of the words for its column's choices.
    NotWord {
        /// The cell's text, cut after 40 characters.
        text: String,
    },
    /// Another thing of the same app has this name or id already; for operators, of this server.
    Taken,
    /// These usernames are not registered in the app.
    NotRegistered(Vec<String>),
    /// None of the accounts that the field names could be changed: the reason for each.
    Refused(Vec<Refusal>),
    /// The app has its full number of accounts of type Admin.
    TooManyAdmins {
        /// The limit: [`crate::limits::APP_ADMINS`].
        max: u32,
    },
    /// The field names more items than one request may name, or there is already the full number of such things (credentials of
    /// an app, saved views of a list).
    TooManyItems {
        /// The most items that are allowed.
        max: usize,
        /// The items that the request names.
        actual: usize,
    },
    /// The typed number differs from the number of items that the batch would change.
    CountMismatch {
        /// The number of items: what has to be typed.
        expected: u64,
    },
    /// The current password of the operator is wrong.
    WrongPassword,
    /// The password is one that attackers try first, or follows from names that are known.
    CommonPassword,
    /// The repetition of a password differs, or no credential has this `client_id` or `client_secret`.
    Mismatch,
    /// A cursor, id, version or query string that this server did not write.
    Malformed,
    /// The shared file has more bytes than one file may have.
    FileTooLarge {
        /// The limit, bytes: [`crate::limits::GROUP_FILE_BYTES`].
        max: u64,
    },
    /// The shared files of the group would have more bytes together than the app allows each group.
    GroupFilesFull {
        /// The quota of the group, bytes.
        max: u64,
    },
    /// The shared files of all groups would have more bytes together than the app allows.
    AppFilesFull {
        /// The quota of the app, bytes.
        max: u64,
    },
    /// The text is no number of bytes such as `500 MB`, or a number above [`crate::limits::FILE_QUOTA_BYTES`].
    NotSize,
    /// The file as a whole cannot be imported.
    File(FileProblem),
    /// Rows of the file exist with other values, and the import allows none; see [`crate::import::ConflictMode::Stop`].
    RowsExist {
        /// How many such rows the file has.
        rows: u64,
    },
}

impl Code {
    /// The word in the event log. Logs are kept for years, so the word stays even if the variant is renamed.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Required => "Required",
            Self::TooManyBytes { .. } => "TooManyBytes",
            Self::TooManyChars { .. } => "TooManyChars",
            Self::TooFewChars { .. } => "TooFewChars",
            Self::NotPrintableAscii => "NotPrintableAscii",
            Self::NotUsername => "NotUsername",
            Self::NotAppKey => "NotAppKey",
            Self::ReservedPrefix => "ReservedPrefix",
            Self::ReservedName => "ReservedName",
            Self::DotsOnly => "DotsOnly",
            Self::NulCharacter => "NulCharacter",
            Self::ControlCharacter => "ControlCharacter",
            Self::HiddenCharacter => "HiddenCharacter",
            Self::MixedScripts => "MixedScripts",
            Self::Blank => "Blank",
            Self::NotHttpUrl => "NotHttpUrl",
            Self::NotDate => "NotDate",
            Self::NotTime => "NotTime",
            Self::NotFuture => "NotFuture",
            Self::NotNumber { .. } => "NotNumber",
            Self::NotAddress(_) => "NotAddress",
            Self::NotChoice => "NotChoice",
            Self::NotWord { .. } => "NotWord",
            Self::Taken => "Taken",
            Self::NotRegistered(_) => "NotRegistered",
            Self::Refused(_) => "Refused",
            Self::TooManyAdmins { .. } => "TooManyAdmins",
            Self::TooManyItems { .. } => "TooManyItems",
            Self::CountMismatch { .. } => "CountMismatch",
            Self::WrongPassword => "WrongPassword",
            Self::CommonPassword => "CommonPassword",
            Self::Mismatch => "Mismatch",
            Self::Malformed => "Malformed",
            Self::FileTooLarge { .. } => "FileTooLarge",
            Self::GroupFilesFull { .. } => "GroupFilesFull",
            Self::AppFilesFull { .. } => "AppFilesFull",
            Self::NotSize => "NotSize",
            Self::File(_) => "File",
            Self::RowsExist { .. } => "RowsExist",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code::{self, *};
    use crate::{
        error::{Conflict, Entity},
        page::Reason,
    };

    /// Logs of years hold these words.
    #[test]
    fn the_log_keeps_its_words() {
        let codes: &[(Code, &str)] = &[
            (Required, "Required"),
            (TooManyBytes { max: 1, actual: 2 }, "TooManyBytes"),
            (TooManyChars { max: 1, actual: 2 }, "TooManyChars"),
            (TooFewChars { min: 2, actual: 1 }, "TooFewChars"),
            (NotPrintableAscii, "NotPrintableAscii"),
            (NotUsername, "NotUsername"),
            (NotAppKey, "NotAppKey"),
            (ReservedPrefix, "ReservedPrefix"),
            (ReservedName, "ReservedName"),
            (DotsOnly, "DotsOnly"),
            (NulCharacter, "NulCharacter"),
            (ControlCharacter, "ControlCharacter"),
            (HiddenCharacter, "HiddenCharacter"),
            (MixedScripts, "MixedScripts"),
            (Blank, "Blank"),
            (NotHttpUrl, "NotHttpUrl"),
            (NotDate, "NotDate"),
            (NotTime, "NotTime"),
            (NotFuture, "NotFuture"),
            (NotNumber { min: 1, max: 2 }, "NotNumber"),
            (NotAddress("x".into()), "NotAddress"),
            (NotChoice, "NotChoice"),
            (NotWord { text: "x".into() }, "NotWord"),
            (Taken, "Taken"),
            (NotRegistered(vec!["amy".into()]), "NotRegistered"),
            (Refused(Vec::new()), "Refused"),
            (TooManyAdmins { max: 1 }, "TooManyAdmins"),
            (TooManyItems { max: 1, actual: 2 }, "TooManyItems"),
            (CountMismatch { expected: 1 }, "CountMismatch"),
            (WrongPassword, "WrongPassword"),
            (CommonPassword, "CommonPassword"),
            (Mismatch, "Mismatch"),
            (Malformed, "Malformed"),
            (FileTooLarge { max: 1 }, "FileTooLarge"),
            (GroupFilesFull { max: 1 }, "GroupFilesFull"),
            (AppFilesFull { max: 1 }, "AppFilesFull"),
            (NotSize, "NotSize"),
            (File(super::super::upload::FileProblem::Empty), "File"),
            (RowsExist { rows: 1 }, "RowsExist"),
        ];
        for (code, word) in codes {
            assert_eq!(code.name(), *word);
        }
        let words = |all: Vec<&'static str>| all.join(" ");
        assert_eq!(
            words(Entity::ALL.iter().map(|entity| entity.as_str()).collect()),
            "Application Archive Account Group Credential Operator Event Export File Import Job SetupLink Session View"
        );
        assert_eq!(
            words(Conflict::ALL.iter().map(|conflict| conflict.as_str()).collect()),
            "NoMemberList LastOwner Oneself AlreadySetUp ChangedMeanwhile GrantOff RowExists"
        );
        assert_eq!(
            words(Reason::ALL.iter().map(|reason| reason.as_str()).collect()),
            "NotRegistered AlreadyMember GroupFull Owner NotMember Blocked TooManyGroups TooManyAdmins NotAdmin NotBlocked"
        );
    }
}
