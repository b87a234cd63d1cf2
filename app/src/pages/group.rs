//! A group's page: what is above all its tabs, and which tab is shown. Each tab has an address and a file of its own.

use domain::{
    event::{EventPage, EventParams},
    export::ExportList,
    feed::Kind,
    file::FilePage,
    group::Group,
    layout::ListName,
    member::{MemberAction, MemberList, MemberListRow, MemberRow},
    message::MessageRow,
    page::{ListParams, Page},
};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};
use words::format;

use super::{
    announcement::{AnnounceDialog, Announcement},
    api_calls::{ApiDialog, Listing},
    audit::event_params,
    event_dialog::EventDialog,
    export_dialogs::{ExportDialog, ExportedDialog},
    group_activity::Activity,
    group_dialogs::{DeleteGroupsDialog, SendMessagesDialog},
    group_files::{DeleteFilesDialog, Files, UploadFileDialog},
    group_lists::{AddToListDialog, MemberListTab},
    group_overview::{EditGroupDialog, Overview, SettingsDialog},
    list_dialogs::list_dialog,
    member_dialogs::{AddMembersDialog, DeleteMembersDialog, MemberActionsDialog, MemberChangeDialog, TransferDialog},
    members::Members,
    messages::Messages,
};
use crate::{
    NotFound,
    components::{ActionLink, Loaded, PageHeader, Selection, list::list_size, live::LiveNotice},
    error::AppError,
    functions::{
        event::list_group_events,
        file::list_files,
        group::get_group,
        member::{list_listed, list_members},
        message::list_messages,
    },
    page_context::{page_context, strings},
    route::{use_app_path, use_group_id, use_group_tab, use_query, use_tab_path},
    url::{AppPath, GroupTab, Query},
};

impl GroupTab {
    /// The list of accounts that the tab shows, if it shows one.
    pub fn list(self) -> Option<MemberList> {
        match self {
            Self::Blocked => Some(MemberList::Block),
            Self::Muted => Some(MemberList::Mute),
            Self::Allowed => Some(MemberList::Allow),
            _ => None,
        }
    }

    /// The list whose page size counts.
    fn size(self) -> Option<ListName> {
        match self {
            Self::Members => Some(ListName::Members),
            Self::Activity => Some(ListName::Audit),
            _ => None,
        }
    }
}

/// All that the page shows. One resource for the whole page: resources made inside another's view never hydrate.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Shown {
    group: Group,
    tab: GroupTab,
    part: Part,
}

/// What a tab shows besides the group itself. `None`: the group keeps no member list.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Part {
    Group,
    Members(Option<Page<MemberRow>>),
    Files(FilePage),
    Messages(Page<MessageRow>),
    Listed(MemberList, Option<Page<MemberListRow>>),
    Activity(EventPage),
}

/// The part of the address that what is shown depends on.
type PartRequest = (GroupTab, ListParams, EventParams);

async fn load(app: AppPath, id: String, (tab, params, events): PartRequest) -> Result<Shown, AppError> {
    let group = get_group(app.org.clone(), app.app.clone(), id.clone()).await?;
    let keeps = group.group_type.keeps_members();
    let (org, app) = (app.org, app.app);
    let part = match tab {
        GroupTab::Overview | GroupTab::Announcement => Part::Group,
        GroupTab::Members if keeps => Part::Members(Some(list_members(org, app, id, params).await?)),
        GroupTab::Members => Part::Members(None),
        GroupTab::Files => Part::Files(list_files(org, app, id, params).await?),
        GroupTab::Messages => Part::Messages(list_messages(org, app, id, params).await?),
        GroupTab::Activity => Part::Activity(list_group_events(org, app, id, events).await?),
        GroupTab::Blocked | GroupTab::Muted | GroupTab::Allowed => {
            let list = tab.list().unwrap_or(MemberList::Block);
            let page = if keeps { Some(list_listed(org, app, id, list, params).await?) } else { None };
            Part::Listed(list, page)
        }
    };
    Ok(Shown { group, tab, part })
}

