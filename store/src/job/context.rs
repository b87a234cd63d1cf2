//! A running job, for the code that processes it: what it is about, whether to continue, and how far it is.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use domain::{Actor, Caller, Error, Result, application::AppId, job::JobKind, operator::Role};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Store,
    change::Change,
    db::{self, OrFault, decode_enum, query, query_as, sql},
};

/// How often an export stores how far it is.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);
/// After so long it waits for the writer to do so.
const PROGRESS_OVERDUE: Duration = Duration::from_secs(5);

/// What one chunk of a job did.
#[derive(Debug, Default)]
pub struct ChunkReport {
    /// Items processed since the job began, this chunk included.
    pub position: i64,
    /// Items of this chunk that were done.
    pub done: u64,
    /// Items that a rule forbids, each with the code of the rule as JSON.
    pub refused: Vec<(String, Value)>,
    /// Items that did not exist any more.
    pub gone: Vec<String>,
}

/// A running job, for the code that processes it.
pub struct JobContext<'a> {
    store: &'a Store,
    id: i64,
    app: AppId,
    kind: JobKind,
    target: String,
    input: String,
    caller: Caller,
    /// When the progress was last stored.
    reported: Mutex<Option<Instant>>,
}

impl<'a> JobContext<'a> {
    /// The job of a row, with the caller as of now: [`Error::Forbidden`] when the operator who started it is disabled, does not
    /// exist or has no password. Without an operator it is the system's.
    pub async fn new(store: &'a Store, row: Row) -> Result<Self> {
        let kind = decode_enum(&row.kind, JobKind::parse)?;
        let caller = Caller { actor: actor(store, row.operator_id).await?, address: row.address, proof: None };
        Ok(Self {
            store,
            id: row.id,
            app: AppId::of_row(row.app_id),
            kind,
            target: row.target,
            input: row.input,
            caller,
            reported: Mutex::new(None),
        })
    }

    /// The data.
    pub fn store(&self) -> &'a Store {
        self.store
    }

    /// The job's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The app that the job is about.
    pub fn app(&self) -> AppId {
        self.app
    }

    /// What the job does.
    pub fn kind(&self) -> JobKind {
        self.kind
    }

    /// The operator who started the job, with the current role.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The group that the job stays within; empty when it concerns the whole app.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What the job was started with, see [`super::NewJob::input`].
    pub fn input<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.input).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Whether to continue with the next chunk: `false` when somebody has asked to cancel. [`Error::Forbidden`] when the operator
    /// who started the job has lost the permission for it.
    pub async fn go_on(&self) -> Result<bool> {
        let operator = self.caller.operator_id().ok();
        let (cancelling, role): (i64, Option<String>) = query_as(
            "SELECT cancelling, (SELECT role FROM operator WHERE id = $2 AND disabled = FALSE AND password_hash IS NOT NULL) FROM job WHERE id = $1",
        )
        .bind(self.id)
        .bind(operator)
        .fetch_one(self.store.reader())
        .await.or_fault()?;
        if operator.is_some() {
            let role = role.ok_or(Error::Forbidden)?;
            let permission = if self.kind.writes() { domain::Permission::Write } else { domain::Permission::Read };
            if !decode_enum(&role, Role::parse)?.allows(permission) {
                return Err(Error::Forbidden);
            }
        }
        Ok(cancelling == 0)
    }

    /// Stores how many items were read, at most every 250 ms; for jobs that change nothing. While another job writes it is stored less
    /// often: whoever waits for the writer makes that one slow.
    pub async fn advance(&self, position: u64) -> Result<()> {
        let since = {
            let reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
            reported.map_or(PROGRESS_OVERDUE, |at| at.elapsed())
        };
        if since < PROGRESS_INTERVAL {
            return Ok(());
        }
        let mut transaction = match self.store.write_if_free().await? {
            Some(transaction) => transaction,
            None if since < PROGRESS_OVERDUE => return Ok(()),
            None => self.store.write().await?,
        };
        *self.reported.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        query("UPDATE job SET position = $1, done = $1 WHERE id = $2")
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .bind(self.id)
            .execute(&mut *transaction)
            .await
            .or_fault()?;
        transaction.commit().await
    }

    /// Stores the final number of items, when the job has ended; for jobs that read their items while they run.
    pub async fn finished(&self, items: u64) -> Result<()> {
        let mut transaction = self.store.write().await?;
        query("UPDATE job SET position = $1, done = $1, total = $1 WHERE id = $2")
            .bind(i64::try_from(items).unwrap_or(i64::MAX))
            .bind(self.id)
            .execute(&mut *transaction)
            .await
            .or_fault()?;
        transaction.commit().await
    }

    /// Stores what a chunk did, in the chunk's own transaction.
    pub async fn save(&self, change: &mut Change<'_>, step: &ChunkReport) -> Result<()> {
        query("UPDATE job SET position = $1, done = done + $2, refused = refused + $3, gone = gone + $4 WHERE id = $5")
            .bind(step.position)
            .bind(i64::try_from(step.done).unwrap_or(i64::MAX))
            .bind(step.refused.len() as i64)
            .bind(step.gone.len() as i64)
            .bind(self.id)
            .execute(change.db())
            .await
            .or_fault()?;
        query("DELETE FROM job_item WHERE job_id = $1 AND seq <= $2")
            .bind(self.id)
            .bind(step.position)
            .execute(change.db())
            .await
            .or_fault()?;
        if step.refused.is_empty() && step.gone.is_empty() {
            return Ok(());
        }
        let refused = step.refused.iter().map(|(item, reason)| (item, "refused", Some(reason.to_string())));
        let gone = step.gone.iter().map(|item| (item, "gone", None));
        let rows: Vec<_> = (1_u64..)
            .zip(refused.chain(gone))
            .map(|(position, (item, outcome, reason))| (position, item, outcome, reason))
            .collect();
        query(sql!(
            "INSERT INTO job_result (job_id, seq, item, outcome, reason)
             SELECT $1, (SELECT coalesce(max(seq), 0) FROM job_result WHERE job_id = $1) + v.position, v.item, v.outcome, v.reason
             FROM @rows($2: position int, item text, outcome text, reason text) AS v"
        ))
        .bind(self.id)
        .bind(db::json(&rows)?)
        .execute(change.db())
        .await
        .or_fault()?;
        Ok(())
    }
}

/// Who started a job, as of now; [`Error::Forbidden`] when the operator is disabled or does not exist, or has no password because
/// it was reset: that is what owners do when an account is stolen.
async fn actor(store: &Store, operator: Option<i64>) -> Result<Actor> {
    let Some(id) = operator else { return Ok(Actor::System) };
    let found: Option<(String, String)> =
        query_as("SELECT name, role FROM operator WHERE id = $1 AND disabled = FALSE AND password_hash IS NOT NULL")
            .bind(id)
            .fetch_optional(store.reader())
            .await
            .or_fault()?;
    let (name, role) = found.ok_or(Error::Forbidden)?;
    Ok(Actor::Operator { id, name, role: decode_enum(&role, Role::parse)? })
}

/// The row of a job that is to run.
#[derive(sqlx::FromRow)]
pub struct Row {
    /// The job's id.
    pub id: i64,
    app_id: i64,
    /// [`JobKind`] word.
    pub kind: String,
    target: String,
    input: String,
    operator_id: Option<i64>,
    address: Option<String>,
}
