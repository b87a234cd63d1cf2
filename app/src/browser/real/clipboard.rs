//! Copying.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast;

use super::origin;

/// Browsers lend the clipboard only to https and localhost.
fn can_copy() -> bool {
    web_sys::window().is_some_and(|window| window.is_secure_context())
}

/// Whether it worked.
async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    wasm_bindgen_futures::JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// Buttons with `data-copy` copy that text, with `data-here` as an address of this server, and say so for a while. Where there is no
/// clipboard the document says that.
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
                // A second click while the confirmation is shown would take it for the original label.
                if before[0].as_deref() != Some(copied) {
                    // Unless the row has become another one's in the meantime.
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
