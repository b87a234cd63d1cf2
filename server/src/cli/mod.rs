//! The command line: what can be typed, and the one place where a failure becomes a sentence and an exit code.

mod aside;
mod audit;
mod backup;
mod check;
mod credential;
mod demo;
mod generate;
mod openapi;
mod operator;
mod password;
mod restore;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    config::{DataArgs, ServeArgs},
    storage,
};

const AFTER: &str = "\
Examples:
  roster                                    serve http://127.0.0.1:3000 with the data in ./data
  roster serve --listen 0.0.0.0:8080        serve on another address
  roster operator add kim --role admin      add an operator; asks for the password
  roster backup /backups/roster             copy everything while it is being served

Every option can also be given as a variable (in brackets). Passwords are never options: they are
asked for, read from standard input, or taken from ROSTER_PASSWORD. On the first start,
ROSTER_ADMIN_PASSWORD makes the owner `admin`.";

const BACKUP: &str = "\
The folder keeps many backups. Files that groups share lie beside them once for all, in the folder files,
so a further backup copies only new ones. `roster restore` is the way back; `sha256sum -c SHA256SUMS` in
one of them compares everything that belongs to it.";

const RESTORE: &str = "\
Examples:
  roster restore /backups/roster                              the latest
  roster restore /backups/roster --at 2026-11-27              the last of that day, in UTC
  roster restore /backups/roster/2026-11-27T20-43-21Z         that one

Stop roster first. Everything is compared before it takes the place of what is there.";

const GENERATE: &str = "\
Example:
  roster generate --accounts 1000000 --groups 20000 --memberships 2000000 --messages 200000";

/// Roster: an administration server for instant messaging. One binary, one data folder.
#[derive(Debug, Parser)]
#[command(name = "roster", version, after_help = AFTER)]
struct Cli {
    #[command(flatten)]
    data: DataArgs,

    /// What goes to the log (standard error): error, warn, info, debug, or per module such as server=debug
    #[arg(long, env = "ROSTER_LOG", value_name = "LEVEL", default_value = "warn", global = true)]
    log: String,

    /// How the log is written: text, or json for one object a line
    #[arg(long, env = "ROSTER_LOG_FORMAT", value_name = "FORMAT", default_value = "text", global = true)]
    log_format: String,

    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the console (this is what happens without a command)
    Serve(ServeArgs),
    /// Add, list, disable and enable operators, and set passwords
    #[command(subcommand)]
    Operator(operator::Command),
    /// Make, list and revoke the API credentials of an app
    #[command(subcommand)]
    Credential(credential::Command),
    /// Add the sample app to the data folder
    Demo,
    /// Fill an app with made-up data, for trying Roster out at size; run again, it replaces what it made
    #[command(after_help = GENERATE)]
    Generate(generate::Args),
    /// Copy everything into a folder of backups, consistently, also while it is being served
    #[command(after_help = BACKUP)]
    Backup(backup::Args),
    /// Put a backup into the data folder
    #[command(after_help = RESTORE)]
    Restore(restore::Args),
    /// Look for damage in the data folder, also while it is being served; says what it finds and ends with 1 if there is anything
    Check(check::Args),
    /// Move old events of the audit log into archives, and list these
    #[command(subcommand)]
    Audit(audit::Command),
    /// Tell how many shared files were set aside because the database did not know them, or remove them
    Aside(aside::Args),
    /// Print the OpenAPI document of the REST API; a running server has it under /api/openapi.json, and a page at /api/docs
    Openapi,
}

/// How long work may go on that nobody waits for any more.
const SHUTDOWN_GRACE: std::time::Duration = std::time::Duration::from_secs(10);

/// How long a thread for blocking work waits for more. Shorter than usual: the allocator gives back what a password's hash took,
/// 19 MiB, when such a thread ends.
const IDLE_THREAD: std::time::Duration = std::time::Duration::from_secs(3);

/// Why a command ended badly.
#[derive(Debug)]
enum Failure {
    /// Told wrongly: exit code 2, as clap does it.
    Usage(String),
    /// Exit code 1.
    Failed(String),
}

