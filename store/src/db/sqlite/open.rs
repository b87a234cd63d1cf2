//! Opening the data folder: who may use it, the settings of writer and readers, the migrations, and clear texts when it fails.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Read,
    path::Path,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use sqlx::{
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use tokio::sync::Notify;

use super::{
    Writer,
    companion_files::{Log, is_missing_or_empty, refuse_beside, rename_belongings},
    connect_with, statistics,
};
use crate::{
    db::{
        Conn, DatabaseError, OpenError, Pool, Space, Store, WRITER_CACHE_KIB,
        driver::sqlite::{self, fault::primary_code},
        file_names::{FILE, LOCK_FILE, RESTORED},
        now, query_as, query_scalar,
    },
    feed::{Feed, Subscriber},
    memory::{apps::AppCache, tokens::TokenCache},
};

/// Only forward: a database with newer migrations than these is refused.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// What happens when the database lacks migrations.
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

/// Held while a process serves a data folder. The system releases it when the process ends, however that ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl Store {
    /// Opens the data folder, makes what is missing (a folder that only its owner may enter), and migrates the schema.
    /// [`OpenError::Abandoned`] when the database is missing but files of one are there.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        Self::open_with(folder, Pending::Run, CompanionFiles::Nothing).await
    }

    /// Makes a new database whatever else is in the folder; files that only another database can have left there are renamed.
    /// [`OpenError::NotNew`] when there is a database already.
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
            // Checked before connecting: SQLite deletes a log that it finds beside an empty file.
            CompanionFiles::Nothing if is_missing_or_empty(&file) => {
                refuse_beside(folder, Log::Counts)?;
            }
            CompanionFiles::Nothing => {}
        }
        touch(folder, &file)?;
        check_header(folder, &file)?;
        refuse_others(folder, &file).await?;
        let mut writer = connect_with(&writer(&file)).await.map_err(|error| explain(folder, error))?;
        let cursor_key = match prepare(&mut writer, folder, pending, beside).await {
            Ok(key) => key,
            Err(error) => {
                // Closed in order, so that no log is left beside the file. The first error is reported.
                let _ = writer.close().await;
                return Err(error);
            }
        };
        let reader = reader(&file).await.map_err(|error| explain(folder, error))?;
        let tokens: Arc<TokenCache> = Arc::default();
        let apps: Arc<AppCache> = Arc::default();
        let file_bell: Arc<Notify> = Arc::default();
        let subscribers = vec![forgets_tokens(tokens.clone()), forgets_apps(apps.clone()), wakes_sweeper(file_bell.clone())];
        let feed = Arc::new(Feed::new(now(), subscribers));
        Ok(Self {
            writer: Writer::new(writer),
            reader,
            folder: folder.to_owned(),
            feed,
            job_bells: Arc::default(),
            file_bell,
            passwords: Arc::default(),
            cursor_key,
            opened_at: now(),
            tokens,
            apps,
            deferred: Arc::default(),
            probe: Arc::default(),
            refusals: Arc::default(),
            space: Arc::new(Space::of(folder)),
            copied_to: Arc::new(AtomicI64::new(i64::MAX)),
            archive_bell: Arc::default(),
            hit_cache: Arc::default(),
        })
    }

    /// Opens an existing database as it is: for commands that maintain one, perhaps while an older version serves it or right
    /// before an update. [`OpenError::Missing`] without a database, [`OpenError::Outdated`] when its schema is older.
    pub async fn open_existing(folder: &Path) -> Result<Self, OpenError> {
        refuse_missing(folder, &folder.join(FILE))?;
        Self::open_with(folder, Pending::Refuse, CompanionFiles::Nothing).await
    }

    /// Takes the lock on the folder for the process that serves it; [`OpenError::InUse`] while another process has it.
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

/// The key that cursors are signed with; the migrations create it.
async fn cursor_key(db: &mut Conn) -> Result<[u8; 32], DatabaseError> {
    let key: Vec<u8> = query_scalar("SELECT key FROM server_key WHERE name = 'cursor'").fetch_one(db).await?;
    key.try_into().map_err(|_| DatabaseError::Decode("the key for cursors has another length".into()))
}

/// Options for files that only their owner may read: they hold password hashes and personal data.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only its owner may enter; an existing one stays unchanged.
pub fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| OpenError::Unreadable { folder: folder.to_owned(), source })
}

