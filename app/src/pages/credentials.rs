//! Settings → API: the credentials with which back ends call the REST API, and the dialogs that change them.

use domain::credential::{
    Access, CredentialCreator, CredentialRow, CredentialWithSecret, Overlap,
    rules::{Addresses, CredentialName},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use words::format;

use super::settings::SettingsTabs;
use crate::{
    components::{
        ActionLink, AppFields, Badge, CopyButton, Dialog, DialogButtons, Limit, Loaded, Notice, PageHeader, PostForm,
        SelectField, TextAreaField, TextField, Time, dialog::close_href, status::last_credential,
    },
    functions::credential::{CreateCredential, EditCredential, RevokeCredential, RotateCredential, list_credentials},
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::Query,
};

/// Characters of an address that fit into the list: any of IPv4, with the bits of a network.
const SHORT_ADDRESS: usize = 18;

type Rows = Resource<Result<Vec<CredentialRow>, crate::error::AppError>>;

#[component]
pub fn CredentialsPage() -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path(), use_query());
    let changes = page_context().changes;
    let rows: Rows = Resource::new(move || (app.get(), changes.get()), |(app, _)| list_credentials(app.org, app.app));
    let dialog = Memo::new(move |_| query.read().get("dialog").to_owned());
    let create = Signal::derive(move || Query::default().with("dialog", "create").href(&app.read().credentials()));
    view! {
        <Title text=t.credentials.title />
        <PageHeader title=t.settings.title lead=t.credentials.lead>
            <ActionLink href=create label=t.credentials.create kind="primary" icon="plus" disabled=page_context().read_only_reason() />
        </PageHeader>
        <SettingsTabs />
        <Loaded resource=rows view=|rows| view! { <Credentials rows=rows /> } />
        {move || match dialog.read().as_str() {
            "create" => view! { <CreateDialog /> }.into_any(),
            "secret" => view! { <SecretDialog /> }.into_any(),
            "edit" => view! { <AboutOne rows=rows title=t.credentials.edit form=|row| view! { <EditForm row=row /> }.into_any() /> }.into_any(),
            "rotate" => view! { <AboutOne rows=rows title=t.credentials.rotate form=|row| view! { <RotateForm row=row /> }.into_any() /> }.into_any(),
            "revoke" => view! { <AboutOne rows=rows title=t.credentials.revoke form=|row| view! { <RevokeForm row=row /> }.into_any() /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

fn dialog_href(dialog: &str, id: i64) -> String {
    let path = use_app_path().read_untracked().credentials();
    Query::default().with("dialog", dialog).and("ids", &id.to_string()).href(&path)
}

#[component]
fn Credentials(rows: Vec<CredentialRow>) -> impl IntoView {
    let t = strings();
    let w = &t.credentials;
    if rows.is_empty() {
        return view! {
            <div class="list empty">
                <p class="empty-title">{w.none}</p>
                <p>{w.none_help}</p>
            </div>
        }
        .into_any();
    }
    let forbidden = page_context().read_only_reason();
    let rows = rows.into_iter().map(|row| {
        let link = |dialog: &'static str, label: &'static str, kind: &'static str| {
            let said = (t.common.action_of)(label, row.name.clone());
            view! { <ActionLink href=dialog_href(dialog, row.id) label=label kind=kind disabled=forbidden aria_label=said /> }
        };
        let time = |at: Option<i64>| match at {
            Some(at) => view! { <Time at=at /> }.into_any(),
            None => view! { <span class="muted">{t.common.never}</span> }.into_any(),
        };
        let maker = match &row.made_by {
            CredentialCreator::Unknown => w.by_unknown.to_owned(),
            CredentialCreator::CommandLine => w.by_command_line.to_owned(),
            CredentialCreator::Operator(name) => (w.by)(name),
        };
        let expires = match row.expires_at {
            Some(_) => view! { <time datetime=row.expires.clone()>{row.expires.clone()}</time> }.into_any(),
            None => view! { <span class="muted">{t.common.never}</span> }.into_any(),
        };
        let from = match row.addresses.as_slice() {
            [] => view! { <span class="muted">{w.anywhere}</span> }.into_any(),
            [one] if one.len() <= SHORT_ADDRESS => view! { <span class="mono">{one.clone()}</span> }.into_any(),
            more => view! { <span title=more.join(", ")>{format::number(more.len() as u64)}</span> }.into_any(),
        };
        view! {
            <tr role="row">
                <td role="rowheader" data-label=w.name class="cell-title">
                    <span class="cell-lines">
                        <span class="credential-name">
                            <bdi>{row.name.clone()}</bdi>
                            {(row.access == Access::Read).then(|| view! { <Badge text=w.read_only /> })}
                            {row.expired.then(|| view! { <Badge text=w.expired tone="danger" /> })}
                        </span>
                        <span class="id-cell cell-note">
                            <span class="mono">{row.client_id.clone()}</span>
                            <CopyButton text=row.client_id.clone() label=(t.common.copy_of)(row.client_id.clone()) />
                        </span>
                    </span>
                </td>
                <td role="cell" data-label=t.common.created class="nowrap">
                    <span class="cell-lines"><Time at=row.created_at /><bdi class="cell-note">{maker}</bdi></span>
                </td>
                <td role="cell" data-label=w.rotated class="nowrap">
                    <span class="cell-lines">
                        {time(row.rotated_at)}
                        {row.old_secret_until.map(|at| view! { <span class="cell-note">{w.old_until} " " <Time at=at /></span> })}
                    </span>
                </td>
                <td role="cell" data-label=w.expires class="nowrap">{expires}</td>
                <td role="cell" data-label=w.addresses class="nowrap">{from}</td>
                <td role="cell" data-label=w.last_used class="nowrap">{time(row.last_used_at)}</td>
                <td role="cell" data-label=w.tokens class="number">{format::number(row.tokens)}</td>
                <td role="cell" class="cell-actions">
                    <span class="row-actions">
                        {link("edit", w.edit, "quiet")}
                        {link("rotate", w.rotate, "quiet")}
                        {link("revoke", w.revoke, "danger-quiet")}
                    </span>
                </td>
            </tr>
        }
    });
    view! {
        <div class="list">
            <div class="table-frame" role="region" aria-label=w.title tabindex="0">
                <table role="table" class="data-table cards">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">{w.name} " · " {w.client_id}</th>
                            <th role="columnheader" scope="col">{t.common.created}</th>
                            <th role="columnheader" scope="col">{w.rotated}</th>
                            <th role="columnheader" scope="col">{w.expires}</th>
                            <th role="columnheader" scope="col">{w.addresses}</th>
                            <th role="columnheader" scope="col">{w.last_used}</th>
                            <th role="columnheader" scope="col" class="number">{w.tokens}</th>
                            <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows.collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn NameField(#[prop(optional, into)] value: String) -> impl IntoView {
    let w = &strings().credentials;
    view! {
        <TextField
            name="name"
            label=w.name
            value=value
            required=true
            autofocus=true
            limit=Limit::Chars(domain::limits::CREDENTIAL_NAME_CHARS)
            check=|text| CredentialName::parse(text).map(drop)
            help=w.name_help
        />
    }
}

/// What a credential is limited to.
#[component]
fn LimitFields(
    #[prop(optional, into)] expires: String,
    #[prop(default = Access::Write)] access: Access,
    #[prop(optional)] addresses: Vec<String>,
) -> impl IntoView {
    let w = &strings().credentials;
    let choices = vec![(Access::Write.as_str(), w.access_write), (Access::Read.as_str(), w.access_read)];
    view! {
        <SelectField name="access" label=w.access options=choices value=access.as_str() help=w.access_help />
        <TextField name="expires" kind="date" label=w.expires_label value=expires help=w.expires_help />
        <TextAreaField
            name="addresses"
            label=w.addresses_label
            value=addresses.join("\n")
            rows=3
            check=|text| Addresses::parse(text).map(drop)
            help=w.addresses_help
        />
    }
}

/// Where a secret shows.
fn secret_href() -> String {
    Query::default().with("dialog", "secret").href(&use_app_path().read_untracked().credentials())
}

#[component]
fn CreateDialog() -> impl IntoView {
    let w = &strings().credentials;
    let app = use_app_path().get_untracked();
    view! {
        <Dialog title=w.create close=close_href()>
            <PostForm action=CreateCredential::PATH next=secret_href()>
                <AppFields app=app />
                <NameField />
                <LimitFields />
                <DialogButtons confirm=w.create />
            </PostForm>
        </Dialog>
    }
}

/// The secret of a new credential or of a rotation, shown once.
#[component]
fn SecretDialog() -> impl IntoView {
    let w = &strings().credentials;
    let close = close_href();
    match untrack(last_credential) {
        Some(fresh) => view! { <SecretShown fresh=fresh close=close /> }.into_any(),
        None => view! { <Dialog title=w.secret close=close><p>{w.secret_gone}</p></Dialog> }.into_any(),
    }
}

#[component]
fn SecretShown(fresh: CredentialWithSecret, close: String) -> impl IntoView {
    let t = strings();
    let w = &t.credentials;
    let CredentialWithSecret { name, client_id, client_secret, .. } = fresh;
    let status = page_context().status;
    // Shown once: going back must not bring it up again, nor keep it in the page's memory.
    on_cleanup(move || {
        status.try_set(None);
    });
    let copy = |word: &str, text: String, first: bool| {
        view! { <CopyButton text=text label=(t.common.copy_of)(word.to_owned()) autofocus=first /> }
    };
    view! {
        <Dialog title=w.secret close=close.clone() wide=true firm=true>
            <p>{(w.secret_of)(name)}</p>
            <dl class="secrets">
                <div>
                    <dt class="mono">"client_id"</dt>
                    <dd class="secret"><span class="mono">{client_id.clone()}</span>{copy("client_id", client_id, false)}</dd>
                </div>
                <div>
                    <dt class="mono">"client_secret"</dt>
                    // Where nothing can be copied the text itself takes the focus, lest the button below gets the second half of a
                    // double press.
                    <dd class="secret">
                        <span class="mono" tabindex="0">{client_secret.clone()}</span>
                        {copy("client_secret", client_secret, true)}
                    </dd>
                </div>
            </dl>
            <Notice tone="warning"><p>{w.secret_once}</p></Notice>
            <div class="dialog-buttons">
                <a class="button button-primary" href=close data-noscroll="">{w.secret_saved}</a>
            </div>
        </Dialog>
    }
}

/// A dialog about the credential that the address names.
#[component]
fn AboutOne(rows: Rows, title: &'static str, form: fn(CredentialRow) -> AnyView) -> impl IntoView {
    let close = close_href();
    let id = use_query().read_untracked().get("ids").parse::<i64>().ok();
    view! {
        <Dialog title=title close=close>
            <Loaded
                resource=rows
                view=move |rows| match rows.into_iter().find(|row| Some(row.id) == id) {
                    Some(row) => form(row),
                    None => view! { <Notice><p>{strings().credentials.gone}</p></Notice> }.into_any(),
                }
            />
        </Dialog>
    }
}

#[component]
fn EditForm(row: CredentialRow) -> impl IntoView {
    let app = use_app_path().get_untracked();
    let next = app.credentials();
    view! {
        <PostForm action=EditCredential::PATH next=next about=Some(("id", row.id.to_string()))>
            <AppFields app=app />
            <NameField value=row.name />
            <LimitFields expires=row.expires access=row.access addresses=row.addresses />
            <DialogButtons confirm=strings().common.save />
        </PostForm>
    }
}

#[component]
fn RotateForm(row: CredentialRow) -> impl IntoView {
    let t = strings();
    let w = &t.credentials;
    let app = use_app_path().get_untracked();
    let times = vec![
        (Overlap::None.as_str(), w.overlap_now),
        (Overlap::Hour.as_str(), w.overlap_hour),
        (Overlap::Day.as_str(), w.overlap_day),
        (Overlap::Week.as_str(), w.overlap_week),
    ];
    view! {
        <p class="question">{(w.rotate_question)(row.name)}</p>
        <p>{(w.rotate_help)(row.tokens, format::number(row.tokens))}</p>
        <PostForm action=RotateCredential::PATH next=secret_href() about=Some(("id", row.id.to_string()))>
            <AppFields app=app />
            <SelectField name="overlap" label=w.overlap options=times value=Overlap::None.as_str() help=w.overlap_help />
            <DialogButtons confirm=w.rotate danger=true />
        </PostForm>
    }
}

#[component]
fn RevokeForm(row: CredentialRow) -> impl IntoView {
    let w = &strings().credentials;
    let app = use_app_path().get_untracked();
    let next = app.credentials();
    view! {
        <p class="question">{(w.revoke_question)(row.name)}</p>
        <p>{(w.revoke_help)(row.tokens, format::number(row.tokens))}</p>
        <PostForm action=RevokeCredential::PATH next=next about=Some(("id", row.id.to_string()))>
            <AppFields app=app />
            <DialogButtons confirm=w.revoke danger=true />
        </PostForm>
    }
}
