//! Dialogs about groups: add, send messages, delete. The list and the details page share them; what they are about stands in
//! their address, or is the list's selection.

use domain::group::{GroupSummary, GroupType};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

use super::group::use_group_id;
use crate::{
    boot::strings,
    components::{
        Dialog, DialogButtons, Limit, Loaded, Notice, PostForm, SelectField, Selection, TextAreaField, TextField,
        basics::group_type_word, use_app_path, use_query, usernames::UsernameField,
    },
    format,
    functions::{
        group::{CreateGroup, DeleteGroups, summarize_groups},
        message::SendMessages,
    },
    url::AppPath,
};

/// The address under the dialog.
pub fn close_href() -> String {
    let (query, path) = (use_query(), use_location().pathname);
    untrack(|| query.read().list().href(&path.read()))
}

/// `org` and `app`, which every function takes.
#[component]
pub fn AppFields(app: AppPath) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=app.org />
        <input type="hidden" name="app" value=app.app />
    }
}

/// The ids that a batch is about, as fields.
#[component]
pub fn IdFields(ids: Vec<String>) -> impl IntoView {
    ids.into_iter().map(|id| view! { <input type="hidden" name="ids[]" value=id /> }).collect_view()
}

/// A dialog that was opened with nothing to be about, for example by a reload.
#[component]
pub fn NothingSelected() -> impl IntoView {
    let t = strings();
    let close = close_href();
    view! {
        <Notice tone="info"><p>{t.nothing_selected}</p></Notice>
        <div class="dialog-buttons">
            <a class="button button-primary" href=close data-noscroll="" autofocus=true>{t.back_to_list}</a>
        </div>
    }
}

/// More than a few items to destroy: their number must be typed.
#[component]
pub fn ConfirmCount(items: usize) -> impl IntoView {
    let t = strings();
    (items > domain::limits::BATCH_TYPED_ABOVE).then(|| {
        let number = items.to_string();
        view! { <TextField name="confirm" label=(t.type_number)(number.clone()) required=true mono=true /> }
    })
}

#[component]
pub fn AddGroup() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let app = use_app_path().get_untracked();
    let options = GroupType::ALL.iter().map(|&kind| (kind.as_str(), group_type_word(t, kind))).collect::<Vec<_>>();
    view! {
        <Dialog title=t.add_group close=close.clone()>
            <PostForm action=CreateGroup::PATH nested=true next=close>
                <AppFields app=app />
                <TextField
                    name="name"
                    label=t.group_name
                    required=true
                    autofocus=true
                    limit=Limit::Bytes(domain::limits::GROUP_NAME_BYTES)
                    check=|text| domain::group::rules::GroupName::parse(text).map(drop)
                    help=t.group_name_help
                />
                <UsernameField name="owner" label=t.group_owner_id help=t.owner_help />
                <SelectField name="type" label=t.group_type options=options value="Public" required=true help=t.group_type_help />
                <TextField
                    name="group_id"
                    label=t.custom_group_id
                    mono=true
                    limit=Limit::Bytes(domain::limits::GROUP_ID_BYTES)
                    check=|text| domain::group::rules::CustomGroupId::parse(text).map(drop)
                    help=t.custom_id_help
                />
                <DialogButtons confirm=t.ok />
            </PostForm>
        </Dialog>
    }
}

/// What the dialog is about: on a group's page that group; in the list what the address names, or else what is selected.
fn subject() -> Vec<String> {
    let (query, group) = (use_query(), use_group_id().get_untracked());
    if !group.is_empty() {
        return vec![group];
    }
    let selection: Selection = expect_context();
    untrack(|| selection.subject(&query.read()))
}

fn summary_of(ids: Vec<String>) -> Resource<Result<GroupSummary, crate::error::AppError>> {
    let app = use_app_path();
    Resource::new(
        || (),
        move |()| {
            let (app, ids) = (app.get_untracked(), ids.clone());
            summarize_groups(app.org, app.app, ids)
        },
    )
}

