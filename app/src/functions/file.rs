//! Files that a group shares: list and delete. They are sent and fetched over addresses of their own.

use domain::{
    file::{FilePage, FileRef, FileSummary},
    page::{BatchReport, ListParams},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::in_app;
use crate::{error::AppError, wire::Answer};

#[server(prefix = "/_fn", endpoint = "file/list", output = Answer)]
pub async fn list_files(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] params: ListParams,
) -> Result<FilePage, AppError> {
    let call = in_app(&org, &app).await?;
    let page = store::file::list(call.scope(), &group_id, &params).await?;
    Ok(FilePage { page, usage: store::file::quota::usage_of_group(call.scope(), &group_id).await? })
}

/// What the delete dialog has to say.
#[server(prefix = "/_fn", endpoint = "file/summary", output = Answer)]
pub async fn summarize_files(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
) -> Result<FileSummary, AppError> {
    let call = in_app(&org, &app).await?;
    Ok(store::file::summary(call.scope(), &group_id, ids).await?)
}

/// `named`: the files as the dialog showed them, so that those deleted in the meantime are reported by their names.
#[server(prefix = "/_fn", endpoint = "file/delete", output = Answer)]
pub async fn delete_files(
    org: String,
    app: String,
    group_id: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] confirm: String,
    #[server(default)] named: Vec<FileRef>,
) -> Result<BatchReport, AppError> {
    let call = in_app(&org, &app).await?;
    let report = store::file::delete(call.scope(), &group_id, ids, &confirm).await?;
    let name = |id: String| named.iter().find(|file| file.file_id == id).map_or(id, |file| file.file_name.clone());
    Ok(BatchReport { gone: report.gone.into_iter().map(name).collect(), ..report })
}
