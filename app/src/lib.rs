//! The console: shell, routes, pages, components and server functions; its texts are in the crate `words`. Runs on the server
//! (feature `ssr`) and, as WASM, in the browser (feature `hydrate`).

// Views are types, and a page is a deep one.
#![recursion_limit = "256"]

mod browser;
mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
pub mod flash;
pub mod functions;
#[cfg(feature = "ssr")]
pub mod language;
mod page_context;
mod pages;
mod route;
#[cfg(feature = "ssr")]
mod shell;
pub mod url;
pub mod wire;

pub use components::success::functions_with_success_words;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};
use page_context::{InitialState, PageContext};
use pages::{
    account::AccountDetailsPage,
    accounts::AccountsPage,
    api_calls::CallsPage,
    archives::ArchivesPage,
    audit::{AuditPage, ServerAuditPage},
    credentials::CredentialsPage,
    group::GroupPage,
    groups::GroupsPage,
    home::HomePage,
    import::ImportPage,
    import_preview::ImportPreviewPage,
    job::JobPage,
    jobs::JobsPage,
    me::MePage,
    operators::OperatorsPage,
    overview::OverviewPage,
    search::SearchPage,
    settings::SettingsPage,
    setup::SetupPage,
    sign_in::{AuthLayout, SignInPage},
};
#[cfg(feature = "ssr")]
pub use shell::shell;

use components::console_layout::ConsoleLayout;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let initial = SharedValue::new(InitialState::of_request).into_inner();
    let state = PageContext::new(initial);
    provide_context(state);
    let copied = page_context::strings().common.copied;
    Effect::new(move |_| {
        state.hydrated.set(true);
        browser::mark_hydrated();
        browser::copy_on_click(copied);
        browser::load_escaped_paths_whole();
        browser::close_menus_outside();
    });
    view! {
        <Title formatter=window_title />
        <Router>
            <AfterNavigation />
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=ConsoleLayout ssr=SsrMode::Async>
                    <Route path=path!("") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("operators") view=OperatorsPage ssr=SsrMode::Async />
                    <Route path=path!("audit") view=ServerAuditPage ssr=SsrMode::Async />
                    <Route path=path!("audit/archives") view=ArchivesPage ssr=SsrMode::Async />
                    <Route path=path!("me") view=MePage ssr=SsrMode::Async />
                </ParentRoute>
                <ParentRoute path=path!("/apps/:org/:app") view=ConsoleLayout ssr=SsrMode::Async>
                    <Route path=path!("overview") view=OverviewPage ssr=SsrMode::Async />
                    <Route path=path!("groups") view=GroupsPage ssr=SsrMode::Async />
                    <Route path=path!("groups/:group_id/:tab?") view=GroupPage ssr=SsrMode::Async />
                    <Route path=path!("accounts") view=AccountsPage ssr=SsrMode::Async />
                    <Route path=path!("accounts/:username") view=AccountDetailsPage ssr=SsrMode::Async />
                    <Route path=path!("audit") view=AuditPage ssr=SsrMode::Async />
                    <Route path=path!("jobs") view=JobsPage ssr=SsrMode::Async />
                    <Route path=path!("jobs/:job") view=JobPage ssr=SsrMode::Async />
                    <Route path=path!("search") view=SearchPage ssr=SsrMode::Async />
                    <Route path=path!("import/:list") view=ImportPage ssr=SsrMode::Async />
                    <Route path=path!("imports/:import") view=ImportPreviewPage ssr=SsrMode::Async />
                    <Route path=path!("settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("settings/api") view=CredentialsPage ssr=SsrMode::Async />
                    <Route path=path!("settings/calls") view=CallsPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The title of the window. The framework writes it into the page as it is, so names are escaped here; in the browser it is the
/// document's property and takes any text.
fn window_title(title: String) -> String {
    #[cfg(feature = "ssr")]
    let title = html_escape::encode_text(&title).into_owned();
    if title.is_empty() { "Roster".to_owned() } else { format!("{title} · Roster") }
}

/// Clean-up after a navigation in the browser: the errors of the page before are not this page's, and the focus goes to the new
/// page's main part, as it would after a load.
#[component]
fn AfterNavigation() -> impl IntoView {
    let state = page_context::page_context();
    let location = use_location();
    Effect::new(move |before: Option<(String, String)>| {
        let here = (location.pathname.get(), location.search.get());
        if let Some(before) = before
            && before != here
        {
            state.flash.set(None);
            browser::close_menus();
            if before.0 != here.0 {
                state.navigated();
                browser::focus_id("main");
            }
        }
        here
    });
}

#[component]
fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let t = page_context::strings();
    view! {
        <Title text=t.shell.not_found />
        <AuthLayout title=t.shell.not_found>
            <p>{t.shell.not_found_help}</p>
            <p>
                <a class="button button-primary" href="/">
                    {t.shell.back_to_apps}
                </a>
            </p>
        </AuthLayout>
    }
}
