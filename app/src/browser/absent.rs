//! On the server.

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
pub fn follow(_path: Signal<String>, _after: Option<u64>, _heard: Callback<domain::feed::ChangeCount>) {}
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
