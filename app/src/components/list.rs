//! What all lists share: where the page is (app, query), search and filters, chips, sort headers, page sizes, paging.
//! Everything is a link or a GET form, so that the address always describes the list.

use domain::{
    layout::ListName,
    page::{Count, ListParams, PageSize, Sort, SortKey},
};
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map},
};

use crate::{
    boot::{PageState, page_state, strings},
    browser,
    components::{ActionLink, Icon},
    format,
    url::{AppPath, GroupTab, Query, segment},
};

/// The query of this page's address. While the page is being left the address is another page's already, and its query (a cursor,
/// a filter) would mean nothing here: then the last one stays.
pub fn use_query() -> Memo<Query> {
    let location = use_location();
    let (search, path) = (location.search, location.pathname);
    let page = page_of(&path.read_untracked());
    Memo::new(move |last: Option<&Query>| match last {
        Some(last) if page_of(&path.read()) != page => last.clone(),
        _ => Query::parse(&search.read()),
    })
}

/// Which page a path leads to, whatever app or group: its fixed words and its length. The tabs of a group are one page.
fn page_of(path: &str) -> (String, String, usize) {
    const GROUP: usize = 5;
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    let word = |place: usize| words.get(place).copied().unwrap_or_default().to_owned();
    let length = if word(3) == "groups" { words.len().min(GROUP) } else { words.len() };
    (word(0), word(3), length)
}

/// What stands behind a word of the current address, such as a group's id behind `groups`. From the raw path: the router's own
/// parameters are decoded twice, and ids may hold `%`.
pub fn use_id(word: &'static str) -> Memo<String> {
    const WORD: usize = 3;
    let path = use_location().pathname;
    // On the way out the address is another page's already, perhaps with an id of another kind, while this one still stands.
    Memo::new(move |last: Option<&String>| {
        let path = path.read();
        let here = segment(&path, WORD + 1);
        if here.is_empty() || segment(&path, WORD) != word { last.cloned().unwrap_or_default() } else { here }
    })
}

/// The part of a group's page that the current address names; `None` for a word that is none. On the way out the last one stays.
pub fn use_group_tab() -> Memo<Option<GroupTab>> {
    let path = use_location().pathname;
    Memo::new(move |last: Option<&Option<GroupTab>>| {
        let path = path.read();
        match (segment(&path, 3).as_str(), segment(&path, 4).as_str()) {
            ("groups", id) if !id.is_empty() => GroupTab::parse(&segment(&path, 5)),
            _ => last.copied().flatten(),
        }
    })
}

/// The app of the current address.
pub fn use_app_path() -> Memo<AppPath> {
    let params = use_params_map();
    Memo::new(move |_| {
        let params = params.read();
        AppPath { org: params.get("org").unwrap_or_default(), app: params.get("app").unwrap_or_default() }
    })
}

/// The part of the query that a list depends on; opening a dialog does not change it, so the list stays as it is.
pub fn use_list_params(list: ListName) -> Memo<ListParams> {
    let (state, query) = (page_state(), use_query());
    Memo::new(move |_| {
        let query = query.read();
        let word = |key| query.get(key).to_owned();
        ListParams {
            q: word("q"),
            kind: word("type"),
            sort: word("sort"),
            size: list_size(state, list, &query),
            cursor: word("cursor"),
        }
    })
}

/// Rows a page: what the address says, else what the operator likes.
pub fn list_size(state: PageState, list: impl Into<Option<ListName>>, query: &Query) -> String {
    match query.get("size") {
        "" => state.page_size(list).to_string(),
        size => size.to_owned(),
    }
}

/// The query as hidden fields, for GET forms that must keep it.
#[component]
pub fn Hidden(query: Query) -> impl IntoView {
    query.pairs().iter().map(|(key, value)| view! { <input type="hidden" name=key.clone() value=value.clone() /> }).collect_view()
}

