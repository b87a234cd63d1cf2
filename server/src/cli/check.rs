//! `roster check`: looks for damage and for rows that contradict each other.

use std::path::{Path, PathBuf};

use store::check::{CheckError, CheckOptions, CheckReport, check};

use super::{Failure, sentence};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of the shared files compare only the sizes, not the bytes
    #[arg(long)]
    quick: bool,
    /// Where a copy of the database is made for as long as this takes; without it in the data folder
    #[arg(long, value_name = "FOLDER")]
    scratch: Option<PathBuf>,
}

pub async fn run(data: &Path, args: Args) -> Result<(), Failure> {
    let how = CheckOptions { quick: args.quick, scratch: args.scratch };
    let CheckReport { problems, aside } = check(data, &how).await.map_err(|error| match error {
        CheckError::Fault(error) => Failure::Failed(sentence(&error)),
        error => Failure::failed(error),
    })?;
    if aside.files > 0 {
        println!("{}", super::aside::words(aside));
    }
    if problems.is_empty() {
        println!("{}: no problem found.", data.display());
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(Failure::Failed(format!("{} problems found. Keep a copy of the folder, then restore the latest backup.", problems.len())))
}
