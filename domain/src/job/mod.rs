//! Jobs: batches, exports and imports of more items than one request should do. A job belongs to an app and to the operator who
//! started it; the server processes the job in chunks, and the job's page shows the progress.

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
    pub enum JobKind {
        /// Deletes groups with their members and messages.
        DeleteGroups = "group.delete",
        /// Deletes accounts with their memberships; groups that they own become ownerless.
        DeleteAccounts = "account.delete",
        /// Removes members from one group.
        DeleteMembers = "member.delete",
        /// Sends one text to many groups.
        SendMessages = "message.send",
        /// Writes accounts into a file.
        ExportAccounts = "account.export",
        /// Writes groups into a file.
        ExportGroups = "group.export",
        /// Writes the members of one group into a file.
        ExportMembers = "member.export",
        /// Writes the messages of one group into a file.
        ExportMessages = "message.export",
        /// Writes the audit log of the app into a file.
        ExportEvents = "event.export",
        /// Creates and updates accounts from a file.
        ImportAccounts = "account.import",
        /// Creates and updates groups from a file.
        ImportGroups = "group.import",
        /// Creates and updates memberships from a file.
        ImportMembers = "member.import",
    }
}

/// What a batch does with each of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// Deletes the group; recorded as [`Action::GroupDelete`].
    DeleteGroups,
    /// Deletes the account; recorded as [`Action::AccountDelete`].
    DeleteAccounts,
    /// Removes the member from the group; recorded as [`Action::MemberDelete`].
    DeleteMembers,
    /// Sends the text to the group; recorded as [`Action::MessageSend`].
    SendMessages,
}

impl BatchKind {
    /// The action that the log records for each item.
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
pub enum JobCategory {
    /// Item by item, over ids that were written down when the job was made.
    Batch(BatchKind),
    /// Row by row into a file to download.
    Export(ExportList),
    /// Row by row out of an uploaded file.
    Import(ImportList),
}

impl JobCategory {
    /// The kind of the job that is done like this; the inverse of [`JobKind::category`].
    pub fn kind(self) -> JobKind {
        match self {
            Self::Batch(BatchKind::DeleteGroups) => JobKind::DeleteGroups,
            Self::Batch(BatchKind::DeleteAccounts) => JobKind::DeleteAccounts,
            Self::Batch(BatchKind::DeleteMembers) => JobKind::DeleteMembers,
            Self::Batch(BatchKind::SendMessages) => JobKind::SendMessages,
            Self::Export(ExportList::Accounts) => JobKind::ExportAccounts,
            Self::Export(ExportList::Groups) => JobKind::ExportGroups,
            Self::Export(ExportList::Members) => JobKind::ExportMembers,
            Self::Export(ExportList::Messages) => JobKind::ExportMessages,
            Self::Export(ExportList::Events) => JobKind::ExportEvents,
            Self::Import(ImportList::Accounts) => JobKind::ImportAccounts,
            Self::Import(ImportList::Groups) => JobKind::ImportGroups,
            Self::Import(ImportList::Members) => JobKind::ImportMembers,
        }
    }
}

impl JobKind {
    /// How a job of this kind is done.
    pub fn category(self) -> JobCategory {
        match self {
            Self::DeleteGroups => JobCategory::Batch(BatchKind::DeleteGroups),
            Self::DeleteAccounts => JobCategory::Batch(BatchKind::DeleteAccounts),
            Self::DeleteMembers => JobCategory::Batch(BatchKind::DeleteMembers),
            Self::SendMessages => JobCategory::Batch(BatchKind::SendMessages),
            Self::ExportAccounts => JobCategory::Export(ExportList::Accounts),
            Self::ExportGroups => JobCategory::Export(ExportList::Groups),
            Self::ExportMembers => JobCategory::Export(ExportList::Members),
            Self::ExportMessages => JobCategory::Export(ExportList::Messages),
            Self::ExportEvents => JobCategory::Export(ExportList::Events),
            Self::ImportAccounts => JobCategory::Import(ImportList::Accounts),
            Self::ImportGroups => JobCategory::Import(ImportList::Groups),
            Self::ImportMembers => JobCategory::Import(ImportList::Members),
        }
    }

