//! Audit Log: every change and every sign-in, newest first. Inside an app: the app's events and the server's; at `/audit`: the
//! server's alone (sign-ins, operators, apps).

use domain::{
    event::{Action, EventPage, EventParams, EventSubject},
    export::ExportList,
    layout::ListName,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use words::field_name;

use super::{
    event_dialog::EventDialog,
    event_words::{EventTarget, OutcomeBadge, actor_words, target_words},
    export_dialogs::{ExportDialog, ExportedDialog},
    list_dialogs::list_dialog,
};
use crate::{
    components::{
        ActionLink, Chips, FilterForm, ListTools, Loaded, PageHeader, Pager, ResultCount, Time, filters::FilterSelect,
        list::list_size, live::LiveNotice, views::ListViews,
    },
    error::AppError,
    functions::event::{list_events, list_server_events},
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::{AppPath, Query},
};

/// The audit log of one app.
#[component]
pub fn AuditPage() -> impl IntoView {
    view! { <AuditLog of_app=true /> }
}

/// The audit log of the server.
#[component]
pub fn ServerAuditPage() -> impl IntoView {
    view! { <AuditLog of_app=false /> }
}

async fn load(of_app: bool, app: AppPath, params: EventParams) -> Result<EventPage, AppError> {
    if of_app { list_events(app.org, app.app, params).await } else { list_server_events(params).await }
}

#[component]
fn AuditLog(of_app: bool) -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path(), use_query());
    let path = use_location().pathname;
    let params = Memo::new(move |_| event_params(&query.read()));
    let changes = page_context().changes;
    let page = Resource::new(move || (app.get(), params.get(), changes.get()), move |(app, params, _)| load(of_app, app, params));
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    let opened = Memo::new(move |_| query.read().get("event").parse::<i64>().ok());
    let title = if of_app { t.audit.title } else { t.audit.server_audit };
    let lead = match of_app {
        true if page_context().may_write() => t.audit.lead,
        true => t.audit.lead_of_app,
        false => t.audit.server_audit_lead,
    };
    // The list of operators is loaded with the list.
    let operators = move || {
        Suspend::new(async move {
            let names = page.await.map(|page| page.operators).unwrap_or_default();
            view! { <OperatorFilter names=names /> }
        })
    };
    view! {
        <Title text=title />
        <PageHeader title=title lead=lead>
            {(!of_app && page_context().is_owner())
                .then(|| view! { <ActionLink href=super::archives::PATH.to_owned() label=t.retention.archives /> })}
        </PageHeader>
        <div class="filter-row">
            <EventFilters path=path><Transition>{operators}</Transition></EventFilters>
            {of_app.then(|| view! { <ListViews path=path /> })}
        </div>
        {of_app.then(|| view! { <LiveNotice kinds=&[] /> })}
        <Loaded resource=page view=move |page| view! { <EventTable of_app=of_app title=title page=page path=path.get_untracked() /> } />
        {move || opened.get().map(|id| view! { <EventDialog of_app=of_app id=id /> })}
        {move || match dialog.read().as_str() {
            "export" if of_app => view! { <ExportDialog list=ExportList::Events /> }.into_any(),
            "exported" if of_app => view! { <ExportedDialog /> }.into_any(),
            word if of_app || word != "views" => list_dialog(ListName::Audit, word),
            _ => ().into_any(),
        }}
    }
}

/// The filter as the address says it.
pub fn event_params(query: &Query) -> EventParams {
    let word = |key| query.get(key).to_owned();
    EventParams {
        operator: word("operator"),
        action: word("action"),
        target: word("target"),
        from: word("from"),
        to: word("to"),
        size: list_size(page_context(), ListName::Audit, query),
        cursor: word("cursor"),
    }
}

/// One value of the query.
fn query_value(key: &'static str) -> Signal<String> {
    let query = use_query();
    Signal::derive(move || query.read().get(key).to_owned())
}

#[component]
pub fn OperatorFilter(names: Vec<String>) -> impl IntoView {
    let t = strings();
    let options = names.into_iter().map(|name| (name.clone(), name)).collect();
    view! { <FilterSelect name="operator" label=t.audit.operator any=t.audit.all_operators options=options value=query_value("operator") /> }
}

#[component]
pub fn EventFilters(
    #[prop(into)] path: Signal<String>,
    /// The events of one target, which needs no field then.
    #[prop(default = false)]
    of_target: bool,
    /// The filter by operator.
    children: Children,
) -> impl IntoView {
    let t = strings();
    let query = use_query();
    let told = move |action: &Action| {
        let kind = action.as_str().split('.').next().unwrap_or_default();
        !of_target || matches!(kind, "group" | "member" | "file" | "message")
    };
    let actions = Action::ALL
        .iter()
        .filter(|action| told(action))
        .map(|&action| (action.as_str().to_owned(), (t.audit.action)(action).to_owned()))
        .collect();
    let keep = Signal::derive(move || query.read().list().without(&["operator", "action", "target", "from", "to", "cursor"]));
    view! {
        <FilterForm path=path keep=keep label=t.audit.filter_events>
            {children()}
            <FilterSelect name="action" label=t.audit.action_column any=t.audit.all_actions options=actions value=query_value("action") />
            {(!of_target).then(|| view! {
                <input type="search" name="target" placeholder=t.audit.target_search aria-label=t.audit.target_search value=query.read_untracked().get("target").to_owned() prop:value=query_value("target") autocomplete="off" />
            })}
            <label class="inline-label">
                <span>{t.audit.from_day}</span>
                <input type="date" name="from" value=query.read_untracked().get("from").to_owned() prop:value=query_value("from") />
            </label>
            <label class="inline-label">
                <span>{t.audit.to_day}</span>
                <input type="date" name="to" value=query.read_untracked().get("to").to_owned() prop:value=query_value("to") />
            </label>
        </FilterForm>
    }
}

