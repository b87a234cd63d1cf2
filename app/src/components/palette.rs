//! The search over everything: what a term finds, and the palette that asks for it. The palette is a dialog with an address like
//! any other; without scripts its form leads to the search page, which shows the same.

use domain::search::SearchResults;
use leptos::{ev, html, prelude::*};
use leptos_router::hooks::{use_location, use_params_map};

use crate::{
    browser,
    components::{Dialog, Icon},
    error::AppError,
    functions::search::find,
    page_context::{page_context, strings},
    route::use_app_path,
    url::{AppPath, Query},
};

/// The app of the address, on pages that are of one.
pub fn use_app() -> Memo<Option<AppPath>> {
    let (params, app) = (use_params_map(), use_app_path());
    Memo::new(move |_| params.read().get("app").is_some().then(|| app.get()))
}

/// The address of a dialog that every page has, over this page.
pub fn here_with_dialog(word: &'static str) -> Signal<String> {
    let location = use_location();
    Signal::derive(move || Query::parse(&location.search.read()).list().with("dialog", word).href(&location.pathname.read()))
}

/// One line of what was found.
struct Hit {
    href: String,
    icon: &'static str,
    words: String,
    id: Option<String>,
}

/// The actions whose labels contain the term.
fn actions(app: Option<&AppPath>, term: &str) -> Vec<Hit> {
    let (t, state) = (strings(), page_context());
    let mut all: Vec<(String, &'static str, String)> = vec![];
    let mut go = |href: String, icon, page| all.push((href, icon, (t.search.go_to)(page)));
    match app {
        Some(app) => {
            go(app.overview(), "overview", t.overview.title);
            go(app.groups(), "groups", t.groups.title);
            go(app.accounts(), "accounts", t.accounts.title);
            go(app.audit(), "audit", t.audit.title);
            go(app.jobs(), "jobs", t.jobs.jobs);
            go(app.settings(), "settings", t.settings.title);
        }
        None if state.may_write() => go("/audit".to_owned(), "audit", t.audit.server_audit),
        None => {}
    }
    go("/".to_owned(), "apps", t.apps.title);
    go("/me".to_owned(), "me", t.sessions.my_account);
    if state.is_owner() {
        go("/operators".to_owned(), "operators", t.operators.title);
    }
    if let Some(app) = app.filter(|_| state.read_only_reason().is_none()) {
        let dialog = |word| Query::default().with("dialog", word);
        all.insert(0, (dialog("add").href(&app.groups()), "plus", t.groups.add_group.to_owned()));
        all.insert(1, (dialog("create").href(&app.accounts()), "plus", t.accounts.create_account.to_owned()));
    }
    let term = term.to_lowercase();
    let matching = all.into_iter().filter(|(_, _, words)| words.to_lowercase().contains(&term));
    matching.map(|(href, icon, words)| Hit { href, icon, words, id: None }).collect()
}

/// How much a term finds, in words. Not part of [`Finds`]: what is redrawn is not read out.
pub fn said(app: Option<&AppPath>, term: &str, found: &SearchResults) -> String {
    let (t, term) = (&strings().search, term.trim());
    match actions(app, term).len() + found.groups.len() + found.accounts.len() {
        _ if term.is_empty() => t.hint.to_owned(),
        0 => (t.nothing_found)(term.to_owned()),
        count => (t.found)(count as u64),
    }
}

/// Everything that a term finds: actions, groups, accounts, each in a list of its own.
#[component]
pub fn Finds(app: Option<AppPath>, term: String, found: SearchResults) -> impl IntoView {
    let t = strings();
    let term = term.trim().to_owned();
    let actions = actions(app.as_ref(), &term);
    let lists = app.map(|app| {
        let all = Query::default().with("q", &term);
        let (all_groups, all_accounts) = (all.href(&app.groups()), all.href(&app.accounts()));
        let groups = found.groups.into_iter();
        let groups = groups.map(|group| Hit {
            href: app.group(&group.group_id),
            icon: "groups",
            words: group.name,
            id: Some(group.group_id),
        });
        let accounts = found.accounts.into_iter();
        let accounts = accounts.map(|person| Hit {
            href: app.account(&person.username),
            icon: "accounts",
            words: if person.nickname.trim().is_empty() { person.username.clone() } else { person.nickname },
            id: Some(person.username),
        });
        (
            list(t.search.groups, groups.collect(), Some((all_groups, t.groups.title))),
            list(t.search.accounts, accounts.collect(), Some((all_accounts, t.accounts.title))),
        )
    });
    view! {
        {lists}
        {list(t.search.actions, actions, None)}
    }
}

/// Hits under their heading; `all` leads to the list with everything that the term matches.
fn list(word: &'static str, hits: Vec<Hit>, all: Option<(String, &'static str)>) -> AnyView {
    if hits.is_empty() {
        return ().into_any();
    }
    let all = all.map(|(href, page)| Hit { href, icon: "search", words: (strings().search.all_in)(page), id: None });
    let rows = hits.into_iter().chain(all).map(|hit| {
        view! {
            <li>
                <a class="find" href=hit.href>
                    <Icon name=hit.icon />
                    <bdi class="find-words">{hit.words}</bdi>
                    {hit.id.map(|id| view! { <span class="find-id mono">{id}</span> })}
                </a>
            </li>
        }
    });
    view! {
        <p class="finds-word" aria-hidden="true">{word}</p>
        <ul class="finds" aria-label=word>{rows.collect_view()}</ul>
    }
    .into_any()
}

