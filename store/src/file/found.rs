//! Whether the contents that rows refer to exist, and are what was shared.

use std::{fs, io, path::PathBuf};

use domain::{Error, Result};
use futures_util::TryStreamExt;

use super::{aside::sha256_of, places};
use crate::db::{Conn, ContentReadLock, OrFault, disk_fault, query_as};

/// The most files that are reported of each kind.
const MAX_REPORTED: usize = 20;

/// What is wrong with the contents in the data folder `data`, one sentence each, at most 20 that are missing and 20 that are
/// damaged. `quick`: only whether they exist with the right size, not whether their bytes are those that were shared. Nothing is
/// removed from the disk meanwhile.
pub async fn wrong(db: &mut Conn, data: &std::path::Path, quick: bool) -> Result<Vec<String>> {
    let _held = ContentReadLock::take(data).await?;
    // Each content once, however often it is shared.
    let sql = "SELECT min(file_id), sha256, file_size FROM group_file GROUP BY sha256, file_size";
    let mut rows = query_as::<(String, Vec<u8>, i64)>(sql).fetch(db);
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
        if list.len() < MAX_REPORTED {
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

/// The best state that one of the places has.
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
            // Moved from there to its place meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // A file that cannot be read counts as damaged, and the other places are worth a look.
            Err(error) => {
                tracing::warn!(%error, ?place, "a shared file could not be read");
                best = State::Damaged;
            }
        }
    }
    Ok(best)
}
