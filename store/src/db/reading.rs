//! A data folder that is only read, as backups and checks do: while it is served, when its disk takes nothing more, and when an older
//! version left it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    OpenError, Store,
    open::{FILE, LOCK_FILE, check_header, explain, found_version, known_version, options, refuse_missing},
    private,
};

/// How to connect to a database that others may be using.
#[derive(Debug)]
pub struct Reading {
    options: SqliteConnectOptions,
    /// The version of its schema.
    pub schema: i64,
    /// Keeps a server from starting while the file is read as one that nobody changes.
    _still: Option<File>,
}

impl Reading {
    /// `room`: a folder where the database and its log can be copied to when they can be read together in no other way, which is when
    /// a process was killed and the folder takes no file. What is made there is the caller's to remove.
    pub async fn open(folder: &Path, room: &Path) -> Result<Self, OpenError> {
        let file = folder.join(FILE);
        refuse_missing(folder, &file)?;
        check_header(folder, &file)?;
        let usual = options(&file)
            // Each long read is meant to be one.
            .disable_statement_logging()
            // Reading the whole file would hold that much memory.
            .pragma("mmap_size", "0")
            .thread_name(|_| "roster-reading".to_owned());
        // First as one who could write, though nothing is written: it leaves no log behind when it is the last to go.
        if let Ok(schema) = schema_of(&usual).await {
            return Self::known(folder, usual, schema, None);
        }
        let only = usual.clone().read_only(true);
        let error = match schema_of(&only).await {
            Ok(schema) => return Self::known(folder, only, schema, None),
            Err(error) => error,
        };
        // No log and none can be made. As long as nobody serves the folder the file is all there is.
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

    fn known(folder: &Path, options: SqliteConnectOptions, schema: i64, still: Option<File>) -> Result<Self, OpenError> {
        let known = known_version();
        if schema == 0 {
            // Nothing was ever written into it.
            return Err(OpenError::Outdated { folder: folder.to_owned(), found: schema, known });
        }
        if schema > known {
            return Err(OpenError::Newer { folder: folder.to_owned(), found: schema, known });
        }
        Ok(Self { options, schema, _still: still })
    }

    /// [`OpenError::Outdated`] for the data of an older version.
    pub fn require_current(&self, folder: &Path) -> Result<(), OpenError> {
        let (found, known) = (self.schema, known_version());
        if found < known { Err(OpenError::Outdated { folder: folder.to_owned(), found, known }) } else { Ok(()) }
    }

    pub async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        SqliteConnection::connect_with(&self.options).await
    }

    /// A consistent copy as of now, into a file that is not there yet. It is as complete as SQLite makes it, but not yet on the disk
    /// for good.
    pub async fn copy_to(&self, to: &Path) -> Result<(), sqlx::Error> {
        copy(self.connect().await?, to).await
    }
}

/// The copy behind [`Reading::copy_to`].
pub(super) async fn copy(mut from: SqliteConnection, to: &Path) -> Result<(), sqlx::Error> {
    let name = to.to_str().ok_or_else(|| sqlx::Error::Configuration("the path of the copy is no UTF-8".into()))?;
    // An empty file that only its owner may read; SQLite fills it.
    private().write(true).create_new(true).open(to)?;
    sqlx::query("VACUUM INTO $1").bind(name).execute(&mut from).await?;
    from.close().await
}

/// Looks into the database, which is where it turns out whether its log can be read.
async fn schema_of(options: &SqliteConnectOptions) -> Result<i64, sqlx::Error> {
    let mut db = SqliteConnection::connect_with(options).await?;
    let found = found_version(&mut db).await;
    db.close().await?;
    found
}

/// `None` while a server runs; else its lock, if there is one, so that none starts.
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
    /// A consistent copy of the database alone as of now, while everybody goes on working. Refuses a file that exists.
    pub async fn backup(&self, to: &Path) -> Result<(), OpenError> {
        if to.exists() {
            return Err(OpenError::Exists { file: to.to_owned() });
        }
        // A connection of its own: the copy takes a while, and readers may not write even elsewhere.
        let connection = SqliteConnection::connect_with(&options(&self.folder.join(FILE))).await?;
        let copied = copy(connection, to).await;
        if copied.is_err() {
            // Half a backup is worse than none.
            let _ = fs::remove_file(to);
        }
        copied?;
        // On the disk before anybody relies on it.
        let synced = fs::File::open(to).and_then(|file| file.sync_all());
        synced.map_err(|source| OpenError::NotWritable { folder: to.to_owned(), source })
    }
}
