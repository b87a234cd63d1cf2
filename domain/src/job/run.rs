//! The runner: works jobs off, one that writes at a time and one export beside it, chunk by chunk. What a chunk did and how far
//! the job is stand in one transaction, so a server that is killed goes on where it was.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    JobKind, chunks,
    store::{Rows, drop_rows},
};
use crate::{
    Actor, Caller, Error, Result, Store,
    application::AppId,
    db::{self, Change, now, word},
    export, import,
    operator::Role,
};

/// After a fault of the database or the disk the runner waits before it tries again, longer each time: a disk that is full stays so for a
/// while, and each attempt writes.
const AFTER_FAULTS: [Duration; 5] =
    [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(40), Duration::from_secs(60)];
/// How often it looks meanwhile whether somebody has cancelled what stands still.
const LOOKED_EVERY: Duration = Duration::from_secs(1);
/// How often an export writes down how far it is.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// Works off jobs until it is dropped. One for a store.
pub async fn run(store: Store) {
    tokio::join!(lane(&store, true), lane(&store, false));
}

/// Works off every job that waits now, or that a process before left running; for the command line and tests.
pub async fn run_waiting(store: &Store) -> Result<()> {
    for writes in [true, false] {
        while let Some(job) = next(store, writes).await? {
            work(store, job).await?;
        }
    }
    Ok(())
}

async fn lane(store: &Store, writes: bool) {
    // One after the other, without one that worked between them.
    let mut faults = 0_usize;
    loop {
        let worked = match next(store, writes).await {
            Ok(Some(job)) => work(store, job).await,
            Ok(None) => {
                store.jobs_wanted(writes).await;
                Ok(())
            }
            Err(error) => Err(error),
        };
        let Err(error) = worked else {
            faults = 0;
            continue;
        };
        // Once, until something works again: the same line every minute helps nobody.
        if faults == 0 {
            tracing::error!(%error, "a job could not go on; trying again until it can");
        } else {
            tracing::debug!(%error, faults, "a job still cannot go on");
        }
        pause(store, writes, AFTER_FAULTS[faults.min(AFTER_FAULTS.len() - 1)]).await;
        faults += 1;
    }
}

/// Waits, but no longer than until the job that stands still is cancelled.
async fn pause(store: &Store, writes: bool, pause: Duration) {
    let began = tokio::time::Instant::now();
    while let Some(left) = pause.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        tokio::time::sleep(left.min(LOOKED_EVERY)).await;
        if stands_cancelled(store, writes).await.unwrap_or(false) {
            return;
        }
    }
}

/// Whether a job of that lane is to end that has begun.
async fn stands_cancelled(store: &Store, writes: bool) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM job WHERE state = 'running' AND cancelling = 1
                              AND kind IN (SELECT value FROM json_each($1)))";
    Ok(sqlx::query_scalar(sql).bind(kinds(writes)?).fetch_one(store.reader()).await?)
}

/// The kinds of jobs of a lane, as JSON.
fn kinds(writes: bool) -> Result<String> {
    let kinds: Vec<&str> = JobKind::ALL.iter().filter(|kind| kind.writes() == writes).map(|kind| kind.as_str()).collect();
    db::json(&kinds)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    app_id: i64,
    kind: String,
    target: String,
    input: String,
    operator_id: Option<i64>,
    address: Option<String>,
}

