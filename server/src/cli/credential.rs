//! `roster credential …`: keys for an app's back end, for scripts; the console has them under Settings → API.

use std::path::Path;

use clap::Subcommand;
use domain::{Caller, Error, Store, application, credential::store as credentials, error::Entity};

use super::{Failure, sentence};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a credential; its secret is printed now and never again
    #[command(after_help = "Example:\n  roster credential add acme/chat billing")]
    Add {
        /// The app, as org_name/app_name
        app: String,
        /// What to call it
        name: String,
    },
    /// List the credentials of an app
    List {
        /// The app, as org_name/app_name
        app: String,
    },
    /// Revoke a credential; every token that was got with it ends too, in a running server within a second
    Revoke {
        /// The app, as org_name/app_name
        app: String,
        /// What it is called
        name: String,
    },
}

pub async fn run(data: &Path, command: Command) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let result = perform(&store, command).await;
    store.close().await;
    result
}

async fn perform(store: &Store, command: Command) -> Result<(), Failure> {
    let system = Caller::system();
    let told = |error: Error| match error {
        Error::NotFound(Entity::Application) => Failure::Failed("there is no such app; name it as org_name/app_name.".to_owned()),
        error => Failure::Failed(sentence(&error)),
    };
    let find = async |app: &str| {
        let (org, name) = app.split_once('/').unwrap_or((app, ""));
        application::store::find(store, &system, org, name).await
    };
    match command {
        Command::Add { app, name } => {
            let app = find(&app).await.map_err(told)?;
            let made = credentials::create(store, &system, app, &name).await.map_err(told)?;
            println!("client_id={}\nclient_secret={}", made.client_id, made.client_secret);
        }
        Command::List { app } => {
            let app = find(&app).await.map_err(told)?;
            for row in credentials::list(store, &system, app).await.map_err(told)? {
                println!("{:<24} {}", row.name, row.client_id);
            }
        }
        Command::Revoke { app, name } => {
            let app = find(&app).await.map_err(told)?;
            let all = credentials::list(store, &system, app).await.map_err(told)?;
            let row = all.into_iter().find(|row| row.name == name);
            let row = row.ok_or_else(|| Failure::Failed(format!("the app has no credential called {name}.")))?;
            credentials::revoke(store, &system, app, row.id).await.map_err(told)?;
            println!("{name} is revoked, and so are its tokens.");
        }
    }
    Ok(())
}
