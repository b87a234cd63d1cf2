//! The caller and the app: what almost every operation of an app takes.

use domain::{
    Caller, Permission, Result,
    application::{AppId, AppRef},
};

use crate::Store;

/// One caller in one app of a store.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a, A = AppId> {
    /// The data.
    pub store: &'a Store,
    /// Who asks.
    pub caller: &'a Caller,
    /// The app that the operation is about.
    pub app: A,
}

/// For operations whose answers name the app, as those of the REST API do.
pub type AppScope<'a> = Scope<'a, &'a AppRef>;

impl<'a, A> Scope<'a, A> {
    /// `app` must come from the store, which gives it for a name.
    pub fn new(store: &'a Store, caller: &'a Caller, app: A) -> Self {
        Self { store, caller, app }
    }
}

impl<'a> AppScope<'a> {
    /// For operations that need no more than the app's key.
    pub fn by_id(self) -> Scope<'a> {
        Scope::new(self.store, self.caller, self.app.id)
    }
}

impl Scope<'_> {
    /// [`domain::Error::Forbidden`] unless the caller is an operator with the permission: for what API credentials must not see or do,
    /// such as messages, jobs and exports.
    pub fn require_operator(&self, permission: Permission) -> Result<()> {
        self.caller.require(permission)
    }

    /// [`domain::Error::Forbidden`] when the caller does not have the permission in the app. The app's own API credentials may have it
    /// too.
    pub fn require(&self, permission: Permission) -> Result<()> {
        self.caller.require_in(self.app, permission)
    }
}
