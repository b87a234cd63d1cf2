//! What a page knows before it asks anything: who is signed in, language, theme, the result of a form posted without
//! JavaScript. The server works it out once and sends it along, so that the browser renders the very same page.

use domain::operator::{Language, Me, Role, Theme};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    browser,
    flash::Flash,
    lang::{LanguageWords, Strings},
};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Boot {
    pub language: Language,
    pub theme: Theme,
    pub me: Option<Me>,
    pub flash: Option<Flash>,
    /// The server's time when the page was made, milliseconds; ages are counted from it.
    pub now: i64,
}

impl Boot {
    /// From the request, on the server.
    #[cfg(feature = "ssr")]
    pub fn of_request() -> Self {
        use crate::{
            context::{IncomingFlash, SignedIn},
            functions::extension,
            lang,
        };
        let me = extension::<SignedIn>().and_then(|signed_in| signed_in.0);
        let theme = match &me {
            Some(me) => me.theme,
            None => lang::cookie("roster-theme").and_then(|word| Theme::parse(&word).ok()).unwrap_or(Theme::Auto),
        };
        Self {
            language: lang::request_language(),
            theme,
            flash: extension::<IncomingFlash>().and_then(|flash| flash.0),
            me,
            now: domain::db::now(),
        }
    }

    /// In the browser the server's value is always there; this is what a broken page falls back to.
    #[cfg(not(feature = "ssr"))]
    pub fn of_request() -> Self {
        Self { language: Language::En, theme: Theme::Auto, me: None, flash: None, now: 0 }
    }
}

/// The page-wide state, provided once by `App`.
#[derive(Clone, Copy)]
pub struct PageState {
    boot: StoredValue<Boot>,
    /// The error of the form that was posted before this page; gone with the first navigation.
    pub flash: RwSignal<Option<Flash>>,
    /// The last success, as the status line tells it.
    pub status: RwSignal<Option<Flash>>,
    /// When it came, by the reader's clock.
    status_since: StoredValue<i64>,
    /// Rises with every change made here: lists and details that depend on it load again.
    pub changes: RwSignal<u32>,
    /// True once the page has become interactive.
    pub hydrated: RwSignal<bool>,
}

impl PageState {
    pub fn new(boot: Boot) -> Self {
        let (done, failed) = match boot.flash.clone() {
            Some(flash) if flash.result.is_ok() => (Some(flash), None),
            other => (None, other),
        };
        Self {
            boot: StoredValue::new(boot),
            flash: RwSignal::new(failed),
            status: RwSignal::new(done),
            status_since: StoredValue::new(browser::now()),
            changes: RwSignal::new(0),
            hydrated: RwSignal::new(false),
        }
    }

    pub fn me(self) -> Option<Me> {
        self.boot.with_value(|boot| boot.me.clone())
    }

    pub fn now(self) -> i64 {
        self.boot.with_value(|boot| boot.now)
    }

    pub fn language(self) -> Language {
        self.boot.with_value(|boot| boot.language)
    }

    pub fn theme(self) -> Theme {
        self.boot.with_value(|boot| boot.theme)
    }

    /// A change succeeded: the status line tells it. Whatever depends on the data loads again, if the page stays: one that is left
    /// may show what is gone now.
    pub fn succeeded(self, action: &str, answer: String, stays: bool) {
        self.flash.set(None);
        self.status.set(Some(Flash { action: action.to_owned(), result: Ok(answer), fields: vec![], complete: true }));
        self.status_since.set_value(browser::now());
        if stays {
            self.changes.update(|n| *n += 1);
        }
    }

    /// The reader went on to another page: what was told on the one before is done with. A change that itself leads to another page
    /// is told there, so what is only just told stays.
    pub fn went_on(self) {
        const JUST_TOLD_MS: i64 = 2_000;
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
        (!self.may_write()).then(|| strings().viewer_only_reads)
    }

    pub fn is_owner(self) -> bool {
        self.me().is_some_and(|me| me.role == Role::Owner)
    }
}

pub fn page_state() -> PageState {
    expect_context()
}

/// The words of the reader's language.
pub fn strings() -> &'static Strings {
    page_state().language().strings()
}
