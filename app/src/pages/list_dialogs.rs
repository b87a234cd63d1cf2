//! The dialogs that every list has: which columns show and how, and saved views. Dialogs rather than menus, so that a list costs no
//! more for having them.

use domain::{
    layout::{Density, ListName},
    page::PageSize,
    view::View,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;
use words::Strings;

use crate::{
    components::{
        AppFields, Dialog, DialogButtons, Limit, Loaded, PostForm, SubmitButton, TextField, dialog::close_href,
        form_state::FormState,
    },
    functions::{
        preference::SetListLayout,
        view::{DeleteView, SaveView, list_views},
    },
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::Query,
};

/// The dialog that the address names, if it is one of these.
pub fn list_dialog(list: ListName, word: &str) -> AnyView {
    match word {
        "columns" => view! { <ColumnsDialog list=list /> }.into_any(),
        "views" => view! { <ViewsDialog list=list /> }.into_any(),
        _ => ().into_any(),
    }
}

/// The title of a column, as its header has it.
fn column_word(t: &Strings, list: ListName, column: &str) -> &'static str {
    match (list, column) {
        (_, "id") => t.groups.group_id,
        (ListName::Audit, "operator") => t.audit.operator,
        (_, "owner") => t.groups.group_owner,
        (_, "type") => t.groups.type_column,
        (_, "created") => t.common.created,
        (_, "members") => t.members.members,
        (_, "nickname") => t.accounts.nickname,
        (_, "photo") => t.accounts.profile_photo,
        (_, "joined") => t.members.join_time,
        (_, "spoke") => t.members.last_speak_time,
        (_, "role") => t.members.role,
        (_, "time") => t.audit.time,
        (_, "target") => t.audit.target,
        (_, "outcome") => t.audit.outcome,
        (_, "address") => t.audit.address,
        _ => "",
    }
}

#[component]
fn ColumnsDialog(list: ListName) -> impl IntoView {
    let t = strings();
    let close = close_href();
    view! {
        <Dialog title=t.lists.view close=close.clone()>
            <PostForm action=SetListLayout::PATH next=close about=Some(("input[list]", list.as_str().to_owned()))>
                <Choices list=list />
                <p class="field-help">{t.lists.kept_for_you}</p>
                <DialogButtons confirm=t.common.save />
            </PostForm>
        </Dialog>
    }
}

#[component]
fn Choices(list: ListName) -> impl IntoView {
    let t = strings();
    let state: FormState = expect_context();
    let layout = page_context().layout.get_untracked();
    let mine = layout.list(list);
    let shown: Vec<&str> =
        list.columns().iter().copied().filter(|column| !mine.hidden.iter().any(|hidden| hidden == column)).collect();
    let shown = state.values("input[columns][]", &shown);
    let columns = list.columns().iter().enumerate().map(|(n, &column)| {
        let ticked = shown.iter().any(|other| other == column);
        choice("checkbox", "input[columns][]", column.to_owned(), column_word(t, list, column).to_owned(), ticked, n == 0)
    });
    let density = state.value("input[density]", layout.density.as_str());
    let densities = Density::ALL.iter().map(|&one| {
        let words = if one == Density::Compact { t.lists.compact } else { t.lists.comfortable };
        choice("radio", "input[density]", one.as_str().to_owned(), words.to_owned(), density == one.as_str(), false)
    });
    let size = state.value("input[size]", &mine.size.unwrap_or(PageSize::CHOICES[0]).to_string());
    let sizes = PageSize::CHOICES.into_iter().map(|one| {
        let word = one.to_string();
        let ticked = size == word;
        choice("radio", "input[size]", word.clone(), word, ticked, false)
    });
    view! {
        <fieldset class="choice-group">
            <legend>{t.lists.columns}</legend>
            {columns.collect_view()}
        </fieldset>
        <fieldset class="choice-group">
            <legend>{t.lists.density}</legend>
            {densities.collect_view()}
        </fieldset>
        <fieldset class="choice-group">
            <legend>{t.lists.rows_per_page}</legend>
            {sizes.collect_view()}
        </fieldset>
    }
}

fn choice(kind: &'static str, name: &'static str, value: String, words: String, ticked: bool, first: bool) -> impl IntoView {
    view! {
        <label class="choice-line">
            <input type=kind name=name value=value checked=ticked autofocus=first />
            <span>{words}</span>
        </label>
    }
}

/// What a view stores of an address: filters and order, neither a dialog nor a position in the list.
fn kept(query: &Query) -> Query {
    query.list().without(&["cursor", "all"])
}

#[component]
fn ViewsDialog(list: ListName) -> impl IntoView {
    let t = strings();
    let close = close_href();
    let app = use_app_path();
    let changes = page_context().changes;
    let views = Resource::new(
        move || changes.get(),
        move |_| {
            let app = app.get_untracked();
            list_views(app.org, app.app, list.as_str().to_owned())
        },
    );
    let path = use_location().pathname.get_untracked();
    let here = untrack(|| kept(&use_query().read()).href(""));
    let query = here.trim_start_matches('?').to_owned();
    view! {
        <Dialog title=t.lists.views close=close.clone()>
            <Loaded resource=views view=move |views| view! { <Views views=views path=path.clone() here=here.clone() /> } />
            <PostForm action=SaveView::PATH next=close>
                <AppFields app=app.get_untracked() />
                <input type="hidden" name="list" value=list.as_str() />
                <input type="hidden" name="query" value=query />
                <TextField
                    name="view_name"
                    label=t.lists.view_name
                    required=true
                    autofocus=true
                    limit=Limit::Chars(domain::limits::VIEW_NAME_CHARS)
                    check=|text| domain::view::rules::ViewName::parse(text).map(drop)
                    help=t.lists.view_name_help
                />
                <DialogButtons confirm=t.lists.save_view />
            </PostForm>
        </Dialog>
    }
}

#[component]
fn Views(views: Vec<View>, path: String, here: String) -> impl IntoView {
    let t = strings();
    if views.is_empty() {
        return view! { <p class="muted">{t.lists.no_views}</p> }.into_any();
    }
    let app = use_app_path().get_untracked();
    // Stays in the dialog.
    let next = untrack(|| use_query().get().list().with("dialog", "views").href(&path));
    let rows = views.into_iter().map(|saved| {
        let (app, query) = (app.clone(), Query::parse(&saved.query).href(""));
        let current = (query == here).then_some("true");
        view! {
            <li>
                <a href=format!("{path}{query}") aria-current=current><bdi>{saved.name.clone()}</bdi></a>
                <PostForm action=DeleteView::PATH next=next.clone() class="inline-form" about=Some(("id", saved.id.to_string()))>
                    <AppFields app=app />
                    <SubmitButton label=t.common.delete kind="quiet" aria_label=(t.lists.delete_view)(saved.name) />
                </PostForm>
            </li>
        }
    });
    view! { <ul class="view-list" aria-label=t.lists.views>{rows.collect_view()}</ul> }.into_any()
}
