//! Where the focus goes.

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use leptos::web_sys::{self, HtmlDialogElement, HtmlElement};
use wasm_bindgen::JsCast;

use super::find;

pub fn show_modal(dialog: &HtmlDialogElement) {
    // Rendered open for readers without JavaScript; a modal must be opened by script.
    let _ = dialog.remove_attribute("open");
    let _ = dialog.show_modal();
}

/// What has the focus now.
pub(super) fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Moves the focus to its place in the dialog: `autofocus` only works for what is present when the dialog opens, and some content
/// is loaded later.
pub fn focus_first_field(dialog: HtmlDialogElement) {
    // The form exists, but may not be in the page before the next frame.
    request_animation_frame(move || {
        let wanted = dialog.query_selector("[autofocus]").ok().flatten().and_then(|el| el.dyn_into::<HtmlElement>().ok());
        let inside = focused().and_then(|el| el.closest("form").ok().flatten()).is_some_and(|form| dialog.contains(Some(&form)));
        if let Some(wanted) = wanted.filter(|_| !inside) {
            let _ = wanted.focus();
        }
    });
}

/// When the owner of this call is removed, the element that has the focus now gets it back, or the page's main part when that
/// element is removed too. A dialog that was opened from within another gives it back to the place where that one was opened.
pub fn give_focus_back_later() {
    thread_local! {
        static FIRST: std::cell::RefCell<Option<HtmlElement>> = const { std::cell::RefCell::new(None) };
    }
    let path = || web_sys::window().and_then(|window| window.location().pathname().ok());
    let inside = |element: &HtmlElement| element.closest("dialog").ok().flatten().is_some();
    let opener = match focused() {
        Some(element) if inside(&element) => FIRST.with_borrow(Clone::clone),
        element => element,
    };
    FIRST.set(opener.clone());
    let (opener, opened_at) = (StoredValue::new_local(opener), path());
    on_cleanup(move || {
        // On another page the opener, if it still exists, is of no use.
        let opener = opener.try_get_value().flatten().filter(|_| path() == opened_at);
        // The page below may be redrawn by the same change: wait for it.
        request_animation_frame(move || match opener.filter(|element| element.is_connected()) {
            Some(element) => {
                let _ = element.focus();
            }
            None => focus_id("main"),
        });
    });
}

/// Focuses an element that may be out of sight: nothing scrolls.
pub fn focus_in_place(id: &str) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus_with_options(&options);
    }
}

pub fn focus_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Once the errors are on the page: the first wrong field of the form gets the focus; with several, or none, the sentence above
/// them.
pub fn focus_errors(form: NodeRef<leptos::html::Form>) {
    request_animation_frame(move || {
        let Some(form) = form.try_get_untracked().flatten() else { return };
        let wrong = form.query_selector_all("[aria-invalid=true]").ok();
        let first = wrong.filter(|list| list.length() == 1).and_then(|list| list.get(0));
        let summary = || form.query_selector(".form-error").ok().flatten();
        let place = first.and_then(|el| el.dyn_into::<HtmlElement>().ok()).or_else(|| summary()?.dyn_into().ok());
        if let Some(place) = place {
            let _ = place.focus();
        }
    });
}

/// Focuses the first element that a selector finds; whether there is one.
pub fn focus(selector: &str) -> bool {
    find(selector).is_some_and(|element| element.focus().is_ok())
}

/// Moves the focus from the one of these that has it to the next or the one before: to what `inside` finds there, or to itself.
pub fn step(items: &str, inside: &str, forward: bool) -> bool {
    let Ok(items) = document().query_selector_all(items) else { return false };
    let focused = focused();
    let here =
        (0..items.length()).find(|&n| items.get(n).is_some_and(|item| item.contains(focused.as_deref().map(AsRef::as_ref))));
    let next = match here {
        Some(here) if forward => here + 1,
        Some(here) => here.saturating_sub(1),
        None => 0,
    };
    let item = items.get(next).and_then(|item| item.dyn_into::<HtmlElement>().ok());
    let inner = item.as_ref().filter(|_| !inside.is_empty()).and_then(|item| item.query_selector(inside).ok().flatten());
    let target = inner.and_then(|inner| inner.dyn_into::<HtmlElement>().ok()).or(item);
    target.is_some_and(|target| target.focus().is_ok())
}
