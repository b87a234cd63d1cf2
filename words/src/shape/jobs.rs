//! Jobs.

use domain::job::{JobKind, JobState};

pub struct JobWords {
    pub jobs: &'static str,
    pub lead: &'static str,
    pub job: &'static str,
    pub no_jobs: &'static str,
    pub no_jobs_help: &'static str,
    /// What a job does; its number of items as number and text, and the group that it stays within.
    pub title: fn(JobKind, u64, String, &str) -> String,
    pub state: fn(JobState) -> &'static str,
    pub cancelling: &'static str,
    pub state_column: &'static str,
    pub progress: &'static str,
    /// Items dealt with, of how many.
    pub of: fn(String, String) -> String,
    pub per_second: fn(String) -> String,
    pub seconds_left: fn(u64) -> String,
    pub done: &'static str,
    pub refused: &'static str,
    pub gone: &'static str,
    pub started: &'static str,
    pub finished: &'static str,
    pub started_by: &'static str,
    pub command_line: &'static str,
    pub cancel: &'static str,
    pub cancel_help: &'static str,
    pub leave_help: &'static str,
    pub refresh: &'static str,
    pub result: &'static str,
    pub done_words: &'static str,
    pub cancelled_words: fn(String, String) -> String,
    /// That it was under way when the backup was made that the server was restored from.
    pub cut_off_words: fn(String, String) -> String,
    pub failed_forbidden: &'static str,
    pub failed_other: &'static str,
    pub not_done: &'static str,
    pub item: &'static str,
    pub reason: &'static str,
    pub first_of: fn(String, String) -> String,
    pub download_refusals: &'static str,
    pub cancel_asked: &'static str,
    /// That a batch of so many will run as a job.
    pub will_be_job: &'static str,
}
