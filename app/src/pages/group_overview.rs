//! A group's overview: what it is, and how it is set.

use domain::{group::Group, limits};
use leptos::{prelude::*, server_fn::ServerFn};
use words::format;

use crate::{
    components::{
        ActionLink, AppFields, Badge, CopyButton, Dialog, DialogButtons, GroupTypeBadge, HiddenField, Limit, Loaded, PersonCell,
        PostForm, SelectField, SubmitButton, TextAreaField, TextField, Time, dialog::close_href,
    },
    error::AppError,
    functions::group::{ConfigureGroup, EditGroup, MuteAll, get_group},
    page_context::strings,
    route::{use_app_path, use_group_id, use_query},
};

/// Members, and the most that it may have.
pub fn members_words(group: &Group) -> String {
    let t = strings();
    match group.max_member_count {
        Some(max) => {
            (t.groups.members_of_max)(format::number(group.member_count.unwrap_or(0).into()), format::number(max.into()))
        }
        None => t.groups.no_member_list.to_owned(),
    }
}

#[component]
pub fn Overview(group: Group, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let path = StoredValue::new(app.group(&group.group_id));
    let edit = Signal::derive(move || query.read().list().with("dialog", "edit").href(&path.get_value()));
    let owner = match group.owner.clone() {
        Some(person) => {
            let href = app.account(&person.username);
            view! { <PersonCell person=person href=href /> }.into_any()
        }
        None => view! { <span class="muted">{t.groups.no_owner}</span> }.into_any(),
    };
    let introduction = match group.introduction.clone() {
        text if text.is_empty() => view! { <span class="muted">{t.common.none}</span> }.into_any(),
        text => view! { <bdi class="text-block">{text}</bdi> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="basic">
            <div class="panel-head">
                <h2 id="basic">{t.groups.basic_information}</h2>
                <ActionLink
                    href=edit
                    label=t.common.edit
                    icon="edit"
                    disabled=forbidden
                    aria_label=(t.common.action_of)(t.common.edit, t.groups.basic_information.to_owned())
                />
            </div>
            <dl class="facts">
                <div><dt>{t.groups.group_id}</dt><dd class="id-cell"><span class="mono">{group.group_id.clone()}</span><CopyButton text=group.group_id.clone() label=(t.common.copy_of)(group.group_id.clone()) /></dd></div>
                <div><dt>{t.groups.group_name}</dt><dd><bdi>{group.name.clone()}</bdi></dd></div>
                <div><dt>{t.groups.group_type}</dt><dd><GroupTypeBadge group_type=group.group_type /></dd></div>
                <div><dt>{t.group_tabs.public}</dt><dd>{yes_no(group.access.public)}</dd></div>
                <div><dt>{t.groups.group_owner}</dt><dd>{owner}</dd></div>
                <div><dt>{t.common.created}</dt><dd><Time at=group.created_at /></dd></div>
                <div><dt>{t.members.members}</dt><dd>{members_words(&group)}</dd></div>
                <div class="facts-wide"><dt>{t.groups.group_introduction}</dt><dd>{introduction}</dd></div>
            </dl>
        </section>
        <Settings group=group forbidden=forbidden />
    }
}

fn yes_no(value: bool) -> &'static str {
    let w = &strings().common;
    if value { w.yes } else { w.no }
}

