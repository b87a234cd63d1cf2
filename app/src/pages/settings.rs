//! Settings of an app: its display name, the ids by which back ends name it, and what it gives tokens for.

use domain::{
    application::{Application, TokenRules, rules},
    file,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use words::format;

use crate::{
    components::{
        ActionLink, AppFields, CopyButton, Dialog, DialogButtons, Limit, Loaded, Notice, PageHeader, PostForm, SelectField,
        SubmitButton, TextField, Time, UsageMeter, dialog::close_href,
    },
    functions::application::{EditApplication, EditTokenRules, SetAccountPasswords, SetFileQuotas, get_application},
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::Query,
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    let changes = page_context().changes;
    let found = Resource::new(move || (app.get(), changes.get()), |(app, _)| get_application(app.org, app.app));
    view! {
        <Title text=t.settings.title />
        <PageHeader title=t.settings.title lead=t.settings.lead />
        <SettingsTabs />
        <Loaded resource=found view=|app| view! { <Settings app=app /> } />
    }
}

/// The parts of the settings: links, as everywhere.
#[component]
pub fn SettingsTabs() -> impl IntoView {
    let t = strings();
    let (app, path) = (use_app_path().get_untracked(), use_location().pathname);
    let tabs = [(app.settings(), t.settings.general), (app.credentials(), t.credentials.title), (app.calls(), t.api_calls.title)];
    let tabs = tabs.map(|(href, words)| {
        let here = href.clone();
        view! {
            <li>
                <a href=href aria-current=move || (*path.read() == here).then_some("page") data-noscroll="">{words}</a>
            </li>
        }
    });
    view! { <nav class="tabs" aria-label=t.settings.title><ul>{tabs.into_iter().collect_view()}</ul></nav> }
}

#[component]
fn Settings(app: Application) -> impl IntoView {
    let t = strings();
    let path = use_app_path().get_untracked();
    let rules = app.token_rules;
    let admins = (t.settings.admins_of_max)(format::number(app.admin_count), format::number(domain::limits::APP_ADMINS.into()));
    let min_chars = app.password_min_chars;
    let passwords = page_context().may_write().then(|| view! { <PasswordSettings min_chars=min_chars /> });
    let quotas = (app.files, app.group_file_quota);
    let form = if page_context().may_write() {
        view! {
            <PostForm action=EditApplication::PATH next=path.settings()>
                <AppFields app=path />
                <TextField
                    name="display_name"
                    label=t.apps.display_name
                    value=app.display_name
                    required=true
                    limit=Limit::Chars(domain::limits::APP_DISPLAY_NAME_CHARS)
                    check=|text| rules::DisplayName::parse(text).map(drop)
                />
                <div class="form-buttons"><SubmitButton label=t.common.save /></div>
            </PostForm>
        }
        .into_any()
    } else {
        view! { <Notice><p>{t.shell.viewer_only_reads}</p></Notice> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="ids">
            <div class="panel-head"><h2 id="ids">{t.settings.app_ids}</h2></div>
            <dl class="facts">
                <div><dt>"org_name"</dt><dd class="id-cell"><span class="mono">{app.org_name.clone()}</span><CopyButton text=app.org_name.clone() label=(t.common.copy_of)(app.org_name) /></dd></div>
                <div><dt>"app_name"</dt><dd class="id-cell"><span class="mono">{app.app_name.clone()}</span><CopyButton text=app.app_name.clone() label=(t.common.copy_of)(app.app_name) /></dd></div>
                <div><dt>{t.common.created}</dt><dd><Time at=app.created_at /></dd></div>
                <div><dt>{t.apps.accounts}</dt><dd>{format::number(app.account_count)}</dd></div>
                <div><dt>{t.apps.groups}</dt><dd>{format::number(app.group_count)}</dd></div>
                <div><dt>{t.settings.admin_accounts}</dt><dd>{admins}</dd></div>
            </dl>
        </section>
        <section class="panel panel-narrow" aria-labelledby="general">
            <div class="panel-head"><h2 id="general">{t.apps.display_name}</h2></div>
            {form}
        </section>
        {passwords}
        <TokenRulesPanel rules=rules />
        <FileQuotas quotas=quotas />
    }
}

/// The app's rule for its accounts' passwords.
#[component]
fn PasswordSettings(min_chars: u32) -> impl IntoView {
    let t = strings();
    let path = use_app_path().get_untracked();
    view! {
        <section class="panel panel-narrow" aria-labelledby="passwords">
            <div class="panel-head"><h2 id="passwords">{t.settings.account_passwords}</h2></div>
            <PostForm action=SetAccountPasswords::PATH next=path.settings()>
                <AppFields app=path />
                <TextField
                    name="password_min_chars"
                    label=t.settings.password_min_chars
                    value=min_chars.to_string()
                    required=true
                    help=t.settings.account_passwords_help
                    check=|text| rules::password_min_chars(text).map(drop)
                />
                <div class="form-buttons"><SubmitButton label=t.common.save /></div>
            </PostForm>
        </section>
    }
}

/// What the app gives tokens for, and the dialog that changes it.
#[component]
fn TokenRulesPanel(rules: TokenRules) -> impl IntoView {
    const DIALOG: &str = "token-rules";
    let t = strings();
    let k = &t.tokens;
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let href = Query::default().with("dialog", DIALOG).href(&app.settings());
    let word = |on| if on { k.allowed } else { k.off };
    let longest = match u64::try_from(rules.ttl_max) {
        Ok(0) | Err(_) => k.no_limit.to_owned(),
        Ok(seconds) => (k.seconds)(seconds, format::number(seconds)),
    };
    let said = (t.common.action_of)(t.credentials.edit, k.title.to_owned());
    let open = Memo::new(move |_| query.read().get("dialog") == DIALOG);
    view! {
        <section class="panel panel-narrow" aria-labelledby="token-rules">
            <div class="panel-head">
                <h2 id="token-rules">{k.title}</h2>
                <ActionLink href=href label=t.credentials.edit kind="quiet" disabled=page_context().read_only_reason() aria_label=said />
            </div>
            <dl class="facts">
                <div><dt>{k.password_grant}</dt><dd>{word(rules.password_grant)}</dd></div>
                <div><dt>{k.inherit_grant}</dt><dd>{word(rules.inherit_grant)}</dd></div>
                <div><dt>{k.ttl_max}</dt><dd>{longest}</dd></div>
            </dl>
        </section>
        {move || open.get().then(|| view! { <TokenRulesDialog rules=rules /> })}
    }
}

#[component]
fn TokenRulesDialog(rules: TokenRules) -> impl IntoView {
    let t = strings();
    let k = &t.tokens;
    let app = use_app_path().get_untracked();
    let choices = || vec![("on", k.allowed), ("off", k.off)];
    let word = |on| if on { "on" } else { "off" };
    view! {
        <Dialog title=k.title close=close_href()>
            <PostForm action=EditTokenRules::PATH next=app.settings()>
                <AppFields app=app />
                <Notice tone="warning"><p>{k.help}</p></Notice>
                <SelectField name="password_grant" label=k.password_grant options=choices() value=word(rules.password_grant) autofocus=true />
                <SelectField name="inherit_grant" label=k.inherit_grant options=choices() value=word(rules.inherit_grant) />
                <TextField
                    name="ttl_max"
                    kind="number"
                    label=k.ttl_max_label
                    value=rules.ttl_max.to_string()
                    min="0"
                    max=domain::limits::API_TOKEN_MAX_S.to_string()
                    help=k.ttl_max_help
                />
                <DialogButtons confirm=t.common.save />
            </PostForm>
        </Dialog>
    }
}

/// What shared files may have together: the app's usage and quota, and the quota of each group.
#[component]
fn FileQuotas(quotas: (file::Usage, Option<u64>)) -> impl IntoView {
    let t = strings();
    let k = &t.quotas;
    let (files, of_group) = quotas;
    let path = use_app_path().get_untracked();
    let text = file::rules::quota_text;
    let form = page_context().may_write().then(|| {
        view! {
            <PostForm action=SetFileQuotas::PATH next=path.settings()>
                <AppFields app=path />
                <TextField
                    name="file_quota"
                    label=k.file_quota
                    value=text(files.max)
                    help=k.quota_help
                    check=|text| file::rules::quota(text).map(drop)
                />
                <TextField
                    name="group_file_quota"
                    label=k.group_file_quota
                    value=text(of_group)
                    help=k.quota_help
                    check=|text| file::rules::quota(text).map(drop)
                />
                <p class="field-help">{k.quota_note}</p>
                <div class="form-buttons"><SubmitButton label=k.set_quotas /></div>
            </PostForm>
        }
    });
    view! {
        <section class="panel panel-narrow" aria-labelledby="files">
            <div class="panel-head"><h2 id="files">{k.title}</h2></div>
            <div class="file-usage"><UsageMeter label=k.files_of_app usage=files /></div>
            {form}
        </section>
    }
}
