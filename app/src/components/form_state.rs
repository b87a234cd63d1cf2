//! The state of a form, shared with its fields: what was refused, what was typed, whether it is being sent.

use leptos::prelude::*;

use crate::{
    error::AppError,
    flash::Flash,
    page_context::{PageContext, strings},
};

/// What the fields of a form need to know.
#[derive(Clone, Copy)]
pub struct FormState {
    pub error: RwSignal<Option<AppError>>,
    pub pending: RwSignal<bool>,
    /// What was typed before the page was loaded, when it is the answer to a refused form.
    pub(super) typed: StoredValue<Option<Vec<(String, String)>>>,
    pub(super) nested: bool,
    /// The form was posted with an ended session, and the operator has signed in again.
    pub(super) came_back: RwSignal<bool>,
}

impl FormState {
    /// As a form begins: with what was refused on the page before, if it was this form.
    pub(super) fn of(page: PageContext, refused: Option<Flash>, nested: bool) -> Self {
        let error = refused.as_ref().and_then(|flash| flash.result.clone().err());
        let came_back = page.me().is_some() && error == Some(AppError::Domain(domain::Error::Unauthenticated));
        Self {
            error: RwSignal::new(error.filter(|_| !came_back)),
            came_back: RwSignal::new(came_back),
            pending: RwSignal::new(false),
            typed: StoredValue::new(refused.filter(|flash| flash.complete).map(|flash| flash.fields)),
            nested,
        }
    }

    /// The field's name in the form: arguments that are structs nest theirs.
    pub fn html_name(self, name: &str) -> String {
        if self.nested { format!("input[{name}]") } else { name.to_owned() }
    }

    /// What the field starts with: what was typed, else `initial`.
    pub fn value(self, name: &str, initial: &str) -> String {
        let name = self.html_name(name);
        self.typed.with_value(|typed| match typed {
            Some(fields) => fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()).unwrap_or_default(),
            None => initial.to_owned(),
        })
    }

    /// What the fields of one name start with, such as the boxes that are ticked; `name` as the form has it.
    pub fn values(self, name: &str, initial: &[&str]) -> Vec<String> {
        self.typed.with_value(|typed| match typed {
            Some(fields) => fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect(),
            None => initial.iter().map(|&value| value.to_owned()).collect(),
        })
    }

    /// The sentence under the field, when the server refused it.
    pub fn field_error(self, name: &str) -> Option<String> {
        self.error.read().as_ref().and_then(|error| error.field(name)).map(|code| words::code_sentence(strings(), code))
    }
}
