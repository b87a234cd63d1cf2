//! Sharing a file.

use std::{fs, path::Path};

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    event::Action,
    file::{
        FileRow,
        rules::{FileName, check_size},
    },
};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt};
use uuid::Uuid;

use super::{
    content_path, folder, may_share,
    quota::{self, QuotaLeft},
};
use crate::{
    Scope, Store,
    change::{ChangeSpec, refuse},
    db::{self, AppTable, OrFault, TempFile, disk_fault, query},
    in_change,
};

/// A file that is being received. Dropping it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    store: Store,
    caller: Caller,
    app: AppId,
    group_id: String,
    // Before `scratch`: the file is closed before it is removed.
    file: File,
    scratch: TempFile,
    hash: Sha256,
    size: u64,
    /// As of the beginning.
    room: QuotaLeft,
}

/// Bytes that a form may have around the one file in it: a body that is larger than the quota by so much may still contain a file
/// that fits.
const FORM_BYTES: u64 = 64 * 1024;

impl Upload {
    /// Begins an upload, for callers who may write and for members with tokens of their own; [`domain::error::Entity::Group`] not
    /// found. A refusal is recorded.
    pub async fn begin(scope: Scope<'_>, group_id: &str) -> Result<Self> {
        Self::begin_announced(scope, group_id, None).await
    }

    /// The same for a form of a known size: what cannot fit is refused before any of it is read. [`domain::Code::GroupFilesFull`]
    /// or [`domain::Code::AppFilesFull`] at `file`, or [`domain::error::StorageFault::Full`].
    pub async fn begin_announced(scope: Scope<'_>, group_id: &str, announced: Option<u64>) -> Result<Self> {
        let begun = async {
            let mut db = scope.store.read().await?;
            let group = may_share(&mut db, scope.caller, scope.app, group_id).await?;
            let room = QuotaLeft::of(&mut db, scope.app, group.key).await?;
            drop(db);
            let least = announced.map_or(0, |bytes| bytes.saturating_sub(FORM_BYTES));
            // A file that is too large for any group is refused for that, by the first byte that is too many.
            if check_size(least).is_ok() {
                room.require(least)?;
                scope.store.space().require(least)?;
            }
            let scratch = TempFile::new(&folder(scope.store))?;
            let file = File::from_std(scratch.create()?);
            Ok(Self {
                store: scope.store.clone(),
                caller: scope.caller.clone(),
                app: scope.app,
                group_id: group_id.to_owned(),
                file,
                scratch,
                hash: Sha256::new(),
                size: 0,
                room,
            })
        };
        match begun.await {
            Ok(upload) => Ok(upload),
            Err(error) => Err(refuse(scope.store, scope.caller, Action::FileUpload, Some(scope.app), group_id, error).await),
        }
    }

    /// Takes the next piece; [`domain::Code::FileTooLarge`] at `file` above [`domain::limits::GROUP_FILE_BYTES`], and the errors
    /// of [`Self::begin_announced`] as soon as it does not fit.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        let fits = check_size(self.size)
            .map_err(|code| Error::field("file", code))
            .and_then(|()| self.room.require(self.size))
            .and_then(|()| self.store.space().require(piece.len() as u64));
        if let Err(error) = fits {
            return Err(refuse(&self.store, &self.caller, Action::FileUpload, Some(self.app), &self.group_id, error).await);
        }
        self.hash.update(piece);
        self.file.write_all(piece).await.map_err(disk_fault)
    }

    /// Shares the file under that name, see [`FileName`]. The errors of [`Self::begin`], as of now.
    pub async fn finish(self, file_name: &str) -> Result<FileRow> {
        let Self { store, caller, app, group_id, mut file, scratch, hash, size, room: _ } = self;
        // Before the transaction: the disk takes time, and other writers would wait for it.
        file.flush().await.map_err(disk_fault)?;
        file.sync_all().await.map_err(disk_fault)?;
        drop(file);
        let sha256: [u8; 32] = hash.finalize().into();
        let mut content = Some(Placement { scratch: Some(scratch), linked: false });
        let row =
            in_change!(ChangeSpec::without_permission(&store, &caller, Action::FileUpload, Some(app), &group_id), |change| {
                let name = FileName::parse(file_name).map_err(|code| Error::field("file", code))?;
                // With the current role: the content may have taken long to arrive.
                let caller = change.caller().clone();
                let group = may_share(change.db(), &caller, app, &group_id).await?;
                // Other files may have been shared since this began.
                QuotaLeft::of(change.db(), app, group.key).await?.require(size)?;
                // In each run: between two runs others may have removed the same content.
                let mut placement = content.take().ok_or_else(|| Error::Internal("an upload without a file".to_owned()))?;
                let path = content_path(&store, &sha256);
                // The disk takes time, and other tasks can use this thread meanwhile.
                let placed = tokio::task::spawn_blocking(move || {
                    let placed = placement.place(&path);
                    (placement, placed)
                });
                let (placement, placed) = placed.await.map_err(|error| Error::Internal(error.to_string()))?;
                content = Some(placement);
                placed?;
                let file_owner = match &caller.actor {
                    Actor::Account { username, .. } => username.clone(),
                    Actor::Operator { .. } | Actor::Credential { .. } | Actor::System | Actor::Anonymous => String::new(),
                };
                let row = FileRow {
                    file_id: Uuid::new_v4().to_string(),
                    file_name: name.into_string(),
                    file_size: size,
                    file_owner,
                    created_at: change.at(),
                };
                let key = change.app_key(app, AppTable::GroupFile).await?;
                query(
                    "INSERT INTO group_file (id, group_key, file_id, file_name, file_size, sha256, file_owner, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                )
                .bind(key)
                .bind(group.key)
                .bind(&row.file_id)
                .bind(&row.file_name)
                .bind(i64::try_from(size).unwrap_or(i64::MAX))
                .bind(&sha256[..])
                .bind(&row.file_owner)
                .bind(row.created_at)
                .execute(change.db())
                .await
                .or_fault()?;
                let after = json!({ "file_id": row.file_id, "file_name": row.file_name, "file_size": row.file_size });
                change.event(&group_id, None, Some(after)).await?;
                quota::count(change.db(), app, group.key, i64::try_from(size).unwrap_or(i64::MAX)).await?;
                Ok(row)
            })?;
        if let Some(placement) = content {
            placement.committed();
        }
        Ok(row)
    }
}

