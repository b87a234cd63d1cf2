//! English: jobs.

use domain::job::{JobKind, JobState};

use crate::shape::jobs::JobWords;

pub(super) const WORDS: JobWords = JobWords {
    jobs: "Jobs",
    lead: "Work on more than 500 items runs here, whether you watch or not.",
    job: "Job",
    no_jobs: "No jobs yet",
    no_jobs_help: "A batch, export or import of many items appears here as soon as it starts.",
    title: |kind, n, number, target| {
        let s = if n == 1 { "" } else { "s" };
        match kind {
            JobKind::DeleteGroups => format!("Delete {number} group{s}"),
            JobKind::DeleteAccounts => format!("Delete {number} account{s}"),
            JobKind::DeleteMembers => format!("Remove {number} member{s} from {target}"),
            JobKind::SendMessages => format!("Send a message to {number} group{s}"),
            JobKind::ExportAccounts => format!("Export {number} account{s}"),
            JobKind::ExportGroups => format!("Export {number} group{s}"),
            JobKind::ExportMembers => format!("Export {number} member{s} of {target}"),
            JobKind::ExportMessages => format!("Export {number} message{s} of {target}"),
            JobKind::ExportEvents => format!("Export {number} audit log entr{}", if n == 1 { "y" } else { "ies" }),
            JobKind::ImportAccounts => format!("Import {number} account{s}"),
            JobKind::ImportGroups => format!("Import {number} group{s}"),
            JobKind::ImportMembers => format!("Import {number} membership{s}"),
        }
    },
    state: |state| match state {
        JobState::Preparing => "Preparing",
        JobState::Waiting => "Waiting",
        JobState::Running => "Running",
        JobState::Done => "Done",
        JobState::Cancelled => "Cancelled",
        JobState::Failed => "Failed",
    },
    cancelling: "Stopping",
    state_column: "State",
    progress: "Progress",
    of: |done, total| format!("{done} of {total}"),
    per_second: |rate| format!("{rate} a second"),
    seconds_left: |s| {
        if s < 90 { format!("about {s} s left") } else { format!("about {} min left", (s + 30) / 60) }
    },
    done: "Done",
    refused: "Refused",
    gone: "Gone",
    started: "Started",
    finished: "Finished",
    started_by: "Started by",
    command_line: "Command line",
    cancel: "Cancel job",
    cancel_help: "Stops after the items at hand. What is done stays done.",
    leave_help: "You can leave this page; the job goes on and stays in the list of jobs.",
    refresh: "Refresh",
    result: "Result",
    done_words: "Finished.",
    cancelled_words: |done, total| format!("Cancelled after {done} of {total}. What was done stays done."),
    cut_off_words: |done, total| {
        format!(
            "This was under way when the backup was made that this server was restored from: {done} of {total} were done then. It does not go on by itself."
        )
    },
    failed_forbidden: "Stopped: the operator who started it may not do this any more.",
    failed_other: "Stopped by a fault of the server; its log says why. What was done stays done.",
    not_done: "Not done",
    item: "Item",
    reason: "Reason",
    first_of: |shown, all| format!("The first {shown} of {all}"),
    download_refusals: "Download all as CSV",
    cancel_asked: "The job stops.",
    will_be_job: "This runs as a job: you can watch its progress, cancel it, or leave the page.",
};