    /// Whether the job changes the app's data. Such jobs run one after the other; exports run beside them.
    pub fn writes(self) -> bool {
        !self.exports()
    }

    /// The rows of the file that the job reads; `None` for jobs that read none.
    pub fn imports(self) -> Option<ImportList> {
        match self.category() {
            JobCategory::Import(list) => Some(list),
            JobCategory::Batch(_) | JobCategory::Export(_) => None,
        }
    }

    /// Whether the job ends in a file to download.
    pub fn exports(self) -> bool {
        matches!(self.category(), JobCategory::Export(_))
    }
}

wire_enum! {
    /// The states of a job, from its start to its end.
    pub enum JobState {
        /// The ids of the job's items are being written down.
        Preparing = "preparing",
        /// The job waits for its turn: writing jobs run one after the other.
        Waiting = "waiting",
        /// The server works on the job.
        Running = "running",
        /// Every item was tried; some may have been refused.
        Done = "done",
        /// Stopped on request; items that are done stay done.
        Cancelled = "cancelled",
        /// Stopped by an error, see [`JobRow::error`]; items that are done stay done.
        Failed = "failed",
    }
}

impl JobState {
    /// Whether the job has ended.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

/// One job as lists and its page show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// The key of the job's row, which its address has.
    pub id: i64,
    /// What the job does.
    pub kind: JobKind,
    /// The id of the group that the job stays within; empty for a job of the whole app.
    pub target: String,
    /// How far the job is.
    pub state: JobState,
    /// An operator asked to stop the job, and the job has not stopped yet.
    pub cancelling: bool,
    /// Why the job failed: the short name of an [`crate::Error`], or [`crate::backup::CUT_OFF`]; `None` unless it failed.
    pub error: Option<String>,
    /// The name of the operator who started the job; empty for the command line.
    pub operator: String,
    /// Whether the operator who asks started the job.
    pub mine: bool,
    /// Items, or rows of the file, that the job has to try.
    pub total: u64,
    /// Items tried so far, successful or not.
    pub position: u64,
    /// Items that were changed, or rows that were written.
    pub done: u64,
    /// Items that a rule forbids.
    pub refused: u64,
    /// Items that no longer existed when their turn came.
    pub gone: u64,
    /// When the job was asked for, milliseconds since 1970.
    pub created_at: i64,
    /// When the server began with the job, milliseconds since 1970; `None`: not yet.
    pub started_at: Option<i64>,
    /// When the job ended, milliseconds since 1970; `None`: not yet.
    pub finished_at: Option<i64>,
}

impl JobRow {
    /// Items a second since the start, by a clock that reads `now` (milliseconds since 1970); `None` while there is nothing to
    /// count.
    pub fn rate(&self, now: i64) -> Option<u64> {
        let started = self.started_at?;
        let ms = u64::try_from(self.finished_at.unwrap_or(now) - started).ok().filter(|ms| *ms > 0)?;
        (self.position > 0).then(|| self.position * 1000 / ms)
    }
}

/// One job with the first of the items that it could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The job's state and counts.
    pub row: JobRow,
    /// The first of the items that could not be done; the file of refusals has all of them.
    pub troubles: Vec<FailedItem>,
    /// The file of an export, while the operator who asks can download it.
    pub file: Option<JobExport>,
    /// The results of an import's rows, while they are kept.
    pub import: Option<JobImport>,
}

/// One item that a job could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedItem {
    /// Group id or username; for an import the key of the row.
    pub item: String,
    /// `None`: the item no longer existed when its turn came.
    pub reason: Option<FailureReason>,
}

/// Why a job refused an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FailureReason {
    /// A rule forbids it: an item of a batch.
    Item(Reason),
    /// A rule forbids it: a row of an import.
    Row(RefusedRow),
}

/// The answer to a batch: done at once, or a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchOutcome {
    /// The batch had at most [`crate::limits::BATCH_AT_ONCE`] items and is done.
    #[serde(rename = "done")]
    Completed(BatchReport),
    /// The batch runs as a job: the job's id.
    #[serde(rename = "job")]
    Queued(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_category_are_inverse() {
        for kind in JobKind::ALL {
            assert_eq!(kind.category().kind(), *kind);
        }
    }
}
