//! The append-only log: every change and every sign-in, refused ones too. The audit log is a view of it.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::{page::Page, wire_enum};

wire_enum! {
    /// What was done, `entity.verb`.
    Action {
        SignIn = "session.sign_in",
        SignOut = "session.sign_out",
        SessionEnd = "session.end",
        OperatorAdd = "operator.add",
        OperatorSetUp = "operator.set_up",
        OperatorRole = "operator.change_role",
        OperatorDisable = "operator.disable",
        OperatorEnable = "operator.enable",
        OperatorReset = "operator.reset_password",
        OperatorPassword = "operator.change_password",
        ApplicationCreate = "application.create",
        ApplicationEdit = "application.edit",
        ApplicationGenerate = "application.generate",
        GroupCreate = "group.create",
        GroupEdit = "group.edit",
        GroupDelete = "group.delete",
        GroupTransfer = "group.transfer",
        GroupAnnounce = "group.announce",
        GroupMuteAll = "group.mute_all",
        MemberAdd = "member.add",
        MemberEdit = "member.edit",
        MemberDelete = "member.delete",
        MemberRole = "member.change_role",
        MemberMute = "member.mute",
        MemberUnmute = "member.unmute",
        MemberBlock = "member.block",
        MemberUnblock = "member.unblock",
        MemberAllow = "member.allow",
        MemberDisallow = "member.disallow",
        FileUpload = "file.upload",
        FileDelete = "file.delete",
        MessageSend = "message.send",
        AccountCreate = "account.create",
        AccountEdit = "account.edit",
        AccountDelete = "account.delete",
        AccountPassword = "account.change_password",
        AccountActivate = "account.activate",
        AccountDeactivate = "account.deactivate",
        CredentialCreate = "credential.create",
        CredentialEdit = "credential.edit",
        CredentialRotate = "credential.rotate",
        CredentialRevoke = "credential.revoke",
        AccountExport = "account.export",
        GroupExport = "group.export",
        MemberExport = "member.export",
        MessageExport = "message.export",
        EventExport = "event.export",
        EventArchive = "event.archive",
        EventArchiveDelete = "event.delete_archive",
        EventRetention = "event.retention",
        JobStart = "job.start",
        JobCancel = "job.cancel",
        TokenIssue = "token.issue",
        TokenRefuse = "token.refuse",
        AccessRefuse = "access.refuse",
    }
}

/// How long the log is kept, and where its older part lies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// One of [`crate::limits::EVENTS_KEPT_DAYS`]; 0: for ever.
    pub kept_days: u32,
    /// Latest first.
    pub archives: Vec<Archive>,
    /// What keeps older events in the log.
    pub held_back: Option<HeldBack>,
}

/// An event that a wrong clock has dated later than others behind it, so that they wait for it to be old enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    pub id: i64,
    pub at: i64,
}

/// A file of events that left the log, as JSON Lines in the folder `archive`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    pub file_name: String,
    /// The first and the last number of its events.
    pub first_id: i64,
    pub last_id: i64,
    /// The earliest and the latest moment of them.
    pub first_at: i64,
    pub last_at: i64,
    pub events: u64,
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    pub archived_at: i64,
    /// Operator; empty: the server itself, or the command line.
    pub archived_by: String,
}

/// What the target of an event is: it says how the log names it and where it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetKind {
    /// By group id; empty for what stays within no single group.
    Group,
    /// By username, which is also all that the log keeps of its name.
    Account,
    /// By name.
    Credential,
    /// By name, or by what was typed as one: a sign-in that fails is a stranger's, and this is who the stranger said to be.
    Operator,
    /// `org/app`.
    Application,
    /// An account or a credential that asked for a token, an address that was refused, the file of an archive: a word, no more.
    Other,
}

impl TargetKind {
    /// The word that the store knows it by.
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
    /// What its target is. A job is recorded under the group that it stays within.
    pub fn target_kind(self) -> TargetKind {
        match self.as_str().split_once('.').map_or("", |(entity, _)| entity) {
            "account" => TargetKind::Account,
            "credential" => TargetKind::Credential,
            "operator" | "session" => TargetKind::Operator,
            "application" => TargetKind::Application,
            "token" | "access" | "event" => TargetKind::Other,
            _ => TargetKind::Group,
        }
    }
}

wire_enum! {
    Outcome { Done = "done", Refused = "refused" }
}

/// What an event is about beside its target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventSubject {
    /// An account by its username, or a file by its name.
    Named(String),
    /// The fields that it changed, by name.
    Fields(Vec<String>),
    #[default]
    None,
}

/// One row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    pub id: i64,
    pub at: i64,
    /// The name of whoever acted: operator, credential or account; empty for the system and for strangers.
    pub operator: String,
    /// Operator, API credential, account, system or nobody signed in: `operator`, `credential`, `account`, `system`, `anonymous`.
    pub actor: String,
    /// The name of the credential through which an account got the token that it came with; empty where there was none.
    #[serde(default)]
    pub through: String,
    pub action: Action,
    pub outcome: Outcome,
    /// Group id, username, operator name, `org/app`; empty where there is none.
    pub target: String,
    /// What the target was called at that time; empty for accounts, and where nobody knows it.
    #[serde(default)]
    pub target_name: String,
    /// Whether the target still exists.
    #[serde(default)]
    pub target_exists: bool,
    pub subject: EventSubject,
    pub address: Option<String>,
    /// Whether it belongs to the app rather than to the whole server.
    pub in_app: bool,
}

/// One event with its difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[serde(flatten)]
    pub row: EventRow,
    /// The values before and after, as a list of changes.
    pub changes: Vec<Change>,
    /// Of several changes that became one event the first different states, in their order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// How many of these changes led to others.
    #[serde(default)]
    pub more_steps: u64,
}

/// A state in between. The address is told like that of the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub values: Vec<String>,
    pub address: Option<String>,
    /// See [`EventRow::through`].
    pub through: String,
}

/// One value that an event changed. `None` on a side means that there was nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The audit log's filter as it stands in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventParams {
    /// Operator name, exact: what that operator did, and neither strangers under the name nor others who are called so.
    pub operator: String,
    /// [`Action`] word.
    pub action: String,
    /// A target, exact; or a part of the id or of a name, now or earlier, of a group, app, credential or operator.
    pub target: String,
    /// First and last day, YYYY-MM-DD in UTC, both included.
    pub from: String,
    pub to: String,
    pub size: String,
    pub cursor: String,
}

/// A page of the audit log and the operators that can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    pub page: Page<EventRow>,
    pub operators: Vec<String>,
}
