//! Dialogs about accounts: create, edit, delete.

use domain::account::{
    Account, AccountType, AdminForbidType, AllowType, DeletionSummary, Gender, MSG_SETTINGS_DO_NOT_RECEIVE, rules,
};
use leptos::{prelude::*, server_fn::ServerFn};
use words::{choices, format};

use crate::{
    components::{
        AppFields, ConfirmCount, Dialog, DialogButtons, HiddenField, JobNote, Limit, Loaded, NothingSelected, Notice, PersonCell,
        PostForm, SelectField, Selection, SubjectFields, TextAreaField, TextField,
        batch::{after_batch_href, forget},
        dialog::close_href,
        selection::Subject,
    },
    functions::account::{CreateAccount, DeleteAccounts, EditAccount, get_account, summarize_accounts},
    page_context::strings,
    route::{use_app_path, use_query},
};

pub fn account_type_word(kind: AccountType) -> &'static str {
    choices::account_type(strings(), kind)
}

#[component]
fn PhotoField(#[prop(optional, into)] value: String) -> impl IntoView {
    let t = strings();
    view! {
        <TextField
            name="image"
            label=t.accounts.profile_photo
            value=value
            limit=Limit::Bytes(domain::limits::PROFILE_PHOTO_BYTES)
            check=|text| rules::image(text).map(drop)
            help=t.accounts.photo_help
        />
    }
}

#[component]
fn NicknameField(#[prop(optional, into)] value: String, #[prop(default = false)] autofocus: bool) -> impl IntoView {
    view! {
        <TextField
            name="nickname"
            label=strings().accounts.nickname
            value=value
            autofocus=autofocus
            limit=Limit::Bytes(domain::limits::NICKNAME_BYTES)
            check=|text| rules::nickname(text).map(drop)
        />
    }
}

#[component]
pub fn CreateAccountDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let app = use_app_path().get_untracked();
    let types = AccountType::ALL.iter().map(|&kind| (kind.as_str(), account_type_word(kind))).collect::<Vec<_>>();
    view! {
        <Dialog title=t.accounts.create_account close=close.clone()>
            <PostForm action=CreateAccount::PATH nested=true next=close>
                <AppFields app=app />
                <SelectField name="type" label=t.accounts.account_type options=types value="General" required=true autofocus=true help=t.accounts.account_type_help />
                <TextField
                    name="username"
                    label=t.accounts.username
                    required=true
                    mono=true
                    limit=Limit::Bytes(domain::limits::USERNAME_BYTES)
                    check=|text| rules::Username::parse(text.trim()).map(drop)
                    help=t.accounts.username_help
                />
                <NicknameField />
                <PhotoField />
                <DialogButtons confirm=t.common.confirm />
            </PostForm>
        </Dialog>
    }
}

#[component]
pub fn EditAccountDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let (app, query) = (use_app_path(), use_query());
    let username = untrack(|| query.read().get("ids").to_owned());
    let account = Resource::new(
        || (),
        move |()| {
            let (app, username) = (app.get_untracked(), username.clone());
            get_account(app.org, app.app, username)
        },
    );
    view! {
        <Dialog title=t.accounts.edit_account close=close.clone() wide=true>
            <Loaded resource=account view=move |account| view! { <EditForm account=account next=close.clone() /> } />
        </Dialog>
    }
}

