//! Account Management: the list of an app's accounts.

use domain::{
    account::{AccountRow, AccountType},
    export::ExportList,
    feed::Kind,
    import::ImportList,
    layout::ListName,
    page::{Page, SortKey},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::{
    account_dialogs::{CreateAccountDialog, DeleteAccountsDialog, EditAccountDialog, account_type_word},
    api_calls::{ApiDialog, Listing},
    export_dialogs::{ExportDialog, ExportedDialog},
    list_dialogs::list_dialog,
};
use crate::{
    components::{
        ActionLink, AppFields, Badge, CopyButton, FilterForm, Hidden, ListTools, Loaded, PageHeader, Pager, PostForm,
        SelectAllCell, SelectCell, Selection, SelectionCount, SortHeader, Time,
        basics::Avatar,
        filters::{FilterSelect, SearchBox, Summary},
        list::use_list_params,
        live::LiveNotice,
        selection::{BatchButton, FORM, SelectMatching},
        views::ListViews,
    },
    functions::account::{ExportAccounts, list_accounts},
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::{AppPath, Query},
};

/// One form for the export buttons of all rows.
const EXPORT_FORM: &str = "export-one";

#[component]
pub fn AccountsPage() -> impl IntoView {
    let t = strings();
    let state = page_context();
    let (app, query, params) = (use_app_path(), use_query(), use_list_params(ListName::Accounts));
    let path = Signal::derive(move || app.read().accounts());
    provide_context(Selection::of(path, true.into()));
    let page = Resource::new(
        move || (app.get(), params.get(), state.changes.get()),
        |(app, params, _)| list_accounts(app.org, app.app, params),
    );
    let forbidden = state.read_only_reason();
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    view! {
        <Title text=t.accounts.title />
        <PageHeader title=t.accounts.title lead=t.accounts.lead>
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "create").href(&path.get()))
                label=t.accounts.create_account
                kind="primary"
                icon="plus"
                disabled=forbidden
            />
        </PageHeader>
        <div class="filter-row">
            <AccountFilters path=path />
            <ListViews path=path />
        </div>
        <LiveNotice kinds=&[Kind::Account] />
        <section class="list" aria-label=t.accounts.title>
            <div class="list-bar">
                <form id=FORM method="get" action=move || path.get()>
                    {move || view! { <Hidden query=query.read().list() /> }}
                </form>
                <div class="batch">
                    <SelectionCount />
                    <BatchButton dialog="export" label=t.accounts.batch_export icon="download" path=path query=query or_all=true />
                    <BatchButton dialog="delete" label=t.accounts.batch_delete icon="delete" path=path query=query kind="danger-quiet" forbidden=forbidden />
                </div>
                <ActionLink
                    href=Signal::derive(move || app.read().import_into(ImportList::Accounts))
                    label=t.imports.import
                    icon="upload"
                    disabled=forbidden
                />
                <Summary page=page path=path set=set_filters />
                <ListTools list=ListName::Accounts path=path query=query />
            </div>
            <Loaded resource=page view=move |page| view! { <AccountTable page=page forbidden=forbidden /> } />
        </section>
        {move || match dialog.read().as_str() {
            "create" => view! { <CreateAccountDialog /> }.into_any(),
            "edit" => view! { <EditAccountDialog /> }.into_any(),
            "delete" => view! { <DeleteAccountsDialog /> }.into_any(),
            "export" => view! { <ExportDialog list=ExportList::Accounts /> }.into_any(),
            "exported" => view! { <ExportedDialog /> }.into_any(),
            "api" => view! { <ApiDialog listing=Listing::Accounts /> }.into_any(),
            word => list_dialog(ListName::Accounts, word),
        }}
    }
}

#[component]
fn AccountFilters(path: Signal<String>) -> impl IntoView {
    let t = strings();
    let query = use_query();
    let word = move |key: &'static str| Signal::derive(move || query.read().get(key).to_owned());
    let options = AccountType::ALL.iter().map(|&kind| (kind.as_str().to_owned(), account_type_word(kind).to_owned())).collect();
    let keep = Signal::derive(move || query.read().list().without(&["q", "type", "cursor", "all"]));
    view! {
        <FilterForm path=path keep=keep label=t.accounts.filter_accounts>
            <SearchBox label=t.accounts.search_accounts value=word("q") />
            <FilterSelect name="type" label=t.accounts.account_type any=t.groups.all_types options=options value=word("type") />
        </FilterForm>
    }
}

fn set_filters(query: &Query) -> Vec<(&'static str, String)> {
    let mut set = vec![];
    if !query.get("q").trim().is_empty() {
        set.push(("q", (strings().lists.matching)(query.get("q").trim().to_owned())));
    }
    if let Ok(kind) = AccountType::parse(query.get("type")) {
        set.push(("type", account_type_word(kind).to_owned()));
    }
    set
}

