//! A group's announcement to everybody, and the dialog that changes it.

use domain::{group::Group, limits};
use leptos::{prelude::*, server_fn::ServerFn};

use super::group_overview::this_group;
use crate::{
    components::{
        ActionLink, AppFields, Dialog, DialogButtons, HiddenField, Limit, Loaded, PostForm, TextAreaField, Time,
        dialog::close_href,
    },
    functions::group::Announce,
    page_context::strings,
    route::{use_app_path, use_tab_path},
    url::Query,
};

#[component]
pub fn Announcement(group: Group, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let w = &t.group_tabs;
    let path = use_tab_path();
    let edit = Signal::derive(move || Query::default().with("dialog", "announce").href(&path.read()));
    let changed = group.announced_at.map(|at| {
        view! { <p class="muted announced">{w.announced_at} " " <Time at=at /></p> }
    });
    let text = match group.announcement {
        text if text.is_empty() => view! { <p class="panel-empty">{w.no_announcement}</p> }.into_any(),
        text => view! { <p class="text-block announcement" dir="auto">{text}</p> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="announcement">
            <div class="panel-head">
                <h2 id="announcement">{w.announcement}</h2>
                <ActionLink
                    href=edit
                    label=t.common.edit
                    icon="edit"
                    disabled=forbidden
                    aria_label=(t.common.action_of)(t.common.edit, w.announcement.to_owned())
                />
            </div>
            {text}
            {changed}
        </section>
    }
}

#[component]
pub fn AnnounceDialog() -> impl IntoView {
    let close = close_href();
    let group = this_group();
    view! {
        <Dialog title=strings().group_tabs.edit_announcement close=close.clone()>
            <Loaded resource=group view=move |group| view! { <AnnounceForm group=group next=close.clone() /> } />
        </Dialog>
    }
}

#[component]
fn AnnounceForm(group: Group, next: String) -> impl IntoView {
    let t = strings();
    let w = &t.group_tabs;
    let app = use_app_path().get_untracked();
    let seen = group.announced_at.map(|at| at.to_string()).unwrap_or_default();
    view! {
        <PostForm action=Announce::PATH next=next about=Some(("group_id", group.group_id))>
            <AppFields app=app />
            <HiddenField name="version" value=seen />
            <TextAreaField
                name="announcement"
                label=w.announcement
                value=group.announcement
                autofocus=true
                rows=8
                limit=Limit::Chars(limits::ANNOUNCEMENT_CHARS)
                check=|text| domain::group::rules::Announcement::parse(text).map(drop)
                help=w.announcement_help
            />
            <DialogButtons confirm=t.common.save />
        </PostForm>
    }
}
