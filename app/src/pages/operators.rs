//! Operators, for owners: who may sign in, and as what.

use domain::{
    credential::CreatedCredential,
    operator::{OperatorRow, Role, SetupLink},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use words::format;

use super::sessions::SessionsDialog;
use crate::{
    browser,
    components::{
        ActionLink, Badge, CopyButton, Dialog, DialogButtons, Limit, Loaded, Notice, PageHeader, PostForm, SelectField,
        SubmitButton, TextField, Time, console_layout::role_word, dialog::close_href, status::last_setup_link,
    },
    functions::{
        credential::made_credentials,
        operator::{AddOperator, ChangeOperatorRole, DisableOperator, EnableOperator, ResetOperatorPassword, list_operators},
    },
    page_context::{page_context, strings},
    route::use_query,
    url::{AppPath, Query, encode},
};

const PATH: &str = "/operators";

fn dialog_href(dialog: &str, id: i64) -> String {
    Query::default().and("dialog", dialog).and("ids", &id.to_string()).href(PATH)
}

#[component]
pub fn OperatorsPage() -> impl IntoView {
    let t = strings();
    let query = use_query();
    let changes = page_context().changes;
    let forbidden = (!page_context().is_owner()).then_some(t.shell.owners_only);
    let operators = Resource::new(move || changes.get(), |_| list_operators());
    let dialog = Memo::new(move |_| {
        let query = query.read();
        (query.get("dialog").to_owned(), query.get("ids").parse::<i64>().unwrap_or(0))
    });
    let shown = move |rows: Vec<OperatorRow>| {
        let of = rows.clone();
        let opened = move || {
            let (word, id) = dialog.get();
            let row = of.iter().find(|row| row.id == id).cloned();
            match (word.as_str(), row) {
                ("add", _) => view! { <AddDialog /> }.into_any(),
                ("link", _) => view! { <LinkDialog /> }.into_any(),
                ("role", Some(row)) => view! { <RoleDialog row=row /> }.into_any(),
                ("disable", Some(row)) => view! { <DisableDialog row=row /> }.into_any(),
                ("reset", Some(row)) => view! { <ResetDialog row=row /> }.into_any(),
                ("sessions", Some(row)) => {
                    view! { <SessionsDialog here=dialog_href("sessions", row.id) operator=row close=PATH /> }.into_any()
                }
                _ => ().into_any(),
            }
        };
        view! {
            <section class="list" aria-label=t.operators.title>
                <OperatorTable rows=rows />
            </section>
            {opened}
        }
    };
    view! {
        <Title text=t.operators.title />
        <PageHeader title=t.operators.title lead=t.operators.lead>
            <ActionLink href=format!("{PATH}?dialog=add") label=t.operators.add_operator kind="primary" icon="plus" disabled=forbidden />
        </PageHeader>
        <Loaded resource=operators view=shown />
    }
}

#[component]
fn OperatorTable(rows: Vec<OperatorRow>) -> impl IntoView {
    let t = strings();
    let me = page_context().me().map(|me| me.id);
    let rows = rows.into_iter().map(|row| view! { <Row own=me == Some(row.id) row=row /> });
    view! {
        <div class="table-frame" role="region" aria-label=t.operators.title tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.sign_in.name}</th>
                        <th role="columnheader" scope="col">{t.operators.operator_role}</th>
                        <th role="columnheader" scope="col">{t.operators.state}</th>
                        <th role="columnheader" scope="col">{t.common.created}</th>
                        <th role="columnheader" scope="col">{t.operators.last_sign_in}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(row: OperatorRow, own: bool) -> impl IntoView {
    let t = strings();
    let state = if row.disabled {
        view! { <Badge text=t.operators.state_disabled tone="danger" /> }
    } else if row.pending {
        view! { <Badge text=t.operators.state_pending tone="warning" /> }
    } else {
        view! { <Badge text=t.operators.state_active tone="success" /> }
    };
    let oneself = own.then_some(t.errors.oneself);
    let name = row.name.clone();
    let named = move |verb: &'static str| (t.common.action_of)(verb, name.clone());
    let enable = named(t.operators.enable);
    let toggle = if row.disabled {
        view! {
            <PostForm action=EnableOperator::PATH next=PATH class="inline-form" about=Some(("id", row.id.to_string()))>
                <SubmitButton label=t.operators.enable kind="quiet" aria_label=enable />
            </PostForm>
        }
        .into_any()
    } else {
        view! { <ActionLink href=dialog_href("disable", row.id) label=t.operators.disable kind="danger-quiet" disabled=oneself aria_label=named(t.operators.disable) /> }
            .into_any()
    };
    view! {
        <tr role="row">
            <td role="rowheader" data-label=t.sign_in.name class="cell-title"><bdi>{row.name.clone()}</bdi></td>
            <td role="cell" data-label=t.operators.operator_role>{role_word(row.role)}</td>
            <td role="cell" data-label=t.operators.state>{state}</td>
            <td role="cell" data-label=t.common.created class="nowrap"><Time at=row.created_at /></td>
            <td role="cell" data-label=t.operators.last_sign_in class="nowrap">
                {match row.last_sign_in_at {
                    Some(at) => view! { <Time at=at /> }.into_any(),
                    None => view! { <span class="muted">{t.common.never}</span> }.into_any(),
                }}
            </td>
            <td role="cell" class="cell-actions">
                <span class="row-actions">
                    <ActionLink href=dialog_href("sessions", row.id) label=t.sessions.sessions kind="quiet" aria_label=named(t.sessions.sessions) />
                    <ActionLink href=dialog_href("role", row.id) label=t.operators.change_role kind="quiet" disabled=oneself aria_label=named(t.operators.change_role) />
                    <ActionLink href=dialog_href("reset", row.id) label=t.operators.reset_password kind="quiet" disabled=oneself aria_label=named(t.operators.reset_password) />
                    {toggle}
                </span>
            </td>
        </tr>
    }
}

fn roles() -> Vec<(&'static str, &'static str)> {
    let t = strings();
    vec![
        (Role::Admin.as_str(), t.operators.role_admin_help),
        (Role::Viewer.as_str(), t.operators.role_viewer_help),
        (Role::Owner.as_str(), t.operators.role_owner_help),
    ]
}

#[component]
fn AddDialog() -> impl IntoView {
    let t = strings();
    view! {
        <Dialog title=t.operators.add_operator close=PATH>
            <PostForm action=AddOperator::PATH next=format!("{PATH}?dialog=link")>
                <TextField
                    name="name"
                    label=t.sign_in.name
                    required=true
                    autofocus=true
                    limit=Limit::Chars(domain::limits::OPERATOR_NAME_CHARS)
                    check=|text| domain::operator::rules::OperatorName::parse(text).map(drop)
                />
                <SelectField name="role" label=t.operators.operator_role options=roles() value="admin" required=true />
                <p class="field-help">{t.operators.add_operator_help}</p>
                <DialogButtons confirm=t.operators.add_operator />
            </PostForm>
        </Dialog>
    }
}

/// The link of a new operator or of a reset, shown once.
#[component]
fn LinkDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    match untrack(last_setup_link) {
        Some(link) => view! { <LinkShown link=link close=close /> }.into_any(),
        None => {
            view! { <Dialog title=t.operators.setup_link close=close><p>{t.operators.setup_link_gone}</p></Dialog> }.into_any()
        }
    }
}

#[component]
fn LinkShown(link: SetupLink, close: String) -> impl IntoView {
    let t = strings();
    let path = format!("/setup?token={}", encode(&link.token));
    // Complete in the browser, where the address of the server is known; a path before that.
    let whole = RwSignal::new(path.clone());
    let link_path = path.clone();
    Effect::new(move |_| whole.set(format!("{}{link_path}", browser::origin())));
    view! {
        <Dialog title=t.operators.setup_link close=close.clone()>
            <p>{(t.operators.setup_link_for)(link.operator)}</p>
            <p class="secret"><a class="mono" href=path.clone() rel="external">{move || whole.get()}</a><CopyButton text=path here=true label=t.operators.copy_link /></p>
            <Notice tone="warning"><p>{t.operators.setup_link_once}</p></Notice>
            <div class="dialog-buttons">
                <a class="button button-primary" href=close data-noscroll="" autofocus=true>{t.common.close}</a>
            </div>
        </Dialog>
    }
}

#[component]
fn RoleDialog(row: OperatorRow) -> impl IntoView {
    let t = strings();
    view! {
        <Dialog title=(t.common.action_of)(t.operators.change_role, row.name) close=PATH>
            <PostForm action=ChangeOperatorRole::PATH next=PATH about=Some(("id", row.id.to_string()))>
                <SelectField name="role" label=t.operators.operator_role options=roles() value=row.role.as_str() autofocus=true />
                <DialogButtons confirm=t.common.confirm />
            </PostForm>
        </Dialog>
    }
}

#[component]
fn DisableDialog(row: OperatorRow) -> impl IntoView {
    let t = strings();
    let made = Resource::new(|| (), move |()| made_credentials(row.id));
    view! {
        <Dialog title=(t.common.action_of)(t.operators.disable, row.name.clone()) close=PATH>
            <p>{(t.operators.disable_question)(row.name)}</p>
            <Loaded resource=made view=|made| view! { <Made made=made /> } />
            <PostForm action=DisableOperator::PATH next=PATH about=Some(("id", row.id.to_string()))>
                <DialogButtons confirm=t.operators.disable danger=true />
            </PostForm>
        </Dialog>
    }
}

/// The credentials that an operator created.
#[component]
fn Made(made: Vec<CreatedCredential>) -> impl IntoView {
    const FIRST: usize = 10;
    let t = strings();
    let number = made.len() as u64;
    let more = number.saturating_sub(FIRST as u64);
    (number > 0).then(|| {
        let rows = made.into_iter().take(FIRST).map(|one| {
            let app = AppPath { org: one.org_name, app: one.app_name };
            view! {
                <li><a href=app.credentials()><bdi>{one.name}</bdi></a> " · " <span class="mono">{format!("{}/{}", app.org, app.app)}</span></li>
            }
        });
        view! {
            <div>
                <p>{(t.operators.made_credentials)(number, format::number(number))}</p>
                <ul class="targets">
                    {rows.collect_view()}
                    {(more > 0).then(|| view! { <li>{(t.lists.and_more)(more, format::number(more))}</li> })}
                </ul>
            </div>
        }
    })
}

#[component]
fn ResetDialog(row: OperatorRow) -> impl IntoView {
    let t = strings();
    view! {
        <Dialog title=(t.common.action_of)(t.operators.reset_password, row.name.clone()) close=PATH>
            <p>{(t.operators.reset_question)(row.name)}</p>
            <PostForm action=ResetOperatorPassword::PATH next=format!("{PATH}?dialog=link") about=Some(("id", row.id.to_string()))>
                <DialogButtons confirm=t.operators.reset_password danger=true />
            </PostForm>
        </Dialog>
    }
}
