//! `roster demo`: the sample app, for a folder that has other data already.

use std::path::Path;

use store::Store;

use super::{Failure, sentence};

pub async fn run(data: &Path) -> Result<(), Failure> {
    let store = Store::open(data).await.map_err(Failure::failed)?;
    let loaded = sample::demo::load(&store).await;
    store.close().await;
    let app = loaded.map_err(|error| match error {
        domain::Error::Invalid(_) => Failure::Failed("the sample app is there already.".to_owned()),
        other => Failure::Failed(sentence(&other)),
    })?;
    println!("Loaded the sample app «{}».", app.display_name);
    Ok(())
}
