//! Files that a group shares: list and delete. They are sent and fetched over addresses of their own.

use domain::{
    file::{FileNamed, FilePage, FileSummary},
    page::{BatchReport, ListParams},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::scope;
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "file/list", output = Answer)]
pub async fn list_files(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: ListParams,
) -> Result<FilePage, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    let page = store::file::list(&server.store, &caller, app, &group_id, &params).await?;
    Ok(FilePage { page, usage: store::file::quota::usage_of_group(&server.store, &caller, app, &group_id).await? })
}

/// What the delete dialog has to say.
#[server(prefix = "/_fn", endpoint = "file/summary", output = Answer)]
pub async fn summarize_files(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
) -> Result<FileSummary, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    Ok(store::file::summary(&server.store, &caller, app, &group_id, ids).await?)
}

/// `named`: the files as the dialog showed them, so that those that are gone meanwhile are told by their names.
#[server(prefix = "/_fn", endpoint = "file/delete", output = Answer)]
pub async fn delete_files(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] confirm: String,
    #[server(default)] named: Vec<FileNamed>,
) -> Result<BatchReport, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    let report = store::file::delete(&server.store, &caller, app, &group_id, ids, &confirm).await?;
    let name = |id: String| named.iter().find(|file| file.file_id == id).map_or(id, |file| file.file_name.clone());
    Ok(BatchReport { gone: report.gone.into_iter().map(name).collect(), ..report })
}
