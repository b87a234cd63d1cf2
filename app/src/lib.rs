//! The console: shell, routes, pages, components, server functions and languages. Runs on the server (feature `ssr`) and, as
//! WASM, in the browser (feature `hydrate`).

// Views are types, and a page is a deep one.
#![recursion_limit = "256"]

mod boot;
mod browser;
mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
pub mod flash;
pub mod functions;
#[cfg(feature = "ssr")]
pub mod language;
mod pages;
mod route;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod throttle;
pub mod url;
pub mod wire;

use boot::{Boot, PageState};
pub use components::success::functions_with_success_words;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};
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
    sign_in::{SignInPage, Threshold},
};
#[cfg(feature = "ssr")]
pub use shell::shell;

use components::frame::Frame;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let boot = SharedValue::new(Boot::of_request).into_inner();
    let state = PageState::new(boot);
    provide_context(state);
    let copied = boot::strings().common.copied;
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
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("operators") view=OperatorsPage ssr=SsrMode::Async />
                    <Route path=path!("audit") view=ServerAuditPage ssr=SsrMode::Async />
                    <Route path=path!("audit/archives") view=ArchivesPage ssr=SsrMode::Async />
                    <Route path=path!("me") view=MePage ssr=SsrMode::Async />
                </ParentRoute>
                <ParentRoute path=path!("/apps/:org/:app") view=Frame ssr=SsrMode::Async>
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

/// What the window is called. The framework writes it into the page as it is, so names are escaped here; in the browser it is the
/// document's property and takes any text.
fn window_title(title: String) -> String {
    #[cfg(feature = "ssr")]
    let title = html_escape::encode_text(&title).into_owned();
    if title.is_empty() { "Roster".to_owned() } else { format!("{title} · Roster") }
}

/// What a navigation in the browser leaves behind: the errors of the page before are not this page's, and the focus goes to the
/// new page's main part, as it would after a load.
#[component]
fn AfterNavigation() -> impl IntoView {
    let state = boot::page_state();
    let location = use_location();
    Effect::new(move |before: Option<(String, String)>| {
        let here = (location.pathname.get(), location.search.get());
        if let Some(before) = before
            && before != here
        {
            state.flash.set(None);
            browser::close_menus();
            if before.0 != here.0 {
                state.went_on();
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
    let t = boot::strings();
    view! {
        <Title text=t.shell.not_found />
        <Threshold title=t.shell.not_found>
            <p>{t.shell.not_found_help}</p>
            <p>
                <a class="button button-primary" href="/">
                    {t.shell.back_to_apps}
                </a>
            </p>
        </Threshold>
    }
}