fn set_filters(query: &Query) -> Vec<(&'static str, String)> {
    let t = strings();
    let words = |key: &'static str, label: &str| {
        let value = query.get(key).trim();
        (!value.is_empty()).then(|| (key, format!("{label}: {value}")))
    };
    let action = Action::parse(query.get("action")).ok().map(|action| ("action", (t.audit.action)(action).to_owned()));
    [
        words("operator", t.audit.operator),
        action,
        words("target", t.audit.target),
        words("from", t.audit.from_day),
        words("to", t.audit.to_day),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whom or what an event of a group is about: an account, a file, or what of the group was changed.
fn subject_words(subject: EventSubject) -> String {
    let t = strings();
    match subject {
        EventSubject::Named(name) => name,
        EventSubject::Fields(fields) => {
            let name = |field: &String| field_name(t, field).map_or_else(|| field.clone(), str::to_owned);
            fields.iter().map(name).collect::<Vec<_>>().join(", ")
        }
        EventSubject::None => "—".to_owned(),
    }
}

#[component]
pub fn EventTable(
    of_app: bool,
    /// The events of one target, which needs no column then.
    #[prop(default = false)]
    of_target: bool,
    title: &'static str,
    page: EventPage,
    path: String,
) -> impl IntoView {
    let t = strings();
    // Among the events of one group its id says nothing, but who of it is meant does.
    let about = if of_target { t.event_fields.column } else { t.audit.target };
    // Viewers are not shown the address.
    let addresses = page_context().may_write();
    let query = use_query();
    let here = untrack(|| query.get());
    let filters = set_filters(&here);
    let filtered = !filters.is_empty();
    let page = page.page;
    let total = page.total;
    let empty = page.items.is_empty();
    let (row_path, row_query, start) = (path.clone(), here.clone(), path.clone());
    let app = use_app_path().get_untracked();
    let rows = page.items.into_iter().map(|row| {
        let href = row_query.list().with("event", &row.id.to_string()).href(&row_path);
        let action = (t.audit.action)(row.action);
        let (named, about_cell) = match of_target {
            true => {
                let words = subject_words(row.subject.clone());
                (words.clone(), view! { <bdi title=words.clone()>{words.clone()}</bdi> }.into_any())
            }
            false => {
                let words = target_words(&row).to_owned();
                (words, view! { <EventTarget row=row.clone() app=app.clone() /> }.into_any())
            }
        };
        view! {
            <tr role="row">
                <td role="cell" data-label=t.audit.time class="nowrap col-time"><Time at=row.at /></td>
                <td role="cell" data-label=t.audit.operator class="col-operator"><bdi title=actor_words(&row)>{actor_words(&row)}</bdi></td>
                <td role="rowheader" data-label=t.audit.action_column class="cell-title col-action">
                    <a class="row-title" href=href aria-label=(t.common.action_of)(action, named) title=action data-noscroll="">{action}</a>
                </td>
                <td role="cell" data-label=about class="col-target cell-nickname">{about_cell}</td>
                <td role="cell" data-label=t.audit.outcome class="col-outcome"><OutcomeBadge outcome=row.outcome /></td>
                {addresses.then(|| view! {
                    <td role="cell" data-label=t.audit.address class="mono muted col-address" title=row.address.clone()>
                        {row.address.clone().unwrap_or_else(|| "—".to_owned())}
                    </td>
                })}
            </tr>
        }
    });
    let table = if empty {
        view! {
            <div class="empty">
                <p class="empty-title">{if filtered { t.lists.nothing_matches } else { t.audit.no_events }}</p>
                {filtered.then(|| view! { <p><a class="button button-secondary" href=start>{t.lists.clear_all}</a></p> })}
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="table-frame" role="region" aria-label=(t.lists.table_of)(title) tabindex="0">
                <table role="table" class=move || page_context().table_class(ListName::Audit)>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="col-time">{t.audit.time}</th>
                            <th role="columnheader" scope="col" class="col-operator">{t.audit.operator}</th>
                            <th role="columnheader" scope="col" class="col-action">{t.audit.action_column}</th>
                            <th role="columnheader" scope="col" class="col-target">{about}</th>
                            <th role="columnheader" scope="col" class="col-outcome">{t.audit.outcome}</th>
                            {addresses.then(|| view! { <th role="columnheader" scope="col" class="col-address">{t.audit.address}</th> })}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let (size_path, export_path) = (path.clone(), StoredValue::new(path.clone()));
    view! {
        <section class="list" aria-label=title>
            <div class="list-bar">
                <p class="list-summary">
                    <ResultCount count=total />
                    <Chips path=path.clone() query=here.clone() set=filters />
                </p>
                {(of_app && !of_target).then(|| view! {
                    <ActionLink
                        href=Signal::derive(move || query.read().list().with("dialog", "export").href(&export_path.get_value()))
                        label=t.exports.export
                        icon="download"
                    />
                })}
                <ListTools list=ListName::Audit path=Signal::derive(move || size_path.clone()) query=query />
            </div>
            {table}
            <Pager previous=page.previous next=page.next path=path query=here label=t.lists.pages />
        </section>
    }
}
