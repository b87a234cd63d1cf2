//! The View menu above a list: which columns show, how close the rows stand, how many there are. A form, kept with the operator.

use domain::{
    layout::{Density, ListName},
    page::PageSize,
};
use leptos::{html, prelude::*, server_fn::ServerFn};

use crate::{
    boot::{page_state, strings},
    browser,
    components::{Icon, PostForm, SubmitButton},
    functions::preference::SetListLayout,
    lang::Strings,
};

/// The words of a column, as its header has them.
fn column_word(t: &Strings, list: ListName, column: &str) -> &'static str {
    match (list, column) {
        (_, "id") => t.group_id,
        (ListName::Audit, "operator") => t.operator,
        (_, "owner") => t.group_owner,
        (_, "type") => t.type_column,
        (_, "created") => t.created,
        (_, "members") => t.members,
        (_, "nickname") => t.nickname,
        (_, "photo") => t.profile_photo,
        (_, "joined") => t.join_time,
        (_, "spoke") => t.last_speak_time,
        (_, "role") => t.member_role,
        (_, "time") => t.time,
        (_, "target") => t.target,
        (_, "outcome") => t.outcome,
        (_, "address") => t.address,
        _ => "",
    }
}

#[component]
pub fn ViewMenu(list: ListName) -> impl IntoView {
    let t = strings();
    let state = page_state();
    let summary = NodeRef::<html::Summary>::new();
    let layout = state.layout.get_untracked();
    let hidden = layout.list(list).hidden.clone();
    let columns = list.columns().iter().map(move |&column| {
        let shown = !hidden.iter().any(|other| other == column);
        view! {
            <label class="choice">
                <input type="checkbox" name="input[columns][]" value=column checked=shown />
                <span>{column_word(t, list, column)}</span>
            </label>
        }
    });
    let density_now = layout.density;
    let densities = Density::ALL.iter().map(move |&density| {
        let words = if density == Density::Compact { t.aids.compact } else { t.aids.comfortable };
        view! {
            <label class="choice">
                <input type="radio" name="input[density]" value=density.as_str() checked=density_now == density />
                <span>{words}</span>
            </label>
        }
    });
    let chosen = layout.list(list).size.unwrap_or(PageSize::CHOICES[0]);
    let sizes = PageSize::CHOICES.into_iter().map(move |size| {
        view! {
            <label class="choice">
                <input type="radio" name="input[size]" value=size.to_string() checked=chosen == size />
                <span>{size}</span>
            </label>
        }
    });
    let done = Callback::new(move |()| {
        browser::close_menus();
        if let Some(summary) = summary.get_untracked() {
            browser::focus(&summary);
        }
    });
    view! {
        <details class="menu view-menu">
            <summary node_ref=summary class="button button-secondary">
                <Icon name="view" />
                <span>{t.aids.view}</span>
            </summary>
            <div class="menu-panel">
                <PostForm action=SetListLayout::PATH class="form menu-form" about=Some(("input[list]", list.as_str().to_owned())) on_done=done>
                    <fieldset>
                        <legend>{t.aids.columns}</legend>
                        {columns.collect_view()}
                    </fieldset>
                    <fieldset>
                        <legend>{t.aids.density}</legend>
                        {densities.collect_view()}
                    </fieldset>
                    <fieldset class="choices-row">
                        <legend>{t.rows_per_page}</legend>
                        {sizes.collect_view()}
                    </fieldset>
                    <p class="field-help">{t.aids.kept_for_you}</p>
                    <SubmitButton label=t.save />
                </PostForm>
            </div>
        </details>
    }
}