/// The job to work on next: one that was running when its process ended, else the oldest that waits.
async fn next(store: &Store, writes: bool) -> Result<Option<Row>> {
    let kinds = kinds(writes)?;
    let mut transaction = store.write().await?;
    let row = sqlx::query_as(
        "UPDATE job SET state = 'running', started_at = coalesce(started_at, $1)
         WHERE id = (SELECT id FROM job WHERE state IN ('running', 'waiting') AND kind IN (SELECT value FROM json_each($2))
                     ORDER BY state = 'waiting', id LIMIT 1)
         RETURNING id, app_id, kind, target, input, operator_id, address",
    )
    .bind(now())
    .bind(kinds)
    .fetch_optional(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(row)
}

/// Works one job off and writes down how it ended. A fault of the database is the caller's: the job stays as it is.
async fn work(store: &Store, row: Row) -> Result<()> {
    let id = row.id;
    let writes = JobKind::ALL.iter().any(|kind| kind.as_str() == row.kind && kind.writes());
    let result = match Running::new(store, row).await {
        Ok(running) => match running.kind {
            JobKind::DeleteGroups | JobKind::DeleteAccounts | JobKind::DeleteMembers | JobKind::SendMessages => {
                chunks::run(&running).await.map(|()| true)
            }
            kind if kind.exports() => export::job::run(&running).await,
            _ => import::job::run(&running).await.map(|()| true),
        },
        Err(error) => Err(error),
    };
    let result = match result {
        // It stays as it is, and goes on once the database or the disk takes something again. One that is cancelled has nothing to wait for.
        Err(error @ (Error::Busy | Error::Storage(_))) => {
            if !is_cancelled(store, id).await? {
                return Err(error);
            }
            Ok(writes)
        }
        result => result,
    };
    let (made, error) = match result {
        Ok(made) => (made, None),
        Err(error) => (false, Some(error)),
    };
    if let Some(error) = &error {
        tracing::warn!(%error, job = id, "a job failed");
    }
    let failed = error.map(|error| error.name());
    let mut transaction = store.write().await?;
    // A batch that was cancelled behind its last item is done; an export has read its last row before there is a file.
    sqlx::query(
        "UPDATE job SET error = $1, finished_at = $2, state = CASE WHEN $1 IS NOT NULL THEN 'failed'
         WHEN cancelling = 1 AND ($4 = 0 OR position < total) THEN 'cancelled' ELSE 'done' END
         WHERE id = $3",
    )
    .bind(failed)
    .bind(now())
    .bind(id)
    .bind(made)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    drop_rows(store, id, Rows::Items).await?;
    import::drop_rows_of(store, id).await
}

async fn is_cancelled(store: &Store, id: i64) -> Result<bool> {
    let cancelling: Option<bool> =
        sqlx::query_scalar("SELECT cancelling = 1 FROM job WHERE id = $1").bind(id).fetch_optional(store.reader()).await?;
    Ok(cancelling.unwrap_or(false))
}

/// What one chunk of a job did.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// Items dealt with since the job began, this chunk included.
    pub position: i64,
    pub done: u64,
    /// Items that a rule forbids, each with the code that says which, as JSON.
    pub refused: Vec<(String, Value)>,
    pub gone: Vec<String>,
}

/// A job under way, as those who work on it see it.
pub(crate) struct Running<'a> {
    store: &'a Store,
    id: i64,
    app: AppId,
    kind: JobKind,
    target: String,
    input: String,
    caller: Caller,
    /// When it was last written down how far it is.
    told: Mutex<Option<Instant>>,
}

impl<'a> Running<'a> {
    async fn new(store: &'a Store, row: Row) -> Result<Self> {
        let kind = word(&row.kind, JobKind::parse)?;
        let caller = Caller { actor: actor(store, row.operator_id).await?, address: row.address, proof: None };
        Ok(Self {
            store,
            id: row.id,
            app: AppId(row.app_id),
            kind,
            target: row.target,
            input: row.input,
            caller,
            told: Mutex::new(None),
        })
    }

