//! Backups that the server makes by itself.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    backup::{BackupFailure, BackupProblem, BackupState},
    limits::{HOUR_MS, MINUTE_MS},
};

use super::{Backup, BackupError, BackupReport, Options, disk::waiting, list, make};
use crate::{Store, db::now};

/// How long after a failure the next attempt follows, unless a backup is due earlier.
const AFTER_A_FAILURE_MS: i64 = HOUR_MS / 4;

/// Where the server writes backups by itself, how often, and how many are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The folder of the backups.
    pub folder: PathBuf,
    /// The time from one backup to the next.
    pub every: Duration,
    /// How many backups are kept; older ones are removed.
    pub keep: u32,
}

/// The state of the scheduled backups, as the console shows it; cheap to clone.
#[derive(Debug, Clone)]
pub struct BackupMonitor(Arc<Mutex<Known>>);

impl Schedule {
    fn every_ms(&self) -> i64 {
        i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX)
    }

    /// A monitor that knows nothing yet except the interval.
    pub fn watch(&self) -> BackupMonitor {
        let state = BackupState { last_good: None, every: self.every_ms(), failed: None };
        BackupMonitor(Arc::new(Mutex::new(Known { state })))
    }

    /// Makes backups until the future is dropped; the first one at once when the last one is too old.
    pub async fn run(&self, store: &Store, watch: &BackupMonitor) {
        loop {
            let wait = self.step(store, watch, now()).await;
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes a backup if one is due at the time `at`, milliseconds since 1970; answers how long to wait before the next call.
    pub async fn step(&self, store: &Store, watch: &BackupMonitor, at: i64) -> Duration {
        let every = self.every_ms();
        let folder = self.folder.clone();
        let mut backups = waiting(move || list(&folder)).await.unwrap_or_else(|error| {
            // Making one reports the same error, as a failure.
            tracing::debug!(%error, "the backups could not be looked at");
            vec![]
        });
        // The age of those dated in the future is unknown: they must not prevent the next backup.
        let all = backups.len();
        backups.retain(|backup| backup.manifest.made_at <= at);
        let ahead = all - backups.len();
        watch.change(|known| known.look_at(&backups));
        // One that is not whole counts too: trying again soon would make many of them, and they would replace good ones.
        let left = backups.last().map_or(0, |last| last.manifest.made_at + every - at);
        if left > 0 {
            // In steps of a minute at most, because the wall clock counts and may be set.
            return Duration::from_millis(u64::try_from(left.min(MINUTE_MS)).unwrap_or(0));
        }
        if ahead > 0 {
            tracing::warn!(ahead, folder = ?self.folder, "backups of the future do not count, and are taken out first; was the clock wrong?");
        }
        let how = Options { keep: Some(self.keep), verify: false, keep_free: store.space().wanted() };
        let wait = match make(store.folder(), &self.folder, &how).await {
            Ok(made) => {
                self.tell(&made, watch);
                every.min(MINUTE_MS)
            }
            // Another process makes or restores a backup at the moment: that is no failure, and soon over.
            Err(BackupError::InUse { .. }) => {
                tracing::info!(folder = ?self.folder, "the folder for backups is in use; looking again in a moment");
                every.min(MINUTE_MS)
            }
            Err(error) => {
                tracing::error!(%error, folder = ?self.folder, "the backup that was due could not be made");
                watch.change(|known| known.failed(error.trouble(), now()));
                every.min(AFTER_A_FAILURE_MS)
            }
        };
        Duration::from_millis(u64::try_from(wait).unwrap_or(0))
    }

    fn tell(&self, made: &BackupReport, watch: &BackupMonitor) {
        let BackupReport { path, contents, copied, missing, dropped, .. } = made;
        if *missing > 0 {
            tracing::error!(
                ?path,
                missing,
                "shared files are missing or damaged in the data folder, so the backup has not all of them; see `roster check`"
            );
        } else {
            tracing::info!(?path, contents, copied, dropped, "made a backup");
        }
        watch.change(|known| known.made(made.at, *missing == 0));
    }
}

impl BackupMonitor {
    /// The state as of now.
    pub fn state(&self) -> BackupState {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).state
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[derive(Debug)]
struct Known {
    state: BackupState,
}

impl Known {
    /// Updates the state from the backups in the folder, without those dated in the future; one may have been made by hand.
    fn look_at(&mut self, backups: &[Backup]) {
        if let Some(whole) = backups.iter().rfind(|backup| backup.is_whole()) {
            self.state.last_good = Some(whole.manifest.made_at);
        }
        let failed_at = self.state.failed.map_or(0, |failed| failed.at);
        if let Some(last) = backups.last().filter(|last| last.manifest.made_at > failed_at) {
            self.made(last.manifest.made_at, last.is_whole());
        }
    }

    fn made(&mut self, at: i64, is_whole: bool) {
        if is_whole {
            self.state.last_good = Some(at);
        }
        self.state.failed = (!is_whole).then_some(BackupFailure { at, trouble: BackupProblem::Incomplete });
    }

    fn failed(&mut self, trouble: BackupProblem, at: i64) {
        self.state.failed = Some(BackupFailure { at, trouble });
    }
}
