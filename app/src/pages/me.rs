//! My account: password and sessions.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::{sessions::SessionTable, setup::NewPasswordFields};
use crate::{
    components::{CheckField, Loaded, PageHeader, PostForm, SubmitButton, TextField, console_layout::role_word},
    functions::session::{ChangePassword, EndOtherSessions, list_sessions},
    page_context::{page_context, strings},
};

#[component]
pub fn MePage() -> impl IntoView {
    let t = strings();
    let state = page_context();
    let changes = state.changes;
    let sessions = Resource::new(move || changes.get(), |_| list_sessions());
    let changed = RwSignal::new(0);
    let lead = state.me().map(|me| format!("{} · {}", me.name, role_word(me.role))).unwrap_or_default();
    view! {
        <Title text=t.sessions.my_account />
        <PageHeader title=t.sessions.my_account lead=lead />
        <section class="panel panel-narrow" aria-labelledby="password-title">
            <div class="panel-head"><h2 id="password-title">{t.sessions.change_password}</h2></div>
            // A form of its own after each change: passwords do not stay in the page.
            <For each=move || [changed.get()] key=|change| *change let:_>
                <PasswordForm changed=changed />
            </For>
        </section>
        <section class="panel" aria-labelledby="sessions-title">
            <div class="panel-head">
                <h2 id="sessions-title">{t.sessions.my_sessions}</h2>
                <PostForm action=EndOtherSessions::PATH next="/me" class="inline-form">
                    <SubmitButton label=t.sessions.end_other_sessions kind="secondary" />
                </PostForm>
            </div>
            <Loaded resource=sessions view=|rows| view! { <SessionTable rows=rows /> } />
        </section>
    }
}

#[component]
fn PasswordForm(
    /// Rises with each success.
    changed: RwSignal<u32>,
) -> impl IntoView {
    let t = strings();
    let name = page_context().me().map(|me| me.name);
    view! {
        <PostForm action=ChangePassword::PATH next="/me" on_done=Callback::new(move |()| changed.update(|n| *n += 1))>
            // For password managers.
            <input type="text" name="name" value=name autocomplete="username" readonly hidden />
            <TextField name="current" label=t.sessions.current_password kind="password" required=true autocomplete="current-password" />
            <NewPasswordFields />
            <CheckField name="stop_jobs" label=t.sessions.stop_jobs />
            <p class="field-help">{t.sessions.change_password_help}</p>
            <div class="form-buttons">
                <SubmitButton label=t.sessions.change_password />
            </div>
        </PostForm>
    }
}
