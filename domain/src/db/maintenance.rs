//! Looking after the data: the consistent copy and the check of everything that must hold between tables.

use std::{fs, path::Path};

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    OpenError, Store,
    open::{FILE, options, private},
};
use crate::Result;

/// What must hold, as queries that find what breaks it, with the sentence for each row found.
const INVARIANTS: [(&str, &str); 13] = [
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
         GROUP BY app_id, day, action HAVING sum(done) <> 0",
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

impl Store {
    /// A consistent copy as of now, while everybody goes on working. Refuses a file that exists.
    pub async fn backup(&self, to: &Path) -> Result<(), OpenError> {
        // An empty file that only its owner may read; SQLite fills it.
        private().write(true).create_new(true).open(to).map_err(|source| {
            if source.kind() == std::io::ErrorKind::AlreadyExists {
                OpenError::Exists { file: to.to_owned() }
            } else {
                OpenError::NotWritable { folder: to.parent().unwrap_or(to).to_owned(), source }
            }
        })?;
        let copied = copy(options(&self.folder.join(FILE)), to).await;
        if copied.is_err() {
            // Half a backup is worse than none.
            let _ = fs::remove_file(to);
        }
        Ok(copied?)
    }

    /// Everything that is wrong with the data, one sentence each; empty when all is well. Reads the whole database; changes
    /// wait while the search indexes are compared.
    pub async fn check(&self) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        // A connection of its own, because a pooled one may know an older structure of the search indexes, which
        // integrity_check (SQLite 3.51) does not read again and takes for damage.
        let mut db = SqliteConnection::connect_with(&options(&self.folder.join(FILE)).pragma("query_only", "ON")).await?;
        for line in texts(&mut db, "PRAGMA integrity_check(20)").await? {
            if line != "ok" {
                faults.push(format!("the file is damaged: {line}"));
            }
        }
        let orphans = "SELECT DISTINCT \"table\" || ' -> ' || parent FROM pragma_foreign_key_check LIMIT 20";
        for line in texts(&mut db, orphans).await? {
            faults.push(format!("rows point to rows that do not exist: {line}"));
        }
        for (sentence, sql) in INVARIANTS {
            for found in texts(&mut db, sql).await?.into_iter().take(20) {
                faults.push(format!("{sentence}: {found}"));
            }
        }
        db.close().await?;
        // Commands of FTS5 are written as inserts; these change nothing but need the writer.
        for (table, sql) in [
            ("account", "INSERT INTO account_fts (account_fts, rank) VALUES ('integrity-check', 1)"),
            ("group", "INSERT INTO group_fts (group_fts, rank) VALUES ('integrity-check', 1)"),
        ] {
            if let Err(error) = self.writer.alone().await?.execute(sql).await {
                faults.push(format!("the search index of table {table} is wrong: {error}"));
            }
        }
        for file in crate::file::store::missing(self).await? {
            faults.push(format!("the content of a shared file is not in the folder files, or of another size: {file}"));
        }
        Ok(faults)
    }
}

async fn copy(from: SqliteConnectOptions, to: &Path) -> Result<(), sqlx::Error> {
    // A connection of its own: the copy takes a while, and readers may not write even elsewhere.
    let mut connection = SqliteConnection::connect_with(&from).await?;
    sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned()).execute(&mut connection).await?;
    connection.close().await?;
    // On the disk before anybody relies on it.
    fs::File::open(to)?.sync_all()?;
    Ok(())
}

async fn texts(db: &mut SqliteConnection, sql: &'static str) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(sql).fetch_all(db).await?)
}
