//! The layout of every page after sign-in: top bar, navigation, status line, main part.

use domain::operator::{Language, Role, Theme};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};
use words::LanguageWords;

use crate::{
    components::{
        Icon,
        keys::{self, KeysDialog},
        palette::{Palette, here_with_dialog},
        status::StatusLine,
    },
    flash::NEXT_FIELD,
    functions::{
        application::list_application_names,
        session::{SetPreferences, SignOut},
    },
    page_context::{page_context, strings},
    route::use_app_path,
    url::{AppPath, Query},
};

#[component]
pub fn ConsoleLayout() -> impl IntoView {
    let t = strings();
    Effect::new(|_| keys::listen());
    let search = use_location().search;
    let dialog = Memo::new(move |_| Query::parse(&search.read()).get("dialog").to_owned());
    view! {
        <a class="skip-link" href="#main" rel="external">
            {t.shell.skip_to_content}
        </a>
        <header class="topbar">
            <details class="menu nav-menu">
                <summary aria-label=t.shell.menu title=t.shell.menu>
                    <Icon name="menu" />
                </summary>
                <nav class="menu-panel" aria-label=t.shell.navigation>
                    <NavLinks />
                </nav>
            </details>
            <a class="brand" href="/" aria-label="Roster">
                <Icon name="logo" />
                <span>"Roster"</span>
            </a>
            <AppSwitcher />
            <div class="topbar-end">
                <a class="button button-secondary search-link" href=here_with_dialog("search") data-noscroll="" aria-label=t.search.title aria-keyshortcuts="Control+K Meta+K">
                    <Icon name="search" />
                    <span>{t.search.title}</span>
                    <kbd class="js-only" aria-hidden="true">"Ctrl K"</kbd>
                </a>
                <LanguageMenu />
                <ThemeMenu />
                <OperatorMenu />
            </div>
        </header>
        <div class="layout">
            <nav class="sidenav" aria-label=t.shell.navigation>
                <NavLinks />
            </nav>
            <main id="main" tabindex="-1">
                <StatusLine />
                <Outlet />
            </main>
        </div>
        <p class="visually-hidden" aria-live="polite">{move || page_context().announcement.get()}</p>
        {move || match dialog.read().as_str() {
            "search" => view! { <Palette /> }.into_any(),
            "keys" => view! { <KeysDialog /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

#[component]
fn NavLinks() -> impl IntoView {
    let t = strings();
    let params = use_params_map();
    let in_app = Memo::new(move |_| params.read().get("app").is_some());
    let app = use_app_path();
    let (owner, writes) = (page_context().is_owner(), page_context().may_write());
    move || {
        if in_app.get() {
            let app = app.get();
            view! {
                <ul>
                    <NavLink href=app.overview() label=t.overview.title icon="overview" />
                    <NavLink href=app.groups() label=t.groups.title icon="groups" />
                    <NavLink href=app.accounts() label=t.accounts.title icon="accounts" />
                    <NavLink href=app.audit() label=t.audit.title icon="audit" />
                    <NavLink href=app.jobs() label=t.jobs.jobs icon="jobs" />
                    <NavLink href=app.settings() label=t.settings.title icon="settings" />
                </ul>
            }
            .into_any()
        } else {
            view! {
                <ul>
                    <NavLink href="/" label=t.apps.title icon="apps" />
                    {owner.then(|| view! { <NavLink href="/operators" label=t.operators.title icon="operators" /> })}
                    {writes.then(|| view! { <NavLink href="/audit" label=t.audit.server_audit icon="audit" /> })}
                    <NavLink href="/me" label=t.sessions.my_account icon="me" />
                </ul>
            }
            .into_any()
        }
    }
}

#[component]
fn NavLink(#[prop(into)] href: String, label: &'static str, icon: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.clone();
    let current = move || {
        let path = path.read();
        *path == target || (target != "/" && path.strip_prefix(&target).is_some_and(|rest| rest.starts_with('/')))
    };
    view! {
        <li>
            <a href=href aria-current=move || current().then_some("page")>
                <Icon name=icon />
                <span>{label}</span>
            </a>
        </li>
    }
}

/// The current app, and links to the others.
#[component]
fn AppSwitcher() -> impl IntoView {
    let t = strings();
    let params = use_params_map();
    let here = use_app_path();
    let changes = page_context().changes;
    let apps = Resource::new(move || changes.get(), |_| list_application_names());
    let switcher = move || {
        Suspend::new(async move {
            let apps = apps.await.unwrap_or_default();
            let in_app = params.read().get("app").is_some();
            let here = here.get();
            let current = apps.iter().find(|app| in_app && app.org_name == here.org && app.app_name == here.app);
            current.map(|current| current.display_name.clone()).map(|name| {
                let others = apps.into_iter().map(|app| {
                    let path = AppPath { org: app.org_name, app: app.app_name };
                    let this = path == here;
                    let key = format!("{}/{}", path.org, path.app);
                    view! {
                        <li>
                            <a href=path.overview() aria-current=this.then_some("true")>
                                <span class="menu-main"><bdi>{app.display_name}</bdi></span>
                                <span class="menu-sub mono">{key}</span>
                            </a>
                        </li>
                    }
                });
                view! {
                    <details class="menu app-switcher">
                        <summary aria-label=(t.shell.switch_app)(name.clone())>
                            <bdi>{name.clone()}</bdi>
                            <Icon name="chevron-down" />
                        </summary>
                        <ul class="menu-panel">
                            {others.collect_view()}
                            <li class="menu-separate">
                                <a href="/">{t.shell.all_apps}</a>
                            </li>
                        </ul>
                    </details>
                }
            })
        })
    };
    view! { <Transition>{switcher}</Transition> }
}

/// The address of the current page, for forms that return to it.
fn here() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let search = location.search.get();
        let path = location.pathname.get();
        if search.is_empty() { path } else { format!("{path}?{search}") }
    })
}

/// A menu of choices that change the whole page: plain forms, the browser posts and returns.
#[component]
fn PreferenceMenu(
    label: &'static str,
    icon: &'static str,
    name: &'static str,
    /// Value, label, whether it is the current one, and its language.
    choices: Vec<(&'static str, &'static str, bool, Option<&'static str>)>,
) -> impl IntoView {
    let here = here();
    view! {
        <details class="menu">
            <summary aria-label=label title=label>
                <Icon name=icon />
            </summary>
            <form method="post" action=SetPreferences::PATH class="menu-panel menu-choices">
                <input type="hidden" name=NEXT_FIELD value=move || here.get() />
                {choices
                    .into_iter()
                    .map(|(value, words, current, lang)| {
                        view! {
                            <button type="submit" name=name value=value lang=lang aria-current=current.then_some("true")>
                                {words}
                                {current.then(|| view! { <Icon name="check" /> })}
                            </button>
                        }
                    })
                    .collect_view()}
            </form>
        </details>
    }
}

#[component]
pub fn LanguageMenu() -> impl IntoView {
    let current = page_context().language();
    let choices = Language::ALL
        .iter()
        .map(|&language| (language.as_str(), language.own_name(), language == current, Some(language.tag())))
        .collect();
    view! { <PreferenceMenu label=strings().shell.language icon="language" name="language" choices=choices /> }
}

#[component]
pub fn ThemeMenu() -> impl IntoView {
    let t = strings();
    let current = page_context().theme();
    let words = |theme| match theme {
        Theme::Auto => t.shell.theme_auto,
        Theme::Light => t.shell.theme_light,
        Theme::Dark => t.shell.theme_dark,
    };
    let choices = Theme::ALL.iter().map(|&theme| (theme.as_str(), words(theme), theme == current, None)).collect();
    view! { <PreferenceMenu label=t.shell.theme icon="theme" name="theme" choices=choices /> }
}

pub fn role_word(role: Role) -> &'static str {
    let t = strings();
    match role {
        Role::Owner => t.operators.role_owner,
        Role::Admin => t.operators.role_admin,
        Role::Viewer => t.operators.role_viewer,
    }
}

#[component]
fn OperatorMenu() -> impl IntoView {
    let t = strings();
    let keys = here_with_dialog("keys");
    page_context().me().map(|me| {
        let owner = me.role == Role::Owner;
        view! {
            <details class="menu operator-menu">
                <summary aria-label=(t.shell.signed_in_as)(me.name.clone())>
                    <Icon name="me" />
                    <span class="operator-name"><bdi>{me.name.clone()}</bdi></span>
                    <Icon name="chevron-down" />
                </summary>
                <ul class="menu-panel">
                    <li class="menu-head">
                        <span class="menu-main"><bdi>{me.name}</bdi></span>
                        <span class="menu-sub">{role_word(me.role)}</span>
                    </li>
                    <li><a href="/me">{t.sessions.my_account}</a></li>
                    <li><a href=keys data-noscroll="">{t.shortcuts.title}</a></li>
                    {owner.then(|| view! { <li><a href="/operators">{t.operators.title}</a></li> })}
                    {(me.role != Role::Viewer).then(|| view! { <li><a href="/audit">{t.audit.server_audit}</a></li> })}
                    <li class="menu-separate">
                        <form method="post" action=SignOut::PATH>
                            <button type="submit">{t.shell.sign_out}</button>
                        </form>
                    </li>
                </ul>
            </details>
        }
    })
}
