//! Search and filters of a list, and which of them are set: GET forms and links, so that the address always describes the list.

use domain::page::Page;
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    browser,
    components::{Icon, ResultCount},
    error::AppError,
    page_context::strings,
    route::use_query,
    url::Query,
};

/// The query as hidden fields, for GET forms that must keep it.
#[component]
pub fn Hidden(query: Query) -> impl IntoView {
    query.pairs().iter().map(|(key, value)| view! { <input type="hidden" name=key.clone() value=value.clone() /> }).collect_view()
}

/// Search and filters: a GET form. With scripts it navigates without a reload, and choices apply at once.
#[component]
pub fn FilterForm(
    #[prop(into)] path: Signal<String>,
    /// What the form keeps besides its own fields (sort, size).
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
                {send.unwrap_or(strings().common.apply)}
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
    /// Label of the choice that filters nothing.
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
    let label = (strings().lists.remove_filter)(text.clone());
    view! {
        <a class="chip" href=href aria-label=label data-noscroll="">
            <bdi>{text}</bdi>
            <Icon name="close" />
        </a>
    }
}

/// The filters that are set, each with a way to drop it.
#[component]
pub fn Chips(
    path: String,
    query: Query,
    /// Query key and label of each set filter.
    set: Vec<(&'static str, String)>,
) -> impl IntoView {
    let t = strings();
    (!set.is_empty()).then(|| {
        let keys: Vec<&str> = set.iter().map(|(key, _)| *key).chain(["cursor", "all"]).collect();
        let clear = query.list().without(&keys).href(&path);
        let chips = set.into_iter().map(|(key, words)| {
            let href = query.list().without(&[key, "cursor", "all"]).href(&path);
            view! { <Chip text=words href=href /> }
        });
        view! {
            <span class="chips">
                {chips.collect_view()} <a class="clear-all" href=clear data-noscroll="">
                    {t.lists.clear_all}
                </a>
            </span>
        }
    })
}

/// How many rows a list has, and which filters are set; in the bar above it, which is shown before the rows.
#[component]
pub fn Summary<T>(
    page: Resource<Result<Page<T>, AppError>>,
    path: Signal<String>,
    /// The set filters of an address, as [`Chips`] takes them.
    set: fn(&Query) -> Vec<(&'static str, String)>,
) -> impl IntoView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    let query = use_query();
    let summary = move || {
        Suspend::new(async move {
            // The reason why there is none is shown in place of the rows.
            page.await.ok().map(|page| {
                let here = untrack(|| query.get());
                let filters = set(&here);
                view! {
                    <p class="list-summary">
                        <ResultCount count=page.total />
                        <Chips path=path.get_untracked() query=here set=filters />
                    </p>
                }
            })
        })
    };
    view! { <Transition>{summary}</Transition> }
}
