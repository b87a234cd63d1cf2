//! What all lists share: where the page is (app, query), search and filters, chips, sort headers, page sizes, paging.
//! Everything is a link or a GET form, so that the address always describes the list.

use domain::{
    layout::ListName,
    page::{Count, ListParams, PageSize, Sort, SortKey},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use words::format;

use crate::{
    components::{ActionLink, Icon},
    page_context::{PageContext, page_context, strings},
    route::use_query,
    url::Query,
};

/// The part of the query that a list depends on; opening a dialog does not change it, so the list stays as it is.
pub fn use_list_params(list: ListName) -> Memo<ListParams> {
    let (state, query) = (page_context(), use_query());
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
pub fn list_size(state: PageContext, list: impl Into<Option<ListName>>, query: &Query) -> String {
    match query.get("size") {
        "" => state.page_size(list).to_string(),
        size => size.to_owned(),
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
            aria_label=strings().api_calls.show_call
        />
    }
}

/// 20, 50 or 100 rows for now, and a link to the stored setting.
#[component]
pub fn ListTools(list: ListName, #[prop(into)] path: Signal<String>, query: Memo<Query>) -> impl IntoView {
    view! {
        <div class="list-tools">
            <SizeLinks list=list path=path query=query />
            // The API has no audit log.
            {(list != ListName::Audit).then(|| view! { <ApiButton path=path query=query /> })}
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "columns").href(&path.read()))
                label=strings().lists.view
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
    let state = page_context();
    view! {
        <nav class="sizes" aria-label=t.lists.rows_per_page>
            <span aria-hidden="true">{t.lists.rows}</span>
            {PageSize::CHOICES
                .into_iter()
                .map(|size| {
                    let current = move || PageSize::parse(&list_size(state, list, &query.read())).get() == size;
                    let href = move || {
                        let word = if size == state.page_size(list) { String::new() } else { size.to_string() };
                        query.read().list().without(&["cursor"]).with("size", &word).href(&path.get())
                    };
                    view! {
                        <a href=href aria-current=move || current().then_some("true") aria-label=(t.lists.rows_label)(u64::from(size)) data-noscroll="">
                            {size}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// How many rows match. After a change of the filter the number is announced, too: once, politely.
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
    let (state, query, path) = (page_context(), use_query(), use_location().pathname);
    let filters = untrack(|| (path.get(), query.read().list().without(&["cursor", "size", "sort"])));
    state.filtered.update_value(|before| {
        if before.as_ref().is_some_and(|before| before.0 == filters.0 && before.1 != filters.1) {
            state.announcement.set((t.lists.matches)(count.number, count_number(count)));
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
    (strings().lists.results)(count.number, count_number(count))
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
            {link(previous, t.lists.previous, "prev", "chevron-left")}
            {link(next, t.lists.next, "next", "chevron-right")}
        </nav>
    }
    .into_any()
}
