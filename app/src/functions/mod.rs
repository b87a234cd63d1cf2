//! Server functions, one file per entity: take the caller from the request, call one operation of `store` or `jobs`, return. No
//! rules, no SQL. Addresses are `/_fn/<entity>/<verb>` and stay stable.

pub mod account;
pub mod application;
pub mod credential;
pub mod event;
pub mod export;
pub mod file;
pub mod group;
pub mod import;
pub mod job;
pub mod member;
pub mod message;
pub mod operator;
pub mod overview;
pub mod preference;
pub mod search;
pub mod session;
pub mod view;

#[cfg(feature = "ssr")]
pub(crate) use server_side::{caller, extension, in_app, server};

#[cfg(feature = "ssr")]
mod server_side {
    use domain::{Caller, Error, application::AppId};
    use leptos::prelude::use_context;
    use store::Scope;

    use crate::{
        context::{RequestCaller, Server},
        error::AppError,
    };

    fn missing(what: &str) -> AppError {
        leptos::logging::error!("no {what} in the request's context");
        AppError::Domain(Error::Internal(what.to_owned()))
    }

    /// The server's shared parts.
    pub(crate) fn server() -> Result<Server, AppError> {
        use_context().ok_or_else(|| missing("server"))
    }

    /// What a layer has put on the request.
    pub(crate) fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
        use_context::<http::request::Parts>()?.extensions.get::<T>().cloned()
    }

    /// The caller.
    pub(crate) fn caller() -> Result<Caller, AppError> {
        extension::<RequestCaller>().map(|caller| caller.0).ok_or_else(|| missing("caller"))
    }

    /// A call of a server function that is about one app.
    pub(crate) struct InApp {
        pub server: Server,
        pub caller: Caller,
        pub app: AppId,
    }

    impl InApp {
        /// What operations take.
        pub fn scope(&self) -> Scope<'_> {
            Scope::new(&self.server.store, &self.caller, self.app)
        }
    }

    /// The call under way; the app is looked up, so a guessed name ends here.
    pub(crate) async fn in_app(org: &str, app: &str) -> Result<InApp, AppError> {
        let (server, caller) = (server()?, caller()?);
        let app = store::application::find(&server.store, &caller, org, app).await?;
        Ok(InApp { server, caller, app })
    }
}
