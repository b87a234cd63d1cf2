//! Jobs: batches, exports and imports of more items than one request should do. A job belongs to an app and to the operator who
//! started it; the server works it off in chunks, and its page shows how far it is.

use serde::{Deserialize, Serialize};

use crate::{
    event::Action,
    export::{ExportList, JobExport},
    import::{ImportList, JobImport, RefusedRow},
    page::{BatchReport, Reason},
    wire_enum,
};

wire_enum! {
    /// What a job does, `entity.verb`.
    JobKind {
        DeleteGroups = "group.delete",
        DeleteAccounts = "account.delete",
        DeleteMembers = "member.delete",
        SendMessages = "message.send",
        ExportAccounts = "account.export",
        ExportGroups = "group.export",
        ExportMembers = "member.export",
        ExportMessages = "message.export",
        ExportEvents = "event.export",
        ImportAccounts = "account.import",
        ImportGroups = "group.import",
        ImportMembers = "member.import",
    }
}

/// What a batch does with each of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    DeleteGroups,
    DeleteAccounts,
    DeleteMembers,
    SendMessages,
}

impl BatchKind {
    /// The kind of a job that does it.
    pub fn job(self) -> JobKind {
        match self {
            Self::DeleteGroups => JobKind::DeleteGroups,
            Self::DeleteAccounts => JobKind::DeleteAccounts,
            Self::DeleteMembers => JobKind::DeleteMembers,
            Self::SendMessages => JobKind::SendMessages,
        }
    }

    /// What the log says of each item.
    pub fn event(self) -> Action {
        match self {
            Self::DeleteGroups => Action::GroupDelete,
            Self::DeleteAccounts => Action::AccountDelete,
            Self::DeleteMembers => Action::MemberDelete,
            Self::SendMessages => Action::MessageSend,
        }
    }
}

/// How a job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Item by item.
    Batch(BatchKind),
    /// It ends in a file to download.
    Export(ExportList),
    /// It reads a file.
    Import(ImportList),
}

impl JobKind {
    pub fn work(self) -> Work {
        match self {
            Self::DeleteGroups => Work::Batch(BatchKind::DeleteGroups),
            Self::DeleteAccounts => Work::Batch(BatchKind::DeleteAccounts),
            Self::DeleteMembers => Work::Batch(BatchKind::DeleteMembers),
            Self::SendMessages => Work::Batch(BatchKind::SendMessages),
            Self::ExportAccounts => Work::Export(ExportList::Accounts),
            Self::ExportGroups => Work::Export(ExportList::Groups),
            Self::ExportMembers => Work::Export(ExportList::Members),
            Self::ExportMessages => Work::Export(ExportList::Messages),
            Self::ExportEvents => Work::Export(ExportList::Events),
            Self::ImportAccounts => Work::Import(ImportList::Accounts),
            Self::ImportGroups => Work::Import(ImportList::Groups),
            Self::ImportMembers => Work::Import(ImportList::Members),
        }
    }

    /// Whether it changes the app's data. Such jobs run one after the other; exports run beside them.
    pub fn writes(self) -> bool {
        !self.exports()
    }

    /// What the rows are of the file that it reads, when it does.
    pub fn imports(self) -> Option<ImportList> {
        match self.work() {
            Work::Import(list) => Some(list),
            Work::Batch(_) | Work::Export(_) => None,
        }
    }

    /// Whether it ends in a file to download.
    pub fn exports(self) -> bool {
        matches!(self.work(), Work::Export(_))
    }
}

wire_enum! {
    JobState {
        /// What it is about is being written down.
        Preparing = "preparing",
        Waiting = "waiting",
        Running = "running",
        Done = "done",
        /// Stopped on request; what was done stays done.
        Cancelled = "cancelled",
        Failed = "failed",
    }
}

impl JobState {
    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

/// One job as lists and its page show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    pub id: i64,
    pub kind: JobKind,
    /// The group that it stays within; empty when it is about the whole app.
    pub target: String,
    pub state: JobState,
    /// Somebody asked to stop it, and it has not stopped yet.
    pub cancelling: bool,
    /// Why it failed: the short name of an [`crate::Error`].
    pub error: Option<String>,
    /// Who started it; empty for the command line.
    pub operator: String,
    /// Whether the one who asks started it.
    pub mine: bool,
    pub total: u64,
    /// Items dealt with, whatever became of them.
    pub position: u64,
    pub done: u64,
    pub refused: u64,
    pub gone: u64,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
}

impl JobRow {
    /// Items a second since it started, by a clock that says `now`; `None` before there is anything to count.
    pub fn rate(&self, now: i64) -> Option<u64> {
        let started = self.started_at?;
        let ms = u64::try_from(self.finished_at.unwrap_or(now) - started).ok().filter(|ms| *ms > 0)?;
        (self.position > 0).then(|| self.position * 1000 / ms)
    }
}

/// One job with the first of what it could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub row: JobRow,
    /// The first of those that could not be done; all of them are in the file of refusals.
    pub troubles: Vec<Trouble>,
    /// What an export made, as long as it can be fetched by the one who asks.
    pub file: Option<JobExport>,
    /// What became of the rows of an import, as long as that is known.
    pub import: Option<JobImport>,
}

/// One item that a job could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub item: String,
    /// `None`: it was gone when its turn came.
    pub reason: Option<Why>,
}

/// Why a job refused an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Why {
    /// Of a batch.
    Item(Reason),
    /// Of an import.
    Row(RefusedRow),
}

/// What became of a batch: done at once, or a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Started {
    Done(BatchReport),
    /// The job's id.
    Job(i64),
}
