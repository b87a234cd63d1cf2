//! Group Details: basic information, members, messages.

use domain::group::Group;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    group_dialogs::{AppFields, DeleteGroupsDialog, SendMessagesDialog, close_href},
    members::{AddMembersDialog, DeleteMembersDialog, Members},
    messages::Messages,
};
use crate::{
    boot::{page_state, strings},
    components::{
        ActionLink, CopyButton, Dialog, DialogButtons, GroupTypeBadge, Limit, Loaded, PageHeader, PersonCell, PostForm,
        Selection, TextAreaField, TextField, Time, use_app_path, use_query,
    },
    format,
    functions::group::{EditGroup, get_group},
};

/// The group of the current address.
pub fn use_group_id() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("group_id").unwrap_or_default())
}

#[component]
pub fn GroupPage() -> impl IntoView {
    let state = page_state();
    let (app, id) = (use_app_path(), use_group_id());
    provide_context(Selection::new());
    let group = Resource::new(move || (app.get(), id.get(), state.changes.get()), |(app, id, _)| get_group(app.org, app.app, id));
    view! { <Loaded resource=group view=|group| view! { <Details group=group /> } /> }
}

#[component]
fn Details(group: Group) -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let path = app.group(&group.group_id);
    let forbidden = page_state().read_only_reason();
    let (this, this_id) = (StoredValue::new(path), StoredValue::new(group.group_id.clone()));
    let dialog_href = move |word: &'static str| {
        Signal::derive(move || query.read().list().with("dialog", word).and("ids", &this_id.get_value()).href(&this.get_value()))
    };
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    let (for_edit, groups) = (group.clone(), app.groups());
    let members = match group.max_member_count {
        Some(max) => (t.members_of_max)(format::number(group.member_count.unwrap_or(0).into()), format::number(max.into())),
        None => t.no_member_list.to_owned(),
    };
    let owner = match group.owner.clone() {
        Some(person) => view! { <PersonCell person=person /> }.into_any(),
        None => view! { <span class="muted">{t.no_owner}</span> }.into_any(),
    };
    let introduction = match group.introduction.clone() {
        text if text.is_empty() => view! { <span class="muted">{t.none}</span> }.into_any(),
        text => view! { <bdi class="text-block">{text}</bdi> }.into_any(),
    };
    view! {
        <Title text=group.name.clone() />
        <nav class="breadcrumb" aria-label=t.breadcrumb>
            <a href=app.groups()>{t.groups}</a>
            <span aria-hidden="true">"/"</span>
            <span aria-current="page">{t.group_details}</span>
        </nav>
        <PageHeader title=group.name.clone()>
            <ActionLink href=dialog_href("send") label=t.send_messages icon="send" disabled=forbidden />
            <ActionLink href=dialog_href("delete") label=t.disband kind="danger-quiet" icon="delete" disabled=forbidden />
        </PageHeader>
        <section class="panel" aria-labelledby="basic">
            <div class="panel-head">
                <h2 id="basic">{t.basic_information}</h2>
                <ActionLink
                    href=dialog_href("edit")
                    label=t.edit
                    icon="edit"
                    disabled=forbidden
                    aria_label=(t.action_of)(t.edit, t.basic_information.to_owned())
                />
            </div>
            <dl class="facts">
                <div><dt>{t.group_id}</dt><dd class="id-cell"><span class="mono">{group.group_id.clone()}</span><CopyButton text=group.group_id.clone() label=(t.copy_of)(group.group_id.clone()) /></dd></div>
                <div><dt>{t.group_name}</dt><dd><bdi>{group.name.clone()}</bdi></dd></div>
                <div><dt>{t.group_type}</dt><dd><GroupTypeBadge group_type=group.group_type /></dd></div>
                <div><dt>{t.group_owner}</dt><dd>{owner}</dd></div>
                <div><dt>{t.created}</dt><dd><Time at=group.created_at /></dd></div>
                <div><dt>{t.members}</dt><dd>{members}</dd></div>
                <div class="facts-wide"><dt>{t.group_introduction}</dt><dd>{introduction}</dd></div>
            </dl>
        </section>
        <Members group_type=group.group_type forbidden=forbidden />
        <Messages count=group.message_count />
        {move || match dialog.read().as_str() {
            "edit" => view! { <EditGroupDialog group=for_edit.clone() /> }.into_any(),
            "add-members" => view! { <AddMembersDialog /> }.into_any(),
            "delete-members" => view! { <DeleteMembersDialog /> }.into_any(),
            "send" => view! { <SendMessagesDialog /> }.into_any(),
            "delete" => view! { <DeleteGroupsDialog next=groups.clone() /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

#[component]
fn EditGroupDialog(group: Group) -> impl IntoView {
    let t = strings();
    let close = close_href();
    let app = use_app_path().get_untracked();
    view! {
        <Dialog title=t.edit_group close=close.clone()>
            <PostForm action=EditGroup::PATH nested=true next=close>
                <AppFields app=app />
                <input type="hidden" name="group_id" value=group.group_id />
                <input type="hidden" name="input[version]" value=group.version.to_string() />
                <TextField
                    name="name"
                    label=t.group_name
                    value=group.name
                    required=true
                    autofocus=true
                    limit=Limit::Bytes(domain::limits::GROUP_NAME_BYTES)
                    check=|text| domain::group::rules::GroupName::parse(text).map(drop)
                    help=t.group_name_help
                />
                <TextAreaField
                    name="introduction"
                    label=t.group_introduction
                    value=group.introduction
                    limit=Limit::Bytes(domain::limits::GROUP_INTRODUCTION_BYTES)
                    check=|text| domain::group::rules::Introduction::parse(text).map(drop)
                />
                <DialogButtons confirm=t.confirm />
            </PostForm>
        </Dialog>
    }
}
