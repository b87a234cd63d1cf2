//! The one error of the domain: codes with typed details, never sentences. Each edge (console, REST dialects) translates the
//! codes once into its own words.

use serde::{Deserialize, Serialize};

pub use self::{
    code::{Code, FieldError},
    refusal::{Reason, Refusal},
};
use crate::wire_enum;

mod code;
mod refusal;
pub mod upload;

/// What an operation gives back: a value, or an [`Error`]. Rules of a single field use `Result<T, Code>`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// Input that breaks a rule; the list names every broken field, not only the first.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// The thing named does not exist, or belongs to another app: a caller cannot tell which.
    #[error("not found: {}", .0.as_str())]
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
    #[error("conflict: {}", .0.as_str())]
    Conflict(Conflict),
    /// The request as a whole is refused, because of these accounts: for operations that do everything or nothing.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// The database is busy, or too many passwords wait to be hashed; trying again helps.
    #[error("busy")]
    Busy,
    /// The disk cannot be written. Reading still works, and trying again helps once the disk can be written.
    #[error("storage: {}", .0.as_str())]
    Storage(StorageFault),
    /// A mistake of the server, not of the caller. The text is for the server's log only and is never serialised.
    #[error("internal: {0}")]
    Internal(#[serde(skip)] String),
}

wire_enum! {
    /// Why the disk cannot be written.
    pub enum StorageFault {
        /// The disk has no room left, or a quota of the file system is used up.
        Full = "Full",
        /// The disk is mounted for reading only, or fails.
        ReadOnly = "ReadOnly",
    }
}

wire_enum! {
    /// What was not found.
    pub enum Entity {
        /// An app, named by `org_name` and `app_name`.
        Application = "Application",
        /// A file of archived events, named by its file name.
        Archive = "Archive",
        /// An account of the app, named by its username.
        Account = "Account",
        /// A group of the app, named by its group id.
        Group = "Group",
        /// An API credential of the app.
        Credential = "Credential",
        /// A person who signs in to the console.
        Operator = "Operator",
        /// A row of the audit log, or one that the caller may not see.
        Event = "Event",
        /// An exported file: expired, dropped for a newer one, or made by another operator.
        Export = "Export",
        /// A shared file of the group, named by its UUID.
        File = "File",
        /// An upload that waits to be imported: expired, dropped for a newer one, or sent by another operator.
        Import = "Import",
        /// A job of the app; the server forgets a job [`crate::limits::JOB_KEPT_MS`] after its end.
        Job = "Job",
        /// A set-up link: used, replaced, or older than [`crate::limits::SETUP_LINK_MS`].
        SetupLink = "SetupLink",
        /// A session of the operator: ended, or another operator's.
        Session = "Session",
        /// A saved view of the operator who asks.
        View = "View",
    }
}

wire_enum! {
    /// A state that forbids an operation.
    pub enum Conflict {
        /// Audio-video groups keep no member list (Tencent group types), so nobody can be added, listed or removed.
        NoMemberList = "NoMemberList",
        /// The last owner of the server can neither be disabled nor demoted: nobody could look after operators.
        LastOwner = "LastOwner",
        /// Operators cannot disable or demote themselves.
        Oneself = "Oneself",
        /// The server already has its first operator.
        AlreadySetUp = "AlreadySetUp",
        /// Another caller changed the same thing after the page was loaded; the form's version is an older one.
        ChangedMeanwhile = "ChangedMeanwhile",
        /// The app's settings allow no tokens of this grant; see [`crate::application::TokenRules`].
        GrantOff = "GrantOff",
        /// An import with [`crate::import::ConflictMode::Stop`] met a row that exists with other values.
        RowExists = "RowExists",
    }
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

/// Defines an enum whose values are words on the wire and in SQL, with a parser and the list of all. The use site reads like any other
/// enum, `pub enum Name { Variant = "word" }`.
#[macro_export]
macro_rules! wire_enum {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// All values, in the order of their definition: the order of choices in forms.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire and in SQL.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a word, spelt exactly; [`Code::NotChoice`](crate::Code::NotChoice) for any other.
            pub fn parse(word: &str) -> std::result::Result<Self, $crate::Code> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::Code::NotChoice),
                }
            }
        }
    };
}
