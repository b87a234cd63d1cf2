//! Events that are held back: what an account does to itself again and again, such as setting another nickname every second.
//!
//! The first change becomes an event at once and opens a window of [`limits::OWN_EVENTS_MS`]. What the account changes within the
//! window goes into its row of `event_pending`, in the transaction of the change. The row has the state before the first change,
//! the state after the last, the number of changes, and the first [`limits::OWN_STEPS`] different states in between, each with
//! the address that it came from, so that a name that was used for a minute is recorded too.
//!
//! The row is the record of these changes until the window ends. Then it becomes one event, in the transaction that empties it,
//! and the next window begins. So the log always has who changed what; it lacks only the steps beyond that limit, and has their
//! number. One account writes at most one event per window, 144 a day, and one more at the beginning.
//!
//! When somebody else changes the same thing in the meantime, what was held back becomes an event before anything is added to it,
//! because then the order matters.

use domain::{
    Actor, Caller, Error, Result,
    application::AppId,
    event::{
        Action, Outcome,
        rules::{MORE_STEPS, STEPS, StepState},
    },
    limits,
};
use serde_json::{Value, json};

use super::{NewEvent, record, state};
use crate::{
    Store,
    db::{self, Conn, OrFault, WriteTransaction, decode_enum, query, query_as, query_scalar},
};

/// Rows that become events in one transaction.
const WRITTEN_AT_ONCE: u32 = 100;

/// One change that an account makes to itself.
pub struct OwnChange<'a> {
    /// The app of the account.
    pub app: AppId,
    /// The account that makes the change, with its address.
    pub caller: &'a Caller,
    /// The action under which the event is recorded.
    pub action: Action,
    /// When the change happens, milliseconds since 1970.
    pub at: i64,
    /// The state before the change: a JSON object of the fields that differ.
    pub before: &'a Value,
    /// The state after it, with the same fields.
    pub after: &'a Value,
}

#[derive(sqlx::FromRow)]
struct Row {
    app_id: i64,
    username: String,
    action: String,
    account_id: i64,
    opened_at: i64,
    changes: i64,
    last_at: i64,
    state_before: Option<String>,
    state_after: Option<String>,
    address: Option<String>,
    through: String,
    /// JSON: a list of [`StepState`].
    steps: String,
    more_steps: i64,
}

impl Row {
    /// Empties the row for the window that begins at that time.
    fn empty(&mut self, opened_at: i64) {
        (self.opened_at, self.changes, self.state_before, self.state_after) = (opened_at, 0, None, None);
        (self.steps, self.more_steps) = ("[]".to_owned(), 0);
    }

    /// Remembers the state that a change leads to, if it is a new one and there is room.
    fn step(&mut self, own: &OwnChange<'_>, through: &str) -> Result<()> {
        let fault = |error: serde_json::Error| Error::Internal(error.to_string());
        let mut steps: Vec<StepState> = serde_json::from_str(&self.steps).map_err(fault)?;
        let (after, address) = (own.after.clone(), own.caller.address.clone());
        let step = StepState { after, address, through: through.to_owned() };
        if steps.contains(&step) {
            return Ok(());
        }
        steps.push(step);
        let text = serde_json::to_string(&steps).map_err(fault)?;
        // The first states without gaps: after one that had no room, all others are only counted.
        if self.more_steps > 0 || steps.len() > limits::OWN_STEPS || text.len() > limits::OWN_STEPS_BYTES {
            self.more_steps += 1;
        } else {
            self.steps = text;
        }
        Ok(())
    }
}

/// Holds a change back; `false` when it must become an event at once.
pub async fn defer(db: &mut WriteTransaction, own: &OwnChange<'_>) -> Result<bool> {
    let Actor::Account { id, username, through, .. } = &own.caller.actor else { return Ok(false) };
    let through = through.as_deref().unwrap_or_default();
    let row: Option<Row> = query_as("SELECT * FROM event_pending WHERE app_id = $1 AND username = $2 AND action = $3")
        .bind(own.app.key())
        .bind(username)
        .bind(own.action.as_str())
        .fetch_optional(&mut **db)
        .await
        .or_fault()?;
    let mut row = match row {
        Some(row) if own.at < row.opened_at + limits::OWN_EVENTS_MS || row.changes > 0 => row,
        _ => {
            let opened = Row {
                app_id: own.app.key(),
                username: username.clone(),
                action: own.action.as_str().to_owned(),
                account_id: *id,
                opened_at: own.at,
                changes: 0,
                last_at: own.at,
                state_before: None,
                state_after: None,
                address: None,
                through: String::new(),
                steps: "[]".to_owned(),
                more_steps: 0,
            };
            save(db, &opened).await?;
            return Ok(false);
        }
    };
    let over = own.at >= row.opened_at + limits::OWN_EVENTS_MS;
    let goes_on = row.changes == 0 || state(row.state_after.as_deref())?.as_ref() == Some(own.before);
    if over || !goes_on {
        write(db, &row).await?;
        row.empty(if over { own.at } else { row.opened_at });
    }
    if row.changes == 0 {
        row.state_before = Some(own.before.to_string());
    }
    row.changes += 1;
    row.account_id = *id;
    row.last_at = own.at;
    row.state_after = Some(own.after.to_string());
    row.address.clone_from(&own.caller.address);
    through.clone_into(&mut row.through);
    row.step(own, through)?;
    save(db, &row).await?;
    Ok(true)
}