    pub fn store(&self) -> &'a Store {
        self.store
    }

    pub fn id(&self) -> i64 {
        self.id
    }

    pub fn app(&self) -> AppId {
        self.app
    }

    pub fn kind(&self) -> JobKind {
        self.kind
    }

    /// The operator who started it, with the role of now.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The group that it stays within, or nothing.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What it was started with.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.input).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Whether to go on with the next chunk: not when somebody asked to cancel. [`Error::Forbidden`] when the operator who started
    /// it lost the right to it.
    pub async fn go_on(&self) -> Result<bool> {
        let operator = self.caller.operator_id().ok();
        let (cancelling, role): (i64, Option<String>) = sqlx::query_as(
            "SELECT cancelling, (SELECT role FROM operator WHERE id = $2 AND disabled = 0 AND password_hash IS NOT NULL) FROM job WHERE id = $1",
        )
        .bind(self.id)
        .bind(operator)
        .fetch_one(self.store.reader())
        .await?;
        if operator.is_some() {
            let role = role.ok_or(Error::Forbidden)?;
            let permission = if self.kind.writes() { crate::Permission::Write } else { crate::Permission::Read };
            if !word(&role, Role::parse)?.allows(permission) {
                return Err(Error::Forbidden);
            }
        }
        Ok(cancelling == 0)
    }

    /// Shows how far it is, now and then; for jobs that change nothing.
    pub async fn advance(&self, position: u64) -> Result<()> {
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.is_some_and(|at| at.elapsed() < TOLD_EVERY) {
                return Ok(());
            }
            *told = Some(Instant::now());
        }
        let mut transaction = self.store.write().await?;
        sqlx::query("UPDATE job SET position = $1, done = $1 WHERE id = $2")
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .bind(self.id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// The number of items as it turned out, when the job ended; for jobs that read what they are about when they run.
    pub async fn finished(&self, items: u64) -> Result<()> {
        let mut transaction = self.store.write().await?;
        sqlx::query("UPDATE job SET position = $1, done = $1, total = $1 WHERE id = $2")
            .bind(i64::try_from(items).unwrap_or(i64::MAX))
            .bind(self.id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// Writes down what a chunk did, in the chunk's own transaction.
    pub async fn save(&self, change: &mut Change<'_>, step: &Step) -> Result<()> {
        sqlx::query("UPDATE job SET position = $1, done = done + $2, refused = refused + $3, gone = gone + $4 WHERE id = $5")
            .bind(step.position)
            .bind(i64::try_from(step.done).unwrap_or(i64::MAX))
            .bind(step.refused.len() as i64)
            .bind(step.gone.len() as i64)
            .bind(self.id)
            .execute(change.db())
            .await?;
        sqlx::query("DELETE FROM job_item WHERE job_id = $1 AND seq <= $2")
            .bind(self.id)
            .bind(step.position)
            .execute(change.db())
            .await?;
        if step.refused.is_empty() && step.gone.is_empty() {
            return Ok(());
        }
        let refused = step.refused.iter().map(|(item, reason)| json!([item, "refused", reason.to_string()]));
        let gone = step.gone.iter().map(|item| json!([item, "gone", null]));
        let rows: Vec<Value> = refused.chain(gone).collect();
        sqlx::query(
            "INSERT INTO job_result (job_id, seq, item, outcome, reason)
             SELECT $1, (SELECT coalesce(max(seq), 0) FROM job_result WHERE job_id = $1) + item.key + 1,
                    item.value ->> 0, item.value ->> 1, item.value ->> 2
             FROM json_each($2) AS item",
        )
        .bind(self.id)
        .bind(db::json(&rows)?)
        .execute(change.db())
        .await?;
        Ok(())
    }
}

/// Who started a job, as of now; [`Error::Forbidden`] when the operator is disabled or gone, or has no password since it was reset: that
/// is what one does when an account is stolen.
async fn actor(store: &Store, operator: Option<i64>) -> Result<Actor> {
    let Some(id) = operator else { return Ok(Actor::System) };
    let found: Option<(String, String)> =
        sqlx::query_as("SELECT name, role FROM operator WHERE id = $1 AND disabled = 0 AND password_hash IS NOT NULL")
            .bind(id)
            .fetch_optional(store.reader())
            .await?;
    let (name, role) = found.ok_or(Error::Forbidden)?;
    Ok(Actor::Operator { id, name, role: word(&role, Role::parse)? })
}
