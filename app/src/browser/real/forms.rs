//! What forms contain.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::web_sys::{self, FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};
use wasm_bindgen::JsCast;

use crate::url::Query;

/// The current text of an input; empty when there is none.
pub fn typed(id: &str) -> String {
    let input = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

/// What has been typed into the fields of the server's page so far, by the fields' ids.
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

/// Whether an input event chose a suggestion rather than typed a character.
pub fn is_pick(event: &web_sys::Event) -> bool {
    event.dyn_ref::<web_sys::InputEvent>().is_none_or(|input| input.input_type() == "insertReplacementText")
}

/// Fields whose text the browser could not read as their type, by name, with the type. Their value is empty: sent like this, a
/// typing error would look like a wish to clear the field.
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
