//! Opening the data folder: who may use it, the pragmas of both pools, the migrations, and clear words when it fails.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Read,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use tokio::sync::Notify;

pub use super::companion_files::belongings;
use super::{
    Space, Store, WRITER_CACHE_KIB, Writer,
    companion_files::{Log, is_missing_or_empty, refuse_beside, rename_belongings},
    fault::primary_code,
};
use crate::{
    feed::{Feed, Subscriber},
    memory::tokens::TokenCache,
};

/// Forward only; a database that knows more than these is refused.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

pub const FILE: &str = "roster.db";
pub(super) const LOCK_FILE: &str = "roster.lock";
/// A folder with a restored backup that is complete, but not in place yet.
pub const RESTORED: &str = "restored";

/// Why the data folder cannot be used. Each text says what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the data folder {folder:?} cannot be read: {source}. Check that the path is right and that the user who runs roster may open it."
    )]
    Unreadable { folder: PathBuf, source: std::io::Error },
    #[error(
        "the data folder {folder:?} cannot be written to: {source}. Give the user who runs roster the right to write there, or choose another folder with ROSTER_DATA."
    )]
    NotWritable { folder: PathBuf, source: std::io::Error },
    #[error("there is no database in {folder:?}. Check the path, or start `roster serve` once: it makes one.")]
    Missing { folder: PathBuf },
    #[error(
        "there is no database in {folder:?}, or an empty one, but {found} of another one are there. Is a disk not mounted, or a restored backup not in place yet? Put the database that belongs to them there as roster.db; if it is one of `roster backup`, run `roster restore`. To begin anew in this folder all the same, start `roster serve --new-database` once: nothing of the old is removed."
    )]
    Abandoned { folder: PathBuf, found: String },
    #[error(
        "a backup was being restored into {folder:?} and that was cut off. Run `roster restore` once more, with the same backup: it goes on where it was, and nothing is lost."
    )]
    CutOff { folder: PathBuf },
    #[error("there is a database in {folder:?} already. Leave --new-database out, or choose another folder with ROSTER_DATA.")]
    NotNew { folder: PathBuf },
    #[error(
        "the data folder {folder:?} is already served by another roster process. Stop that one first, or choose another folder with ROSTER_DATA."
    )]
    InUse { folder: PathBuf },
    #[error(
        "the database in {folder:?} was written by a newer roster (its schema is version {found}, this binary knows up to {known}). Install that newer version, or restore a backup that was made before the update."
    )]
    Newer { folder: PathBuf, found: i64, known: i64 },
    #[error(
        "the database in {folder:?} was written by an older roster (its schema is version {found}, this binary needs {known}) and this command does not change that. Start this version's `roster serve` once, which brings the data up to date, or use the binary that made the data."
    )]
    Outdated { folder: PathBuf, found: i64, known: i64 },
    #[error("the database {file:?} is damaged: {reason}. Keep a copy of the folder, then restore the latest backup.")]
    Damaged { file: PathBuf, reason: String },
    #[error("{file:?} exists already. Choose a name that is free: a backup never overwrites a file.")]
    Exists { file: PathBuf },
    #[error("the database cannot be opened: {0}. The log may say more; free disk space and file permissions are worth a look.")]
    Database(#[from] sqlx::Error),
}

/// What becomes of migrations that the database does not have yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    Run,
    Refuse,
}

/// Whether a database may be made beside files that belong to another one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CompanionFiles {
    Nothing,
    Anything,
}