#[component]
fn AccountTable(page: Page<AccountRow>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let path = Signal::derive({
        let app = app.clone();
        move || app.accounts()
    });
    let selection: Selection = expect_context();
    selection.shows(page.items.iter().map(|row| row.username.clone()).collect(), page.total);
    let here = untrack(|| query.get());
    let filtered = !set_filters(&here).is_empty();
    let empty = page.items.is_empty();
    let may_create = forbidden.is_none();
    let after_export = here.list().with("dialog", "exported").href(&path.get_untracked());
    let rows = page
        .items
        .into_iter()
        .map(|row| view! { <Row row=row app=app.clone() query=query forbidden=forbidden /> })
        .collect_view();
    view! {
        {if empty {
            let start = path.get_untracked();
            view! {
                <div class="empty">
                    <p class="empty-title">{if filtered { t.lists.nothing_matches } else { t.accounts.no_accounts }}</p>
                    <p>
                        {if filtered {
                            view! { <a class="button button-secondary" href=start>{t.lists.clear_all}</a> }.into_any()
                        } else if may_create {
                            view! { <a class="button button-primary" href=format!("{start}?dialog=create") data-noscroll="">{t.accounts.create_account}</a> }.into_any()
                        } else {
                            ().into_any()
                        }}
                    </p>
                </div>
            }.into_any()
        } else {
            view! {
                <SelectMatching />
                <PostForm id=EXPORT_FORM action=ExportAccounts::PATH next=after_export>
                    <AppFields app=app />
                </PostForm>
                <div class="table-frame" role="region" aria-label=t.accounts.title tabindex="0">
                    <table role="table" class=move || page_context().table_class(ListName::Accounts)>
                        <thead role="rowgroup">
                            <tr role="row">
                                <SelectAllCell />
                                <SortHeader key=SortKey::Name label=t.accounts.username path=path query=query />
                                <th role="columnheader" scope="col" class="col-nickname">{t.accounts.nickname}</th>
                                <th role="columnheader" scope="col" class="col-type">{t.groups.type_column}</th>
                                <th role="columnheader" scope="col" class="col-photo">{t.accounts.profile_photo}</th>
                                <SortHeader key=SortKey::Created label=t.common.created path=path query=query class="col-created" />
                                <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">{rows}</tbody>
                    </table>
                </div>
            }.into_any()
        }}
        <Pager previous=page.previous next=page.next path=path.get_untracked() query=here label=t.lists.pages />
    }
}

#[component]
fn Row(row: AccountRow, app: AppPath, query: Memo<Query>, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let path = app.accounts();
    let username = row.username.clone();
    let edit = {
        let (path, username) = (path.clone(), username.clone());
        Signal::derive(move || query.read().list().with("dialog", "edit").and("ids", &username).href(&path))
    };
    let admin = row.account_type == AccountType::Admin;
    let nickname = if row.nickname.trim().is_empty() { "—".to_owned() } else { row.nickname.clone() };
    view! {
        <tr role="row">
            <SelectCell id=username.clone() label=(t.lists.select_row)(username.clone()) />
            <td role="rowheader" data-label=t.accounts.username class="cell-title">
                <span class="id-cell">
                    <a class="mono row-title" href=app.account(&username) title=username.clone()>{username.clone()}</a>
                    <CopyButton text=username.clone() label=(t.common.copy_of)(username.clone()) />
                </span>
            </td>
            <td role="cell" data-label=t.accounts.nickname class="cell-nickname col-nickname"><bdi title=nickname.clone()>{nickname.clone()}</bdi></td>
            <td role="cell" data-label=t.groups.type_column class="col-type">
                <Badge text=account_type_word(row.account_type) tone=if admin { "accent" } else { "neutral" } />
            </td>
            <td role="cell" data-label=t.accounts.profile_photo class="col-photo">
                <Avatar image=row.image nickname=row.nickname username=username.clone() />
            </td>
            <td role="cell" data-label=t.common.created class="nowrap col-created"><Time at=row.created_at /></td>
            <td role="cell" class="cell-actions">
                <span class="row-actions">
                    <ActionLink
                        href=edit
                        label=t.common.edit
                        kind="quiet"
                        disabled=forbidden
                        aria_label=(t.common.action_of)(t.common.edit, username.clone())
                    />
                    <button
                        type="submit"
                        form=EXPORT_FORM
                        name="ids[]"
                        value=username.clone()
                        class="button button-quiet"
                        aria-label=(t.common.action_of)(t.exports.export, username)
                    >
                        {t.exports.export}
                    </button>
                </span>
            </td>
        </tr>
    }
}
