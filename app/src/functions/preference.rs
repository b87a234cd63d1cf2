//! How the operator likes the lists, and the single-key shortcuts.

use domain::layout::{Layout, LayoutInput};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::functions::{caller, server};
use crate::{error::AppError, wire::Answer};

/// Columns and rows of one list, and the density of all; returns the whole layout.
#[server(prefix = "/_fn", endpoint = "preference/list", output = Answer)]
pub async fn set_list_layout(#[server(default)] input: LayoutInput) -> Result<Layout, AppError> {
    Ok(store::layout::set_list(&server()?.store, &caller()?, &input).await?)
}

/// Switches the single-key shortcuts on or off; returns the whole layout.
#[server(prefix = "/_fn", endpoint = "preference/shortcuts", output = Answer)]
pub async fn set_shortcuts(#[server(default)] on: bool) -> Result<Layout, AppError> {
    Ok(store::layout::set_keys(&server()?.store, &caller()?, on).await?)
}