#[component]
fn Settings(group: Group, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let w = &t.group_tabs;
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let path = StoredValue::new(app.group(&group.group_id));
    let settings = Signal::derive(move || query.read().list().with("dialog", "settings").href(&path.get_value()));
    let max = group.max_member_count.map_or_else(|| "—".to_owned(), |max| format::number(max.into()));
    let custom = match group.custom.clone() {
        text if text.is_empty() => view! { <span class="muted">{t.common.none}</span> }.into_any(),
        text => view! { <bdi class="text-block mono">{text}</bdi> }.into_any(),
    };
    // As text: it can be any address, and nothing foreign is loaded into this page.
    let avatar = match group.avatar.clone() {
        text if text.is_empty() => view! { <span class="muted">{t.common.none}</span> }.into_any(),
        text => view! { <bdi class="text-block mono">{text}</bdi> }.into_any(),
    };
    let flags = [
        (w.members_only, group.access.members_only),
        (w.allow_invites, group.access.allow_invites),
        (w.invite_need_confirm, group.access.invite_need_confirm),
    ];
    let flags = flags.map(|(word, value)| view! { <div><dt>{word}</dt><dd>{yes_no(value)}</dd></div> });
    let mute_form = forbidden.is_none().then(|| {
        let (next, label) = (app.group(&group.group_id), if group.mute_all { t.mutes.let_speak } else { t.mutes.mute_all });
        view! {
            <PostForm action=MuteAll::PATH next=next class="inline-form">
                <AppFields app=app />
                <input type="hidden" name="group_id" value=group.group_id.clone() />
                <input type="hidden" name="mute" value=(!group.mute_all).to_string() />
                <SubmitButton label=label kind="secondary" />
            </PostForm>
        }
    });
    let state = if group.mute_all {
        view! { <Badge text=t.mutes.all_muted tone="warning" /> }.into_any()
    } else {
        view! { <span>{t.mutes.all_speak}</span> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="settings">
            <div class="panel-head">
                <h2 id="settings">{w.settings}</h2>
                <ActionLink
                    href=settings
                    label=t.common.edit
                    icon="edit"
                    disabled=forbidden
                    aria_label=(t.common.action_of)(t.common.edit, w.settings.to_owned())
                />
            </div>
            <dl class="facts">
                <div><dt>{w.max_members}</dt><dd>{max}</dd></div>
                {flags.into_iter().collect_view()}
                <div><dt>{t.mutes.speaking}</dt><dd class="switch">{state}{mute_form}</dd></div>
                <div class="facts-wide"><dt>{w.avatar}</dt><dd>{avatar}</dd></div>
                <div class="facts-wide"><dt>{w.custom}</dt><dd>{custom}</dd></div>
            </dl>
        </section>
    }
}

/// The group that a dialog on its page is about.
pub fn this_group() -> Resource<Result<Group, AppError>> {
    let (app, id) = (use_app_path(), use_group_id());
    Resource::new(
        || (),
        move |()| {
            let (app, id) = (app.get_untracked(), id.get_untracked());
            get_group(app.org, app.app, id)
        },
    )
}

#[component]
pub fn EditGroupDialog() -> impl IntoView {
    let close = close_href();
    let group = this_group();
    view! {
        <Dialog title=strings().groups.edit_group close=close.clone()>
            <Loaded resource=group view=move |group| view! { <EditForm group=group next=close.clone() /> } />
        </Dialog>
    }
}

#[component]
fn EditForm(group: Group, next: String) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    view! {
        <PostForm action=EditGroup::PATH nested=true next=next about=Some(("group_id", group.group_id))>
            <AppFields app=app />
            <HiddenField name="version" value=group.version.to_string() />
            <TextField
                name="name"
                label=t.groups.group_name
                value=group.name
                required=true
                autofocus=true
                limit=Limit::Bytes(limits::GROUP_NAME_BYTES)
                check=|text| domain::group::rules::GroupName::parse(text).map(drop)
                help=t.groups.group_name_help
            />
            <TextAreaField
                name="introduction"
                label=t.groups.group_introduction
                value=group.introduction
                limit=Limit::Bytes(limits::GROUP_INTRODUCTION_BYTES)
                check=|text| domain::group::rules::Introduction::parse(text).map(drop)
            />
            <DialogButtons confirm=t.common.confirm />
        </PostForm>
    }
}

#[component]
pub fn SettingsDialog() -> impl IntoView {
    let close = close_href();
    let group = this_group();
    view! {
        <Dialog title=strings().group_tabs.edit_settings close=close.clone()>
            <Loaded resource=group view=move |group| view! { <SettingsForm group=group next=close.clone() /> } />
        </Dialog>
    }
}

#[component]
fn SettingsForm(group: Group, next: String) -> impl IntoView {
    let t = strings();
    let w = &t.group_tabs;
    let app = use_app_path().get_untracked();
    // Empty means as many as the type allows.
    let limited = group.max_member_count.is_some();
    let max = group.max_member_count.filter(|max| *max != limits::GROUP_MEMBERS).map(|max| max.to_string()).unwrap_or_default();
    let word = |value: bool| if value { "yes" } else { "no" };
    let choices = || vec![("yes", t.common.yes), ("no", t.common.no)];
    view! {
        <PostForm action=ConfigureGroup::PATH nested=true next=next about=Some(("group_id", group.group_id))>
            <AppFields app=app />
            <HiddenField name="version" value=group.version.to_string() />
            // A group without a member list has no most members either.
            {limited.then(|| view! {
                <TextField
                    name="max_member_count"
                    label=w.max_members
                    value=max
                    kind="number"
                    autofocus=true
                    min="1"
                    max=limits::GROUP_MEMBERS.to_string()
                    help=(w.max_members_help)(format::number(limits::GROUP_MEMBERS.into()))
                />
            })}
            <SelectField name="members_only" label=w.members_only autofocus=!limited options=choices() value=word(group.access.members_only) help=w.members_only_help />
            <SelectField name="allow_invites" label=w.allow_invites options=choices() value=word(group.access.allow_invites) help=w.allow_invites_help />
            <SelectField name="invite_need_confirm" label=w.invite_need_confirm options=choices() value=word(group.access.invite_need_confirm) />
            <TextAreaField
                name="custom"
                label=w.custom
                value=group.custom
                limit=Limit::Bytes(limits::GROUP_CUSTOM_BYTES)
                check=|text| domain::group::rules::CustomText::parse(text).map(drop)
                help=w.custom_help
            />
            <DialogButtons confirm=t.common.save />
        </PostForm>
    }
}