/// What the lists read from the address; a value of another tab is ignored.
fn wanted(tab: GroupTab, query: &Query) -> PartRequest {
    let word = |key: &str| query.get(key).to_owned();
    let size = list_size(page_context(), tab.size(), query);
    match tab {
        GroupTab::Activity => (tab, ListParams::default(), event_params(query)),
        GroupTab::Members => {
            let params = ListParams { q: word("q"), kind: word("type"), sort: String::new(), size, cursor: word("cursor") };
            (tab, params, EventParams::default())
        }
        GroupTab::Overview | GroupTab::Announcement => (tab, ListParams::default(), EventParams::default()),
        _ => {
            let params = ListParams { q: word("q"), size, cursor: word("cursor"), ..ListParams::default() };
            (tab, params, EventParams::default())
        }
    }
}

#[component]
pub fn GroupPage() -> impl IntoView {
    let changes = page_context().changes;
    let (app, id, tab, query) = (use_app_path(), use_group_id(), use_group_tab(), use_query());
    // Only the members can be selected as everything that matches.
    provide_context(Selection::of(use_tab_path(), Signal::derive(move || tab.get() == Some(GroupTab::Members))));
    let wanted = Memo::new(move |_| wanted(tab.get().unwrap_or(GroupTab::Overview), &query.read()));
    let shown =
        Resource::new(move || (app.get(), id.get(), wanted.get(), changes.get()), |(app, id, wanted, _)| load(app, id, wanted));
    let known = Memo::new(move |_| tab.read().is_some());
    move || {
        if !known.get() {
            return view! { <NotFound /> }.into_any();
        }
        view! {
            // Until the group is there, or when there is none.
            <Title text=strings().groups.group_details />
            <LiveNotice kinds=&[Kind::Group, Kind::Member, Kind::Message] group=id />
            <Loaded resource=shown view=|shown| view! { <Details shown=shown /> } />
            <Dialogs />
        }
        .into_any()
    }
}

/// The dialog that the address names, on whatever tab.
#[component]
fn Dialogs() -> impl IntoView {
    let (app, tab, query) = (use_app_path(), use_group_tab(), use_query());
    let dialog = Memo::new(move |_| (query.read().get("dialog").to_owned(), query.read().get("event").parse::<i64>().ok()));
    move || {
        let tab = tab.get_untracked().unwrap_or(GroupTab::Overview);
        match (dialog.read().0.as_str(), dialog.read().1) {
            ("edit", _) => view! { <EditGroupDialog /> }.into_any(),
            ("settings", _) => view! { <SettingsDialog /> }.into_any(),
            ("announce", _) => view! { <AnnounceDialog /> }.into_any(),
            ("add-members", _) => view! { <AddMembersDialog /> }.into_any(),
            ("delete-members", _) => view! { <DeleteMembersDialog /> }.into_any(),
            ("actions", _) => view! { <MemberActionsDialog /> }.into_any(),
            ("transfer", _) => view! { <TransferDialog /> }.into_any(),
            ("upload", _) => view! { <UploadFileDialog /> }.into_any(),
            ("delete-files", _) => view! { <DeleteFilesDialog /> }.into_any(),
            ("send", _) => view! { <SendMessagesDialog /> }.into_any(),
            ("delete", _) => view! { <DeleteGroupsDialog next=app.read_untracked().groups() /> }.into_any(),
            ("export-members", _) => view! { <ExportDialog list=ExportList::Members /> }.into_any(),
            ("export-messages", _) => view! { <ExportDialog list=ExportList::Messages /> }.into_any(),
            ("exported", _) => view! { <ExportedDialog /> }.into_any(),
            ("columns", _) => tab.size().map_or_else(|| ().into_any(), |list| list_dialog(list, "columns")),
            ("api", _) => match Listing::of_tab(tab, &query.read_untracked()) {
                Some(listing) => view! { <ApiDialog listing=listing of=use_group_id().get_untracked() /> }.into_any(),
                None => ().into_any(),
            },
            ("add", _) => tab.list().map_or_else(|| ().into_any(), |list| view! { <AddToListDialog list=list /> }.into_any()),
            (_, Some(id)) if tab == GroupTab::Activity => view! { <EventDialog of_app=true id=id /> }.into_any(),
            (word, _) => match MemberAction::parse(word) {
                Ok(work) => view! { <MemberChangeDialog work=work /> }.into_any(),
                Err(_) => ().into_any(),
            },
        }
    }
}