/// A finished file on the way to its place. Until its row is committed it keeps its unfinished name as a second one: if this process is
/// killed, or the change fails, the clean-up finds by it that the content has no row.
struct Placement {
    /// `None`: the file system has no hard links, and the file was moved.
    scratch: Option<TempFile>,
    /// Whether the file has its second name.
    linked: bool,
}

impl Placement {
    /// Puts the file in its place and syncs it. The same content may exist there already, also from an earlier call.
    fn place(&mut self, path: &Path) -> Result<()> {
        let folder = path.parent().ok_or_else(|| disk_fault(std::io::Error::other("a content without a folder")))?;
        let is_new = !folder.exists();
        db::make_folder(folder).map_err(disk_fault)?;
        match self.scratch.as_ref().map(|scratch| scratch.is_also(path)) {
            Some(Ok(true)) => self.linked = true,
            Some(Ok(false)) => return Ok(()),
            // Some file systems do not support hard links. Without one, a content without a row is set aside after a kill.
            Some(Err(_)) => {
                if let Some(scratch) = self.scratch.take() {
                    scratch.becomes(path)?;
                }
            }
            None if path.exists() => return Ok(()),
            // Removed between two runs, and there is no second one.
            None => return Err(Error::Busy),
        }
        // The name too must survive a power cut, not only the bytes; and the names of the folders around it.
        let around = if is_new { 3 } else { 1 };
        for folder in path.ancestors().skip(1).take(around) {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk_fault)?;
        }
        Ok(())
    }

    /// The row is committed.
    fn committed(mut self) {
        self.linked = false;
    }
}

impl Drop for Placement {
    fn drop(&mut self) {
        if let Some(scratch) = self.scratch.take()
            && self.linked
        {
            scratch.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_that_was_removed_between_two_runs_is_put_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let scratch = TempFile::new(folder.path()).expect("a name");
        scratch.create().expect("a file");
        let path = folder.path().join("files/ab/content");
        let mut placement = Placement { scratch: Some(scratch), linked: false };
        placement.place(&path).expect("placed");
        placement.place(&path).expect("it is there");
        fs::remove_file(&path).expect("removed by a clean-up");
        placement.place(&path).expect("placed again");
        placement.committed();
        assert!(path.exists(), "its place keeps the content");
        let left =
            fs::read_dir(folder.path()).expect("a list").filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_file()));
        assert_eq!(left.count(), 0, "the unfinished name is gone");
    }

    #[test]
    fn the_same_content_of_others_is_put_back_too_and_nothing_is_lost_when_the_change_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        let scratch = TempFile::new(folder.path()).expect("a name");
        scratch.create().expect("a file");
        let path = folder.path().join("files/ab/content");
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(&path, "").expect("the content of others");
        let mut placement = Placement { scratch: Some(scratch), linked: false };
        placement.place(&path).expect("it is there");
        fs::remove_file(&path).expect("the others have deleted it");
        placement.place(&path).expect("placed");
        drop(placement);
        let names: Vec<String> = fs::read_dir(folder.path())
            .expect("a list")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with("tmp-left-"))
            .collect();
        assert_eq!(names.len(), 1, "the clean-up is told that it has no row: {names:?}");
    }
}
