//! The check of every rule that holds between tables, and between the tables and the files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{Error, Result};

use crate::{
    Store,
    db::{Conn, FILE, OpenError, OrFault, Reading, TempFolder, disk_fault, query_scalar, refuse_missing, upkeep},
    event::archive,
    file::{self as files, aside::Aside},
};

/// The newest row of a table when its key is none of those that were given: such a key would be given again.
macro_rules! not_given {
    (app $table:literal) => {
        concat!(
            "SELECT '",
            $table,
            " ' || newest.key FROM (
                 SELECT id AS app, (SELECT max(id) FROM \"",
            $table,
            "\" WHERE id BETWEEN a.id << 32 AND (a.id << 32) + 4294967295) AS key
                 FROM application a) AS newest
             WHERE newest.key >= (newest.app << 32)
                   + coalesce((SELECT next FROM id_block WHERE name = '",
            $table,
            "' AND app_id = newest.app), 1)"
        )
    };
    (server $table:literal) => {
        concat!(
            "SELECT '",
            $table,
            " ' || newest.key FROM (SELECT max(id) AS key FROM ",
            $table,
            ") AS newest
             WHERE newest.key >= coalesce((SELECT next FROM id_block WHERE name = '",
            $table,
            "' AND app_id = 0), 1)"
        )
    };
}

/// What must hold, as queries that find rows that break it, each with the sentence for such a row.
const INVARIANTS: [(&str, &str); 19] = [
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
        "the group has a message that is newer than its last one",
        "SELECT group_id FROM \"group\" g WHERE last_message_at < (SELECT max(sent_at) FROM message WHERE group_key = g.id)",
    ),
    (
        "the log's names are not those of its events",
        "SELECT target || ': ' || name FROM (
             SELECT app_id, target, name, events FROM event_name
             UNION ALL SELECT app_id, target, target_name, -count(*) FROM event WHERE target_name <> '' GROUP BY 1, 2, 3)
         GROUP BY app_id, target, name HAVING sum(events) <> 0",
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
    (
        "the row's key is still to be given",
        concat!(
            not_given!(app "account"), " UNION ALL ", not_given!(app "group"), " UNION ALL ", not_given!(app "group_file"), " UNION ALL ",
            not_given!(server "application"), " UNION ALL ", not_given!(server "operator"), " UNION ALL ", not_given!(server "session"),
            " UNION ALL ", not_given!(server "job"), " UNION ALL ", not_given!(server "import"), " UNION ALL ",
            not_given!(server "api_credential"), " UNION ALL ", not_given!(server "saved_view"), " UNION ALL ",
            not_given!(server "event_archive"),
        ),
    ),
    (
        "the shared file has a key of another app than its group's",
        "SELECT file_id FROM group_file f JOIN \"group\" g ON g.id = f.group_key WHERE f.id >> 32 <> g.app_id",
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
    let mut db = reading.connect().await.or_fault()?;
    for line in upkeep::damage(&mut db).await.or_fault()? {
        problems.push(format!("the file is damaged: {line}"));
    }
    for line in upkeep::orphans(&mut db).await.or_fault()? {
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
    let wrong = upkeep::wrong_search_indexes(copy).await.or_fault()?;
    Ok(wrong.into_iter().map(|(table, why)| format!("the search index of table {table} is wrong: {why}")).collect())
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

async fn texts(db: &mut Conn, sql: &'static str) -> Result<Vec<String>> {
    query_scalar(sql).fetch_all(db).await.or_fault()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{AppTable, ServerTable};

    #[test]
    fn the_keys_of_every_table_are_compared_with_those_that_were_given() {
        let names = AppTable::ALL.map(AppTable::name).into_iter().chain(ServerTable::ALL.map(ServerTable::name));
        for name in names {
            let of_it = format!("WHERE name = '{name}'");
            assert!(INVARIANTS.iter().any(|(_, sql)| sql.contains(&of_it)), "{name}");
        }
    }
}
