//! The one error of the domain: codes with typed details, never sentences. Each edge (console, REST dialects) maps
//! them once to its own words.

use serde::{Deserialize, Serialize};

use crate::{
    page::{Reason, Refusal},
    upload::FileProblem,
};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// Input that breaks a rule; every broken field is named.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// The thing named does not exist, or not in this app.
    #[error("not found: {0:?}")]
    NotFound(Entity),
    /// Nobody is signed in.
    #[error("not signed in")]
    Unauthenticated,
    /// The caller's role does not allow it.
    #[error("forbidden")]
    Forbidden,
    /// Name and password do not fit, the account is disabled or does not exist: deliberately one code.
    #[error("sign-in refused")]
    SignInRefused,
    /// Too many attempts; seconds to wait.
    #[error("too many attempts, wait {retry_after_s} s")]
    Throttled { retry_after_s: u64 },
    /// The state does not allow it.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The request as a whole, because of these accounts: for operations that do all or nothing.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// The database is busy; trying again helps.
    #[error("busy")]
    Busy,
    /// Nothing can be written to the disk. Reading goes on, and trying again helps once the disk takes something.
    #[error("storage: {0:?}")]
    Storage(StorageFault),
    /// A fault of ours. The text is for the log only and is never serialised.
    #[error("internal: {0}")]
    Internal(#[serde(skip)] String),
}

/// Why nothing can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageFault {
    /// There is no room left, or a quota is used up.
    Full,
    /// The disk is mounted for reading only, or fails.
    ReadOnly,
}

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entity {
    Application,
    Archive,
    Account,
    Group,
    Credential,
    Operator,
    Event,
    Export,
    File,
    Import,
    Job,
    SetupLink,
    Session,
    View,
}

/// States that forbid an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conflict {
    /// Audio-video groups keep no member list.
    NoMemberList,
    /// The last owner of the server can be neither disabled nor demoted.
    LastOwner,
    /// Operators cannot disable or demote themselves.
    Oneself,
    /// The server has its first operator already.
    AlreadySetUp,
    /// Somebody changed the same thing since the page was loaded.
    ChangedMeanwhile,
    /// The app gives no tokens in this way.
    GrantOff,
    /// An import that was to stop at a row that exists with other values came upon one.
    RowExists,
}

/// One field and what is wrong with it. `field` is the name of the form field and of the JSON key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub code: Code,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    Required,
    TooManyBytes {
        max: usize,
        actual: usize,
    },
    TooManyChars {
        max: usize,
        actual: usize,
    },
    TooFewChars {
        min: usize,
        actual: usize,
    },
    /// Only printable ASCII is allowed.
    NotPrintableAscii,
    /// Only printable ASCII without spaces is allowed.
    NotUsername,
    /// Only letters, digits, `-` and `_` are allowed.
    NotAppKey,
    /// A custom group id must not begin with `@TGS#`.
    ReservedPrefix,
    /// An `org_name` that the server's own addresses begin with.
    ReservedName,
    /// A group id that a URL cannot carry: `.` or `..`.
    DotsOnly,
    /// The NUL character, which no page or file can carry.
    NulCharacter,
    /// Line breaks or other control characters in a one-line field.
    ControlCharacter,
    /// A character of which nothing shows, such as a zero-width space or one that turns the direction.
    HiddenCharacter,
    /// A word with letters of several scripts that look alike.
    MixedScripts,
    /// White space only.
    Blank,
    NotHttpUrl,
    NotDate,
    /// Not a moment in ISO 8601.
    NotTime,
    /// A moment that has passed.
    NotFuture,
    /// Not a whole number within the bounds.
    NotNumber {
        min: i64,
        max: i64,
    },
    /// Neither an address nor a network: this word.
    NotAddress(String),
    /// A value outside the list of choices.
    NotChoice,
    /// A word of a file that is no known name of one of its column's choices; long ones are cut.
    NotWord {
        text: String,
    },
    /// Taken by another in the same app (or, for operators, on this server).
    Taken,
    /// These usernames are not registered in the app.
    NotRegistered(Vec<String>),
    /// None of those that it names could be done.
    Refused(Vec<Refusal>),
    /// The app has as many accounts of type Admin as it may have.
    TooManyAdmins {
        max: u32,
    },
    /// More items than one request may name.
    TooManyItems {
        max: usize,
        actual: usize,
    },
    /// The typed number differs from the number of items.
    CountMismatch {
        expected: u64,
    },
    /// The current password does not fit.
    WrongPassword,
    /// One of the passwords that are tried first, or one that follows from names that are known.
    CommonPassword,
    /// The repetition differs.
    Mismatch,
    /// A cursor or id that this server did not make.
    Malformed,
    /// A shared file of more bytes.
    FileTooLarge {
        max: u64,
    },
    /// The shared files of the group, or of all groups of the app, would have more bytes together than they may.
    GroupFilesFull {
        max: u64,
    },
    AppFilesFull {
        max: u64,
    },
    /// Not a number of bytes such as `500 MB`, or more than [`crate::limits::FILE_QUOTA_BYTES`].
    NotSize,
    /// A file that cannot be imported.
    File(FileProblem),
    /// So many rows of a file exist with other values, and none may.
    RowsExist {
        rows: u64,
    },
}

impl Error {
    /// One account that forbids the whole request.
    pub fn refused(id: impl Into<String>, reason: Reason) -> Self {
        Self::Refused(vec![Refusal { id: id.into(), reason }])
    }

    /// One broken field.
    pub fn field(field: impl Into<String>, code: Code) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), code }])
    }

    /// The short name of the code, as the event log keeps it.
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

/// Collects the field errors of one form, so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the value, or notes the error under `field`.
    pub fn take<T>(&mut self, field: &str, result: Result<T, Code>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(code) => {
                self.fail(field, code);
                None
            }
        }
    }

    pub fn fail(&mut self, field: &str, code: Code) {
        self.0.push(FieldError { field: field.to_owned(), code });
    }

    /// `Err` with everything noted, or the value that `build` makes of the parts. `build` is called only when nothing
    /// failed, so the parts are all there; it answers `None` when one is missing all the same.
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T> {
        if !self.0.is_empty() {
            return Err(Error::Invalid(self.0));
        }
        build().ok_or_else(|| Error::Internal("a checked part is missing".to_owned()))
    }
}