/// Held while a process serves a data folder; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl Store {
    /// Opens the data folder, makes what is missing (the folder only for its owner), and brings the schema up to date.
    /// [`OpenError::Abandoned`] when the database is missing but files of one are there.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        Self::open_with(folder, Pending::Run, CompanionFiles::Nothing).await
    }

    /// Makes a database whatever is in the folder; what only another one can have left there gets other names. [`OpenError::NotNew`] when
    /// there is one already.
    pub async fn open_new(folder: &Path) -> Result<Self, OpenError> {
        Self::open_with(folder, Pending::Run, CompanionFiles::Anything).await
    }

    async fn open_with(folder: &Path, pending: Pending, beside: CompanionFiles) -> Result<Self, OpenError> {
        make_folder(folder)?;
        refuse_cut_off(folder)?;
        let file = folder.join(FILE);
        match beside {
            CompanionFiles::Anything if !is_missing_or_empty(&file) => {
                return Err(OpenError::NotNew { folder: folder.to_owned() });
            }
            CompanionFiles::Anything => rename_belongings(folder)?,
            // Not later: SQLite drops a log that it finds beside an empty file.
            CompanionFiles::Nothing if is_missing_or_empty(&file) => {
                refuse_beside(folder, Log::Counts)?;
            }
            CompanionFiles::Nothing => {}
        }
        touch(folder, &file)?;
        check_header(folder, &file)?;
        let mut writer = SqliteConnection::connect_with(&writer(&file)).await.map_err(|error| explain(folder, error))?;
        let cursor_key = match prepare(&mut writer, folder, pending, beside).await {
            Ok(key) => key,
            Err(error) => {
                // In order, so that nothing is left beside the file. What is wrong is told already.
                let _ = writer.close().await;
                return Err(error);
            }
        };
        let reader = reader(&file).await.map_err(|error| explain(folder, error))?;
        let tokens: Arc<TokenCache> = Arc::default();
        let file_bell: Arc<Notify> = Arc::default();
        let feed = Arc::new(Feed::new(super::now(), vec![forgets_tokens(tokens.clone()), wakes_sweeper(file_bell.clone())]));
        let store = Self {
            writer: Writer::new(writer),
            reader,
            folder: folder.to_owned(),
            feed,
            job_bells: Arc::default(),
            file_bell,
            passwords: Arc::default(),
            cursor_key,
            opened_at: super::now(),
            tokens,
            deferred: Arc::default(),
            probe: Arc::default(),
            refusals: Arc::default(),
            space: Arc::new(Space::of(folder)),
            copied_to: Arc::new(AtomicI64::new(i64::MAX)),
            archive_bell: Arc::default(),
        };
        // Without statistics lists are slower, but there; what is wrong has been logged.
        let _ = store.optimize().await;
        Ok(store)
    }

    /// Opens an existing database as it is: for commands that look after one, perhaps while it is served by an older version or
    /// right before an update. [`OpenError::Missing`] without a database, [`OpenError::Outdated`] when its schema is older.
    pub async fn open_existing(folder: &Path) -> Result<Self, OpenError> {
        refuse_missing(folder, &folder.join(FILE))?;
        Self::open_with(folder, Pending::Refuse, CompanionFiles::Nothing).await
    }

    /// Claims the folder for the process that serves it; [`OpenError::InUse`] while another one does.
    pub fn lock(folder: &Path) -> Result<DataLock, OpenError> {
        make_folder(folder)?;
        let file = private().write(true).create(true).truncate(false).open(folder.join(LOCK_FILE));
        let file = file.map_err(|source| OpenError::NotWritable { folder: folder.to_owned(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(DataLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(source)) => Err(OpenError::NotWritable { folder: folder.to_owned(), source }),
        }
    }
}

/// The key that cursors are signed with; the schema makes one.
async fn cursor_key(db: &mut SqliteConnection) -> Result<[u8; 32], sqlx::Error> {
    let key: Vec<u8> = sqlx::query_scalar("SELECT key FROM server_key WHERE name = 'cursor'").fetch_one(db).await?;
    key.try_into().map_err(|_| sqlx::Error::Decode("the key for cursors has another length".into()))
}

/// Options for files that only their owner may read: they hold password hashes and personal data.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only its owner may enter; one that exists is left as it is.
pub fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| OpenError::Unreadable { folder: folder.to_owned(), source })
}

/// Brings the schema up to date, or sees to it that it is; the key for cursors.
async fn prepare(
    db: &mut SqliteConnection,
    folder: &Path,
    pending: Pending,
    beside: CompanionFiles,
) -> Result<[u8; 32], OpenError> {
    if beside == CompanionFiles::Nothing && !has_tables(db).await.map_err(|error| explain(folder, error))? {
        // By now the log is this connection's own.
        refuse_beside(folder, Log::IsOurs)?;
    }
    if pending == Pending::Refuse {
        require_current(db, folder).await?;
    }
    migrate(db, folder).await?;
    cursor_key(db).await.map_err(|error| explain(folder, error))
}

/// Whether anything was ever written into it.
async fn has_tables(db: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema)").fetch_one(db).await
}

/// [`OpenError::Missing`] without a database, or what else keeps from looking at it.
pub fn refuse_missing(folder: &Path, file: &Path) -> Result<(), OpenError> {
    refuse_cut_off(folder)?;
    match fs::metadata(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            refuse_beside(folder, Log::Counts)?;
            Err(OpenError::Missing { folder: folder.to_owned() })
        }
        Err(source) => Err(OpenError::Unreadable { folder: folder.to_owned(), source }),
    }
}

/// [`OpenError::CutOff`] when a restored backup waits to be put in place.
fn refuse_cut_off(folder: &Path) -> Result<(), OpenError> {
    if folder.join(RESTORED).exists() { Err(OpenError::CutOff { folder: folder.to_owned() }) } else { Ok(()) }
}

/// Makes the file when it is missing, and tells at once when nothing can be written.
fn touch(folder: &Path, file: &Path) -> Result<(), OpenError> {
    let not_writable = |source| OpenError::NotWritable { folder: folder.to_owned(), source };
    private().append(true).create(true).open(file).map_err(not_writable)?;
    // SQLite needs its log beside the file, so the folder must be writable too.
    let probe = folder.join(format!(".roster-probe-{}", std::process::id()));
    private().write(true).create(true).truncate(true).open(&probe).map_err(not_writable)?;
    fs::remove_file(&probe).map_err(not_writable)
}

