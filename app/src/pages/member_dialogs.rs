//! Dialogs about members of a group: add, what can be done to one or many, each of these works, transfer, delete.

use domain::{
    group::Group,
    member::{
        MemberAction, MemberRole, MembershipState, RemovalSummary,
        rules::{self, MUTE_CHOICES},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use words::format;

use super::group_overview::this_group;
use crate::{
    browser,
    components::{
        ActionLink, ConfirmCount, Dialog, DialogButtons, GroupFields, JobNote, Loaded, NothingSelected, Notice, PostForm,
        SelectField, Selection, SubjectFields, TextField,
        batch::{after_batch_href, forget},
        dialog::close_href,
        field::input_id,
        form_state::FormState,
        selection::Subject,
        usernames::UsernamesField,
    },
    error::AppError,
    functions::{
        group::TransferGroup,
        member::{AddMembers, ChangeMembers, DeleteMembers, look_at_member, summarize_members},
    },
    page_context::{page_context, strings},
    route::{use_app_path, use_group_id, use_query, use_tab_path},
};

#[component]
pub fn AddMembersDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    view! {
        <Dialog title=t.members.add_member close=close.clone()>
            <PostForm action=AddMembers::PATH next=close>
                <GroupFields app=app group_id=id />
                <UsernamesField name="usernames" label=t.accounts.usernames help=t.accounts.usernames_help />
                <DialogButtons confirm=t.common.confirm />
            </PostForm>
        </Dialog>
    }
}

#[component]
pub fn DeleteMembersDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let subject = subject();
    if subject.is_empty() {
        return view! { <Dialog title=t.members.delete_members close=close><NothingSelected /></Dialog> }.into_any();
    }
    let summary = summary_of(subject.clone());
    view! {
        <Dialog title=if subject.is_one() { t.members.delete_member } else { t.members.delete_members } close=close>
            <Loaded resource=summary view=move |summary| view! { <DeleteForm subject=subject.clone() summary=summary /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn DeleteForm(subject: Subject, summary: RemovalSummary) -> impl IntoView {
    let t = strings();
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    let count = summary.members;
    let done = forget(&subject);
    view! {
        <p class="question">{(t.members.delete_members_question)(count, format::number(count))}</p>
        <Names summary=summary />
        <p class="muted">{t.members.delete_members_help}</p>
        <JobNote items=count />
        <PostForm action=DeleteMembers::PATH next=after_batch_href() on_done=done>
            <GroupFields app=app group_id=id />
            <SubjectFields subject=subject />
            <ConfirmCount items=count />
            <DialogButtons confirm=(t.members.delete_members_confirm)(count, format::number(count)) danger=true />
        </PostForm>
    }
}

/// What a dialog is about: the members that its address names, or else what is ticked.
fn subject() -> Subject {
    let (selection, query) = (expect_context::<Selection>(), use_query());
    untrack(|| selection.subject(&query.read()))
}

fn summary_of(subject: Subject) -> Resource<Result<RemovalSummary, AppError>> {
    let (app, id) = (use_app_path(), use_group_id());
    Resource::new(
        || (),
        move |()| {
            let (app, id, (ids, matching)) = (app.get_untracked(), id.get_untracked(), subject.clone().parts());
            summarize_members(app.org, app.app, id, ids, matching)
        },
    )
}

/// The first few names, and how many more.
#[component]
fn Names(summary: RemovalSummary) -> impl IntoView {
    let RemovalSummary { members, first } = summary;
    let more = members.saturating_sub(first.len() as u64);
    view! {
        <ul class="targets">
            {first.into_iter().map(|name| view! { <li class="mono">{name}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="muted">{(strings().lists.and_more)(more, format::number(more))}</li> })}
        </ul>
    }
}

/// What the menu of one member or of the ticked ones offers, in order.
const OFFERED: [MemberAction; 7] = [
    MemberAction::SetAdmin,
    MemberAction::UnsetAdmin,
    MemberAction::Mute,
    MemberAction::Unmute,
    MemberAction::Allow,
    MemberAction::Disallow,
    MemberAction::Block,
];

/// All actions on one member or on many. Each has its own dialog. For one member it is known which apply.
#[component]
pub fn MemberActionsDialog() -> impl IntoView {
    let t = strings();
    let w = &t.members;
    let close = close_href();
    let subject = subject();
    if subject.is_empty() {
        return view! { <Dialog title=w.actions close=close><NothingSelected /></Dialog> }.into_any();
    }
    if let Subject::Ids(ids) = &subject
        && subject.is_one()
    {
        let username = ids.concat();
        let (title, standing) = ((t.common.action_of)(w.actions, username.clone()), standing_of(username));
        return view! {
            <Dialog title=title close=close>
                <Loaded
                    resource=standing
                    view=|standing| match standing {
                        Some(standing) => view! { <ActionList standing=Some(standing) /> }.into_any(),
                        None => view! { <Notice><p>{strings().members.no_action}</p></Notice> }.into_any(),
                    }
                />
            </Dialog>
        }
        .into_any();
    }
    let summary = summary_of(subject);
    view! {
        <Dialog title=w.actions close=close>
            <Loaded resource=summary view=|summary| view! { <Names summary=summary /> } />
            <ActionList standing=None />
        </Dialog>
    }
    .into_any()
}

fn standing_of(username: String) -> Resource<Result<Option<MembershipState>, AppError>> {
    let (app, id) = (use_app_path(), use_group_id());
    Resource::new(
        || (),
        move |()| {
            let (app, id) = (app.get_untracked(), id.get_untracked());
            look_at_member(app.org, app.app, id, username.clone())
        },
    )
}

#[component]
fn ActionList(
    /// `None`: of many, which may differ.
    standing: Option<MembershipState>,
) -> impl IntoView {
    let t = strings();
    let w = &t.members;
    let (path, query) = (use_tab_path(), use_query());
    let lead = move |dialog: &str| {
        let (here, ids) = untrack(|| (query.read().list(), query.read().all("ids")));
        ids.iter().fold(here.with("dialog", dialog), |query, id| query.and("ids", id)).href(&path.read_untracked())
    };
    let offered = OFFERED.into_iter().filter(|work| standing.is_none_or(|standing| rules::applies(*work, standing)));
    let works = offered.map(|work| {
        let kind = if work == MemberAction::Block { "danger-quiet" } else { "quiet" };
        view! { <li><ActionLink href=lead(work.as_str()) label=(w.work)(work) kind=kind /></li> }
    });
    let owner = standing.is_some_and(|standing| standing.role == MemberRole::Owner);
    let delete = if standing.is_some() { t.members.delete_member } else { t.members.delete_members };
    let no_transfer = if owner { Some(w.owner_stays) } else { standing.is_none().then_some(w.transfer_one) };
    let no_delete = owner.then_some(t.members.owner_cannot_be_deleted);
    view! {
        <ul class="action-list">
            {works.collect_view()}
            <li><ActionLink href=lead("transfer") label=w.transfer kind="danger-quiet" disabled=no_transfer /></li>
            <li><ActionLink href=lead("delete-members") label=delete kind="danger-quiet" disabled=no_delete /></li>
        </ul>
    }
}

/// One work on one account or on many.
#[component]
pub fn MemberChangeDialog(work: MemberAction) -> impl IntoView {
    let t = strings();
    let close = close_href();
    let subject = subject();
    let title = (t.members.work)(work);
    if subject.is_empty() {
        return view! { <Dialog title=title close=close><NothingSelected /></Dialog> }.into_any();
    }
    let summary = summary_of(subject.clone());
    view! {
        <Dialog title=title close=close>
            <Loaded resource=summary view=move |summary| view! { <ChangeForm work=work subject=subject.clone() summary=summary /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn ChangeForm(work: MemberAction, subject: Subject, summary: RemovalSummary) -> impl IntoView {
    let t = strings();
    let w = &t.members;
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    let count = summary.members;
    let done = forget(&subject);
    let about = Some(("work", work.as_str().to_owned()));
    view! {
        <p class="question">{(w.work_question)(work, count, format::number(count))}</p>
        <Names summary=summary />
        <p class="muted">{(w.work_help)(work, count == 1)}</p>
        <PostForm action=ChangeMembers::PATH next=after_batch_href() on_done=done about=about>
            <GroupFields app=app group_id=id />
            <SubjectFields subject=subject />
            {(work == MemberAction::Mute).then(|| view! { <MuteFields /> })}
            {(work == MemberAction::Block).then(|| view! { <ConfirmCount items=count /> })}
            <DialogButtons confirm=(w.work)(work) danger=work == MemberAction::Block />
        </PostForm>
    }
}

/// How long a mute lasts.
#[component]
pub fn MuteFields() -> impl IntoView {
    let w = &strings().mutes;
    let choices = MUTE_CHOICES.map(|(word, _)| (word, (w.duration_word)(word)));
    let choices = choices.into_iter().chain([("until", w.until_choice)]).collect();
    let hydrated = page_context().hydrated;
    view! {
        <SelectField name="duration" label=w.duration options=choices value="1h" required=true autofocus=true />
        {move || {
            // What was typed before scripts ran was meant in UTC, and stays so.
            if hydrated.get() && browser::typed(&input_id("until")).is_empty() {
                view! { <LocalUntil /> }.into_any()
            } else {
                view! { <TextField name="until" label=w.until_utc kind="datetime-local" help=w.until_utc_help /> }.into_any()
            }
        }}
    }
}

/// The end of a mute by the reader's own clock: its offset from UTC at that moment is sent along.
#[component]
fn LocalUntil() -> impl IntoView {
    let w = &strings().mutes;
    let state: FormState = expect_context();
    let offset = RwSignal::new(browser::offset_of(&state.value("until", "")));
    view! {
        <TextField
            name="until"
            label=w.until
            kind="datetime-local"
            help=w.until_help
            on_text=Callback::new(move |text: String| offset.set(browser::offset_of(&text)))
        />
        <input type="hidden" name="offset" prop:value=move || offset.get() />
    }
}

/// Hands the group over to one member.
#[component]
pub fn TransferDialog() -> impl IntoView {
    let w = &strings().members;
    let close = close_href();
    let group = this_group();
    let to = match subject() {
        Subject::Ids(ids) if ids.len() == 1 => ids.concat(),
        _ => String::new(),
    };
    if to.is_empty() {
        return view! { <Dialog title=w.transfer close=close><Notice><p>{w.transfer_one}</p></Notice></Dialog> }.into_any();
    }
    view! {
        <Dialog title=w.transfer close=close.clone()>
            <Loaded resource=group view=move |group| view! { <TransferForm group=group to=to.clone() next=close.clone() /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn TransferForm(group: Group, to: String, next: String) -> impl IntoView {
    let w = &strings().members;
    let app = use_app_path().get_untracked();
    let help = match &group.owner {
        Some(owner) => (w.transfer_help)(owner.username.clone(), to.clone()),
        None => (w.transfer_unowned)(to.clone()),
    };
    view! {
        <p class="question">{(w.transfer_question)(group.name, to.clone())}</p>
        <p>{help}</p>
        <PostForm action=TransferGroup::PATH next=next about=Some(("username", to.clone()))>
            <GroupFields app=app group_id=group.group_id />
            <DialogButtons confirm=w.transfer danger=true />
        </PostForm>
    }
}
