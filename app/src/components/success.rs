//! What the status line says after a change: one line for each function whose success is reported in a sentence. A test compares this
//! table with the functions that exist, so that none is forgotten.

use domain::{job::BatchOutcome, page::BatchReport};
use leptos::server_fn::ServerFn;
use serde::de::DeserializeOwned;
use words::{Strings, format};

use crate::{
    flash::{Flash, SHARE},
    functions::{
        account::*, application::*, credential::*, event::*, file::DeleteFiles, group::*, import::DiscardImport, job::CancelJob,
        member::*, message::*, operator::*, session::*,
    },
};

/// What there is to say about a finished change.
pub struct Success {
    pub sentence: String,
    /// Of a batch: the refused and the missing items.
    pub report: BatchReport,
}

/// Makes the sentence from a function's answer; `None` where the answer is shown elsewhere, such as on a job's own page.
type Words = fn(&Strings, &str) -> Option<Success>;

/// Paths of the functions, and of the upload that has none, with their sentences.
const SUCCESSES: &[(&str, Words)] = &[
    (CreateGroup::PATH, |t, answer| plain((t.done.group_added)(parse(answer)?))),
    (EditGroup::PATH, |t, _| plain(t.done.group_saved)),
    (ConfigureGroup::PATH, |t, _| plain(t.group_tabs.settings_saved)),
    (Announce::PATH, |t, _| plain(t.group_tabs.announced)),
    (MuteAll::PATH, |t, answer| plain(if parse(answer)? { t.mutes.everybody_muted } else { t.mutes.everybody_speaks })),
    (TransferGroup::PATH, |t, answer| plain((t.members.transferred)(parse(answer)?))),
    (DeleteGroups::PATH, |t, answer| batch(t.done.groups_deleted, answer)),
    (AddMembers::PATH, |t, answer| items(t.done.members_added, parse(answer)?)),
    (ChangeMembers::PATH, |t, answer| {
        let MemberActionResult { work, report } = parse(answer)?;
        let sentence = (t.members.work_done)(work, report.done, format::number(report.done));
        Some(Success { sentence, report })
    }),
    (DeleteMembers::PATH, |t, answer| batch(t.done.members_deleted, answer)),
    (SendMessages::PATH, |t, answer| batch(t.done.messages_sent, answer)),
    (SHARE, |t, _| plain(t.files.file_shared)),
    (DeleteFiles::PATH, |t, answer| items(t.files.files_deleted, parse(answer)?)),
    (CreateAccount::PATH, |t, _| plain(t.done.account_created)),
    (EditAccount::PATH, |t, _| plain(t.done.account_saved)),
    (DeleteAccounts::PATH, |t, answer| batch(t.done.accounts_deleted, answer)),
    (CreateApplication::PATH, |t, _| plain(t.done.app_created)),
    (EditApplication::PATH, |t, _| plain(t.done.app_saved)),
    (SetAccountPasswords::PATH, |t, _| plain(t.settings.passwords_saved)),
    (EditTokenRules::PATH, |t, _| plain(t.tokens.saved)),
    (EditCredential::PATH, |t, _| plain(t.credentials.saved)),
    (SetFileQuotas::PATH, |t, _| plain(t.quotas.quotas_saved)),
    (SetRetention::PATH, |t, _| plain(t.retention.kept_saved)),
    (DeleteArchive::PATH, |t, _| plain(t.retention.archive_deleted)),
    (RevokeCredential::PATH, |t, _| plain(t.credentials.revoked)),
    (ChangeOperatorRole::PATH, |t, _| plain(t.done.role_changed)),
    (DisableOperator::PATH, |t, _| plain(t.done.operator_disabled)),
    (EnableOperator::PATH, |t, _| plain(t.done.operator_enabled)),
    (ChangePassword::PATH, |t, _| plain(t.done.password_changed)),
    (CancelJob::PATH, |t, _| plain(t.jobs.cancel_asked)),
    (DiscardImport::PATH, |t, _| plain(t.imports.discarded)),
    (EndSession::PATH, |t, _| plain(t.done.session_ended)),
    (EndOtherSessions::PATH, |t, _| plain(t.done.sessions_ended)),
    (EndOperatorSession::PATH, |t, _| plain(t.sessions.session_ended)),
    (EndOperatorSessions::PATH, |t, answer| {
        let ended = parse(answer)?;
        plain((t.sessions.all_ended)(ended, format::number(ended)))
    }),
];

/// Paths of the functions whose success is reported in a sentence.
pub fn functions_with_success_words() -> impl Iterator<Item = &'static str> {
    SUCCESSES.iter().map(|(path, _)| *path).filter(|path| *path != SHARE)
}

/// `None` for changes that failed, that show by themselves (sign-in) or in a dialog (export, set-up links).
pub fn success(t: &Strings, flash: &Flash) -> Option<Success> {
    let answer = flash.result.as_ref().ok()?;
    let (_, words) = SUCCESSES.iter().find(|(path, _)| *path == flash.action)?;
    words(t, answer)
}

pub fn parse<T: DeserializeOwned>(answer: &str) -> Option<T> {
    serde_json::from_str(answer).ok()
}

fn plain(sentence: impl Into<String>) -> Option<Success> {
    Some(Success { sentence: sentence.into(), report: BatchReport::default() })
}

fn items(words: fn(u64, String) -> String, report: BatchReport) -> Option<Success> {
    Some(Success { sentence: words(report.done, format::number(report.done)), report })
}

/// A batch that was done at once. A job reports on its own page.
fn batch(words: fn(u64, String) -> String, answer: &str) -> Option<Success> {
    let BatchOutcome::Completed(report) = parse(answer)? else { return None };
    items(words, report)
}
