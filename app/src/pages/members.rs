//! Group member management: the member list of a group.

use domain::{
    account::Person,
    group::Group,
    import::ImportList,
    layout::ListName,
    limits::MUTED_FOREVER,
    member::{MemberRole, MemberRow},
    page::{Count, Page},
};
use leptos::prelude::*;
use words::choices;

use super::group_overview::members_words;
use crate::{
    components::{
        ActionLink, Badge, Chips, FilterForm, Hidden, ListTools, Notice, Pager, PersonCell, ResultCount, SelectAllCell,
        SelectCell, Selection, SelectionCount, Time,
        filters::{FilterSelect, SearchBox},
        selection::{BatchButton, FORM, SelectMatching},
    },
    page_context::{page_context, strings},
    route::{use_app_path, use_group_id, use_query},
    url::{GroupTab, Query, encode},
};

#[component]
pub fn Members(
    /// `None`: the group keeps no member list.
    page: Option<Page<MemberRow>>,
    group: Group,
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let t = strings();
    view! {
        <section class="panel" aria-labelledby="members-title">
            <div class="panel-head">
                <h2 id="members-title">{t.members.member_management}</h2>
                <dl class="head-fact"><div><dt>{t.members.members}</dt><dd>{members_words(&group)}</dd></div></dl>
            </div>
            {match page {
                Some(page) => view! { <MemberList page=page forbidden=forbidden /> }.into_any(),
                None => view! { <Notice tone="info"><p>{t.members.av_no_members}</p></Notice> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn MemberList(page: Page<MemberRow>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let (app, id, query) = (use_app_path(), use_group_id(), use_query());
    let path = Signal::derive(move || app.read().group_tab(&id.read(), GroupTab::Members));
    let roles = MemberRole::ALL.iter().map(|&role| (role.as_str().to_owned(), member_role_word(role).to_owned())).collect();
    let import = Signal::derive(move || format!("{}?group={}", app.read().import_into(ImportList::Members), encode(&id.read())));
    let keep = Signal::derive(move || query.read().list().without(&["q", "type", "cursor", "all"]));
    view! {
        <FilterForm path=path keep=keep label=t.members.search_members>
            <SearchBox label=t.members.search_members value=Signal::derive(move || query.read().get("q").to_owned()) />
            <FilterSelect
                name="type"
                label=t.members.role
                any=t.members.all_roles
                options=roles
                value=Signal::derive(move || query.read().get("type").to_owned())
            />
        </FilterForm>
        <div class="list-bar">
            <form id=FORM method="get" action=move || path.get()>
                {move || view! { <Hidden query=query.read().list() /> }}
            </form>
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "add-members").href(&path.get()))
                label=t.members.add_member
                icon="plus"
                disabled=forbidden
            />
            <ActionLink href=import label=t.imports.import icon="upload" disabled=forbidden />
            <div class="batch">
                <SelectionCount />
                <BatchButton dialog="export-members" label=t.exports.export icon="download" path=path query=query or_all=true />
                <BatchButton dialog="actions" label=t.members.actions icon="edit" path=path query=query forbidden=forbidden />
                <BatchButton
                    dialog="delete-members"
                    label=t.members.delete_members
                    icon="delete"
                    path=path
                    query=query
                    kind="danger-quiet"
                    forbidden=forbidden
                />
            </div>
            <ListTools list=ListName::Members path=path query=query />
        </div>
        <MemberTable page=page path=path.get_untracked() forbidden=forbidden />
    }
}

pub fn member_role_word(role: MemberRole) -> &'static str {
    choices::member_role(strings(), role)
}

/// «Muted until …», or forever.
#[component]
pub fn MutedBadge(end: i64) -> impl IntoView {
    let w = &strings().mutes;
    if end >= MUTED_FOREVER {
        view! { <Badge text=w.muted_for_ever tone="warning" /> }.into_any()
    } else {
        view! { <span class="badge badge-warning">{w.muted_until} " " <Time at=end /></span> }.into_any()
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
        filters.push(("q", (t.lists.matching)(query.get("q").trim().to_owned())));
    }
    if let Ok(role) = MemberRole::parse(query.get("type")) {
        filters.push(("type", member_role_word(role).to_owned()));
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
                <p class="empty-title">{if filtered { t.lists.nothing_matches } else { t.members.no_members }}</p>
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
        <div class="table-frame" role="region" aria-label=t.members.members tabindex="0">
            <table role="table" class=move || page_context().table_class(ListName::Members)>
                <thead role="rowgroup">
                    <tr role="row">
                        <SelectAllCell />
                        <th role="columnheader" scope="col">{t.accounts.username}</th>
                        <th role="columnheader" scope="col" class="col-nickname">{t.accounts.nickname}</th>
                        <th role="columnheader" scope="col" class="col-joined">{t.members.join_time}</th>
                        <th role="columnheader" scope="col" class="col-spoke">{t.members.last_speak_time}</th>
                        <th role="columnheader" scope="col" class="col-role">{t.members.role}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=query label=t.members.pages />
    }
    .into_any()
}

#[component]
fn MemberTableRow(row: MemberRow, path: String, query: Query, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let owner = row.role == MemberRole::Owner;
    let account = use_app_path().get_untracked().account(&row.username);
    let actions = query.list().with("dialog", "actions").and("ids", &row.username).href(&path);
    let delete = query.list().with("dialog", "delete-members").and("ids", &row.username).href(&path);
    let reason = if owner { Some(t.members.owner_cannot_be_deleted) } else { forbidden };
    let person = Person { username: row.username.clone(), nickname: String::new(), image: row.image.clone() };
    let nickname = if row.nickname.trim().is_empty() { "—".to_owned() } else { row.nickname.clone() };
    let select = if owner {
        view! { <td role="cell" class="cell-select"></td> }.into_any()
    } else {
        view! { <SelectCell id=row.username.clone() label=(t.lists.select_row)(row.username.clone()) /> }.into_any()
    };
    view! {
        <tr role="row">
            {select}
            <td role="rowheader" data-label=t.accounts.username class="cell-title"><PersonCell person=person href=account /></td>
            <td role="cell" data-label=t.accounts.nickname class="col-nickname"><bdi title=nickname.clone()>{nickname.clone()}</bdi></td>
            <td role="cell" data-label=t.members.join_time class="nowrap col-joined"><Time at=row.joined_at /></td>
            <td role="cell" data-label=t.members.last_speak_time class="nowrap col-spoke">
                {match row.last_spoke_at {
                    Some(at) => view! { <Time at=at /> }.into_any(),
                    None => view! { <span class="muted">{t.common.never}</span> }.into_any(),
                }}
            </td>
            <td role="cell" data-label=t.members.role class="col-role">
                <span class="badges">
                    <Badge
                        text=member_role_word(row.role)
                        tone=match row.role {
                            MemberRole::Owner => "accent",
                            MemberRole::Admin => "success",
                            MemberRole::Member => "neutral",
                        }
                    />
                    {row.muted_until.map(|end| view! { <MutedBadge end=end /> })}
                </span>
            </td>
            <td role="cell" class="cell-actions"><span class="row-actions">
                <ActionLink
                    href=actions
                    label=t.members.actions
                    kind="quiet"
                    icon="edit"
                    disabled=if owner { Some(t.members.owner_stays) } else { forbidden }
                    aria_label=(t.common.action_of)(t.members.actions, row.username.clone())
                />
                <ActionLink
                    href=delete
                    label=t.common.delete
                    kind="danger-quiet"
                    icon="delete"
                    disabled=reason
                    aria_label=(t.common.action_of)(t.common.delete, row.username.clone())
                />
            </span></td>
        </tr>
    }
}