/// Search and filters: a GET form. With scripts it navigates without a reload, and choices apply at once.
#[component]
pub fn FilterForm(
    #[prop(into)] path: Signal<String>,
    /// What the form keeps beside its own fields (sort, size).
    #[prop(into)]
    keep: Signal<Query>,
    #[prop(into)] label: String,
    /// What the button says.
    #[prop(optional)]
    send: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let on_submit = move |event: ev::SubmitEvent| {
        if let Some(query) = browser::form_query(&event) {
            event.prevent_default();
            let mut filled = Query::default();
            for (key, value) in query.pairs().iter().filter(|(key, value)| !key.is_empty() && !value.trim().is_empty()) {
                filled = filled.and(key, value.trim());
            }
            navigate(&filled.href(&path.get_untracked()), NavigateOptions { scroll: false, ..Default::default() });
        }
    };
    view! {
        <form method="get" action=move || path.get() class="filters" role="search" aria-label=label on:submit=on_submit>
            {move || view! { <Hidden query=keep.get() /> }}
            {children()}
            <button type="submit" class="button button-secondary filter-apply">
                {send.unwrap_or(strings().apply)}
            </button>
        </form>
    }
}

/// The search field of a list; `/` leads to it.
#[component]
pub fn SearchBox(#[prop(into)] label: String, #[prop(into)] value: Signal<String>) -> impl IntoView {
    view! {
        <div class="search-box">
            <Icon name="search" />
            <input
                id="search"
                type="search"
                name="q"
                value=value.get_untracked()
                prop:value=move || value.get()
                placeholder=label.clone()
                aria-label=label
                autocomplete="off"
                spellcheck="false"
            />
        </div>
    }
}

/// A filter with a few choices; applies as soon as one is chosen.
#[component]
pub fn FilterSelect(
    name: &'static str,
    #[prop(into)] label: String,
    /// Words of the choice that filters nothing.
    #[prop(into)]
    any: String,
    options: Vec<(String, String)>,
    #[prop(into)] value: Signal<String>,
) -> impl IntoView {
    let on_change = |event: ev::Event| browser::submit_form_of(event.target());
    view! {
        <select name=name aria-label=label on:change=on_change class="filter-select" prop:value=move || value.get()>
            <option value="" selected=value.get_untracked().is_empty()>
                {any}
            </option>
            {options
                .into_iter()
                .map(|(word, text)| {
                    let chosen = word == value.get_untracked();
                    view! { <option value=word selected=chosen>{text}</option> }
                })
                .collect_view()}
        </select>
    }
}

/// A filter that is set, with a way to drop it.
#[component]
pub fn Chip(#[prop(into)] text: String, #[prop(into)] href: String) -> impl IntoView {
    let label = (strings().remove_filter)(text.clone());
    view! {
        <a class="chip" href=href aria-label=label data-noscroll="">
            <bdi>{text}</bdi>
            <Icon name="close" />
        </a>
    }
}

/// A column header that sorts: first its natural direction, then the other.
#[component]
pub fn SortHeader(
    key: SortKey,
    #[prop(into)] label: String,
    #[prop(into)] path: Signal<String>,
    query: Memo<Query>,
    #[prop(default = "")] class: &'static str,
) -> impl IntoView {
    let sort = move || Sort::parse(query.read().get("sort"));
    let aria = move || {
        let sort = sort();
        if sort.key != key {
            "none"
        } else if sort.descending {
            "descending"
        } else {
            "ascending"
        }
    };
    let href = move || {
        let sort = sort();
        let natural_descending = key == SortKey::Created;
        let descending = if sort.key == key { !sort.descending } else { natural_descending };
        let word = Sort { key, descending }.as_str();
        let query = query.read().list().without(&["cursor"]);
        query.with("sort", if word == Sort::default().as_str() { "" } else { word }).href(&path.get())
    };
    view! {
        <th role="columnheader" scope="col" aria-sort=aria class=class>
            <a class="sort" href=href>
                {label}
                <Icon name="sort" />
            </a>
        </th>
    }
}

/// «API»: leads to the call.
#[component]
pub fn ApiButton(#[prop(into)] path: Signal<String>, query: Memo<Query>) -> impl IntoView {
    view! {
        <ActionLink
            href=Signal::derive(move || query.read().list().with("dialog", "api").href(&path.read()))
            label="API"
            icon="api"
            aria_label=strings().api.show_call
        />
    }
}

