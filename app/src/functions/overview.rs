//! The overview of an app.

use domain::overview::Overview;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::in_app;
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::Permission;

#[server(prefix = "/_fn", endpoint = "overview/get", output = Answer)]
pub async fn get_overview(org: String, app: String) -> Result<Overview, AppError> {
    let call = in_app(&org, &app).await?;
    let overview = store::overview::get(call.scope()).await?;
    let backups = call.server.backups.filter(|_| call.caller.require(Permission::Write).is_ok()).map(|watch| watch.state());
    Ok(Overview { backups, ..overview })
}