#[component]
fn Details(shown: Shown) -> impl IntoView {
    let Shown { group, tab, part } = shown;
    let t = strings();
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let forbidden = page_context().read_only_reason();
    let (path, id) = (StoredValue::new(app.group_tab(&group.group_id, tab)), StoredValue::new(group.group_id.clone()));
    let dialog_href = move |word: &'static str| {
        Signal::derive(move || query.read().list().with("dialog", word).and("ids", &id.get_value()).href(&path.get_value()))
    };
    let body = match part {
        Part::Group if tab == GroupTab::Announcement => {
            view! { <Announcement group=group.clone() forbidden=forbidden /> }.into_any()
        }
        Part::Group => view! { <Overview group=group.clone() forbidden=forbidden /> }.into_any(),
        Part::Members(page) => view! { <Members page=page group=group.clone() forbidden=forbidden /> }.into_any(),
        Part::Files(page) => view! { <Files page=page group_id=group.group_id.clone() forbidden=forbidden /> }.into_any(),
        Part::Messages(page) => view! { <Messages page=page count=group.message_count /> }.into_any(),
        Part::Listed(list, page) => {
            view! { <MemberListTab list=list page=page group=group.clone() forbidden=forbidden /> }.into_any()
        }
        Part::Activity(page) => view! { <Activity page=page group_id=group.group_id.clone() /> }.into_any(),
    };
    let title = match tab_word(tab) {
        Some(word) => format!("{word} · {}", group.name),
        None => group.name.clone(),
    };
    view! {
        <Title text=title />
        <nav class="breadcrumb" aria-label=t.shell.breadcrumb>
            <a href=app.groups()>{t.groups.title}</a>
            <span aria-hidden="true">"/"</span>
            <span aria-current="page">{t.groups.group_details}</span>
        </nav>
        <PageHeader title=group.name.clone()>
            <ActionLink href=dialog_href("send") label=t.groups.send_messages icon="send" disabled=forbidden />
            <ActionLink href=dialog_href("delete") label=t.groups.disband kind="danger-quiet" icon="delete" disabled=forbidden />
        </PageHeader>
        <Tabs app=app group=group tab=tab />
        {body}
    }
}

/// What the title says of the tab; nothing of the overview, which is the group itself.
fn tab_word(tab: GroupTab) -> Option<&'static str> {
    let t = strings();
    let w = &t.group_tabs;
    Some(match tab {
        GroupTab::Overview => return None,
        GroupTab::Members => t.members.members,
        GroupTab::Announcement => w.announcement,
        GroupTab::Files => w.files,
        GroupTab::Messages => w.messages,
        GroupTab::Activity => w.activity,
        GroupTab::Blocked => (t.mutes.list)(MemberList::Block),
        GroupTab::Muted => (t.mutes.list)(MemberList::Mute),
        GroupTab::Allowed => (t.mutes.list)(MemberList::Allow),
    })
}

/// The tabs: links, so that each can be opened, kept and shared. The three lists of accounts share one of them.
#[component]
fn Tabs(app: AppPath, group: Group, tab: GroupTab) -> impl IntoView {
    let t = strings();
    let w = &t.group_tabs;
    let here = if tab.list().is_some() { GroupTab::Blocked } else { tab };
    let tabs = [
        (GroupTab::Overview, w.overview, None),
        (GroupTab::Members, t.members.members, group.member_count.map(u64::from)),
        (GroupTab::Announcement, w.announcement, None),
        (GroupTab::Files, w.files, Some(group.file_count)),
        (GroupTab::Messages, w.messages, Some(group.message_count)),
        (GroupTab::Blocked, w.lists, None),
        (GroupTab::Activity, w.activity, None),
    ];
    let tabs = tabs.map(|(one, words, count)| {
        let href = app.group_tab(&group.group_id, one);
        view! {
            <li>
                <a href=href aria-current=(one == here).then_some("page") data-noscroll="">
                    {words}
                    {count.map(|count| view! { <span class="tab-count">{format::number(count)}</span> })}
                </a>
            </li>
        }
    });
    view! {
        <nav class="tabs" aria-label=w.tabs>
            <ul>{tabs.into_iter().collect_view()}</ul>
        </nav>
    }
}
