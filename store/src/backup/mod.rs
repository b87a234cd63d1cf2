//! Backups: complete copies of a data folder, made while it is served, and restoring them.
//!
//! One folder holds many of them. Each is a folder named after the time that it shows. It has the database, the rows of imports
//! that wait, the sums of everything that belongs to it (`SHA256SUMS`, as `sha256sum -c` reads it) and `MANIFEST.json`. The
//! contents of shared files are beside these folders in `files`, each content once for all of them: contents never change, so a
//! further backup copies only new ones. A backup is written under another name. It gets its own name in the end, when all of it
//! is on the disk and was compared; a folder without such a name is no backup.
//!
//! No job continues in a restored folder: the copy of the database has no unfinished one (see `copied`).

mod backup_folder;
mod content;
mod copied;
mod disk;
mod error;
mod make;
mod restore;
mod schedule;
mod sums;

pub use self::{
    backup_folder::{Backup, Manifest, list},
    error::BackupError,
    make::{BackupReport, Options, make},
    restore::{RestoreReport, restore},
    schedule::{BackupMonitor, Schedule},
};
