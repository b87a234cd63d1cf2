//! Group member management: the member list of the details page and its dialogs.

use domain::{
    account::Person,
    import::ImportList,
    layout::ListName,
    member::{MemberRole, MemberRow, RemovalSummary},
    page::{Count, Page},
};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    group::use_group_id,
    group_dialogs::{AppFields, ConfirmCount, JobNote, NothingSelected, SubjectFields, after_batch_href, close_href, forget},
    groups::Chips,
};
use crate::{
    boot::{page_state, strings},
    components::{
        ActionLink, Badge, Dialog, DialogButtons, FilterForm, Hidden, ListTools, Loaded, Notice, Pager, PersonCell, PostForm,
        ResultCount, SelectAllCell, SelectCell, Selection, SelectionCount, Time,
        list::SearchBox,
        selection::{BatchButton, FORM, SelectMatching, Subject},
        use_app_path, use_query,
        usernames::UsernamesField,
    },
    format,
    functions::member::{AddMembers, DeleteMembers, summarize_members},
    url::{AppPath, Query, encode},
};

#[component]
pub fn Members(
    /// `None`: the group keeps no member list.
    page: Option<Page<MemberRow>>,
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let t = strings();
    view! {
        <section class="panel" aria-labelledby="members-title">
            <div class="panel-head">
                <h2 id="members-title">{t.member_management}</h2>
            </div>
            {match page {
                Some(page) => view! { <MemberList page=page forbidden=forbidden /> }.into_any(),
                None => view! { <Notice tone="info"><p>{t.av_no_members}</p></Notice> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn MemberList(page: Page<MemberRow>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let (app, id, query) = (use_app_path(), use_group_id(), use_query());
    let path = Signal::derive(move || app.read().group(&id.read()));
    let import = Signal::derive(move || format!("{}?group={}", app.read().import_into(ImportList::Members), encode(&id.read())));
    let keep = Signal::derive(move || query.read().list().without(&["q", "cursor", "all"]));
    view! {
        <FilterForm path=path keep=keep label=t.search_members>
            <SearchBox label=t.search_members value=Signal::derive(move || query.read().get("q").to_owned()) />
        </FilterForm>
        <div class="list-bar">
            <form id=FORM method="get" action=move || path.get()>
                {move || view! { <Hidden query=query.read().list() /> }}
            </form>
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "add-members").href(&path.get()))
                label=t.add_member
                icon="plus"
                disabled=forbidden
            />
            <BatchButton dialog="export-members" label=t.export icon="download" path=path query=query or_all=true />
            <ActionLink href=import label=t.imports.import icon="upload" disabled=forbidden />
            <BatchButton
                dialog="delete-members"
                label=t.delete_members
                icon="delete"
                path=path
                query=query
                kind="danger-quiet"
                forbidden=forbidden
            />
            <SelectionCount />
            <ListTools list=ListName::Members path=path query=query />
        </div>
        <MemberTable page=page path=path.get_untracked() forbidden=forbidden />
    }
}

pub fn member_role_word(role: MemberRole) -> &'static str {
    let t = strings();
    match role {
        MemberRole::Owner => t.member_owner,
        MemberRole::Admin => t.member_admin,
        MemberRole::Member => t.member_member,
    }
}

#[component]
fn MemberTable(page: Page<MemberRow>, path: String, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let query: Query = untrack(|| use_query().get());
    let selection: Selection = expect_context();
    // The owner cannot be deleted, so the owner's row cannot be ticked either.
    let tickable: Vec<String> =
        page.items.iter().filter(|row| row.role != MemberRole::Owner).map(|row| row.username.clone()).collect();
    let owner_here = (page.items.len() - tickable.len()) as u64;
    selection.shows(tickable, Count { number: page.total.number.saturating_sub(owner_here), ..page.total });
    let mut filters = vec![];
    if !query.get("q").trim().is_empty() {
        filters.push(("q", (t.matching)(query.get("q").trim().to_owned())));
    }
    let filtered = !filters.is_empty();
    let summary = view! {
        <p class="list-summary">
            <ResultCount count=page.total />
            <Chips path=path.clone() query=query.clone() set=filters />
        </p>
    };
    if page.items.is_empty() {
        return view! {
            {summary}
            <div class="empty">
                <p class="empty-title">{if filtered { t.nothing_matches } else { t.no_members }}</p>
            </div>
        }
        .into_any();
    }
    let row_path = path.clone();
    let rows = page
        .items
        .into_iter()
        .map(|row| view! { <MemberTableRow row=row path=row_path.clone() query=query.clone() forbidden=forbidden /> })
        .collect_view();
    view! {
        {summary}
        <SelectMatching />
        <div class="table-frame" role="region" aria-label=t.members tabindex="0">
            <table role="table" class=move || page_state().table_class(ListName::Members)>
                <thead role="rowgroup">
                    <tr role="row">
                        <SelectAllCell />
                        <th role="columnheader" scope="col">{t.username}</th>
                        <th role="columnheader" scope="col" class="col-nickname">{t.nickname}</th>
                        <th role="columnheader" scope="col" class="col-joined">{t.join_time}</th>
                        <th role="columnheader" scope="col" class="col-spoke">{t.last_speak_time}</th>
                        <th role="columnheader" scope="col" class="col-role">{t.member_role}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=query label=t.member_pages />
    }
    .into_any()
}

#[component]
fn MemberTableRow(row: MemberRow, path: String, query: Query, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let owner = row.role == MemberRole::Owner;
    let account = use_app_path().get_untracked().account(&row.username);
    let delete = query.list().with("dialog", "delete-members").and("ids", &row.username).href(&path);
    let reason = if owner { Some(t.owner_cannot_be_deleted) } else { forbidden };
    let person = Person { username: row.username.clone(), nickname: String::new(), image: row.image.clone() };
    let nickname = if row.nickname.trim().is_empty() { "—".to_owned() } else { row.nickname.clone() };
    let select = if owner {
        view! { <td role="cell" class="cell-select"></td> }.into_any()
    } else {
        view! { <SelectCell id=row.username.clone() label=(t.select_row)(row.username.clone()) /> }.into_any()
    };
    view! {
        <tr role="row">
            {select}
            <td role="rowheader" data-label=t.username class="cell-title"><PersonCell person=person href=account /></td>
            <td role="cell" data-label=t.nickname class="col-nickname"><bdi>{nickname}</bdi></td>
            <td role="cell" data-label=t.join_time class="nowrap col-joined"><Time at=row.joined_at /></td>
            <td role="cell" data-label=t.last_speak_time class="nowrap col-spoke">
                {match row.last_spoke_at {
                    Some(at) => view! { <Time at=at /> }.into_any(),
                    None => view! { <span class="muted">{t.never}</span> }.into_any(),
                }}
            </td>
            <td role="cell" data-label=t.member_role class="col-role">
                <Badge text=member_role_word(row.role) tone=if owner { "accent" } else { "neutral" } />
            </td>
            <td role="cell" class="cell-actions">
                <ActionLink
                    href=delete
                    label=t.delete
                    kind="danger-quiet"
                    disabled=reason
                    aria_label=(t.action_of)(t.delete, row.username.clone())
                />
            </td>
        </tr>
    }
}

#[component]
fn GroupFields(app: AppPath, group_id: String) -> impl IntoView {
    view! {
        <AppFields app=app />
        <input type="hidden" name="group_id" value=group_id />
    }
}

#[component]
pub fn AddMembersDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    view! {
        <Dialog title=t.add_member close=close.clone()>
            <PostForm action=AddMembers::PATH next=close>
                <GroupFields app=app group_id=id />
                <UsernamesField name="usernames" label=t.usernames help=t.usernames_help />
                <DialogButtons confirm=t.confirm />
            </PostForm>
        </Dialog>
    }
}

#[component]
pub fn DeleteMembersDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let (query, app, id) = (use_query(), use_app_path(), use_group_id());
    let selection: Selection = expect_context();
    let subject = untrack(|| selection.subject(&query.read()));
    if subject.is_empty() {
        return view! { <Dialog title=t.delete_members close=close><NothingSelected /></Dialog> }.into_any();
    }
    let wanted = subject.clone();
    let summary = Resource::new(
        || (),
        move |()| {
            let (app, id, (ids, matching)) = (app.get_untracked(), id.get_untracked(), wanted.clone().parts());
            summarize_members(app.org, app.app, id, ids, matching)
        },
    );
    view! {
        <Dialog title=if subject.is_one() { t.delete_member } else { t.delete_members } close=close>
            <Loaded resource=summary view=move |summary| view! { <DeleteForm subject=subject.clone() summary=summary /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn DeleteForm(subject: Subject, summary: RemovalSummary) -> impl IntoView {
    let t = strings();
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    let RemovalSummary { members: count, first } = summary;
    let more = count - first.len() as u64;
    let done = forget(&subject);
    view! {
        <p class="question">{(t.delete_members_question)(count, format::number(count))}</p>
        <ul class="targets">
            {first.into_iter().map(|name| view! { <li class="mono">{name}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="muted">{(t.and_more)(more, format::number(more))}</li> })}
        </ul>
        <p class="muted">{t.delete_members_help}</p>
        <JobNote items=count />
        <PostForm action=DeleteMembers::PATH next=after_batch_href() on_done=done>
            <GroupFields app=app group_id=id />
            <SubjectFields subject=subject />
            <ConfirmCount items=count />
            <DialogButtons confirm=(t.jobs.delete_members_confirm)(count, format::number(count)) danger=true />
        </PostForm>
    }
}
