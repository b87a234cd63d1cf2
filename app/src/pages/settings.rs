//! Settings of an app: its display name, and the ids by which back ends name it.

use domain::{
    application::{Application, rules},
    file,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::group_dialogs::AppFields;
use crate::{
    boot::{page_state, strings},
    components::{
        CopyButton, Limit, Loaded, Notice, PageHeader, PostForm, SubmitButton, TextField, Time, UsageMeter, use_app_path,
    },
    format,
    functions::application::{EditApplication, SetFileQuotas, get_application},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    let changes = page_state().changes;
    let found = Resource::new(move || (app.get(), changes.get()), |(app, _)| get_application(app.org, app.app));
    view! {
        <Title text=t.settings />
        <PageHeader title=t.settings lead=t.settings_lead />
        <SettingsTabs />
        <Loaded resource=found view=|app| view! { <Settings app=app /> } />
    }
}

/// The parts of the settings: links, as everywhere.
#[component]
pub fn SettingsTabs() -> impl IntoView {
    let t = strings();
    let (app, path) = (use_app_path().get_untracked(), use_location().pathname);
    let tabs = [(app.settings(), t.api.general), (app.credentials(), t.api.credentials), (app.calls(), t.api.call_it)];
    let tabs = tabs.map(|(href, words)| {
        let here = href.clone();
        view! {
            <li>
                <a href=href aria-current=move || (*path.read() == here).then_some("page") data-noscroll="">{words}</a>
            </li>
        }
    });
    view! { <nav class="tabs" aria-label=t.settings><ul>{tabs.into_iter().collect_view()}</ul></nav> }
}

#[component]
fn Settings(app: Application) -> impl IntoView {
    let t = strings();
    let path = use_app_path().get_untracked();
    let admins = (t.admins_of_max)(format::number(app.admin_count), format::number(domain::limits::APP_ADMINS.into()));
    let quotas = (app.files, app.group_file_quota);
    let form = if page_state().may_write() {
        view! {
            <PostForm action=EditApplication::PATH next=path.settings()>
                <AppFields app=path />
                <TextField
                    name="display_name"
                    label=t.display_name
                    value=app.display_name
                    required=true
                    limit=Limit::Chars(domain::limits::APP_DISPLAY_NAME_CHARS)
                    check=|text| rules::DisplayName::parse(text).map(drop)
                />
                <div class="form-buttons"><SubmitButton label=t.save /></div>
            </PostForm>
        }
        .into_any()
    } else {
        view! { <Notice><p>{t.viewer_only_reads}</p></Notice> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="ids">
            <div class="panel-head"><h2 id="ids">{t.app_ids}</h2></div>
            <dl class="facts">
                <div><dt>"org_name"</dt><dd class="id-cell"><span class="mono">{app.org_name.clone()}</span><CopyButton text=app.org_name.clone() label=(t.copy_of)(app.org_name) /></dd></div>
                <div><dt>"app_name"</dt><dd class="id-cell"><span class="mono">{app.app_name.clone()}</span><CopyButton text=app.app_name.clone() label=(t.copy_of)(app.app_name) /></dd></div>
                <div><dt>{t.created}</dt><dd><Time at=app.created_at /></dd></div>
                <div><dt>{t.accounts_word}</dt><dd>{format::number(app.account_count)}</dd></div>
                <div><dt>{t.groups_word}</dt><dd>{format::number(app.group_count)}</dd></div>
                <div><dt>{t.admin_accounts}</dt><dd>{admins}</dd></div>
            </dl>
        </section>
        <section class="panel panel-narrow" aria-labelledby="general">
            <div class="panel-head"><h2 id="general">{t.display_name}</h2></div>
            {form}
        </section>
        <FileQuotas quotas=quotas />
    }
}

/// What shared files may have together: the app's usage and quota, and the quota of each group.
#[component]
fn FileQuotas(quotas: (file::Usage, Option<u64>)) -> impl IntoView {
    let t = strings();
    let k = &t.kept;
    let (files, of_group) = quotas;
    let path = use_app_path().get_untracked();
    let text = file::rules::quota_text;
    let form = page_state().may_write().then(|| {
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
            <div class="panel-head"><h2 id="files">{k.file_quotas}</h2></div>
            <div class="file-usage"><UsageMeter label=k.files_of_app usage=files /></div>
            {form}
        </section>
    }
}
