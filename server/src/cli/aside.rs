//! `roster aside`: shared files that were moved out of the way because the database knew nothing of them.

use std::path::Path;

use store::{
    Store,
    file::aside::{self, Aside},
};

use super::{Failure, sentence};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Remove them for good; NUMBER is how many there are, as this command tells
    #[arg(long, value_name = "NUMBER")]
    drop: Option<u64>,
}

pub async fn run(data: &Path, args: &Args) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let dropped = match args.drop {
        Some(number) => Some(aside::drop_all(&store, number).await),
        None => None,
    };
    let left = aside::count(&store).await;
    store.close().await;
    let told = |error: domain::Error| Failure::Failed(sentence(&error));
    let left = left.map_err(told)?;
    match dropped.transpose().map_err(told)? {
        Some(Some(dropped)) => println!("Removed {}.", amount(dropped)),
        Some(None) => {
            return Err(Failure::Usage(format!("--drop needs the number of files in files/aside, which is {}.", left.files)));
        }
        None if left.files == 0 => println!("Nothing is set aside."),
        None => println!("{}", words(left)),
    }
    Ok(())
}

/// What is set aside, and what can be done about it.
pub fn words(aside: Aside) -> String {
    let unknown = aside.files - aside.known;
    format!(
        "files/aside holds {}. This database tells of {} of them, which are in their places once it is served, and knows nothing of {unknown}: \
         they come back with the database that they belong to. `roster aside --drop {}` removes them for good.",
        amount(aside),
        aside.known,
        aside.files,
    )
}

fn amount(aside: Aside) -> String {
    let files = if aside.files == 1 { "1 file".to_owned() } else { format!("{} files", aside.files) };
    format!("{files} ({} KB)", aside.bytes.div_ceil(1_000))
}
