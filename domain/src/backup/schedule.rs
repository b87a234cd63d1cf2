//! Backups that the server makes by itself.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Backup, BackupError, BackupState, BackupTrouble, Made, Options, disk::waiting, list, make};
use crate::{
    Store,
    db::now,
    limits::{HOUR_MS, MINUTE_MS},
};

/// After a failure the next attempt comes so much later, unless a backup is due earlier anyway.
const AFTER_A_FAILURE_MS: i64 = HOUR_MS / 4;

/// Where backups go by themselves, how often, and how many are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub folder: PathBuf,
    pub every: Duration,
    pub keep: u32,
}

/// How they stand, for whoever asks; cheap to clone.
#[derive(Debug, Clone)]
pub struct Watch(Arc<Mutex<BackupState>>);

impl Schedule {
    fn every_ms(&self) -> i64 {
        i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX)
    }

    /// Nothing is known yet but how often one is made.
    pub fn watch(&self) -> Watch {
        Watch(Arc::new(Mutex::new(BackupState { last_good: None, every: self.every_ms(), failed: None })))
    }

    /// Makes them until it is dropped: the first at once when the last good one is too old.
    pub async fn run(&self, store: &Store, watch: &Watch) {
        loop {
            let wait = self.step(store, watch, now()).await;
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes one if it is due at the time `at`; how long to wait before this is asked again.
    pub async fn step(&self, store: &Store, watch: &Watch, at: i64) -> Duration {
        let every = self.every_ms();
        let due = self.last_good().await.unwrap_or_else(|error| {
            // Making one says the same, and more loudly.
            tracing::debug!(%error, "the backups could not be looked at");
            None
        });
        watch.change(|state| state.last_good = due.or(state.last_good));
        // A clock that was put back must not keep the next one from being made.
        let left = due.map_or(0, |last| (last + every - at).min(every));
        if left > 0 {
            // In pieces, because the clock that counts is the one on the wall.
            return Duration::from_millis(u64::try_from(left.min(MINUTE_MS)).unwrap_or(0));
        }
        let how = Options { keep: Some(self.keep), verify: false };
        let wait = match make(store.folder(), &self.folder, &how).await {
            Ok(made) => {
                self.tell(&made, watch);
                if made.missing > 0 { every.min(AFTER_A_FAILURE_MS * 4) } else { every.min(MINUTE_MS) }
            }
            Err(error) => {
                tracing::error!(%error, folder = ?self.folder, "the backup that was due could not be made");
                watch.change(|state| state.failed = Some(error.trouble()));
                every.min(AFTER_A_FAILURE_MS)
            }
        };
        Duration::from_millis(u64::try_from(wait).unwrap_or(0))
    }

    fn tell(&self, made: &Made, watch: &Watch) {
        let Made { path, contents, copied, missing, dropped, .. } = made;
        if *missing > 0 {
            tracing::error!(
                ?path,
                missing,
                "shared files are missing or damaged in the data folder, so the backup has not all of them; see `roster check`"
            );
            watch.change(|state| state.failed = Some(BackupTrouble::Incomplete));
        } else {
            tracing::info!(?path, contents, copied, dropped, "made a backup");
            watch.change(|state| (state.last_good, state.failed) = (Some(made.at), None));
        }
    }

    /// What the last whole one shows is of this time.
    async fn last_good(&self) -> Result<Option<i64>, BackupError> {
        let folder = self.folder.clone();
        let backups = waiting(move || list(&folder)).await?;
        Ok(backups.iter().rev().find(|backup| Backup::is_whole(backup)).map(|backup| backup.manifest.made_at))
    }
}

impl Watch {
    pub fn state(&self) -> BackupState {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut BackupState)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
