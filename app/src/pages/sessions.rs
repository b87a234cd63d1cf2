//! Sessions: a table of them, for one's own page and for owners in a dialog.

use domain::operator::{OperatorRow, SessionRow};
use leptos::{prelude::*, server_fn::ServerFn};
use words::format;

use crate::{
    components::{Badge, Dialog, Loaded, PostForm, SubmitButton, Time, dialog::DialogContext},
    functions::{
        operator::{EndOperatorSession, EndOperatorSessions, list_operator_sessions},
        session::EndSession,
    },
    page_context::{page_context, strings},
};

/// The operator whose sessions an owner looks at, and the page to return to.
#[derive(Clone)]
pub struct Of {
    operator: i64,
    here: String,
}

#[component]
pub fn SessionTable(
    rows: Vec<SessionRow>,
    /// Of another operator than who reads.
    #[prop(default = None)]
    of: Option<Of>,
) -> impl IntoView {
    let t = strings();
    let rows = rows.into_iter().map(|row| view! { <Row row=row of=of.clone() /> }).collect_view();
    let label = if of.is_some() { t.sessions.sessions } else { t.sessions.my_sessions };
    view! {
        <div class="table-frame" role="region" aria-label=label tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.sessions.browser}</th>
                        <th role="columnheader" scope="col">{t.audit.address}</th>
                        <th role="columnheader" scope="col">{t.sessions.signed_in_at}</th>
                        <th role="columnheader" scope="col">{t.sessions.last_seen}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(row: SessionRow, of: Option<Of>) -> impl IntoView {
    let t = strings();
    let browser = format::browser(&row.user_agent);
    let end = (t.common.action_of)(t.sessions.end_session, browser.clone());
    let id = row.id.to_string();
    let address = row.address.unwrap_or_else(|| "—".to_owned());
    // One of IPv6 may need two lines.
    let short = address.len() <= "255.255.255.255".len();
    let action = match of {
        _ if row.current => view! { <Badge text=t.sessions.this_session tone="success" /> }.into_any(),
        Some(Of { operator, here }) => view! {
            <PostForm action=EndOperatorSession::PATH next=here class="inline-form" about=Some(("session", id))>
                <input type="hidden" name="id" value=operator />
                <SubmitButton label=t.sessions.end_session kind="danger-quiet" aria_label=end />
            </PostForm>
        }
        .into_any(),
        None => view! {
            <PostForm action=EndSession::PATH next="/me" class="inline-form" about=Some(("id", id))>
                <SubmitButton label=t.sessions.end_session kind="danger-quiet" aria_label=end />
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <tr role="row">
            <td role="rowheader" data-label=t.sessions.browser class="cell-title cell-wrap"><bdi title=row.user_agent.clone()>{browser}</bdi></td>
            <td role="cell" data-label=t.audit.address class="mono" class:nowrap=short>{address}</td>
            <td role="cell" data-label=t.sessions.signed_in_at class="nowrap"><Time at=row.created_at /></td>
            <td role="cell" data-label=t.sessions.last_seen class="nowrap"><Time at=row.seen_at /></td>
            <td role="cell" class="cell-actions">{action}</td>
        </tr>
    }
}

/// The sessions of one operator, for owners: one or all can be ended.
#[component]
pub fn SessionsDialog(
    operator: OperatorRow,
    /// The address of this dialog.
    here: String,
    #[prop(into)] close: String,
) -> impl IntoView {
    let t = strings();
    let id = operator.id;
    let changes = page_context().changes;
    let sessions = Resource::new(move || changes.get(), move |_| list_operator_sessions(id));
    let shown = move |rows: Vec<SessionRow>| {
        let of = Of { operator: id, here: here.clone() };
        if rows.is_empty() {
            return view! { <p class="muted">{t.sessions.no_sessions}</p> }.into_any();
        }
        let some = rows.iter().any(|row| !row.current);
        view! {
            <SessionTable rows=rows of=Some(of.clone()) />
            {some.then(|| view! {
                <PostForm action=EndOperatorSessions::PATH next=of.here class="inline-form" about=Some(("id", id.to_string()))>
                    <SubmitButton label=t.sessions.end_all_sessions kind="danger" />
                </PostForm>
            })}
        }
        .into_any()
    };
    view! {
        <Dialog title=(t.common.action_of)(t.sessions.sessions, operator.name) close=close wide=true>
            <Loaded resource=sessions view=shown />
            <CloseButton />
        </Dialog>
    }
}

#[component]
fn CloseButton() -> impl IntoView {
    let context: DialogContext = expect_context();
    view! {
        <div class="dialog-buttons">
            <a class="button button-primary" href=context.close_href.get_value() data-noscroll="" autofocus=true>{strings().common.close}</a>
        </div>
    }
}
