//! `roster audit`: the audit log's archives.

use std::path::Path;

use clap::Subcommand;
use domain::{
    Caller,
    event::{Archive, rules::day},
};
use store::{Store, db::now, event::archive};

use super::{Failure, sentence};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Move events from before a day into files in the folder archive; each file is read again before its events leave the log
    Archive {
        /// The first day that stays, YYYY-MM-DD in UTC; not later than today
        #[arg(long, value_name = "DATE")]
        before: String,
    },
    /// List the archives
    List,
}

pub async fn run(data: &Path, command: Command) -> Result<(), Failure> {
    let before = match &command {
        Command::Archive { before } => match day(before) {
            Ok(Some(at)) if at <= now() => at,
            _ => {
                return Err(Failure::Usage(format!(
                    "--before is «{before}». Give a day such as 2026-01-31, not later than today."
                )));
            }
        },
        Command::List => 0,
    };
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let system = Caller::system();
    let archives = match command {
        Command::Archive { .. } => archive::archive_before(&store, &system, before).await,
        Command::List => archive::retention(&store, &system).await.map(|retention| retention.archives),
    };
    store.close().await;
    let archives = archives.map_err(|error| Failure::Failed(sentence(&error)))?;
    if archives.is_empty() {
        println!("{}", if before > 0 { "No event is older." } else { "There are no archives." });
    }
    for archive in &archives {
        println!("{}", line(archive));
    }
    Ok(())
}

fn line(archive: &Archive) -> String {
    let Archive { file_name, events, bytes, sha256, .. } = archive;
    format!("archive/{file_name}: {events} events, {} KB, SHA-256 {sha256}", bytes.div_ceil(1024))
}
