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
pub struct BackupMonitor(Arc<Mutex<Known>>);

impl Schedule {
    fn every_ms(&self) -> i64 {
        i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX)
    }

    /// Nothing is known yet but how often one is made.
    pub fn watch(&self) -> BackupMonitor {
        let state = BackupState { last_good: None, every: self.every_ms(), failed: None };
        BackupMonitor(Arc::new(Mutex::new(Known { state })))
    }

    /// Makes them until it is dropped: the first at once when the last one is too old.
    pub async fn run(&self, store: &Store, watch: &BackupMonitor) {
        loop {
            let wait = self.step(store, watch, now()).await;
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes one if it is due at the time `at`; how long to wait before this is asked again.
    pub async fn step(&self, store: &Store, watch: &BackupMonitor, at: i64) -> Duration {
        let every = self.every_ms();
        let folder = self.folder.clone();
        let mut backups = waiting(move || list(&folder)).await.unwrap_or_else(|error| {
            // Making one says the same, and more loudly.
            tracing::debug!(%error, "the backups could not be looked at");
            vec![]
        });
        // Of what was made while the clock ran ahead nobody knows how old it is: it must not keep the next one from being made.
        let all = backups.len();
        backups.retain(|backup| backup.manifest.made_at <= at);
        let ahead = all - backups.len();
        watch.change(|known| known.look_at(&backups));
        // One that is not whole counts too: trying again soon would bring many of them, and they would take the place of good ones.
        let left = backups.last().map_or(0, |last| last.manifest.made_at + every - at);
        if left > 0 {
            // In pieces, because the clock that counts is the one on the wall.
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
            // Somebody makes one just now, or restores one: no failure, and over soon.
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
    /// What the folder tells, without what is of the future; somebody may have made one by hand.
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
