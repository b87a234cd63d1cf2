//! The one error of the domain: codes with typed details, never sentences. Each edge (console, REST dialects) translates the
//! codes once into its own words.

use serde::{Deserialize, Serialize};

use crate::{
    page::{Reason, Refusal},
    upload::FileProblem,
};

/// What an operation gives back: a value, or an [`Error`]. Rules of a single field use `Result<T, Code>`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// Input that breaks a rule; the list names every broken field, not only the first.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// The thing named does not exist, or belongs to another app: a caller cannot tell which.
    #[error("not found: {0:?}")]
    NotFound(Entity),
    /// The caller is not signed in: no session, or no valid token.
    #[error("not signed in")]
    Unauthenticated,
    /// The caller is known, but the role, the rights of the token or the app does not allow the operation.
    #[error("forbidden")]
    Forbidden,
    /// Name and password do not match, the account is disabled, or there is no such account: deliberately one code, so that
    /// nobody learns which names exist.
    #[error("sign-in refused")]
    SignInRefused,
    /// Too many attempts in a short time, of one address, network or name.
    #[error("too many attempts, wait {retry_after_s} s")]
    Throttled {
        /// Seconds to wait before the next attempt may succeed.
        retry_after_s: u64,
    },
    /// The state of the thing forbids the operation; the input itself is fine.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The request as a whole is refused, because of these accounts: for operations that do everything or nothing.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// The database is busy, or too many passwords wait to be hashed; trying again helps.
    #[error("busy")]
    Busy,
    /// The disk cannot be written. Reading still works, and trying again helps once the disk can be written.
    #[error("storage: {0:?}")]
    Storage(StorageFault),
    /// A mistake of the server, not of the caller. The text is for the server's log only and is never serialised.
    #[error("internal: {0}")]
    Internal(#[serde(skip)] String),
}

/// Why the disk cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageFault {
    /// The disk has no room left, or a quota of the file system is used up.
    Full,
    /// The disk is mounted for reading only, or fails.
    ReadOnly,
}

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entity {
    /// An app, named by `org_name` and `app_name`.
    Application,
    /// A file of archived events, named by its file name.
    Archive,
    /// An account of the app, named by its username.
    Account,
    /// A group of the app, named by its group id.
    Group,
    /// An API credential of the app.
    Credential,
    /// A person who signs in to the console.
    Operator,
    /// A row of the audit log, or one that the caller may not see.
    Event,
    /// An exported file: expired, dropped for a newer one, or made by another operator.
    Export,
    /// A shared file of the group, named by its UUID.
    File,
    /// An upload that waits to be imported: expired, dropped for a newer one, or sent by another operator.
    Import,
    /// A job of the app; the server forgets a job [`crate::limits::JOB_KEPT_MS`] after its end.
    Job,
    /// A set-up link: used, replaced, or older than [`crate::limits::SETUP_LINK_MS`].
    SetupLink,
    /// A session of the operator: ended, or another operator's.
    Session,
    /// A saved view of the operator who asks.
    View,
}

/// A state that forbids an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conflict {
    /// Audio-video groups keep no member list (Tencent group types), so nobody can be added, listed or removed.
    NoMemberList,
    /// The last owner of the server can neither be disabled nor demoted: nobody could look after operators.
    LastOwner,
    /// Operators cannot disable or demote themselves.
    Oneself,
    /// The server already has its first operator.
    AlreadySetUp,
    /// Another caller changed the same thing after the page was loaded; the form's version is an older one.
    ChangedMeanwhile,
    /// The app's settings allow no tokens of this grant; see [`crate::application::TokenRules`].
    GrantOff,
    /// An import with [`crate::import::ConflictMode::Stop`] met a row that exists with other values.
    RowExists,
}

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

impl Error {
    /// Refuses the whole request because of one account; `id` is the username.
    pub fn refused(id: impl Into<String>, reason: Reason) -> Self {
        Self::Refused(vec![Refusal { id: id.into(), reason }])
    }

    /// Names one broken field; `field` is the form field and JSON key.
    pub fn field(field: impl Into<String>, code: Code) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), code }])
    }

    /// The short name of the code, such as `not_found`: the word in the event log and in [`crate::job::JobRow::error`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::NotFound(_) => "not_found",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::SignInRefused => "sign_in_refused",
            Self::Throttled { .. } => "throttled",
            Self::Conflict(_) => "conflict",
            Self::Refused(_) => "refused",
            Self::Busy => "busy",
            Self::Storage(StorageFault::Full) => "disk_full",
            Self::Storage(StorageFault::ReadOnly) => "disk_read_only",
            Self::Internal(_) => "internal",
        }
    }
}

/// Collects the field errors of one form, so that the answer names all of them at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// A collection without an error.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives back the value, or records the error under `field` and gives back `None`.
    pub fn take<T>(&mut self, field: &str, result: Result<T, Code>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(code) => {
                self.fail(field, code);
                None
            }
        }
    }

    /// Records an error under `field`, for a check that gives no value.
    pub fn fail(&mut self, field: &str, code: Code) {
        self.0.push(FieldError { field: field.to_owned(), code });
    }

    /// `Err` with every recorded error, or the value that `build` makes of the parts. `build` is called only when no check
    /// failed, so that all parts are there; `build` answers `None` if a part is missing nevertheless, which is
    /// [`Error::Internal`].
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T> {
        if !self.0.is_empty() {
            return Err(Error::Invalid(self.0));
        }
        build().ok_or_else(|| Error::Internal("a checked part is missing".to_owned()))
    }
}