#[component]
fn EditForm(account: Account, next: String) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    let profile = account.profile;
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let gender = Gender::ALL.iter().map(|&word| (word.as_str(), choices::gender(t, word))).collect();
    let allow = AllowType::ALL.iter().map(|&word| (word.as_str(), choices::allow_type(t, word))).collect();
    let friending = AdminForbidType::ALL.iter().map(|&word| (word.as_str(), choices::friending(t, word))).collect();
    let messages = vec![("receive", choices::receives(t, true)), ("do_not_receive", choices::receives(t, false))];
    let message_setting = if profile.msg_settings & MSG_SETTINGS_DO_NOT_RECEIVE == 0 { "receive" } else { "do_not_receive" };
    view! {
        <PostForm action=EditAccount::PATH nested=true next=next about=Some(("username", account.username.clone()))>
            <AppFields app=app />
            <HiddenField name="version" value=account.version.to_string() />
            <dl class="facts facts-fixed">
                <div><dt>{t.accounts.username}</dt><dd class="mono">{account.username}</dd></div>
                <div><dt>{t.accounts.account_type}</dt><dd>{account_type_word(account.account_type)}</dd></div>
            </dl>
            <div class="form-grid">
                <div class="span-2"><NicknameField value=profile.nickname autofocus=true /></div>
                <SelectField name="gender" label=t.accounts.gender options=gender value=profile.gender.as_str() />
                <TextField
                    name="birthday"
                    label=t.accounts.birth_date
                    kind="date"
                    min="0001-01-01"
                    max="9999-12-31"
                    value=profile.birthday.and_then(rules::birthday_text).unwrap_or_default()
                />
                <TextField
                    name="location"
                    label=t.accounts.location
                    value=profile.location
                    limit=Limit::Bytes(domain::limits::LOCATION_BYTES)
                    check=|text| rules::location(text).map(drop)
                />
                <TextField
                    name="language"
                    label=t.accounts.profile_language
                    kind="number"
                    value=number(profile.language)
                    check=|text| domain::text::optional_u32(text).map(drop)
                    help=t.accounts.number_help
                />
                <div class="span-2">
                    <TextAreaField
                        name="self_signature"
                        label=t.accounts.signature
                        value=profile.self_signature
                        rows=2
                        limit=Limit::Bytes(domain::limits::SIGNATURE_BYTES)
                        check=|text| rules::self_signature(text).map(drop)
                    />
                </div>
                <div class="span-2"><PhotoField value=profile.image /></div>
                <SelectField name="allow_type" label=t.accounts.friend_verification options=allow value=profile.allow_type.as_str() />
                <SelectField name="admin_forbid_type" label=t.accounts.friending options=friending value=profile.admin_forbid_type.as_str() />
                <div class="span-2">
                    <SelectField name="msg_settings" label=t.accounts.message_settings options=messages value=message_setting />
                </div>
                <TextField
                    name="level"
                    label=t.accounts.level
                    kind="number"
                    value=number(profile.level)
                    check=|text| domain::text::optional_u32(text).map(drop)
                    help=t.accounts.number_help
                />
                <TextField
                    name="role"
                    label=t.accounts.role
                    kind="number"
                    value=number(profile.role)
                    check=|text| domain::text::optional_u32(text).map(drop)
                    help=t.accounts.number_help
                />
            </div>
            <DialogButtons confirm=t.common.confirm />
        </PostForm>
    }
}

/// The accounts that a dialog is about.
fn subject() -> Subject {
    let query = use_query();
    let selection: Selection = expect_context();
    untrack(|| selection.subject(&query.read()))
}

#[component]
pub fn DeleteAccountsDialog(
    /// Where to go afterwards, when the page below does not exist any more either.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let t = strings();
    let close = close_href();
    let subject = subject();
    if subject.is_empty() {
        return view! { <Dialog title=t.accounts.batch_delete close=close><NothingSelected /></Dialog> }.into_any();
    }
    let app = use_app_path();
    let wanted = subject.clone();
    let summary = Resource::new(
        || (),
        move |()| {
            let (app, (ids, matching)) = (app.get_untracked(), wanted.clone().parts());
            summarize_accounts(app.org, app.app, ids, matching)
        },
    );
    view! {
        <Dialog title=t.accounts.delete_accounts close=close>
            <Loaded resource=summary view=move |summary| view! { <DeleteForm subject=subject.clone() summary=summary next=next.clone() /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn DeleteForm(subject: Subject, summary: DeletionSummary, next: Option<String>) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    // Accounts deleted in the meantime are named all the same: the answer reports them.
    let count = match &subject {
        Subject::Ids(ids) => ids.len() as u64,
        Subject::Matching(_) => summary.accounts,
    };
    let more = summary.accounts.saturating_sub(summary.first.len() as u64);
    let owned = (summary.owned_groups > 0).then(|| {
        let words = (t.accounts.become_ownerless)(summary.owned_groups, format::number(summary.owned_groups));
        view! { <Notice tone="warning"><p>{words}</p></Notice> }
    });
    let done = forget(&subject);
    view! {
        <p class="question">{(t.accounts.delete_accounts_question)(summary.accounts, summary.memberships)}</p>
        <ul class="targets">
            {summary.first.into_iter().map(|person| view! { <li><PersonCell person=person /></li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="muted">{(t.lists.and_more)(more, format::number(more))}</li> })}
        </ul>
        {owned}
        <Notice tone="danger"><p>{t.accounts.delete_accounts_warning}</p></Notice>
        <JobNote items=count />
        <PostForm action=DeleteAccounts::PATH next=next.unwrap_or_else(after_batch_href) on_done=done>
            <AppFields app=app />
            <SubjectFields subject=subject />
            <ConfirmCount items=count />
            <DialogButtons confirm=(t.accounts.delete_accounts_confirm)(count, format::number(count)) danger=true />
        </PostForm>
    }
}
