//! The append-only log: every change and every sign-in, refused ones too. The audit log on screen is a view of it.

mod effects;
pub mod rules;

use serde::{Deserialize, Serialize};

use crate::{page::Page, wire_enum};

wire_enum! {
    /// What was done, `entity.verb`. The entity says what the target is, see [`Self::target_kind`].
    pub enum Action {
        /// An operator signed in, or a sign-in was refused.
        SignIn = "session.sign_in",
        /// An operator signed out.
        SignOut = "session.sign_out",
        /// Sessions of an operator were ended by the operator or by an owner.
        SessionEnd = "session.end",
        /// An owner added an operator.
        OperatorAdd = "operator.add",
        /// An operator used a set-up link and chose a password.
        OperatorSetUp = "operator.set_up",
        /// An owner gave an operator another role.
        OperatorRole = "operator.change_role",
        /// An owner disabled an operator.
        OperatorDisable = "operator.disable",
        /// An owner enabled a disabled operator.
        OperatorEnable = "operator.enable",
        /// An owner reset an operator's password: a new set-up link was given out.
        OperatorReset = "operator.reset_password",
        /// An operator chose another password.
        OperatorPassword = "operator.change_password",
        /// An app was created.
        ApplicationCreate = "application.create",
        /// Settings of an app were changed: name, passwords, grants, quotas.
        ApplicationEdit = "application.edit",
        /// The command line filled an app with generated data.
        ApplicationGenerate = "application.generate",
        /// A group was created, in the console, through the REST API or by an import.
        GroupCreate = "group.create",
        /// Name, introduction or settings of a group were changed.
        GroupEdit = "group.edit",
        /// A group was deleted with its members, messages and files.
        GroupDelete = "group.delete",
        /// A group got another owner.
        GroupTransfer = "group.transfer",
        /// The announcement of a group was changed or removed.
        GroupAnnounce = "group.announce",
        /// All members of a group were muted or unmuted.
        GroupMuteAll = "group.mute_all",
        /// An account became a member.
        MemberAdd = "member.add",
        /// An import changed a membership.
        MemberEdit = "member.edit",
        /// A member was removed or left.
        MemberDelete = "member.delete",
        /// A member became an admin or an ordinary member.
        MemberRole = "member.change_role",
        /// A member was muted, or its mute got another end.
        MemberMute = "member.mute",
        /// The mute of an account was ended early.
        MemberUnmute = "member.unmute",
        /// A member was removed and put on the block list.
        MemberBlock = "member.block",
        /// An account was taken off the block list.
        MemberUnblock = "member.unblock",
        /// A member was put on the allow list.
        MemberAllow = "member.allow",
        /// A member was taken off the allow list.
        MemberDisallow = "member.disallow",
        /// A file was shared in a group.
        FileUpload = "file.upload",
        /// A shared file was deleted.
        FileDelete = "file.delete",
        /// A message was sent to a group by an operator, a back end or an account.
        MessageSend = "message.send",
        /// An account was created, in the console, through the REST API or by an import.
        AccountCreate = "account.create",
        /// The profile of an account was changed.
        AccountEdit = "account.edit",
        /// An account was deleted with its memberships.
        AccountDelete = "account.delete",
        /// The password of an account was set; the log keeps no password.
        AccountPassword = "account.change_password",
        /// An account may sign in again.
        AccountActivate = "account.activate",
        /// An account may not sign in any more; its tokens ended.
        AccountDeactivate = "account.deactivate",
        /// An API credential was created.
        CredentialCreate = "credential.create",
        /// Name, expiry, access or addresses of a credential were changed.
        CredentialEdit = "credential.edit",
        /// A credential got a new secret; see [`crate::credential::Overlap`].
        CredentialRotate = "credential.rotate",
        /// A credential was deleted; its tokens ended.
        CredentialRevoke = "credential.revoke",
        /// Accounts were exported.
        AccountExport = "account.export",
        /// Groups were exported.
        GroupExport = "group.export",
        /// Members of a group were exported.
        MemberExport = "member.export",
        /// Messages of a group were exported.
        MessageExport = "message.export",
        /// The audit log was exported.
        EventExport = "event.export",
        /// Old events were moved into an archive.
        EventArchive = "event.archive",
        /// An owner deleted an archive.
        EventArchiveDelete = "event.delete_archive",
        /// An owner changed how long the log is kept.
        EventRetention = "event.retention",
        /// A job was started.
        JobStart = "job.start",
        /// An operator asked to stop a job.
        JobCancel = "job.cancel",
        /// Tokens were given to a back end or an account; further tokens within an hour are counted in one event.
        TokenIssue = "token.issue",
        /// A token was refused to a back end or an account.
        TokenRefuse = "token.refuse",
        /// A request was refused before any operation: a bad token, a form of another site.
        AccessRefuse = "access.refuse",
    }
}

