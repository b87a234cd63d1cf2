//! Removes contents from the disk that are no longer shared.

use std::{fs, io, path::Path, time::Duration};

use domain::Result;

use super::{aside, content_path, folder, hex, is_same_file};
use crate::{
    Store,
    db::{self, ContentRemoveLock, OrFault, TempFile, disk_fault, query, query_as, query_scalar, sql},
};

/// The most contents that one transaction of the sweeper checks.
const SWEPT_AT_ONCE: u32 = 100;

/// How long the sweeper waits when it wants to remove what a backup may be about to copy.
const WHILE_HELD: Duration = Duration::from_secs(1);

/// Removes contents that are no longer shared, each time rows were deleted. Runs until it is dropped.
pub async fn sweep_always(store: Store) {
    loop {
        store.wait_for_file_sweep().await;
        loop {
            match sweep_unless_held(&store).await {
                Ok(Some(_)) => break,
                Ok(None) => tokio::time::sleep(WHILE_HELD).await,
                Err(error) => {
                    tracing::warn!(%error, "shared files without a group could not be removed; the next clean-up tries again");
                    break;
                }
            }
        }
    }
}

/// The same once; how many files it removed. While a backup or a check reads the contents, none are removed: they stay until the
/// next time.
pub async fn sweep(store: &Store) -> Result<u64> {
    Ok(sweep_unless_held(store).await?.unwrap_or_default())
}

/// `None` when the contents are being read and some had to stay.
async fn sweep_unless_held(store: &Store) -> Result<Option<u64>> {
    let mut removed = 0;
    // By hash, so that a content that cannot be removed does not block the others forever.
    let mut after = Vec::new();
    loop {
        let waiting: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM file_garbage WHERE sha256 > $1)")
            .bind(&after)
            .fetch_one(store.reader())
            .await
            .or_fault()?;
        if !waiting {
            return Ok(Some(removed));
        }
        let mut transaction = store.write_apart().await?;
        // Only now, because readers wait for this lock.
        let Some(removing) = ContentRemoveLock::begin(store.folder())? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let contents: Vec<(Vec<u8>, bool)> = query_as(
            "SELECT sha256, EXISTS (SELECT 1 FROM group_file f WHERE f.sha256 = file_garbage.sha256)
             FROM file_garbage WHERE sha256 > $1 ORDER BY sha256 LIMIT $2",
        )
        .bind(&after)
        .bind(SWEPT_AT_ONCE)
        .fetch_all(&mut *transaction)
        .await
        .or_fault()?;
        let mut over = Vec::with_capacity(contents.len());
        for (sha256, shared) in contents {
            let path = content_path(store, &sha256);
            match if shared { Ok(false) } else { remove(&path) } {
                Ok(there) => {
                    removed += u64::from(there);
                    over.push(hex(&sha256));
                }
                Err(error) => tracing::warn!(%error, ?path, "a shared file that nobody has any more could not be removed"),
            }
            after = sha256;
        }
        drop(removing);
        query(sql!("DELETE FROM file_garbage WHERE sha256 IN @hashes($1)"))
            .bind(db::json(&over)?)
            .execute(&mut *transaction)
            .await
            .or_fault()?;
        transaction.commit().await?;
    }
}

fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(disk_fault(error)),
    }
}

/// What a clean-up of the folder with the shared files did, in files.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Cleaned {
    /// Unfinished uploads and deleted contents that were removed from the disk.
    pub removed: u64,
    /// Contents that no row knows though none was deleted; see [`super::aside`].
    pub set_aside: u64,
    /// Contents that were set aside and that a row knows.
    pub taken_back: u64,
}