/// Where the arrow keys move in the palette.
const STEPS: &str = ".palette input, .palette .find";

#[component]
pub fn Palette() -> impl IntoView {
    let t = strings();
    let app = use_app().get_untracked();
    let location = use_location();
    let close = untrack(|| Query::parse(&location.search.read()).list().href(&location.pathname.read()));
    let (term, found) = (RwSignal::new(String::new()), RwSignal::new(Ok::<_, AppError>(SearchResults::default())));
    let latest = StoredValue::new(0_u32);
    let field = NodeRef::<html::Input>::new();
    let path = app.clone();
    let on_input = move |event: ev::Event| {
        // Nothing would be lost: the dialog still closes at once.
        event.stop_propagation();
        let typed: String = event_target_value(&event);
        latest.update_value(|n| *n += 1);
        let mine = latest.get_value();
        let Some(app) = path.clone().filter(|_| !typed.trim().is_empty()) else {
            found.set(Ok(SearchResults::default()));
            term.set(typed);
            return;
        };
        leptos::task::spawn_local(async move {
            let answer = find(app.org, app.app, typed.clone()).await;
            // The answer to what was typed last wins.
            if latest.try_get_value() == Some(mine) {
                found.try_set(answer);
                term.try_set(typed);
            }
        });
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            event.prevent_default();
            browser::step(STEPS, "", event.key() == "ArrowDown");
        }
        // Typing continues in the field, wherever the arrows have led.
        key if key.chars().count() == 1 && key != " " && !event.ctrl_key() && !event.meta_key() => {
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
        }
        _ => {}
    };
    // Outside an app there are only actions, and no page of what was found.
    let no_page = app.is_none();
    // Enter opens the first hit; while there is none for the text in the field, the search page answers.
    let on_submit = move |event: ev::SubmitEvent| {
        let typed = field.get_untracked().map(|field| field.value());
        let opened = typed.as_ref() == Some(&*term.read_untracked()) && browser::click(".palette .find");
        if opened || no_page {
            event.prevent_default();
        }
    };
    let hits = app.clone();
    let counted = app.clone();
    let said = move || found.read().as_ref().map(|found| said(counted.as_ref(), &term.read(), found)).unwrap_or_default();
    let results = move || match found.get() {
        Ok(found) => view! { <Finds app=hits.clone() term=term.get() found=found /> }.into_any(),
        Err(error) => view! { <p class="form-error" role="alert">{error.sentence(t)}</p> }.into_any(),
    };
    let form = app.map(|app| app.search()).unwrap_or_default();
    view! {
        <Dialog title=t.search.title close=close wide=true>
            <div class="palette" on:keydown=on_key>
                <form method="get" action=form role="search" class="search-box" class:js-only=no_page on:submit=on_submit>
                    <Icon name="search" />
                    <input
                        node_ref=field
                        type="text"
                        name="q"
                        autofocus=true
                        autocomplete="off"
                        spellcheck="false"
                        maxlength=domain::limits::SEARCH_CHARS.to_string()
                        aria-label=t.search.label
                        placeholder=t.search.label
                        on:input=on_input
                    />
                </form>
                <p class="finds-said" role="status">{said}</p>
                <div class="palette-finds">{results}</div>
            </div>
        </Dialog>
    }
}
