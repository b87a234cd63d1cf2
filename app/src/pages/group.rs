//! Group Details: basic information, members, messages.

use domain::{
    export::ExportList,
    group::Group,
    member::MemberRow,
    message::MessageRow,
    page::{ListParams, Page},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

use super::{
    export_dialogs::{ExportDialog, ExportedDialog},
    group_dialogs::{AppFields, DeleteGroupsDialog, SendMessagesDialog, close_href},
    groups::paging,
    members::{AddMembersDialog, DeleteMembersDialog, Members},
    messages::{self, Messages},
};
use crate::{
    boot::{page_state, strings},
    components::{
        ActionLink, CopyButton, Dialog, DialogButtons, GroupTypeBadge, HiddenField, Limit, Loaded, PageHeader, PersonCell,
        PostForm, Selection, TextAreaField, TextField, Time, use_app_path, use_query,
    },
    error::AppError,
    format,
    functions::{
        group::{EditGroup, get_group},
        member::list_members,
        message::list_messages,
    },
    url::{AppPath, segment},
};

/// The group of the current address. From the raw path: the router's own parameters are decoded twice, and ids may hold `%`.
pub fn use_group_id() -> Memo<String> {
    let path = use_location().pathname;
    // On the way out the address is another page's already while this one still stands.
    Memo::new(move |last: Option<&String>| {
        let path = path.read();
        let here = if segment(&path, 3) == "groups" { segment(&path, 4) } else { String::new() };
        if here.is_empty() { last.cloned().unwrap_or_default() } else { here }
    })
}

/// All that the page shows. One resource for the whole page: resources made inside another's view never hydrate.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Shown {
    group: Group,
    /// `None`: the group keeps no member list.
    members: Option<Page<MemberRow>>,
    messages: Page<MessageRow>,
}

async fn load(app: AppPath, id: String, members: ListParams, messages: ListParams) -> Result<Shown, AppError> {
    let group = get_group(app.org.clone(), app.app.clone(), id.clone()).await?;
    let members = match group.group_type.keeps_members() {
        true => Some(list_members(app.org.clone(), app.app.clone(), id.clone(), members).await?),
        false => None,
    };
    let messages = list_messages(app.org, app.app, id, messages).await?;
    Ok(Shown { group, members, messages })
}

#[component]
pub fn GroupPage() -> impl IntoView {
    let changes = page_state().changes;
    let (app, id, query) = (use_app_path(), use_group_id(), use_query());
    provide_context(Selection::of(Signal::derive(move || app.read().group(&id.read()))));
    let lists = Memo::new(move |_| {
        let query = query.read();
        let members = ListParams { q: query.get("q").to_owned(), ..paging(query.get("cursor"), query.get("size")) };
        (members, paging(query.get(messages::CURSOR), ""))
    });
    let shown = Resource::new(
        move || (app.get(), id.get(), lists.get(), changes.get()),
        |(app, id, (members, messages), _)| load(app, id, members, messages),
    );
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    let groups = move || app.read_untracked().groups();
    view! {
        // Until the group is there, or when there is none.
        <Title text=strings().group_details />
        <Loaded resource=shown view=|shown| view! { <Details shown=shown /> } />
        {move || match dialog.read().as_str() {
            "edit" => view! { <EditGroupDialog /> }.into_any(),
            "add-members" => view! { <AddMembersDialog /> }.into_any(),
            "delete-members" => view! { <DeleteMembersDialog /> }.into_any(),
            "send" => view! { <SendMessagesDialog /> }.into_any(),
            "delete" => view! { <DeleteGroupsDialog next=groups() /> }.into_any(),
            "export-members" => view! { <ExportDialog list=ExportList::Members /> }.into_any(),
            "export-messages" => view! { <ExportDialog list=ExportList::Messages /> }.into_any(),
            "exported" => view! { <ExportedDialog /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

#[component]
fn Details(shown: Shown) -> impl IntoView {
    let Shown { group, members: member_page, messages } = shown;
    let t = strings();
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let path = app.group(&group.group_id);
    let forbidden = page_state().read_only_reason();
    let (this, this_id) = (StoredValue::new(path), StoredValue::new(group.group_id.clone()));
    let dialog_href = move |word: &'static str| {
        Signal::derive(move || query.read().list().with("dialog", word).and("ids", &this_id.get_value()).href(&this.get_value()))
    };
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
        <Members page=member_page forbidden=forbidden />
        <Messages page=messages count=group.message_count />
    }
}

#[component]
fn EditGroupDialog() -> impl IntoView {
    let close = close_href();
    let (app, id) = (use_app_path(), use_group_id());
    let group = Resource::new(
        || (),
        move |()| {
            let (app, id) = (app.get_untracked(), id.get_untracked());
            get_group(app.org, app.app, id)
        },
    );
    view! {
        <Dialog title=strings().edit_group close=close.clone()>
            <Loaded resource=group view=move |group| view! { <EditForm group=group next=close.clone() /> } />
        </Dialog>
    }
}

#[component]
fn EditForm(group: Group, next: String) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    view! {
        <PostForm action=EditGroup::PATH nested=true next=next about=Some(("group_id", group.group_id))>
            <AppFields app=app />
            <HiddenField name="version" value=group.version.to_string() />
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
    }
}
