//! Who asks, where: what almost every operation of an app takes.

use domain::{Caller, Permission, Result, application::AppId};

use crate::Store;

/// One caller in one app of a store.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The data.
    pub store: &'a Store,
    /// Who asks.
    pub caller: &'a Caller,
    /// The app that it is about.
    pub app: AppId,
}

impl<'a> Scope<'a> {
    /// `app`: as the store gave it for a name.
    pub fn new(store: &'a Store, caller: &'a Caller, app: AppId) -> Self {
        Self { store, caller, app }
    }

    /// [`domain::Error::Forbidden`] when the caller may not do that in the app.
    pub fn require(&self, permission: Permission) -> Result<()> {
        self.caller.require_in(self.app, permission)
    }
}
