//! An account's own page: its profile, the groups it belongs to and owns, what was done to it last.

use domain::{
    account::{Account, MSG_SETTINGS_DO_NOT_RECEIVE, rules},
    account_page::{AccountPage, AccountPageParams, MembershipRow, OwnedRow},
    event::{EventRow, Outcome},
    feed::Kind,
    page::Page,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use words::{choices, format};

use super::{
    account_dialogs::{DeleteAccountsDialog, EditAccountDialog, account_type_word},
    api_calls::{ApiDialog, Listing},
    event_words::{OutcomeBadge, actor_words},
    export_dialogs::ExportedDialog,
    members::{MutedBadge, member_role_word},
};
use crate::{
    components::{
        ActionLink, ApiButton, AppFields, Badge, CopyButton, GroupTypeBadge, Loaded, PageHeader, Pager, PostForm, ResultCount,
        Selection, SubmitButton, Time, basics::Avatar, live::LiveNotice,
    },
    functions::account::{ExportAccounts, get_account_page},
    page_context::{page_context, strings},
    route::{use_app_path, use_id, use_query},
    url::{AppPath, Query},
};

/// The query's key for the position in the groups that it owns.
const OWNED: &str = "owned";

/// The account of the current address.
fn use_username() -> Memo<String> {
    use_id("accounts")
}

#[component]
pub fn AccountDetailsPage() -> impl IntoView {
    let t = strings();
    let changes = page_context().changes;
    let (app, username, query) = (use_app_path(), use_username(), use_query());
    provide_context(Selection::of(Signal::derive(move || app.read().account(&username.read())), false.into()));
    let params = Memo::new(move |_| {
        let query = query.read();
        let word = |key| query.get(key).to_owned();
        AccountPageParams { size: word("size"), cursor: word("cursor"), owned: word(OWNED) }
    });
    let shown = Resource::new(
        move || (app.get(), username.get(), params.get(), changes.get()),
        |(app, username, params, _)| get_account_page(app.org, app.app, username, params),
    );
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    view! {
        // Until the account is there, or when there is none.
        <Title text=t.accounts.details />
        <LiveNotice kinds=&[Kind::Account, Kind::Member, Kind::Group] />
        <Loaded resource=shown view=|shown| view! { <Details shown=shown /> } />
        {move || match dialog.read().as_str() {
            "edit" => view! { <EditAccountDialog /> }.into_any(),
            "delete" => view! { <DeleteAccountsDialog next=app.read_untracked().accounts() /> }.into_any(),
            "exported" => view! { <ExportedDialog /> }.into_any(),
            "api" => view! { <ApiDialog listing=Listing::Joined of=username.get_untracked() /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

#[component]
fn Details(shown: AccountPage) -> impl IntoView {
    let t = strings();
    let AccountPage { account, groups, owned, events } = shown;
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let here = untrack(|| query.get());
    let forbidden = page_context().read_only_reason();
    let username = account.username.clone();
    let path = app.account(&username);
    let (this, name) = (StoredValue::new(path.clone()), StoredValue::new(username.clone()));
    let dialog = move |word: &'static str| {
        Signal::derive(move || query.read().list().with("dialog", word).and("ids", &name.get_value()).href(&this.get_value()))
    };
    let after_export = here.list().with("dialog", "exported").href(&path);
    let form_app = app.clone();
    let all_events = Query::default().and("target", &username).href(&app.audit());
    let title = match account.profile.nickname.trim() {
        "" => username.clone(),
        nickname => nickname.to_owned(),
    };
    view! {
        <Title text=title.clone() />
        <nav class="breadcrumb" aria-label=t.shell.breadcrumb>
            <a href=app.accounts()>{t.accounts.title}</a>
            <span aria-hidden="true">"/"</span>
            <span aria-current="page">{t.accounts.details}</span>
        </nav>
        <PageHeader title=title>
            <ActionLink href=dialog("edit") label=t.common.edit icon="edit" disabled=forbidden />
            <PostForm action=ExportAccounts::PATH next=after_export class="inline-form" about=Some(("ids[]", name.get_value()))>
                <AppFields app=form_app />
                <SubmitButton label=t.exports.export kind="secondary" />
            </PostForm>
            <ActionLink href=dialog("delete") label=t.common.delete kind="danger-quiet" icon="delete" disabled=forbidden />
        </PageHeader>
        <ProfileFacts account=account />
        <section class="panel" aria-labelledby="its-groups">
            <div class="panel-head">
                <h2 id="its-groups">{t.accounts.its_groups}</h2>
                <ApiButton path=Signal::derive(move || this.get_value()) query=query />
            </div>
            <Memberships page=groups app=app.clone() path=path.clone() query=here.clone() />
        </section>
        <section class="panel" aria-labelledby="owned-groups">
            <div class="panel-head"><h2 id="owned-groups">{t.accounts.owned_groups}</h2></div>
            <OwnedGroups page=owned app=app.clone() path=path query=here />
        </section>
        <section class="panel" aria-labelledby="latest-events">
            <div class="panel-head">
                <h2 id="latest-events">{t.accounts.latest_events}</h2>
                <a href=all_events>{t.accounts.all_events}</a>
            </div>
            <Events rows=events app=app username=username />
        </section>
    }
}

/// Everything that the edit dialog changes, as it names it.
#[component]
fn ProfileFacts(account: Account) -> impl IntoView {
    let t = strings();
    let Account { username, account_type, profile, created_at, .. } = account;
    let or_dash = |text: String| if text.trim().is_empty() { "—".to_owned() } else { text };
    let number = |n: Option<u32>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
    let gender = choices::gender(t, profile.gender);
    let allow = choices::allow_type(t, profile.allow_type);
    let friending = choices::friending(t, profile.admin_forbid_type);
    let messages = choices::receives(t, profile.msg_settings & MSG_SETTINGS_DO_NOT_RECEIVE == 0);
    let birthday = profile.birthday.and_then(rules::birthday_text).unwrap_or_default();
    let facts = [
        (t.accounts.gender, gender.to_owned()),
        (t.accounts.birth_date, or_dash(birthday)),
        (t.accounts.location, or_dash(profile.location)),
        (t.accounts.profile_language, number(profile.language)),
        (t.accounts.friend_verification, allow.to_owned()),
        (t.accounts.friending, friending.to_owned()),
        (t.accounts.message_settings, messages.to_owned()),
        (t.accounts.level, number(profile.level)),
        (t.accounts.role, number(profile.role)),
    ];
    let facts = facts.map(|(word, value)| view! { <div><dt>{word}</dt><dd><bdi>{value}</bdi></dd></div> });
    view! {
        <section class="panel" aria-labelledby="profile">
            <div class="panel-head"><h2 id="profile">{t.accounts.profile}</h2></div>
            <dl class="facts">
                <div><dt>{t.accounts.username}</dt><dd class="id-cell"><span class="mono">{username.clone()}</span><CopyButton text=username.clone() label=(t.common.copy_of)(username.clone()) /></dd></div>
                <div><dt>{t.accounts.nickname}</dt><dd><bdi>{or_dash(profile.nickname.clone())}</bdi></dd></div>
                <div><dt>{t.accounts.account_type}</dt><dd><Badge text=account_type_word(account_type) /></dd></div>
                <div><dt>{t.accounts.profile_photo}</dt><dd><Avatar image=profile.image nickname=profile.nickname username=username /></dd></div>
                {facts.into_iter().collect_view()}
                <div><dt>{t.common.created}</dt><dd><Time at=created_at /></dd></div>
                <div class="facts-wide"><dt>{t.accounts.signature}</dt><dd><bdi class="text-block">{or_dash(profile.self_signature)}</bdi></dd></div>
            </dl>
        </section>
    }
}

#[component]
fn Memberships(page: Page<MembershipRow>, app: AppPath, path: String, query: Query) -> impl IntoView {
    let t = strings();
    if page.items.is_empty() && page.previous.is_none() {
        return view! { <p class="panel-empty">{t.accounts.in_no_group}</p> }.into_any();
    }
    let rows = page.items.into_iter().map(|row| {
        view! {
            <tr role="row">
                <td role="rowheader" data-label=t.groups.group_name class="cell-title"><a class="row-title" href=app.group(&row.group_id)><bdi>{row.name}</bdi></a></td>
                <td role="cell" data-label=t.groups.group_id><span class="mono">{row.group_id}</span></td>
                <td role="cell" data-label=t.groups.type_column><GroupTypeBadge group_type=row.group_type /></td>
                <td role="cell" data-label=t.members.role>
                    <span class="badges">{member_role_word(row.role)}{row.muted_until.map(|end| view! { <MutedBadge end=end /> })}</span>
                </td>
                <td role="cell" data-label=t.members.join_time class="nowrap"><Time at=row.joined_at /></td>
            </tr>
        }
    });
    view! {
        <p class="list-summary"><ResultCount count=page.total quiet=true /></p>
        <div class="table-frame" role="region" aria-label=t.accounts.its_groups tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.groups.group_name}</th>
                        <th role="columnheader" scope="col">{t.groups.group_id}</th>
                        <th role="columnheader" scope="col">{t.groups.type_column}</th>
                        <th role="columnheader" scope="col">{t.members.role}</th>
                        <th role="columnheader" scope="col">{t.members.join_time}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=query label=t.lists.pages />
    }
    .into_any()
}

#[component]
fn OwnedGroups(page: Page<OwnedRow>, app: AppPath, path: String, query: Query) -> impl IntoView {
    let t = strings();
    if page.items.is_empty() && page.previous.is_none() {
        return view! { <p class="panel-empty">{t.accounts.owns_no_group}</p> }.into_any();
    }
    let rows = page.items.into_iter().map(|row| {
        let members = row.member_count.map_or_else(|| "—".to_owned(), |count| format::number(count.into()));
        view! {
            <tr role="row">
                <td role="rowheader" data-label=t.groups.group_name class="cell-title"><a class="row-title" href=app.group(&row.group_id)><bdi>{row.name}</bdi></a></td>
                <td role="cell" data-label=t.groups.group_id><span class="mono">{row.group_id}</span></td>
                <td role="cell" data-label=t.groups.type_column><GroupTypeBadge group_type=row.group_type /></td>
                <td role="cell" data-label=t.common.created class="nowrap"><Time at=row.created_at /></td>
                <td role="cell" data-label=t.members.members class="number">{members}</td>
            </tr>
        }
    });
    view! {
        <p class="list-summary"><ResultCount count=page.total quiet=true /></p>
        <div class="table-frame" role="region" aria-label=t.accounts.owned_groups tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.groups.group_name}</th>
                        <th role="columnheader" scope="col">{t.groups.group_id}</th>
                        <th role="columnheader" scope="col">{t.groups.type_column}</th>
                        <th role="columnheader" scope="col">{t.common.created}</th>
                        <th role="columnheader" scope="col" class="number">{t.members.members}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=query key=OWNED label=t.accounts.owned_pages />
    }
    .into_any()
}

#[component]
fn Events(rows: Vec<EventRow>, app: AppPath, username: String) -> impl IntoView {
    let t = strings();
    if rows.is_empty() {
        return view! { <p class="panel-empty">{t.audit.no_events}</p> }.into_any();
    }
    let rows = rows.into_iter().map(|row| {
        let href = Query::default().and("target", &username).and("event", &row.id.to_string()).href(&app.audit());
        let refused = row.outcome == Outcome::Refused;
        view! {
            <li class="event">
                <a class="row-title" href=href>{(t.audit.action)(row.action)}</a>
                {refused.then(|| view! { <OutcomeBadge outcome=row.outcome /> })}
                <span class="muted"><bdi>{actor_words(&row)}</bdi></span>
                <span class="message-time muted"><Time at=row.at /></span>
            </li>
        }
    });
    view! { <ul class="events">{rows.collect_view()}</ul> }.into_any()
}