/// 20, 50 or 100 rows for now, and the way to what is kept.
#[component]
pub fn ListTools(list: ListName, #[prop(into)] path: Signal<String>, query: Memo<Query>) -> impl IntoView {
    view! {
        <div class="list-tools">
            <SizeLinks list=list path=path query=query />
            // The audit log is none of the API's business.
            {(list != ListName::Audit).then(|| view! { <ApiButton path=path query=query /> })}
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "columns").href(&path.read()))
                label=strings().aids.view
                icon="view"
            />
        </div>
    }
}

/// How many rows a page has; without a list there is no other number than the usual one.
#[component]
pub fn SizeLinks(
    #[prop(optional)] list: Option<ListName>,
    #[prop(into)] path: Signal<String>,
    query: Memo<Query>,
) -> impl IntoView {
    let t = strings();
    let state = page_state();
    view! {
        <nav class="sizes" aria-label=t.rows_per_page>
            <span aria-hidden="true">{t.rows}</span>
            {PageSize::CHOICES
                .into_iter()
                .map(|size| {
                    let current = move || PageSize::parse(&list_size(state, list, &query.read())).get() == size;
                    let href = move || {
                        let word = if size == state.page_size(list) { String::new() } else { size.to_string() };
                        query.read().list().without(&["cursor"]).with("size", &word).href(&path.get())
                    };
                    view! {
                        <a href=href aria-current=move || current().then_some("true") aria-label=(t.rows_label)(u64::from(size)) data-noscroll="">
                            {size}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// How many rows match. After another filter the number is said, too: once, politely.
#[component]
pub fn ResultCount(
    count: Count,
    /// Of a list that has no filters.
    #[prop(default = false)]
    quiet: bool,
) -> impl IntoView {
    if !quiet {
        announce(count);
    }
    view! { <span class="result-count">{count_words(count)}</span> }
}

fn announce(count: Count) {
    let t = strings();
    let (state, query, path) = (page_state(), use_query(), use_location().pathname);
    let filters = untrack(|| (path.get(), query.read().list().without(&["cursor", "size", "sort"])));
    state.filtered.update_value(|before| {
        if before.as_ref().is_some_and(|before| before.0 == filters.0 && before.1 != filters.1) {
            state.announcement.set((t.aids.matches)(count.number, count_number(count)));
        }
        *before = Some(filters);
    });
}

fn count_number(count: Count) -> String {
    let number = format::number(count.number);
    if count.more { format!("{number}+") } else { number }
}

/// How many rows match, in words.
fn count_words(count: Count) -> String {
    (strings().results)(count.number, count_number(count))
}

/// Previous and next page; `key` is the query's name for the cursor.
#[component]
pub fn Pager(
    previous: Option<String>,
    next: Option<String>,
    #[prop(into)] path: String,
    query: Query,
    #[prop(default = "cursor")] key: &'static str,
    #[prop(into)] label: String,
) -> impl IntoView {
    if previous.is_none() && next.is_none() {
        return ().into_any();
    }
    let t = strings();
    let link = |cursor: Option<String>, words: &'static str, rel: &'static str, icon: &'static str| match cursor {
        Some(cursor) => view! {
            <a class="button button-secondary" rel=rel href=query.list().with(key, &cursor).href(&path)>
                {(rel == "prev").then(|| view! { <Icon name=icon /> })}
                <span>{words}</span>
                {(rel == "next").then(|| view! { <Icon name=icon /> })}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="button button-secondary is-disabled" aria-disabled="true" role="link">
                {(rel == "prev").then(|| view! { <Icon name=icon /> })}
                <span>{words}</span>
                {(rel == "next").then(|| view! { <Icon name=icon /> })}
            </span>
        }
        .into_any(),
    };
    view! {
        <nav class="pager" aria-label=label>
            {link(previous, t.previous, "prev", "chevron-left")}
            {link(next, t.next, "next", "chevron-right")}
        </nav>
    }
    .into_any()
}
