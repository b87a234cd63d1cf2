//! The three lists of accounts of a group: blocked, muted, allowed to speak while all are muted.

use domain::{
    account::Person,
    group::Group,
    limits::MUTED_FOREVER,
    member::{MemberAction, MemberList, MemberListRow},
    page::Page,
};
use leptos::{prelude::*, server_fn::ServerFn};
use words::format;

use super::member_dialogs::MuteFields;
use crate::{
    components::{
        ActionLink, ApiButton, Chips, Dialog, DialogButtons, FilterForm, GroupFields, Hidden, Notice, Pager, PersonCell,
        PostForm, ResultCount, SelectAllCell, SelectCell, Selection, SelectionCount, SizeLinks, Time,
        dialog::close_href,
        filters::SearchBox,
        selection::{BatchButton, FORM},
        usernames::UsernamesField,
    },
    functions::member::ChangeMembers,
    page_context::{page_context, strings},
    route::{use_app_path, use_group_id, use_query, use_tab_path},
    url::{GroupTab, Query},
};

/// What puts an account on a list.
fn put_on(list: MemberList) -> MemberAction {
    match list {
        MemberList::Block => MemberAction::Block,
        MemberList::Mute => MemberAction::Mute,
        MemberList::Allow => MemberAction::Allow,
    }
}

/// What takes it off again.
fn take_off(list: MemberList) -> MemberAction {
    match list {
        MemberList::Block => MemberAction::Unblock,
        MemberList::Mute => MemberAction::Unmute,
        MemberList::Allow => MemberAction::Disallow,
    }
}

#[component]
pub fn MemberListTab(
    list: MemberList,
    /// `None`: the group keeps no member list.
    page: Option<Page<MemberListRow>>,
    group: Group,
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let t = strings();
    let w = &t.mutes;
    let app = use_app_path().get_untracked();
    let counts = [
        (MemberList::Block, GroupTab::Blocked, group.listed.blocked),
        (MemberList::Mute, GroupTab::Muted, group.listed.muted),
        (MemberList::Allow, GroupTab::Allowed, group.listed.allowed),
    ];
    let choices = counts.map(|(one, tab, count)| {
        let href = app.group_tab(&group.group_id, tab);
        view! {
            <li>
                <a href=href aria-current=(one == list).then_some("page") data-noscroll="">
                    {(w.list)(one)} <span class="tab-count">{format::number(count)}</span>
                </a>
            </li>
        }
    });
    let body = match page {
        Some(page) => view! { <ListedBody list=list page=page forbidden=forbidden /> }.into_any(),
        None => view! { <Notice tone="info"><p>{t.members.av_no_members}</p></Notice> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="listed-title">
            <div class="panel-head">
                <h2 id="listed-title">{(w.list)(list)}</h2>
                <nav class="segments" aria-label=t.group_tabs.lists><ul>{choices.into_iter().collect_view()}</ul></nav>
            </div>
            <p class="panel-lead muted">{(w.list_help)(list)}</p>
            {body}
        </section>
    }
}

#[component]
fn ListedBody(list: MemberList, page: Page<MemberListRow>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let w = &t.members;
    let query = use_query();
    let here = use_tab_path().get_untracked();
    let path = StoredValue::new(here.clone());
    let path = Signal::derive(move || path.get_value());
    let keep = Signal::derive(move || query.read().list().without(&["q", "cursor"]));
    view! {
        <FilterForm path=path keep=keep label=t.members.search_members>
            <SearchBox label=t.members.search_members value=Signal::derive(move || query.read().get("q").to_owned()) />
        </FilterForm>
        <div class="list-bar">
            <form id=FORM method="get" action=move || path.get()>
                {move || view! { <Hidden query=query.read().list() /> }}
            </form>
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "add").href(&path.read()))
                label=(w.work)(put_on(list))
                icon="plus"
                disabled=forbidden
            />
            <div class="batch">
            <SelectionCount />
            <BatchButton
                dialog=take_off(list).as_str()
                label=(w.work)(take_off(list))
                icon="undo"
                path=path
                query=query
                forbidden=forbidden
            />
            </div>
            <div class="list-tools"><SizeLinks path=path query=query /><ApiButton path=path query=query /></div>
        </div>
        <ListedTable list=list page=page path=here forbidden=forbidden />
    }
}

