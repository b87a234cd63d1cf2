//! The latest messages of a group, newest first.

use domain::{
    message::{MessageRow, SenderType},
    page::Page,
};
use leptos::prelude::*;
use words::format;

use crate::{
    components::{ActionLink, Badge, Pager, Time},
    page_context::strings,
    route::{use_app_path, use_group_id, use_query},
    url::{GroupTab, Query},
};

#[component]
pub fn Messages(page: Page<MessageRow>, count: u64) -> impl IntoView {
    let t = strings();
    let path = use_app_path().read_untracked().group_tab(&use_group_id().read_untracked(), GroupTab::Messages);
    let (query, dialog_path) = (use_query(), StoredValue::new(path.clone()));
    view! {
        <section class="panel" aria-labelledby="messages-title">
            <div class="panel-head">
                <h2 id="messages-title">{t.messages.latest_messages}</h2>
                <span class="result-count">{(t.messages.messages_counted)(count, format::number(count))}</span>
                <ActionLink
                    href=Signal::derive(move || query.read().list().with("dialog", "export-messages").href(&dialog_path.get_value()))
                    label=t.exports.export
                    icon="download"
                    aria_label=(t.common.action_of)(t.exports.export, t.messages.latest_messages.to_owned())
                />
            </div>
            <MessageList page=page path=path />
        </section>
    }
}

#[component]
fn MessageList(page: Page<MessageRow>, path: String) -> impl IntoView {
    let t = strings();
    let query: Query = untrack(|| use_query().get());
    if page.items.is_empty() {
        return view! { <div class="empty"><p class="empty-title">{t.messages.no_messages}</p></div> }.into_any();
    }
    let rows = page.items.into_iter().map(|row| {
        let badge = match row.sender_type {
            SenderType::Operator => Some(t.audit.operator),
            SenderType::Credential => Some("API"),
            SenderType::Account => None,
        };
        view! {
            <li class="message">
                <div class="message-head">
                    <span class="message-seq mono">{format!("#{}", row.seq)}</span>
                    <span class="message-sender"><bdi>{row.sender}</bdi></span>
                    {badge.map(|text| view! { <Badge text tone="accent" /> })}
                    <span class="message-time"><Time at=row.sent_at /></span>
                </div>
                <p class="text-block" dir="auto">{row.text}</p>
            </li>
        }
    });
    view! {
        <ol class="messages">{rows.collect_view()}</ol>
        <Pager previous=page.previous next=page.next path=path query=query label=t.messages.pages />
    }
    .into_any()
}
