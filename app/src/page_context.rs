//! What a page knows before it requests anything: the signed-in operator, language, theme, the result of a form posted without
//! JavaScript. The server determines it once and sends it along, so that the browser renders the very same page.

use std::collections::HashMap;

use domain::{
    layout::{Density, Layout, ListName},
    operator::{Language, Me, Role, Theme},
};
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};
use words::{LanguageWords, Strings};

use crate::{
    browser,
    flash::Flash,
    functions::preference::{SetListLayout, SetShortcuts},
    url::Query,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InitialState {
    pub language: Language,
    pub theme: Theme,
    pub me: Option<Me>,
    pub flash: Option<Flash>,
    /// How this server is reached, `scheme://host[:port]`.
    pub origin: String,
    /// The server's time when the page was made, milliseconds; ages are counted from it.
    pub now: i64,
    /// The last commit when the page was made; it is notified of changes after that.
    pub seen: u64,
    /// Whether to warn that others can reach this server over plain HTTP: for owners who have not dismissed the notice.
    pub plain_http: bool,
}

impl InitialState {
    /// From the request, on the server.
    #[cfg(feature = "ssr")]
    pub fn of_request() -> Self {
        use crate::{
            context::{IncomingFlash, PublicOrigin, Server, SignedIn},
            functions::extension,
        };
        let server = use_context::<Server>();
        let preference =
            |name| use_context::<http::request::Parts>().and_then(|request| crate::language::preference(&request, name));
        let me = extension::<SignedIn>().and_then(|signed_in| signed_in.0);
        let theme = match &me {
            Some(me) => me.theme,
            None => preference("theme").and_then(|word| Theme::parse(&word).ok()).unwrap_or(Theme::Auto),
        };
        let is_owner = me.as_ref().is_some_and(|me| me.role == Role::Owner);
        let plain_http = is_owner
            && server.as_ref().is_some_and(|server| server.plain_http)
            && preference(crate::context::PLAIN_HTTP_NOTICE).is_none();
        Self {
            plain_http,
            language: crate::language::request_language(),
            theme,
            flash: extension::<IncomingFlash>().and_then(|flash| flash.0),
            me,
            origin: extension::<PublicOrigin>().map(|origin| origin.0).unwrap_or_default(),
            now: store::db::now(),
            seen: server.map_or(0, |server| server.store.feed().number()),
        }
    }

    /// In the browser the server's value is always there; this is what a broken page falls back to.
    #[cfg(not(feature = "ssr"))]
    pub fn of_request() -> Self {
        Self {
            language: Language::En,
            theme: Theme::Auto,
            me: None,
            flash: None,
            origin: String::new(),
            now: 0,
            seen: 0,
            plain_http: false,
        }
    }
}

/// The page-wide state, provided once by `App`.
#[derive(Clone, Copy)]
pub struct PageContext {
    initial: StoredValue<InitialState>,
    /// The error of the form that was posted before this page; removed by the first navigation.
    pub flash: RwSignal<Option<Flash>>,
    /// The last success, as the status line reports it.
    pub status: RwSignal<Option<Flash>>,
    /// The last commit that the page as the server drew it shows; nothing after the first navigation.
    seen: StoredValue<Option<u64>>,
    /// When it was set, by the reader's clock.
    status_since: StoredValue<i64>,
    /// Rises with every change made here: lists and details that depend on it load again.
    pub changes: RwSignal<u32>,
    /// How the operator likes the lists; changes with the View menu.
    pub layout: RwSignal<Layout>,
    /// What a screen reader announces politely, once.
    pub announcement: RwSignal<String>,
    /// Path and filters of the list that was shown last.
    pub filtered: StoredValue<Option<(String, Query)>>,
    /// What was typed before the page became interactive, by the fields' ids, until its field takes it.
    typed: StoredValue<HashMap<String, String>>,
    /// True once the page has become interactive.
    pub hydrated: RwSignal<bool>,
}

impl PageContext {
    pub fn new(initial: InitialState) -> Self {
        let (done, failed) = match initial.flash.clone() {
            Some(flash) if flash.result.is_ok() => (Some(flash), None),
            other => (None, other),
        };
        let seen = Some(initial.seen);
        let layout = initial.me.as_ref().map(|me| me.layout.clone()).unwrap_or_default();
        Self {
            initial: StoredValue::new(initial),
            seen: StoredValue::new(seen),
            flash: RwSignal::new(failed),
            status: RwSignal::new(done),
            status_since: StoredValue::new(browser::now()),
            changes: RwSignal::new(0),
            layout: RwSignal::new(layout),
            filtered: StoredValue::new(None),
            announcement: RwSignal::new(String::new()),
            typed: StoredValue::new(browser::typed_so_far()),
            hydrated: RwSignal::new(false),
        }
    }

    /// What was typed into a field of the server's page before this program ran. Once: a field that is drawn later starts empty.
    pub fn take_typed(self, id: &str) -> Option<String> {
        self.typed.try_update_value(|typed| typed.remove(id)).flatten()
    }

    pub fn me(self) -> Option<Me> {
        self.initial.with_value(|initial| initial.me.clone())
    }

    pub fn seen(self) -> Option<u64> {
        self.seen.get_value()
    }

    /// The classes of a list's table: what the operator hides, and how close the rows stand.
    pub fn table_class(self, list: ListName) -> String {
        let layout = self.layout.read();
        let hidden: String = layout.list(list).hidden.iter().map(|column| format!(" hide-{column}")).collect();
        self.plain_table_class(list.as_str()) + &hidden
    }

    /// The same for a list of which nothing can be hidden; `name` is the key of its widths in `lists.css`.
    pub fn plain_table_class(self, name: &str) -> String {
        let compact = if self.layout.read().density == Density::Compact { " compact" } else { "" };
        format!("data-table cards list-table list-{name}{compact}")
    }

    /// Rows a page where the address says nothing.
    pub fn page_size(self, list: impl Into<Option<ListName>>) -> u32 {
        let list = list.into();
        list.and_then(|list| self.layout.read().list(list).size).unwrap_or(domain::page::PageSize::CHOICES[0])
    }

    /// How back ends reach this server.
    pub fn origin(self) -> String {
        self.initial.with_value(|initial| initial.origin.clone())
    }

    pub fn now(self) -> i64 {
        self.initial.with_value(|initial| initial.now)
    }

    /// Whether the notice about plain HTTP is to be seen.
    pub fn tells_plain_http(self) -> bool {
        self.initial.with_value(|initial| initial.plain_http)
    }

    pub fn language(self) -> Language {
        self.initial.with_value(|initial| initial.language)
    }

    pub fn theme(self) -> Theme {
        self.initial.with_value(|initial| initial.theme)
    }

    /// A change succeeded: the status line reports it. Everything that depends on the data loads again, if the page stays: a page
    /// that is left may show what no longer exists.
    pub fn succeeded(self, action: &str, answer: String, stays: bool) {
        self.flash.set(None);
        if [SetListLayout::PATH, SetShortcuts::PATH].contains(&action)
            && let Ok(layout) = serde_json::from_str(&answer)
        {
            self.layout.set(layout);
        }
        self.status.set(Some(Flash { action: action.to_owned(), result: Ok(answer), fields: vec![], complete: true }));
        self.status_since.set_value(browser::now());
        if stays {
            self.changes.update(|n| *n += 1);
        }
    }

    /// The reader navigated to another page: the report of the one before is cleared. A change that itself leads to another page is
    /// reported there, so a report that was only just made stays.
    pub fn navigated(self) {
        const JUST_TOLD_MS: i64 = 2_000;
        self.seen.set_value(None);
        self.typed.update_value(HashMap::clear);
        if browser::now() - self.status_since.get_value() > JUST_TOLD_MS {
            self.status.set(None);
        }
    }

    /// Whether the operator may change app data; viewers see the controls disabled, with the reason.
    pub fn may_write(self) -> bool {
        self.me().is_some_and(|me| me.role.allows(domain::Permission::Write))
    }

    /// Why the controls that change app data are disabled, if they are.
    pub fn read_only_reason(self) -> Option<&'static str> {
        (!self.may_write()).then(|| strings().shell.viewer_only_reads)
    }

    pub fn is_owner(self) -> bool {
        self.me().is_some_and(|me| me.role == Role::Owner)
    }
}

pub fn page_context() -> PageContext {
    expect_context()
}

/// The texts in the reader's language.
pub fn strings() -> &'static Strings {
    page_context().language().strings()
}
