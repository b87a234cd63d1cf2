//! My account: password and sessions.

use domain::operator::SessionRow;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::setup::NewPasswordFields;
use crate::{
    boot::{page_state, strings},
    components::{Badge, Loaded, PageHeader, PostForm, SubmitButton, TextField, Time, frame::role_word},
    format,
    functions::session::{ChangePassword, EndOtherSessions, EndSession, list_sessions},
};

#[component]
pub fn MePage() -> impl IntoView {
    let t = strings();
    let state = page_state();
    let changes = state.changes;
    let sessions = Resource::new(move || changes.get(), |_| list_sessions());
    let changed = RwSignal::new(0);
    let lead = state.me().map(|me| format!("{} · {}", me.name, role_word(me.role))).unwrap_or_default();
    view! {
        <Title text=t.my_account />
        <PageHeader title=t.my_account lead=lead />
        <section class="panel panel-narrow" aria-labelledby="password-title">
            <div class="panel-head"><h2 id="password-title">{t.change_password}</h2></div>
            // A form of its own after each change: passwords do not stay in the page.
            <For each=move || [changed.get()] key=|change| *change let:_>
                <PasswordForm changed=changed />
            </For>
        </section>
        <section class="panel" aria-labelledby="sessions-title">
            <div class="panel-head">
                <h2 id="sessions-title">{t.my_sessions}</h2>
                <PostForm action=EndOtherSessions::PATH next="/me" class="inline-form">
                    <SubmitButton label=t.end_other_sessions kind="secondary" />
                </PostForm>
            </div>
            <Loaded resource=sessions view=|rows| view! { <Sessions rows=rows /> } />
        </section>
    }
}

#[component]
fn PasswordForm(
    /// Rises with each success.
    changed: RwSignal<u32>,
) -> impl IntoView {
    let t = strings();
    let name = page_state().me().map(|me| me.name);
    view! {
        <PostForm action=ChangePassword::PATH next="/me" on_done=Callback::new(move |()| changed.update(|n| *n += 1))>
            // For password managers.
            <input type="text" name="name" value=name autocomplete="username" readonly hidden />
            <TextField name="current" label=t.current_password kind="password" required=true autocomplete="current-password" />
            <NewPasswordFields />
            <p class="field-help">{t.change_password_help}</p>
            <div class="form-buttons">
                <SubmitButton label=t.change_password />
            </div>
        </PostForm>
    }
}

#[component]
fn Sessions(rows: Vec<SessionRow>) -> impl IntoView {
    let t = strings();
    let rows = rows.into_iter().map(|row| {
        let browser = format::browser(&row.user_agent);
        let end = (t.action_of)(t.end_session, browser.clone());
        let action = if row.current {
            view! { <Badge text=t.this_session tone="success" /> }.into_any()
        } else {
            view! {
                <PostForm action=EndSession::PATH next="/me" class="inline-form" about=Some(("id", row.id.to_string()))>
                    <SubmitButton label=t.end_session kind="danger-quiet" aria_label=end />
                </PostForm>
            }
            .into_any()
        };
        view! {
            <tr role="row">
                <td role="rowheader" data-label=t.browser class="cell-title cell-wrap"><bdi title=row.user_agent.clone()>{browser}</bdi></td>
                <td role="cell" data-label=t.address class="mono">{row.address.unwrap_or_else(|| "—".to_owned())}</td>
                <td role="cell" data-label=t.signed_in_at class="nowrap"><Time at=row.created_at /></td>
                <td role="cell" data-label=t.last_seen class="nowrap"><Time at=row.seen_at /></td>
                <td role="cell" class="cell-actions">{action}</td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" role="region" aria-label=t.my_sessions tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.browser}</th>
                        <th role="columnheader" scope="col">{t.address}</th>
                        <th role="columnheader" scope="col">{t.signed_in_at}</th>
                        <th role="columnheader" scope="col">{t.last_seen}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
