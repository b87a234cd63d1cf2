//! The check of every rule that holds between tables, and between the tables and the files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{Error, Result};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    Store,
    db::{FILE, OpenError, OrFault, Reading, TempFolder, disk_fault, refuse_missing},
    event::archive,
    file::{self as files, aside::Aside},
};

/// What must hold, as queries that find rows that break it, each with the sentence for such a row.
const INVARIANTS: [(&str, &str); 15] = [
    (
        "the app's account counter is wrong",
        "SELECT org_name || '/' || app_name FROM application a
         WHERE account_count <> (SELECT count(*) FROM account WHERE app_id = a.id)",
    ),
    (
        "the app's group counter is wrong",
        "SELECT org_name || '/' || app_name FROM application a
         WHERE group_count <> (SELECT count(*) FROM \"group\" WHERE app_id = a.id)",
    ),
    (
        "the app's member counter is wrong",
        "SELECT org_name || '/' || app_name FROM application a
         WHERE member_count <> (SELECT coalesce(sum(member_count), 0) FROM \"group\" WHERE app_id = a.id)",
    ),
    (
        "the app's message counter is wrong",
        "SELECT org_name || '/' || app_name FROM application a
         WHERE message_count <> (SELECT coalesce(sum(message_count), 0) FROM \"group\" WHERE app_id = a.id)",
    ),
    (
        "the day's count of an action differs from the log",
        "SELECT 'app ' || app_id || ', day ' || day || ', ' || action FROM (
             SELECT app_id, day, action, done FROM event_day
             UNION ALL SELECT app_id, at / 86400000, action, -count(*) FROM event WHERE outcome = 'done' GROUP BY 1, 2, 3)
         GROUP BY app_id, day, action HAVING sum(done) < 0
         -- Of the days from which events went into archives the log has the rest only.
         OR (sum(done) > 0 AND day > (SELECT coalesce(max(last_at), -86400000) / 86400000 FROM event_archive))",
    ),
    (
        "more messages are there than the day's count says were sent",
        "SELECT 'app ' || app_id || ', day ' || day FROM (
             SELECT app_id, day, sent FROM message_day
             UNION ALL SELECT g.app_id, m.sent_at / 86400000, -count(*) FROM message m JOIN \"group\" g ON g.id = m.group_key
             GROUP BY 1, 2)
         GROUP BY app_id, day HAVING sum(sent) < 0",
    ),
    (
        "the group's member counter is wrong",
        "SELECT group_id FROM \"group\" g WHERE member_count <> (SELECT count(*) FROM member WHERE group_key = g.id)",
    ),
    (
        "the group's message counter is wrong",
        "SELECT group_id FROM \"group\" g WHERE message_count <> (SELECT count(*) FROM message WHERE group_key = g.id)",
    ),
    (
        "the group's count of bytes in shared files is wrong",
        "SELECT group_id FROM \"group\" g
         WHERE file_bytes <> (SELECT coalesce(sum(file_size), 0) FROM group_file WHERE group_key = g.id)",
    ),
    (
        "the app's count of bytes in shared files is wrong",
        "SELECT org_name || '/' || app_name FROM application a
         WHERE file_bytes <> (SELECT coalesce(sum(file_bytes), 0) FROM \"group\" WHERE app_id = a.id)",
    ),
    (
        "the group's next message number is taken",
        "SELECT group_id FROM \"group\" g WHERE next_msg_seq <= (SELECT max(seq) FROM message WHERE group_key = g.id)",
    ),
    (
        "the group's owner and its member with the role Owner differ",
        "SELECT group_id FROM \"group\" g WHERE type <> 'AVChatRoom'
         AND owner_id IS NOT (SELECT account_key FROM member WHERE group_key = g.id AND role = 'Owner')",
    ),
    (
        "the audio-video group has members",
        "SELECT group_id FROM \"group\" g WHERE type = 'AVChatRoom' AND EXISTS (SELECT 1 FROM member WHERE group_key = g.id)",
    ),
    (
        "the group has members or an owner from another app",
        "SELECT group_id FROM \"group\" g WHERE EXISTS (SELECT 1 FROM member m JOIN account a ON a.id = m.account_key
         WHERE m.group_key = g.id AND a.app_id <> g.app_id)
         OR EXISTS (SELECT 1 FROM account a WHERE a.id = g.owner_id AND a.app_id <> g.app_id)",
    ),
    (
        "the group has a member who is on its block list, or somebody on its allow list who is no member",
        "SELECT DISTINCT g.group_id FROM group_listed l JOIN \"group\" g ON g.id = l.group_key WHERE l.list <> 'mute'
         AND (l.list = 'block') = EXISTS (SELECT 1 FROM member m WHERE m.group_key = l.group_key AND m.account_key = l.account_key)",
    ),
];

/// How a folder is checked.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// Compares only the sizes of shared files, not their bytes. That is quick, and misses damage that leaves the size unchanged.
    pub quick: bool,
    /// The folder for a temporary copy of the database. `None`: the data folder, or the system's folder for temporary files when
    /// the data folder takes none.
    pub scratch: Option<PathBuf>,
}

