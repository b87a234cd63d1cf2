//! `roster aside`: shared files that the database knows nothing of, which were moved out of the way.

use std::path::Path;

use domain::{
    Store,
    file::store::aside::{self, Aside},
};

use super::{Failure, sentence};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Remove them for good
    #[arg(long)]
    drop: bool,
}

pub async fn run(data: &Path, args: &Args) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let result = if args.drop { aside::drop_all(&store).await } else { aside::count(&store) };
    store.close().await;
    let found = result.map_err(|error| Failure::Failed(sentence(&error)))?;
    match (found.files, args.drop) {
        (0, _) => println!("Nothing is set aside."),
        (_, false) => println!("{}", told(found)),
        (_, true) => println!("Removed {}.", amount(found)),
    }
    Ok(())
}

/// What is set aside, and what can be done about it.
pub fn told(aside: Aside) -> String {
    format!(
        "files/aside holds {} that this database does not know. With the database that they belong to they come back by themselves when \
         it is served; `roster aside --drop` removes them for good.",
        amount(aside)
    )
}

fn amount(aside: Aside) -> String {
    let files = if aside.files == 1 { "1 file".to_owned() } else { format!("{} files", aside.files) };
    format!("{files} ({} KB)", aside.bytes.div_ceil(1_000))
}