/// Migrates the schema, or checks that it is current; answers the key for cursors.
async fn prepare(db: &mut Conn, folder: &Path, pending: Pending, beside: CompanionFiles) -> Result<[u8; 32], OpenError> {
    if beside == CompanionFiles::Nothing && !has_tables(db).await.map_err(|error| explain(folder, error))? {
        // By now the log belongs to this connection.
        refuse_beside(folder, Log::IsOurs)?;
    }
    let found = found_schema(db).await.map_err(|error| explain(folder, error))?;
    found.require_ours(folder)?;
    if pending == Pending::Refuse {
        found.require_current(folder)?;
    }
    migrate(db, folder).await?;
    if pending == Pending::Run
        && let Err(error) = statistics::fix(db).await
    {
        // Slower where others are there, but right; the next start tries again.
        tracing::warn!(%error, "the planner's statistics could not be written");
    }
    cursor_key(db).await.map_err(|error| explain(folder, error))
}

/// Refuses what this program did not make, before a writer sets the file's journal for good. What cannot be read like this is looked at
/// again by the writer.
async fn refuse_others(folder: &Path, file: &Path) -> Result<(), OpenError> {
    let Ok(mut db) = connect_with(&options(file).read_only(true)).await else { return Ok(()) };
    let found = found_schema(&mut db).await;
    // Nothing was written.
    let _ = db.close().await;
    found.map_or(Ok(()), |found| found.require_ours(folder))
}

/// Whether the file was ever written to.
async fn has_tables(db: &mut Conn) -> Result<bool, DatabaseError> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema)").fetch_one(db).await
}

/// [`OpenError::Missing`] without a database, or why the file cannot be looked at.
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

/// Makes the file when it is missing, and fails early when nothing can be written.
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

/// The settings of all connections.
pub(super) fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // As many rows as a page of a list has, so that SQLite's thread does not stop and wait in the middle of it.
        .row_buffer_size(256)
        .pragma("trusted_schema", "OFF")
        .pragma("temp_store", "MEMORY")
        // Tools that measure memory count this for each connection, though the pages are shared.
        .pragma("mmap_size", "67108864")
}

/// The one connection that writes; see [`Writer`].
fn writer(file: &Path) -> SqliteConnectOptions {
    options(file)
        // Only has an effect on a new file, and only before WAL.
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        // The event log is a promise: what was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "67108864")
        // How many pages of the log are moved into the file together, 32 MiB of them: writers wait while that happens, and a page
        // that many changes have touched is copied once.
        .pragma("wal_autocheckpoint", "8192")
        // Not for readers: they would check a page each time they read it, which takes longer than the reading.
        .pragma("cell_size_check", "ON")
        // Deleted data are really erased: freed cells are overwritten wherever that costs no extra page.
        .pragma("secure_delete", "FAST")
        .pragma("cache_size", format!("-{WRITER_CACHE_KIB}"))
        .thread_name(|_| "roster-writer".to_owned())
}

/// The settings of all connections that only read.
fn reading(file: &Path) -> SqliteConnectOptions {
    options(file).read_only(true).pragma("query_only", "ON").pragma("cache_size", "-2048")
}

/// A connection for one long read outside the pool, so that no page of a list waits for it. It maps no memory: reading the whole
/// file would occupy that much of it.
pub async fn long_reader(file: &Path) -> Result<Conn, DatabaseError> {
    connect_with(&reading(file).pragma("mmap_size", "0").thread_name(|_| "roster-long-reader".to_owned())).await
}

async fn reader(file: &Path) -> Result<Pool, DatabaseError> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let options = reading(file)
        // Maps the file into memory, as far as SQLite allows: otherwise a search that looks at ten thousand rows all over the
        // file would copy a page for each. The system reclaims the memory when it needs it.
        .pragma("mmap_size", "2147418112")
        .thread_name(|number| format!("roster-reader-{number}"));
    let pool = SqlitePoolOptions::new()
        // A connection to a file does not break unnoticed; testing it costs as much as a small query.
        .test_before_acquire(false)
        .min_connections(1)
        .max_connections(u32::try_from(cores * 2).unwrap_or(4).clamp(4, 16))
        .idle_timeout(Some(Duration::from_secs(60)))
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    Ok(Pool::Sqlite(sqlite::Pool(pool)))
}

