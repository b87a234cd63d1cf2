//! Contents of shared files that the database does not know, though they were not deleted through it: the database is an older
//! one, or a new one that was created in the wrong place. They are kept under their hash in `files/aside`, and come back by
//! themselves once the database knows them: they get their old name in addition, so that another database that uses the same
//! folder cannot lose them. Only [`drop_all`] removes them. Other files in these folders are left alone.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use domain::{Error, Result};
use sha2::{Digest, Sha256};

use super::{content_path, hex, is_same_file};
use crate::{
    Store,
    db::{self, Conn, ContentRemoveLock, Executor, OrFault, disk_fault, make_folder, query_scalar, sql},
};

/// The most hashes that one query asks about.
const ASKED_AT_ONCE: usize = 1_000;
/// Digits of a SHA-256 as text.
const DIGITS: usize = 64;
/// The first so many digits are the name of the folder that contains a content.
const FRONT: usize = 2;

/// How much is set aside.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    /// Contents that are set aside.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those of them that this database knows: serving brings them back, or has done so.
    pub known: u64,
}

/// The folder `files/aside` in the data folder.
pub fn folder(store: &Store) -> PathBuf {
    super::folder(store).join("aside")
}

/// How much is set aside now.
pub async fn count(store: &Store) -> Result<Aside> {
    count_in(&mut store.read().await?, store.folder()).await
}

/// The same with a connection; `data` is the data folder.
pub async fn count_in(db: &mut Conn, data: &Path) -> Result<Aside> {
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

/// Deletes what is set aside, permanently; how much it was. Deletes nothing and returns `None` when the number of files is not
/// `expected`. Contents that the database knows are brought back first, and stay. [`Error::Busy`] while a backup may need the
/// files.
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

/// Whether a folder contains contents: its name is the first digits of their hashes.
pub(super) fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    is_hex(name, FRONT) && fs::symlink_metadata(path).is_ok_and(|about| about.is_dir())
}

/// Sets aside the contents of one folder that no row knows, not even as deleted; how many.
pub(super) async fn set_aside(store: &Store, part: &Path) -> Result<u64> {
    let front = part.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // Inside a transaction, so that no content is put in place meanwhile.
    let mut transaction = store.write_apart().await?;
    let there = contents(part, front)?;
    let names: Vec<&str> = there.iter().map(|(name, _)| name.as_str()).collect();
    let strays: Vec<String> = query_scalar(sql!(
        "SELECT item.value FROM @items($1)
         WHERE NOT EXISTS (SELECT 1 FROM group_file f WHERE f.sha256 = @bytes(item.value))
         AND NOT EXISTS (SELECT 1 FROM file_garbage g WHERE g.sha256 = @bytes(item.value))"
    ))
    .bind(db::json(&names)?)
    .fetch_all(&mut *transaction)
    .await
    .or_fault()?;
    let mut moved = 0;
    for name in &strays {
        let (from, to) = (part.join(&name[FRONT..]), folder(store).join(name));
        let result = match to.exists() {
            // The file is a second name of a content that was taken back from there.
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

/// Brings back the contents that a row knows and that are missing in their place; how many. Also those that somebody has copied
/// directly into `files`.
pub async fn take_back(store: &Store) -> Result<u64> {
    let mut taken = 0;
    for source in [folder(store), super::folder(store)] {
        for some in contents(&source, "")?.chunks(ASKED_AT_ONCE) {
            // Inside a transaction, so that the last row of a content is not deleted meanwhile.
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

/// Gives a content its old name in addition; `false` when a file has that name already.
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
    // Some file systems do not support hard links.
    fs::hard_link(&from, &to).or_else(|_| fs::rename(&from, &to)).map_err(disk_fault)?;
    Ok(true)
}

/// Those of these contents that a row knows.
async fn known(db: impl Executor<'_>, some: &[(String, PathBuf)]) -> Result<Vec<Vec<u8>>> {
    let names: Vec<&str> = some.iter().map(|(name, _)| name.as_str()).collect();
    let sql = sql!("SELECT DISTINCT f.sha256 FROM @items($1) @join group_file f ON f.sha256 = @bytes(item.value)");
    query_scalar(sql).bind(db::json(&names)?).fetch_all(db).await.or_fault()
}

/// The SHA-256 of a file.
pub(super) async fn hash_of(path: PathBuf) -> Result<[u8; 32]> {
    let hash = tokio::task::spawn_blocking(move || sha256_of(&path));
    hash.await.map_err(|error| Error::Internal(error.to_string()))?.map_err(disk_fault)
}

/// The same for callers on a thread that may block.
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

/// The contents in a folder with their hashes, which begin with `front`; none when the folder does not exist.
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

/// Whether a text is so many digits as [`hex`] writes them.
fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
