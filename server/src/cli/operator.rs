//! `roster operator …`: access for the case that nobody can sign in any more.

use std::path::Path;

use clap::{Subcommand, ValueEnum};
use domain::{
    Caller, Error,
    operator::{OperatorRow, Role},
};
use store::{Store, operator as operators};

use super::{Failure, password, sentence};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add an operator; asks for the password (or reads ROSTER_PASSWORD or standard input)
    #[command(after_help = "Example:\n  echo \"$SECRET\" | roster operator add kim --role viewer")]
    Add {
        /// The name to sign in with
        name: String,
        /// What the operator may do
        #[arg(long, value_enum, default_value = "admin")]
        role: RoleName,
    },
    /// List all operators
    List,
    /// Set an operator's password and end the operator's sessions
    SetPassword {
        /// The operator's name
        name: String,
    },
    /// Keep an operator out, and end the operator's sessions
    Disable {
        /// The operator's name
        name: String,
    },
    /// Let a disabled operator in again
    Enable {
        /// The operator's name
        name: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleName {
    /// Everything, operators included
    Owner,
    /// All app data
    Admin,
    /// Reads only
    Viewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Owner => Self::Owner,
            RoleName::Admin => Self::Admin,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

pub async fn run(data: &Path, command: Command) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let result = perform(&store, command).await;
    store.close().await;
    result
}

async fn perform(store: &Store, command: Command) -> Result<(), Failure> {
    let system = Caller::system();
    let told = |error: Error| Failure::Failed(sentence(&error));
    match command {
        Command::Add { name, role } => {
            let password = password::ask(&name)?;
            operators::add_with_password(store, &system, &name, role.into(), &password).await.map_err(told)?;
            println!("Added {name}.");
        }
        Command::List => {
            for operator in operators::list_all(store).await.map_err(told)? {
                println!("{}", line(&operator));
            }
        }
        Command::SetPassword { name } => {
            let password = password::ask(&name)?;
            operators::set_password(store, &system, &name, &password).await.map_err(told)?;
            println!("{name} has a new password and is signed out everywhere.");
        }
        Command::Disable { name } => {
            operators::set_disabled_by_name(store, &system, &name, true).await.map_err(told)?;
            println!("{name} is disabled and signed out everywhere.");
        }
        Command::Enable { name } => {
            operators::set_disabled_by_name(store, &system, &name, false).await.map_err(told)?;
            println!("{name} can sign in again.");
        }
    }
    Ok(())
}

fn line(operator: &OperatorRow) -> String {
    let state = match (operator.disabled, operator.pending) {
        (true, _) => "disabled",
        (_, true) => "has not chosen a password yet",
        _ => "",
    };
    format!("{:<24} {:<8} {state}", operator.name, operator.role.as_str()).trim_end().to_owned()
}
