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
    db::{self, OrFault, TempFile, disk_fault},
    in_change,
};

/// A file on its way here. Dropping it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    store: Store,
    caller: Caller,
    app: AppId,
    group_id: String,
    // Before the scratch: it is closed before it is removed.
    file: File,
    scratch: TempFile,
    hash: Sha256,
    size: u64,
    /// As of the beginning.
    room: QuotaLeft,
}

/// What a form may have around the one file in it, bytes: whoever announces a body of so much more than fits may still send one that does.
const FORM_BYTES: u64 = 64 * 1024;

impl Upload {
    /// Begins one, for whoever may write and for members with tokens of their own, into a group that is there. A refusal is recorded.
    pub async fn begin(scope: Scope<'_>, group_id: &str) -> Result<Self> {
        Self::begin_announced(scope, group_id, None).await
    }

    /// The same for a form that says how many bytes it has: what cannot fit is refused before any of it is read. [`domain::Code::GroupFilesFull`]
    /// or [`domain::Code::AppFilesFull`] at `file`, or [`domain::error::StorageFault::Full`].
    pub async fn begin_announced(scope: Scope<'_>, group_id: &str, announced: Option<u64>) -> Result<Self> {
        let begun = async {
            let mut db = scope.store.reader().acquire().await.or_fault()?;
            let group = may_share(&mut db, scope.caller, scope.app, group_id).await?;
            let room = QuotaLeft::of(&mut db, scope.app, group.key).await?;
            drop(db);
            let least = announced.map_or(0, |bytes| bytes.saturating_sub(FORM_BYTES));
            // What is too large for any group is told as such, by the first byte that is too many.
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

    /// Takes the next piece; [`domain::Code::FileTooLarge`] at `file` beyond [`domain::limits::GROUP_FILE_BYTES`], and as [`Self::begin_announced`]
    /// once it is too much.
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

    /// Shares it under that name.
    pub async fn finish(self, file_name: &str) -> Result<FileRow> {
        let Self { store, caller, app, group_id, mut file, scratch, hash, size, room: _ } = self;
        // Before the transaction: the disk takes its time, and other writers wait for it.
        file.flush().await.map_err(disk_fault)?;
        file.sync_all().await.map_err(disk_fault)?;
        drop(file);
        let sha256: [u8; 32] = hash.finalize().into();
        // Put in its place once, however often the change is run.
        let (mut scratch, mut placed) = (Some(scratch), None);
        let row =
            in_change!(ChangeSpec::without_permission(&store, &caller, Action::FileUpload, Some(app), &group_id), |change| {
                let name = FileName::parse(file_name).map_err(|code| Error::field("file", code))?;
                // With the role of now: the content may have taken long to come.
                let caller = change.caller().clone();
                let group = may_share(change.db(), &caller, app, &group_id).await?;
                // Others may have shared something since this began.
                QuotaLeft::of(change.db(), app, group.key).await?.require(size)?;
                if let Some(scratch) = scratch.take() {
                    let path = content_path(&store, &sha256);
                    // The disk takes its time, and other tasks have use for this thread meanwhile.
                    let put = tokio::task::spawn_blocking(move || put(scratch, &path));
                    placed = Some(put.await.map_err(|error| Error::Internal(error.to_string()))??);
                }
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
                sqlx::query(
                    "INSERT INTO group_file (group_key, file_id, file_name, file_size, sha256, file_owner, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
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
        if let Some(put) = placed {
            put.committed();
        }
        Ok(row)
    }
}

/// A content in its place whose row is not on the disk yet. The unfinished file is a second name of it until then: should this process
/// be killed, or the change fail, the clean-up finds by it that the content is nobody's.
struct PlacedContent(Option<TempFile>);

impl PlacedContent {
    /// Its row is there.
    fn committed(mut self) {
        drop(self.0.take());
    }
}

impl Drop for PlacedContent {
    fn drop(&mut self) {
        if let Some(scratch) = self.0.take() {
            scratch.abandon();
        }
    }
}

/// Puts a finished file in its place, on the disk for good. The same content may lie there already.
fn put(scratch: TempFile, path: &Path) -> Result<PlacedContent> {
    let folder = path.parent().ok_or_else(|| disk_fault(std::io::Error::other("a content without a folder")))?;
    let is_new = !folder.exists();
    db::make_folder(folder).map_err(disk_fault)?;
    let put = match scratch.is_also(path) {
        Ok(true) => PlacedContent(Some(scratch)),
        Ok(false) => return Ok(PlacedContent(None)),
        // Not every file system has second names. Without one, a content without a row is set aside after a kill.
        Err(_) => {
            scratch.becomes(path)?;
            PlacedContent(None)
        }
    };
    // The name too must outlive a power cut, not only the bytes; and those of the folders around it.
    let around = if is_new { 3 } else { 1 };
    for folder in path.ancestors().skip(1).take(around) {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk_fault)?;
    }
    Ok(put)
}
