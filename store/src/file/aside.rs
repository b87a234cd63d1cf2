//! Contents of shared files that the database knows nothing of, though nobody has deleted them there: it is an older one, or a new one
//! that was made in the wrong place. They are kept under their hash in `files/aside`, and come back by themselves with the database that
//! tells of them: they get their old name too, so that another database beside them can still not lose them. Only [`drop_all`] removes
//! them. Whatever else lies in these folders is left alone.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use domain::{Error, Result};
use sha2::{Digest, Sha256};
use sqlx::{SqliteConnection, SqliteExecutor};

use super::{content_path, hex, is_same_file};
use crate::{
    Store,
    db::{self, ContentRemoveLock, OrFault, disk_fault, make_folder},
};

/// Hashes that one query asks about.
const ASKED_AT_ONCE: usize = 1_000;
/// Of a SHA-256 as text.
const DIGITS: usize = 64;
/// Of them that are the name of a content's folder.
const FRONT: usize = 2;

/// How much is set aside.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    pub files: u64,
    pub bytes: u64,
    /// Of them that this database tells of: serving brings them back, or has done so.
    pub known: u64,
}

pub fn folder(store: &Store) -> PathBuf {
    super::folder(store).join("aside")
}

/// What is set aside now.
pub async fn count(store: &Store) -> Result<Aside> {
    count_in(&mut *store.reader().acquire().await.or_fault()?, store.folder()).await
}

/// The same with a connection, in the data folder `data`.
pub async fn count_in(db: &mut SqliteConnection, data: &Path) -> Result<Aside> {
    let mut aside = Aside::default();
    for some in contents(&data.join("files/aside"), "")?.chunks(ASKED_AT_ONCE) {
        aside.known += known(&mut *db, some).await?.len() as u64;
        for (_, path) in some {
            aside.files += 1;
            aside.bytes += fs::metadata(path).map_err(disk_fault)?.len();
        }
    }
    Ok(aside)
}

/// Removes what is set aside, for good; how much it was. Nothing, and `None`, when it is not as many files as `expected`. Contents that the
/// database tells of have been brought back before, and stay. [`Error::Busy`] while a backup may need them.
pub async fn drop_all(store: &Store, expected: u64) -> Result<Option<Aside>> {
    let Some(_removing) = ContentRemoveLock::begin(store.folder())? else { return Err(Error::Busy) };
    take_back(store).await?;
    let (found, there) = (count(store).await?, contents(&folder(store), "")?);
    if found.files != expected {
        return Ok(None);
    }
    for (_, path) in there {
        fs::remove_file(&path).map_err(disk_fault)?;
    }
    Ok(Some(found))
}

/// Whether contents lie in that folder: its name is the first digits of their hashes.
pub(super) fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    is_hex(name, FRONT) && fs::symlink_metadata(path).is_ok_and(|about| about.is_dir())
}

/// Sets aside what no row tells of, not even as deleted, in one of the folders that the contents lie in; how many.
pub(super) async fn set_aside(store: &Store, part: &Path) -> Result<u64> {
    let front = part.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // Inside a transaction: nobody puts a content in place meanwhile.
    let mut transaction = store.write_apart().await?;
    let there = contents(part, front)?;
    let names: Vec<&str> = there.iter().map(|(name, _)| name.as_str()).collect();
    let strays: Vec<String> = sqlx::query_scalar(
        "SELECT item.value FROM json_each($1) AS item
         WHERE NOT EXISTS (SELECT 1 FROM group_file f WHERE f.sha256 = unhex(item.value))
         AND NOT EXISTS (SELECT 1 FROM file_garbage g WHERE g.sha256 = unhex(item.value))",
    )
    .bind(db::json(&names)?)
    .fetch_all(&mut *transaction)
    .await
    .or_fault()?;
    let mut moved = 0;
    for name in &strays {
        let (from, to) = (part.join(&name[FRONT..]), folder(store).join(name));
        let result = match to.exists() {
            // It is a second name of what was taken back from there.
            true if is_same_file(&from, &to) => fs::remove_file(&from).map_err(disk_fault),
            true => Err(Error::Internal("there is another one of that name".to_owned())),
            false => make_folder(&folder(store)).map_err(disk_fault).and_then(|()| fs::rename(&from, &to).map_err(disk_fault)),
        };
        match result {
            Ok(()) => moved += 1,
            Err(error) => tracing::warn!(%error, ?from, "a shared file that this database does not know could not be set aside"),
        }
    }
    transaction.commit().await?;
    Ok(moved)
}

/// Brings back what a row tells of and what is not in its place; how many. So is what somebody has put directly into `files`.
pub async fn take_back(store: &Store) -> Result<u64> {
    let mut taken = 0;
    for source in [folder(store), super::folder(store)] {
        for some in contents(&source, "")?.chunks(ASKED_AT_ONCE) {
            // Inside a transaction: nobody deletes the last row meanwhile.
            let transaction = store.write_apart().await?;
            for sha256 in known(store.reader(), some).await? {
                let (from, to) = (source.join(hex(&sha256)), content_path(store, &sha256));
                match bring_back(from.clone(), to, sha256).await {
                    Ok(is_new) => taken += u64::from(is_new),
                    Err(error) => tracing::warn!(%error, ?from, "a shared file could not be taken back"),
                }
            }
            transaction.commit().await?;
        }
    }
    Ok(taken)
}

/// Gives a content its old name too; `false` when something has it already.
async fn bring_back(from: PathBuf, to: PathBuf, sha256: Vec<u8>) -> Result<bool> {
    if to.exists() {
        return Ok(false);
    }
    if hash_of(from.clone()).await?[..] != sha256[..] {
        return Err(Error::Internal("its content is not the one that its name tells".to_owned()));
    }
    if let Some(part) = to.parent() {
        make_folder(part).map_err(disk_fault)?;
    }
    // Not every file system has second names.
    fs::hard_link(&from, &to).or_else(|_| fs::rename(&from, &to)).map_err(disk_fault)?;
    Ok(true)
}

/// Those of these contents that a row tells of.
async fn known(db: impl SqliteExecutor<'_>, some: &[(String, PathBuf)]) -> Result<Vec<Vec<u8>>> {
    let names: Vec<&str> = some.iter().map(|(name, _)| name.as_str()).collect();
    let sql = "SELECT DISTINCT f.sha256 FROM json_each($1) AS item CROSS JOIN group_file f ON f.sha256 = unhex(item.value)";
    sqlx::query_scalar(sql).bind(db::json(&names)?).fetch_all(db).await.or_fault()
}

/// The SHA-256 of a file.
pub(super) async fn hash_of(path: PathBuf) -> Result<[u8; 32]> {
    let hash = tokio::task::spawn_blocking(move || sha256_of(&path));
    hash.await.map_err(|error| Error::Internal(error.to_string()))?.map_err(disk_fault)
}

/// The same for who is on a thread that may wait.
pub fn sha256_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut file = fs::File::open(path)?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.finalize().into()),
            bytes => hash.update(&piece[..bytes]),
        }
    }
}

/// The contents in a folder with their hashes, which begin with `front`; none when the folder is not there.
fn contents(folder: &Path, front: &str) -> Result<Vec<(String, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(disk_fault(error)),
    };
    let content = |entry: fs::DirEntry| {
        let name = format!("{front}{}", entry.file_name().to_str()?);
        (is_hex(&name, DIGITS) && entry.file_type().ok()?.is_file()).then(|| (name, entry.path()))
    };
    Ok(entries.flatten().filter_map(content).collect())
}

/// As [`hex`] writes it.
fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
