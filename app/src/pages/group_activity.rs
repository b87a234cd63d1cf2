//! What was done to a group: its part of the audit log.

use domain::event::EventPage;
use leptos::prelude::*;

use super::audit::{EventFilters, EventTable, OperatorFilter};
use crate::{
    page_context::strings,
    route::use_app_path,
    url::{GroupTab, Query},
};

#[component]
pub fn Activity(page: EventPage, group_id: String) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    let path = app.group_tab(&group_id, GroupTab::Activity);
    let in_log = Query::default().and("target", &group_id).href(&app.audit());
    let operators = page.operators.clone();
    let filters_path = path.clone();
    view! {
        <div class="filter-row">
            <EventFilters path=Signal::derive(move || filters_path.clone()) of_target=true><OperatorFilter names=operators /></EventFilters>
            <a href=in_log>{t.group_tabs.in_audit_log}</a>
        </div>
        <EventTable of_app=true of_target=true title=t.group_tabs.activity page=page path=path />
    }
}
