//! In the browser.

mod clipboard;
mod focus;
mod forms;
mod server;

use leptos::prelude::*;
use leptos::web_sys::{self, HtmlAnchorElement, HtmlDialogElement, HtmlElement};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use self::focus::focused;
pub use self::{
    clipboard::copy_on_click,
    focus::{focus, focus_errors, focus_first_field, focus_id, focus_in_place, give_focus_back_later, show_modal, step},
    forms::{form_body, form_query, is_pick, largest_file, submit_form_of, typed, typed_so_far, unreadable_fields},
    server::{follow, post},
};

/// Marks the document as interactive; tests and people's scripts wait for it.
pub fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}

/// The reader's clock, milliseconds since 1970.
pub fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit both exactly")]
    let now = js_sys::Date::now() as i64;
    now
}

/// Minutes that local time is ahead of UTC at that moment.
pub fn offset_minutes(ms: i64) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double exactly")]
    let date = js_sys::Date::new(&JsValue::from_f64(ms as f64));
    #[expect(clippy::cast_possible_truncation, reason = "at most a day of minutes")]
    let behind = date.get_timezone_offset() as i64;
    -behind
}

/// How far the reader's clock is ahead of UTC at a moment of its own, such as `2026-11-21T08:46`: `+09:00`. Empty when it is none.
pub fn offset_of(local: &str) -> String {
    let behind = js_sys::Date::new(&JsValue::from_str(local)).get_timezone_offset();
    if behind.is_nan() {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most a day of minutes")]
    let ahead = -behind as i64;
    let (sign, minutes) = (if ahead < 0 { '-' } else { '+' }, ahead.unsigned_abs());
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Clicks a link once, even if it is drawn again; `name` identifies the link.
pub fn click_once(link: &HtmlAnchorElement, name: &str) {
    thread_local! {
        static CLICKED: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
    }
    if CLICKED.replace(name.to_owned()) != name {
        link.click();
    }
}

/// Whether the page's main part is being renewed.
pub fn busy(yes: bool) {
    if let Some(main) = document().get_element_by_id("main") {
        let _ = if yes { main.set_attribute("aria-busy", "true") } else { main.remove_attribute("aria-busy") };
    }
}

/// To the sign-in page, and from there back to here.
pub fn sign_in_again() {
    if let Some(window) = web_sys::window() {
        let location = window.location();
        let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        go(&format!("/sign-in?next={}", crate::url::encode(&here)));
    }
}

/// A press of the mouse outside the dialog's box: on its backdrop, not on its scroll bar.
pub fn is_backdrop(event: &web_sys::MouseEvent) -> bool {
    let Some(dialog) = event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok()) else { return false };
    let area = dialog.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    x < area.left() || x > area.right() || y < area.top() || y > area.bottom()
}

/// The router writes an address whose path holds `%25` decoded once too often, so links to such paths load the page whole.
pub fn load_escaped_paths_whole() {
    let click = Closure::<dyn Fn(web_sys::MouseEvent)>::new(|event: web_sys::MouseEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok())
            && link.pathname().contains("%25")
        {
            let _ = link.set_attribute("rel", "external");
        }
    });
    // Before the router, which listens on the way up.
    let listen =
        |window: web_sys::Window| window.add_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true);
    let _ = web_sys::window().map(listen);
    click.forget();
}

/// Leaves this page for an address of the server.
fn go(href: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_href(href);
    }
}

pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Shuts all menus of the top bar.
pub fn close_menus() {
    shut(None);
}

/// Closes every open menu that does not contain the element.
fn shut(except: Option<&web_sys::Node>) {
    let Ok(open) = document().query_selector_all("details.menu[open]") else { return };
    for menu in (0..open.length()).filter_map(|n| open.get(n)) {
        if !menu.contains(except)
            && let Some(menu) = menu.dyn_ref::<web_sys::Element>()
        {
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Menus shut when one clicks elsewhere or presses Esc.
pub fn close_menus_outside() {
    let click = window_event_listener(leptos::ev::click, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        shut(target.as_ref());
    });
    let key = window_event_listener(leptos::ev::keydown, |event| {
        if event.key() == "Escape" {
            let summary = focused().and_then(|el| el.closest("details.menu[open]").ok().flatten());
            let summary = summary.and_then(|menu| menu.query_selector("summary").ok().flatten());
            close_menus();
            if let Some(summary) = summary.and_then(|el| el.dyn_into::<HtmlElement>().ok()) {
                let _ = summary.focus();
            }
        }
    });
    on_cleanup(move || {
        click.remove();
        key.remove();
    });
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten().and_then(|element| element.dyn_into().ok())
}

/// Clicks it; whether there is one.
pub fn click(selector: &str) -> bool {
    find(selector).map(|element| element.click()).is_some()
}

/// Calls back for each key pressed; `true` keeps the browser from acting on it.
pub fn on_key(act: impl Fn(super::Key) -> bool + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let typing = target.is_some_and(|el| {
            el.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]").unwrap_or(false)
        });
        let dialog = find("dialog[open]").is_some();
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        let key = super::Key { word: event.key(), modified, typing, dialog };
        if !event.is_composing() && !event.alt_key() && act(key) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}
