//! Redeeming a set-up link: the first operator chooses name and password, a later one a password.

use domain::operator::SetupKind;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::sign_in::AuthLayout;
use crate::{
    components::{Limit, PostForm, SubmitButton, TextField},
    error::AppError,
    functions::session::{SetUp, look_up_setup_link},
    page_context::strings,
    route::use_query,
};

#[component]
pub fn SetupPage() -> impl IntoView {
    let t = strings();
    let token = use_query().read_untracked().get("token").to_owned();
    let wanted = token.clone();
    let kind = Resource::new(|| (), move |()| look_up_setup_link(wanted.clone()));
    view! {
        <Title text=t.sign_in.set_up />
        <AuthLayout title=t.sign_in.set_up>
            <Suspense>
                {move || {
                    let token = token.clone();
                    Suspend::new(async move {
                        match kind.await {
                            Ok(kind) => view! { <SetupForm kind=kind token=token /> }.into_any(),
                            Err(error) => view! { <Refused error=error /> }.into_any(),
                        }
                    })
                }}
            </Suspense>
        </AuthLayout>
    }
}

#[component]
fn Refused(error: AppError) -> impl IntoView {
    let t = strings();
    view! {
        <p>{error.sentence(t)}</p>
        <p><a class="button button-secondary" href="/sign-in">{t.sign_in.title}</a></p>
    }
}

#[component]
fn SetupForm(kind: SetupKind, token: String) -> impl IntoView {
    let t = strings();
    let (lead, name) = match kind {
        SetupKind::First => (t.sign_in.set_up_first.to_owned(), None),
        SetupKind::Operator { name } => ((t.sign_in.set_up_operator)(name.clone()), Some(name)),
    };
    view! {
        <p>{lead}</p>
        <PostForm action=SetUp::PATH plain=true>
            <input type="hidden" name="token" value=token />
            <NameField name=name />
            <NewPasswordFields />
            <div class="form-buttons"><SubmitButton label=t.sign_in.set_up_button /></div>
        </PostForm>
    }
}

/// The first operator chooses a name; a later one has it already, and it is kept in the form for password managers.
#[component]
fn NameField(name: Option<String>) -> impl IntoView {
    match name {
        Some(name) => view! { <input type="text" name="name" value=name autocomplete="username" readonly hidden /> }.into_any(),
        None => view! {
            <TextField
                name="name"
                label=strings().sign_in.name
                required=true
                autofocus=true
                autocomplete="username"
                limit=Limit::Chars(domain::limits::OPERATOR_NAME_CHARS)
            />
        }
        .into_any(),
    }
}

/// A new password, twice.
#[component]
pub fn NewPasswordFields() -> impl IntoView {
    let t = strings();
    view! {
        <TextField
            name="password"
            label=t.sign_in.new_password
            kind="password"
            required=true
            autocomplete="new-password"
            help=(t.sign_in.password_help)(domain::limits::PASSWORD_MIN_CHARS as u64)
        />
        <TextField name="repeat" label=t.sign_in.repeat_password kind="password" required=true autocomplete="new-password" />
    }
}
