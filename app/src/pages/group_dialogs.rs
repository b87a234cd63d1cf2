//! Dialogs about groups: add, send messages, delete. The list and the details page share them; the groups are in their address,
//! or are the list's selection.

use domain::group::{GroupSummary, GroupType};
use leptos::{prelude::*, server_fn::ServerFn};
use words::format;

use crate::{
    components::{
        AppFields, ConfirmCount, Dialog, DialogButtons, JobNote, Limit, Loaded, NothingSelected, Notice, PostForm, SelectField,
        Selection, SubjectFields, TextAreaField, TextField,
        basics::group_type_word,
        batch::{after_batch_href, forget},
        dialog::close_href,
        selection::Subject,
        usernames::UsernameField,
    },
    functions::{
        group::{CreateGroup, DeleteGroups, summarize_groups},
        message::SendMessages,
    },
    page_context::strings,
    route::{use_app_path, use_group_id, use_query},
};

#[component]
pub fn AddGroup() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let app = use_app_path().get_untracked();
    let options = GroupType::ALL.iter().map(|&kind| (kind.as_str(), group_type_word(t, kind))).collect::<Vec<_>>();
    view! {
        <Dialog title=t.groups.add_group close=close.clone()>
            <PostForm action=CreateGroup::PATH nested=true next=close>
                <AppFields app=app />
                <TextField
                    name="name"
                    label=t.groups.group_name
                    required=true
                    autofocus=true
                    limit=Limit::Bytes(domain::limits::GROUP_NAME_BYTES)
                    check=|text| domain::group::rules::GroupName::parse(text).map(drop)
                    help=t.groups.group_name_help
                />
                <UsernameField name="owner" label=t.groups.group_owner_id help=t.groups.owner_help />
                <SelectField name="type" label=t.groups.group_type options=options value="Public" required=true help=t.groups.group_type_help />
                <TextField
                    name="group_id"
                    label=t.groups.custom_group_id
                    mono=true
                    limit=Limit::Bytes(domain::limits::GROUP_ID_BYTES)
                    check=|text| domain::group::rules::CustomGroupId::parse(text).map(drop)
                    help=t.groups.custom_id_help
                />
                <DialogButtons confirm=t.common.ok />
            </PostForm>
        </Dialog>
    }
}

/// What the dialog is about: on a group's page that group; in the list what the address names, or else what is selected.
fn subject() -> Subject {
    let (query, group) = (use_query(), use_group_id().get_untracked());
    if !group.is_empty() {
        return Subject::Ids(vec![group]);
    }
    let selection: Selection = expect_context();
    untrack(|| selection.subject(&query.read()))
}

fn summary_of(subject: Subject) -> Resource<Result<GroupSummary, crate::error::AppError>> {
    let app = use_app_path();
    Resource::new(
        || (),
        move |()| {
            let (app, (ids, matching)) = (app.get_untracked(), subject.clone().parts());
            summarize_groups(app.org, app.app, ids, matching)
        },
    )
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
            {(more > 0).then(|| view! { <li class="muted">{(t.lists.and_more)(more, format::number(more))}</li> })}
        </ul>
    }
}

#[component]
pub fn SendMessagesDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let subject = subject();
    let title = t.groups.send_messages;
    if subject.is_empty() {
        return view! { <Dialog title=title close=close><NothingSelected /></Dialog> }.into_any();
    }
    let summary = summary_of(subject.clone());
    view! {
        <Dialog title=title close=close>
            <Loaded resource=summary view=move |summary| view! { <SendForm subject=subject.clone() summary=summary /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn SendForm(subject: Subject, summary: GroupSummary) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    let count = summary.groups;
    view! {
        <p>{(t.messages.send_to)(count, format::number(count))}</p>
        <Targets summary=summary />
        <JobNote items=count />
        <PostForm action=SendMessages::PATH next=after_batch_href()>
            <AppFields app=app />
            <SubjectFields subject=subject />
            <TextAreaField
                name="text"
                label=t.messages.message_content
                required=true
                autofocus=true
                rows=5
                limit=Limit::Chars(domain::limits::MESSAGE_CHARS)
                check=|text| domain::message::rules::MessageText::parse(text).map(drop)
            />
            <DialogButtons confirm=t.common.ok />
        </PostForm>
    }
}

#[component]
pub fn DeleteGroupsDialog(
    /// Where to go afterwards, when the page below does not exist any more either.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let t = strings();
    let close = close_href();
    let subject = subject();
    if subject.is_empty() {
        return view! { <Dialog title=t.groups.delete_groups close=close><NothingSelected /></Dialog> }.into_any();
    }
    let summary = summary_of(subject.clone());
    let title = if subject.is_one() { t.groups.delete_group } else { t.groups.delete_groups };
    view! {
        <Dialog title=title close=close>
            <Loaded
                resource=summary
                view=move |summary| view! { <DeleteForm subject=subject.clone() summary=summary next=next.clone() /> }
            />
        </Dialog>
    }
    .into_any()
}

#[component]
fn DeleteForm(subject: Subject, summary: GroupSummary, next: Option<String>) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    // Groups deleted in the meantime are named all the same: the answer reports them.
    let count = match &subject {
        Subject::Ids(ids) => ids.len() as u64,
        Subject::Matching(_) => summary.groups,
    };
    let (groups, members, messages) = (summary.groups, summary.members, summary.messages);
    let single = subject.is_one().then(|| summary.first.first().map(|(_, name)| name.clone())).flatten();
    let question = match single {
        _ if groups == 0 => t.errors.not_found_group.to_owned(),
        Some(name) => (t.groups.delete_one_group)(name, members, messages),
        None => (t.groups.delete_many_groups)(groups, members, messages),
    };
    let confirm = if subject.is_one() {
        t.groups.confirm_delete_group.to_owned()
    } else {
        (t.groups.confirm_delete_groups)(format::number(count))
    };
    let done = forget(&subject);
    view! {
        <p class="question">{question}</p>
        <Targets summary=summary />
        <Notice tone="danger"><p>{t.groups.delete_groups_warning}</p></Notice>
        <JobNote items=count />
        <PostForm action=DeleteGroups::PATH next=next.unwrap_or_else(after_batch_href) on_done=done>
            <AppFields app=app />
            <SubjectFields subject=subject />
            <ConfirmCount items=count />
            <DialogButtons confirm=confirm danger=true />
        </PostForm>
    }
}
