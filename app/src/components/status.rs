//! The status line: what the last change did, in words, with the refusals of a batch listed and downloadable.

use domain::{
    export::{Export, ExportOutcome, guard::guard},
    page::BatchReport,
};
use leptos::{prelude::*, server_fn::ServerFn};
use words::{format, reason_sentence};

use super::success::{parse, success};
use crate::{
    components::Icon,
    functions::{account::*, credential::*, export::StartExport, operator::*},
    page_context::{page_context, strings},
    url::encode,
};

/// The answer of the last change when it was an export.
pub fn last_export() -> Option<Export> {
    page_context().status.with(|status| {
        let flash = status.as_ref()?;
        let answer = flash.result.as_ref().ok()?;
        match flash.action.as_str() {
            ExportAccounts::PATH => parse(answer),
            StartExport::PATH => match parse(answer)? {
                ExportOutcome::Ready(export) => Some(export),
                // A job reports on its own page.
                ExportOutcome::Job(_) => None,
            },
            _ => None,
        }
    })
}

/// The answer of the last change when it made a set-up link.
pub fn last_setup_link() -> Option<domain::operator::SetupLink> {
    page_context().status.with(|status| {
        let flash =
            status.as_ref().filter(|flash| [AddOperator::PATH, ResetOperatorPassword::PATH].contains(&flash.action.as_str()))?;
        parse(flash.result.as_ref().ok()?)
    })
}

/// The answer of the last change when it made a secret of an API credential.
pub fn last_credential() -> Option<domain::credential::CredentialWithSecret> {
    page_context().status.with(|status| {
        let flash =
            status.as_ref().filter(|flash| [CreateCredential::PATH, RotateCredential::PATH].contains(&flash.action.as_str()))?;
        parse(flash.result.as_ref().ok()?)
    })
}

#[component]
pub fn StatusLine() -> impl IntoView {
    let state = page_context();
    let t = strings();
    let view = move || {
        let success = state.status.with(|status| status.as_ref().and_then(|flash| success(t, flash)))?;
        let BatchReport { refused, gone, .. } = success.report;
        let troubled = !refused.is_empty() || !gone.is_empty();
        let details = troubled.then(|| view! { <FailedItems refused=refused gone=gone /> });
        Some(view! {
            <div class="status" class:status-mixed=troubled>
                <Icon name=if troubled { "warning" } else { "check" } />
                <div class="status-text">
                    <p>{success.sentence}</p>
                    {details}
                </div>
                <button type="button" class="button-icon js-only" aria-label=t.common.dismiss title=t.common.dismiss on:click=move |_| state.status.set(None)>
                    <Icon name="close" />
                </button>
            </div>
        })
    };
    view! { <div role="status" class="status-region">{view}</div> }
}

/// Items of a batch that were refused or missing, and why.
#[component]
fn FailedItems(refused: Vec<domain::page::Refusal>, gone: Vec<String>) -> impl IntoView {
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
