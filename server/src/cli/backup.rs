//! `roster backup FOLDER`: a complete copy of the data folder, also while another process serves it.

use std::path::{Path, PathBuf};

use store::backup::{BackupError, BackupReport, Options, make};

use super::Failure;
use crate::config;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where backups go, best on another disk. Each gets a folder of its own in there, named after its time in UTC
    folder: PathBuf,
    /// Keep so many backups and take older ones out; without it all are kept
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
    /// Also read the shared files again that earlier backups have copied, and mend those that are not what they were
    #[arg(long)]
    verify: bool,
    /// So much of the disk that the folder lies on stays free, such as 200 MB; what would leave less is refused; 0: fill it. Usually 1 GB,
    /// or 5 % of a disk of less than 20 GB
    #[arg(long, env = "ROSTER_MIN_FREE", value_name = "SIZE")]
    min_free: Option<String>,
}

pub async fn run(data: &Path, args: Args) -> Result<(), Failure> {
    let keep_free = config::min_free(args.min_free.as_deref()).map_err(Failure::Usage)?;
    let how = Options { verify: args.verify, keep: args.keep, keep_free };
    let made = make(data, &args.folder, &how).await.map_err(|error| match error {
        error @ BackupError::IsFile { .. } => Failure::Usage(error.to_string()),
        error => Failure::failed(error),
    })?;
    let BackupReport { path, contents, copied, missing, ended_jobs, dropped, .. } = made;
    println!("Wrote {}: {}, {copied} of them new.", path.display(), files(contents));
    if ended_jobs > 0 {
        let jobs = if ended_jobs == 1 { "1 job was".to_owned() } else { format!("{ended_jobs} jobs were") };
        println!("{jobs} under way. In what is restored from this they are cancelled; here they go on.");
    }
    if dropped > 0 {
        println!("Took {dropped} older out.");
    }
    if missing > 0 {
        return Err(Failure::Failed(format!(
            "the backup lacks {}, missing or damaged in the data folder. `roster check` names them.",
            files(missing)
        )));
    }
    Ok(())
}

/// How many shared files.
pub fn files(number: u64) -> String {
    if number == 1 { "1 shared file".to_owned() } else { format!("{number} shared files") }
}
