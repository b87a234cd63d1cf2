//! `roster backup FILE`: a consistent copy of the database, also while another process serves it.

use std::path::{Path, PathBuf};

use domain::Store;

use super::Failure;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the copy goes; the file must not exist yet
    file: PathBuf,
}

pub async fn run(data: &Path, args: Args) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let copied = store.backup(&args.file).await;
    store.close().await;
    copied.map_err(Failure::failed)?;
    println!("Wrote {}.", args.file.display());
    Ok(())
}
