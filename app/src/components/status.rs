//! The status line: what the last change did, in words, with the refusals of a batch listed and downloadable.

use domain::{
    export::{Export, ExportStarted, guard::guard},
    job::Started,
    page::BatchReport,
};
use leptos::{prelude::*, server_fn::ServerFn};
use serde::de::DeserializeOwned;

use crate::{
    boot::{page_state, strings},
    components::Icon,
    flash::{Flash, SHARE},
    format,
    functions::{
        account::*, application::*, credential::*, export::StartExport, file::DeleteFiles, group::*, import::DiscardImport,
        job::CancelJob, member::*, message::*, operator::*, session::*,
    },
    lang::{Strings, reason_sentence},
    url::encode,
};

/// What there is to say about a finished change.
struct Told {
    sentence: String,
    report: BatchReport,
}

fn parse<T: DeserializeOwned>(answer: &str) -> Option<T> {
    serde_json::from_str(answer).ok()
}

/// `None` for changes that show by themselves (sign-in) or in a dialog (export, set-up links).
fn told(t: &Strings, flash: &Flash) -> Option<Told> {
    let answer = flash.result.as_ref().ok()?;
    let batch = |words: fn(u64, String) -> String| {
        // A job tells its own story, on its own page.
        let Started::Done(report) = parse(answer)? else { return None };
        Some(Told { sentence: words(report.done, format::number(report.done)), report })
    };
    let added = || {
        let report: BatchReport = parse(answer)?;
        Some(Told { sentence: (t.done.members_added)(report.done, format::number(report.done)), report })
    };
    let plain = |sentence: &str| Some(Told { sentence: sentence.to_owned(), report: BatchReport::default() });
    match flash.action.as_str() {
        CreateGroup::PATH => plain(&(t.done.group_added)(parse(answer)?)),
        EditGroup::PATH => plain(t.done.group_saved),
        ConfigureGroup::PATH => plain(t.group_pages.settings_saved),
        Announce::PATH => plain(t.group_pages.announced),
        MuteAll::PATH if parse(answer)? => plain(t.group_pages.everybody_muted),
        MuteAll::PATH => plain(t.group_pages.everybody_speaks),
        TransferGroup::PATH => plain(&(t.group_pages.transferred)(parse(answer)?)),
        RenameCredential::PATH => plain(t.api.renamed),
        RevokeCredential::PATH => plain(t.api.revoked),
        SHARE => plain(t.group_pages.file_shared),
        DeleteFiles::PATH => {
            let report: BatchReport = parse(answer)?;
            Some(Told { sentence: (t.group_pages.files_deleted)(report.done, format::number(report.done)), report })
        }
        ChangeMembers::PATH => {
            let Changed { work, report } = parse(answer)?;
            Some(Told { sentence: (t.group_pages.work_done)(work, report.done, format::number(report.done)), report })
        }
        DeleteGroups::PATH => batch(t.done.groups_deleted),
        AddMembers::PATH => added(),
        DeleteMembers::PATH => batch(t.done.members_deleted),
        SendMessages::PATH => batch(t.done.messages_sent),
        CreateAccount::PATH => plain(t.done.account_created),
        EditAccount::PATH => plain(t.done.account_saved),
        DeleteAccounts::PATH => batch(t.done.accounts_deleted),
        CreateApplication::PATH => plain(t.done.app_created),
        EditApplication::PATH => plain(t.done.app_saved),
        ChangeOperatorRole::PATH => plain(t.done.role_changed),
        DisableOperator::PATH => plain(t.done.operator_disabled),
        EnableOperator::PATH => plain(t.done.operator_enabled),
        ChangePassword::PATH => plain(t.done.password_changed),
        CancelJob::PATH => plain(t.jobs.cancel_asked),
        DiscardImport::PATH => plain(t.imports.discarded),
        EndSession::PATH => plain(t.done.session_ended),
        EndOtherSessions::PATH => plain(t.done.sessions_ended),
        _ => None,
    }
}

/// The answer of the last change when it was an export.
pub fn last_export() -> Option<Export> {
    page_state().status.with(|status| {
        let flash = status.as_ref()?;
        let answer = flash.result.as_ref().ok()?;
        match flash.action.as_str() {
            ExportAccounts::PATH => parse(answer),
            StartExport::PATH => match parse(answer)? {
                ExportStarted::Ready(export) => Some(export),
                // A job tells its own story, on its own page.
                ExportStarted::Job(_) => None,
            },
            _ => None,
        }
    })
}

/// The answer of the last change when it made a set-up link.
pub fn last_setup_link() -> Option<domain::operator::SetupLink> {
    page_state().status.with(|status| {
        let flash =
            status.as_ref().filter(|flash| [AddOperator::PATH, ResetOperatorPassword::PATH].contains(&flash.action.as_str()))?;
        parse(flash.result.as_ref().ok()?)
    })
}

/// The answer of the last change when it made a secret of an API credential.
pub fn last_credential() -> Option<domain::credential::FreshCredential> {
    page_state().status.with(|status| {
        let flash =
            status.as_ref().filter(|flash| [CreateCredential::PATH, RotateCredential::PATH].contains(&flash.action.as_str()))?;
        parse(flash.result.as_ref().ok()?)
    })
}

#[component]
pub fn StatusLine() -> impl IntoView {
    let state = page_state();
    let t = strings();
    let view = move || {
        let told = state.status.with(|status| status.as_ref().and_then(|flash| told(t, flash)))?;
        let BatchReport { refused, gone, .. } = told.report;
        let troubled = !refused.is_empty() || !gone.is_empty();
        let details = troubled.then(|| view! { <Troubles refused=refused gone=gone /> });
        Some(view! {
            <div class="status" class:status-mixed=troubled>
                <Icon name=if troubled { "warning" } else { "check" } />
                <div class="status-text">
                    <p>{told.sentence}</p>
                    {details}
                </div>
                <button type="button" class="button-icon js-only" aria-label=t.dismiss title=t.dismiss on:click=move |_| state.status.set(None)>
                    <Icon name="close" />
                </button>
            </div>
        })
    };
    view! { <div role="status" class="status-region">{view}</div> }
}

/// Items of a batch that were refused or gone, and why.
#[component]
fn Troubles(refused: Vec<domain::page::Refusal>, gone: Vec<String>) -> impl IntoView {
    let t = strings();
    let rows: Vec<(String, &'static str)> = refused
        .into_iter()
        .map(|refusal| (refusal.id, reason_sentence(t, refusal.reason)))
        .chain(gone.into_iter().map(|id| (id, t.errors.gone)))
        .collect();
    let quote = |cell: &str| format!("\"{}\"", guard(cell).replace('"', "\"\""));
    let csv: String = rows.iter().map(|(id, reason)| format!("{},{}\r\n", quote(id), quote(reason))).collect();
    let few = rows.len() <= 5;
    let summary = (t.done.not_done)(rows.len() as u64, format::number(rows.len() as u64));
    view! {
        <details class="troubles" open=few>
            <summary>{summary}</summary>
            <ul>
                {rows
                    .into_iter()
                    .take(100)
                    .map(|(id, reason)| {
                        view! {
                            <li>
                                <bdi class="mono">{id}</bdi>
                                " — "
                                {reason}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <a download="refused.csv" href=format!("data:text/csv;charset=utf-8,%EF%BB%BF{}", encode(&csv))>
                {t.done.download_list}
            </a>
        </details>
    }
}