impl Failure {
    fn failed(why: impl std::fmt::Display) -> Self {
        Self::Failed(why.to_string())
    }
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(why)) => {
            eprintln!("roster: {why}");
            ExitCode::from(2)
        }
        Err(Failure::Failed(why)) => {
            eprintln!("roster: {why}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<(), Failure> {
    log_to_stderr(&cli.log, &cli.log_format)?;
    // At least two, because one page waiting on another's work must not stop it.
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get().max(2));
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(threads).thread_keep_alive(IDLE_THREAD).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(format!("the system gives no threads: {error}")))?;
    let data = cli.data.data;
    let result = runtime.block_on(async {
        match cli.command {
            None => serve::run(&data, &cli.serve).await,
            Some(Command::Serve(args)) => serve::run(&data, &args).await,
            Some(Command::Operator(command)) => operator::run(&data, command).await,
            Some(Command::Credential(command)) => credential::run(&data, command).await,
            Some(Command::Demo) => demo::run(&data).await,
            Some(Command::Generate(args)) => generate::run(&data, args).await,
            Some(Command::Backup(args)) => backup::run(&data, args).await,
            Some(Command::Restore(args)) => restore::run(&data, args).await,
            Some(Command::Check(args)) => check::run(&data, args).await,
            Some(Command::Aside(args)) => aside::run(&data, &args).await,
            Some(Command::Audit(command)) => audit::run(&data, command).await,
            Some(Command::Openapi) => openapi::run(),
        }
    });
    // The reader of standard output may have stopped reading; this does not wait forever for it.
    runtime.shutdown_timeout(SHUTDOWN_GRACE);
    result
}

fn log_to_stderr(level: &str, format: &str) -> Result<(), Failure> {
    let level = if level.trim().is_empty() { "warn" } else { level };
    // sqlx logs every statement at a lower level than this; it is logged only when the option names `sqlx` itself.
    let filter = tracing_subscriber::EnvFilter::try_new(format!("sqlx=warn,{level}")).map_err(|error| {
        Failure::Usage(format!("ROSTER_LOG (--log) is «{level}»: {error}. Give error, warn, info, debug or trace."))
    })?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    match format.trim() {
        "" | "text" => log.with_ansi(colours).init(),
        "json" => log.json().init(),
        other => {
            return Err(Failure::Usage(format!("ROSTER_LOG_FORMAT (--log-format) is «{other}». Give text or json.")));
        }
    }
    Ok(())
}

/// A refusal of the domain as a sentence for the terminal.
fn sentence(error: &domain::Error) -> String {
    use domain::{
        Code, Error,
        error::{Conflict, Entity},
    };
    match error {
        Error::Invalid(errors) => {
            let one = |field: &str, code: &Code| match code {
                Code::Required | Code::Blank => format!("the {field} is missing"),
                Code::TooFewChars { min, actual } => format!("the {field} has {actual} characters; at least {min} are needed"),
                Code::TooManyChars { max, actual } => format!("the {field} has {actual} characters; at most {max} are allowed"),
                Code::CommonPassword => "this password is one of those that everybody tries first".to_owned(),
                Code::Taken => format!("the {field} is taken; choose another one"),
                Code::Mismatch => "the two passwords differ".to_owned(),
                Code::NotChoice => format!("the {field} is none of the choices"),
                Code::NotAddress(word) => format!("«{word}» is neither an address nor a network such as 10.0.0.0/8"),
                Code::NotDate => format!("the date of {field} is no date such as 2027-12-31"),
                Code::NotFuture => format!("the date of {field} has passed"),
                Code::NotNumber { min, max } => format!("the {field} is no whole number from {min} to {max}"),
                Code::TooManyItems { max, actual } => format!("the {field} makes {actual}; at most {max} are allowed"),
                Code::NulCharacter | Code::ControlCharacter => format!("the {field} holds a character that cannot be shown"),
                other => format!("the {field} is wrong ({other:?})"),
            };
            errors.iter().map(|error| one(&error.field, &error.code)).collect::<Vec<_>>().join("; ") + "."
        }
        Error::NotFound(Entity::Operator) => "there is no operator of that name. `roster operator list` shows them.".to_owned(),
        Error::Conflict(Conflict::LastOwner) => "this is the last owner. Add another owner first.".to_owned(),
        Error::Busy => "the database is busy. Please try again.".to_owned(),
        Error::Storage(fault) => storage::words(*fault).to_owned() + ".",
        other => format!("it did not work: {other}."),
    }
}