/// After a batch the rows that it dealt with are no longer selected.
pub fn forget(ids: Vec<String>) -> Callback<()> {
    let selection = use_context::<Selection>();
    Callback::new(move |()| {
        if let Some(selection) = selection {
            selection.forget(&ids);
        }
    })
}

#[component]
fn Targets(summary: GroupSummary) -> impl IntoView {
    let t = strings();
    let more = summary.groups.saturating_sub(summary.first.len() as u64);
    view! {
        <ul class="targets">
            {summary
                .first
                .into_iter()
                .map(|(id, name)| {
                    view! {
                        <li>
                            <bdi>{name}</bdi>
                            " "
                            <span class="mono muted">{id}</span>
                        </li>
                    }
                })
                .collect_view()}
            {(more > 0).then(|| view! { <li class="muted">{(t.and_more)(more, format::number(more))}</li> })}
        </ul>
    }
}

#[component]
pub fn SendMessagesDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let ids = subject();
    let title = t.send_messages;
    if ids.is_empty() {
        return view! { <Dialog title=title close=close><NothingSelected /></Dialog> }.into_any();
    }
    let app = use_app_path().get_untracked();
    let summary = summary_of(ids.clone());
    view! {
        <Dialog title=title close=close.clone()>
            <Loaded
                resource=summary
                view=move |summary: GroupSummary| {
                    view! {
                        <p>{(t.send_to)(summary.groups, format::number(summary.groups))}</p>
                        <Targets summary=summary />
                    }
                }
            />
            <PostForm action=SendMessages::PATH next=close>
                <AppFields app=app />
                <IdFields ids=ids />
                <TextAreaField
                    name="text"
                    label=t.message_content
                    required=true
                    autofocus=true
                    rows=5
                    limit=Limit::Chars(domain::limits::MESSAGE_CHARS)
                    check=|text| domain::message::rules::MessageText::parse(text).map(drop)
                />
                <DialogButtons confirm=t.ok />
            </PostForm>
        </Dialog>
    }
    .into_any()
}

#[component]
pub fn DeleteGroupsDialog(
    /// Where to go afterwards, when the page behind is gone too.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let t = strings();
    let close = close_href();
    let ids = subject();
    if ids.is_empty() {
        return view! { <Dialog title=t.delete_groups close=close><NothingSelected /></Dialog> }.into_any();
    }
    let app = use_app_path().get_untracked();
    let summary = summary_of(ids.clone());
    let count = ids.len();
    let done = forget(ids.clone());
    let title = if count == 1 { t.delete_group } else { t.delete_groups };
    let confirm =
        if count == 1 { t.confirm_delete_group.to_owned() } else { (t.confirm_delete_groups)(format::number(count as u64)) };
    view! {
        <Dialog title=title close=close.clone()>
            <Loaded
                resource=summary
                view=move |summary: GroupSummary| {
                    if summary.groups == 0 {
                        return view! { <p class="question">{t.errors.not_found_group}</p> }.into_any();
                    }
                    let (members, messages) = (summary.members, summary.messages);
                    let single = (count == 1).then(|| summary.first.first().map(|(_, name)| name.clone())).flatten();
                    let sentence = match single {
                        Some(name) => (t.delete_one_group)(name, members, messages),
                        None => (t.delete_many_groups)(summary.groups, members, messages),
                    };
                    view! {
                        <p class="question">{sentence}</p>
                        <Targets summary=summary />
                    }
                    .into_any()
                }
            />
            <Notice tone="danger"><p>{t.delete_groups_warning}</p></Notice>
            <PostForm action=DeleteGroups::PATH next=next.unwrap_or(close) on_done=done>
                <AppFields app=app />
                <IdFields ids=ids />
                <ConfirmCount items=count />
                <DialogButtons confirm=confirm danger=true />
            </PostForm>
        </Dialog>
    }
    .into_any()
}
