//! Group Management: the list of an app's groups.

use domain::{
    export::ExportList,
    feed::Kind,
    group::{GroupRow, GroupType},
    import::ImportList,
    layout::ListName,
    page::{Page, SortKey},
};
use leptos::prelude::*;
use leptos_meta::Title;
use words::format;

use super::{
    api_calls::{ApiDialog, Listing},
    export_dialogs::{ExportDialog, ExportedDialog},
    group_dialogs::{AddGroup, DeleteGroupsDialog, SendMessagesDialog},
    list_dialogs::list_dialog,
};
use crate::{
    components::{
        ActionLink, CopyButton, FilterForm, GroupTypeBadge, Hidden, Icon, ListTools, Loaded, PageHeader, Pager, PersonCell,
        SelectAllCell, SelectCell, Selection, SelectionCount, SortHeader, Time,
        basics::group_type_word,
        filters::{FilterSelect, SearchBox, Summary},
        list::use_list_params,
        live::LiveNotice,
        selection::{BatchButton, FORM, SelectMatching},
        views::ListViews,
    },
    functions::group::list_groups,
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::{AppPath, Query},
};

#[component]
pub fn GroupsPage() -> impl IntoView {
    let t = strings();
    let state = page_context();
    let app = use_app_path();
    let query = use_query();
    let params = use_list_params(ListName::Groups);
    let path = Signal::derive(move || app.read().groups());
    provide_context(Selection::of(path, true.into()));
    let page = Resource::new(
        move || (app.get(), params.get(), state.changes.get()),
        |(app, params, _)| list_groups(app.org, app.app, params),
    );
    let forbidden = state.read_only_reason();
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    view! {
        <Title text=t.groups.title />
        <PageHeader title=t.groups.title lead=t.groups.lead>
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "add").href(&path.get()))
                label=t.groups.add_group
                kind="primary"
                icon="plus"
                disabled=forbidden
            />
        </PageHeader>
        <div class="filter-row">
            <GroupFilters path=path />
            <ListViews path=path />
        </div>
        <LiveNotice kinds=&[Kind::Group, Kind::Member] />
        <section class="list" aria-label=t.groups.title>
            <div class="list-bar">
                <form id=FORM method="get" action=move || path.get()>
                    {move || view! { <Hidden query=query.read().list() /> }}
                </form>
                <div class="batch">
                    <SelectionCount />
                    <BatchButton dialog="send" label=t.groups.send_messages icon="send" path=path query=query forbidden=forbidden />
                    <BatchButton dialog="export" label=t.exports.export icon="download" path=path query=query or_all=true />
                    <BatchButton dialog="delete" label=t.groups.delete_groups icon="delete" path=path query=query kind="danger-quiet" forbidden=forbidden />
                </div>
                <ActionLink
                    href=Signal::derive(move || app.read().import_into(ImportList::Groups))
                    label=t.imports.import
                    icon="upload"
                    disabled=forbidden
                />
                <Summary page=page path=path set=set_filters />
                <ListTools list=ListName::Groups path=path query=query />
            </div>
            <Loaded resource=page view=move |page| view! { <GroupTable page=page forbidden=forbidden /> } />
        </section>
        {move || match dialog.read().as_str() {
            "add" => view! { <AddGroup /> }.into_any(),
            "send" => view! { <SendMessagesDialog /> }.into_any(),
            "delete" => view! { <DeleteGroupsDialog /> }.into_any(),
            "export" => view! { <ExportDialog list=ExportList::Groups /> }.into_any(),
            "exported" => view! { <ExportedDialog /> }.into_any(),
            "api" => view! { <ApiDialog listing=Listing::Groups /> }.into_any(),
            word => list_dialog(ListName::Groups, word),
        }}
    }
}

#[component]
fn GroupFilters(path: Signal<String>) -> impl IntoView {
    let t = strings();
    let query = use_query();
    let word = move |key: &'static str| Signal::derive(move || query.read().get(key).to_owned());
    let options = GroupType::ALL.iter().map(|&kind| (kind.as_str().to_owned(), group_type_word(t, kind).to_owned())).collect();
    let keep = Signal::derive(move || query.read().list().without(&["q", "type", "cursor", "all"]));
    view! {
        <FilterForm path=path keep=keep label=t.groups.filter_groups>
            <SearchBox label=t.groups.search_groups value=word("q") />
            <FilterSelect name="type" label=t.groups.group_type any=t.groups.all_types options=options value=word("type") />
        </FilterForm>
    }
}

fn set_filters(query: &Query) -> Vec<(&'static str, String)> {
    let t = strings();
    let mut set = vec![];
    if !query.get("q").trim().is_empty() {
        set.push(("q", (t.lists.matching)(query.get("q").trim().to_owned())));
    }
    if let Ok(kind) = GroupType::parse(query.get("type")) {
        set.push(("type", group_type_word(t, kind).to_owned()));
    }
    set
}