/// How long the log is kept, and the archives of its older part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Days that events stay in the log, one of [`crate::limits::EVENTS_KEPT_DAYS`]; 0: forever.
    pub kept_days: u32,
    /// The archives, latest first.
    pub archives: Vec<Archive>,
    /// The event that keeps older events in the log; `None`: there is none.
    pub held_back: Option<BlockingEvent>,
}

/// An event that a wrong clock has dated later than events after it, so that those wait until this event is old enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockingEvent {
    /// The event's number.
    pub id: i64,
    /// The event's time, milliseconds since 1970.
    pub at: i64,
}

/// A file of events that left the log, as JSON Lines in the folder `archive` of the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    /// The file's name, such as `events-1-1000000.jsonl`; see [`rules::is_archive_name`].
    pub file_name: String,
    /// The number of its first event.
    pub first_id: i64,
    /// The number of its last event.
    pub last_id: i64,
    /// The earliest time of its events, milliseconds since 1970.
    pub first_at: i64,
    /// The latest time of its events, milliseconds since 1970.
    pub last_at: i64,
    /// How many events the file has; at most [`crate::limits::ARCHIVE_EVENTS`].
    pub events: u64,
    /// Size of the file, bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal, so that a copy can be compared.
    pub sha256: String,
    /// When the archive was made, milliseconds since 1970.
    pub archived_at: i64,
    /// The operator who made the archive; empty: the server itself, or the command line.
    pub archived_by: String,
}

/// What the target of an event is, which decides how the log names the target and how a search finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetKind {
    /// A group by its id; empty for what belongs to no single group.
    Group,
    /// An account by its username, which is also all that the log keeps of its name.
    Account,
    /// A credential by its name.
    Credential,
    /// An operator by name, or by what was typed as one: a refused sign-in comes from a stranger, and the typed name is all that
    /// the log knows of the stranger.
    Operator,
    /// An app as `org/app`.
    Application,
    /// An account or a credential that asked for a token, an address that was refused, the file of an archive: a word without a
    /// page of its own.
    Other,
}

impl TargetKind {
    /// The word for the kind in the store's tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Account => "account",
            Self::Credential => "credential",
            Self::Operator => "operator",
            Self::Application => "application",
            Self::Other => "other",
        }
    }
}

impl Action {
    /// What the target of such an event is. A job is recorded under the group that it stays within.
    pub fn target_kind(self) -> TargetKind {
        use Action as A;
        match self {
            A::AccountCreate
            | A::AccountEdit
            | A::AccountDelete
            | A::AccountPassword
            | A::AccountActivate
            | A::AccountDeactivate
            | A::AccountExport => TargetKind::Account,
            A::CredentialCreate | A::CredentialEdit | A::CredentialRotate | A::CredentialRevoke => TargetKind::Credential,
            A::SignIn
            | A::SignOut
            | A::SessionEnd
            | A::OperatorAdd
            | A::OperatorSetUp
            | A::OperatorRole
            | A::OperatorDisable
            | A::OperatorEnable
            | A::OperatorReset
            | A::OperatorPassword => TargetKind::Operator,
            A::ApplicationCreate | A::ApplicationEdit | A::ApplicationGenerate => TargetKind::Application,
            A::GroupCreate
            | A::GroupEdit
            | A::GroupDelete
            | A::GroupTransfer
            | A::GroupAnnounce
            | A::GroupMuteAll
            | A::MemberAdd
            | A::MemberEdit
            | A::MemberDelete
            | A::MemberRole
            | A::MemberMute
            | A::MemberUnmute
            | A::MemberBlock
            | A::MemberUnblock
            | A::MemberAllow
            | A::MemberDisallow
            | A::FileUpload
            | A::FileDelete
            | A::MessageSend
            | A::GroupExport
            | A::MemberExport
            | A::MessageExport
            | A::JobStart
            | A::JobCancel => TargetKind::Group,
            A::EventExport
            | A::EventArchive
            | A::EventArchiveDelete
            | A::EventRetention
            | A::TokenIssue
            | A::TokenRefuse
            | A::AccessRefuse => TargetKind::Other,
        }
    }
}

