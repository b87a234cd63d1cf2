//! How many bytes the shared files of a group and of an app have together, and how many they may have. Rows count: a content that
//! several groups share is stored once and counts for each of them, so that no quota depends on what others do.
//!
//! The counters are columns of the group's and of the app's row. Everything that adds or removes rows of `group_file` updates
//! them in its transaction.

use domain::{
    Code, Error, Permission, Result,
    application::AppId,
    file::{FileUsage, Usage},
};

use crate::{
    Scope, application,
    db::{Conn, OrFault, decode_int, query, query_as},
    group::group_ref,
};

/// Bytes in use and quotas of a group and its app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuotaLeft {
    group: Usage,
    app: Usage,
}

impl QuotaLeft {
    pub async fn of(db: &mut Conn, app: AppId, group_key: i64) -> Result<Self> {
        let (group, group_quota, all, quota): (i64, Option<i64>, i64, Option<i64>) = query_as(
            "SELECT g.file_bytes, a.group_file_quota, a.file_bytes, a.file_quota FROM application a JOIN \"group\" g ON g.app_id = a.id
             WHERE a.id = $1 AND g.id = $2",
        )
        .bind(app.key())
        .bind(group_key)
        .fetch_one(db)
        .await.or_fault()?;
        Ok(Self { group: usage(group, group_quota)?, app: usage(all, quota)? })
    }

    /// [`Code::GroupFilesFull`] or [`Code::AppFilesFull`] at `file` when so many more bytes do not fit. Zero bytes always fit.
    pub fn require(&self, bytes: u64) -> Result<()> {
        if let Some(max) = self.group.too_little_for(bytes) {
            return Err(Error::field("file", Code::GroupFilesFull { max }));
        }
        match self.app.too_little_for(bytes) {
            Some(max) => Err(Error::field("file", Code::AppFilesFull { max })),
            None => Ok(()),
        }
    }
}

fn usage(used: i64, max: Option<i64>) -> Result<Usage> {
    Ok(Usage { used: decode_int(used)?, max: max.map(decode_int).transpose()? })
}

/// The bytes that the shared files of a group and of its app have, and their quotas;
/// [`Entity::Group`](domain::error::Entity::Group) not found.
pub async fn usage_of_group(scope: Scope<'_>, group_id: &str) -> Result<FileUsage> {
    let Scope { store, app, .. } = scope;
    scope.require(Permission::Read)?;
    let mut db = store.read().await?;
    let group = group_ref(&mut db, app, group_id).await?;
    let QuotaLeft { group, app } = QuotaLeft::of(&mut db, app, group.key).await?;
    Ok(FileUsage { group, app })
}

/// Counts the bytes of files that were added to a group, or removed from it when `bytes` is negative.
pub(super) async fn count(db: &mut Conn, app: AppId, group_key: i64, bytes: i64) -> Result<()> {
    query("UPDATE \"group\" SET file_bytes = file_bytes + $1 WHERE id = $2")
        .bind(bytes)
        .bind(group_key)
        .execute(&mut *db)
        .await
        .or_fault()?;
    application::count_files(db, app, bytes).await
}