/// Makes events of all rows whose window has ended by now; answers how many. For a timer.
pub async fn write_due(store: &Store) -> Result<u64> {
    write_due_at(store, db::now()).await
}

/// The same at that time, milliseconds since 1970.
pub async fn write_due_at(store: &Store, now: i64) -> Result<u64> {
    // A window that begins later than the current one can end comes from a clock that was ahead, and would stay open until then.
    let (ended, ahead) = (now.saturating_sub(limits::OWN_EVENTS_MS), now.saturating_add(limits::OWN_EVENTS_MS));
    let mut written = 0;
    loop {
        // Looked up by a reader, which does not wait for the writer: the writer is seldom needed here.
        let any: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM event_pending WHERE opened_at <= $1 OR opened_at > $2)")
            .bind(ended)
            .bind(ahead)
            .fetch_one(store.reader())
            .await
            .or_fault()?;
        if !any {
            return Ok(written);
        }
        let mut transaction = store.write().await?;
        let rows: Vec<Row> =
            query_as("SELECT * FROM event_pending WHERE opened_at <= $1 OR opened_at > $2 ORDER BY opened_at LIMIT $3")
                .bind(ended)
                .bind(ahead)
                .bind(WRITTEN_AT_ONCE)
                .fetch_all(&mut *transaction)
                .await
                .or_fault()?;
        for mut row in rows {
            if row.changes == 0 {
                query("DELETE FROM event_pending WHERE app_id = $1 AND username = $2 AND action = $3")
                    .bind(row.app_id)
                    .bind(&row.username)
                    .bind(&row.action)
                    .execute(&mut *transaction)
                    .await
                    .or_fault()?;
                continue;
            }
            write(&mut transaction, &row).await?;
            written += 1;
            // Opens the next window: changes within it are held back again.
            row.empty(now);
            save(&mut transaction, &row).await?;
        }
        transaction.commit().await?;
    }
}

async fn save(db: &mut Conn, row: &Row) -> Result<()> {
    query(
        "INSERT INTO event_pending (app_id, username, action, account_id, opened_at, changes, last_at, state_before, state_after, address,
                                    through, steps, more_steps)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (app_id, username, action) DO UPDATE SET account_id = excluded.account_id, opened_at = excluded.opened_at,
         changes = excluded.changes, last_at = excluded.last_at, state_before = excluded.state_before,
         state_after = excluded.state_after, address = excluded.address, through = excluded.through, steps = excluded.steps,
         more_steps = excluded.more_steps",
    )
    .bind(row.app_id)
    .bind(&row.username)
    .bind(&row.action)
    .bind(row.account_id)
    .bind(row.opened_at)
    .bind(row.changes)
    .bind(row.last_at)
    .bind(&row.state_before)
    .bind(&row.state_after)
    .bind(&row.address)
    .bind(&row.through)
    .bind(&row.steps)
    .bind(row.more_steps)
    .execute(db)
    .await.or_fault()?;
    Ok(())
}

/// Makes an event of what a row holds, at the time of its last change.
async fn write(db: &mut WriteTransaction, row: &Row) -> Result<()> {
    if row.changes == 0 {
        return Ok(());
    }
    let (before, mut after) = (state(row.state_before.as_deref())?, state(row.state_after.as_deref())?);
    if row.changes > 1
        && let Some(Value::Object(after)) = &mut after
    {
        after.insert("changes".to_owned(), json!(row.changes));
        after.extend(state(Some(&row.steps))?.map(|steps| (STEPS.to_owned(), steps)));
        if row.more_steps > 0 {
            after.insert(MORE_STEPS.to_owned(), json!(row.more_steps));
        }
    }
    let actor = Actor::Account {
        id: row.account_id,
        username: row.username.clone(),
        app: row.app_id,
        rights: Default::default(),
        through: Some(row.through.clone()).filter(|name| !name.is_empty()),
    };
    let caller = Caller { actor, address: row.address.clone(), proof: None };
    let action = decode_enum(&row.action, Action::parse)?;
    let item = NewEvent { target: row.username.clone(), before, after, ..NewEvent::default() };
    record(db, &caller, action, Outcome::Done, Some(AppId::of_row(row.app_id)), row.last_at, vec![item]).await
}