wire_enum! {
    /// How an event ended.
    pub enum Outcome {
        /// The change was made.
        Done = "done",
        /// The change was refused, and nothing was changed; the state after has the [`crate::Error::name`] under `error`.
        Refused = "refused",
    }
}

/// What an event is about besides its target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventSubject {
    /// An account by its username, or a file by its name.
    Named(String),
    /// The names of the fields that the event changed.
    Fields(Vec<String>),
    /// Nothing besides the target.
    #[default]
    None,
}

/// One row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// The event's number: rises by one with each event of the server.
    pub id: i64,
    /// When the event happened, milliseconds since 1970.
    pub at: i64,
    /// The name of the actor: operator, credential or account; empty for the system and for strangers.
    pub operator: String,
    /// Kind of the actor: `operator`, `credential`, `account`, `system`, or `anonymous` for a caller who was not signed in.
    pub actor: String,
    /// The name of the credential through which an account obtained the token of its request; empty where there was none.
    #[serde(default)]
    pub through: String,
    /// What was done, or tried.
    pub action: Action,
    /// Whether it was done.
    pub outcome: Outcome,
    /// Group id, username, operator name, `org/app`; empty where there is none. See [`Action::target_kind`].
    pub target: String,
    /// The target's name at that time; empty for accounts, and where the log has no name.
    #[serde(default)]
    pub target_name: String,
    /// Whether the target still exists, so that the page can link to it.
    #[serde(default)]
    pub target_exists: bool,
    /// What the event is about besides its target.
    pub subject: EventSubject,
    /// The client's network address; `None` where there was none, and for callers who may only read
    /// ([`crate::operator::Role::Viewer`]).
    pub address: Option<String>,
    /// Whether the event belongs to the app rather than to the whole server.
    pub in_app: bool,
}

/// One event with the values that it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The event as the log lists it.
    #[serde(flatten)]
    pub row: EventRow,
    /// The values before and after, field by field.
    pub changes: Vec<Change>,
    /// For an event that several changes became, the first different states in between, in their order.
    #[serde(default)]
    pub steps: Vec<EventStep>,
    /// How many of these changes led to states that [`Self::steps`] does not list.
    #[serde(default)]
    pub more_steps: u64,
}

/// A state in between. Its address is shown to the same callers as the event's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventStep {
    /// The values of the fields that this change set, as texts.
    pub values: Vec<String>,
    /// The network address that the change came from; `None` where it is the event's, unknown or not shown.
    pub address: Option<String>,
    /// The credential of the change, see [`EventRow::through`].
    pub through: String,
}

/// One value that an event changed. `None` on a side means that the field had no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The name of the field, as the JSON of the event has it; `words::fields` has its title.
    pub field: String,
    /// The value before, as a text.
    pub before: Option<String>,
    /// The value after, as a text.
    pub after: Option<String>,
}

/// The audit log's filter as a caller asks for it: words that are not checked yet. Empty ones do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventParams {
    /// Operator name, exact: events of that operator, and neither of strangers who typed the name nor of accounts or credentials
    /// with the same name.
    pub operator: String,
    /// [`Action`] word.
    pub action: String,
    /// A target, exact; or a part of the id or of a name, now or earlier, of a group, app, credential or operator. At most
    /// [`crate::limits::SEARCH_CHARS`] characters.
    pub target: String,
    /// First day, YYYY-MM-DD in UTC, included.
    pub from: String,
    /// Last day, YYYY-MM-DD in UTC, included.
    pub to: String,
    /// Rows of a page: 20, 50 or 100; other words mean 20.
    pub size: String,
    /// Where the page begins, as another page's cursor says; empty for the first page.
    pub cursor: String,
}

/// A page of the audit log and the operators that can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    /// The events, newest first.
    pub page: Page<EventRow>,
    /// Names of operators, for the filter's choices.
    pub operators: Vec<String>,
}
