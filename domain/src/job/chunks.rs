//! How a job works a batch off: in chunks so short that nobody who writes meanwhile notices them, each with its progress in the same
//! transaction.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::{
    JobKind,
    running::{Running, Step},
};
use crate::{
    Error, Result, Store, account,
    db::{Change, json},
    event::Action,
    group, member,
    message::{self, rules::MessageText},
    page::BatchReport,
};

/// How long a chunk should hold the writer; others should never wait longer than 50 ms.
const CHUNK: Duration = Duration::from_millis(30);
/// The same while others do write: back ends that call the REST APIs wait with each call.
const CROWDED: Duration = Duration::from_millis(4);
/// Items that a chunk holds at most.
const ITEMS: i64 = 1_000;

/// The event of each item.
pub(super) fn action(kind: JobKind) -> Action {
    match kind {
        JobKind::DeleteAccounts => Action::AccountDelete,
        JobKind::DeleteMembers => Action::MemberDelete,
        JobKind::SendMessages => Action::MessageSend,
        _ => Action::GroupDelete,
    }
}

/// What a batch of messages is started with.
#[derive(Deserialize)]
struct Text {
    text: String,
}

/// Works a batch off until it is done or cancelled.
pub(super) async fn run(running: &Running<'_>) -> Result<()> {
    let text = match running.kind() {
        JobKind::SendMessages => {
            let Text { text } = running.input()?;
            Some(MessageText::parse(&text).map_err(|code| Error::field("text", code))?)
        }
        _ => None,
    };
    let mut pace = Pace::new();
    let (mut items, mut heavy) = (VecDeque::new(), HashMap::new());
    while running.go_on().await? {
        // Read ahead, for many chunks: what has changed since then, each chunk finds out by itself.
        if items.is_empty() {
            items = waiting(running).await?;
            heavy = weights(running, &items).await?;
        }
        let Some((_, first)) = items.front() else { return Ok(()) };
        if running.kind() == JobKind::DeleteGroups && heavy.get(first).is_some_and(|weight| *weight > pace.budget) {
            thin_out(running, first, &mut pace).await?;
            heavy.remove(first);
        }
        let (chunk, weight) = pace.take(&mut items, &heavy);
        let mut change =
            Change::begin_as(running.store(), running.caller(), action(running.kind()), Some(running.app()), running.target())
                .await?;
        let began = Instant::now();
        let result = work(running, &mut change, chunk, text.as_ref()).await;
        let worked = began.elapsed();
        change.finish(result).await?;
        pace.took(weight, worked, began, running.store());
    }
    Ok(())
}

async fn work(
    running: &Running<'_>,
    change: &mut Change<'_>,
    chunk: Vec<(i64, String)>,
    text: Option<&MessageText>,
) -> Result<()> {
    let position = chunk.last().map_or(0, |(seq, _)| *seq);
    let items: Vec<String> = chunk.into_iter().map(|(_, item)| item).collect();
    let app = running.app();
    let report = match (running.kind(), text) {
        (JobKind::DeleteAccounts, _) => account::store::delete_named(change, app, items).await,
        (JobKind::DeleteMembers, _) => member::store::delete_named(change, app, running.target(), items).await,
        (JobKind::SendMessages, Some(text)) => message::store::send_to(change, app, items, text).await,
        (JobKind::DeleteGroups, _) => group::store::delete_named(change, app, items).await,
        _ => Err(Error::Internal("not a batch".to_owned())),
    };
    let BatchReport { done, refused, gone } = report?;
    let reason = |refusal: crate::page::Refusal| Ok((refusal.id, serde_json::to_value(refusal.reason)?));
    let refused = refused.into_iter().map(reason).collect::<serde_json::Result<_>>();
    let refused = refused.map_err(|error| Error::Internal(error.to_string()))?;
    running.save(change, &Step { position, done, refused, gone }).await
}

/// The next items, with their numbers.
async fn waiting(running: &Running<'_>) -> Result<VecDeque<(i64, String)>> {
    let sql = "SELECT seq, item FROM job_item WHERE job_id = $1 ORDER BY seq LIMIT $2";
    let items: Vec<_> = sqlx::query_as(sql).bind(running.id()).bind(ITEMS).fetch_all(running.store().reader()).await?;
    Ok(items.into())
}

/// How many rows go with each item, roughly; items that are not named count as one.
async fn weights(running: &Running<'_>, items: &VecDeque<(i64, String)>) -> Result<HashMap<String, u64>> {
    let sql = match running.kind() {
        JobKind::DeleteGroups => {
            "SELECT group_id, 1 + member_count + message_count FROM \"group\"
             WHERE app_id = $1 AND group_id IN (SELECT value FROM json_each($2))"
        }
        JobKind::DeleteAccounts => {
            "SELECT username, 1 + (SELECT count(*) FROM member WHERE account_key = account.id) FROM account
             WHERE app_id = $1 AND username IN (SELECT value FROM json_each($2))"
        }
        _ => return Ok(HashMap::new()),
    };
    let names: Vec<&str> = items.iter().map(|(_, item)| item.as_str()).collect();
    let rows: Vec<(String, i64)> =
        sqlx::query_as(sql).bind(running.app().0).bind(json(&names)?).fetch_all(running.store().reader()).await?;
    Ok(rows.into_iter().map(|(item, weight)| (item, u64::try_from(weight).unwrap_or(1))).collect())
}

