//! Reading a data folder without changing it, as backups and checks do: while it is served, when its disk accepts nothing more,
//! and when an older version left it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

use super::{
    connect_with,
    open::{FoundSchema, check_header, explain, found_schema, known_version, options, private, refuse_missing},
};
use crate::db::{
    Conn, DatabaseError, OpenError, Store,
    file_names::{FILE, LOCK_FILE},
    query,
};

/// How to connect to a database that other processes may be using.
#[derive(Debug)]
pub struct Reading {
    options: SqliteConnectOptions,
    /// Its schema.
    schema: FoundSchema,
    /// Prevents a server from starting while the file is read as one that nobody changes.
    _still: Option<File>,
}

impl Reading {
    /// Finds out how the database of that folder can be read. `room`: a folder for copies of the database and its log, where they
    /// can be read together in no other way. That is so when a process was killed and the data folder accepts no files. The
    /// caller removes what is written there. [`OpenError::Missing`] without a database, [`OpenError::Newer`] for one of a newer
    /// version, [`OpenError::Outdated`] for one without a schema, [`OpenError::Unreleased`] for one of a development version,
    /// [`OpenError::Foreign`] for one of another program.
    pub async fn open(folder: &Path, room: &Path) -> Result<Self, OpenError> {
        let file = folder.join(FILE);
        refuse_missing(folder, &file)?;
        check_header(folder, &file)?;
        let usual = options(&file)
            // Each long read is intended to be one.
            .disable_statement_logging()
            // Reading the whole file would occupy that much memory.
            .pragma("mmap_size", "0")
            .thread_name(|_| "roster-reading".to_owned());
        // First like a writer, though nothing is written: such a connection leaves no log when it is the last to close.
        if let Ok(schema) = schema_of(&usual).await {
            return Self::known(folder, usual, schema, None);
        }
        let only = usual.clone().read_only(true);
        let error = match schema_of(&only).await {
            Ok(schema) => return Self::known(folder, only, schema, None),
            Err(error) => error,
        };
        // There is no log and none can be made. As long as nobody serves the folder, the file alone is complete.
        let Some(still) = nobody_serves(folder) else { return Err(explain(folder, error)) };
        let wal = folder.join(format!("{FILE}-wal"));
        let options = if fs::metadata(&wal).is_ok_and(|about| about.len() > 0) {
            let copied = copy_together(&file, &wal, room);
            let copy = copied.map_err(|source| OpenError::NotWritable { folder: room.to_owned(), source })?;
            usual.filename(copy)
        } else {
            only.immutable(true)
        };
        let schema = schema_of(&options).await.map_err(|error| explain(folder, error))?;
        Self::known(folder, options, schema, still)
    }

    fn known(folder: &Path, options: SqliteConnectOptions, schema: FoundSchema, still: Option<File>) -> Result<Self, OpenError> {
        schema.require_ours(folder)?;
        let (found, known) = (schema.version, known_version());
        if found == 0 {
            // Nothing was ever written to it.
            return Err(OpenError::Outdated { folder: folder.to_owned(), found, known });
        }
        if found > known {
            return Err(OpenError::Newer { folder: folder.to_owned(), found, known });
        }
        Ok(Self { options, schema, _still: still })
    }

    /// The version of its schema.
    pub fn version(&self) -> i64 {
        self.schema.version
    }

    /// [`OpenError::Outdated`] for the data of an older version.
    pub fn require_current(&self, folder: &Path) -> Result<(), OpenError> {
        self.schema.require_current(folder)
    }

    /// A new connection to the database, or to its copy. Callers write nothing through it.
    pub async fn connect(&self) -> Result<Conn, DatabaseError> {
        connect_with(&self.options).await
    }

    /// Writes a consistent copy as of now into `to`, which must not exist. The copy is complete, but not yet synced to the disk.
    pub async fn copy_to(&self, to: &Path) -> Result<(), DatabaseError> {
        copy(self.connect().await?, to).await
    }
}

/// A connection outside any store with the usual settings, for tools and tests. It may write.
pub async fn connect(file: &Path) -> Result<Conn, DatabaseError> {
    connect_with(&options(file)).await
}

/// Opens a copy of a database that nobody else uses. It is discarded when anything fails, and synced when nothing does.
pub async fn open_copy(file: &Path) -> Result<Conn, DatabaseError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .disable_statement_logging()
        .pragma("journal_mode", "MEMORY")
        .pragma("synchronous", "OFF")
        .pragma("trusted_schema", "OFF")
        .pragma("temp_store", "MEMORY");
    connect_with(&options).await
}

/// The copying in [`Reading::copy_to`].
pub(super) async fn copy(mut from: Conn, to: &Path) -> Result<(), DatabaseError> {
    let name = to.to_str().ok_or_else(|| DatabaseError::Configuration("the path of the copy is no UTF-8".into()))?;
    // An empty file that only its owner may read; SQLite fills it.
    private().write(true).create_new(true).open(to)?;
    query("VACUUM INTO $1").bind(name).execute(&mut from).await?;
    from.close().await
}

/// Reads the database, because only that shows whether its log can be read.
async fn schema_of(options: &SqliteConnectOptions) -> Result<FoundSchema, DatabaseError> {
    let mut db = connect_with(options).await?;
    let found = found_schema(&mut db).await;
    db.close().await?;
    found
}

/// `None` while a server runs; otherwise its lock, if there is one, so that no server starts.
fn nobody_serves(folder: &Path) -> Option<Option<File>> {
    let Ok(file) = File::open(folder.join(LOCK_FILE)) else { return Some(None) };
    match file.try_lock_shared() {
        Ok(()) => Some(Some(file)),
        Err(TryLockError::WouldBlock) => None,
        Err(TryLockError::Error(_)) => Some(None),
    }
}

fn copy_together(file: &Path, wal: &Path, room: &Path) -> io::Result<PathBuf> {
    let copy = room.join("source.db");
    for (from, to) in [(file, copy.clone()), (wal, room.join("source.db-wal"))] {
        io::copy(&mut File::open(from)?, &mut private().write(true).create_new(true).open(to)?)?;
    }
    Ok(copy)
}

impl Store {
    /// Writes a consistent copy of the database alone as of now into `to`, while all other work continues. [`OpenError::Exists`]
    /// when there is such a file.
    pub async fn backup(&self, to: &Path) -> Result<(), OpenError> {
        if to.exists() {
            return Err(OpenError::Exists { file: to.to_owned() });
        }
        // A connection of its own: the copy takes a while, and readers may not write even to another file.
        let connection = connect(&self.folder.join(FILE)).await?;
        let copied = copy(connection, to).await;
        if copied.is_err() {
            // Half a backup is worse than none.
            let _ = fs::remove_file(to);
        }
        copied?;
        // Synced to the disk before anybody relies on it.
        let synced = fs::File::open(to).and_then(|file| file.sync_all());
        synced.map_err(|source| OpenError::NotWritable { folder: to.to_owned(), source })
    }
}
