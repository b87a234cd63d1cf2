//! Whether the disk accepts writes, found out by writing: a session of nobody is inserted and deleted in one transaction, and a
//! small file is written and removed beside the database. SQLite uses the space of its log again and again, so a full disk shows
//! only in the file.

use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use domain::{Error, Result};
use tokio::{
    sync::Mutex,
    task::spawn_blocking,
    time::{Instant, timeout},
};

use super::{Store, TempFile, disk_fault, new_token, now, query};

/// How long a trial may take before the database counts as busy.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// The size of the file that a trial writes, bytes.
const FILE_BYTES: usize = 64 * 1024;

/// The latest trial and its result.
#[derive(Debug, Default)]
pub(super) struct WriteProbe {
    latest: Mutex<Option<(Instant, Result<()>)>>,
    /// Whether a change has failed since that trial.
    doubted: AtomicBool,
}

impl Store {
    /// Whether something can be written. A result that is younger than `remembered` is returned again, so that frequent questions
    /// do not cause frequent writes, unless a change has failed since. [`Error::Busy`] when the writer is too busy to find out,
    /// any other error when the disk accepts nothing.
    pub async fn writable(&self, remembered: Duration) -> Result<()> {
        let mut latest = self.probe.latest.lock().await;
        let doubted = self.probe.doubted.swap(false, Ordering::Relaxed);
        match &*latest {
            Some((at, Ok(()))) if at.elapsed() < remembered && !doubted => return Ok(()),
            Some((at, Err(error))) if at.elapsed() < remembered => return Err(error.clone()),
            _ => {}
        }
        let result = timeout(PROBE_TIMEOUT, self.probe_write()).await.unwrap_or(Err(Error::Busy));
        *latest = Some((Instant::now(), result.clone()));
        result
    }

    /// Called with the error of a failed change: when the disk was the reason, an earlier good result no longer counts.
    pub(crate) fn note_fault(&self, error: &Error) {
        if matches!(error, Error::Storage(_)) {
            self.probe.doubted.store(true, Ordering::Relaxed);
        }
    }

    async fn probe_write(&self) -> Result<()> {
        let (_, nobody) = new_token();
        let mut transaction = self.write().await?;
        let written = query(
            "INSERT INTO session (id, id_hash, operator_id, data, created_at, seen_at, expires_at, address, user_agent)
             VALUES (0, $1, NULL, x'', $2, $2, $2, NULL, '');
             DELETE FROM session WHERE id_hash = $1",
        )
        .bind(nobody.to_vec())
        .bind(now())
        .execute(&mut *transaction)
        .await;
        match written {
            Ok(_) => transaction.commit().await?,
            Err(error) => {
                transaction.rollback().await?;
                return Err(super::fault::of_database(error));
            }
        }
        let folder = self.folder().join("files");
        let file = spawn_blocking(move || {
            let scratch = TempFile::new(&folder)?;
            let mut file = scratch.create()?;
            let written = file.write_all(&[0; FILE_BYTES]).and_then(|()| file.sync_data());
            // Closed before it is removed.
            drop(file);
            written.map_err(disk_fault)
        });
        file.await.map_err(|error| Error::Internal(error.to_string()))?
    }
}