/// The version of the schema that this program works with.
pub fn known_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The schema of a database.
#[derive(Debug, Clone, Copy)]
pub(super) struct FoundSchema {
    /// Its version; 0 for one without any.
    pub version: i64,
    /// Who made it.
    maker: Maker,
}

/// What made a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// This program or an earlier release, or nothing yet.
    Roster,
    /// A development version: it begins with another first migration than this program's.
    Development,
    /// Another program: it has tables, but not those of this one.
    Other,
}

impl FoundSchema {
    /// [`OpenError::Unreleased`] for the data of a development version, [`OpenError::Foreign`] for those of another program: no
    /// migration leads from there to here.
    pub fn require_ours(self, folder: &Path) -> Result<(), OpenError> {
        match self.maker {
            Maker::Roster => Ok(()),
            Maker::Development => Err(OpenError::Unreleased { folder: folder.to_owned() }),
            Maker::Other => Err(OpenError::Foreign { file: folder.join(FILE) }),
        }
    }

    /// [`OpenError::Outdated`] when migrations are missing. A newer schema lacks none: [`migrate`] reports that.
    pub fn require_current(self, folder: &Path) -> Result<(), OpenError> {
        let (found, known) = (self.version, known_version());
        if found < known { Err(OpenError::Outdated { folder: folder.to_owned(), found, known }) } else { Ok(()) }
    }
}

/// What schema a database has.
pub(super) async fn found_schema(db: &mut Conn) -> Result<FoundSchema, DatabaseError> {
    let tables =
        "SELECT count(*) FILTER (WHERE name IN ('application', 'event')), count(*) FILTER (WHERE name = '_sqlx_migrations'),
                         count(*) FROM sqlite_schema WHERE type = 'table'";
    let (ours, migrations, all): (i64, i64, i64) = query_as(tables).fetch_one(&mut *db).await?;
    // Other programs have migrations too, in a table of that name.
    if ours < 2 {
        let maker = if all > migrations { Maker::Other } else { Maker::Roster };
        return Ok(FoundSchema { version: 0, maker });
    }
    if migrations == 0 {
        return Ok(FoundSchema { version: 0, maker: Maker::Other });
    }
    let newest = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";
    let version = query_scalar(newest).fetch_one(&mut *db).await?;
    let first = "SELECT checksum FROM _sqlx_migrations WHERE success ORDER BY version LIMIT 1";
    let found: Option<Vec<u8>> = query_scalar(first).fetch_optional(&mut *db).await?;
    let ours = MIGRATIONS.iter().next().map(|migration| &*migration.checksum);
    let is_ours = found.is_none() || found.as_deref() == ours;
    Ok(FoundSchema { version, maker: if is_ours { Maker::Roster } else { Maker::Development } })
}

async fn migrate(db: &mut Conn, folder: &Path) -> Result<(), OpenError> {
    let known = known_version();
    let Conn::Sqlite(connection) = db;
    match MIGRATIONS.run(connection.driver()).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => Err(OpenError::Newer { folder: folder.to_owned(), found, known }),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(explain(folder, error)),
        Err(error) => Err(OpenError::Damaged { file: folder.join(FILE), reason: error.to_string() }),
    }
}

/// The clearest error for a database that does not open.
pub(super) fn explain(folder: &Path, error: DatabaseError) -> OpenError {
    match primary_code(&error) {
        Some(5 | 6) => OpenError::InUse { folder: folder.to_owned() },
        Some(11 | 26) => OpenError::Damaged { file: folder.join(FILE), reason: error.to_string() },
        Some(8) => OpenError::NotWritable { folder: folder.to_owned(), source: std::io::Error::other(error.to_string()) },
        _ => OpenError::Database(error),
    }
}
/// Empties the token cache after changes that may have ended tokens.
fn forgets_tokens(tokens: Arc<TokenCache>) -> Subscriber {
    Box::new(move |done| {
        if done.iter().any(|action| action.ends_tokens()) {
            tokens.forget_all();
        }
    })
}

/// Empties the cache of apps after changes of their names.
fn forgets_apps(apps: Arc<AppCache>) -> Subscriber {
    Box::new(move |done| {
        if done.iter().any(|action| action.changes_apps()) {
            apps.forget();
        }
    })
}

/// Wakes the sweeper when shared files may have lost their last row.
fn wakes_sweeper(bell: Arc<Notify>) -> Subscriber {
    Box::new(move |done| {
        if done.iter().any(|action| action.frees_files()) {
            bell.notify_one();
        }
    })
}