pub(super) fn check_header(folder: &Path, file: &Path) -> Result<(), OpenError> {
    let unreadable = |source| OpenError::Unreadable { folder: folder.to_owned(), source };
    let mut header = Vec::new();
    File::open(file).map_err(unreadable)?.take(16).read_to_end(&mut header).map_err(unreadable)?;
    if header.is_empty() || header == b"SQLite format 3\0" {
        Ok(())
    } else {
        Err(OpenError::Damaged { file: file.to_owned(), reason: "it is not a SQLite file".to_owned() })
    }
}

/// What both kinds of connection have in common.
pub(super) fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // A page of a list, so that SQLite's thread does not stop and wait in the middle of it.
        .row_buffer_size(256)
        .pragma("trusted_schema", "OFF")
        .pragma("temp_store", "MEMORY")
        // Counted for each connection by tools that look at memory, though the pages are shared.
        .pragma("mmap_size", "67108864")
}

/// The one connection that writes; see [`Writer`].
fn writer(file: &Path) -> SqliteConnectOptions {
    options(file)
        // Only has an effect on a new file, and only before WAL.
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        // The event log is promised: what was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "67108864")
        // Pages of the log that are folded into the file together, 32 MiB of them: writers wait while that happens, and pages that many
        // changes have in common are copied once.
        .pragma("wal_autocheckpoint", "8192")
        // Not for readers: they would check a page each time they look at it, which takes longer than looking.
        .pragma("cell_size_check", "ON")
        // Deleting is real: freed cells are overwritten wherever that costs no extra page.
        .pragma("secure_delete", "FAST")
        .pragma("cache_size", format!("-{WRITER_CACHE_KIB}"))
        .analysis_limit(400)
        .thread_name(|_| "roster-writer".to_owned())
}

/// What all connections that only read have in common.
fn reading(file: &Path) -> SqliteConnectOptions {
    options(file).read_only(true).pragma("query_only", "ON").pragma("cache_size", "-2048")
}

/// A connection for one long read, beside the pool, so that no page waits for it. It maps nothing into memory: reading the whole
/// file would hold that much of it.
pub(super) async fn long_reader(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = reading(file).pragma("mmap_size", "0").thread_name(|_| "roster-long-reader".to_owned());
    SqliteConnection::connect_with(&options).await
}

async fn reader(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let options = reading(file)
        // The file as memory, as far as SQLite goes: a search that looks at ten thousand rows all over it would otherwise copy a
        // page for each. The system takes it back as it needs to.
        .pragma("mmap_size", "2147418112")
        .thread_name(|number| format!("roster-reader-{number}"));
    SqlitePoolOptions::new()
        // A connection to a file does not go away behind one's back; asking costs as much as a small query.
        .test_before_acquire(false)
        .min_connections(1)
        .max_connections(u32::try_from(cores * 2).unwrap_or(4).clamp(4, 16))
        .idle_timeout(Some(Duration::from_secs(60)))
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
}

/// The version of the schema that this binary works with.
pub fn known_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// [`OpenError::Outdated`] when migrations are pending. With a newer schema none are: that is for [`migrate`] to tell.
async fn require_current(db: &mut SqliteConnection, folder: &Path) -> Result<(), OpenError> {
    let (found, known) = (found_version(db).await.map_err(|error| explain(folder, error))?, known_version());
    if found < known { Err(OpenError::Outdated { folder: folder.to_owned(), found, known }) } else { Ok(()) }
}

/// The version of the schema that a database has; 0 for one without any.
pub(super) async fn found_version(db: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let table = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations')";
    if sqlx::query_scalar(table).fetch_one(&mut *db).await? {
        let newest = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";
        sqlx::query_scalar(newest).fetch_one(&mut *db).await
    } else {
        Ok(0)
    }
}

async fn migrate(db: &mut SqliteConnection, folder: &Path) -> Result<(), OpenError> {
    let known = known_version();
    match MIGRATIONS.run(db).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => Err(OpenError::Newer { folder: folder.to_owned(), found, known }),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(explain(folder, error)),
        Err(error) => Err(OpenError::Damaged { file: folder.join(FILE), reason: error.to_string() }),
    }
}

/// The clearest sentence for a database that does not open.
pub(super) fn explain(folder: &Path, error: sqlx::Error) -> OpenError {
    match primary_code(&error) {
        Some(5 | 6) => OpenError::InUse { folder: folder.to_owned() },
        Some(11 | 26) => OpenError::Damaged { file: folder.join(FILE), reason: error.to_string() },
        Some(8) => OpenError::NotWritable { folder: folder.to_owned(), source: std::io::Error::other(error.to_string()) },
        _ => OpenError::Database(error),
    }
}
/// What is remembered of tokens ends with what may have ended them.
fn forgets_tokens(tokens: Arc<TokenCache>) -> Subscriber {
    Box::new(move |done| {
        if done.iter().any(|action| action.ends_tokens()) {
            tokens.forget_all();
        }
    })
}

/// Shared files may have lost their last row.
fn wakes_sweeper(bell: Arc<Notify>) -> Subscriber {
    Box::new(move |done| {
        if done.iter().any(|action| action.frees_files()) {
            bell.notify_one();
        }
    })
}
