//! What the dialogs of all batches share: what the batch is about, that it becomes a job, and the number to be typed.

use domain::selection::Matching;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    components::{
        Notice, TextField,
        dialog::close_href,
        selection::{Selection, Subject, unselected},
    },
    page_context::strings,
    route::use_query,
};

/// Where a batch leads: the list without what was selected as everything that matches.
pub fn after_batch_href() -> String {
    let (query, path) = (use_query(), use_location().pathname);
    untrack(|| unselected(&query.read()).href(&path.read()))
}

/// What a batch is about, as fields.
#[component]
pub fn SubjectFields(subject: Subject) -> impl IntoView {
    let field = |name: &'static str, value: String| view! { <input type="hidden" name=name value=value /> };
    match subject {
        Subject::Ids(ids) => ids.into_iter().map(|id| field("ids[]", id)).collect_view().into_any(),
        Subject::Matching(Matching { all, q, kind, except }) => view! {
            {field("matching[all]", all)}
            {field("matching[q]", q)}
            {field("matching[type]", kind)}
            {except.into_iter().map(|id| field("matching[except][]", id)).collect_view()}
        }
        .into_any(),
    }
}

/// The warning that so many will not be done at once.
#[component]
pub fn JobNote(items: u64) -> impl IntoView {
    (items > domain::limits::BATCH_AT_ONCE as u64).then(|| view! { <p class="muted">{strings().jobs.will_be_job}</p> })
}

/// A dialog that was opened with nothing to be about, for example by a reload.
#[component]
pub fn NothingSelected() -> impl IntoView {
    let t = strings();
    let close = close_href();
    view! {
        <Notice tone="info"><p>{t.lists.nothing_selected}</p></Notice>
        <div class="dialog-buttons">
            <a class="button button-primary" href=close data-noscroll="" autofocus=true>{t.shell.back_to_list}</a>
        </div>
    }
}

/// More than a few items to destroy: their number must be typed.
#[component]
pub fn ConfirmCount(items: u64) -> impl IntoView {
    let t = strings();
    (items > domain::limits::BATCH_TYPED_ABOVE as u64).then(|| {
        let number = items.to_string();
        view! { <TextField name="confirm" label=(t.lists.type_number)(number.clone()) required=true mono=true /> }
    })
}

/// After a batch the rows that it dealt with are no longer selected.
pub fn forget(subject: &Subject) -> Callback<()> {
    let selection = use_context::<Selection>();
    let (ids, _) = subject.clone().parts();
    Callback::new(move |()| {
        if let Some(selection) = selection {
            selection.forget(&ids);
        }
    })
}
