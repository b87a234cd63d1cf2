//! `roster credential …`: keys for an app's back end, for scripts; the console has them under Settings → API.

use std::path::Path;

use clap::{Args, Subcommand};
use domain::{
    Caller, Error,
    application::{AppId, TokenRulesInput},
    credential::{Access, CredentialCreator, CredentialInput, CredentialRow, CredentialWithSecret},
    error::Entity,
    export::times,
};
use store::{Scope, Store, credential as credentials};

use super::{Failure, sentence};

/// One credential.
#[derive(Debug, Args)]
pub struct One {
    /// The app, as org_name/app_name
    app: String,
    /// What it is called
    name: String,
}

/// What a credential is limited to.
#[derive(Debug, Args)]
pub struct Limits {
    /// The last day on which it is good, in UTC, such as 2027-12-31; never: it does not expire
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
    /// What it is good for: write (which includes reading) or read
    #[arg(long, value_name = "read|write")]
    access: Option<String>,
    /// Addresses and networks from which it is good, separated by commas, such as 192.0.2.7,10.0.0.0/8; any: from anywhere
    #[arg(long, value_name = "ADDRESSES")]
    addresses: Option<String>,
}

impl Limits {
    /// These where they are given, else those of before.
    fn of(self, name: String, before: CredentialInput) -> CredentialInput {
        let given = |word: Option<String>, nothing: &str, before| match word {
            Some(word) if word == nothing => String::new(),
            Some(word) => word,
            None => before,
        };
        CredentialInput {
            name,
            expires: given(self.expires, "never", before.expires),
            access: self.access.unwrap_or(before.access),
            addresses: given(self.addresses, "any", before.addresses),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a credential; its secret is printed now and never again
    #[command(after_help = "Example:\n  roster credential add acme/chat billing --expires 2027-12-31 --access read")]
    Add {
        #[command(flatten)]
        one: One,
        #[command(flatten)]
        limits: Limits,
    },
    /// Change what a credential is called and limited to; what is not given stays
    Edit {
        #[command(flatten)]
        one: One,
        /// Another name
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        #[command(flatten)]
        limits: Limits,
    },
    /// Give a credential a new secret, which is printed now and never again
    Rotate {
        #[command(flatten)]
        one: One,
        /// How long the old secret goes on: now (not at all, and its tokens end), 1h, 24h or 7d (its tokens end with it)
        #[arg(long, value_name = "TIME", default_value = "now")]
        overlap: String,
    },
    /// List the credentials of an app
    List {
        /// The app, as org_name/app_name
        app: String,
    },
    /// Revoke a credential; every token that was got with it ends too, in a running server within a second
    Revoke {
        #[command(flatten)]
        one: One,
    },
    /// Show or change what an app gives tokens for; switching something off ends the tokens that were got in that way
    Grants {
        /// The app, as org_name/app_name
        app: String,
        /// Whether users get tokens for their passwords
        #[arg(long, value_name = "on|off")]
        password: Option<String>,
        /// Whether back ends get tokens for users
        #[arg(long, value_name = "on|off")]
        inherit: Option<String>,
        /// The longest life of new tokens, seconds; 0: no limit
        #[arg(long, value_name = "SECONDS")]
        ttl_max: Option<String>,
    },
}

pub async fn run(data: &Path, command: Command) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let result = perform(&store, command).await;
    store.close().await;
    result
}

fn told(error: Error) -> Failure {
    match error {
        Error::NotFound(Entity::Application) => Failure::Failed("there is no such app; name it as org_name/app_name.".to_owned()),
        error => Failure::Failed(sentence(&error)),
    }
}

async fn find(store: &Store, app: &str) -> Result<AppId, Failure> {
    let (org, name) = app.split_once('/').unwrap_or((app, ""));
    store::application::find(store, &Caller::system(), org, name).await.map_err(told)
}

async fn find_one(store: &Store, one: &One) -> Result<(AppId, CredentialRow), Failure> {
    let app = find(store, &one.app).await?;
    let all = credentials::list(Scope::new(store, &Caller::system(), app)).await.map_err(told)?;
    let row = all.into_iter().find(|row| row.name == one.name);
    row.map(|row| (app, row)).ok_or_else(|| Failure::Failed(format!("the app has no credential called {}.", one.name)))
}

fn print_secret(made: &CredentialWithSecret) {
    println!("client_id={}\nclient_secret={}", made.client_id, made.client_secret);
}

async fn perform(store: &Store, command: Command) -> Result<(), Failure> {
    let system = Caller::system();
    match command {
        Command::Add { one, limits } => {
            let app = find(store, &one.app).await?;
            let input = limits.of(one.name, CredentialInput::default());
            print_secret(&credentials::create(Scope::new(store, &system, app), input).await.map_err(told)?);
        }
        Command::Edit { one, rename, limits } => {
            let (app, row) = find_one(store, &one).await?;
            let before = CredentialInput {
                name: String::new(),
                expires: row.expires,
                access: row.access.as_str().to_owned(),
                addresses: row.addresses.join(" "),
            };
            let input = limits.of(rename.unwrap_or(one.name), before);
            credentials::edit(Scope::new(store, &system, app), row.id, input).await.map_err(told)?;
        }
        Command::Rotate { one, overlap } => {
            let (app, row) = find_one(store, &one).await?;
            print_secret(&credentials::rotate(Scope::new(store, &system, app), row.id, &overlap).await.map_err(told)?);
        }
        Command::List { app } => {
            let app = find(store, &app).await?;
            for row in credentials::list(Scope::new(store, &system, app)).await.map_err(told)? {
                println!("{:<24} {}{}", row.name, row.client_id, details(&row));
            }
        }
        Command::Revoke { one } => {
            let (app, row) = find_one(store, &one).await?;
            credentials::revoke(Scope::new(store, &system, app), row.id).await.map_err(told)?;
            println!("{} is revoked, and so are its tokens.", row.name);
        }
        Command::Grants { app, password, inherit, ttl_max } => {
            let app = find(store, &app).await?;
            let input = TokenRulesInput {
                password_grant: password.unwrap_or_default(),
                inherit_grant: inherit.unwrap_or_default(),
                ttl_max: ttl_max.unwrap_or_default(),
            };
            store::application::edit_token_rules(Scope::new(store, &system, app), &input).await.map_err(told)?;
            let rules = store::application::get(Scope::new(store, &system, app)).await.map_err(told)?.token_rules;
            let word = |on| if on { "on" } else { "off" };
            println!("password={}\ninherit={}\nttl_max={}", word(rules.password_grant), word(rules.inherit_grant), rules.ttl_max);
        }
    }
    Ok(())
}

/// What there is to say of a credential beside its name.
fn details(row: &CredentialRow) -> String {
    let mut text = match &row.made_by {
        CredentialCreator::Unknown => String::new(),
        CredentialCreator::CommandLine => "  made on the command line".to_owned(),
        CredentialCreator::Operator(name) => format!("  made by {name}"),
    };
    let expires = if row.expired { "expired after" } else { "expires after" };
    if row.expires_at.is_some() {
        text += &format!("  {expires} {}", row.expires);
    }
    if row.access == Access::Read {
        text += "  reads only";
    }
    if !row.addresses.is_empty() {
        text += &format!("  from {}", row.addresses.join(", "));
    }
    if let Some(until) = row.old_secret_until {
        text += &format!("  old secret until {}", times::iso(until));
    }
    text
}