/// Removes deleted contents, and the unfinished uploads of earlier processes. A content that this database does not know is set
/// aside, never removed: the database may be the wrong one. Other files are left alone.
pub async fn clean(store: &Store) -> Result<Cleaned> {
    let mut done = Cleaned { removed: sweep(store).await?, ..Cleaned::default() };
    done.taken_back = aside::take_back(store).await?;
    // What a backup may be about to copy stays where it is. What was deleted since is no stray either.
    let Some(_removing) = ContentRemoveLock::begin(store.folder())? else { return Ok(done) };
    let entries: Vec<fs::DirEntry> = match fs::read_dir(folder(store)) {
        Ok(entries) => entries.flatten().collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(done),
        Err(error) => return Err(disk_fault(error)),
    };
    // First: they show which contents have no row.
    for entry in entries.iter().filter(|entry| TempFile::is_left_behind(&entry.file_name().to_string_lossy())) {
        match remove_unfinished(store, &entry.path()).await {
            Ok(()) => done.removed += 1,
            Err(error) => tracing::warn!(%error, path = ?entry.path(), "an unfinished upload could not be removed"),
        }
    }
    for part in entries.iter().map(fs::DirEntry::path).filter(|path| aside::is_part(path)) {
        done.set_aside += aside::set_aside(store, &part).await?;
    }
    Ok(done)
}

/// Removes an unfinished upload, and the content that it has put in place without a row.
async fn remove_unfinished(store: &Store, path: &Path) -> Result<()> {
    // Inside a transaction, so that the same content is not shared meanwhile.
    let mut transaction = store.write_apart().await?;
    if has_other_names(path) {
        let sha256 = aside::hash_of(path.to_owned()).await?;
        let content = content_path(store, &sha256);
        let is_known: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM group_file WHERE sha256 = $1)")
            .bind(&sha256[..])
            .fetch_one(&mut *transaction)
            .await
            .or_fault()?;
        if !is_known && is_same_file(path, &content) {
            remove(&content)?;
        }
    }
    remove(path)?;
    transaction.commit().await
}

#[cfg(unix)]
fn has_other_names(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(path).is_ok_and(|about| about.is_file() && about.nlink() > 1)
}

/// Where the system cannot tell, a content without a row is set aside instead.
#[cfg(not(unix))]
fn has_other_names(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deleting a file, another change that waits with it, and a commit that fails: the file is still shared then.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_whose_deletion_fails_in_the_end_stays() {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(data.path()).await.expect("a store");
        let sha256 = [7_u8; 32];
        let path = content_path(&store, &sha256);
        db::make_folder(path.parent().expect("a folder")).expect("made");
        fs::write(&path, b"bytes").expect("a file");
        let mut setup = store.write().await.expect("the writer");
        query(
            "INSERT INTO application (id, org_name, app_name, display_name, created_at) VALUES (1, 'acme', 'chat', 'Chat', 0);
             INSERT INTO \"group\" (id, app_id, group_id, type, name, created_at) VALUES ((1 << 32) + 1, 1, 'g', 'Public', 'g', 0);
             INSERT INTO group_file (id, group_key, file_id, file_name, file_size, sha256, created_at)
             VALUES ((1 << 32) + 1, (1 << 32) + 1, 'f', 'f', 5, $1, 0);
             INSERT INTO file_garbage (sha256) VALUES (zeroblob(32))",
        )
        .bind(&sha256[..])
        .execute(&mut *setup)
        .await
        .expect("rows");
        setup.commit().await.expect("committed");

        let mut deletion = store.write().await.expect("the writer");
        // No account has that key, which only the commit finds out.
        query(
            "PRAGMA defer_foreign_keys = ON; INSERT INTO file_garbage (sha256) SELECT sha256 FROM group_file; DELETE FROM group_file;
             INSERT INTO member (group_key, account_key, role, joined_at) VALUES ((1 << 32) + 1, 999, 'Member', 0)",
        )
        .execute(&mut *deletion)
        .await
        .expect("deleted");
        let sweeping = tokio::spawn({
            let store = store.clone();
            async move { sweep(&store).await }
        });
        while !store.writer_was_contended() {
            tokio::task::yield_now().await;
        }
        deletion.commit().await.expect_err("the commit fails");
        sweeping.await.expect("no panic").expect("swept");
        assert!(path.exists(), "its row is there again");
        let mut db = store.read().await.expect("a connection");
        assert_eq!(super::super::wrong(&mut db, store.folder(), true).await, Ok(vec![]));
    }
}
