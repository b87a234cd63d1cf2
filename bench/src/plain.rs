//! The limits of what is written: the same changes as plain SQL, on a copy of the same tables without the guards of the log, which
//! are all the triggers that there are, with the same indexes of its lists, the same rows of its search and the same promise that
//! what was committed stays, but with more cache than Roster's writer has. Neither events nor counters of the app: whatever Roster
//! adds to the rows themselves shows in the ratio.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use serde_json::json;
use sqlx::{
    AssertSqlSafe, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::data::{BIG, ORG};

/// Rows of one statement.
const PIECE: usize = 1_000;

/// What an import brings.
#[derive(sqlx::FromRow)]
pub struct Account {
    pub username: String,
    pub nickname: String,
    pub gender: String,
    pub self_signature: String,
    pub created_at: i64,
}

pub struct Plain {
    db: SqliteConnection,
    app: i64,
}

impl Plain {
    pub async fn open(file: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("temp_store", "MEMORY")
            .pragma("mmap_size", "67108864")
            .pragma("journal_size_limit", "67108864")
            .pragma("wal_autocheckpoint", "8192")
            .pragma("secure_delete", "FAST")
            // So that what one change touches need not be written twice.
            .pragma("cache_size", "-65536");
        let mut db = SqliteConnection::connect_with(&options).await?;
        let triggers: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetch_all(&mut db).await?;
        for trigger in triggers {
            sqlx::query(AssertSqlSafe(format!("DROP TRIGGER \"{trigger}\""))).execute(&mut db).await?;
        }
        let sql = "SELECT id FROM application WHERE org_name = $1 AND app_name = $2";
        let app = sqlx::query_scalar(sql).bind(ORG).bind(BIG).fetch_one(&mut db).await?;
        Ok(Self { db, app })
    }

    /// Seconds for deleting groups with their memberships, messages and search rows.
    pub async fn delete_groups(&mut self, groups: &[String]) -> anyhow::Result<f64> {
        let start = Instant::now();
        let mut transaction = self.db.begin_with("BEGIN IMMEDIATE").await?;
        let keys: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM \"group\" WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2))")
                .bind(self.app)
                .bind(serde_json::to_string(groups)?)
                .fetch_all(&mut *transaction)
                .await?;
        ensure!(keys.len() == groups.len(), "{} of {} groups are there", keys.len(), groups.len());
        let keys = serde_json::to_string(&keys)?;
        for sql in [
            "INSERT INTO group_fts (group_fts, rowid, group_id, name)
             SELECT 'delete', id, group_id, name FROM group_text WHERE id IN (SELECT value FROM json_each($1))",
            "DELETE FROM member WHERE group_key IN (SELECT value FROM json_each($1))",
            "DELETE FROM message WHERE group_key IN (SELECT value FROM json_each($1))",
            "DELETE FROM \"group\" WHERE id IN (SELECT value FROM json_each($1))",
        ] {
            sqlx::query(sql).bind(&keys).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// Seconds for one message in each group.
    pub async fn send(&mut self, groups: &[String], text: &str) -> anyhow::Result<f64> {
        let start = Instant::now();
        let mut transaction = self.db.begin_with("BEGIN IMMEDIATE").await?;
        let groups_json = serde_json::to_string(groups)?;
        let sent = sqlx::query(
            "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
             SELECT g.id, g.next_msg_seq, 'operator', 'bench', $3, 0 FROM json_each($2) AS item
             CROSS JOIN \"group\" g ON g.app_id = $1 AND g.group_id = item.value",
        )
        .bind(self.app)
        .bind(&groups_json)
        .bind(text)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE \"group\" SET next_msg_seq = next_msg_seq + 1, message_count = message_count + 1
             WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2))",
        )
        .bind(self.app)
        .bind(&groups_json)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        ensure!(sent.rows_affected() == groups.len() as u64, "{} messages were inserted", sent.rows_affected());
        Ok(start.elapsed().as_secs_f64())
    }

    /// Seconds for adding accounts with their search rows.
    pub async fn import(&mut self, accounts: &[Account]) -> anyhow::Result<f64> {
        let start = Instant::now();
        let mut transaction = self.db.begin_with("BEGIN IMMEDIATE").await?;
        // Keys of the app's own range, as the store gives them.
        let next = "SELECT coalesce(max(id), $1 << 32) + 1 FROM account WHERE id BETWEEN $1 << 32 AND ($1 << 32) + 4294967295";
        let mut next: i64 = sqlx::query_scalar(next).bind(self.app).fetch_one(&mut *transaction).await?;
        for piece in accounts.chunks(PIECE) {
            let rows: Vec<_> = (next..)
                .zip(piece)
                .map(|(id, a)| json!([id, format!("p{}", a.username), a.nickname, a.gender, a.self_signature, a.created_at]))
                .collect();
            sqlx::query(
                "INSERT INTO account (id, app_id, username, type, nickname, gender, self_signature, created_at)
                 SELECT v.value ->> 0, $1, v.value ->> 1, 'General', v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5
                 FROM json_each($2) AS v",
            )
            .bind(self.app)
            .bind(serde_json::to_string(&rows)?)
            .execute(&mut *transaction)
            .await?;
            let end = next + piece.len() as i64;
            sqlx::query(
                "INSERT INTO account_fts (rowid, username, nickname)
                 SELECT id, username, nickname FROM account_text WHERE id >= $1 AND id < $2",
            )
            .bind(next)
            .bind(end)
            .execute(&mut *transaction)
            .await?;
            next = end;
        }
        transaction.commit().await?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// Groups a second, each created in a transaction of its own with its owner.
    pub async fn create_groups(&mut self, time: Duration) -> anyhow::Result<f64> {
        let owner: i64 = self.some_account().await?;
        let app = self.app;
        self.repeat(time, async |db, number| {
            let next =
                "SELECT coalesce(max(id), $1 << 32) + 1 FROM \"group\" WHERE id BETWEEN $1 << 32 AND ($1 << 32) + 4294967295";
            let next: i64 = sqlx::query_scalar(next).bind(app).fetch_one(&mut *db).await?;
            sqlx::query(
                "INSERT INTO \"group\" (id, app_id, group_id, type, name, owner_id, created_at, introduction, member_count)
                 VALUES ($1, $2, 'bare-' || $3, 'Meeting', 'bench', $4, 0, 'made by the bench', 1)",
            )
            .bind(next)
            .bind(app)
            .bind(number)
            .bind(owner)
            .execute(&mut *db)
            .await?;
            sqlx::query("INSERT INTO member (group_key, account_key, role, joined_at) VALUES ($1, $2, 'Owner', 0)")
                .bind(next)
                .bind(owner)
                .execute(&mut *db)
                .await?;
            sqlx::query("INSERT INTO group_fts (rowid, group_id, name) SELECT id, group_id, name FROM group_text WHERE id = $1")
                .bind(next)
                .execute(&mut *db)
                .await?;
            Ok(())
        })
        .await
    }

    /// Members a second, added to a group and removed in turn, each in a transaction of its own.
    pub async fn turn_members(&mut self, time: Duration) -> anyhow::Result<f64> {
        let account = self.some_account().await?;
        let group: i64 = sqlx::query_scalar("SELECT max(id) FROM \"group\" WHERE app_id = $1 AND group_id LIKE 'bare-%'")
            .bind(self.app)
            .fetch_one(&mut self.db)
            .await?;
        sqlx::query("DELETE FROM member WHERE group_key = $1").bind(group).execute(&mut self.db).await?;
        self.repeat(time, async |db, number| {
            let (sql, more) = match number % 2 {
                0 => ("INSERT INTO member (group_key, account_key, role, joined_at) VALUES ($1, $2, 'Member', 0)", 1),
                _ => ("DELETE FROM member WHERE group_key = $1 AND account_key = $2", -1),
            };
            sqlx::query(sql).bind(group).bind(account).execute(&mut *db).await?;
            let count = "UPDATE \"group\" SET member_count = member_count + $2 WHERE id = $1";
            sqlx::query(count).bind(group).bind(more).execute(db).await?;
            Ok(())
        })
        .await
    }

    async fn some_account(&mut self) -> anyhow::Result<i64> {
        let sql = "SELECT id FROM account WHERE app_id = $1 ORDER BY created_at LIMIT 1";
        Ok(sqlx::query_scalar(sql).bind(self.app).fetch_one(&mut self.db).await?)
    }

    /// How many transactions a second one connection does, one after the other.
    async fn repeat(
        &mut self,
        time: Duration,
        work: impl AsyncFn(&mut SqliteConnection, i64) -> anyhow::Result<()>,
    ) -> anyhow::Result<f64> {
        let db = &mut self.db;
        let start = Instant::now();
        let mut number = 0;
        while start.elapsed() < time {
            sqlx::query("BEGIN IMMEDIATE").execute(&mut *db).await?;
            work(db, number).await?;
            sqlx::query("COMMIT").execute(&mut *db).await?;
            number += 1;
        }
        Ok(number as f64 / start.elapsed().as_secs_f64())
    }
}
