//! Counters. What the write transactions of one commit change in the totals of apps and in the days of the overview is added up in
//! memory and written once, by the statement that commits. So a batch of ten thousand rows changes its app's row once, and twenty
//! transactions that are committed together do too. The names that the log is searched by are entered there as well, because a search
//! index is written faster at once than piece by piece.
//!
//! The counters of a group are in the group's own row, which most of these changes touch anyway: they are written at once, by the
//! statement that writes the memberships or messages. Bytes of shared files are written at once too, because quotas are compared
//! with them inside a transaction. `roster check` compares all of them with the rows, and so does every test of the crate `tests`
//! when its `World` is dropped.

use super::{Conn, DatabaseError, Query, Sql, event_names::names_entered, query, sql};
use std::collections::BTreeMap;

use domain::{application::AppId, event::Action, limits::DAY_MS};
use serde::Serialize;

/// Adds to the days of actions.
macro_rules! event_days {
    () => {
        "INSERT INTO event_day (app_id, day, action, done)
         SELECT v.app_id, v.day, v.action, v.done FROM @rows($1: app_id int, day int, action text, done int) AS v WHERE true
         ON CONFLICT (app_id, day, action) DO UPDATE SET done = event_day.done + excluded.done; "
    };
}

/// Adds to the totals of apps and to the days of messages.
macro_rules! totals {
    () => {
        "UPDATE application SET account_count = account_count + v.accounts, group_count = group_count + v.groups,
                member_count = member_count + v.members, message_count = message_count + v.messages
         FROM @rows($2: app_id int, accounts int, groups int, members int, messages int) AS v WHERE application.id = v.app_id;
         INSERT INTO message_day (app_id, day, sent)
         SELECT v.app_id, v.day, v.sent FROM @rows($3: app_id int, day int, sent int) AS v WHERE true
         ON CONFLICT (app_id, day) DO UPDATE SET sent = message_day.sent + excluded.sent; "
    };
}

/// Statements, and the commit behind them.
macro_rules! committed {
    ($($statements:expr),+) => {
        sql!(concat!("SAVEPOINT counted; ", $($statements,)+ "RELEASE opened"))
    };
}

const EVENTS: Sql = committed!(event_days!());
const EVENTS_NAMES: Sql = committed!(event_days!(), names_entered!("$2"), "; ");
const EVENTS_TOTALS: Sql = committed!(event_days!(), totals!());
const EVENTS_TOTALS_NAMES: Sql = committed!(event_days!(), totals!(), names_entered!("$4"), "; ");

/// What transactions have changed in the counters, and how many events they wrote whose names are to be entered, until the commit does
/// both. Functions that insert or delete rows which are counted take the transaction and say here what they did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    apps: BTreeMap<i64, Totals>,
    /// How many events of an action were done in an app on a day.
    events: BTreeMap<(i64, i64, &'static str), i64>,
    /// How many messages were sent in an app on a day.
    messages: BTreeMap<(i64, i64), i64>,
    /// How many events were written, refused ones too: they are the last ones of the log.
    written: i64,
    /// Whether the log keeps names of their targets.
    named: bool,
}

/// What was added to an app, less what was deleted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Totals {
    accounts: i64,
    groups: i64,
    members: i64,
    messages: i64,
}

impl Counts {
    /// So many accounts more, or fewer.
    pub fn accounts(&mut self, app: AppId, more: i64) {
        self.of(app).accounts += more;
    }

    /// So many groups more, or fewer.
    pub fn groups(&mut self, app: AppId, more: i64) {
        self.of(app).groups += more;
    }

    /// So many memberships more, or fewer. The groups' own counters are the caller's to change.
    pub fn members(&mut self, app: AppId, more: i64) {
        self.of(app).members += more;
    }

    /// So many messages are gone. That they were sent stays counted.
    pub fn messages_gone(&mut self, app: AppId, number: i64) {
        self.of(app).messages -= number;
    }

    /// So many messages were sent at that time, milliseconds since 1970. The groups' own counters are the caller's to change.
    pub fn sent(&mut self, app: AppId, at: i64, number: i64) {
        if number != 0 {
            self.of(app).messages += number;
            *self.messages.entry((app.key(), at.div_euclid(DAY_MS))).or_default() += number;
        }
    }

    /// Something was done so many times at that time, milliseconds since 1970. `None`: on the whole server.
    pub fn done(&mut self, app: Option<AppId>, at: i64, action: Action, number: i64) {
        if number != 0 {
            let key = (app.map_or(0, AppId::key), at.div_euclid(DAY_MS), action.as_str());
            *self.events.entry(key).or_default() += number;
        }
    }

    /// So many events were written; whether the log keeps names of their targets.
    pub fn written(&mut self, events: usize, named: bool) {
        self.written += i64::try_from(events).unwrap_or(i64::MAX);
        self.named |= named;
    }

    /// Adds what another transaction has changed.
    pub fn add(&mut self, other: Self) {
        for (app, more) in other.apps {
            let all = self.apps.entry(app).or_default();
            all.accounts += more.accounts;
            all.groups += more.groups;
            all.members += more.members;
            all.messages += more.messages;
        }
        for (key, more) in other.events {
            *self.events.entry(key).or_default() += more;
        }
        for (key, more) in other.messages {
            *self.messages.entry(key).or_default() += more;
        }
        self.written += other.written;
        self.named |= other.named;
    }

    /// Writes the counters and commits the transaction that is open. It has begun with the savepoint `opened`, whose release is the
    /// commit. When SQLite has rolled back the transaction, the savepoint `counted` begins another one, which nothing commits: there is
    /// no `opened` to release, and no counter is written without its rows.
    pub async fn commit(&self, db: &mut Conn) -> Result<(), DatabaseError> {
        let apps: Vec<_> = self
            .apps
            .iter()
            .filter(|(_, all)| **all != Totals::default())
            .map(|(app, all)| (app, all.accounts, all.groups, all.members, all.messages))
            .collect();
        let events: Vec<_> = self.events.iter().map(|((app, day, action), number)| (app, day, action, number)).collect();
        let messages: Vec<_> = self.messages.iter().map(|((app, day), number)| (app, day, number)).collect();
        let days = |sql| Ok::<Query, DatabaseError>(query(sql).bind(text(&events)?));
        let totals = |sql| Ok::<Query, DatabaseError>(query(sql).bind(text(&events)?).bind(text(&apps)?).bind(text(&messages)?));
        let query = match (apps.is_empty() && messages.is_empty(), self.named) {
            (true, false) if events.is_empty() => query("RELEASE opened"),
            (true, false) => days(EVENTS)?,
            (true, true) => days(EVENTS_NAMES)?.bind(self.written),
            (false, false) => totals(EVENTS_TOTALS)?,
            (false, true) => totals(EVENTS_TOTALS_NAMES)?.bind(self.written),
        };
        query.execute(db).await.map(drop)
    }

    fn of(&mut self, app: AppId) -> &mut Totals {
        self.apps.entry(app.key()).or_default()
    }
}

fn text(rows: &impl Serialize) -> Result<String, DatabaseError> {
    serde_json::to_string(rows).map_err(|error| DatabaseError::Encode(error.into()))
}
