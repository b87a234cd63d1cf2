//! Talking to the server.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::{JsCast, closure::Closure};

use crate::error::AppError;

/// Posts to a server function: returns its answer as JSON text with the page that it asks for, or its error.
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

/// Identifies this page as long as it is open in the browser.
fn page_id() -> String {
    thread_local! {
        static PAGE: String = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
    }
    PAGE.with(Clone::clone)
}

/// Listens to the server-sent events of an app, while the page is visible: browsers allow a host only a few connections over
/// HTTP/1, shared by all tabs. `after` is the last commit that the page shows already.
pub fn follow(path: Signal<String>, after: Option<u64>, heard: Callback<domain::feed::ChangeCount>) {
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
