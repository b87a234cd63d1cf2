//! Where the page is: what its address says of the app, the thing and the query.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use crate::url::{AppPath, GroupTab, Query, segment};

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

/// The part after a word of the current address, such as a group's id after `groups`. From the raw path: the router's own
/// parameters are decoded twice, and ids may hold `%`.
pub fn use_id(word: &'static str) -> Memo<String> {
    const WORD: usize = 3;
    let path = use_location().pathname;
    // While a page is being left, the address is the next page's already, perhaps with an id of another kind.
    Memo::new(move |last: Option<&String>| {
        let path = path.read();
        let here = segment(&path, WORD + 1);
        if here.is_empty() || segment(&path, WORD) != word { last.cloned().unwrap_or_default() } else { here }
    })
}

/// The part of a group's page that the current address names; `None` for an unknown one. While the page is being left the last
/// one stays.
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

/// The group of the current address.
pub fn use_group_id() -> Memo<String> {
    use_id("groups")
}

/// The address of the tab that is open.
pub fn use_tab_path() -> Signal<String> {
    let (app, id, tab) = (use_app_path(), use_group_id(), use_group_tab());
    Signal::derive(move || app.read().group_tab(&id.read(), tab.get().unwrap_or(GroupTab::Overview)))
}
