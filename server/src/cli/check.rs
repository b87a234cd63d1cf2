//! `roster check`: looks for damage and for rows that contradict each other.

use std::path::Path;

use domain::Store;

use super::{Failure, sentence};

pub async fn run(data: &Path) -> Result<(), Failure> {
    let store = Store::open_existing(data).await.map_err(Failure::failed)?;
    let found = store.check().await;
    let aside = domain::file::store::aside::count(&store).await;
    store.close().await;
    let aside = aside.map_err(|error| Failure::Failed(sentence(&error)))?;
    if aside.files > 0 {
        println!("{}", super::aside::words(aside));
    }
    let problems = found.map_err(|error| Failure::Failed(sentence(&error)))?;
    if problems.is_empty() {
        println!("{}: no problem found.", data.display());
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(Failure::Failed(format!("{} problems found. Keep a copy of the folder, then restore the latest backup.", problems.len())))
}