#[component]
fn ListedTable(list: MemberList, page: Page<MemberListRow>, path: String, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let w = &t.mutes;
    let query: Query = untrack(|| use_query().get());
    let selection: Selection = expect_context();
    selection.shows(page.items.iter().map(|row| row.username.clone()).collect(), page.total);
    let term = query.get("q").trim().to_owned();
    let filtered = !term.is_empty();
    let filters = if filtered { vec![("q", (t.lists.matching)(term))] } else { vec![] };
    let summary = view! {
        <p class="list-summary">
            <ResultCount count=page.total />
            <Chips path=path.clone() query=query.clone() set=filters />
        </p>
    };
    if page.items.is_empty() {
        return view! {
            {summary}
            <div class="empty"><p class="empty-title">{if filtered { t.lists.nothing_matches } else { (w.nobody_listed)(list) }}</p></div>
        }
        .into_any();
    }
    let (muted, app) = (list == MemberList::Mute, use_app_path().get_untracked());
    let rows = page.items.into_iter().map(|row| {
        let work = take_off(list);
        let href = query.list().with("dialog", work.as_str()).and("ids", &row.username).href(&path);
        let account = app.account(&row.username);
        let person = Person { username: row.username.clone(), nickname: row.nickname, image: row.image };
        let end = row.expires_at.map(|end| match end {
            MUTED_FOREVER.. => view! { <span>{w.for_ever}</span> }.into_any(),
            end => view! { <Time at=end /> }.into_any(),
        });
        view! {
            <tr role="row">
                <SelectCell id=row.username.clone() label=(t.lists.select_row)(row.username.clone()) />
                <td role="rowheader" data-label=t.accounts.username class="cell-title"><PersonCell person=person href=account /></td>
                <td role="cell" data-label=w.listed_at class="nowrap"><Time at=row.listed_at /></td>
                {muted.then(|| view! { <td role="cell" data-label=w.muted_until class="nowrap">{end}</td> })}
                <td role="cell" class="cell-actions">
                    <ActionLink
                        href=href
                        label=(t.members.work)(work)
                        kind="quiet"
                        disabled=forbidden
                        aria_label=(t.common.action_of)((t.members.work)(work), row.username.clone())
                    />
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        {summary}
        <div class="table-frame" role="region" aria-label=(t.lists.table_of)((w.list)(list)) tabindex="0">
            <table role="table" class=move || page_context().plain_table_class("listed")>
                <thead role="rowgroup">
                    <tr role="row">
                        <SelectAllCell />
                        <th role="columnheader" scope="col">{t.accounts.username}</th>
                        <th role="columnheader" scope="col" class="col-created">{w.listed_at}</th>
                        {muted.then(|| view! { <th role="columnheader" scope="col" class="col-created">{w.muted_until}</th> })}
                        <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=query label=t.lists.pages />
    }
    .into_any()
}

/// Puts accounts on the list that the tab shows.
#[component]
pub fn AddToListDialog(list: MemberList) -> impl IntoView {
    let t = strings();
    let w = &t.members;
    let close = close_href();
    let work = put_on(list);
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    view! {
        <Dialog title=(w.work)(work) close=close.clone()>
            <p class="muted">{(w.work_help)(work, false)}</p>
            <PostForm action=ChangeMembers::PATH next=close about=Some(("work", work.as_str().to_owned()))>
                <GroupFields app=app group_id=id.clone() />
                <UsernamesField name="usernames" label=t.accounts.usernames help=w.members_help of_group=id />
                {(work == MemberAction::Mute).then(|| view! { <MuteFields /> })}
                <DialogButtons confirm=(w.work)(work) danger=work == MemberAction::Block />
            </PostForm>
        </Dialog>
    }
}
