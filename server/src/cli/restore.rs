//! `roster restore FOLDER`: puts a backup into the data folder.

use std::path::{Path, PathBuf};

use store::backup::{RestoreReport, restore};

use super::{Failure, backup::files};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that backups go into, or one of the backups in it
    folder: PathBuf,
    /// Of several, the latest whose name begins so, such as 2026-11-27 or 2026-11-27T20; without it the latest
    #[arg(long, value_name = "TIME", default_value = "", hide_default_value = true)]
    at: String,
    /// Even when the data folder holds data: they are moved into a folder of their own there, before-…, and nothing is removed
    #[arg(long)]
    replace: bool,
}

pub async fn run(data: &Path, args: Args) -> Result<(), Failure> {
    let restored = restore(data, &args.folder, &args.at, args.replace).await.map_err(Failure::failed)?;
    let RestoreReport { backup, contents, missing, before, resumed, .. } = restored;
    let data = data.display();
    if resumed {
        println!("Finished the restore into {data} that was cut off: the backup {backup}, with {}.", files(contents));
    } else {
        println!("Restored the backup {backup} into {data}, with {}.", files(contents));
    }
    if missing > 0 {
        let are = if missing == 1 {
            "1 file that belongs to it is".to_owned()
        } else {
            format!("{missing} files that belong to it are")
        };
        println!(
            "ATTENTION: {are} missing or damaged in the backup and so not restored. All else is. `roster check` names what is missing."
        );
    }
    if let Some(before) = before {
        println!("What was there before is in {}. Remove it once all is well.", before.display());
    }
    println!("Next: start `roster serve`. Jobs that were under way when the backup was made are cancelled.");
    Ok(())
}