#[component]
fn GroupTable(page: Page<GroupRow>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path(), use_query());
    let path = Signal::derive(move || app.read().groups());
    let selection: Selection = expect_context();
    selection.shows(page.items.iter().map(|row| row.group_id.clone()).collect(), page.total);
    let here = untrack(|| query.get());
    let filtered = !set_filters(&here).is_empty();
    let empty = page.items.is_empty();
    let app_path = app.get_untracked();
    let rows = page
        .items
        .into_iter()
        .map(|row| view! { <Row row=row app=app_path.clone() query=query forbidden=forbidden /> })
        .collect_view();
    view! {
        {if empty {
            let start = path.get_untracked();
            view! { <EmptyGroups filtered=filtered path=start forbidden=forbidden.is_some() /> }.into_any()
        } else {
            view! {
                <SelectMatching />
                <div class="table-frame" role="region" aria-label=t.groups.title tabindex="0">
                    <table role="table" class=move || page_context().table_class(ListName::Groups)>
                        <thead role="rowgroup">
                            <tr role="row">
                                <SelectAllCell />
                                <th role="columnheader" scope="col" class="col-id">{t.groups.group_id}</th>
                                <SortHeader key=SortKey::Name label=t.groups.group_name path=path query=query />
                                <th role="columnheader" scope="col" class="col-owner">{t.groups.group_owner}</th>
                                <th role="columnheader" scope="col" class="col-type">{t.groups.type_column}</th>
                                <SortHeader key=SortKey::Created label=t.common.created path=path query=query class="col-created" />
                                <th role="columnheader" scope="col" class="number col-members">{t.members.members}</th>
                                <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">{rows}</tbody>
                    </table>
                </div>
            }
                .into_any()
        }}
        <Pager previous=page.previous next=page.next path=path.get_untracked() query=here label=t.lists.pages />
    }
}

/// No rows: nothing there yet, or nothing that the filter lets through.
#[component]
fn EmptyGroups(filtered: bool, path: String, forbidden: bool) -> impl IntoView {
    let t = strings();
    if filtered {
        return view! {
            <div class="empty">
                <p class="empty-title">{t.lists.nothing_matches}</p>
                <p><a class="button button-secondary" href=path>{t.lists.clear_all}</a></p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="empty">
            <p class="empty-title">{t.groups.no_groups}</p>
            <p>{t.groups.no_groups_help}</p>
            {(!forbidden).then(|| view! {
                <p><a class="button button-primary" href=format!("{path}?dialog=add") data-noscroll="">{t.groups.add_group}</a></p>
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: GroupRow, app: AppPath, query: Memo<Query>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let path = app.groups();
    let id = row.group_id.clone();
    let dialog = |word: &'static str| {
        let (path, id) = (path.clone(), id.clone());
        Signal::derive(move || query.read().list().with("dialog", word).and("ids", &id).href(&path))
    };
    let members = match row.member_count {
        Some(count) => view! { <span>{format::number(count.into())}</span> }.into_any(),
        None => view! { <span class="muted" title=t.groups.no_member_list>"—"</span> }.into_any(),
    };
    let owner = match row.owner {
        Some(person) => {
            let href = app.account(&person.username);
            view! { <PersonCell person=person href=href /> }.into_any()
        }
        None => view! { <span class="muted">{t.groups.no_owner}</span> }.into_any(),
    };
    let name = row.name.clone();
    view! {
        <tr role="row">
            <SelectCell id=id.clone() label=(t.lists.select_row)(row.name.clone()) />
            <td role="cell" data-label=t.groups.group_id class="col-id">
                <span class="id-cell">
                    <span class="mono" title=id.clone()>{id.clone()}</span>
                    <CopyButton text=id.clone() label=(t.common.copy_of)(id.clone()) />
                </span>
            </td>
            <td role="rowheader" data-label=t.groups.group_name class="cell-title">
                <a href=app.group(&id) class="row-title" title=row.name.clone()>
                    <bdi>{row.name.clone()}</bdi>
                </a>
            </td>
            <td role="cell" data-label=t.groups.group_owner class="col-owner">{owner}</td>
            <td role="cell" data-label=t.groups.type_column class="col-type"><GroupTypeBadge group_type=row.group_type /></td>
            <td role="cell" data-label=t.common.created class="nowrap col-created"><Time at=row.created_at /></td>
            <td role="cell" data-label=t.members.members class="number col-members">{members}</td>
            <td role="cell" class="cell-actions">
                <span class="row-actions">
                    <a href=app.group(&id) class="button button-quiet" title=t.common.view_details>
                        <Icon name="eye" />
                        <span>{t.common.view_details}</span>
                    </a>
                    <ActionLink
                        href=dialog("send")
                        label=t.groups.send_messages
                        kind="quiet"
                        icon="send"
                        disabled=forbidden
                        aria_label=(t.common.action_of)(t.groups.send_messages, name.clone())
                    />
                    <ActionLink
                        href=dialog("delete")
                        label=t.groups.disband
                        kind="danger-quiet"
                        icon="delete"
                        disabled=forbidden
                        aria_label=(t.common.action_of)(t.groups.disband, name.clone())
                    />
                </span>
            </td>
        </tr>
    }
}
