//! Accounts: list, get, create, edit, delete, export, suggest.

use domain::{
    account::{Account, AccountRow, DeletionSummary, NewAccountInput, Person, ProfileInput},
    account_page::{AccountPage, AccountPageParams},
    export::Export,
    job::BatchOutcome,
    page::{ListParams, Page},
    selection::Matching,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{in_app, job::to_job};
#[cfg(feature = "ssr")]
use crate::language::request_language;
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use jobs::batch;

#[server(prefix = "/_fn", endpoint = "account/list", output = Answer)]
pub async fn list_accounts(
    org: String,
    app: String,
    #[server(default)] params: ListParams,
) -> Result<Page<AccountRow>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::list(call.scope(), &params).await?)
}

#[server(prefix = "/_fn", endpoint = "account/get", output = Answer)]
pub async fn get_account(org: String, app: String, username: String) -> Result<Account, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::get(call.scope(), &username).await?)
}

/// All that the account's own page shows.
#[server(prefix = "/_fn", endpoint = "account/page", output = Answer)]
pub async fn get_account_page(
    org: String,
    app: String,
    username: String,
    #[server(default)] params: AccountPageParams,
) -> Result<AccountPage, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::page(call.scope(), &username, &params).await?)
}

/// Registered accounts for a half-typed username.
#[server(prefix = "/_fn", endpoint = "account/suggest", output = Answer)]
pub async fn suggest_accounts(org: String, app: String, #[server(default)] term: String) -> Result<Vec<Person>, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::suggest(call.scope(), &term).await?)
}

/// What the delete dialog has to say.
#[server(prefix = "/_fn", endpoint = "account/summary", output = Answer)]
pub async fn summarize_accounts(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
) -> Result<DeletionSummary, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::summary(call.scope(), ids, matching).await?)
}

#[server(prefix = "/_fn", endpoint = "account/create", output = Answer)]
pub async fn create_account(org: String, app: String, input: NewAccountInput) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::create(call.scope(), &input).await?)
}

#[server(prefix = "/_fn", endpoint = "account/edit", output = Answer)]
pub async fn edit_account(org: String, app: String, username: String, input: ProfileInput) -> Result<(), AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::account::edit(call.scope(), &username, &input).await?)
}

/// Few at once, many as a job, whose page is next.
#[server(prefix = "/_fn", endpoint = "account/delete", output = Answer)]
pub async fn delete_accounts(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] matching: Matching,
    #[server(default)] confirm: String,
) -> Result<BatchOutcome, AppError> {
    let call = in_app(&org, &app).await?;
    let started = batch::delete_accounts(call.scope(), ids, matching, &confirm).await?;
    Ok(to_job(org, app, started))
}

/// All columns of these accounts as CSV, in one click; the answer has the address of the file.
#[server(prefix = "/_fn", endpoint = "account/export", output = Answer)]
pub async fn export_accounts(org: String, app: String, #[server(default)] ids: Vec<String>) -> Result<Export, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(jobs::export::accounts(call.scope(), ids, request_language()).await?)
}
