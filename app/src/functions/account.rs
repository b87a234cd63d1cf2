//! Accounts: list, look, create, edit, delete, export, suggest.

use domain::{
    account::{Account, AccountPage, AccountPageParams, AccountRow, DeletionSummary, NewAccountInput, Person, ProfileInput},
    export::Export,
    page::{BatchReport, ListParams, Page},
};
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::functions::scope;
#[cfg(feature = "ssr")]
use crate::lang::{LanguageWords, request_language};
#[cfg(feature = "ssr")]
use domain::account::store;

#[server(prefix = "/_fn", endpoint = "account/list")]
pub async fn list_accounts(
    org: String,
    app: String,
    #[server(default)] params: ListParams,
) -> Result<Page<AccountRow>, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::list(&server.store, &caller, app, &params).await?)
}

#[server(prefix = "/_fn", endpoint = "account/get")]
pub async fn get_account(org: String, app: String, username: String) -> Result<Account, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::get(&server.store, &caller, app, &username).await?)
}

/// All that the account's own page shows.
#[server(prefix = "/_fn", endpoint = "account/page")]
pub async fn get_account_page(
    org: String,
    app: String,
    username: String,
    #[server(default)] params: AccountPageParams,
) -> Result<AccountPage, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::page(&server.store, &caller, app, &username, &params).await?)
}

/// Registered accounts for a half-typed username.
#[server(prefix = "/_fn", endpoint = "account/suggest")]
pub async fn suggest_accounts(org: String, app: String, #[server(default)] term: String) -> Result<Vec<Person>, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::suggest(&server.store, &caller, app, &term).await?)
}

/// What the delete dialog has to say.
#[server(prefix = "/_fn", endpoint = "account/summary")]
pub async fn summarize_accounts(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
) -> Result<DeletionSummary, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::summary(&server.store, &caller, app, &ids).await?)
}

#[server(prefix = "/_fn", endpoint = "account/create")]
pub async fn create_account(org: String, app: String, input: NewAccountInput) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::create(&server.store, &caller, app, &input).await?)
}

#[server(prefix = "/_fn", endpoint = "account/edit")]
pub async fn edit_account(org: String, app: String, username: String, input: ProfileInput) -> Result<(), AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::edit(&server.store, &caller, app, &username, &input).await?)
}

#[server(prefix = "/_fn", endpoint = "account/delete")]
pub async fn delete_accounts(
    org: String,
    app: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] confirm: String,
) -> Result<BatchReport, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::delete(&server.store, &caller, app, ids, &confirm).await?)
}

/// Writes the file, with its header in the reader's language; the answer says where to fetch it.
#[server(prefix = "/_fn", endpoint = "account/export")]
pub async fn export_accounts(org: String, app: String, #[server(default)] ids: Vec<String>) -> Result<Export, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    let headers = request_language().strings().export_headers.map(str::to_owned);
    Ok(domain::export::accounts(&server.store, &caller, app, ids, &headers).await?)
}
