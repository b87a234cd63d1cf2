//! Home: the app cards, and the dialog that creates an app.

use domain::application::{Application, rules};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use words::format;

use crate::{
    components::{
        ActionLink, Dialog, DialogButtons, Icon, Limit, Loaded, PageHeader, PostForm, TextField, Time, dialog::close_href,
    },
    flash::NEXT_FIELD,
    functions::{
        application::{CreateApplication, list_applications},
        session::HideNotice,
    },
    page_context::{page_context, strings},
    route::use_query,
    url::AppPath,
};

#[component]
pub fn HomePage() -> impl IntoView {
    let t = strings();
    let state = page_context();
    let query = use_query();
    let apps = Resource::new(move || state.changes.get(), |_| list_applications());
    let forbidden = state.read_only_reason();
    let creating = Memo::new(move |_| query.read().get("dialog") == "create");
    view! {
        <Title text=t.apps.title />
        <PageHeader title=t.apps.title lead=t.apps.lead>
            <ActionLink href="/?dialog=create".to_owned() label=t.apps.create_app kind="primary" icon="plus" disabled=forbidden />
        </PageHeader>
        <PlainHttpNotice />
        <Loaded resource=apps view=|apps| view! { <Cards apps=apps /> } />
        {move || creating.get().then(|| view! { <CreateAppDialog /> })}
    }
}

/// Warns owners that passwords can be read on their way here. Dismissed until the browser is closed.
#[component]
fn PlainHttpNotice() -> impl IntoView {
    let t = strings();
    page_context().tells_plain_http().then(|| {
        view! {
            <form method="post" action=HideNotice::PATH class="notice notice-warning notice-line">
                <Icon name="warning" />
                <p>{t.shell.plain_http}</p>
                <input type="hidden" name=NEXT_FIELD value="/" />
                <button type="submit" class="button button-quiet">{t.shell.hide}</button>
            </form>
        }
    })
}

#[component]
fn Cards(apps: Vec<Application>) -> impl IntoView {
    let t = strings();
    if apps.is_empty() {
        return view! {
            <div class="empty">
                <p class="empty-title">{t.apps.no_apps}</p>
                <p>{t.apps.no_apps_help}</p>
            </div>
        }
        .into_any();
    }
    let cards = apps.into_iter().map(|app| {
        let key = format!("{}/{}", app.org_name, app.app_name);
        let path = AppPath { org: app.org_name, app: app.app_name };
        view! {
            <li class="card">
                <h2><a class="card-link" href=path.overview()><bdi>{app.display_name}</bdi></a></h2>
                <p class="mono muted">{key}</p>
                <dl class="figures">
                    <div><dt>{t.apps.accounts}</dt><dd>{format::number(app.account_count)}</dd></div>
                    <div><dt>{t.apps.groups}</dt><dd>{format::number(app.group_count)}</dd></div>
                </dl>
                <p class="muted card-foot">{t.common.created} " " <Time at=app.created_at /></p>
            </li>
        }
    });
    view! { <ul class="app-cards">{cards.collect_view()}</ul> }.into_any()
}

#[component]
fn CreateAppDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    view! {
        <Dialog title=t.apps.create_app close=close.clone()>
            <PostForm action=CreateApplication::PATH nested=true next=close>
                <TextField
                    name="display_name"
                    label=t.apps.display_name
                    required=true
                    autofocus=true
                    limit=Limit::Chars(domain::limits::APP_DISPLAY_NAME_CHARS)
                    check=|text| rules::DisplayName::parse(text).map(drop)
                />
                <TextField
                    name="org_name"
                    label="org_name"
                    required=true
                    mono=true
                    limit=Limit::Chars(domain::limits::APP_KEY_CHARS)
                    check=|text| rules::AppKey::parse(text.trim()).map(drop)
                    help=t.apps.app_key_help
                />
                <TextField
                    name="app_name"
                    label="app_name"
                    required=true
                    mono=true
                    limit=Limit::Chars(domain::limits::APP_KEY_CHARS)
                    check=|text| rules::AppKey::parse(text.trim()).map(drop)
                    help=t.apps.app_key_unique
                />
                <DialogButtons confirm=t.apps.create_app />
            </PostForm>
        </Dialog>
    }
}
