//! The latest messages of a group, newest first.

use domain::{
    message::{MessageRow, SenderType},
    page::Page,
};
use leptos::prelude::*;

use super::{group::use_group_id, groups::paging};
use crate::{
    boot::{page_state, strings},
    components::{Badge, Loaded, Pager, Time, use_app_path, use_query},
    format,
    functions::message::list_messages,
    url::Query,
};

/// The query's name for this list's cursor; the page has a member list too.
const CURSOR: &str = "messages";

#[component]
pub fn Messages(count: u64) -> impl IntoView {
    let t = strings();
    let state = page_state();
    let (app, id, query) = (use_app_path(), use_group_id(), use_query());
    let wanted = Memo::new(move |_| paging(query.read().get(CURSOR), ""));
    let page = Resource::new(
        move || (app.get(), id.get(), wanted.get(), state.changes.get()),
        |(app, id, params, _)| list_messages(app.org, app.app, id, params),
    );
    let path = Signal::derive(move || app.read().group(&id.read()));
    view! {
        <section class="panel" aria-labelledby="messages-title">
            <div class="panel-head">
                <h2 id="messages-title">{t.latest_messages}</h2>
                <span class="result-count">{(t.messages_counted)(count, format::number(count))}</span>
            </div>
            <Loaded resource=page view=move |page| view! { <MessageList page=page path=path.get_untracked() /> } />
        </section>
    }
}

#[component]
fn MessageList(page: Page<MessageRow>, path: String) -> impl IntoView {
    let t = strings();
    let query: Query = untrack(|| use_query().get());
    if page.items.is_empty() {
        return view! { <div class="empty"><p class="empty-title">{t.no_messages}</p></div> }.into_any();
    }
    let rows = page.items.into_iter().map(|row| {
        let operator = row.sender_type == SenderType::Operator;
        view! {
            <li class="message">
                <div class="message-head">
                    <span class="message-seq mono">{format!("#{}", row.seq)}</span>
                    <span class="message-sender"><bdi>{row.sender}</bdi></span>
                    {operator.then(|| view! { <Badge text=t.operator tone="accent" /> })}
                    <span class="message-time"><Time at=row.sent_at /></span>
                </div>
                <p class="text-block" dir="auto">{row.text}</p>
            </li>
        }
    });
    view! {
        <ol class="messages">{rows.collect_view()}</ol>
        <Pager previous=page.previous next=page.next path=path query=query key=CURSOR label=t.message_pages />
    }
    .into_any()
}
