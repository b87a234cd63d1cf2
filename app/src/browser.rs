//! The few things that only a browser can do. On the server each is a no-op, so that components stay free of `cfg`.

#[cfg(feature = "hydrate")]
mod real {
    use std::collections::HashMap;

    use leptos::leptos_dom::helpers::request_animation_frame;
    use leptos::prelude::*;
    use leptos::web_sys::{
        self, FormData, HtmlAnchorElement, HtmlDialogElement, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams,
    };
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};

    use crate::{error::AppError, url::Query};

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

    /// What stands in an input now; empty when there is none.
    pub fn typed(id: &str) -> String {
        let input = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok());
        input.map(|input| input.value()).unwrap_or_default()
    }

    /// What somebody has typed into the fields of the server's page by now, by the fields' ids.
    pub fn typed_so_far() -> HashMap<String, String> {
        let typed = |element: web_sys::Element| {
            let id = element.id();
            let (value, start) = match element.dyn_into::<web_sys::HtmlInputElement>() {
                Ok(input) => (input.value(), input.default_value()),
                Err(element) => {
                    let area = element.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
                    (area.value(), area.default_value().ok()?)
                }
            };
            (!id.is_empty() && value != start).then_some((id, value))
        };
        let Ok(fields) = document().query_selector_all("input, textarea") else { return HashMap::new() };
        (0..fields.length()).filter_map(|n| fields.get(n)?.dyn_into().ok()).filter_map(typed).collect()
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

    pub fn show_modal(dialog: &HtmlDialogElement) {
        // Rendered open for readers without JavaScript; a modal must be opened by script.
        let _ = dialog.remove_attribute("open");
        let _ = dialog.show_modal();
    }

    /// What has the focus now.
    fn focused() -> Option<HtmlElement> {
        document().active_element()?.dyn_into().ok()
    }

    /// Puts the focus where the dialog wants it: `autofocus` only works for what is there when the dialog opens, and some content
    /// comes later.
    pub fn focus_first_field(dialog: HtmlDialogElement) {
        // The form is made, but may not stand in the page before the next frame.
        request_animation_frame(move || {
            let wanted = dialog.query_selector("[autofocus]").ok().flatten().and_then(|el| el.dyn_into::<HtmlElement>().ok());
            let inside =
                focused().and_then(|el| el.closest("form").ok().flatten()).is_some_and(|form| dialog.contains(Some(&form)));
            if let Some(wanted) = wanted.filter(|_| !inside) {
                let _ = wanted.focus();
            }
        });
    }

    /// When the owner of this call is gone, what has the focus now gets it back, or the page's main part when it is gone too. A dialog
    /// that was opened from within another gives it back to where that one was opened.
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
            // On another page the opener, if it is still there, leads back to nothing.
            let opener = opener.try_get_value().flatten().filter(|_| path() == opened_at);
            // What lies below may be redrawn by the same change: wait for it.
            request_animation_frame(move || match opener.filter(|element| element.is_connected()) {
                Some(element) => {
                    let _ = element.focus();
                }
                None => focus_id("main"),
            });
        });
    }

    /// Focuses what may lie out of sight: nothing scrolls.
    pub fn focus_in_place(id: &str) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus_with_options(&options);
        }
    }

    /// Clicks a link once, whatever is drawn again; `name` tells one such link from another.
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

    pub fn focus_id(id: &str) {
        if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }

    /// Once the errors stand on the page: the first wrong field of the form gets the focus; with several, or none, the sentence
    /// above them.
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

    /// Browsers lend the clipboard only to https and localhost.
    fn can_copy() -> bool {
        web_sys::window().is_some_and(|window| window.is_secure_context())
    }

    /// Whether it worked.
    async fn copy(text: &str) -> bool {
        let Some(window) = web_sys::window() else { return false };
        wasm_bindgen_futures::JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
    }

    /// Buttons with `data-copy` copy that text, with `data-here` as an address of this server, and say so for a while. Where there is no clipboard the document says that.
    pub fn copy_on_click(copied: &'static str) {
        const SHOWN: std::time::Duration = std::time::Duration::from_secs(2);
        if !can_copy() {
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-no-clipboard", "");
            }
            return;
        }
        let listener = window_event_listener(leptos::ev::click, move |event| {
            let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let Some(button) = element.and_then(|element| element.closest("button[data-copy]").ok().flatten()) else { return };
            leptos::task::spawn_local(async move {
                let text = button.get_attribute("data-copy").unwrap_or_default();
                // The server does not know by which name the browser reaches it.
                let text = if button.has_attribute("data-here") { origin() + &text } else { text };
                if copy(&text).await {
                    let before = say(&button, [copied, copied, "#i-check"].map(|word| Some(word.to_owned())));
                    // A second click while it says so would take that for what it said before.
                    if before[0].as_deref() != Some(copied) {
                        // Unless the row has become another's meanwhile.
                        let back = move || {
                            if button.get_attribute("aria-label").as_deref() == Some(copied) {
                                say(&button, before);
                            }
                        };
                        set_timeout(back, SHOWN);
                    }
                }
            });
        });
        on_cleanup(move || listener.remove());
    }

    /// Gives a button its name, its hint and its icon; what they were.
    fn say(button: &web_sys::Element, words: [Option<String>; 3]) -> [Option<String>; 3] {
        let icon = button.query_selector("use").ok().flatten();
        let places = [(Some(button), "aria-label"), (Some(button), "title"), (icon.as_ref(), "href")];
        let before = places.map(|(element, name)| element.and_then(|element| element.get_attribute(name)));
        for ((element, name), word) in places.into_iter().zip(words) {
            if let (Some(element), Some(word)) = (element, word) {
                let _ = element.set_attribute(name, &word);
            }
        }
        before
    }

    /// Whether an input event chose a suggestion rather than typed a character.
    pub fn is_pick(event: &web_sys::Event) -> bool {
        event.dyn_ref::<web_sys::InputEvent>().is_none_or(|input| input.input_type() == "insertReplacementText")
    }

    /// Fields whose text the browser could not read as what they are for, by name, with the field's type. Their value is empty: sent
    /// like this, a slip of the finger would look like a wish to clear the field.
    pub fn unreadable_fields(event: &SubmitEvent) -> Vec<(String, String)> {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let inputs = form.and_then(|form| form.query_selector_all("input").ok());
        let Some(inputs) = inputs else { return vec![] };
        (0..inputs.length())
            .filter_map(|n| inputs.get(n)?.dyn_into::<web_sys::HtmlInputElement>().ok())
            .filter(|input| input.validity().bad_input())
            .map(|input| (input.name(), input.type_()))
            .collect()
    }

    /// Bytes of the largest file that a form is about to send.
    pub fn largest_file(event: &SubmitEvent) -> u64 {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let input = form.and_then(|form| form.query_selector("input[type=file]").ok().flatten());
        let file = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()?.files()?.get(0));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of bytes")]
        let size = file.map_or(0, |file| file.size() as u64);
        size
    }

    /// To the sign-in page, and from there back to here.
    pub fn sign_in_again() {
        if let Some(window) = web_sys::window() {
            let location = window.location();
            let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
            go(&format!("/sign-in?next={}", crate::url::encode(&here)));
        }
    }

    /// A press of the mouse beside the dialog's box: on its backdrop, not on its scroll bar.
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
        let listen = |window: web_sys::Window| {
            window.add_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true)
        };
        let _ = web_sys::window().map(listen);
        click.forget();
    }

    /// The form's fields with the pressed button's, as the body of a POST.
    pub fn form_body(event: &SubmitEvent) -> Option<String> {
        let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
        let data = match event.submitter().and_then(|el| el.dyn_into::<web_sys::HtmlButtonElement>().ok()) {
            Some(button) => {
                let data = FormData::new_with_form(&form).ok()?;
                if !button.name().is_empty() {
                    data.append_with_str(&button.name(), &button.value()).ok()?;
                }
                data
            }
            None => FormData::new_with_form(&form).ok()?,
        };
        Some(UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().into())
    }

    /// The same for a GET form: what its address would be.
    pub fn form_query(event: &SubmitEvent) -> Option<Query> {
        form_body(event).map(|body| Query::parse(&body))
    }

    /// Posts to a server function: its answer as JSON text with the page that it asks for, or its error.
    pub async fn post(path: &str, body: String) -> Result<(String, Option<String>), AppError> {
        let request = gloo_net::http::Request::post(path)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(crate::flash::PAGE_HEADER, &page_id())
            .body(body)
            .map_err(|_| AppError::Transport)?;
        let response = request.send().await.map_err(|_| AppError::Transport)?;
        let next = response.headers().get("serverfnredirect").map(|_| response.headers().get("location")).unwrap_or_default();
        let text = response.text().await.map_err(|_| AppError::Transport)?;
        if response.ok() { Ok((text, next)) } else { Err(serde_json::from_str(&text).unwrap_or(AppError::Transport)) }
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

    /// Submits the form that an element belongs to, as its button would.
    pub fn submit_form_of(target: Option<web_sys::EventTarget>) {
        let form = target
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("form").ok().flatten())
            .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form {
            let _ = form.request_submit();
        }
    }

    /// Shuts all menus of the top bar.
    pub fn close_menus() {
        shut(None);
    }

    /// Shuts every open menu that the element does not stand in.
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

    /// Names this page for as long as it stands in the browser.
    fn page_id() -> String {
        thread_local! {
            static PAGE: String = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
        }
        PAGE.with(Clone::clone)
    }

    /// Listens to the server-sent events of an app, while the page is in sight: browsers lend a host only a few lines over HTTP/1,
    /// and they serve all tabs. `after` is the last commit that the page shows already.
    pub fn follow(path: Signal<String>, after: Option<u64>, heard: Callback<domain::feed::Changed>) {
        let source = StoredValue::new_local(None::<web_sys::EventSource>);
        let last = StoredValue::new(after.map(|number| number.to_string()).unwrap_or_default());
        let over = StoredValue::new(false);
        let close = move || {
            if let Some(Some(source)) = source.try_update_value(Option::take) {
                source.close();
            }
        };
        let on_message =
            StoredValue::new_local(Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
                last.try_set_value(event.last_event_id());
                let data = event.data().as_string().unwrap_or_default();
                match serde_json::from_str(&data) {
                    Ok(changed) => heard.run(changed),
                    // The session is over.
                    Err(_) => {
                        over.try_set_value(true);
                        close();
                    }
                }
            }));
        let open = move || {
            if document().hidden() || over.get_value() || source.with_value(Option::is_some) {
                return;
            }
            let address = format!("{}?page={}&after={}", path.get_untracked(), page_id(), last.get_value());
            if let Ok(new) = web_sys::EventSource::new(&address) {
                on_message.with_value(|closure| new.set_onmessage(Some(closure.as_ref().unchecked_ref())));
                source.set_value(Some(new));
            }
        };
        Effect::new(move |before: Option<()>| {
            path.track();
            if before.is_some() {
                close();
                last.set_value(String::new());
            }
            open();
        });
        let seen = window_event_listener_untyped("visibilitychange", move |_| if document().hidden() { close() } else { open() });
        on_cleanup(move || {
            seen.remove();
            close();
        });
    }

    fn find(selector: &str) -> Option<HtmlElement> {
        document().query_selector(selector).ok().flatten().and_then(|element| element.dyn_into().ok())
    }

    /// Focuses the first element that a selector finds; whether there is one.
    pub fn focus(selector: &str) -> bool {
        find(selector).is_some_and(|element| element.focus().is_ok())
    }

    /// Clicks it; whether there is one.
    pub fn click(selector: &str) -> bool {
        find(selector).map(|element| element.click()).is_some()
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

    /// Tells of keys as they are pressed; `true` keeps the browser from acting on one.
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
}

