//! Contents of shared files that the database knows nothing of, though nobody has deleted them there: it is an older one, or a new one
//! that was made in the wrong place. They are kept under their hash in `files/aside` and come back by themselves with the database that
//! tells of them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{content_path, hex};
use crate::{
    Result, Store,
    db::{self, disk_fault, make_folder},
};

/// Hashes that one query asks about.
const ASKED_AT_ONCE: usize = 1_000;

/// How much is set aside.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    pub files: u64,
    pub bytes: u64,
}

pub fn folder(store: &Store) -> PathBuf {
    super::folder(store).join("aside")
}

/// What is set aside now.
pub fn count(store: &Store) -> Result<Aside> {
    let mut aside = Aside::default();
    for (_, path) in contents(&folder(store), "")? {
        aside.files += 1;
        aside.bytes += fs::metadata(path).map_err(disk_fault)?.len();
    }
    Ok(aside)
}

/// Removes what is set aside, for good; how much. What a row tells of is taken back before.
pub async fn drop_all(store: &Store) -> Result<Aside> {
    take_back(store).await?;
    let mut dropped = Aside::default();
    for (_, path) in contents(&folder(store), "")? {
        let bytes = fs::metadata(&path).map_err(disk_fault)?.len();
        fs::remove_file(&path).map_err(disk_fault)?;
        dropped.files += 1;
        dropped.bytes += bytes;
    }
    Ok(dropped)
}

/// Sets aside what no row tells of in one of the folders that the contents lie in, by the first two digits of their hash; how many.
pub(super) async fn set_aside(store: &Store, part: &Path) -> Result<u64> {
    let front = part.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Inside a transaction: nobody puts a content in place meanwhile.
    let mut transaction = store.write_apart().await?;
    let there = contents(part, &front)?;
    let names: Vec<&str> = there.iter().map(|(name, _)| name.as_str()).collect();
    let strays: Vec<String> = sqlx::query_scalar(
        "SELECT item.value FROM json_each($1) AS item
         WHERE NOT EXISTS (SELECT 1 FROM group_file f WHERE f.sha256 = unhex(item.value))",
    )
    .bind(db::json(&names)?)
    .fetch_all(&mut *transaction)
    .await?;
    if !strays.is_empty() {
        make_folder(&folder(store)).map_err(disk_fault)?;
    }
    for name in &strays {
        fs::rename(part.join(&name[front.len()..]), folder(store).join(name)).map_err(disk_fault)?;
    }
    transaction.commit().await?;
    Ok(strays.len() as u64)
}

/// Puts what a row tells of back in its place; how many.
pub(super) async fn take_back(store: &Store) -> Result<u64> {
    let mut taken = 0;
    for some in contents(&folder(store), "")?.chunks(ASKED_AT_ONCE) {
        let names: Vec<&str> = some.iter().map(|(name, _)| name.as_str()).collect();
        let mut transaction = store.write_apart().await?;
        let known: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT DISTINCT f.sha256 FROM json_each($1) AS item CROSS JOIN group_file f ON f.sha256 = unhex(item.value)",
        )
        .bind(db::json(&names)?)
        .fetch_all(&mut *transaction)
        .await?;
        for sha256 in known {
            let (from, to) = (folder(store).join(hex(&sha256)), content_path(store, &sha256));
            if let Some(part) = to.parent() {
                make_folder(part).map_err(disk_fault)?;
            }
            fs::rename(from, to).map_err(disk_fault)?;
            taken += 1;
        }
        transaction.commit().await?;
    }
    Ok(taken)
}

/// The files in a folder, with the names that they have behind `front`; none when the folder is not there.
fn contents(folder: &Path, front: &str) -> Result<Vec<(String, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(disk_fault(error)),
    };
    let named = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((format!("{front}{}", entry.file_name().to_string_lossy()), entry.path()))
    };
    entries.map(named).collect::<io::Result<_>>().map_err(disk_fault)
}
