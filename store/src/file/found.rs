//! Whether the contents that rows tell of are there, and are what was shared.

use std::{fs, io, path::PathBuf};

use domain::{Error, Result};
use futures_util::TryStreamExt;
use sqlx::SqliteConnection;

use super::{aside::sha256_of, places};
use crate::db::{ContentReadLock, OrFault, disk_fault};

/// Files that are told of each kind.
const TOLD: usize = 20;

/// What is wrong with the contents in the data folder `data` that the database tells of, one sentence each, at most [`TOLD`] of a kind.
/// `quick`: only whether they are there and of the right size, not whether their bytes are those that were shared. Nothing is taken off the
/// disk meanwhile.
pub async fn wrong(db: &mut SqliteConnection, data: &std::path::Path, quick: bool) -> Result<Vec<String>> {
    let _held = ContentReadLock::take(data).await?;
    // Each content once, whoever shares it.
    let sql = "SELECT min(file_id), sha256, file_size FROM group_file GROUP BY sha256, file_size";
    let mut rows = sqlx::query_as::<_, (String, Vec<u8>, i64)>(sql).fetch(db);
    let (mut missing, mut damaged) = (Vec::new(), Vec::new());
    while let Some((file_id, sha256, size)) = rows.try_next().await.or_fault()? {
        let paths = places(data, &sha256);
        let (list, words) = match tokio::task::spawn_blocking(move || state(&paths, &sha256, size, quick)).await {
            Ok(Ok(State::Good)) => continue,
            Ok(Ok(State::Missing)) => (&mut missing, "is not in the folder files, or of another size"),
            Ok(Ok(State::Damaged)) => (&mut damaged, "is damaged: its bytes are not those that were shared"),
            Ok(Err(error)) => return Err(disk_fault(error)),
            Err(error) => return Err(Error::Internal(error.to_string())),
        };
        if list.len() < TOLD {
            list.push(format!("the content of a shared file {words}: {file_id}"));
        }
    }
    missing.append(&mut damaged);
    Ok(missing)
}

enum State {
    Good,
    Missing,
    Damaged,
}

/// The best that one of the places has.
fn state(places: &[PathBuf], sha256: &[u8], size: i64, quick: bool) -> io::Result<State> {
    let mut best = State::Missing;
    for place in places {
        match fs::metadata(place) {
            Ok(about) if i64::try_from(about.len()) == Ok(size) => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => continue,
        }
        match if quick { Ok(true) } else { sha256_of(place).map(|found| found[..] == *sha256) } {
            Ok(true) => return Ok(State::Good),
            Ok(false) => best = State::Damaged,
            // Taken from there to its place meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // What cannot be read is as good as damaged, and the others are worth a look.
            Err(error) => {
                tracing::warn!(%error, ?place, "a shared file could not be read");
                best = State::Damaged;
            }
        }
    }
    Ok(best)
}