/// A key that was pressed.
pub struct Key {
    /// As the browser names it.
    pub word: String,
    /// With Ctrl or ⌘.
    pub modified: bool,
    /// In a field for text or a choice.
    pub typing: bool,
    /// Over the page lies a dialog.
    pub dialog: bool,
}

#[cfg(feature = "hydrate")]
pub use real::*;

#[cfg(not(feature = "hydrate"))]
mod absent {
    use std::collections::HashMap;

    use leptos::prelude::{Callback, NodeRef, Signal};
    use leptos::web_sys::{Event, EventTarget, HtmlAnchorElement, HtmlDialogElement, MouseEvent, SubmitEvent};

    use crate::{error::AppError, url::Query};

    pub fn mark_hydrated() {}
    pub fn now() -> i64 {
        0
    }
    pub fn offset_minutes(_ms: i64) -> i64 {
        0
    }
    pub fn typed(_id: &str) -> String {
        String::new()
    }
    pub fn typed_so_far() -> HashMap<String, String> {
        HashMap::new()
    }
    pub fn offset_of(_local: &str) -> String {
        String::new()
    }
    pub fn show_modal(_dialog: &HtmlDialogElement) {}
    pub fn focus_first_field(_dialog: HtmlDialogElement) {}
    pub fn give_focus_back_later() {}
    pub fn focus_in_place(_id: &str) {}
    pub fn follow(_path: Signal<String>, _after: Option<u64>, _heard: Callback<domain::feed::Changed>) {}
    pub fn click_once(_link: &HtmlAnchorElement, _name: &str) {}
    pub fn busy(_yes: bool) {}
    pub fn focus_id(_id: &str) {}
    pub fn focus_errors(_form: NodeRef<leptos::html::Form>) {}
    pub fn copy_on_click(_copied: &'static str) {}
    pub fn is_pick(_event: &Event) -> bool {
        false
    }
    pub fn unreadable_fields(_event: &SubmitEvent) -> Vec<(String, String)> {
        vec![]
    }
    pub fn largest_file(_event: &SubmitEvent) -> u64 {
        0
    }
    pub fn sign_in_again() {}
    pub fn is_backdrop(_event: &MouseEvent) -> bool {
        false
    }
    pub fn load_escaped_paths_whole() {}
    pub fn form_body(_event: &SubmitEvent) -> Option<String> {
        None
    }
    pub fn form_query(_event: &SubmitEvent) -> Option<Query> {
        None
    }
    pub async fn post(_path: &str, _body: String) -> Result<(String, Option<String>), AppError> {
        Err(AppError::Transport)
    }
    pub fn origin() -> String {
        String::new()
    }
    pub fn submit_form_of(_target: Option<EventTarget>) {}
    pub fn focus(_selector: &str) -> bool {
        false
    }
    pub fn click(_selector: &str) -> bool {
        false
    }
    pub fn step(_items: &str, _inside: &str, _forward: bool) -> bool {
        false
    }
    pub fn on_key(_act: impl Fn(super::Key) -> bool + 'static) {}
    pub fn close_menus() {}
    pub fn close_menus_outside() {}
}

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
