//! The overview of an app.

use domain::overview::Overview;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::scope;
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::Permission;

#[server(prefix = "/_fn", endpoint = "overview/get", output = Answer)]
pub async fn get_overview(org: String, app: String) -> Result<Overview, AppError> {
    let (server, caller, app) = scope(&org, &app).await?;
    let overview = store::overview::get(&server.store, &caller, app).await?;
    let backups = server.backups.filter(|_| caller.require(Permission::Write).is_ok()).map(|watch| watch.state());
    Ok(Overview { backups, ..overview })
}
