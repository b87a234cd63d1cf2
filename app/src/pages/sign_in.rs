//! Sign in. The browser posts the form itself: the next page is another one for another reader.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::{
    components::{
        Icon, Loaded, Notice, PostForm, SubmitButton, TextField,
        console_layout::{LanguageMenu, ThemeMenu},
    },
    functions::session::{SignIn, is_set_up},
    page_context::strings,
    route::use_query,
};

/// The frame of pages before sign-in.
#[component]
pub fn AuthLayout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="threshold">
            <header class="threshold-head">
                <span class="brand"><Icon name="logo" /><span>"Roster"</span></span>
                <div class="topbar-end"><LanguageMenu /><ThemeMenu /></div>
            </header>
            <main id="main" tabindex="-1" class="threshold-main">
                <div class="threshold-card">
                    <h1>{title}</h1>
                    {children()}
                </div>
            </main>
        </div>
    }
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let t = strings();
    let next = use_query().read_untracked().get("next").to_owned();
    let ready = Resource::new(|| (), |()| is_set_up());
    view! {
        <Title text=t.sign_in.title />
        <AuthLayout title=t.sign_in.title>
            <Loaded resource=ready view=move |ready| (!ready).then(|| view! { <Notice tone="info"><p>{t.sign_in.not_set_up}</p></Notice> }) />
            <PostForm action=SignIn::PATH plain=true>
                <input type="hidden" name="next" value=next />
                <TextField name="name" label=t.sign_in.name required=true autofocus=true autocomplete="username" />
                <TextField name="password" label=t.sign_in.password kind="password" required=true autocomplete="current-password" />
                <div class="form-buttons"><SubmitButton label=t.sign_in.title /></div>
            </PostForm>
        </AuthLayout>
    }
}