/// A group that is too heavy for one chunk loses its messages and then its members first; the owner, who must be one of them, stays
/// to the end. Its deletion is confirmed already and is finished in any case, so only that is an event.
async fn thin_out(running: &Running<'_>, group_id: &str, pace: &mut Pace) -> Result<()> {
    let store = running.store();
    let mut db = store.reader().acquire().await?;
    let key = match group::store::place(&mut db, running.app(), group_id).await {
        Ok(place) => place.key,
        // Somebody was quicker.
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    drop(db);
    for sql in [
        "DELETE FROM message WHERE group_key = $1 AND seq IN (SELECT seq FROM message WHERE group_key = $1 ORDER BY seq LIMIT $2)",
        "DELETE FROM member WHERE group_key = $1 AND account_key IN
         (SELECT account_key FROM member WHERE group_key = $1 AND role <> 'Owner' LIMIT $2)",
    ] {
        loop {
            let rows = pace.budget;
            let mut transaction = store.write().await?;
            let began = Instant::now();
            let limit = i64::try_from(rows).unwrap_or(i64::MAX);
            let gone = sqlx::query(sql).bind(key).bind(limit).execute(&mut *transaction).await?.rows_affected();
            let worked = began.elapsed();
            transaction.commit().await?;
            pace.took(gone, worked, began, store);
            if gone < rows {
                break;
            }
        }
    }
    Ok(())
}

/// How much a chunk takes on: as much as took [`CHUNK`] lately, or [`CROWDED`].
pub(crate) struct Pace {
    /// Rows.
    budget: u64,
}

impl Pace {
    const LEAST: u64 = 20;
    const MOST: u64 = 20_000;

    pub fn new() -> Self {
        Self { budget: 200 }
    }

    /// Rows for the next chunk.
    pub fn rows(&self) -> usize {
        usize::try_from(self.budget).unwrap_or(usize::MAX)
    }

    /// Takes as many of the items as the budget allows, one at least; and what they weigh.
    fn take(&self, items: &mut VecDeque<(i64, String)>, weights: &HashMap<String, u64>) -> (Vec<(i64, String)>, u64) {
        let (mut taken, mut all) = (Vec::new(), 0);
        while let Some((_, item)) = items.front() {
            let weight = weights.get(item).copied().unwrap_or(1);
            if !taken.is_empty() && all + weight > self.budget {
                break;
            }
            all += weight;
            taken.extend(items.pop_front());
        }
        (taken, all)
    }

    /// A transaction on so many rows that began then, took so long and is committed now. Where others write, the commit is theirs
    /// too, and has waited for them.
    pub fn took(&mut self, weight: u64, worked: Duration, began: Instant, store: &Store) {
        let (time, goal) = if store.writer_was_wanted() { (worked, CROWDED) } else { (began.elapsed(), CHUNK) };
        self.learn(weight, time, goal);
    }

    fn learn(&mut self, weight: u64, time: Duration, goal: Duration) {
        let slow = time > goal;
        // A chunk that was small for other reasons says little of what a full one would take.
        if !slow && weight * 2 < self.budget {
            return;
        }
        let factor = (goal.as_secs_f64() / time.as_secs_f64().max(0.000_1)).clamp(0.25, 2.0);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small number, clamped"
        )]
        let next = (weight as f64 * factor) as u64;
        self.budget = next.clamp(Self::LEAST, Self::MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(n: i64) -> VecDeque<(i64, String)> {
        (1..=n).map(|seq| (seq, seq.to_string())).collect()
    }

    #[test]
    fn chunks_hold_what_the_budget_allows_and_one_at_least() {
        let pace = Pace { budget: 10 };
        let heavy = |weight| items(5).into_iter().map(|(_, item)| (item, weight)).collect::<HashMap<_, _>>();
        let taken = |n, weights| {
            let mut items = items(n);
            let (taken, weight) = pace.take(&mut items, &weights);
            (taken.len(), weight, items.len())
        };
        assert_eq!(taken(5, heavy(4)), (2, 8, 3));
        assert_eq!(taken(5, heavy(400)), (1, 400, 4));
        assert_eq!(taken(50, HashMap::new()), (10, 10, 40));
        assert_eq!(taken(0, HashMap::new()), (0, 0, 0));
    }

    #[test]
    fn the_pace_follows_the_time_that_chunks_take() {
        let mut pace = Pace { budget: 1000 };
        pace.learn(1000, CHUNK * 2, CHUNK);
        assert_eq!(pace.budget, 500);
        pace.learn(500, CHUNK / 2, CHUNK);
        assert_eq!(pace.budget, 1000);
        pace.learn(10, CHUNK / 2, CHUNK);
        assert_eq!(pace.budget, 1000, "too small to tell");
        pace.learn(1, CHUNK * 100, CHUNK);
        assert_eq!(pace.budget, Pace::LEAST);
        let mut pace = Pace { budget: 1000 };
        pace.learn(1000, CROWDED, CROWDED);
        assert_eq!(pace.budget, 1000, "shorter chunks while others write");
        pace.learn(1000, CROWDED * 2, CROWDED);
        assert_eq!(pace.budget, 500);
    }
}