/// What a check found.
#[derive(Debug)]
pub struct CheckReport {
    /// Everything that is wrong, one sentence each; empty when all is well.
    pub problems: Vec<String>,
    /// Contents of shared files that are set aside.
    pub aside: Aside,
}

/// Why a check was not possible.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The data folder or its database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database or the disk failed during the check.
    #[error(transparent)]
    Fault(#[from] Error),
    /// No folder took the temporary copy of the database.
    #[error("there is no room for a copy of the database in {folder:?}: {source}. Name another folder with --scratch.")]
    Room {
        /// The folder that was tried.
        folder: PathBuf,
        /// What the system reports.
        source: std::io::Error,
    },
}

/// Looks for damage in a data folder, also while it is served. It reads all of it, changes nothing and blocks nobody: what only a
/// writer can compare is compared on a copy.
pub async fn check(folder: &Path, how: &CheckOptions) -> Result<CheckReport, CheckError> {
    refuse_missing(folder, &folder.join(FILE))?;
    let room = match &how.scratch {
        Some(scratch) => TempFolder::new(scratch),
        None => TempFolder::new(folder).or_else(|_| TempFolder::new(&std::env::temp_dir())),
    };
    let beside = how.scratch.as_deref().unwrap_or(folder);
    let no_room = |source| CheckError::Room { folder: beside.to_owned(), source };
    let room = room.map_err(no_room)?;
    let reading = Reading::open(folder, room.path()).await?;
    reading.require_current(folder)?;
    let mut problems = Vec::new();
    // A connection of its own, because a pooled one may know an older structure of the search indexes, which
    // integrity_check (SQLite 3.51) does not read again and takes for damage.
    let mut db = reading.connect().await.or_fault()?;
    for line in texts(&mut db, "PRAGMA integrity_check(20)").await? {
        if line != "ok" {
            problems.push(format!("the file is damaged: {line}"));
        }
    }
    let orphans = "SELECT DISTINCT \"table\" || ' -> ' || parent FROM pragma_foreign_key_check LIMIT 20";
    for line in texts(&mut db, orphans).await? {
        problems.push(format!("rows point to rows that do not exist: {line}"));
    }
    for (sentence, sql) in INVARIANTS {
        for found in texts(&mut db, sql).await?.into_iter().take(20) {
            problems.push(format!("{sentence}: {found}"));
        }
    }
    let copy = room.path().join(FILE);
    match reading.copy_to(&copy).await.or_fault() {
        Ok(()) => problems.append(&mut wrong_indexes(&copy).await?),
        Err(error @ (Error::Storage(_) | Error::Busy)) => {
            return Err(if let Error::Storage(_) = error { no_room(std::io::Error::other(error)) } else { error.into() });
        }
        // The problem that prevents reading is reported above; the state of the search indexes remains unknown.
        Err(error) => problems.push(format!("the database cannot be copied, so the search indexes were not looked at: {error}")),
    }
    // Other work may need the space of the copy.
    let _ = fs::remove_file(&copy);
    problems.append(&mut files::wrong(&mut db, folder, how.quick).await?);
    problems.append(&mut archive::faults(&mut db, folder).await?);
    let aside = files::aside::count_in(&mut db, folder).await?;
    db.close().await.or_fault()?;
    Ok(CheckReport { problems, aside })
}

/// Compares the search indexes of a copy with its tables.
async fn wrong_indexes(copy: &Path) -> Result<Vec<String>> {
    let options = SqliteConnectOptions::new().filename(copy).disable_statement_logging();
    let mut db = SqliteConnection::connect_with(&options.pragma("journal_mode", "MEMORY").pragma("synchronous", "OFF"))
        .await
        .or_fault()?;
    let mut problems = Vec::new();
    // Commands of FTS5 are written as inserts; these change nothing but need a writer.
    for (table, sql) in [
        ("account", "INSERT INTO account_fts (account_fts, rank) VALUES ('integrity-check', 1)"),
        ("group", "INSERT INTO group_fts (group_fts, rank) VALUES ('integrity-check', 1)"),
        ("event_name", "INSERT INTO event_name_fts (event_name_fts, rank) VALUES ('integrity-check', 1)"),
    ] {
        if let Err(error) = sqlx::query(sql).execute(&mut db).await {
            problems.push(format!("the search index of table {table} is wrong: {error}"));
        }
    }
    db.close().await.or_fault()?;
    Ok(problems)
}

impl Store {
    /// [`check()`](check) of its own folder, with all contents read; the problems found.
    pub async fn check(&self) -> Result<Vec<String>> {
        match check(self.folder(), &CheckOptions::default()).await {
            Ok(checked) => Ok(checked.problems),
            Err(CheckError::Fault(error)) => Err(error),
            Err(CheckError::Room { source, .. }) => Err(disk_fault(source)),
            Err(CheckError::Open(error)) => Err(Error::Internal(error.to_string())),
        }
    }
}

async fn texts(db: &mut SqliteConnection, sql: &'static str) -> Result<Vec<String>> {
    sqlx::query_scalar(sql).fetch_all(db).await.or_fault()
}
